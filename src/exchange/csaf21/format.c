/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/csaf/advisory.h"

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_csaf_fit(input, "2.1");
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    return eki_csaf_write(output, EKI_CSAF_2_1);
}

const struct eki_exchange_format eki_exchange_format_csaf21 = {
    .name = "csaf21",
    .title = "OASIS CSAF 2.1 advisory, profile csaf_security_incident_response",
    .labels = EKI_TLP_ALL,
    .needs_contact = true,
    .detect = detect,
    .read = eki_csaf_read,
    .write = write,
};
