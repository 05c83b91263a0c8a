/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_MARK_H
#define EKI_CASE_CASE_MARK_H
/* Notices that wait follow the label of their case. */
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

/* Notices of a case that wait to be sent get its stricter label; one that is stricter already keeps its own.
 * For a label that nobody chose: it tightens and widens nothing. EKI_ERROR_LIMIT when they are more than can
 * be read at once. O(notices). */
EKI_MUST_USE enum eki_error eki_case_tighten_notices(struct eki_store_work *work, int64_t of_case,
                                                     enum eki_tlp label);

#endif
