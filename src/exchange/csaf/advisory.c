/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CSAF advisory of the profile "security incident response": what spreads, how, and what to do. It
 * names no host: an advisory is for those who were not hit, and those who were are nobody else's business.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/csaf/advisory.h"
#include "exchange/json.h"

static void write_note(struct eki_json *j, const char *category, const char *title, const char *text)
{
    if (!text || !*text) return;
    eki_json_object(j);
    eki_json_put(j, "category", category);
    eki_json_put(j, "title", title);
    eki_json_put(j, "text", text);
    eki_json_end(j);
}

/* How it spreads, in numbers that point at nobody. */
static const char *describe(const struct eki_incident *incident, char *ret_text, size_t capacity)
{
    size_t infected = 0;
    for (size_t i = 0; i < incident->host_count; i++)
        infected += incident->hosts[i].role == EKI_ROLE_INFECTED;
    char service[32] = "";
    if (incident->port)
        snprintf(service, sizeof service, " Service: %u/%s.", incident->port,
                 incident->protocol == 17 ? "udp" : "tcp");
    snprintf(ret_text, capacity, "%zu hosts infected, %zu infections seen.%s%s%.60s%s", infected,
             incident->edge_count, service, incident->vector ? " It gets in by: " : "",
             incident->vector ? incident->vector : "", incident->vector ? "." : "");
    return ret_text;
}

static void write_notes(struct eki_json *j, const struct eki_incident *incident)
{
    char text[512];
    eki_json_key(j, "notes");
    eki_json_array(j);
    write_note(j, "summary", "What spreads", describe(incident, text, sizeof text));
    write_note(j, "general", "Malware family", incident->family);
    for (size_t i = 0; i < incident->technique_count; i++) {
        const struct eki_incident_technique *t = &incident->techniques[i];
        snprintf(text, sizeof text, "%.40s%s%.200s", t->id, t->name ? " " : "", t->name ? t->name : "");
        write_note(j, "details", "ATT&CK technique", text);
    }
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        struct eki_address address;
        if (!n->detect || !eki_address_parse(n->value, &address)) continue; /* addresses name hosts */
        snprintf(text, sizeof text, "%s: %.400s", eki_indicator_kind_name(n->kind), n->value);
        write_note(j, "details", "Indicator", text);
    }
    eki_json_end(j);
}

static void write_references(struct eki_json *j, const struct eki_incident *incident)
{
    char url[160];
    eki_json_key(j, "references");
    eki_json_array(j);
    eki_json_object(j);
    eki_json_put(j, "category", "external");
    eki_json_put(j, "summary", "MITRE ATT&CK");
    /* The profile asks for a reference; the techniques are those named in the notes. */
    const char *id = incident->technique_count ? incident->techniques[0].id : "";
    bool plain = *id && strspn(id, "T0123456789") == strlen(id);
    snprintf(url, sizeof url, "https://attack.mitre.org/%s%.40s", plain ? "techniques/" : "",
             plain ? id : "");
    eki_json_put(j, "url", url);
    eki_json_end(j);
    eki_json_end(j);
}

static void write_publisher(struct eki_json *j, const struct eki_incident_team *reporter)
{
    char text[300];
    eki_json_key(j, "publisher");
    eki_json_object(j);
    eki_json_put(j, "category", "coordinator");
    snprintf(text, sizeof text, "%.250s", reporter->mail);
    eki_json_put(j, "contact_details", text);
    eki_json_put(j, "name", reporter->name);
    snprintf(text, sizeof text, "https://%.250s", reporter->domain);
    eki_json_put(j, "namespace", text);
    eki_json_end(j);
}

