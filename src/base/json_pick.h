/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_JSON_PICK_H
#define EKI_BASE_JSON_PICK_H
/*
 * Picks fields from one line that holds one flat JSON object (RFC 8259), without building a tree. Values that
 * are objects or arrays are passed over, so that later versions may add them. The first thing that is wrong,
 * in the line or in a field asked for, is kept; ask for all fields in a row, then look once:
 *
 *     struct eki_json_pick pick;
 *     eki_json_pick_read(&pick, line, length);
 *     uint64_t port = eki_json_pick_unsigned(&pick, "port", UINT16_MAX);
 *     if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/time.h"

/* More fields than any record has; a line with more is refused. Nested values deeper than that are refused
 * too. */
enum { EKI_JSON_PICK_FIELDS = 48, EKI_JSON_PICK_DEPTH = 16 };

struct eki_json_field {
    const char *key,
        *value; /* inside the line; a text's value is what stands between its quotes, still escaped */
    uint32_t key_length, value_length;
    char kind; /* 't' text, '0' number, 'b' true or false, 'n' null, '{' nested */
};

struct eki_json_pick {
    struct eki_json_field fields[EKI_JSON_PICK_FIELDS];
    unsigned count;
    const char *line;
    enum eki_error error; /* EKI_OK or EKI_ERROR_CORRUPT */
    size_t offset;        /* in the line, of what is wrong */
    const char *wrong;    /* static English phrase */
    const char *wrong_key;
};

/* Splits the line (a trailing newline is allowed) into fields; the line must outlive the pick. O(length). */
void eki_json_pick_read(struct eki_json_pick *ret_pick, const char *line, size_t length);

/* True when the key is there and not null. */
bool eki_json_pick_has(const struct eki_json_pick *pick, const char *key);

/* Each sets the error when the key is missing or its value is of another kind or range, and returns zero (or
 * "") then. */
uint64_t eki_json_pick_unsigned(struct eki_json_pick *pick, const char *key, uint64_t most);
bool eki_json_pick_bool(struct eki_json_pick *pick, const char *key);
/* Unescaped into ret_text with a NUL; longer texts are an error. */
void eki_json_pick_text(struct eki_json_pick *pick, const char *key, char *ret_text, size_t capacity);
struct eki_address eki_json_pick_address(struct eki_json_pick *pick, const char *key);
/* null gives EKI_TIME_NONE. */
eki_time eki_json_pick_time(struct eki_json_pick *pick, const char *key);
/* The position of the text in a list that ends with NULL; an unlisted text is an error. */
unsigned eki_json_pick_choice(struct eki_json_pick *pick, const char *key, const char *const *choices);

/* Fills *ret_fault from the error; returns the error. */
enum eki_error eki_json_pick_fault(const struct eki_json_pick *pick, struct eki_fault *ret_fault);

#endif
