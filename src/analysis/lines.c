/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts, flows and signs as `ekigaku contacts` wrote them, fed to the stages after contact/ just as if
 * packets had been read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/record.h"
#include "base/json_pick.h"

enum { LONGEST_LINE = 8192, PROGRESS_LINES = 1 << 16 };

/* Signs of different files may bear the same number: each file gets its own range. */
enum { SIGN_FILE_SHIFT = 48 };

struct reading {
    struct eki_analysis *analysis;
    struct eki_input own; /* counts of the file itself */
    FILE *file;
    uint64_t line, offset, valid;
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
    eki_fault_set(&r->first, error, r->offset + fault->offset, "line %llu: %.120s",
                  (unsigned long long)r->line, fault->what);
}

/* The rest of a line that did not fit. */
static void skip_rest(struct reading *r)
{
    for (int c; (c = getc(r->file)) != EOF;) {
        r->offset++;
        if (c == '\n') return;
    }
}

static void read_line(struct reading *r, const char *line, size_t length)
{
    struct eki_fault fault = {0};
    r->line++;
    if (length == LONGEST_LINE - 1 && line[length - 1] != '\n') {
        eki_fault_set(&fault, EKI_ERROR_CORRUPT, 0, "longer than %d bytes", LONGEST_LINE);
        reject(r, EKI_ERROR_CORRUPT, &fault);
        r->offset += length;
        skip_rest(r);
        return;
    }
    if (strspn(line, " \t\r\n") < length) {
        enum eki_error error = take_line(r, line, length, &fault);
        if (error)
            reject(r, error, &fault);
        else
            r->valid++;
    }
    r->offset += length;
}

static bool is_stopped(struct eki_analysis *a)
{
    if (a->options.stop && *a->options.stop) a->stopped = true;
    return a->stopped || a->error;
}

static void read_lines(struct reading *r, uint64_t size)
{
    char line[LONGEST_LINE];
    struct eki_analysis *a = r->analysis;
    while (!is_stopped(a) && fgets(line, sizeof line, r->file)) {
        read_line(r, line, strlen(line));
        if (a->options.progress && r->line % PROGRESS_LINES == 0)
            a->options.progress(a->options.progress_user, r->offset, size, r->valid);
    }
    if (ferror(r->file) && !r->error)
        r->error = eki_fault_set(&r->first, EKI_ERROR_READ, r->offset, "%s", strerror(errno));
    if (!r->offset && !r->error && !a->stopped)
        r->error = eki_fault_set(&r->first, EKI_ERROR_EMPTY, 0, "no line in it");
}

static FILE *open_lines(const char *path, uint64_t *ret_size, struct eki_fault *ret_fault)
{
    struct stat status;
    *ret_size = 0;
    if (!strcmp(path, "-")) return stdin;
    FILE *file = fopen(path, "r");
    if (file && !fstat(fileno(file), &status) && S_ISDIR(status.st_mode)) {
        fclose(file);
        file = NULL;
        errno = EISDIR;
    }
    if (!file)
        eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    else if (S_ISREG(status.st_mode))
        *ret_size = (uint64_t)status.st_size;
    return file;
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
    r->own.bytes = r->offset;
    r->own.error = r->error;
    r->own.fault = r->first;
    *input = r->own;
    return EKI_OK;
}

enum eki_error eki_analysis_contacts(struct eki_analysis *a, const char *path, struct eki_fault *ret_fault)
{
    if (a->finished) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    uint64_t size;
    size_t before = a->input_count;
    struct reading r = {.analysis = a,
                        .own = {.first = EKI_TIME_NONE, .last = EKI_TIME_NONE},
                        .file_number = a->line_files++};
    r.file = open_lines(path, &size, &r.first);
    a->line_base = before;
    a->reads_lines = true;
    if (r.file) {
        read_lines(&r, size);
        if (r.file != stdin) fclose(r.file);
    } else {
        r.error = EKI_ERROR_OPEN;
    }
    a->reads_lines = false;
    enum eki_error error = close_reading(&r, path, before);
    if (r.error && ret_fault) *ret_fault = r.first;
    if (!error && !r.error && a->stopped) return EKI_ERROR_STOPPED;
    return error ? error : r.error ? r.error : a->error;
}
