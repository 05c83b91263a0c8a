/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_RECORD_H
#define EKI_ANALYSIS_RECORD_H
/* Reading back the lines that are not contacts, flows or signs; their writers are in state.h. */
#include "analysis/state.h"

/* Longer than any line that is written: a path of up to 512 bytes may need six for each when escaped. */
enum { EKI_RECORD_LINE = 4096 };

/* An input line becomes an entry of inputs[]; a limit line adds to the early limits. EKI_ERROR_CORRUPT (with
 * the place in the line), EKI_ERROR_LIMIT, EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_record_read_input(struct eki_analysis *analysis, const char *line,
                                                  size_t length, struct eki_fault *ret_fault);
EKI_MUST_USE enum eki_error eki_record_read_limit(struct eki_analysis *analysis, const char *line,
                                                  size_t length, struct eki_fault *ret_fault);

#endif
