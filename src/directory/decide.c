/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the look-up: every record that speaks about a host, and which of them decides. */
#include <string.h>

#include "directory/choice.h"
#include "directory/texts.h"

static const struct eki_network *network_at(const struct eki_directory *d, uint32_t at)
{
    return (const struct eki_network *)d->of[EKI_RECORD_NETWORK].items + at;
}

/* A run of positions that are about the same thing, in order of preference. */
struct run {
    const uint32_t *positions;
    size_t count;
    enum eki_resource resource;
    bool guarded;
};

static bool team_differs(const struct eki_directory *d, const struct run *run, uint32_t team)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct eki_network *n = network_at(d, run->positions[i]);
        if (n->team && !n->record.source && n->team_at != team) return true;
    }
    return false;
}

static void add_run(const struct eki_directory *d, const struct run *run, struct eki_answer *answer)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct eki_network *n = network_at(d, run->positions[i]);
        if (!n->team) break; /* those without a team come last */
        answer->candidates++;
        if (kept == EKI_CLAIMS_EACH || answer->claim_count == EKI_CLAIMS) continue;
        kept++;
        struct eki_choice choice = eki_directory_choose(d, n->team_at, n->department_at);
        answer->claims[answer->claim_count++] =
            (struct eki_claim){.network = run->positions[i],
                               .contact = choice.living != EKI_NOWHERE ? choice.living : choice.first,
                               .first = choice.first,
                               .resource = run->resource,
                               .verdict = run->guarded ? EKI_CLAIM_GUARDED : EKI_CLAIM_LATER,
                               .contradicted = !n->record.source && team_differs(d, run, n->team_at)};
    }
}

static void add_prefixes(const struct eki_directory *d, uint32_t node, struct eki_answer *answer)
{
    const struct eki_prefixes *p = &d->prefixes;
    for (; node != EKI_NOWHERE; node = p->nodes[node].parent) {
        struct run run = {&p->order[p->nodes[node].first], p->nodes[node].count, EKI_RESOURCE_PREFIX, false};
        add_run(d, &run, answer);
        for (size_t i = 0; i < run.count; i++) {
            const struct eki_network *n = network_at(d, run.positions[i]);
            if (!answer->asn) answer->asn = n->origin;
            if (!answer->country[0] && n->in_country) memcpy(answer->country, n->in_country, 3);
        }
    }
}

/* The name itself, then each suffix of it. */
static void add_domains(const struct eki_directory *d, const char *domain, struct eki_answer *answer)
{
    while (domain && *domain) {
        size_t first, count = eki_domains_exact(&d->domains, domain, &first), kept[2] = {0};
        for (size_t i = 0; i < count; i++) {
            const struct eki_domain_entry *entry = &d->domains.items[first + i];
            const struct eki_network *n = network_at(d, entry->network);
            bool allowed = !entry->is_public || (n->whole && !n->record.source);
            struct run run = {&entry->network, 1, EKI_RESOURCE_DOMAIN, !allowed};
            if (kept[allowed]++ < EKI_CLAIMS_EACH)
                add_run(d, &run, answer);
            else
                answer->candidates++;
        }
        domain = strchr(domain, '.');
        domain = domain ? domain + 1 : NULL;
    }
}

