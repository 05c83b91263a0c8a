/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_RECEIVE_TEXT_H
#define EKI_CASE_RECEIVE_TEXT_H
/* Texts of strangers on their way into rows. */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A copy of at most `most` bytes, cut between letters; control characters (of one line: also line ends)
 * become blanks, bytes that are no UTF-8 question marks. "" for NULL; NULL without memory. O(length). */
const char *eki_receive_plain(struct eki_arena *arena, const char *text, size_t most, bool one_line);

/* Is it one line of UTF-8 of 1 to `most` bytes, without control characters? */
bool eki_receive_is_plain(const char *text, size_t most);

#endif
