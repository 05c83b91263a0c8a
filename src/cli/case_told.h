/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_CASE_TOLD_H
#define EKI_CLI_CASE_TOLD_H
/* One line for people after a small act: what was done, and what is next. */
#include "cli/case_desk.h"

/* "Case 3: the note stands in its timeline.", and the task of the case (of_case) that is due next; of_case is
 * where hosts went to when cases are merged or split. Errors are those of the work. */
EKI_MUST_USE enum eki_error eki_case_told_act(const struct eki_case_desk *desk, struct eki_store_work *work,
                                              int64_t of_case);

/* "Task 12 is done: Isolate the hosts.", and the one that is due next. Errors are those of the work. */
EKI_MUST_USE enum eki_error eki_case_told_task(const struct eki_case_desk *desk, struct eki_store_work *work,
                                               int64_t task);

#endif
