/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_SCENARIO_H
#define EKI_WEB_SCENARIO_H
/* Scenarios that came with the program, under numbers below zero; those people wrote are rows of the store.
 */
#include "web/description.h"

extern const struct eki_embedded eki_scenario_files[]; /* ended by an entry without name */

/* The line that a fault of a scenario names; 0 when it names none. */
int eki_scenario_line(const struct eki_fault *fault);

#endif
