/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_MATCH_H
#define EKI_CASE_CASE_MATCH_H
/* Which case an outbreak belongs to. */
#include "ekigaku/case.h"

/* Why an outbreak is no more of the case's: *ret_why, static English, or NULL when it is. A case that was
 * made of no outbreak takes any. */
EKI_MUST_USE enum eki_error eki_case_objection(struct eki_store_work *work, const struct eki_store_case *row,
                                               const struct eki_store_outbreak *outbreak,
                                               const char **ret_why);

/* What was found. */
struct eki_case_match {
    int64_t of_case; /* the open case it belongs to; 0: none */
    size_t fits;     /* open cases that it may belong to; of_case is one of them */
    bool had;        /* a case was made of this very outbreak, which may be over */
};

/* The open case that was made of this outbreak or goes on in the place of one that was; when there was none,
 * those that fit as ekigaku/case_rule.h says. O(infections log hosts of all cases + cases that share one). */
EKI_MUST_USE enum eki_error eki_case_match(struct eki_store_work *work,
                                           const struct eki_store_outbreak *outbreak,
                                           struct eki_case_match *ret_match);

/* Does it show an infected host that neither the case nor its kin has? O(infections log hosts). */
EKI_MUST_USE enum eki_error eki_case_lacks(struct eki_store_work *work, int64_t of_case,
                                           const struct eki_store_outbreak *outbreak, bool *ret_lacks);

#endif
