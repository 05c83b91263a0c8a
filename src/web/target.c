/* SPDX-License-Identifier: Apache-2.0 */
#include "web/target.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "web/utf8.h"

/* Where decoded bytes go. */
struct decoder {
    struct eki_cursor from;
    struct eki_target *target;
    size_t used;
    const char *why;
};

static int hex(uint8_t letter)
{
    if (letter >= '0' && letter <= '9') return letter - '0';
    letter |= 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* The byte at the cursor, decoded; -1 after setting `why`. */
static int next_byte(struct decoder *d, bool plus_is_space)
{
    uint8_t letter = eki_cursor_u8(&d->from);
    if (letter == '+' && plus_is_space) return ' ';
    if (letter == ' ') {
        d->why = "an address holds no blank";
        return -1;
    }
    if (letter != '%') return letter;
    int high = hex(eki_cursor_u8(&d->from)), low = hex(eki_cursor_u8(&d->from));
    if (!d->from.failed && high >= 0 && low >= 0) return high << 4 | low;
    d->why = "a percent sign stands for two hexadecimal digits";
    return -1;
}

static bool ends_part(uint8_t letter, const char *ends)
{
    return letter && strchr(ends, letter) != NULL;
}

/* One part up to a letter of `ends` (left at the cursor) or the end, NUL-terminated; NULL after `why`. */
static const char *take_part(struct decoder *d, const char *ends, bool in_query)
{
    char *start = d->target->text + d->used;
    while (d->from.left && !ends_part(d->from.at[0], ends)) {
        int letter = next_byte(d, in_query);
        if (letter < 0) return NULL;
        bool control = letter < 0x20 ? !(in_query && (letter == '\n' || letter == '\t' || letter == '\r'))
                                     : letter == 0x7f;
        if (control) {
            d->why = "control characters have no place in an address";
            return NULL;
        }
        d->target->text[d->used++] = (char)letter; /* decoded text is never longer than what it was made of */
    }
    size_t length = (size_t)(d->target->text + d->used - start);
    d->target->text[d->used++] = 0;
    if (eki_utf8_valid(start, length)) return start;
    d->why = "the address is not UTF-8";
    return NULL;
}

static bool is_trick(const char *segment)
{
    return !segment[0] || !strcmp(segment, ".") || !strcmp(segment, "..") || strpbrk(segment, "/\\") != NULL;
}

static enum eki_error take_path(struct decoder *d)
{
    struct eki_target *target = d->target;
    while (d->from.left && d->from.at[0] == '/') {
        eki_cursor_skip(&d->from, 1);
        if (!d->from.left || d->from.at[0] == '?') return EKI_OK; /* "/" at the end */
        if (target->segment_count == EKI_TARGET_SEGMENTS) {
            d->why = "the path has too many parts";
            return EKI_ERROR_LIMIT;
        }
        const char *segment = take_part(d, "/?", false);
        if (!segment) return EKI_ERROR_CORRUPT;
        if (is_trick(segment)) {
            d->why = "a part of the path is empty, dots only, or holds a slash";
            return EKI_ERROR_CORRUPT;
        }
        target->segments[target->segment_count++] = segment;
    }
    return EKI_OK;
}

static enum eki_error take_parameter(struct decoder *d)
{
    struct eki_target *target = d->target;
    const char *name = take_part(d, "=&", true), *value = "";
    if (!name) return EKI_ERROR_CORRUPT;
    if (d->from.left && d->from.at[0] == '=') {
        eki_cursor_skip(&d->from, 1);
        value = take_part(d, "&", true);
        if (!value) return EKI_ERROR_CORRUPT;
    }
    if (!name[0] && !value[0]) return EKI_OK;
    if (eki_target_parameter(target, name)) {
        d->why = "a parameter is given twice";
        return EKI_ERROR_CORRUPT;
    }
    if (target->parameter_count == EKI_TARGET_PARAMETERS) {
        d->why = "there are too many parameters";
        return EKI_ERROR_LIMIT;
    }
    target->parameters[target->parameter_count++] = (struct eki_parameter){name, value};
    return EKI_OK;
}

static enum eki_error parse(struct decoder *d)
{
    if (!d->from.left || d->from.at[0] != '/') {
        d->why = "the path does not begin with a slash";
        return EKI_ERROR_CORRUPT;
    }
    enum eki_error error = take_path(d);
    while (!error && d->from.left) {
        eki_cursor_skip(&d->from, 1); /* the ? or & */
        error = take_parameter(d);
    }
    return error;
}

enum eki_error eki_target_parse(const char *uri, size_t length, struct eki_target *ret_target,
                                const char **ret_why)
{
    struct decoder d = {.from = eki_cursor_over(uri, length), .target = ret_target};
    ret_target->segment_count = ret_target->parameter_count = 0;
    /* Each part takes a NUL more than its letters: those stand where its "/", "=", or "&" was, but for one.
     */
    if (length + 2 > EKI_TARGET_BYTES) {
        *ret_why = "the address is too long";
        return EKI_ERROR_LIMIT;
    }
    enum eki_error error = parse(&d);
    if (error) *ret_why = d.why;
    return error;
}

const char *eki_target_parameter(const struct eki_target *target, const char *name)
{
    for (size_t i = 0; i < target->parameter_count; i++)
        if (!strcmp(target->parameters[i].name, name)) return target->parameters[i].value;
    return NULL;
}
