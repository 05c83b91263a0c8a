/* SPDX-License-Identifier: Apache-2.0 */
/* CISA's catalogue of vulnerabilities that are being exploited. */
#include <string.h>

#include "exchange/format.h"
#include "exchange/json.h"

static void read_entry(struct eki_builder *b, const json_t *o)
{
    struct eki_vulnerability *v = eki_build_vulnerability(b, eki_json_member(o, "cveID"));
    if (!v) {
        b->passed++;
        return;
    }
    const char *ransomware = eki_json_member(o, "knownRansomwareCampaignUse");
    v->title = eki_build_text(b, eki_json_member(o, "vulnerabilityName"));
    v->summary = eki_build_text(b, eki_json_member(o, "shortDescription"));
    v->vendor = eki_build_text(b, eki_json_member(o, "vendorProject"));
    v->product = eki_build_text(b, eki_json_member(o, "product"));
    v->action = eki_build_text(b, eki_json_member(o, "requiredAction"));
    v->published = eki_json_when(o, "dateAdded");
    v->due = eki_json_when(o, "dueDate");
    v->exploited = true;
    v->ransomware = ransomware && !strcmp(ransomware, "Known");
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    const json_t *list = json_object_get(input->json, "vulnerabilities");
    size_t i;
    json_t *entry;
    if (!json_is_array(list))
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "\"vulnerabilities\" is no list");
    json_array_foreach(list, i, entry) read_entry(b, entry);
    b->incident->title = eki_build_text(b, eki_json_member(input->json, "title"));
    b->incident->created = eki_json_when(input->json, "dateReleased");
    eki_build_reference(b, "kev", eki_json_member(input->json, "catalogVersion"), NULL);
    eki_build_mark(b, EKI_TLP_CLEAR); /* published for all */
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    return json_object_get(input->json, "catalogVersion") && json_object_get(input->json, "vulnerabilities")
               ? 90
               : 0;
}

const struct eki_exchange_format eki_exchange_format_kev = {
    .name = "kev",
    .title = "CISA Known Exploited Vulnerabilities catalogue",
    .detect = detect,
    .read = read,
};
