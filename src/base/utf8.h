/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_UTF8_H
#define EKI_BASE_UTF8_H
/* Is it UTF-8? */
#include <stddef.h>

/* Length of the valid UTF-8 sequence at a text that ends with a NUL (RFC 3629), 0 when there is none. O(1).
 */
static inline size_t eki_utf8_length(const unsigned char *text)
{
    unsigned char a = text[0];
    size_t length = a < 0x80                ? 1
                    : a >= 0xc2 && a < 0xe0 ? 2
                    : a >= 0xe0 && a < 0xf0 ? 3
                    : a >= 0xf0 && a < 0xf5 ? 4
                                            : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    if (a == 0xe0 && text[1] < 0xa0) return 0;
    if (a == 0xed && text[1] >= 0xa0) return 0; /* surrogates */
    if (a == 0xf0 && text[1] < 0x90) return 0;
    if (a == 0xf4 && text[1] >= 0x90) return 0;
    return length;
}

#endif
