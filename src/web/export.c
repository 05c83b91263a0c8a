/* SPDX-License-Identifier: Apache-2.0 */
/* An outbreak to take along: ?format=json (as in the facts), csv (a line an infection), svg (its tree and
 * curve), html (the printable report of its analysis). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "web/handlers.h"
#include "web/outbreak.h"

static const char *const columns[] = {
    "host", "at", "t", "error_s", "parent", "parent_posterior", "evidence", "generation", "scan_t"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* Values are addresses, times, numbers and words of ours: none holds a quote or begins a formula. */
static void write_cell(struct eki_buffer *out, const json_t *value)
{
    if (json_is_string(value))
        eki_buffer_text(out, json_string_value(value));
    else if (value && !json_is_null(value))
        eki_buffer_json(out, value);
}

static void write_row(struct eki_buffer *out, const json_t *infection)
{
    for (int i = 0; i < COLUMNS; i++) {
        if (i) eki_buffer_text(out, ",");
        write_cell(out, json_object_get(infection, columns[i]));
    }
    eki_buffer_text(out, "\r\n"); /* RFC 4180 */
}

static enum eki_error write_csv(const struct eki_buffer *lines, struct eki_buffer *out)
{
    const char *at = lines->bytes, *end = at ? at + lines->length : at;
    for (int i = 0; i < COLUMNS; i++) eki_buffer_print(out, "%s%s", i ? "," : "", columns[i]);
    eki_buffer_text(out, "\r\n");
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline ? (size_t)(newline - at) : (size_t)(end - at);
        json_t *infection = json_loadb(at, length, 0, NULL);
        if (!infection) return EKI_ERROR_CORRUPT;
        write_row(out, infection);
        json_decref(infection);
        at += length + 1;
    }
    return EKI_OK;
}

static enum eki_error export_csv(struct eki_request *request, const struct eki_seen_outbreak *seen)
{
    struct eki_buffer lines = {0}, out = {0};
    struct eki_results_part part = eki_outbreak_part(seen, "infections");
    enum eki_error error = eki_results_read(request->web, &part, &lines);
    if (!error) error = write_csv(&lines, &out);
    if (!error) eki_reply_buffer(request, "text/csv; charset=utf-8", &out);
    eki_buffer_done(&lines);
    eki_buffer_done(&out);
    return error;
}

/* What it is, then its infections as they stand in the facts. */
static enum eki_error export_json(struct eki_request *request, const struct eki_seen_outbreak *seen)
{
    struct eki_buffer head = {0}, lines = {0}, out = {0};
    struct eki_results_part outbreak = eki_outbreak_part(seen, "outbreak"),
                            infections = eki_outbreak_part(seen, "infections");
    enum eki_error error = eki_results_read(request->web, &outbreak, &head);
    if (!error) error = eki_results_read(request->web, &infections, &lines);
    size_t length = head.length;
    while (length && head.bytes[length - 1] != '}') length--;
    if (!error && length) {
        eki_buffer_add(&out, head.bytes, length - 1); /* the object is gone on with */
        eki_buffer_text(&out, ",\"infections\":[");
        for (size_t i = 0; i + 1 < lines.length; i++)
            if (lines.bytes[i] == '\n') lines.bytes[i] = ',';
        if (lines.length) eki_buffer_add(&out, lines.bytes, lines.length);
        eki_buffer_text(&out, "]}\n");
        eki_reply_buffer(request, "application/json", &out);
    }
    eki_buffer_done(&head);
    eki_buffer_done(&lines);
    eki_buffer_done(&out);
    return error;
}

static enum eki_error export_html(struct eki_request *request, const struct eki_seen_outbreak *seen)
{
    struct eki_buffer out = {0};
    struct eki_results_part part = {.facts_path = seen->analysis.facts_path,
                                    .name = eki_request_japanese(request) ? "report-ja" : "report-en"};
    enum eki_error error = eki_results_read(request->web, &part, &out);
    if (!error) eki_reply_buffer(request, "text/html; charset=utf-8", &out);
    eki_buffer_done(&out);
    return error;
}

static enum eki_error export_svg(struct eki_request *request, const struct eki_seen_outbreak *seen)
{
    struct eki_buffer out = {0};
    struct eki_results_part part =
        eki_outbreak_part(seen, eki_request_japanese(request) ? "picture-ja" : "picture-en");
    enum eki_error error = eki_results_read(request->web, &part, &out);
    if (!error) eki_reply_buffer(request, "image/svg+xml", &out);
    eki_buffer_done(&out);
    return error;
}

void eki_outbreak_export_get(struct eki_request *request)
{
    static const struct {
        const char *name;
        enum eki_error (*write)(struct eki_request *request, const struct eki_seen_outbreak *seen);
    } formats[] = {{"json", export_json}, {"csv", export_csv}, {"svg", export_svg}, {"html", export_html}};
    enum { FORMATS = sizeof formats / sizeof *formats };
    const char *wanted = eki_target_parameter(&request->target, "format");
    struct eki_seen_outbreak seen;
    size_t i = 0;
    while (i < FORMATS && wanted && strcmp(wanted, formats[i].name) != 0) i++;
    if (i == FORMATS) {
        eki_problem(request, 400, "format: json, csv, svg or html");
        return;
    }
    if (!eki_outbreak_find(request, &seen)) return;
    enum eki_error error = formats[i].write(request, &seen);
    if (error)
        eki_outbreak_unreadable(request, error);
    else
        snprintf(request->reply.disposition, sizeof request->reply.disposition,
                 "attachment; filename=\"outbreak-%" PRId64 ".%s\"", seen.row.id, formats[i].name);
    eki_store_end(seen.work);
}
