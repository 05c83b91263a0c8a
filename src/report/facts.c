/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of an analysis as one JSON object, schema "ekigaku.analysis/1"; docs/formats/facts.md tells every field. */
#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "ekigaku/report.h"

int eki_report_exit_status(const struct eki_result *result)
{
    if (result->outbreak_count) return 20;
    for (size_t i = 0; i < result->scanner_count; i++)
        if (result->scanners[i].verdict == EKI_VERDICT_SCANNER) return 10;
    return 0;
}

static void text(struct eki_json *j, const char *key, const char *value)
{
    eki_json_key(j, key);
    eki_json_text(j, value);
}

static void number(struct eki_json *j, const char *key, uint64_t value)
{
    eki_json_key(j, key);
    eki_json_unsigned(j, value);
}

static void real(struct eki_json *j, const char *key, double value)
{
    eki_json_key(j, key);
    eki_json_number(j, value);
}

static void flag(struct eki_json *j, const char *key, bool value)
{
    eki_json_key(j, key);
    eki_json_bool(j, value);
}

static void address(struct eki_json *j, const char *key, struct eki_address value)
{
    eki_json_key(j, key);
    eki_json_address(j, value);
}

static void when(struct eki_json *j, const char *key, eki_time value)
{
    eki_json_key(j, key);
    eki_json_time(j, value);
}

/* Seconds since the first packet; null when there is no such moment. */
static void since(struct eki_json *j, const char *key, const struct eki_result *r, eki_time value)
{
    eki_json_key(j, key);
    if (value == EKI_TIME_NONE || r->origin == EKI_TIME_NONE)
        eki_json_null(j);
    else
        eki_json_fixed(j, eki_time_since(value, r->origin), 6);
}

static void service(struct eki_json *j, uint8_t protocol, uint16_t port)
{
    char name[4];
    text(j, "proto", eki_protocol_name(protocol, name));
    number(j, "port", port);
}

static void packets(struct eki_json *j, uint64_t first, uint64_t last)
{
    eki_json_key(j, "packets");
    eki_json_array(j);
    if (first) {
        eki_json_unsigned(j, first);
        eki_json_unsigned(j, last);
    }
    eki_json_end(j);
}

static void write_input(struct eki_json *j, const struct eki_input *input)
{
    eki_json_object(j);
    text(j, "path", input->path);
    text(j, "format", input->format);
    number(j, "packets", input->packets);
    number(j, "flows", input->flows);
    number(j, "bytes", input->bytes);
    when(j, "first", input->first);
    when(j, "last", input->last);
    number(j, "malformed", input->malformed);
    number(j, "cut", input->cut);
    flag(j, "truncated", input->truncated);
    eki_json_key(j, "error");
    if (input->error) {
        eki_json_object(j);
        text(j, "text", eki_error_text(input->error));
        number(j, "offset", input->fault.offset);
        text(j, "what", input->fault.what);
        eki_json_end(j);
    } else {
        eki_json_null(j);
    }
    eki_json_end(j);
}

static void write_strategy(struct eki_json *j, const struct eki_strategy_finding *f, enum eki_scope scope)
{
    eki_json_object(j);
    text(j, "scope", eki_scope_name(scope));
    text(j, "name", eki_strategy_name(f->name));
    real(j, "posterior", f->posterior[f->name]);
    eki_json_key(j, "pass_seconds");
    if (f->pass_seconds > 0)
        eki_json_number(j, f->pass_seconds);
    else
        eki_json_null(j);
    number(j, "probes", f->probes);
    text(j, "order", f->order);
    eki_json_key(j, "posteriors");
    eki_json_object(j);
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++) real(j, eki_strategy_name((enum eki_strategy)i), f->posterior[i]);
    eki_json_end(j);
    eki_json_end(j);
}

static void write_sign(struct eki_json *j, const struct eki_result *r, const struct eki_sign *s)
{
    eki_json_object(j);
    text(j, "name", s->name);
    text(j, "grade", eki_grade_name((enum eki_grade)s->grade));
    text(j, "family", *s->family ? s->family : NULL);
    text(j, "technique", *s->technique ? s->technique : NULL);
    address(j, "source", s->source);
    address(j, "target", s->target);
    service(j, s->protocol, s->service);
    when(j, "first", s->first);
    when(j, "last", s->last);
    since(j, "t", r, s->last);
    packets(j, s->packet_first, s->packet_last);
    number(j, "input", s->input);
    number(j, "count", s->count);
    flag(j, "automated", s->automated);
    text(j, "detail", s->detail);
    eki_json_end(j);
}

