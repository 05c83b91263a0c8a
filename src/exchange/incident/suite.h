/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_INCIDENT_SUITE_H
#define EKI_EXCHANGE_INCIDENT_SUITE_H
/* Events, tasks and impacts of an incident in this program's own words. */
#include "exchange/build.h"
#include "exchange/json.h"

/* Writes the members "events", "tasks", "impacts"; none that is empty, so that what has none is written as it
 * was before there were any. */
void eki_incident_write_suite(struct eki_json *j, const struct eki_incident *incident);
/* Reads them. */
void eki_incident_read_suite(struct eki_builder *b, const json_t *root);

#endif
