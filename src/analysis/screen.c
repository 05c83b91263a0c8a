/* SPDX-License-Identifier: Apache-2.0 */
/* What people and their machines saw on screens: a small file of host, time and kind, as CSV or JSON lines.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/state.h"
#include "base/fields.h"
#include "base/memory.h"
#include "base/source.h"

/* One line of each host and kind is what such a file holds; more than this is no list made by people. */
enum { SCREENS_MOST = 1 << 20, LONGEST = 4096 };

static const char *const names[] = {"host", "time", "kind", NULL};
enum { FIELD_HOST, FIELD_TIME, FIELD_KIND, FIELDS };

static const char *const kinds[EKI_SCREEN_KINDS] = {"onset", "dialog"};

const char *eki_screen_kind_name(enum eki_screen_kind kind)
{
    return (unsigned)kind < EKI_SCREEN_KINDS ? kinds[kind] : "?";
}

struct reading {
    struct eki_analysis *analysis;
    struct eki_field_names wanted;
    int column[FIELDS];
    uint64_t line, offset;
};

/* The header line, when there is one: any order of the three names. */
static bool take_header(struct reading *r, const struct eki_field *fields, size_t count)
{
    int found[FIELDS] = {-1, -1, -1};
    for (size_t i = 0; i < count; i++) {
        int position = eki_field_position(&r->wanted, fields[i].at, fields[i].length);
        if (position >= 0) found[position] = (int)i;
    }
    if (found[FIELD_HOST] < 0 || found[FIELD_TIME] < 0 || found[FIELD_KIND] < 0) return false;
    memcpy(r->column, found, sizeof found);
    return true;
}

static enum eki_error keep(struct reading *r, const struct eki_field *fields, struct eki_fault *ret_fault)
{
    struct eki_analysis *a = r->analysis;
    struct eki_field_reader v = {0};
    struct eki_screen screen = {.host = eki_field_address(&v, fields[FIELD_HOST])};
    bool dated = fields[FIELD_TIME].length > 10 && fields[FIELD_TIME].at[4] == '-';
    screen.time = dated ? eki_field_date(&v, fields[FIELD_TIME]) : eki_field_seconds(&v, fields[FIELD_TIME]);
    unsigned kind = 0;
    while (kind < EKI_SCREEN_KINDS && !eki_field_is(fields[FIELD_KIND], kinds[kind])) kind++;
    const char *wrong = v.wrong                    ? v.wrong
                        : kind == EKI_SCREEN_KINDS ? "kind is \"onset\" or \"dialog\""
                                                   : NULL;
    if (!wrong && (screen.time == EKI_TIME_NONE || screen.time < 0)) wrong = "no time";
    if (!wrong && a->screen_count == SCREENS_MOST) wrong = "more than a million lines";
    if (wrong)
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, r->offset, "line %llu: %s",
                             (unsigned long long)r->line, wrong);
    screen.kind = (uint8_t)kind;
    struct eki_screen *screens =
        eki_array_reserve(a->screens, a->screen_count, &a->screen_capacity, sizeof *screens);
    if (!screens) return EKI_ERROR_MEMORY;
    a->screens = screens;
    a->screens[a->screen_count++] = screen;
    return EKI_OK;
}

static enum eki_error take_line(struct reading *r, const char *line, size_t length,
                                struct eki_fault *ret_fault)
{
    struct eki_field fields[FIELDS], cells[16];
    struct eki_field_fault fault;
    while (length && strchr("\r\n \t", line[length - 1])) length--;
    if (!length || *line == '#') return EKI_OK;
    if (*line == '{') {
        if (eki_fields_json(&r->wanted, line, length, fields, &fault)) return keep(r, fields, ret_fault);
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, r->offset + fault.offset, "line %llu: %s",
                             (unsigned long long)r->line, fault.what);
    }
    size_t count = eki_fields_csv(line, length, ',', cells, 16);
    if (r->line == 1 && take_header(r, cells, count < 16 ? count : 16)) return EKI_OK;
    for (int i = 0; i < FIELDS; i++) {
        bool there = (size_t)r->column[i] < count && r->column[i] < 16;
        fields[i] = there ? cells[r->column[i]] : (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
    }
    return keep(r, fields, ret_fault);
}

static enum eki_error take_all(struct reading *r, struct eki_source *source, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    while (!error) {
        eki_source_fill(source, LONGEST);
        if (!source->left) break;
        size_t most = source->left < LONGEST ? source->left : LONGEST;
        const uint8_t *end = memchr(source->at, '\n', most);
        size_t length = end ? (size_t)(end - source->at) + 1 : most;
        r->line++;
        r->offset = source->offset;
        if (!end && source->left >= LONGEST)
            return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, r->offset, "line %llu: longer than %d bytes",
                                 (unsigned long long)r->line, LONGEST);
        error = take_line(r, (const char *)source->at, length, ret_fault);
        eki_source_pass(source, length);
    }
    if (!error && source->error && ret_fault) *ret_fault = source->fault;
    return error ? error : source->error;
}

static int by_host(const void *a, const void *b)
{
    const struct eki_screen *x = a, *y = b;
    int order = eki_address_compare(x->host, y->host);
    if (order) return order;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

enum eki_error eki_analysis_screens(struct eki_analysis *a, const char *path, struct eki_fault *ret_fault)
{
    struct eki_source source;
    if (a->finished) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    struct reading r = {.analysis = a, .wanted = eki_field_names(names), .column = {0, 1, 2}};
    enum eki_error error = eki_source_open(path, a->options.stop, &source, ret_fault);
    if (!error) error = take_all(&r, &source, ret_fault);
    eki_source_done(&source);
    if (a->screen_count) qsort(a->screens, a->screen_count, sizeof *a->screens, by_host);
    a->result.screens = a->screens;
    a->result.screen_count = a->screen_count;
    return error;
}

eki_time eki_result_screen(const struct eki_result *result, struct eki_address host,
                           enum eki_screen_kind kind)
{
    size_t low = 0, high = result->screen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct eki_screen *s = &result->screens[middle];
        int order = eki_address_compare(s->host, host);
        if (order < 0 || (!order && s->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == result->screen_count) return EKI_TIME_NONE;
    const struct eki_screen *s = &result->screens[low];
    return eki_address_equal(s->host, host) && s->kind == kind ? s->time : EKI_TIME_NONE;
}
