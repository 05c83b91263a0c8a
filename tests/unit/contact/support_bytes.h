/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_BYTES_H
#define SUPPORT_BYTES_H
/* Builds binary inputs: numbers in network order (put) or in Intel's (put_le), one behind the other. */
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t data[1 << 16];
    size_t length;
};

/* Appends the `n` lower bytes of a number. */
void put(struct bytes *b, unsigned n, uint64_t value);
void put_le(struct bytes *b, unsigned n, uint64_t value);
/* Appends a list of 16-bit numbers in network order that ends with -1. */
void put_list(struct bytes *b, const int *values);
/* Writes the length so far since `from` to the 16-bit field at `at`. */
void put_length(struct bytes *b, size_t at, size_t from);
/* Appends bytes. */
void put_bytes(struct bytes *b, const void *bytes, size_t n);

#endif
