/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/lines.h"

#include <string.h>

/* Bytes up to and with the line feed that ends the line; 0 when there is none in the window. */
static size_t line_length(const struct eki_source *source, bool quotes)
{
    if (!source->left) return 0;
    if (!quotes) {
        const uint8_t *end = memchr(source->at, '\n', source->left);
        return end ? (size_t)(end - source->at) + 1 : 0;
    }
    bool inside = false;
    size_t most = source->left < EKI_DIRECTORY_LINE + 1 ? source->left : EKI_DIRECTORY_LINE + 1;
    for (size_t i = 0; i < most; i++) {
        if (source->at[i] == '"') inside = !inside;
        if (source->at[i] == '\n' && !inside) return i + 1;
    }
    return 0;
}

enum eki_error eki_lines_next(struct eki_source *source, bool quotes, size_t *ret_length)
{
    size_t length = line_length(source, quotes);
    if (!length) {
        eki_source_fill(source, EKI_DIRECTORY_LINE + 1);
        if (source->error) return source->error;
        length = line_length(source, quotes);
        if (!length && source->ended) length = source->left;
        if (!length && source->left) return EKI_ERROR_LIMIT;
    }
    if (length > EKI_DIRECTORY_LINE) return EKI_ERROR_LIMIT;
    *ret_length = length;
    return EKI_OK;
}
