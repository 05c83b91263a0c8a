/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_BUFFER_H
#define EKI_BASE_BUFFER_H
/*
 * Bytes that grow: bodies that come in, replies and messages that go out. A buffer that could not grow says
 * so by `failed` and takes no more, so that a writer asks once at its end. A zeroed one is empty;
 * eki_buffer_done frees it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct eki_buffer {
    char *bytes; /* always with a NUL behind `length` once something was added */
    size_t length, capacity;
    bool failed;
};

/* Adds bytes. Amortised O(length). */
void eki_buffer_add(struct eki_buffer *buffer, const void *bytes, size_t length);
/* Adds a text up to its NUL; NULL adds nothing. */
void eki_buffer_text(struct eki_buffer *buffer, const char *text);
/* Adds as printf does; more than 1 KiB at once sets `failed`. */
void eki_buffer_print(struct eki_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Makes room for `length` further bytes, which the caller writes and counts; NULL without memory. */
char *eki_buffer_room(struct eki_buffer *buffer, size_t length);
/* A FILE whose bytes are added; NULL without memory. The caller closes it. */
FILE *eki_buffer_open(struct eki_buffer *buffer);
/* Frees it; it is empty again. */
void eki_buffer_done(struct eki_buffer *buffer);

#endif
