/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_FIELDS_H
#define EKI_BASE_FIELDS_H
/*
 * Picks a few fields out of log lines, fast: nothing is copied, nothing is allocated, no tree is built. The
 * names that are wanted are prepared once; each line is then passed over once.
 *
 *     static const char *const names[] = {"ts", "id.orig_h", NULL};
 *     struct eki_field_names wanted = eki_field_names(names);
 *     struct eki_field fields[2];
 *     if (!eki_fields_json(&wanted, line, length, fields, &wrong)) reject(wrong.offset, wrong.what);
 *     struct eki_field_reader r = {0};
 *     eki_time time = eki_field_seconds(&r, fields[0]);
 *     struct eki_address client = eki_field_address(&r, fields[1]);
 *     if (r.wrong) reject(r.at - line, r.wrong);
 *
 * JSON (RFC 8259): one object a line. Members of objects inside it are named by the way to them, joined by
 * dots, so {"id":{"orig_h":..}} and {"id.orig_h":..} are the same; what stands in arrays is passed over. The
 * structure is checked as far as it was walked; UTF-8 is not.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ekigaku/address.h"
#include "ekigaku/time.h"

/* Most names wanted at once; how deep objects and arrays may nest. */
enum { EKI_FIELDS_MOST = 40, EKI_FIELD_DEPTH = 32 };

enum eki_field_kind {
    EKI_FIELD_ABSENT = 0, /* not in the line, or null */
    EKI_FIELD_TEXT,       /* still escaped when `escaped` */
    EKI_FIELD_NUMBER,
    EKI_FIELD_TRUE,
    EKI_FIELD_FALSE
};

struct eki_field {
    const char *at; /* inside the line */
    uint32_t length;
    uint8_t kind;
    bool escaped;
};

enum { EKI_FIELD_EDGES = 200, EKI_FIELD_BUCKETS = 128 };

/* A name within an object: what its member is. */
struct eki_field_edge {
    const char *name; /* not ended by NUL */
    uint8_t length;
    uint8_t node;   /* the object it stands in: 0 is the line's own */
    uint8_t field;  /* position of the wanted name + 1; 0: none */
    uint8_t inside; /* the object it holds, when it is one, 0: nothing in it is wanted */
    uint8_t next;   /* of the same bucket, + 1 */
};

/* Wanted names as a tree of objects: an object that holds nothing wanted is passed over without look-ups. */
struct eki_field_names {
    struct eki_field_edge edges[EKI_FIELD_EDGES];
    uint8_t buckets[EKI_FIELD_BUCKETS]; /* the first + 1, by object, length and three letters */
    unsigned edge_count, count;
};

/* What is wrong with a line, and where in it. `what` is a static English phrase. */
struct eki_field_fault {
    size_t offset;
    const char *what;
};

/* Prepares a list that ends with NULL; names beyond EKI_FIELDS_MOST are left out, as are those that do not
 * fit EKI_FIELD_EDGES (one for each name without dots, three with one dot, six with two, at most). The list
 * must outlive the result. */
struct eki_field_names eki_field_names(const char *const *names);

static inline unsigned eki_field_bucket(unsigned node, const char *name, size_t length)
{
    if (!length) return node % EKI_FIELD_BUCKETS;
    unsigned sum = node * 29 + (unsigned)length * 7 + (unsigned char)name[0] * 5 +
                   (unsigned char)name[length - 1] * 3 + (unsigned char)name[length / 2];
    return sum % EKI_FIELD_BUCKETS;
}

/* Are these bytes the same? Names are short: comparing them here takes less than a call. */
static inline bool eki_field_same(const char *a, const char *b, size_t length)
{
    uint64_t x, y, difference = 0;
    if (length < sizeof x) {
        for (size_t i = 0; i < length; i++) difference |= (uint64_t)(a[i] ^ b[i]);
        return !difference;
    }
    for (size_t at = 0; at + sizeof x < length; at += sizeof x) {
        memcpy(&x, a + at, sizeof x);
        memcpy(&y, b + at, sizeof y);
        difference |= x ^ y;
    }
    memcpy(&x, a + length - sizeof x, sizeof x);
    memcpy(&y, b + length - sizeof y, sizeof y);
    return !(difference | (x ^ y));
}

/* The edge of a name within an object of the tree, or NULL. O(1). */
static inline const struct eki_field_edge *eki_field_edge(const struct eki_field_names *names, unsigned node,
                                                          const char *name, size_t length)
{
    for (unsigned i = names->buckets[eki_field_bucket(node, name, length)]; i; i = names->edges[i - 1].next) {
        const struct eki_field_edge *e = &names->edges[i - 1];
        if (e->node == node && e->length == length && eki_field_same(e->name, name, length)) return e;
    }
    return NULL;
}

/* The position of a name, or -1. O(1). */
int eki_field_position(const struct eki_field_names *names, const char *name, size_t length);

/* Fills ret_fields[names->count]; of a name that comes twice, the last counts. False with *ret_fault when the
 * line is no object. O(length). */
bool eki_fields_json(const struct eki_field_names *names, const char *line, size_t length,
                     struct eki_field *ret_fields, struct eki_field_fault *ret_fault);

/* Splits a line at a separator into at most `most` fields, all texts (empty ones too). Returns how many there
 * were in the line, which can be more. O(length). */
size_t eki_fields_split(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                        size_t most);

/* As eki_fields_split for comma-separated values (RFC 4180): a field in double quotes may hold separators;
 * `""` in it is marked as escaped. */
size_t eki_fields_csv(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                      size_t most);

/* Keeps the first thing that was wrong with the values read, and where. */
struct eki_field_reader {
    const char *wrong; /* static English phrase, NULL as long as all is well */
    const char *at;
};

/* Is it this text? False for numbers. */
static inline bool eki_field_is(struct eki_field field, const char *text)
{
    size_t length = strlen(text); /* known to the compiler: nearly all texts are literals */
    return field.kind == EKI_FIELD_TEXT && length == field.length && !memcmp(field.at, text, length);
}
static inline bool eki_field_there(struct eki_field field)
{
    return field.kind != EKI_FIELD_ABSENT;
}

/* Each takes a number or a text, and an absent field as 0 (EKI_TIME_NONE); anything else than one complete
 * value sets r->wrong and gives the same. A fraction of an unsigned number is cut off. */
uint64_t eki_field_unsigned(struct eki_field_reader *r, struct eki_field field, uint64_t most);
/* Seconds with a fraction since 1970, a duration too; exponents are read. As nanoseconds. */
eki_time eki_field_seconds(struct eki_field_reader *r, struct eki_field field);
/* RFC 3339 and what loggers make of it: 'T' or space, any fraction, zone Z, +09:00, +0900 or none (UTC). */
eki_time eki_field_date(struct eki_field_reader *r, struct eki_field field);
/* Absent is wrong here: `::` is returned then. */
struct eki_address eki_field_address(struct eki_field_reader *r, struct eki_field field);

/* The text with its JSON escapes undone and a NUL, cut to `capacity`; other control characters become spaces.
 * Returns ret_text. */
const char *eki_field_text(struct eki_field field, char *ret_text, size_t capacity);

#endif
