/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SIMULATE_FOLDER_H
#define EKI_CLI_SIMULATE_FOLDER_H
/* The files of "ekigaku simulate --out". */
#include "cli/simulate_request.h"
#include "ekigaku/simulation.h"

/* All runs as summary and curve, the first of them as tree and events, and traffic with its truth where that
 * is possible. Each file appears only when it is whole. 0, or EKI_EXIT_FAILED after one line on standard
 * error. */
int eki_simulate_folder(const struct eki_simulate_request *request, const struct eki_scenario *scenario,
                        const struct eki_ensemble *ensemble);

#endif