static void write_tracking(struct eki_json *j, const struct eki_incident *incident)
{
    char id[64];
    eki_json_key(j, "tracking");
    eki_json_object(j);
    eki_json_put_time(j, "current_release_date", incident->created);
    eki_json_key(j, "generator");
    eki_json_object(j);
    eki_json_put_time(j, "date", incident->created);
    eki_json_key(j, "engine");
    eki_json_object(j);
    eki_json_put(j, "name", "ekigaku");
    eki_json_end(j);
    eki_json_end(j);
    snprintf(id, sizeof id, "ekigaku-%.36s", incident->id);
    eki_json_put(j, "id", id);
    eki_json_put_time(j, "initial_release_date", incident->created);
    eki_json_key(j, "revision_history");
    eki_json_array(j);
    eki_json_object(j);
    eki_json_put_time(j, "date", incident->created);
    eki_json_put(j, "number", "1");
    eki_json_put(j, "summary", "First version");
    eki_json_end(j);
    eki_json_end(j);
    eki_json_put(j, "status", "final");
    eki_json_put(j, "version", "1");
    eki_json_end(j);
}

/* 2.1 has the labels of TLP 2.0 and wants one (3.2.2.5); 2.0 those of TLP 1.0, where the table of labels
 * keeps AMBER+STRICT out. */
static void write_distribution(struct eki_json *j, const struct eki_exchange_output *output,
                               enum eki_csaf_version version)
{
    static const char *const words[] = {"WHITE", "GREEN", "AMBER", "RED", "RED"};
    if (!output->label_written) return;
    eki_json_key(j, "distribution");
    eki_json_object(j);
    eki_json_key(j, "tlp");
    eki_json_object(j);
    eki_json_put(j, "label", version == EKI_CSAF_2_1 ? eki_tlp_word(output->label) : words[output->label]);
    eki_json_put(j, "url", "https://www.first.org/tlp/");
    eki_json_end(j);
    eki_json_end(j);
}

enum eki_error eki_csaf_write(const struct eki_exchange_output *output, enum eki_csaf_version version)
{
    struct eki_json j = eki_json_to_file(output->out, true);
    eki_json_object(&j);
    if (version == EKI_CSAF_2_1)
        eki_json_put(&j, "$schema", "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json");
    eki_json_key(&j, "document");
    eki_json_object(&j);
    eki_json_put(&j, "category", "csaf_security_incident_response");
    eki_json_put(&j, "csaf_version", version == EKI_CSAF_2_1 ? "2.1" : "2.0");
    write_distribution(&j, output, version);
    eki_json_put(&j, "lang", "en");
    write_notes(&j, output->incident);
    write_publisher(&j, &output->incident->reporter);
    write_references(&j, output->incident);
    eki_json_put(&j, "title", output->incident->title);
    write_tracking(&j, output->incident);
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', output->out);
    return eki_exchange_end(output->out, j.failed);
}

static double number_in(const json_t *object, const char *name, double most)
{
    double value = eki_json_real(object, name);
    return value >= 0 && value <= most ? value : NAN;
}

/* The base score of a "score" of 2.0, or of the content of a "metric" of 2.1. */
static double base_score(const json_t *score)
{
    static const char *const versions[] = {"cvss_v4", "cvss_v3", "cvss_v2"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        double value = number_in(json_object_get(score, versions[i]), "baseScore", 10);
        if (!isnan(value)) return value;
    }
    return NAN;
}

/* EPSS as the text of a number from 0 to 1; NAN for anything else. */
static double share(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return *text && !*end && value >= 0 && value <= 1 ? value : NAN;
}

/* 2.1 (3.2.4.12): metrics instead of scores, with EPSS among them as texts. */
static void read_metrics(struct eki_vulnerability *v, const json_t *metrics)
{
    size_t i;
    json_t *metric;
    json_array_foreach(metrics, i, metric)
    {
        const json_t *content = json_object_get(metric, "content"), *epss = json_object_get(content, "epss");
        const char *probability = eki_json_member(epss, "probability"),
                   *percentile = eki_json_member(epss, "percentile");
        if (isnan(v->score)) v->score = base_score(content);
        if (probability) v->epss = share(probability);
        if (percentile) v->epss_centile = share(percentile);
    }
}

