/* SPDX-License-Identifier: Apache-2.0 */
/* What is contradictory, dangerous or out of date. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "directory/choice.h"
#include "ekigaku/members.h"

struct verifying {
    const struct eki_directory *d;
    eki_finding_told *told;
    void *user;
};

static void tell(const struct verifying *v, enum eki_finding_weight weight, const struct eki_record *record,
                 const char *text, const char *const values[3])
{
    v->told(v->user,
            &(struct eki_finding){weight, text, {values[0], values[1], values[2], NULL}, record->line});
}

static const struct eki_network *networks_of(const struct verifying *v)
{
    return v->d->of[EKI_RECORD_NETWORK].items;
}

/* A run of networks about the same, best first: those after the first that name another team. */
static void verify_run(const struct verifying *v, const uint32_t *run, size_t count)
{
    char text[EKI_RESOURCE_TEXT];
    const struct eki_network *n = networks_of(v), *first = &n[run[0]];
    for (size_t i = 1; i < count; i++) {
        const struct eki_network *other = &n[run[i]];
        if (!first->team || !other->team || first->team_at == other->team_at || first->record.source)
            continue;
        const char *const values[] = {eki_network_format(first, text), first->team, other->team};
        if (!other->record.source)
            tell(v, EKI_FINDING_WRONG, &other->record,
                 EKI_TEXT("{1} is given by hand to two teams: {2} and {3}"), values);
        else
            tell(v, EKI_FINDING_NOTE, &other->record, EKI_TEXT("{1} is {2} by hand, but an import says {3}"),
                 values);
    }
}

/* A longer imported prefix that takes addresses away from a team that entered the whole by hand. */
static void verify_inside(const struct verifying *v, uint32_t node)
{
    char inner[EKI_RESOURCE_TEXT];
    const struct eki_prefixes *p = &v->d->prefixes;
    const struct eki_network *n = networks_of(v), *own = &n[p->order[p->nodes[node].first]];
    if (!own->team || !own->record.source) return;
    for (uint32_t up = p->nodes[node].parent; up != EKI_NOWHERE; up = p->nodes[up].parent) {
        const struct eki_network *outer = &n[p->order[p->nodes[up].first]];
        if (!outer->team || outer->record.source) continue;
        if (outer->team_at == own->team_at || outer->whole) return;
        const char *const values[] = {eki_network_format(own, inner), own->team, outer->team};
        tell(
            v, EKI_FINDING_DOUBTFUL, &own->record,
            EKI_TEXT("{1} is imported for {2} inside a block that {3} entered by hand (whole would keep it)"),
            values);
        return;
    }
}

static void verify_networks(const struct verifying *v)
{
    const struct eki_prefixes *p = &v->d->prefixes;
    const struct eki_domains *domains = &v->d->domains;
    const struct eki_network *n = networks_of(v);
    for (uint32_t i = 0; i < p->node_count; i++) {
        verify_run(v, &p->order[p->nodes[i].first], p->nodes[i].count);
        verify_inside(v, i);
    }
    for (size_t i = 0, end; i < v->d->asn_count; i = end) {
        for (end = i + 1; end < v->d->asn_count && n[v->d->by_asn[end]].asn == n[v->d->by_asn[i]].asn;) end++;
        verify_run(v, &v->d->by_asn[i], end - i);
    }
    for (size_t i = 0; i < domains->count; i++) {
        const struct eki_network *x = &n[domains->items[i].network];
        const char *const values[] = {x->domain, x->team, ""};
        if (domains->items[i].is_public && !x->whole)
            tell(v, EKI_FINDING_DOUBTFUL, &x->record,
                 EKI_TEXT("{1} of {2} is a public suffix, where strangers register names: it is passed over"),
                 values);
        uint32_t pair[] = {i ? domains->items[i - 1].network : 0, domains->items[i].network};
        if (i && !strcmp(domains->items[i - 1].domain, x->domain)) verify_run(v, pair, 2);
    }
}

static void verify_teams(const struct verifying *v)
{
    const struct eki_team *teams = v->d->of[EKI_RECORD_TEAM].items;
    for (uint32_t i = 0; i < v->d->of[EKI_RECORD_TEAM].count; i++) {
        if (teams[i].left.year && eki_date_time(teams[i].left) <= v->d->now) continue;
        struct eki_choice choice = eki_directory_choose(v->d, i, EKI_NOWHERE);
        const char *const values[] = {teams[i].id, teams[i].name, ""};
        if (choice.first == EKI_NOWHERE)
            tell(v, EKI_FINDING_DOUBTFUL, &teams[i].record, EKI_TEXT("{1} ({2}) has no contact"), values);
        else if (choice.living == EKI_NOWHERE)
            tell(v, EKI_FINDING_WRONG, &teams[i].record,
                 EKI_TEXT("{1} ({2}) cannot be reached: all its contacts are dead"), values);
    }
}

static void verify_contacts(const struct verifying *v)
{
    const struct eki_contact_point *c = v->d->of[EKI_RECORD_CONTACT].items;
    for (size_t i = 0; i < v->d->of[EKI_RECORD_CONTACT].count; i++) {
        const char *const values[] = {c[i].id, c[i].address, c[i].team};
        if (v->d->states[i].health == EKI_HEALTH_DEAD)
            tell(v, EKI_FINDING_DOUBTFUL, &c[i].record, EKI_TEXT("contact {1} ({2}) of {3} is dead"), values);
        else if (v->d->states[i].health == EKI_HEALTH_STALE)
            tell(v, EKI_FINDING_NOTE, &c[i].record,
                 EKI_TEXT("contact {1} ({2}) of {3} was not heard of for a year"), values);
    }
}

static void verify_times(const struct verifying *v)
{
    const struct eki_key *keys = v->d->of[EKI_RECORD_KEY].items;
    const struct eki_annotation *a = v->d->of[EKI_RECORD_ANNOTATION].items;
    char date[16];
    for (size_t i = 0; i < v->d->of[EKI_RECORD_KEY].count; i++) {
        eki_time expires = eki_date_time(keys[i].expires);
        if (expires == EKI_TIME_NONE || expires > v->d->now) continue;
        const char *const values[] = {keys[i].fingerprint, keys[i].team ? keys[i].team : keys[i].contact,
                                      eki_date_format(keys[i].expires, date)};
        tell(v, EKI_FINDING_WRONG, &keys[i].record, EKI_TEXT("key {1} of {2} expired on {3}"), values);
    }
    for (size_t i = 0; i < v->d->of[EKI_RECORD_ANNOTATION].count; i++) {
        if (a[i].expires == EKI_TIME_NONE || a[i].expires > v->d->now) continue;
        const char *const values[] = {a[i].text, "", ""};
        tell(v, EKI_FINDING_NOTE, &a[i].record, EKI_TEXT("an annotation no longer holds: {1}"), values);
    }
}

enum eki_error eki_directory_verify(const struct eki_directory *d, eki_finding_told *told, void *user)
{
    struct verifying v = {d, told, user};
    if (!d->settled) return EKI_ERROR_ARGUMENT;
    verify_networks(&v);
    verify_teams(&v);
    verify_contacts(&v);
    verify_times(&v);
    return EKI_OK;
}
