/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_JSON_WRITE_H
#define EKI_BASE_JSON_WRITE_H
/*
 * A JSON writer without a tree: values go out in the order they are written, commas and escapes are its
 * business. Writes to a FILE or to a fixed buffer (what does not fit sets `failed`). Bytes that are not UTF-8
 * become U+FFFD, so that the output is always valid.
 *
 *     struct eki_json j = eki_json_to_file(out, true);
 *     eki_json_object(&j);
 *     eki_json_key(&j, "host");
 *     eki_json_text(&j, "192.0.2.1");
 *     eki_json_end(&j);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/address.h"
#include "ekigaku/time.h"

enum { EKI_JSON_DEPTH = 32 };

struct eki_json {
    FILE *file;
    char *buffer;
    size_t capacity, length;
    bool pretty; /* newlines and two spaces a level */
    bool failed; /* the buffer was too small, the file refused, or nesting was too deep */
    bool after_key;
    unsigned depth;
    struct {
        char close;
        bool any;
    } level[EKI_JSON_DEPTH];
};

/* A writer at the start of its text. The FILE stays the caller's; the buffer always ends with a NUL once
 * something was written. */
struct eki_json eki_json_to_file(FILE *file, bool pretty);
struct eki_json eki_json_to_buffer(char *buffer, size_t capacity);

/* Opens an object or array, as a value or after a key. Deeper than EKI_JSON_DEPTH sets `failed`. */
void eki_json_object(struct eki_json *j);
void eki_json_array(struct eki_json *j);
void eki_json_end(struct eki_json *j); /* closes the innermost object or array */
void eki_json_key(struct eki_json *j, const char *key);

void eki_json_text(struct eki_json *j, const char *text); /* NULL writes null */
void eki_json_unsigned(struct eki_json *j, uint64_t value);
void eki_json_integer(struct eki_json *j, int64_t value);
void eki_json_bool(struct eki_json *j, bool value);
void eki_json_null(struct eki_json *j);
/* Fixed decimals (0 to 9); NaN and infinities write null, because JSON has none. */
void eki_json_fixed(struct eki_json *j, double value, int decimals);
/* Nine significant digits; NaN and infinities write null. */
void eki_json_number(struct eki_json *j, double value);
void eki_json_address(struct eki_json *j, struct eki_address address);
void eki_json_time(struct eki_json *j, eki_time time);       /* RFC 3339; EKI_TIME_NONE writes null */
void eki_json_time_exact(struct eki_json *j, eki_time time); /* to the nanosecond, where it matters */

#endif
