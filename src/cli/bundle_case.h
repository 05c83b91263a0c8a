/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_BUNDLE_CASE_H
#define EKI_CLI_BUNDLE_CASE_H
/* A case of the store as the content of a bundle, and whose desk it is. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/incident.h"
#include "ekigaku/tlp.h"

struct eki_bundle_case {
    const char *store, *by, *to; /* to: id of the team it is for; NULL */
    int64_t of_case;
    eki_time now;
};

/* The case as an incident, and how wide the recipient is for it: named for one's own, as the tiers say for
 * what another team sent. Returns an exit status, after a message. */
int eki_bundle_case_read(const struct eki_bundle_case *wanted, struct eki_incident **ret_incident,
                         enum eki_tlp_audience *ret_audience);

/* Says whose desk the store is: bundles for others are refused then. As above. */
int eki_bundle_case_own(const char *store, const char *team, eki_time now);

#endif
