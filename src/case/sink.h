/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_SINK_H
#define EKI_CASE_SINK_H
/* A text that grows. One that could not grow says so by `failed` and takes no more, so that a writer asks
 * once at its end. A zeroed one is empty; its bytes are freed with eki_free. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct eki_sink {
    char *bytes; /* always with a NUL behind `length` once something was added */
    size_t length, capacity;
    bool failed;
};

/* Adds bytes. Amortised O(length). */
void eki_sink_add(struct eki_sink *sink, const void *bytes, size_t length);

/* Adds a text up to its NUL; NULL adds nothing. */
void eki_sink_text(struct eki_sink *sink, const char *text);

/* A file that writes to the sink, to be closed before its bytes are read; NULL without memory. */
FILE *eki_sink_file(struct eki_sink *sink);

#endif
