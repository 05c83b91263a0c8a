/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/paragraph.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\f';
}

bool eki_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_length)
{
    if (*at >= end) return false;
    const char *line = *at, *newline = memchr(line, '\n', (size_t)(end - line));
    const char *stop = newline ? newline : end;
    *at = newline ? newline + 1 : end;
    while (line < stop && is_blank(*line)) line++;
    while (stop > line && is_blank(stop[-1])) stop--;
    *ret_line = line;
    *ret_length = (size_t)(stop - line);
    return true;
}

bool eki_line_begins(const char *line, size_t length, const char *text)
{
    size_t wanted = strlen(text);
    return length >= wanted && !strncasecmp(line, text, wanted);
}
