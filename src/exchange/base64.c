/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/base64.h"

#include <stdint.h>

const char *eki_base64(const char *bytes, size_t length, char *ret_text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = ret_text;
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++) bits = bits << 8 | (i + k < length ? (unsigned char)bytes[i + k] : 0);
        for (size_t k = 0; k < 4; k++) *out++ = i + k > length ? '=' : letters[bits >> (18 - 6 * k) & 63];
    }
    *out = '\0';
    return ret_text;
}
