/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_LETTER_TAG_H
#define EKI_CASE_LETTER_TAG_H
/* What a letter is known again by, so that it is filed once: a word for the store. */
#include "ekigaku/mail.h"

enum { EKI_LETTER_TAG = 5 + 32 + 1 };

/* "mail-" and a hash of the Message-ID; of sender, subject and text when it has none. O(length). */
void eki_letter_tag(const struct eki_letter *letter, char ret_tag[EKI_LETTER_TAG]);

/* The tag of a letter with this Message-ID, which is not "". O(length). */
void eki_letter_tag_of(const char *message_id, char ret_tag[EKI_LETTER_TAG]);

/* How many of the first `most` bytes of a text are whole characters. O(1). */
size_t eki_letter_cut(const char *text, size_t most);

#endif
