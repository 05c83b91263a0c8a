/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_KIN_H
#define EKI_CASE_CASE_KIN_H
/* Cases that came out of one by splitting and merging: a host that one of them has is new to none. */
#include "ekigaku/store.h"

/* The case that goes on in the place of a merged one; the case itself when it was not merged.
 * EKI_ERROR_MISSING.
 */
EKI_MUST_USE enum eki_error eki_case_follow(struct eki_store_work *work, int64_t of_case,
                                            struct eki_store_case *ret_case);

/* The case when something may still be added to it. One that was merged is empty and stays so:
 * EKI_ERROR_CONFLICT and a fault that names the case that goes on. EKI_ERROR_MISSING. ret_case may be NULL.
 * O(merges in a row). */
EKI_MUST_USE enum eki_error eki_case_takes(struct eki_store_work *work, int64_t of_case,
                                           struct eki_store_case *ret_case, struct eki_fault *ret_fault);

/* Addresses; the texts are the work's. */
struct eki_kin_hosts {
    const char **hosts; /* sorted */
    size_t count, room;
};

/* The hosts of a case and of its kin: of all cases that hang together with it by splitting and merging, over
 * however many steps. `kin` is empty before, and freed with eki_kin_done also after an error: _MISSING,
 * _MEMORY, _LIMIT when more cases hang together than can be walked. O(n log n + cases^2). */
EKI_MUST_USE enum eki_error eki_case_kin_hosts(struct eki_store_work *work, int64_t of_case,
                                               struct eki_kin_hosts *kin);

/* Is it an address of these? O(log n). */
bool eki_kin_has(const struct eki_kin_hosts *kin, const char *host);

/* Frees it; it is empty again. */
void eki_kin_done(struct eki_kin_hosts *kin);

#endif
