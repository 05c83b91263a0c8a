/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_TOLD_H
#define EKI_CASE_CASE_TOLD_H
/* What of a case's tasks and stage other teams are told. */
#include "ekigaku/incident.h"
#include "ekigaku/store.h"

/* Adds the steps of playbooks and the stage. Errors are the store's, _MEMORY, _LIMIT. O(tasks). */
EKI_MUST_USE enum eki_error eki_case_tell_work(struct eki_store_work *work, const struct eki_store_case *row,
                                               struct eki_incident *incident);

/* When that last changed; 0: never. As above. */
EKI_MUST_USE enum eki_error eki_case_work_changed(struct eki_store_work *work,
                                                  const struct eki_store_case *row, int64_t *ret_changed);

#endif
