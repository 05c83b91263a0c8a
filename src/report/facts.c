/* SPDX-License-Identifier: Apache-2.0 */
/* A finished result becomes the facts: one JSON object of schema "ekigaku.analysis/1". This file writes its
 * frame and the small parts. */
#include "report/facts.h"

#include <stdio.h>

#include "report/figure.h"
#include "report/verdict.h"

void eki_report_write_since(struct eki_json *j, const char *key, eki_time time, eki_time origin)
{
    eki_json_key(j, key);
    if (time == EKI_TIME_NONE || origin == EKI_TIME_NONE)
        eki_json_null(j);
    else
        eki_json_fixed(j, eki_time_since(time, origin), 6);
}

void eki_report_write_text(struct eki_json *j, const char *key, const char *text)
{
    eki_json_key(j, key);
    eki_json_text(j, text);
}

void eki_report_write_host(struct eki_json *j, const char *key, struct eki_address host)
{
    eki_json_key(j, key);
    eki_json_address(j, host);
}

void eki_report_write_number(struct eki_json *j, const char *key, double value)
{
    eki_json_key(j, key);
    eki_json_number(j, value);
}

void eki_report_write_count(struct eki_json *j, const char *key, uint64_t value)
{
    eki_json_key(j, key);
    eki_json_unsigned(j, value);
}

void eki_report_write_bool(struct eki_json *j, const char *key, bool value)
{
    eki_json_key(j, key);
    eki_json_bool(j, value);
}

static void write_moment(struct eki_json *j, const char *key, eki_time time)
{
    eki_json_key(j, key);
    eki_json_time(j, time);
}

/* As `ekigaku analyze` ends: an input that was not read to its end goes before what the others show. */
static uint64_t exit_status(const struct eki_result *result)
{
    enum { UNREADABLE = 3 };
    for (size_t i = 0; i < result->input_count; i++)
        if (result->inputs[i].error) return UNREADABLE;
    if (eki_report_is_silent(result)) return UNREADABLE;
    return (uint64_t)eki_report_exit_status(result);
}

static void write_verdict(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "verdict");
    eki_json_object(j);
    eki_report_write_bool(j, "spreading", result->outbreak_count > 0);
    struct eki_sentence words = eki_report_verdict(EKI_ENGLISH, result);
    eki_report_write_text(j, "text", words.text);
    eki_report_write_count(j, "exit_status", exit_status(result));
    eki_json_end(j);
}

/* `error` is null for an input that was read to its end. */
static void write_error(struct eki_json *j, const struct eki_input *input)
{
    eki_json_key(j, "error");
    if (!input->error) {
        eki_json_null(j);
        return;
    }
    eki_json_object(j);
    eki_report_write_text(j, "text", eki_error_text(input->error));
    eki_report_write_count(j, "offset", input->fault.offset);
    char what[sizeof input->fault.what + 1]; /* the phrase need not end with a NUL */
    snprintf(what, sizeof what, "%.*s", (int)sizeof input->fault.what, input->fault.what);
    eki_report_write_text(j, "what", what);
    eki_json_end(j);
}

/* Of one of several sensors: how its clock was set, and what another had told. */
static void write_sensor(struct eki_json *j, const struct eki_input *input)
{
    if (!input->sensor) return;
    eki_report_write_text(j, "sensor", input->sensor);
    eki_json_key(j, "clock_offset_s");
    if (input->clock_told)
        eki_json_number(j, (double)input->clock_offset * 1e-9);
    else
        eki_json_null(j);
    eki_report_write_count(j, "duplicates", input->duplicates);
}

/* Of a log: what its form cannot tell, and the first records that could not be used. */
static void write_log(struct eki_json *j, const struct eki_input *input)
{
    if (!input->lacks) return;
    eki_report_write_text(j, "cannot_tell", input->lacks);
    if (input->missing) eki_report_write_count(j, "missing", input->missing);
    eki_json_key(j, "malformed_first");
    eki_json_array(j);
    for (unsigned i = 0; i < input->place_count; i++) {
        char what[sizeof input->places[i].what + 1];
        snprintf(what, sizeof what, "%.*s", (int)sizeof input->places[i].what, input->places[i].what);
        eki_json_object(j);
        eki_report_write_count(j, "offset", input->places[i].offset);
        eki_report_write_text(j, "what", what);
        eki_json_end(j);
    }
    eki_json_end(j);
}

void eki_report_write_input(struct eki_json *j, const struct eki_input *input)
{
    eki_json_object(j);
    eki_report_write_text(j, "path", input->path);
    eki_report_write_text(j, "format", input->format);
    eki_report_write_count(j, "packets", input->packets);
    eki_report_write_count(j, "flows", input->flows);
    eki_report_write_count(j, "bytes", input->bytes);
    write_moment(j, "first", input->first);
    write_moment(j, "last", input->last);
    eki_report_write_count(j, "malformed", input->malformed);
    eki_report_write_bool(j, "truncated", input->truncated);
    eki_report_write_count(j, "cut_by_snap_length", input->cut);
    write_error(j, input);
    write_sensor(j, input);
    write_log(j, input);
    eki_json_end(j);
}

static void write_counts(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "counts");
    eki_json_object(j);
    eki_report_write_count(j, "packets", result->packets);
    eki_report_write_count(j, "flows", result->flows);
    eki_report_write_count(j, "contacts", result->contacts);
    eki_report_write_count(j, "hosts", result->hosts);
    eki_report_write_bool(j, "hosts_estimated", result->hosts_estimated);
    eki_json_end(j);
}

void eki_report_write_limits(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "limits");
    eki_json_array(j);
    for (size_t i = 0; i < result->limit_count; i++) {
        eki_json_object(j);
        eki_report_write_text(j, "name", result->limits[i].name);
        eki_report_write_count(j, "reached", result->limits[i].reached);
        eki_report_write_text(j, "effect", result->limits[i].effect);
        eki_json_end(j);
    }
    eki_json_end(j);
}

enum eki_error eki_report_json(const struct eki_result *result, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    eki_report_write_text(&j, "schema", "ekigaku.analysis/1");
    write_verdict(&j, result);
    write_moment(&j, "origin", result->origin);
    write_moment(&j, "end", result->end);
    eki_json_key(&j, "inputs");
    eki_json_array(&j);
    for (size_t i = 0; i < result->input_count; i++) eki_report_write_input(&j, &result->inputs[i]);
    eki_json_end(&j);
    write_counts(&j, result);
    enum eki_error error = eki_report_write_scanners(&j, result);
    if (error) return error;
    eki_report_write_outbreaks(&j, result);
    eki_report_write_signs(&j, result);
    eki_report_write_limits(&j, result);
    eki_json_end(&j);
    if (j.failed || fputc('\n', out) == EOF || fflush(out)) return EKI_ERROR_WRITE;
    return EKI_OK;
}
