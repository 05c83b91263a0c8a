/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json_write.h"
#include "ekigaku/catalogue.h"

static enum eki_error end_of(FILE *out)
{
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

static enum eki_error end_json(struct eki_json *j, FILE *out)
{
    fputc('\n', out);
    return j->failed ? EKI_ERROR_WRITE : end_of(out);
}

static void pair(struct eki_json *j, const char *key, const char *text)
{
    eki_json_key(j, key);
    eki_json_text(j, text); /* NULL is null */
}

static void write_values(struct eki_json *j, const struct eki_family *f)
{
    eki_json_key(j, "values");
    eki_json_array(j);
    for (size_t i = 0; i < f->value_count; i++) {
        const struct eki_catalogue_value *v = &f->values[i];
        eki_json_object(j);
        pair(j, "key", v->key), pair(j, "value", v->value), pair(j, "unit", v->unit),
            pair(j, "source", v->source);
        pair(j, "confidence", eki_confidence_name(v->confidence));
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void write_inherits(struct eki_json *j, const struct eki_family *f)
{
    eki_json_key(j, "inherits");
    eki_json_array(j);
    for (size_t i = 0; i < f->inherits_count; i++) {
        eki_json_object(j);
        pair(j, "from", f->inherits[i].from), pair(j, "technique", f->inherits[i].technique);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void family_object(struct eki_json *j, const struct eki_family *f)
{
    eki_json_object(j);
    pair(j, "id", f->id), pair(j, "name", f->name), pair(j, "first", f->first);
    pair(j, "kind", eki_malware_kind_name(f->kind)), pair(j, "route", eki_route_name(f->route));
    eki_json_key(j, "propagates"), eki_json_bool(j, f->propagates);
    eki_json_key(j, "infects_files"), eki_json_bool(j, f->infects_files);
    pair(j, "connected", f->connected), pair(j, "elsewhere", f->elsewhere), pair(j, "means", f->means);
    pair(j, "payload", f->payload), pair(j, "recovery", f->recovery);
    pair(j, "kill_switch", f->kill_switch), pair(j, "vaccine", f->vaccine), pair(j, "limits", f->limits);
    pair(j, "countermeasure_class", f->measure_class);
    write_inherits(j, f);
    write_values(j, f);
    pair(j, "source", f->source), pair(j, "confidence", eki_confidence_name(f->confidence));
    eki_json_end(j);
}

static enum eki_error families_json(const struct eki_catalogue *c, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    pair(&j, "schema", "ekigaku.catalogue/1");
    eki_json_key(&j, "families");
    eki_json_array(&j);
    for (size_t i = 0; i < c->family_count; i++) family_object(&j, &c->families[i]);
    eki_json_end(&j);
    eki_json_end(&j);
    return end_json(&j, out);
}

static const char *told(const char *text)
{
    return text && *text ? text : "-";
}

enum eki_error eki_catalogue_write_list(const struct eki_catalogue *c, bool json, FILE *out)
{
    if (json) return families_json(c, out);
    fprintf(out, "%-12s %-18s %-8s %-7s %-9s %-6s %s\n", "id", "name", "first", "kind", "route", "class",
            "search nearby / elsewhere");
    for (size_t i = 0; i < c->family_count; i++) {
        const struct eki_family *f = &c->families[i];
        fprintf(out, "%-12s %-18s %-8s %-7s %-9s %-6s %s / %s\n", f->id, f->name, f->first,
                eki_malware_kind_name(f->kind), eki_route_name(f->route), f->measure_class,
                told(f->connected), told(f->elsewhere));
    }
    return end_of(out);
}

static void row(FILE *out, const char *name, const char *text)
{
    if (text && *text) fprintf(out, "  %-18s %s\n", name, text);
}

enum eki_error eki_catalogue_write_family(const struct eki_catalogue *c, const struct eki_family *f,
                                          bool json, FILE *out)
{
    if (json) {
        struct eki_json j = eki_json_to_file(out, true);
        family_object(&j, f);
        return end_json(&j, out);
    }
    fprintf(out, "%s, %s\n", f->name, f->first);
    row(out, "kind", eki_malware_kind_name(f->kind));
    row(out, "spreads by itself", f->propagates ? "yes" : "no");
    row(out, "infects files", f->infects_files ? "yes" : "no");
    row(out, "route", eki_route_name(f->route));
    row(out, "search nearby", f->connected), row(out, "search elsewhere", f->elsewhere),
        row(out, "spreads by", f->means);
    row(out, "does", f->payload), row(out, "recovery", f->recovery);
    row(out, "kill switch", f->kill_switch), row(out, "vaccine", f->vaccine), row(out, "limits", f->limits);
    row(out, "class", f->measure_class);
    row(out, "source", f->source), row(out, "confidence", eki_confidence_name(f->confidence));
    for (size_t i = 0; i < f->inherits_count; i++) {
        const struct eki_technique *t = eki_catalogue_technique(c, f->inherits[i].technique);
        fprintf(out, "  %-18s %s: %s\n", i ? "" : "inherits from",
                eki_catalogue_family(c, f->inherits[i].from)->name, t->name);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        const struct eki_catalogue_value *v = &f->values[i];
        fprintf(out, "  %-18s %s %s (%s; %s)\n", v->key, v->value, v->unit, v->source,
                eki_confidence_name(v->confidence));
    }
    return end_of(out);
}

enum eki_error eki_catalogue_write_lineage(const struct eki_catalogue *c, bool json, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    if (json) eki_json_array(&j);
    for (size_t i = 0; i < c->family_count; i++) {
        const struct eki_family *f = &c->families[i];
        for (size_t k = 0; k < f->inherits_count; k++) {
            const struct eki_family *from = eki_catalogue_family(c, f->inherits[k].from);
            const struct eki_technique *t = eki_catalogue_technique(c, f->inherits[k].technique);
            if (json) {
                eki_json_object(&j);
                pair(&j, "family", f->id), pair(&j, "from", from->id), pair(&j, "technique", t->id);
                eki_json_end(&j);
            } else {
                fprintf(out, "%-14s (%s) <- %-14s (%s)  %s\n", f->name, f->first, from->name, from->first,
                        t->name);
            }
        }
    }
    if (!json) return end_of(out);
    eki_json_end(&j);
    return end_json(&j, out);
}

static bool is_in(const struct eki_era *era, const char *first)
{
    return strncmp(first, era->from, 4) >= 0 && (!era->to[0] || strncmp(first, era->to, 4) <= 0);
}

static void era_text(const struct eki_catalogue *c, const struct eki_era *era, FILE *out)
{
    fprintf(out, "%s to %s: %s (aim: %s; answer: %s)\n", era->from, era->to[0] ? era->to : "now", era->name,
            era->aim, era->answer);
    for (size_t i = 0; i < c->family_count; i++)
        if (is_in(era, c->families[i].first))
            fprintf(out, "  %-8s %-16s %s\n", c->families[i].first, c->families[i].name,
                    c->families[i].payload);
}

enum eki_error eki_catalogue_write_timeline(const struct eki_catalogue *c, bool json, FILE *out)
{
    if (!json) {
        for (size_t i = 0; i < c->era_count; i++) era_text(c, &c->eras[i], out);
        return end_of(out);
    }
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_array(&j);
    for (size_t i = 0; i < c->era_count; i++) {
        const struct eki_era *era = &c->eras[i];
        eki_json_object(&j);
        pair(&j, "id", era->id), pair(&j, "name", era->name), pair(&j, "from", era->from),
            pair(&j, "to", era->to);
        pair(&j, "aim", era->aim), pair(&j, "answer", era->answer), pair(&j, "source", era->source);
        eki_json_key(&j, "families");
        eki_json_array(&j);
        for (size_t k = 0; k < c->family_count; k++)
            if (is_in(era, c->families[k].first)) eki_json_text(&j, c->families[k].id);
        eki_json_end(&j);
        eki_json_end(&j);
    }
    eki_json_end(&j);
    return end_json(&j, out);
}

static void classes_json(struct eki_json *j, const char *key, const struct eki_class *classes, size_t count)
{
    eki_json_key(j, key);
    eki_json_array(j);
    for (size_t i = 0; i < count; i++) {
        const struct eki_class *k = &classes[i];
        eki_json_object(j);
        pair(j, "id", k->id), pair(j, "name", k->name), pair(j, "japanese", k->japanese),
            pair(j, "model", k->model);
        pair(j, "rule", k->rule), pair(j, "obliges", k->obliges), pair(j, "obliges_ja", k->obliges_ja);
        pair(j, "forbids", k->forbids), pair(j, "forbids_ja", k->forbids_ja), pair(j, "source", k->source);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void classes_text(FILE *out, const char *title, const struct eki_class *classes, size_t count)
{
    fprintf(out, "%s\n", title);
    for (size_t i = 0; i < count; i++)
        fprintf(
            out,
            "  %-12s %s (%s)\n               when: %s\n               then: %s\n               not:  %s\n",
            classes[i].id, classes[i].japanese, classes[i].model, classes[i].rule, classes[i].obliges,
            classes[i].forbids);
}

enum eki_error eki_catalogue_write_classes(const struct eki_catalogue *c, bool json, FILE *out)
{
    if (!json) {
        classes_text(out, "Countermeasure classes", c->measures, c->measure_count);
        classes_text(out, "Handling classes of evidence and samples", c->handling, c->handling_count);
        return end_of(out);
    }
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    classes_json(&j, "countermeasure_classes", c->measures, c->measure_count);
    classes_json(&j, "handling_classes", c->handling, c->handling_count);
    eki_json_end(&j);
    return end_json(&j, out);
}
