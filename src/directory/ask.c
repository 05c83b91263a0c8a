/* SPDX-License-Identifier: Apache-2.0 */
/* The indexes of a settled directory, and the two look-ups over them. */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "directory/choice.h"
#include "directory/texts.h"

static int by_resource(const void *x, const void *y, void *user)
{
    const struct eki_directory *d = user;
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
    const struct eki_network *a = &networks[i], *b = &networks[k];
    if (a->asn != b->asn) return a->asn < b->asn ? -1 : 1;
    int order = a->country && b->country ? strcmp(a->country, b->country) : 0;
    return order ? order : eki_network_prefer(d, i, k);
}

static enum eki_error index_resource(struct eki_directory *d, enum eki_resource resource,
                                     uint32_t **ret_positions, size_t *ret_count)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    size_t total = d->of[EKI_RECORD_NETWORK].count, count = 0;
    for (size_t i = 0; i < total; i++) count += eki_network_resource(&networks[i]) == resource;
    uint32_t *positions = eki_allocate(count, sizeof *positions);
    if (!positions) return EKI_ERROR_MEMORY;
    *ret_positions = positions;
    *ret_count = count;
    for (uint32_t i = 0, at = 0; i < total; i++)
        if (eki_network_resource(&networks[i]) == resource) positions[at++] = i;
    if (count) qsort_r(positions, count, sizeof *positions, by_resource, d);
    return EKI_OK;
}

enum eki_error eki_directory_index(struct eki_directory *d)
{
    enum eki_error error = index_resource(d, EKI_RESOURCE_AS, &d->by_asn, &d->asn_count);
    if (!error) error = index_resource(d, EKI_RESOURCE_COUNTRY, &d->by_country, &d->country_count);
    if (!error) error = eki_domains_build(d, &d->domains);
    if (!error) error = eki_prefixes_build(d, &d->prefixes);
    if (error) return error;
    struct eki_answer answer;
    for (uint32_t node = 0; node < d->prefixes.node_count; node++) {
        struct eki_gather from = {.node = node, .domain = "", .country = ""};
        eki_directory_decide(d, &from, &answer);
        d->prefixes.owners[node] = (struct eki_owner){answer.network, answer.contact};
    }
    return EKI_OK;
}

void eki_directory_find(const struct eki_directory *d, const struct eki_address *addresses, size_t count,
                        struct eki_owner *ret_owners)
{
    if (d->settled) {
        eki_prefixes_find_many(&d->prefixes, addresses, count, ret_owners);
        return;
    }
    for (size_t i = 0; i < count; i++) ret_owners[i] = (struct eki_owner){EKI_NOWHERE, EKI_NOWHERE};
}

/* Whether each "key=value" of the condition is among the facts. */
static bool condition_holds(const char *condition, const char *const *facts)
{
    while (condition && *condition) {
        condition += strspn(condition, " ");
        size_t length = strcspn(condition, " ");
        bool found = !length;
        for (size_t i = 0; facts && facts[i] && !found; i++)
            found = strlen(facts[i]) == length && !memcmp(facts[i], condition, length);
        if (!found) return false;
        condition += length;
    }
    return true;
}

static bool is_about(const struct eki_directory *d, const struct eki_annotation *a,
                     const struct eki_answer *answer)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    char text[EKI_RESOURCE_TEXT];
    if (a->team) return answer->team != EKI_NOWHERE && a->team_at == answer->team;
    if (a->contact)
        return answer->contact != EKI_NOWHERE &&
               (a->contact_at == answer->contact || a->contact_at == answer->first);
    for (size_t i = 0; i < answer->claim_count; i++)
        if (!strcmp(eki_network_format(&networks[answer->claims[i].network], text), a->network)) return true;
    return false;
}

static void add_remarks(const struct eki_directory *d, const char *const *facts, struct eki_answer *answer)
{
    const struct eki_annotation *a = d->of[EKI_RECORD_ANNOTATION].items;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_ANNOTATION].count; i++) {
        if (a[i].expires != EKI_TIME_NONE && a[i].expires <= d->now) continue;
        if (!condition_holds(a[i].condition, facts) || !is_about(d, &a[i], answer)) continue;
        answer->inhibited |= a[i].inhibit;
        if (answer->remark_count < EKI_REMARKS) answer->remarks[answer->remark_count++] = i;
    }
}

enum eki_error eki_directory_ask(const struct eki_directory *d, const struct eki_question *question,
                                 struct eki_answer *ret_answer)
{
    char domain[256] = "", country[4] = "";
    bool any = question->address || question->domain || question->asn || question->country;
    if (!d->settled || !any) return EKI_ERROR_ARGUMENT;
    if (question->domain && eki_domain_canonical(question->domain, domain)) return EKI_ERROR_ARGUMENT;
    if (question->country && !eki_country_read(question->country, country)) return EKI_ERROR_ARGUMENT;
    struct eki_gather from = {.node = question->address ? eki_prefixes_find(&d->prefixes, *question->address)
                                                        : EKI_NOWHERE,
                              .domain = domain,
                              .country = country,
                              .asn = question->asn};
    eki_directory_decide(d, &from, ret_answer);
    memcpy(ret_answer->domain, domain, sizeof domain);
    add_remarks(d, question->facts, ret_answer);
    return EKI_OK;
}

const char *eki_claim_verdict_name(enum eki_claim_verdict verdict)
{
    static const char *const names[] = {"owner",   "second choice", "shorter", "imported",
                                        "broader", "older",         "later",   "public suffix"};
    return (unsigned)verdict < EKI_CLAIM_VERDICTS ? names[verdict] : "?";
}
