/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_MERGE_H
#define EKIGAKU_CASE_MERGE_H
/*
 * Two cases become one, or one becomes two: nothing is lost, and no owner is told twice.
 *
 * Merging moves everything that belongs to a case: hosts, notices, entries, tasks, evidence, indicators,
 * enquiries. A host that both have becomes one; what would tell it a second time and was not sent yet no
 * longer names it. The emptied case says where it went. Splitting moves hosts with the notices that name only
 * them.
 *
 *     error = eki_case_merge(work, &act, 8, 7, &fault);                      case 8 goes on as case 7
 *     const struct eki_case_splitting splitting = {.of_case = 7, .hosts = hosts, .count = 2};
 *     error = eki_case_split(work, &act, &splitting, &made, &fault);
 *
 * Errors are those of the work (ekigaku/store.h); the audit log has each row that moved. A thread has one
 * work.
 */
#include "ekigaku/catalogue.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

/* What becomes a case of its own. */
struct eki_case_splitting {
    int64_t of_case;
    const char *const *hosts; /* addresses as the case has them; each counts once */
    size_t count;
    const char *title;                     /* NULL or "": that of the case */
    const struct eki_catalogue *catalogue; /* whose playbooks lay its tasks; NULL: it has none */
};

/* Makes `from` a part of `into`. The label, the handling class and the moment when the team knew are the
 * stricter and the earlier of both. EKI_ERROR_MISSING, _ARGUMENT for a case and itself, _CONFLICT with the
 * reason when one of them was merged, `into` is closed, or a notice is being sent right now. O(rows log
 * rows). */
EKI_MUST_USE enum eki_error eki_case_merge(struct eki_store_work *work, const struct eki_store_act *act,
                                           int64_t from, int64_t into, struct eki_fault *ret_fault);

/* Makes a new case of some hosts of one. A notice that names only them goes along; one that names others too
 * and was not sent yet no longer names them, so that they are told by the new case. EKI_ERROR_MISSING for a
 * case or a host that it does not have, _CONFLICT with the reason when the case is over, none of its hosts
 * would stay, or a notice that was sent names hosts of both sides. O(rows log rows). */
EKI_MUST_USE enum eki_error eki_case_split(struct eki_store_work *work, const struct eki_store_act *act,
                                           const struct eki_case_splitting *splitting, int64_t *ret_case,
                                           struct eki_fault *ret_fault);

/* Another case, and how many of the hosts that were asked for it has. */
struct eki_case_shared {
    int64_t of_case; /* 0: none */
    size_t hosts;
};

/* The open case that has the most of the hosts of this one, of which the first thousand are asked for:
 * perhaps both are about the same, and one is to be merged into the other. Of a host the newest 65 cases
 * count; those that are over hide none of them. O(hosts log rows). */
EKI_MUST_USE enum eki_error eki_case_shared(struct eki_store_work *work, int64_t of_case,
                                            struct eki_case_shared *ret_shared);

#pragma GCC visibility pop

#endif
