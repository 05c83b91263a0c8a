/* SPDX-License-Identifier: Apache-2.0 */
/* An outbreak to take along: ?format=json (as in the facts), csv (a line an infection), svg and png (its
 * tree and curve), html (the printable report of its analysis). */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/report.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/outbreak.h"

/* What is written, and the label it bears. */
struct leaving {
    struct eki_request *request;
    const struct eki_seen_outbreak *seen;
    enum eki_tlp label;
};

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

static void write_row(struct eki_buffer *out, const json_t *infection, const char *label)
{
    for (int i = 0; i < COLUMNS; i++) {
        if (i) eki_buffer_text(out, ",");
        write_cell(out, json_object_get(infection, columns[i]));
    }
    eki_buffer_print(out, ",%s\r\n", label); /* RFC 4180 */
}

static enum eki_error write_csv(const struct eki_buffer *lines, enum eki_tlp label, struct eki_buffer *out)
{
    const char *at = lines->bytes, *end = at ? at + lines->length : at;
    for (int i = 0; i < COLUMNS; i++) eki_buffer_print(out, "%s%s", i ? "," : "", columns[i]);
    eki_buffer_text(out, ",tlp\r\n");
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline ? (size_t)(newline - at) : (size_t)(end - at);
        json_t *infection = json_loadb(at, length, 0, NULL);
        if (!infection) return EKI_ERROR_CORRUPT;
        write_row(out, infection, eki_tlp_text(label));
        json_decref(infection);
        at += length + 1;
    }
    return EKI_OK;
}

static enum eki_error export_csv(const struct leaving *leaving)
{
    struct eki_buffer lines = {0}, out = {0};
    struct eki_results_part part = eki_outbreak_part(leaving->seen, "infections");
    enum eki_error error = eki_results_read(leaving->request->web, &part, &lines);
    if (!error) error = write_csv(&lines, leaving->label, &out);
    if (!error) eki_reply_buffer(leaving->request, "text/csv; charset=utf-8", &out);
    eki_buffer_done(&lines);
    eki_buffer_done(&out);
    return error;
}

/* The text with its label on it. */
static enum eki_error label_into(const struct leaving *leaving, enum eki_report_form form,
                                 const struct eki_buffer *text, struct eki_buffer *out)
{
    FILE *file = eki_buffer_open(out);
    enum eki_error error = file ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error) error = eki_report_label(form, text->bytes, text->length, leaving->label, file);
    if (file && fclose(file) && !error) error = EKI_ERROR_MEMORY;
    return !error && out->failed ? EKI_ERROR_MEMORY : error;
}

/* Answers with a text that bears its label then; the text is taken. */
static enum eki_error reply_labelled(const struct leaving *leaving, enum eki_report_form form,
                                     const char *type, struct eki_buffer *text)
{
    struct eki_buffer out = {0};
    enum eki_error error = label_into(leaving, form, text, &out);
    if (!error) eki_reply_buffer(leaving->request, type, &out);
    eki_buffer_done(&out);
    eki_buffer_done(text);
    return error;
}

/* The head of older results holds the curve already. */
static enum eki_error add_curve(const struct leaving *leaving, const struct eki_buffer *head,
                                struct eki_buffer *out)
{
    if (memmem(head->bytes, head->length, "\"curve\":[", 9)) return EKI_OK;
    eki_buffer_text(out, ",\"curve\":");
    return eki_outbreak_curve(leaving->request->web, leaving->seen, out);
}

/* What it is, its curve, then its infections as they stand in the facts. */
static enum eki_error export_json(const struct leaving *leaving)
{
    struct eki_buffer head = {0}, lines = {0}, out = {0};
    struct eki_results_part outbreak = eki_outbreak_part(leaving->seen, "outbreak"),
                            infections = eki_outbreak_part(leaving->seen, "infections");
    enum eki_error error = eki_results_read(leaving->request->web, &outbreak, &head);
    if (!error) error = eki_results_read(leaving->request->web, &infections, &lines);
    size_t length = head.length;
    while (length && head.bytes[length - 1] != '}') length--;
    if (!error && !length) error = EKI_ERROR_CORRUPT;
    if (!error) {
        eki_buffer_add(&out, head.bytes, length - 1); /* the object is gone on with */
        error = add_curve(leaving, &head, &out);
    }
    if (!error) {
        eki_buffer_text(&out, ",\"infections\":[");
        for (size_t i = 0; i + 1 < lines.length; i++)
            if (lines.bytes[i] == '\n') lines.bytes[i] = ',';
        if (lines.length) eki_buffer_add(&out, lines.bytes, lines.length);
        eki_buffer_text(&out, "]}\n");
        error = reply_labelled(leaving, EKI_REPORT_OBJECT, "application/json", &out);
    }
    eki_buffer_done(&head);
    eki_buffer_done(&lines);
    eki_buffer_done(&out);
    return error;
}