static void write_scanner(struct eki_json *j, const struct eki_result *r, const struct eki_scanner *s)
{
    eki_json_object(j);
    address(j, "host", s->host);
    service(j, s->protocol, s->service);
    text(j, "shape", eki_shape_name(s->shape));
    eki_json_key(j, "victim");
    if (s->shape == EKI_SHAPE_VERTICAL || s->verdict == EKI_VERDICT_FLOOD)
        eki_json_address(j, s->victim);
    else
        eki_json_null(j);
    when(j, "first", s->first);
    when(j, "last", s->last);
    when(j, "since", s->since);
    since(j, "since_t", r, s->since);
    number(j, "targets", s->targets);
    flag(j, "targets_estimated", s->targets_estimated);
    number(j, "answered", s->answered);
    number(j, "refused", s->refused);
    real(j, "rate_per_s", s->rate_per_s);
    text(j, "verdict", eki_verdict_name(s->verdict));
    text(j, "reason", s->reason);
    real(j, "evidence", s->evidence);
    number(j, "decided_after", s->decided_after);
    since(j, "decided_t", r, s->decided_at);
    eki_json_key(j, "strategies");
    eki_json_array(j);
    for (int i = 0; i < EKI_SCOPE_COUNT; i++)
        if (s->strategies[i].probes) write_strategy(j, &s->strategies[i], (enum eki_scope)i);
    eki_json_end(j);
    eki_json_key(j, "signs");
    eki_json_array(j);
    for (size_t i = 0; i < r->sign_count; i++)
        if (eki_address_equal(r->signs[i].source, s->host)) write_sign(j, r, &r->signs[i]);
    eki_json_end(j);
    eki_json_end(j);
}

static void write_candidate(struct eki_json *j, const struct eki_result *r, const struct eki_candidate *c)
{
    eki_json_object(j);
    eki_json_key(j, "host");
    if (c->outside)
        eki_json_null(j);
    else
        eki_json_address(j, c->host);
    real(j, "posterior", c->posterior);
    since(j, "t", r, c->time);
    eki_json_end(j);
}

static void write_infection(struct eki_json *j, const struct eki_result *r, const struct eki_infection *i)
{
    eki_json_object(j);
    address(j, "host", i->host);
    when(j, "at", i->time);
    since(j, "t", r, i->time);
    real(j, "error_s", i->error_s);
    eki_json_key(j, "parent");
    if (i->has_parent)
        eki_json_address(j, i->parent);
    else
        eki_json_null(j);
    real(j, "parent_posterior", i->parent_posterior);
    text(j, "evidence", eki_evidence_name(i->evidence));
    number(j, "generation", i->generation);
    packets(j, i->packet_first, i->packet_last);
    number(j, "input", i->input);
    flag(j, "scans", i->scans);
    since(j, "scan_t", r, i->scan_start);
    eki_json_key(j, "runners_up");
    eki_json_array(j);
    for (size_t k = 0; k < i->runner_up_count; k++) write_candidate(j, r, &i->runners_up[k]);
    eki_json_end(j);
    eki_json_end(j);
}

static void write_family(struct eki_json *j, const struct eki_outbreak *o)
{
    eki_json_key(j, "family");
    if (o->family.name) {
        eki_json_object(j);
        text(j, "name", o->family.name);
        real(j, "score", o->family.score);
        eki_json_key(j, "runners_up");
        eki_json_array(j);
        for (size_t i = 0; i < o->family_count; i++) {
            eki_json_object(j);
            text(j, "name", o->families[i].name);
            real(j, "score", o->families[i].score);
            eki_json_end(j);
        }
        eki_json_end(j);
        eki_json_end(j);
    } else {
        eki_json_null(j);
    }
}

static void interval(struct eki_json *j, const char *key, bool known, const double ends[2])
{
    eki_json_key(j, key);
    if (!known) {
        eki_json_null(j);
        return;
    }
    eki_json_array(j);
    eki_json_number(j, ends[0]);
    eki_json_number(j, ends[1]);
    eki_json_end(j);
}

static void maybe(struct eki_json *j, const char *key, bool known, double value)
{
    eki_json_key(j, key);
    if (known)
        eki_json_number(j, value);
    else
        eki_json_null(j);
}

