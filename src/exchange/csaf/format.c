/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/csaf/advisory.h"

/* Also versions that nobody has heard of: what they share with this one is read. */
static unsigned detect(const struct eki_exchange_input *input)
{
    unsigned fit = eki_csaf_fit(input, "");
    return eki_csaf_fit(input, "2.1") ? 0 : fit;
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    return eki_csaf_write(output, EKI_CSAF_2_0);
}

const struct eki_exchange_format eki_exchange_format_csaf = {
    .name = "csaf",
    .title = "OASIS CSAF 2.0 advisory, profile csaf_security_incident_response",
    .labels = EKI_TLP_FOUR,
    .needs_contact = true,
    .detect = detect,
    .read = eki_csaf_read,
    .write = write,
};
