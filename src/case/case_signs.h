/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_SIGNS_H
#define EKI_CASE_CASE_SIGNS_H
/* What an outbreak shows that others can look for becomes indicators of its case, in the same way as what
 * another team sends (case/receive_rows.h). */
#include "ekigaku/store.h"

/* Adds the kill switches of an outbreak, the files that it dropped, and the addresses in public networks of
 * its hosts and of those that searched for its service; what the case has stays as it is. Errors are those of
 * the work, _MEMORY, _LIMIT. O(n log n). */
EKI_MUST_USE enum eki_error eki_case_take_signs(struct eki_store_work *work, const struct eki_store_act *act,
                                                int64_t of_case, const struct eki_store_outbreak *outbreak);

#endif
