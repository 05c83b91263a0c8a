/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_DESK_OFFER_H
#define EKI_CASE_DESK_OFFER_H
/* Records of the directory that another team sends: proposals, never rows. */
#include "ekigaku/store.h"

struct eki_desk_offer {
    const char *lines; /* a record each, as in a directory file */
    const char *why;   /* of the proposals */
    const char *team;  /* who sends them */
    size_t proposed;   /* that are new */
    size_t known;      /* the directory says so already, or it is proposed already */
    size_t refused;    /* that are not of their form, or contradict the directory */
    char told[160];    /* why the first of these was refused; "" for none */
};

/* Makes a proposal of each record that is new or differs from the one of its kind and name. They are tried
 * together, so that a contact may follow its team; when they do not hold together none is proposed. Nobody
 * here asked for them, so anybody who may can approve. Errors are those of the work, _MEMORY; that records
 * are wrong is no error. O(n log n), n the records of the directory. */
EKI_MUST_USE enum eki_error eki_desk_offer(struct eki_store_work *work, const struct eki_store_act *act,
                                           struct eki_desk_offer *offer);

#endif