static enum eki_error export_html(const struct leaving *leaving)
{
    struct eki_buffer out = {0};
    bool japanese = eki_request_japanese(leaving->request);
    struct eki_results_part part = {.facts_path = leaving->seen->analysis.facts_path,
                                    .name = japanese ? "report-ja" : "report-en"};
    enum eki_error error = eki_results_read(leaving->request->web, &part, &out);
    if (!error) error = reply_labelled(leaving, EKI_REPORT_PAGE, "text/html; charset=utf-8", &out);
    eki_buffer_done(&out);
    return error;
}

static enum eki_error export_svg(const struct leaving *leaving)
{
    struct eki_buffer out = {0};
    bool japanese = eki_request_japanese(leaving->request);
    struct eki_results_part part = eki_outbreak_part(leaving->seen, japanese ? "picture-ja" : "picture-en");
    enum eki_error error = eki_results_read(leaving->request->web, &part, &out);
    if (!error) error = reply_labelled(leaving, EKI_REPORT_PICTURE, "image/svg+xml", &out);
    eki_buffer_done(&out);
    return error;
}

/* Points a unit: sharp on paper. */
static const double png_scale = 2;

static enum eki_error export_png(const struct leaving *leaving)
{
    struct eki_buffer svg = {0}, labelled = {0}, out = {0};
    bool japanese = eki_request_japanese(leaving->request);
    struct eki_results_part part = eki_outbreak_part(leaving->seen, japanese ? "picture-ja" : "picture-en");
    enum eki_error error = eki_results_read(leaving->request->web, &part, &svg);
    if (!error) error = label_into(leaving, EKI_REPORT_PICTURE, &svg, &labelled);
    FILE *file = error ? NULL : eki_buffer_open(&out);
    if (!error && !file) error = EKI_ERROR_MEMORY;
    if (!error) error = eki_report_png(labelled.bytes, labelled.length, png_scale, file);
    if (file && fclose(file) && !error) error = EKI_ERROR_MEMORY;
    if (!error && out.failed) error = EKI_ERROR_MEMORY;
    if (!error) eki_reply_buffer(leaving->request, "image/png", &out);
    eki_buffer_done(&svg);
    eki_buffer_done(&labelled);
    eki_buffer_done(&out);
    return error;
}

/* Reads the label and asks for the exit. False after answering; the work is ended then. */
static bool may_leave(struct leaving *leaving, enum eki_tlp_audience audience)
{
    char what[40];
    struct eki_store_work *work = leaving->seen->work;
    enum eki_error error = eki_outbreak_label(work, leaving->seen->row.id, &leaving->label);
    if (error) {
        eki_problem_store(leaving->request, error, work, NULL);
        return false;
    }
    snprintf(what, sizeof what, "outbreak %" PRId64, leaving->seen->row.id);
    const struct eki_tlp_request asked = {
        .label = leaving->label, .audience = audience, .carries = EKI_TLP_ALL};
    return eki_leave(leaving->request, work, EKI_TLP_EXIT_API_OUTBREAK_EXPORT, &asked, what);
}

void eki_outbreak_export_get(struct eki_request *request)
{
    static const struct {
        const char *name;
        enum eki_error (*write)(const struct leaving *leaving);
    } formats[] = {{"json", export_json},
                   {"csv", export_csv},
                   {"svg", export_svg},
                   {"png", export_png},
                   {"html", export_html}};
    enum { FORMATS = sizeof formats / sizeof *formats };
    const char *wanted = eki_target_parameter(&request->target, "format");
    struct eki_seen_outbreak seen;
    struct leaving leaving = {.request = request, .seen = &seen};
    enum eki_tlp_audience audience;
    size_t i = 0;
    while (i < FORMATS && wanted && strcmp(wanted, formats[i].name) != 0) i++;
    if (i == FORMATS) {
        eki_problem(request, 400, "format: json, csv, svg, png or html");
        return;
    }
    if (!eki_leave_audience(request, &audience)) return;
    if (!eki_outbreak_find(request, &seen) || !may_leave(&leaving, audience)) return;
    enum eki_error error = formats[i].write(&leaving);
    if (error)
        eki_outbreak_unreadable(request, error);
    else
        snprintf(request->reply.disposition, sizeof request->reply.disposition,
                 "attachment; filename=\"outbreak-%" PRId64 ".%s\"", seen.row.id, formats[i].name);
    eki_store_end(seen.work);
}
