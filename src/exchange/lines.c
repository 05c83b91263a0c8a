/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/lines.h"

#include <string.h>

#include "exchange/json.h"

static size_t line_length(const char *bytes, size_t length)
{
    const char *newline = memchr(bytes, '\n', length);
    return newline ? (size_t)(newline - bytes) : length;
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') return false;
    return true;
}

static enum eki_error each_line(const struct eki_exchange_input *input, struct eki_builder *b,
                                void (*take)(struct eki_builder *b, const json_t *object),
                                struct eki_fault *ret_fault)
{
    size_t line = 0, cut = 0, first_cut = 0;
    for (size_t at = 0, length; at < input->length && !b->error; at += length + 1) {
        json_t *object;
        line++;
        struct eki_fault fault = {0};
        length = line_length(input->bytes + at, input->length - at);
        if (is_blank(input->bytes + at, length)) continue;
        enum eki_error error = eki_json_load(input->bytes + at, length, &object, &fault);
        if (error == EKI_ERROR_MEMORY) return error;
        if (error && !at) {
            if (ret_fault) *ret_fault = fault;
            return error;
        }
        if (error) {
            if (!cut++) first_cut = line;
            b->passed++;
            continue;
        }
        take(b, object);
        json_decref(object);
    }
    eki_build_cut(b, cut, first_cut);
    return EKI_OK;
}

enum eki_error eki_json_lines(const struct eki_exchange_input *input, struct eki_builder *b,
                              void (*take)(struct eki_builder *b, const json_t *object),
                              struct eki_fault *ret_fault)
{
    size_t i;
    json_t *object;
    if (json_is_object(input->json)) take(b, input->json);
    json_array_foreach(input->json, i, object) take(b, object);
    return input->json ? EKI_OK : each_line(input, b, take, ret_fault);
}

bool eki_json_lines_have(const struct eki_exchange_input *input, const char *member)
{
    json_t *first = NULL;
    if (json_is_object(input->json)) return json_object_get(input->json, member);
    if (input->json) return json_object_get(json_array_get(input->json, 0), member);
    if (*input->bytes != '{' ||
        eki_json_load(input->bytes, line_length(input->bytes, input->length), &first, NULL))
        return false;
    bool has = json_object_get(first, member) != NULL;
    json_decref(first);
    return has;
}
