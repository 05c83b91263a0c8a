/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* fopencookie */
#include "case/sink.h"

#include <string.h>

#include "base/memory.h"

enum { LEAST = 256 };

void eki_sink_add(struct eki_sink *sink, const void *bytes, size_t length)
{
    if (sink->failed || !length) return;
    if (sink->capacity - sink->length <= length) {
        size_t wanted = sink->capacity ? sink->capacity : LEAST;
        while (wanted - sink->length <= length) wanted *= 2;
        char *grown = eki_reallocate(sink->bytes, sink->capacity, wanted, 1);
        sink->failed = !grown;
        if (!grown) return;
        sink->bytes = grown;
        sink->capacity = wanted;
    }
    memcpy(sink->bytes + sink->length, bytes, length);
    sink->length += length;
    sink->bytes[sink->length] = '\0';
}

void eki_sink_text(struct eki_sink *sink, const char *text)
{
    if (text) eki_sink_add(sink, text, strlen(text));
}

static ssize_t take(void *user, const char *bytes, size_t length)
{
    struct eki_sink *sink = user;
    eki_sink_add(sink, bytes, length);
    return sink->failed ? 0 : (ssize_t)length;
}

FILE *eki_sink_file(struct eki_sink *sink)
{
    return fopencookie(sink, "w", (cookie_io_functions_t){.write = take});
}
