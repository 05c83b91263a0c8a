/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_CSAF_ADVISORY_H
#define EKI_EXCHANGE_CSAF_ADVISORY_H
/* Advisories of both versions of CSAF: they differ in their labels, in a member that names the schema, and in
 * what they call things of vulnerabilities. */
#include "exchange/format.h"

enum eki_csaf_version { EKI_CSAF_2_0 = 0, EKI_CSAF_2_1 };

/* Writes an advisory. EKI_ERROR_WRITE. */
enum eki_error eki_csaf_write(const struct eki_exchange_output *output, enum eki_csaf_version version);

/* Reads one of either version. EKI_ERROR_FORMAT without a document. */
enum eki_error eki_csaf_read(const struct eki_exchange_input *input, struct eki_builder *builder,
                             struct eki_fault *ret_fault);

/* Fit of a document whose version begins with this text: 100, or 0. */
unsigned eki_csaf_fit(const struct eki_exchange_input *input, const char *version);

#endif
