/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_IODEF_DOCUMENT_H
#define EKI_EXCHANGE_IODEF_DOCUMENT_H
/* The two directions of an IODEF document. */
#include "exchange/format.h"

/* As the members of struct eki_exchange_format. */
enum eki_error eki_iodef_write(const struct eki_exchange_output *output);
enum eki_error eki_iodef_read(const struct eki_exchange_input *input, struct eki_builder *b,
                              struct eki_fault *ret_fault);

/* What the standard has no element for stands in AdditionalData under these names. */
#define EKI_IODEF_ROLE       "ekigaku:role"
#define EKI_IODEF_EVIDENCE   "ekigaku:evidence"
#define EKI_IODEF_CONFIDENCE "ekigaku:confidence"
#define EKI_IODEF_FAMILY     "ekigaku:family"
#define EKI_IODEF_INDICATOR  "ekigaku:indicator" /* and its kind after a dot */

#endif
