/* SPDX-License-Identifier: Apache-2.0 */
/* Says what a STIX bundle looks like, and ties its two directions together. */
#include <string.h>

#include "exchange/format.h"
#include "exchange/json.h"
#include "exchange/stix/bundle.h"

static unsigned detect(const struct eki_exchange_input *input)
{
    const char *type = eki_json_member(input->json, "type"), *id = eki_json_member(input->json, "id");
    if (!type || strcmp(type, "bundle") != 0) return 0;
    return id && !strncmp(id, "bundle--", 8) ? 100 : 50;
}

const struct eki_exchange_format eki_exchange_format_stix = {
    .name = "stix",
    .title = "OASIS STIX 2.1 bundle with TLP 2.0 markings and the incident extension suite",
    .labels = EKI_TLP_ALL,
    .detect = detect,
    .read = eki_stix_read,
    .write = eki_stix_write,
};
