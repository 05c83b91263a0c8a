/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_DEADLINE_ROW_H
#define EKI_CASE_DEADLINE_ROW_H
/* Profiles of deadlines as the store keeps them. */
#include "ekigaku/deadline.h"

/* Does a profile of this name come along? O(1). */
bool eki_deadline_shipped(const char *profile);

/* The steps of a profile of one's own (NULL: of all), in order of their making. O(steps). */
EKI_MUST_USE enum eki_error eki_deadline_rows(struct eki_store_work *work, const char *profile,
                                              struct eki_store_deadline_step **ret_rows, size_t *ret_count);

/* The profiles that run for a case (NULL: for the desk): names, "-" for none, "" for all. O(1). */
EKI_MUST_USE enum eki_error eki_deadline_chosen(struct eki_store_work *work, const struct eki_store_case *of,
                                                const char **ret_words);

#endif
