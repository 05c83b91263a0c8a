/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_INVENTORY_H
#define EKI_SIM_INVENTORY_H
/* Hosts from an inventory, as people keep it: a CSV file (RFC 4180, without quotes) with a header line. */
#include "ekigaku/simulation.h"

/* Reads the hosts of `path` into the scenario's subnets, which must be there and list no hosts yet. Columns,
 * in any order: address (IPv4, in the network of its department), department (name of a subnet), patched (yes
 * or no; optional: as the subnet says), credential (number or name of a password; optional, may be empty:
 * none). Other columns are ignored. EKI_ERROR_OPEN, _READ, _EMPTY, _CORRUPT, _LIMIT, _MEMORY; the fault names
 * file and line.
 */
EKI_MUST_USE enum eki_error eki_sim_inventory_read(const char *path, struct eki_scenario *scenario,
                                                   struct eki_fault *ret_fault);

#endif
