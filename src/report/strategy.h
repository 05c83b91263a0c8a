/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_STRATEGY_H
#define EKI_REPORT_STRATEGY_H
/* The words for how a scanner searches and what was decided about it, for the terminal and the page. */
#include "report/figure.h"
#include "report/language.h"

/* "in order", "random", ... in the language; "not searched" for a scope without probes. */
const char *eki_report_strategy_words(enum eki_language language, const struct eki_strategy_finding *finding);

/* "in order / random": in the connected network / elsewhere, "-" where it did not search; for other shapes
 * and verdicts what it is. */
struct eki_sentence eki_report_search_words(enum eki_language language, const struct eki_scanner *scanner);

/* The verdict in the language. */
const char *eki_report_verdict_words(enum eki_language language, enum eki_verdict verdict);

/* "implant answered", "exploit completed", ... : what an infection is known from. */
const char *eki_report_evidence_words(enum eki_language language, const struct eki_infection *infection);

/* The grade of a sign in the language. */
const char *eki_report_grade_words(enum eki_language language, enum eki_grade grade);

/* What a source asks for, as a person reads it: "tcp/445"; "many ports" of one that tries the ports of a
 * host. */
struct eki_figure eki_report_asked(enum eki_language language, const struct eki_scanner *scanner);

/* The hosts whose ports a source searches, one scanner record each, as a list: "10.0.0.5, .6"; *ret_count
 * (may be NULL) says how many records they are. O(scanners). */
struct eki_sentence eki_report_victims(enum eki_language language, const struct eki_result *result,
                                       const struct eki_scanner *scanner, size_t *ret_count);

#endif
