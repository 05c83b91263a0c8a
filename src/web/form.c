/* SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

#include <string.h>

#include "web/utf8.h"

static int digit(char letter)
{
    if (letter >= '0' && letter <= '9') return letter - '0';
    letter = (char)(letter | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Decodes up to `length` bytes; the length of the result, room when it does not fit or is not well-formed. */
static size_t decode(const char *from, size_t length, char *to, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char letter = from[i] == '+' ? ' ' : from[i];
        if (letter == '%') {
            int high = i + 2 < length ? digit(from[i + 1]) : -1, low = high < 0 ? -1 : digit(from[i + 2]);
            if (low < 0) return room;
            letter = (char)(high * 16 + low);
            i += 2;
        }
        if (!letter || used + 1 >= room) return room;
        to[used++] = letter;
    }
    to[used] = '\0';
    return used;
}

bool eki_form_value(const char *body, size_t length, const char *name, char *ret_value, size_t room)
{
    size_t wanted = strlen(name);
    bool found = false;
    ret_value[0] = '\0';
    for (size_t at = 0; at < length;) {
        const char *field = body + at, *end = memchr(field, '&', length - at);
        size_t whole = end ? (size_t)(end - field) : length - at;
        at += whole + 1;
        if (whole <= wanted || field[wanted] != '=' || strncmp(field, name, wanted) != 0) continue;
        if (found) return false;
        size_t got = decode(field + wanted + 1, whole - wanted - 1, ret_value, room);
        found = got < room && eki_utf8_valid(ret_value, got);
        if (!found) return false;
    }
    return true;
}
