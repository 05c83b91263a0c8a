/* SPDX-License-Identifier: Apache-2.0 */
#include "case/receive_text.h"

#include <string.h>

#include "base/utf8.h"

/* C0, DEL and C1, which steer terminals; of several lines, their ends and tabs may stay. */
static bool is_control(const char *text, size_t length, bool one_line)
{
    unsigned char a = (unsigned char)text[0];
    if (!one_line && (a == '\n' || a == '\t')) return false;
    return a < 0x20 || a == 0x7f || (length == 2 && a == 0xc2 && (unsigned char)text[1] < 0xa0);
}

const char *eki_receive_plain(struct eki_arena *arena, const char *text, size_t most, bool one_line)
{
    if (!text) return "";
    size_t length = strnlen(text, most + 4), used = 0; /* a letter has at most 4 bytes */
    char *copy = eki_arena_take(arena, length + 1, 1);
    if (!copy) return NULL;
    for (size_t at = 0; text[at];) {
        size_t letter = eki_utf8_length((const unsigned char *)text + at);
        size_t step = letter ? letter : 1;
        if (used + step > most) break;
        if (!letter)
            copy[used++] = '?';
        else if (is_control(text + at, letter, one_line))
            copy[used++] = ' ';
        else {
            memcpy(copy + used, text + at, letter);
            used += letter;
        }
        at += step;
    }
    copy[used] = '\0';
    return copy;
}

bool eki_receive_is_plain(const char *text, size_t most)
{
    size_t at = 0;
    while (text[at]) {
        size_t letter = eki_utf8_length((const unsigned char *)text + at);
        if (!letter || is_control(text + at, letter, true)) return false;
        at += letter;
        if (at > most) return false;
    }
    return at > 0;
}
