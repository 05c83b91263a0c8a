/* SPDX-License-Identifier: Apache-2.0 */
/* `name = value`, one a line (see mapping.h). */
#include "contact/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/source.h"

enum { LINE = 4096, LINES = 65536, BYTES = 4 * 1024 * 1024 };

struct piece {
    const char *at;
    size_t length;
};

static struct piece trimmed(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) end--;
    return (struct piece){at, (size_t)(end - at)};
}

static const char *copy(struct eki_mapping *m, struct piece piece)
{
    char *text = eki_arena_take(&m->texts, piece.length + 1, 1); /* zeroed: so it ends */
    if (text) memcpy(text, piece.at, piece.length);
    return text;
}

/* Keeps one line; `what` NULL when all is well. */
static enum eki_error keep(struct eki_mapping *m, const char *at, const char *end, unsigned line,
                           const char **ret_what)
{
    struct piece all = trimmed(at, end);
    if (!all.length || *all.at == '#') return EKI_OK;
    const char *equals = memchr(all.at, '=', all.length);
    struct piece name = trimmed(all.at, equals ? equals : all.at);
    struct piece value = trimmed(equals ? equals + 1 : all.at, equals ? all.at + all.length : all.at);
    if (!name.length || !value.length) {
        *ret_what = "it is not \"name = value\"";
        return EKI_ERROR_ARGUMENT;
    }
    struct eki_mapping_entry *entries =
        eki_array_reserve(m->entries, m->count, &m->capacity, sizeof *entries);
    if (!entries) return EKI_ERROR_MEMORY;
    m->entries = entries;
    struct eki_mapping_entry entry = {copy(m, name), copy(m, value), line};
    if (!entry.name || !entry.value) return EKI_ERROR_MEMORY;
    m->entries[m->count++] = entry;
    return EKI_OK;
}

static int by_name(const void *a, const void *b)
{
    const struct eki_mapping_entry *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Sorts; the line of a name that came before, or 0. */
static unsigned sort(struct eki_mapping *m)
{
    if (m->count) qsort(m->entries, m->count, sizeof *m->entries, by_name);
    for (size_t i = 1; i < m->count; i++)
        if (!strcasecmp(m->entries[i].name, m->entries[i - 1].name)) return m->entries[i].line;
    return 0;
}

/* All lines of the source; *ret_line is where something was wrong. */
static enum eki_error read_lines(struct eki_mapping *m, struct eki_source *source, unsigned *ret_line,
                                 const char **ret_what)
{
    enum eki_error error = EKI_OK;
    for (*ret_line = 1; !error; ++*ret_line) {
        const uint8_t *stop = NULL;
        while (!(stop = source->left ? memchr(source->at, '\n', source->left) : NULL) && !source->ended &&
               source->left < LINE)
            eki_source_fill(source, source->left + 1);
        if (!source->left) return source->error;
        if (*ret_line > LINES || source->offset > BYTES || (!stop && source->left >= LINE)) {
            *ret_what = "too long for a mapping";
            return EKI_ERROR_ARGUMENT;
        }
        size_t length = stop ? (size_t)(stop - source->at) : source->left;
        error = keep(m, (const char *)source->at, (const char *)source->at + length, *ret_line, ret_what);
        if (error) return error;
        eki_source_pass(source, length + (stop != NULL));
    }
    return error;
}

enum eki_error eki_mapping_read(const char *path, struct eki_mapping *ret_mapping,
                                struct eki_fault *ret_fault)
{
    struct eki_mapping m = {.count = 0};
    struct eki_source source;
    unsigned line = 0, twice;
    const char *what = "it cannot be read";
    enum eki_error error = eki_source_open(path, NULL, &source, NULL);
    if (error == EKI_ERROR_EMPTY)
        error = EKI_OK; /* nothing is mapped */
    else if (!error)
        error = read_lines(&m, &source, &line, &what);
    if (!error && (twice = sort(&m)) != 0) {
        line = twice;
        what = "the name came before";
        error = EKI_ERROR_ARGUMENT;
    }
    eki_source_done(&source);
    if (!error) {
        *ret_mapping = m;
        return EKI_OK;
    }
    eki_mapping_done(&m);
    if (!line) return eki_fault_set(ret_fault, error, 0, "the mapping %.60s: %s", path, what);
    return eki_fault_set(ret_fault, error, 0, "%.60s:%u: %s", path, line, what);
}

const struct eki_mapping_entry *eki_mapping_find(const struct eki_mapping *mapping, const char *name)
{
    size_t low = 0, high = mapping->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(name, mapping->entries[middle].name);
        if (!order) return &mapping->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void eki_mapping_done(struct eki_mapping *mapping)
{
    eki_free(mapping->entries);
    eki_arena_done(&mapping->texts);
    *mapping = (struct eki_mapping){.count = 0};
}
