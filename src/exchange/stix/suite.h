/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_STIX_SUITE_H
#define EKI_EXCHANGE_STIX_SUITE_H
/*
 * What both directions know of the OASIS incident extension suite.
 *
 * Hosts, edges and family of an incident are told as events and an impact besides. Their ids follow from the
 * incident, so that whoever reads a bundle of this program knows these again and does not take them for
 * something more.
 */
#include <jansson.h>

#include "exchange/build.h"

#define EKI_STIX_INCIDENT_CORE "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
#define EKI_STIX_EVENT         "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"
#define EKI_STIX_IMPACT        "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9"
#define EKI_STIX_TASK          "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030"
#define EKI_STIX_CONTACT       "extension-definition--66e2492a-bbd3-4be6-88f5-cc91a017a498"

/* Names from which the ids follow of what is told besides; that of a host's event is its own name. */
#define EKI_STIX_OUTBREAK  " outbreak"
#define EKI_STIX_INFECTION " infection"

/* An id that follows from type, incident and name. `ret_id` has room for EKI_STIX_ID. Returns it. */
const char *eki_stix_id_of(const char *type, const char *incident, const char *name, char *ret_id);

/* True for one of the words of the suite under which it is told how an event stands, a task ended, how an
 * incident is worked on. */
bool eki_stix_is_status(const char *word);
bool eki_stix_is_outcome(const char *word);
bool eki_stix_is_stage(const char *word);

/* A category of impact: the members of its extension, NULL for one that it has not. */
struct eki_stix_category {
    const char *name;
    const char *what;         /* what it is about; needed unless `how` is "none" */
    const char *how;          /* needed */
    const char *const *words; /* the only ones `how` may be, NULL at the end; NULL: any */
};

/* NULL when it is none of the suite. Static. */
const struct eki_stix_category *eki_stix_category(const char *name);
/* True for a word that `how` may be. */
bool eki_stix_is_how(const struct eki_stix_category *category, const char *word);

/* Reads events, tasks and impacts, after the hosts and the incident itself. `index`: ids of the bundle and
 * their objects; `host_of`: ids of infrastructures and addresses and the positions of their hosts. */
void eki_stix_read_suite(struct eki_builder *b, const json_t *objects, const json_t *index,
                         const json_t *host_of);

#endif