/* 2.1 gives the date when exploitation was first known, and names the disclosure anew (3.2.4.4, 3.2.4.6). */
static void read_newer(struct eki_vulnerability *v, const json_t *o)
{
    read_metrics(v, json_object_get(o, "metrics"));
    v->exploited |= json_array_size(json_object_get(o, "first_known_exploitation_dates")) > 0;
    if (v->published == EKI_TIME_NONE) v->published = eki_json_when(o, "disclosure_date");
}

static void read_vulnerability(struct eki_builder *b, const json_t *o)
{
    const char *id = eki_json_member(o, "cve");
    if (!id) id = eki_json_member(json_array_get(json_object_get(o, "ids"), 0), "text");
    struct eki_vulnerability *v = eki_build_vulnerability(b, id);
    if (!v) {
        b->passed++;
        return;
    }
    const json_t *note = json_array_get(json_object_get(o, "notes"), 0);
    const json_t *remedy = json_array_get(json_object_get(o, "remediations"), 0);
    v->title = eki_build_text(b, eki_json_member(o, "title"));
    v->summary = eki_build_text(b, eki_json_member(note, "text"));
    v->action = eki_build_text(b, eki_json_member(remedy, "details"));
    v->published = eki_json_when(o, "release_date");
    v->score = base_score(json_array_get(json_object_get(o, "scores"), 0));
    read_newer(v, o);
}

/* What this program writes into notes is read back; other notes make the summary. */
static void read_note(struct eki_builder *b, const json_t *note)
{
    const char *title = eki_json_member(note, "title"), *text = eki_json_member(note, "text");
    char id[48];
    if (!text) return;
    if (title && !strcmp(title, "ATT&CK technique")) {
        size_t length = strcspn(text, " ");
        snprintf(id, sizeof id, "%.*s", (int)(length < 40 ? length : 40), text);
        eki_build_technique(b, id, text[length] ? text + length + 1 : NULL);
    } else if (title && !strcmp(title, "Malware family")) {
        b->incident->family = eki_build_text(b, text);
    } else if (!b->incident->summary) {
        b->incident->summary = eki_build_text(b, text);
    }
}

enum eki_error eki_csaf_read(const struct eki_exchange_input *input, struct eki_builder *b,
                             struct eki_fault *ret_fault)
{
    const json_t *document = json_object_get(input->json, "document");
    const json_t *tracking = json_object_get(document, "tracking"),
                 *publisher = json_object_get(document, "publisher");
    size_t i;
    json_t *item;
    if (!json_is_object(document)) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no \"document\"");
    b->incident->title = eki_build_text(b, eki_json_member(document, "title"));
    b->incident->created = eki_json_when(tracking, "initial_release_date");
    b->incident->modified = eki_json_when(tracking, "current_release_date");
    b->incident->reporter.name = eki_build_text(b, eki_json_member(publisher, "name"));
    b->incident->reporter.url = eki_build_text(b, eki_json_member(publisher, "namespace"));
    eki_build_mark_text(
        b, eki_json_member(json_object_get(json_object_get(document, "distribution"), "tlp"), "label"));
    eki_build_reference(b, "csaf", eki_json_member(tracking, "id"), NULL);
    json_array_foreach(json_object_get(document, "notes"), i, item) read_note(b, item);
    json_array_foreach(json_object_get(document, "references"), i, item)
        eki_build_reference(b, "csaf", NULL, eki_json_member(item, "url"));
    json_array_foreach(json_object_get(input->json, "vulnerabilities"), i, item) read_vulnerability(b, item);
    return EKI_OK;
}

unsigned eki_csaf_fit(const struct eki_exchange_input *input, const char *version)
{
    const char *named = eki_json_member(json_object_get(input->json, "document"), "csaf_version");
    return named && !strncmp(named, version, strlen(version)) ? 100 : 0;
}
