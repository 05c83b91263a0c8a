/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_LANGUAGE_H
#define EKI_REPORT_LANGUAGE_H
/*
 * The words of the reports in two languages.
 *
 * Journey of a text: it stands in the source in English, marked EKI_TEXT("..."); po/ja.po holds its Japanese;
 * tools/po-to-c turns that file into the sorted table below at build time, so that no installed locale is
 * needed; eki_report_say() looks it up while a report is written. What is missing in the table stays English.
 * Places for values are {1} to {9}, because word order differs:
 *
 *     struct eki_sentence s;
 *     eki_report_fill(&s, language, EKI_TEXT("{1} of {2} hosts infected"), EKI_VALUES("14", "254"));
 */
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "ekigaku/report.h"

/* The values of a sentence: C strings, ended by NULL. */
#define EKI_VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct eki_text_pair {
    const char *english, *japanese;
};

/* Written by tools/po-to-c: sorted by the bytes of `english`; one entry of NULLs follows the last. */
extern const struct eki_text_pair eki_text_table[];
extern const size_t eki_text_count;

/* Long enough for the longest sentence with its values; what is longer is cut between characters. */
enum { EKI_SENTENCE = EKI_REPORT_SENTENCE };

struct eki_sentence {
    char text[EKI_SENTENCE];
};

/* The text in the language asked for, or `english` itself when there is no translation. Never NULL unless
 * `english` is. O(log n). */
const char *eki_report_say(enum eki_language language, const char *english);

/* Says `english` and puts values[0] for {1} and so on into *ret_sentence. `values` ends with NULL; a place
 * without value gives "". */
void eki_report_fill(struct eki_sentence *ret_sentence, enum eki_language language, const char *english,
                     const char *const *values);

/* A number with its noun: `one` when count is 1, else `many`; {1} is the number, grouped by thousands. */
struct eki_sentence eki_report_count(enum eki_language language, uint64_t count, const char *one,
                                     const char *many);

/* Appends `more` to a sentence, after a space in English and directly in Japanese; an empty one gets no
 * space. */
void eki_report_append(struct eki_sentence *sentence, enum eki_language language, const char *more);

/* Clauses with "; " between, each said in the language, as the lists of what a form cannot tell are made. */
struct eki_sentence eki_report_clauses(enum eki_language language, const char *english);

/* Appends one thing to a list: "a", "a, b", in Japanese with the ideographic comma. */
void eki_report_list(struct eki_sentence *sentence, enum eki_language language, const char *item);

#endif
