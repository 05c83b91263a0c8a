/* SPDX-License-Identifier: Apache-2.0 */
#include "web/lines.h"

#include <inttypes.h>

#include "web/list.h"

/* Lines become items of an array: each newline but the last a comma. */
static void join(struct eki_buffer *text)
{
    for (size_t i = 0; i < text->length; i++)
        if (text->bytes[i] == '\n') text->bytes[i] = i + 1 < text->length ? ',' : ' ';
}

void eki_lines_begin_object(struct eki_buffer *out, const json_t *object)
{
    eki_buffer_json(out, object);
    if (!out->failed && out->length) out->length--;
}

void eki_lines_reply(struct eki_request *request, const struct eki_results_part *part)
{
    int64_t first = 0, limit = EKI_LIST_USUAL;
    struct eki_blocks blocks = {.file = -1};
    struct eki_buffer lines = {0}, out = {0};
    if (!eki_request_integer(request, "cursor", (struct eki_field){.most = INT64_C(1) << 40}, &first) ||
        !eki_request_integer(request, "limit", (struct eki_field){.least = 1, .most = EKI_LIST_MOST}, &limit))
        return;
    enum eki_error error = eki_results_open(request->web, part, &blocks);
    if (!error) error = eki_blocks_read(&blocks, (uint64_t)first, (uint64_t)limit, &lines);
    if (error) {
        eki_problem(request, 410, "This part of the result cannot be read: %s", eki_error_text(error));
    } else {
        join(&lines);
        eki_buffer_text(&out, "{\"items\":[");
        if (lines.length) eki_buffer_add(&out, lines.bytes, lines.length);
        if ((uint64_t)(first + limit) < blocks.lines)
            eki_buffer_print(&out, "],\"next\":\"%" PRId64 "\",\"total\":%" PRIu64 "}", first + limit,
                             blocks.lines);
        else
            eki_buffer_print(&out, "],\"next\":null,\"total\":%" PRIu64 "}", blocks.lines);
        eki_reply_buffer(request, "application/json", &out);
    }
    eki_blocks_done(&blocks);
    eki_buffer_done(&lines);
    eki_buffer_done(&out);
}