static size_t lower_asn(const struct eki_directory *d, uint64_t asn)
{
    size_t low = 0, high = d->asn_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (network_at(d, d->by_asn[middle])->asn < asn)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t country_run(const struct eki_directory *d, const char *country, size_t *ret_first)
{
    size_t first = 0, count = 0;
    while (first < d->country_count && strcmp(network_at(d, d->by_country[first])->country, country) < 0)
        first++;
    while (first + count < d->country_count &&
           !strcmp(network_at(d, d->by_country[first + count])->country, country))
        count++;
    *ret_first = first;
    return count;
}

/* The country of a name's top-level domain of two letters, when nothing says a nearer one; uk is GB's. */
static void derive_country(const char *domain, struct eki_answer *answer)
{
    const char *last = strrchr(domain, '.');
    if (answer->country[0] || !last || !eki_country_read(last + 1, answer->country)) return;
    if (!strcmp(answer->country, "UK")) memcpy(answer->country, "GB", 3);
}

/* The first that may decide; an imported prefix gives way to a shorter one by hand that is said to be whole.
 */
static size_t find_owner(const struct eki_directory *d, const struct eki_answer *answer)
{
    size_t owner = 0;
    while (owner < answer->claim_count && answer->claims[owner].verdict == EKI_CLAIM_GUARDED) owner++;
    if (owner == answer->claim_count || answer->claims[owner].resource != EKI_RESOURCE_PREFIX) return owner;
    if (!network_at(d, answer->claims[owner].network)->record.source) return owner;
    for (size_t i = owner + 1; i < answer->claim_count; i++) {
        if (answer->claims[i].resource != EKI_RESOURCE_PREFIX) break;
        if (network_at(d, answer->claims[i].network)->whole) return i;
    }
    return owner;
}

static bool same_thing(const struct eki_network *a, const struct eki_network *b)
{
    if (eki_network_resource(a) != eki_network_resource(b)) return false;
    if (a->has_prefix)
        return a->prefix.bits == b->prefix.bits && eki_address_equal(a->prefix.base, b->prefix.base);
    if (a->domain) return !strcmp(a->domain, b->domain);
    return a->asn == b->asn && !a->country == !b->country && (!a->country || !strcmp(a->country, b->country));
}

/* Why claim `i` did not decide. */
static enum eki_claim_verdict reason(const struct eki_directory *d, const struct eki_answer *answer,
                                     size_t owner, size_t i)
{
    const struct eki_network *winner = network_at(d, answer->claims[owner].network),
                             *other = network_at(d, answer->claims[i].network);
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    if (answer->claims[i].resource != answer->claims[owner].resource) return EKI_CLAIM_LATER;
    if (i < owner) return EKI_CLAIM_IMPORTED;
    if (!same_thing(winner, other)) return EKI_CLAIM_SHORTER;
    if (!winner->record.source && other->record.source) return EKI_CLAIM_IMPORTED;
    unsigned deep = winner->department_at == EKI_NOWHERE ? 0 : departments[winner->department_at].depth,
             flat = other->department_at == EKI_NOWHERE ? 0 : departments[other->department_at].depth;
    return flat < deep ? EKI_CLAIM_BROADER : EKI_CLAIM_OLDER;
}

static bool lives(const struct eki_directory *d, uint32_t contact)
{
    return contact != EKI_NOWHERE && d->states[contact].health != EKI_HEALTH_DEAD;
}

static void settle_answer(const struct eki_directory *d, struct eki_answer *answer)
{
    size_t owner = find_owner(d, answer);
    if (owner == answer->claim_count) return;
    struct eki_claim *claim = &answer->claims[owner];
    const struct eki_network *n = network_at(d, claim->network);
    answer->network = claim->network;
    answer->team = n->team_at;
    answer->department = n->department_at;
    answer->first = claim->first;
    answer->contact = claim->contact;
    for (size_t i = 0; i < answer->claim_count; i++)
        if (i == owner)
            answer->claims[i].verdict = EKI_CLAIM_OWNER;
        else if (answer->claims[i].verdict != EKI_CLAIM_GUARDED)
            answer->claims[i].verdict = (uint8_t)reason(d, answer, owner, i);
    if (lives(d, answer->contact)) return;
    for (size_t i = owner + 1; i < answer->claim_count; i++) {
        if (answer->claims[i].verdict == EKI_CLAIM_GUARDED || !lives(d, answer->claims[i].contact)) continue;
        answer->claims[i].verdict = EKI_CLAIM_SECOND;
        answer->contact = answer->claims[i].contact;
        return;
    }
}

void eki_directory_decide(const struct eki_directory *d, const struct eki_gather *from,
                          struct eki_answer *answer)
{
    size_t first, count;
    answer->network = answer->team = answer->department = answer->first = answer->contact = EKI_NOWHERE;
    answer->claim_count = answer->candidates = answer->remark_count = 0;
    answer->inhibited = false;
    answer->asn = from->asn;
    memset(answer->country, 0, sizeof answer->country);
    if (from->country[0]) memcpy(answer->country, from->country, 3);
    add_prefixes(d, from->node, answer);
    add_domains(d, from->domain, answer);
    if (answer->asn) {
        first = lower_asn(d, answer->asn);
        struct run run = {d->by_asn + first, lower_asn(d, (uint64_t)answer->asn + 1) - first, EKI_RESOURCE_AS,
                          false};
        add_run(d, &run, answer);
    }
    derive_country(from->domain, answer);
    if (answer->country[0]) {
        count = country_run(d, answer->country, &first);
        struct run run = {d->by_country + first, count, EKI_RESOURCE_COUNTRY, false};
        add_run(d, &run, answer);
    }
    settle_answer(d, answer);
}
