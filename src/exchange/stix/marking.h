/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_STIX_MARKING_H
#define EKI_EXCHANGE_STIX_MARKING_H
/* The marking definitions of TLP 2.0 (and, to be read, of TLP 1.0): their ids are fixed by the standard. */
#include <stdbool.h>

#include "ekigaku/tlp.h"

#define EKI_STIX_TLP_EXTENSION "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

/* The id of a label. Static. */
const char *eki_stix_marking(enum eki_tlp label);
/* The label of an id, of version 2.0 or 1.0. False when the id is neither. */
bool eki_stix_label(const char *id, enum eki_tlp *ret_label);

#endif
