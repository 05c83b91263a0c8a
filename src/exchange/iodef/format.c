/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/iodef/document.h"
#include "exchange/xml.h"

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_xml_begins(input->bytes, input->length, "IODEF-Document") ? 100 : 0;
}

const struct eki_exchange_format eki_exchange_format_iodef = {
    .name = "iodef",
    .title = "IODEF version 2 (RFC 7970)",
    .labels = EKI_TLP_FOUR,
    .detect = detect,
    .read = eki_iodef_read,
    .write = eki_iodef_write,
};
