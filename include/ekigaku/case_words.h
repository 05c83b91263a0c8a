/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_WORDS_H
#define EKIGAKU_CASE_WORDS_H
/*
 * The timeline of a case in the language of its reader. What people wrote stays as they wrote it; what the
 * program wrote is kept as the name of a sentence and the values of its places, and becomes a sentence here.
 *
 *     char room[EKI_CASE_WORDS];
 *     puts(eki_case_entry_words(&entry, EKI_JAPANESE, room));
 */
#include "ekigaku/report.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

enum { EKI_CASE_WORDS = 4096 /* bytes that a sentence takes with its values; what is longer is cut */ };

/* The text of an entry: that of the row for what a person wrote or what this version has no sentence for,
 * else the sentence in `room`. Pure. Any thread. O(length). */
const char *eki_case_entry_words(const struct eki_store_case_entry *entry, enum eki_language language,
                                 char room[EKI_CASE_WORDS]);

/* The word for a name of a closed list of the store: states of cases ("desk"), hosts ("host"), notices
 * ("notice"), tasks ("task"), enquiries ("enquiry"); kinds of entries of the timeline ("entry") and of an
 * enquiry ("thread"), of indicators ("indicator"), of evidence for an infection ("evidence"); "department",
 * "route", "known", "deadline", what became of a file of evidence ("seen") and of what was received
 * ("receive"), "role" of a host. `name` itself when it is none of the list. Pure. Any thread. O(names). */
const char *eki_case_word_in(enum eki_language language, const char *group, const char *name);

#pragma GCC visibility pop

#endif
