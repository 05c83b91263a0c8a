/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

struct eki_json eki_json_to_file(FILE *file, bool pretty)
{
    return (struct eki_json){.file = file, .pretty = pretty};
}

struct eki_json eki_json_to_buffer(char *buffer, size_t capacity)
{
    return (struct eki_json){.buffer = buffer, .capacity = capacity};
}

static void put(struct eki_json *j, const char *bytes, size_t length)
{
    if (j->file) {
        if (fwrite_unlocked(bytes, 1, length, j->file) != length) j->failed = true;
    } else if (j->capacity - j->length > length) {
        memcpy(j->buffer + j->length, bytes, length);
        j->length += length;
        j->buffer[j->length] = '\0';
    } else {
        j->failed = true;
    }
}

static void put_text(struct eki_json *j, const char *text)
{
    put(j, text, strlen(text));
}

static void new_line(struct eki_json *j)
{
    if (!j->pretty) return;
    put(j, "\n", 1);
    for (unsigned i = 0; i < j->depth; i++) put(j, "  ", 2);
}

/* What stands before a value or a key: a comma, a line break, or nothing after a key. */
static void separate(struct eki_json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->depth) return;
    if (j->level[j->depth - 1].any) put(j, ",", 1);
    j->level[j->depth - 1].any = true;
    new_line(j);
}

static void open_level(struct eki_json *j, const char *open, char close)
{
    separate(j);
    put_text(j, open);
    if (j->depth == EKI_JSON_DEPTH) {
        j->failed = true;
        return;
    }
    j->level[j->depth].close = close;
    j->level[j->depth].any = false;
    j->depth++;
}

void eki_json_object(struct eki_json *j)
{
    open_level(j, "{", '}');
}

void eki_json_array(struct eki_json *j)
{
    open_level(j, "[", ']');
}

void eki_json_end(struct eki_json *j)
{
    if (!j->depth) {
        j->failed = true;
        return;
    }
    j->depth--;
    if (j->level[j->depth].any) new_line(j);
    put(j, &j->level[j->depth].close, 1);
}

static void put_escaped(struct eki_json *j, const char *text)
{
    put(j, "\"", 1);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t length = eki_utf8_length(p);
        char escape[8];
        if (*p == '"' || *p == '\\') {
            snprintf(escape, sizeof escape, "\\%c", *p);
            put_text(j, escape);
        } else if (*p < 0x20 || *p == 0x7f) {
            snprintf(escape, sizeof escape, "\\u%04x", *p);
            put_text(j, escape);
        } else if (length) {
            put(j, (const char *)p, length);
        } else {
            put_text(j, "\xef\xbf\xbd");
        }
        p += length ? length : 1;
    }
    put(j, "\"", 1);
}

void eki_json_key(struct eki_json *j, const char *key)
{
    separate(j);
    put_escaped(j, key);
    put_text(j, j->pretty ? ": " : ":");
    j->after_key = true;
}

void eki_json_text(struct eki_json *j, const char *text)
{
    separate(j);
    if (text)
        put_escaped(j, text);
    else
        put_text(j, "null");
}

void eki_json_unsigned(struct eki_json *j, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    separate(j);
    put_text(j, text);
}

void eki_json_integer(struct eki_json *j, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    separate(j);
    put_text(j, text);
}

void eki_json_bool(struct eki_json *j, bool value)
{
    separate(j);
    put_text(j, value ? "true" : "false");
}

void eki_json_null(struct eki_json *j)
{
    separate(j);
    put_text(j, "null");
}

void eki_json_fixed(struct eki_json *j, double value, int decimals)
{
    char text[352];
    if (!isfinite(value)) {
        eki_json_null(j);
        return;
    }
    snprintf(text, sizeof text, "%.*f", decimals, value);
    separate(j);
    put_text(j, text);
}

void eki_json_number(struct eki_json *j, double value)
{
    char text[40];
    if (!isfinite(value)) {
        eki_json_null(j);
        return;
    }
    snprintf(text, sizeof text, "%.9g", value);
    separate(j);
    put_text(j, text);
}

void eki_json_address(struct eki_json *j, struct eki_address address)
{
    char text[EKI_ADDRESS_TEXT];
    eki_json_text(j, eki_address_format(address, text));
}

void eki_json_time(struct eki_json *j, eki_time time)
{
    char text[EKI_TIME_TEXT];
    eki_json_text(j, time == EKI_TIME_NONE ? NULL : eki_time_format(time, text));
}

void eki_json_time_exact(struct eki_json *j, eki_time time)
{
    char text[EKI_TIME_TEXT];
    eki_json_text(j, time == EKI_TIME_NONE ? NULL : eki_time_format_exact(time, text));
}
