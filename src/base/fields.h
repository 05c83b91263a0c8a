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

/* Most names wanted at once; the longest name, joined; how deep objects and arrays may nest. */
enum { EKI_FIELDS_MOST = 40, EKI_FIELD_NAME = 64, EKI_FIELD_DEPTH = 32 };

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

/* Wanted names by a hash of their length and ends. */
struct eki_field_names {
    const char *const *names;
    uint8_t lengths[EKI_FIELDS_MOST];
    uint8_t next[EKI_FIELDS_MOST]; /* one above the next of the same bucket, 0 at the end */
    uint8_t buckets[64];           /* one above the first */
    unsigned count;
};

/* What is wrong with a line, and where in it. `what` is a static English phrase. */
struct eki_field_fault {
    size_t offset;
    const char *what;
};

/* Prepares a list that ends with NULL; names beyond EKI_FIELDS_MOST are left out. The list must outlive the
 * result. */
struct eki_field_names eki_field_names(const char *const *names);

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
