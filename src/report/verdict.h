/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_VERDICT_H
#define EKI_REPORT_VERDICT_H
/*
 * The verdict in words, and what to do now: the two things a person with a telephone at the ear reads first.
 * Both are made here from the result alone, so that the terminal, the page and the facts say the same.
 */
#include <stddef.h>

#include "report/language.h"

enum { EKI_ADVICE_LINES = 8, EKI_SPREADERS = 3 };

struct eki_advice {
    struct eki_sentence lines[EKI_ADVICE_LINES];
    size_t count;
};

/* What the result says, in a few short sentences; the first word is the verdict. */
struct eki_sentence eki_report_verdict(enum eki_language language, const struct eki_result *result);

/* What to do now, the most urgent first. At least one line. */
void eki_report_advise(enum eki_language language, const struct eki_result *result,
                       struct eki_advice *ret_advice);

/* True when all that was read came from logs, so that conversations count and not packets. */
bool eki_report_only_logs(const struct eki_result *result);

/* The outbreak with most infections, the earlier of two alike; NULL without any. */
const struct eki_outbreak *eki_report_largest(const struct eki_result *result);

/* The first scanner with verdict `verdict`, NULL without any; *ret_count (may be NULL) is how many there are.
 */
const struct eki_scanner *eki_report_first_scanner(const struct eki_result *result, enum eki_verdict verdict,
                                                   size_t *ret_count);

/* Writes indices of infections to isolate first: those that infected most others, then those that search,
 * then the earlier. Returns how many; 0 also when there was no memory to rank them. O(n log n). */
size_t eki_report_rank_spreaders(const struct eki_outbreak *outbreak, size_t ret_indices[EKI_SPREADERS]);

/* True for a member that stands outside the networks looked after: nobody infected it and its address is a
 * public one. */
bool eki_report_is_outsider(const struct eki_infection *infection);

#endif
