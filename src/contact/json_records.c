/* SPDX-License-Identifier: Apache-2.0 */
/* Objects out of lines and arrays (see json_records.h). */
#define _GNU_SOURCE
#include "contact/json_records.h"

#include <string.h>

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '[' || c == ']';
}

/* The length of the object at `at`, which begins with a bracket; 0 when it does not end before `end`. */
static size_t object_length(const char *at, const char *end)
{
    unsigned depth = 0;
    bool quoted = false;
    for (const char *c = at; c < end; c++) {
        if (quoted) {
            if (*c == '"') quoted = false;
            if (*c == '\\' && c + 1 < end) c++;
            continue;
        }
        if (*c == '"') quoted = true;
        if (*c == '{') depth++;
        if (*c == '}' && --depth == 0) return (size_t)(c + 1 - at);
    }
    return 0;
}

bool eki_json_records_first(const char *head, size_t length, const char **ret_object, size_t *ret_length)
{
    const char *at = head, *end = head + length;
    while (at < end && is_between(*at) && *at != ',' && *at != ']') at++;
    if (at == end || *at != '{') return false;
    size_t whole = object_length(at, end);
    *ret_object = at;
    *ret_length = whole ? whole : (size_t)(end - at);
    return true;
}

/* Lines, when the first one that holds anything is an object of its own. False: more bytes are needed. */
static bool decide(struct eki_json_records *records, const char *bytes, size_t length, bool ended)
{
    const char *at = bytes, *end = bytes + length;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop && !ended && length < EKI_LOG_RECORD) return false;
    records->lines = at < end && *at == '{' && object_length(at, stop ? stop : end);
    records->decided = true;
    return true;
}

/* What is left of a window of bytes. */
struct rest {
    const char *window, *at, *end;
    bool ended;
};

/* Up to and with the line's end; what is longer than a record is rejected once and passed over. */
static size_t take_line(struct eki_json_records *records, struct eki_log_reading *r, const struct rest *rest)
{
    size_t left = (size_t)(rest->end - rest->at), at = (size_t)(rest->at - rest->window);
    const char *stop = memchr(rest->at, '\n', left);
    if (!stop && !rest->ended && left < EKI_LOG_RECORD) return 0;
    bool too_long = !stop && !rest->ended;
    r->record += !records->passes_over;
    if (too_long && !records->passes_over) eki_log_reject(r, at, "a line of more than 1 MiB");
    size_t text = stop ? (size_t)(stop - rest->at) : left;
    while (text && (rest->at[text - 1] == '\r' || rest->at[text - 1] == ' ')) text--;
    if (text && !too_long && !records->passes_over) records->each(r, rest->at, text, at);
    records->passes_over = too_long;
    return stop ? (size_t)(stop + 1 - rest->at) : left;
}

/* One object and what stands before it; 0 when the rest of it is still to come. */
static size_t take_object(struct eki_json_records *records, struct eki_log_reading *r,
                          const struct rest *rest)
{
    const char *start = rest->at;
    while (start < rest->end && is_between(*start)) start++;
    if (start == rest->end) return (size_t)(start - rest->at);
    if (*start != '{') {
        r->record++;
        eki_log_reject(r, (size_t)(start - rest->window), "no object: { is missing");
        const char *next = memchr(start, '{', (size_t)(rest->end - start));
        return (size_t)((next ? next : rest->end) - rest->at);
    }
    size_t whole = object_length(start, rest->end);
    if (!whole) return (size_t)(start - rest->at);
    r->record++;
    records->each(r, start, whole, (size_t)(start - rest->window));
    return (size_t)(start + whole - rest->at);
}

size_t eki_json_records_take(struct eki_json_records *records, struct eki_log_reading *r,
                             const uint8_t *bytes, size_t length, bool ended)
{
    const char *text = (const char *)bytes;
    struct rest rest = {text, text, text + length, ended};
    if (!records->decided && !decide(records, text, length, ended)) return 0;
    while (rest.at < rest.end && rest.at - text < EKI_LOG_WINDOW && !r->error) {
        size_t used = records->lines ? take_line(records, r, &rest) : take_object(records, r, &rest);
        rest.at += used;
        if (!used) break;
    }
    return (size_t)(rest.at - text);
}
