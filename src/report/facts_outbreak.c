/* SPDX-License-Identifier: Apache-2.0 */
/* Outbreaks become an array of the facts: who infected whom and when, the curve, the growth. */
#include "report/facts.h"
#include "report/figure.h"

static void write_match(struct eki_json *j, const struct eki_family_match *match)
{
    eki_report_write_text(j, "name", match->name);
    eki_report_write_number(j, "score", match->score);
}

static void write_family(struct eki_json *j, const struct eki_outbreak *outbreak)
{
    eki_json_key(j, "family");
    if (!outbreak->family.name) {
        eki_json_null(j);
        return;
    }
    eki_json_object(j);
    write_match(j, &outbreak->family);
    eki_json_key(j, "runners_up");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->family_count; i++) {
        eki_json_object(j);
        write_match(j, &outbreak->families[i]);
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_end(j);
}

static void write_patient_zero(struct eki_json *j, const struct eki_outbreak *outbreak)
{
    eki_json_key(j, "patient_zero");
    eki_json_object(j);
    eki_json_key(j, "host");
    if (outbreak->has_patient_zero)
        eki_json_address(j, outbreak->patient_zero);
    else
        eki_json_null(j);
    eki_report_write_number(j, "posterior", outbreak->patient_zero_posterior);
    eki_json_key(j, "candidates");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->zero_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "host");
        eki_json_address(j, outbreak->zeros[i].host);
        eki_report_write_number(j, "posterior", outbreak->zeros[i].posterior);
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_end(j);
}

static void write_candidate(struct eki_json *j, const struct eki_candidate *candidate, eki_time origin)
{
    eki_json_object(j);
    eki_json_key(j, "host");
    if (candidate->outside)
        eki_json_null(j);
    else
        eki_json_address(j, candidate->host);
    eki_report_write_number(j, "posterior", candidate->posterior);
    eki_report_write_since(j, "t", candidate->time, origin);
    eki_json_end(j);
}

static void write_parent(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    eki_json_key(j, "parent");
    if (infection->has_parent)
        eki_json_address(j, infection->parent);
    else
        eki_json_null(j);
    eki_report_write_number(j, "parent_posterior", infection->parent_posterior);
    eki_report_write_text(j, "evidence", eki_evidence_name(infection->evidence));
    eki_report_write_count(j, "generation", infection->generation);
    eki_json_key(j, "runners_up");
    eki_json_array(j);
    for (size_t i = 0; i < infection->runner_up_count; i++)
        write_candidate(j, &infection->runners_up[i], origin);
    eki_json_end(j);
}

/* What was seen on the host's own screen, when somebody said. */
static void write_screen(struct eki_json *j, const struct eki_result *result, struct eki_address host)
{
    if (!result->screen_count) return;
    eki_report_write_since(j, "onset_t", eki_result_screen(result, host, EKI_SCREEN_ONSET), result->origin);
    eki_report_write_since(j, "dialog_t", eki_result_screen(result, host, EKI_SCREEN_DIALOG), result->origin);
}

void eki_report_write_infection(struct eki_json *j, const struct eki_infection *infection,
                                const struct eki_result *result)
{
    eki_time origin = result->origin;
    eki_json_object(j);
    eki_report_write_host(j, "host", infection->host);
    eki_json_key(j, "at");
    eki_json_time(j, infection->time);
    eki_report_write_since(j, "t", infection->time, origin);
    eki_report_write_number(j, "error_s", infection->error_s);
    write_parent(j, infection, origin);
    eki_json_key(j, "packets");
    if (infection->packet_first) {
        eki_json_array(j);
        eki_json_unsigned(j, infection->packet_first);
        eki_json_unsigned(j, infection->packet_last);
        eki_json_end(j);
    } else {
        eki_json_null(j);
    }
    eki_report_write_count(j, "input", infection->input);
    eki_report_write_bool(j, "scans", infection->scans);
    eki_report_write_since(j, "scan_t", infection->scan_start, origin);
    write_screen(j, result, infection->host);
    eki_json_end(j);
}

