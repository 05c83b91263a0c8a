/* SPDX-License-Identifier: Apache-2.0 */
/* Wanted names, separated values, and what the values mean (see fields.h). */
#include "base/fields.h"

#include <string.h>

#include "base/bytes.h"

/* The edge, made when it is not there; NULL when there is no room. */
static struct eki_field_edge *edge_for(struct eki_field_names *names, unsigned node, const char *name,
                                       size_t length)
{
    const struct eki_field_edge *found = eki_field_edge(names, node, name, length);
    if (found) return &names->edges[found - names->edges];
    if (names->edge_count == EKI_FIELD_EDGES || length > UINT8_MAX) return NULL;
    unsigned bucket = eki_field_bucket(node, name, length);
    struct eki_field_edge *e = &names->edges[names->edge_count++];
    *e = (struct eki_field_edge){
        .name = name, .length = (uint8_t)length, .node = (uint8_t)node, .next = names->buckets[bucket]};
    names->buckets[bucket] = (uint8_t)names->edge_count;
    return e;
}

/* The objects that the beginnings of a name lead to: objects[0] is the line's own, objects[i] the one behind
 * the i-th dot. */
struct way {
    unsigned objects[EKI_FIELD_DEPTH];
    const char *parts[EKI_FIELD_DEPTH]; /* where the rest of the name begins */
    size_t count;
};

/* The object behind this dot: the same whichever way leads there, so it goes by the whole name before it,
 * which is an edge of the line's own object. */
static bool enter(struct eki_field_names *names, const char *name, const char *dot, unsigned *next,
                  struct way *way)
{
    struct eki_field_edge *whole = edge_for(names, 0, name, (size_t)(dot - name));
    if (!whole || way->count == EKI_FIELD_DEPTH) return false;
    if (!whole->inside) whole->inside = (uint8_t)(*next)++;
    for (size_t i = 1; i < way->count; i++) {
        struct eki_field_edge *e =
            edge_for(names, way->objects[i], way->parts[i], (size_t)(dot - way->parts[i]));
        if (!e) return false;
        e->inside = whole->inside;
    }
    way->objects[way->count] = whole->inside;
    way->parts[way->count++] = dot + 1;
    return true;
}

static void add_name(struct eki_field_names *names, const char *name, unsigned *next)
{
    struct way way = {.parts = {name}, .count = 1};
    bool room = true;
    for (const char *dot = strchr(name, '.'); dot && room; dot = strchr(dot + 1, '.'))
        room = enter(names, name, dot, next, &way);
    for (size_t i = 0; i < way.count; i++) {
        struct eki_field_edge *e = edge_for(names, way.objects[i], way.parts[i], strlen(way.parts[i]));
        if (e) e->field = (uint8_t)(names->count + 1);
    }
}

struct eki_field_names eki_field_names(const char *const *names)
{
    struct eki_field_names wanted = {.count = 0};
    unsigned next = 1;
    for (; names[wanted.count] && wanted.count < EKI_FIELDS_MOST; wanted.count++)
        add_name(&wanted, names[wanted.count], &next);
    return wanted;
}

int eki_field_position(const struct eki_field_names *names, const char *name, size_t length)
{
    const struct eki_field_edge *e = eki_field_edge(names, 0, name, length);
    return e ? (int)e->field - 1 : -1;
}

static void put(struct eki_field *fields, size_t count, size_t most, const char *start, const char *end)
{
    if (count >= most) return;
    fields[count] = (struct eki_field){start, (uint32_t)(end - start), EKI_FIELD_TEXT, false};
}

static inline size_t split(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                           size_t most)
{
    const char *start = line, *end = line + length;
    size_t count = 0;
    for (const char *at = line; at < end; at += end - at < EKI_BYTES ? end - at : EKI_BYTES) {
        uint64_t found = eki_bytes_equal(at, (size_t)(end - at), separator);
        for (; found; found &= found - 1) {
            const char *stop = at + __builtin_ctzll(found);
            put(ret_fields, count++, most, start, stop);
            start = stop + 1;
        }
    }
    put(ret_fields, count++, most, start, end);
    return count;
}

#ifdef __x86_64__
EKI_BYTES_NEWER static size_t split_newer(const char *line, size_t length, char separator,
                                          struct eki_field *ret_fields, size_t most)
{
    return split(line, length, separator, ret_fields, most);
}
#endif

size_t eki_fields_split(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                        size_t most)
{
#ifdef __x86_64__
    if (eki_bytes_newer()) return split_newer(line, length, separator, ret_fields, most);
#endif
    return split(line, length, separator, ret_fields, most);
}

size_t eki_fields_csv(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                      size_t most)
{
    const char *at = line, *end = line + length;
    size_t count = 0;
    for (bool more = true; more;) {
        struct eki_field field = {at, 0, EKI_FIELD_TEXT, false};
        if (at < end && *at == '"') {
            field.at = ++at;
            while (at < end && (*at != '"' || (end - at > 1 && at[1] == '"'))) {
                field.escaped |= *at == '"';
                at += *at == '"' ? 2 : 1;
            }
            field.length = (uint32_t)(at - field.at);
            while (at < end && *at != separator) at++;
        } else {
            while (at < end && *at != separator) at++;
            field.length = (uint32_t)(at - field.at);
        }
        more = at < end;
        at += more;
        if (count < most) ret_fields[count] = field;
        count++;
    }
    return count;
}
