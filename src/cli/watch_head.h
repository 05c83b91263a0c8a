/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_HEAD_H
#define EKI_CLI_WATCH_HEAD_H
/*
 * How a file begins: tells it from another one of the same number. File systems give the number of a file
 * that is gone to the next one, and rings of captures are written over in place.
 */
#include <stdbool.h>
#include <stdint.h>

/* Behind what all files of a kind share: a capture's header has 24 bytes, its first packet a time. */
enum { EKI_WATCH_HEAD = 256 };

struct eki_watch_head {
    uint32_t length; /* 0: nothing is known, which fits every file */
    uint64_t hash;
};

/* Reads it, as long as `path` is the file of that number; false, *ret_head untouched, when it is not or
 * cannot be read. */
bool eki_watch_head_take(const char *path, uint64_t number, struct eki_watch_head *ret_head);

/* Does the file begin like that? */
bool eki_watch_head_fits(const char *path, const struct eki_watch_head *head);

#endif