void eki_report_write_attempt(struct eki_json *j, const struct eki_failed_attempt *failed, eki_time origin)
{
    eki_json_object(j);
    eki_report_write_host(j, "source", failed->source);
    eki_report_write_host(j, "target", failed->target);
    eki_report_write_count(j, "attempts", failed->attempts);
    eki_report_write_since(j, "first_t", failed->first, origin);
    eki_report_write_since(j, "last_t", failed->last, origin);
    eki_report_write_text(j, "what", failed->what);
    eki_json_end(j);
}

static void write_known(struct eki_json *j, const char *key, double value, bool known)
{
    eki_json_key(j, key);
    if (known)
        eki_json_number(j, value);
    else
        eki_json_null(j);
}

static void write_interval(struct eki_json *j, const char *key, double low, double high, bool known)
{
    eki_json_key(j, key);
    if (!known) {
        eki_json_null(j);
        return;
    }
    eki_json_array(j);
    eki_json_number(j, low);
    eki_json_number(j, high);
    eki_json_end(j);
}

void eki_report_write_growth(struct eki_json *j, const struct eki_growth *growth)
{
    bool known = growth->known;
    eki_json_key(j, "growth");
    eki_json_object(j);
    write_known(j, "rate_per_s", growth->rate_per_s, known);
    write_interval(j, "rate_interval", growth->rate_low, growth->rate_high, known);
    write_known(j, "doubling_s", growth->doubling_s, known && growth->doubling_s > 0);
    write_known(j, "r", growth->r, known);
    write_known(j, "r_period_s", growth->r_period_s, known);
    write_interval(j, "r_interval", growth->r_low, growth->r_high, known);
    eki_json_end(j);
}

void eki_report_write_curve(struct eki_json *j, const struct eki_outbreak *outbreak)
{
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->curve_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "t");
        eki_json_fixed(j, outbreak->curve[i].t, 6);
        eki_report_write_count(j, "infected", outbreak->curve[i].infected);
        eki_json_end(j);
    }
    eki_json_end(j);
}

void eki_report_write_class(struct eki_json *j, const struct eki_outbreak *outbreak)
{
    char protocol[4];
    eki_report_write_count(j, "id", outbreak->id);
    eki_report_write_text(j, "proto", eki_protocol_name(outbreak->protocol, protocol));
    eki_report_write_count(j, "port", outbreak->service);
    eki_json_key(j, "vectors");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->vector_count; i++) eki_json_text(j, outbreak->vectors[i]);
    eki_json_end(j);
    write_family(j, outbreak);
    eki_report_write_text(j, "route", outbreak->route);
    eki_report_write_text(j, "countermeasure_class", outbreak->countermeasure_class);
    eki_report_write_text(j, "known", outbreak->known);
    write_patient_zero(j, outbreak);
}

static void write_outbreak(struct eki_json *j, const struct eki_outbreak *outbreak,
                           const struct eki_result *result)
{
    eki_time origin = result->origin;
    eki_json_object(j);
    eki_report_write_class(j, outbreak);
    eki_json_key(j, "infections");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->infection_count; i++)
        eki_report_write_infection(j, &outbreak->infections[i], result);
    eki_json_end(j);
    eki_json_key(j, "failed_attempts");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->failed_count; i++)
        eki_report_write_attempt(j, &outbreak->failed[i], origin);
    eki_json_end(j);
    eki_json_key(j, "curve");
    eki_report_write_curve(j, outbreak);
    eki_report_write_growth(j, &outbreak->growth);
    eki_report_write_wires(j, outbreak, result);
    eki_json_end(j);
}

void eki_report_write_outbreaks(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "outbreaks");
    eki_json_array(j);
    for (size_t i = 0; i < result->outbreak_count; i++) write_outbreak(j, &result->outbreaks[i], result);
    eki_json_end(j);
}
