/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_SORTER_H
#define EKI_ANALYSIS_SORTER_H
/* Entries of all logs that are read side by side, put in the order of time (order.h), freed of those that two
 * sensors have seen (twice.h), and fed to the stages in groups. */
#include "analysis/state.h"
#include "ekigaku/log.h"

/* Makes it, once. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sorter_start(struct eki_analysis *analysis);

/* Takes a copy of an entry as one of `input`, `offset` later; an error is noted in the analysis. */
void eki_sorter_add(struct eki_analysis *analysis, const struct eki_log_entry *entry, uint16_t input,
                    eki_time offset);

/* Feeds on what began up to `until` (EKI_TIME_LATEST: all). Nothing when it was never started. */
void eki_sorter_release(struct eki_analysis *analysis, eki_time until);

/* True when entries wait that would be handed on early if as many more came. */
bool eki_sorter_is_half_full(const struct eki_analysis *analysis);

/* Entries that came too late to be put in order. */
uint64_t eki_sorter_late(const struct eki_analysis *analysis);

struct eki_sorter;
/* NULL is allowed. */
void eki_sorter_free(struct eki_sorter *sorter);

#endif
