/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST = 512, PRINTED = 1024 };

char *eki_buffer_room(struct eki_buffer *buffer, size_t length)
{
    if (buffer->failed) return NULL;
    size_t wanted = buffer->length + length + 1;
    if (wanted > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity * 2 : FIRST;
        while (capacity < wanted) capacity *= 2;
        char *grown = eki_reallocate(buffer->bytes, buffer->capacity, capacity, 1);
        if (!grown) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->length;
}

void eki_buffer_add(struct eki_buffer *buffer, const void *bytes, size_t length)
{
    char *room = eki_buffer_room(buffer, length);
    if (!room) return;
    if (length) memcpy(room, bytes, length);
    room[length] = 0;
    buffer->length += length;
}

void eki_buffer_text(struct eki_buffer *buffer, const char *text)
{
    if (text) eki_buffer_add(buffer, text, strlen(text));
}

void eki_buffer_print(struct eki_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    char *room = eki_buffer_room(buffer, PRINTED);
    if (!room) return;
    va_start(arguments, format);
    int length = vsnprintf(room, PRINTED, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= PRINTED)
        buffer->failed = true;
    else
        buffer->length += (size_t)length;
}

void eki_buffer_done(struct eki_buffer *buffer)
{
    eki_free(buffer->bytes);
    *buffer = (struct eki_buffer){0};
}

static ssize_t take(void *user, const char *bytes, size_t length)
{
    struct eki_buffer *buffer = user;
    eki_buffer_add(buffer, bytes, length);
    return buffer->failed ? 0 : (ssize_t)length;
}

FILE *eki_buffer_open(struct eki_buffer *buffer)
{
    return fopencookie(buffer, "w", (cookie_io_functions_t){.write = take});
}
