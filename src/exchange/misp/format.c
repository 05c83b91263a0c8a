/* SPDX-License-Identifier: Apache-2.0 */
/* A MISP event: hosts and indicators as attributes, who infected whom as network-connection objects. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/json.h"
#include "exchange/misp/event.h"

static const struct eki_misp_kind kinds[] = {
    {EKI_INDICATOR_ADDRESS, "ip-dst", "Network activity"},
    {EKI_INDICATOR_NETWORK, "ip-dst", "Network activity"},
    {EKI_INDICATOR_DOMAIN, "domain", "Network activity"},
    {EKI_INDICATOR_URL, "url", "Network activity"},
    {EKI_INDICATOR_MAIL, "email-src", "Payload delivery"},
    {EKI_INDICATOR_AS, "AS", "Network activity"},
    {EKI_INDICATOR_MD5, "md5", "Payload delivery"},
    {EKI_INDICATOR_SHA1, "sha1", "Payload delivery"},
    {EKI_INDICATOR_SHA256, "sha256", "Payload delivery"},
    {EKI_INDICATOR_FILE, "filename", "Payload delivery"},
    {EKI_INDICATOR_MUTEX, "mutex", "Artifacts dropped"},
    {EKI_INDICATOR_REGISTRY, "regkey", "Persistence mechanism"},
    {EKI_INDICATOR_PATTERN, "other", "Other"},
    {EKI_INDICATOR_DOMAIN, "hostname", "Network activity"},
    {EKI_INDICATOR_ADDRESS, "ip-src", "Network activity"},
    {EKI_INDICATOR_MAIL, "email-dst", "Payload delivery"},
    {EKI_INDICATOR_MAIL, "email", "Payload delivery"},
    {EKI_INDICATOR_URL, "link", "External analysis"},
};

const struct eki_misp_kind *eki_misp_kind_of(enum eki_indicator_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind) return &kinds[i];
    return &kinds[EKI_INDICATOR_PATTERN];
}

const struct eki_misp_kind *eki_misp_type(const char *type, size_t length)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].type) == length && !memcmp(kinds[i].type, type, length)) return &kinds[i];
    return NULL;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    const json_t *event = eki_misp_event_of(input->json);
    return !event ? 0 : eki_json_member(event, "uuid") ? 95 : 60;
}

const struct eki_exchange_format eki_exchange_format_misp = {
    .name = "misp",
    .title = "MISP core format (draft-18), an event",
    .labels = EKI_TLP_ALL,
    .detect = detect,
    .read = eki_misp_read,
    .write = eki_misp_write,
};
