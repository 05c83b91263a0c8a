/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_EXPORT_CASE_H
#define EKI_CLI_EXPORT_CASE_H
/* A case of the store as an incident that may be exported. */
#include "cli/export_request.h"

/* Reads the case with the owners that may be told with it, told at `now`. An exit status, after a message. */
int eki_export_case(const struct eki_export_request *request, eki_time now,
                    struct eki_incident **ret_incident);

/* Notes in the audit log of the store that it was not let out; a message when that failed. */
void eki_export_case_refused(const struct eki_export_request *request, eki_time now);

#endif
