/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a contact, flow or sign line: what is accepted is valid, and reads the same after being
 * written. */
#include <stdlib.h>
#include <string.h>

#include "ekigaku/contact.h"
#include "ekigaku/flow.h"
#include "ekigaku/sign.h"

static void try_contact(const char *line, size_t length)
{
    struct eki_contact contact, again;
    struct eki_fault fault;
    if (eki_contact_read(line, length, &contact, &fault)) return;
    char written[EKI_CONTACT_LINE];
    size_t n = eki_contact_write(&contact, written);
    if (eki_contact_validate(&contact) || n >= EKI_CONTACT_LINE ||
        eki_contact_read(written, n, &again, &fault))
        abort();
    if (!eki_address_equal(contact.client, again.client) || contact.time != again.time ||
        contact.flags != again.flags)
        abort();
}

static void try_flow(const char *line, size_t length)
{
    struct eki_flow flow, again;
    struct eki_fault fault;
    if (eki_flow_read(line, length, &flow, &fault)) return;
    char written[EKI_FLOW_LINE];
    size_t n = eki_flow_write(&flow, written);
    if (eki_flow_validate(&flow) || n >= EKI_FLOW_LINE || eki_flow_read(written, n, &again, &fault)) abort();
    if (flow.last != again.last || flow.client_bytes != again.client_bytes || flow.service != again.service)
        abort();
}

static void try_sign(const char *line, size_t length)
{
    struct eki_sign sign, again;
    struct eki_fault fault;
    if (eki_sign_read(line, length, &sign, &fault)) return;
    char written[EKI_SIGN_LINE];
    size_t n = eki_sign_write(&sign, written);
    if (eki_sign_validate(&sign) || n >= EKI_SIGN_LINE || eki_sign_read(written, n, &again, &fault)) abort();
    if (sign.id != again.id || sign.grade != again.grade || strcmp(sign.detail, again.detail)) abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    try_contact((const char *)bytes, length);
    try_flow((const char *)bytes, length);
    try_sign((const char *)bytes, length);
    return 0;
}
