/* SPDX-License-Identifier: Apache-2.0 */
#include "web/utf8.h"

#include <stdint.h>

#include "base/cursor.h"

/* Bytes that follow the first one and the range of the second; 0xff: cannot begin a character. */
static unsigned followers(uint8_t first, uint8_t *ret_low, uint8_t *ret_high)
{
    *ret_low = 0x80;
    *ret_high = 0xbf;
    if (first < 0x80) return 0;
    if (first >= 0xc2 && first <= 0xdf) return 1;
    if (first >= 0xe0 && first <= 0xef) {
        if (first == 0xe0) *ret_low = 0xa0;
        if (first == 0xed) *ret_high = 0x9f;
        return 2;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (first == 0xf0) *ret_low = 0x90;
        if (first == 0xf4) *ret_high = 0x8f;
        return 3;
    }
    return 0xff;
}

bool eki_utf8_valid(const char *bytes, size_t length)
{
    struct eki_cursor c = eki_cursor_over(bytes, length);
    while (c.left) {
        uint8_t low, high;
        unsigned more = followers(eki_cursor_u8(&c), &low, &high);
        if (more == 0xff) return false;
        for (; more; more--) {
            uint8_t next = eki_cursor_u8(&c);
            if (c.failed || next < low || next > high) return false;
            low = 0x80;
            high = 0xbf;
        }
    }
    return true;
}

size_t eki_utf8_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++) count += ((uint8_t)*text & 0xc0) != 0x80;
    return count;
}
