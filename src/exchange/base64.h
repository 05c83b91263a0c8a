/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_BASE64_H
#define EKI_EXCHANGE_BASE64_H
/* Base 64 (RFC 4648, 4), to be written. */
#include <stddef.h>

/* Room for `length` bytes encoded, with a NUL. */
#define EKI_BASE64_ROOM(length) (((length) + 2) / 3 * 4 + 1)

/* Encodes into ret_text, which has room; returns it. O(length). */
const char *eki_base64(const char *bytes, size_t length, char *ret_text);

#endif
