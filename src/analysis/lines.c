/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts, flows and signs as `ekigaku contacts` wrote them, fed to the stages after contact/ just as if
 * packets had been read. */
#include <string.h>

#include "analysis/record.h"
#include "base/json_pick.h"
#include "base/source.h"

enum { LONGEST_LINE = 8192, PROGRESS_LINES = 1 << 16 };

/* Signs of different files may bear the same number: each file gets its own range. */
enum { SIGN_FILE_SHIFT = 48 };

struct reading {
    struct eki_analysis *analysis;
    struct eki_input own; /* counts of the file itself */
    struct eki_source source;
    uint64_t line, valid;
    size_t file_number;
    enum eki_error error;
    struct eki_fault first;
};

enum line_type { LINE_CONTACT = 0, LINE_FLOW, LINE_SIGN, LINE_INPUT, LINE_LIMIT };

static enum eki_error take_contact(struct reading *r, const char *line, size_t length,
                                   struct eki_fault *fault)
{
    struct eki_contact contact;
    enum eki_error error = eki_contact_read(line, length, &contact, fault);
    if (error) return error;
    if (r->own.first == EKI_TIME_NONE || contact.time < r->own.first) r->own.first = contact.time;
    if (r->own.last == EKI_TIME_NONE || contact.time > r->own.last) r->own.last = contact.time;
    contact.input = (uint16_t)(contact.input + r->analysis->line_base);
    eki_analysis_on_contacts(r->analysis, &contact, 1);
    return EKI_OK;
}

static enum eki_error take_flow(struct reading *r, const char *line, size_t length, struct eki_fault *fault)
{
    struct eki_flow flow;
    enum eki_error error = eki_flow_read(line, length, &flow, fault);
    if (error) return error;
    flow.input = (uint16_t)(flow.input + r->analysis->line_base);
    eki_analysis_on_flow(r->analysis, &flow, 0);
    return EKI_OK;
}

static enum eki_error take_sign(struct reading *r, const char *line, size_t length, struct eki_fault *fault)
{
    struct eki_sign sign;
    enum eki_error error = eki_sign_read(line, length, &sign, fault);
    if (error) return error;
    sign.input = (uint16_t)(sign.input + r->analysis->line_base);
    sign.id += (uint64_t)r->file_number << SIGN_FILE_SHIFT;
    eki_analysis_on_sign(r->analysis, &sign);
    return EKI_OK;
}

static enum eki_error take_line(struct reading *r, const char *line, size_t length, struct eki_fault *fault)
{
    static const char *const types[] = {"contact", "flow", "sign", "input", "limit", NULL};
    struct eki_json_pick pick;
    eki_json_pick_read(&pick, line, length);
    unsigned type = eki_json_pick_choice(&pick, "type", types);
    if (pick.error) return eki_json_pick_fault(&pick, fault);
    switch (type) {
    case LINE_CONTACT: return take_contact(r, line, length, fault);
    case LINE_FLOW: return take_flow(r, line, length, fault);
    case LINE_SIGN: return take_sign(r, line, length, fault);
    case LINE_INPUT: return eki_record_read_input(r->analysis, line, length, fault);
    default: return eki_record_read_limit(r->analysis, line, length, fault);
    }
}

/* A line that cannot be used is counted; the first is remembered with its place. */
static void reject(struct reading *r, enum eki_error error, const struct eki_fault *fault)
{
    r->own.malformed++;
    if (r->error) return;
    r->error = error;
    eki_fault_set(&r->first, error, r->source.offset + fault->offset, "line %llu: %.120s",
                  (unsigned long long)r->line, fault->what);
}

/* A line of the window, which it is passed over behind. */
static void read_line(struct reading *r, size_t length)
{
    char line[LONGEST_LINE];
    struct eki_fault fault = {0};
    r->line++;
    if (length >= LONGEST_LINE) {
        eki_fault_set(&fault, EKI_ERROR_CORRUPT, 0, "longer than %d bytes", LONGEST_LINE);
        reject(r, EKI_ERROR_CORRUPT, &fault);
        return;
    }
    memcpy(line, r->source.at, length);
    line[length] = '\0';
    if (strspn(line, " \t\r\n") == length) return;
    enum eki_error error = take_line(r, line, length, &fault);
    if (error)
        reject(r, error, &fault);
    else
        r->valid++;
}

/* Bytes of the next line with its end, or of as much as there is of one that is too long or the last. */
static size_t next_line(struct eki_source *source)
{
    for (size_t looked = 0;; looked = source->left) {
        if (looked == source->left && !source->ended) eki_source_fill(source, source->left + 1);
        const uint8_t *end = memchr(source->at + looked, '\n', source->left - looked);
        if (end) return (size_t)(end - source->at) + 1;
        if (source->ended || source->left >= LONGEST_LINE) return source->left;
    }
}

/* What is left of a line that was too long to be looked at as a whole. */
static void skip_rest(struct eki_source *source)
{
    for (bool ended = false; !ended;) {
        size_t length = next_line(source);
        ended = !length || source->at[length - 1] == '\n';
        eki_source_pass(source, length);
    }
}

static bool is_stopped(struct eki_analysis *a)
{
    if (a->options.stop && *a->options.stop) a->stopped = true;
    return a->stopped || a->error;
}

static void read_lines(struct reading *r)
{
    struct eki_analysis *a = r->analysis;
    struct eki_source *source = &r->source;
    for (size_t length; !is_stopped(a) && (length = next_line(source)) > 0;) {
        bool cut = length >= LONGEST_LINE && source->at[length - 1] != '\n';
        read_line(r, length);
        eki_source_pass(source, length);
        if (cut) skip_rest(source);
        if (a->options.progress && r->line % PROGRESS_LINES == 0)
            a->options.progress(a->options.progress_user, source->raw_done, source->raw_size, r->valid);
    }
    if (source->error == EKI_ERROR_STOPPED) a->stopped = true;
    if (source->error && !a->stopped && !r->error) {
        r->error = source->error;
        r->first = source->fault;
    }
}

/* The file stands in inputs[] itself when it names no capture that its contacts came from, or when something
 * is wrong with it. */
static enum eki_error close_reading(struct reading *r, const char *path, size_t inputs_before)
{
    struct eki_analysis *a = r->analysis;
    if (a->input_count > inputs_before && !r->error) return EKI_OK;
    struct eki_input *input = eki_analysis_add_input(a, path);
    if (!input) return EKI_ERROR_MEMORY;
    r->own.path = input->path;
    r->own.format = "contacts";
    r->own.bytes = r->source.offset;
    r->own.error = r->error;
    r->own.fault = r->first;
    *input = r->own;
    return EKI_OK;
}

enum eki_error eki_analysis_contacts(struct eki_analysis *a, const char *path, struct eki_fault *ret_fault)
{
    if (a->finished) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    size_t before = a->input_count;
    struct reading r = {.analysis = a,
                        .own = {.first = EKI_TIME_NONE, .last = EKI_TIME_NONE},
                        .file_number = a->line_files++};
    r.error = eki_source_open(path, a->options.stop, &r.source, &r.first);
    a->line_base = before;
    a->reads_lines = true;
    if (!r.error) read_lines(&r);
    a->reads_lines = false;
    enum eki_error error = close_reading(&r, path, before);
    eki_source_done(&r.source);
    if (r.error && ret_fault) *ret_fault = r.first;
    if (!error && !r.error && a->stopped) return EKI_ERROR_STOPPED;
    return error ? error : r.error ? r.error : a->error;
}
