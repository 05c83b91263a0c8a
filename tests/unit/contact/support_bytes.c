/* SPDX-License-Identifier: Apache-2.0 */
#include "support_bytes.h"

#include "support_log.h"

void put(struct bytes *b, unsigned n, uint64_t value)
{
    assert_true(b->length + n <= sizeof b->data);
    for (unsigned i = n; i-- > 0;) b->data[b->length++] = i < 8 ? (uint8_t)(value >> 8 * i) : 0;
}

void put_le(struct bytes *b, unsigned n, uint64_t value)
{
    assert_true(b->length + n <= sizeof b->data);
    for (unsigned i = 0; i < n; i++) b->data[b->length++] = i < 8 ? (uint8_t)(value >> 8 * i) : 0;
}

void put_list(struct bytes *b, const int *values)
{
    while (*values >= 0) put(b, 2, (uint64_t)*values++);
}

void put_length(struct bytes *b, size_t at, size_t from)
{
    b->data[at] = (uint8_t)((b->length - from) >> 8);
    b->data[at + 1] = (uint8_t)(b->length - from);
}

void put_bytes(struct bytes *b, const void *bytes, size_t n)
{
    assert_true(b->length + n <= sizeof b->data);
    memcpy(b->data + b->length, bytes, n);
    b->length += n;
}
