/* SPDX-License-Identifier: Apache-2.0 */
#include "web/buffer.h"

static int add_part(const char *bytes, size_t length, void *user)
{
    struct eki_buffer *buffer = user;
    eki_buffer_add(buffer, bytes, length);
    return buffer->failed ? -1 : 0;
}

void eki_buffer_json(struct eki_buffer *buffer, const json_t *json)
{
    if (!json ||
        json_dump_callback(json, add_part, buffer, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)))
        buffer->failed = true;
}
