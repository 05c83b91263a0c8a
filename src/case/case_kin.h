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

/* Told of each address; the text is the work's. Anything but EKI_OK ends it and is given back. */
typedef enum eki_error eki_case_host_told(void *user, const char *host);

/* Tells the addresses of all hosts of a case and of its kin: those that were split from it or it from, and
 * what they were merged into. A host may be told twice. O(hosts + kin). */
EKI_MUST_USE enum eki_error eki_case_kin_hosts(struct eki_store_work *work, int64_t of_case,
                                               eki_case_host_told *tell, void *user);

#endif
