/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ERROR_H
#define EKIGAKU_ERROR_H
/*
 * The closed list of what can go wrong.
 *
 * Every call of the library that can fail returns an enum eki_error; EKI_OK is zero. The library never logs,
 * prints or ends the process. Where the place matters (which file, which byte), the call also fills a struct
 * eki_fault, which the program turns into its one-line message:
 *
 *     struct eki_fault fault = {0};
 *     enum eki_error error = eki_source_open("a.pcap", &source, &fault);
 *     if (error) fprintf(stderr, "a.pcap: offset %" PRIu64 ": %s: %s\n", fault.offset, eki_error_text(error),
 * fault.what);
 */
#include <stdint.h>

#pragma GCC visibility push(default)

#define EKI_MUST_USE __attribute__((warn_unused_result))

enum eki_error {
    EKI_OK = 0,
    EKI_ERROR_MEMORY,      /* an allocation failed */
    EKI_ERROR_OPEN,        /* a path could not be opened (missing, not permitted, a directory) */
    EKI_ERROR_READ,        /* the system failed while reading */
    EKI_ERROR_WRITE,       /* the system failed while writing (disk full, pipe closed) */
    EKI_ERROR_FORMAT,      /* the content is of no known format */
    EKI_ERROR_EMPTY,       /* the input holds no byte at all */
    EKI_ERROR_TRUNCATED,   /* the input ends inside a record */
    EKI_ERROR_CORRUPT,     /* a length or field contradicts the format */
    EKI_ERROR_UNSUPPORTED, /* well-formed, but of a kind that is not read */
    EKI_ERROR_LIMIT,       /* a hard limit was reached */
    EKI_ERROR_ARGUMENT,    /* the caller asked for something impossible */
    EKI_ERROR_STOPPED,     /* the caller asked for an early end */
    EKI_ERROR_MISSING,     /* what was asked for is not there */
    EKI_ERROR_CONFLICT,    /* it contradicts what is kept already */
    EKI_ERROR_COUNT        /* not an error: how many there are */
};

/* Where and what. `offset` is the byte offset in the (uncompressed) input; `what` is a short English phrase,
 * never NULL- terminated beyond its array, "" when there is nothing to add. */
struct eki_fault {
    uint64_t offset;
    char what[160];
};

/* The one-line English text of an error: static, never NULL, also for values outside the list. Any thread.
 * O(1). */
const char *eki_error_text(enum eki_error error);

/* Fills *ret_fault from a printf format; a NULL ret_fault is allowed and ignored. Returns `error`, so that
 * `return eki_fault_set(fault, EKI_ERROR_CORRUPT, offset, "length %u", n);` reads as one step. Any thread. */
enum eki_error eki_fault_set(struct eki_fault *ret_fault, enum eki_error error, uint64_t offset,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#pragma GCC visibility pop

#endif