static void write_growth(struct eki_json *j, const struct eki_growth *g)
{
    eki_json_key(j, "growth");
    eki_json_object(j);
    maybe(j, "rate_per_s", g->known, g->rate_per_s);
    interval(j, "rate_interval", g->known, (const double[]){g->rate_low, g->rate_high});
    maybe(j, "doubling_s", g->known, g->doubling_s);
    maybe(j, "r", g->known, g->r);
    maybe(j, "r_period_s", g->known, g->r_period_s);
    interval(j, "r_interval", g->known, (const double[]){g->r_low, g->r_high});
    eki_json_end(j);
}

static void write_failed(struct eki_json *j, const struct eki_result *r, const struct eki_outbreak *o)
{
    eki_json_key(j, "failed_attempts");
    eki_json_array(j);
    for (size_t i = 0; i < o->failed_count; i++) {
        const struct eki_failed_attempt *f = &o->failed[i];
        eki_json_object(j);
        address(j, "source", f->source);
        address(j, "target", f->target);
        number(j, "attempts", f->attempts);
        text(j, "what", f->what);
        since(j, "first_t", r, f->first);
        since(j, "last_t", r, f->last);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void write_outbreak(struct eki_json *j, const struct eki_result *r, const struct eki_outbreak *o)
{
    eki_json_object(j);
    number(j, "id", o->id);
    service(j, o->protocol, o->service);
    eki_json_key(j, "vectors");
    eki_json_array(j);
    for (size_t i = 0; i < o->vector_count; i++) eki_json_text(j, o->vectors[i]);
    eki_json_end(j);
    write_family(j, o);
    text(j, "route", o->route);
    text(j, "countermeasure_class", o->countermeasure_class);
    text(j, "known", o->known);
    eki_json_key(j, "patient_zero");
    eki_json_object(j);
    eki_json_key(j, "host");
    if (o->has_patient_zero)
        eki_json_address(j, o->patient_zero);
    else
        eki_json_null(j);
    real(j, "posterior", o->patient_zero_posterior);
    eki_json_end(j);
    eki_json_key(j, "infections");
    eki_json_array(j);
    for (size_t i = 0; i < o->infection_count; i++) write_infection(j, r, &o->infections[i]);
    eki_json_end(j);
    write_failed(j, r, o);
    eki_json_key(j, "curve");
    eki_json_array(j);
    for (size_t i = 0; i < o->curve_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "t"), eki_json_fixed(j, o->curve[i].t, 6);
        number(j, "infected", o->curve[i].infected);
        eki_json_end(j);
    }
    eki_json_end(j);
    write_growth(j, &o->growth);
    eki_json_end(j);
}

static void write_head(struct eki_json *j, const struct eki_result *r)
{
    text(j, "schema", "ekigaku.analysis/1");
    eki_json_key(j, "verdict");
    eki_json_object(j);
    flag(j, "spreading", r->outbreak_count > 0);
    number(j, "exit_status", (uint64_t)eki_report_exit_status(r));
    eki_json_end(j);
    eki_json_key(j, "inputs");
    eki_json_array(j);
    for (size_t i = 0; i < r->input_count; i++) write_input(j, &r->inputs[i]);
    eki_json_end(j);
    eki_json_key(j, "counts");
    eki_json_object(j);
    number(j, "packets", r->packets);
    number(j, "flows", r->flows);
    number(j, "contacts", r->contacts);
    number(j, "hosts", r->hosts);
    flag(j, "hosts_estimated", r->hosts_estimated);
    eki_json_end(j);
}

enum eki_error eki_report_json(const struct eki_result *r, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    write_head(&j, r);
    eki_json_key(&j, "scanners");
    eki_json_array(&j);
    for (size_t i = 0; i < r->scanner_count; i++) write_scanner(&j, r, &r->scanners[i]);
    eki_json_end(&j);
    eki_json_key(&j, "signs");
    eki_json_array(&j);
    for (size_t i = 0; i < r->sign_count; i++) write_sign(&j, r, &r->signs[i]);
    eki_json_end(&j);
    eki_json_key(&j, "outbreaks");
    eki_json_array(&j);
    for (size_t i = 0; i < r->outbreak_count; i++) write_outbreak(&j, r, &r->outbreaks[i]);
    eki_json_end(&j);
    eki_json_key(&j, "limits");
    eki_json_array(&j);
    for (size_t i = 0; i < r->limit_count; i++) {
        eki_json_object(&j);
        text(&j, "name", r->limits[i].name);
        number(&j, "reached", r->limits[i].reached);
        text(&j, "effect", r->limits[i].effect);
        eki_json_end(&j);
    }
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', out);
    return j.failed || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
