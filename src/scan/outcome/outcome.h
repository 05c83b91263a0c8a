/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_OUTCOME_H
#define EKI_SCAN_OUTCOME_H
/*
 * What the outcome of a first contact says about its source: a log likelihood ratio, searching against
 * ordinary. See README.md.
 */
#include <stdbool.h>

#include "ekigaku/contact.h"

/* The step for one first contact. `target_alive`: the target had been seen sending something before.
 * `known_peer`: it had exchanged data with this client. Natural logarithm. O(1). */
double eki_outcome_step(const struct eki_contact *contact, bool target_alive, bool known_peer);

/* The evidence at which a source is called a scanner: see README.md. */
#define EKI_SCAN_THRESHOLD 12.0

#endif
