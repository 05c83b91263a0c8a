/* SPDX-License-Identifier: Apache-2.0 */
/* The state of each contact, and the contacts of each team in order of preference. */
#define _GNU_SOURCE /* qsort_r */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "directory/choice.h"

static eki_time later(eki_time a, eki_time b)
{
    return a > b ? a : b; /* EKI_TIME_NONE is the earliest */
}

/* Answers first, so that bounces and silence are counted since the last one. */
static void note_answer(struct eki_contact_state *s, const struct eki_check *c)
{
    s->checks++;
    s->checked = later(s->checked, c->sent);
    if (c->outcome != EKI_CHECK_ANSWERED) return; /* the wrong person tells nothing of the right one */
    double seconds = eki_time_since(c->answered, c->sent);
    s->answer_s = s->answers ? s->answer_s + seconds : seconds; /* a sum until the end */
    s->answers++;
    s->seen = later(s->seen, c->answered);
}

static void note_failure(struct eki_contact_state *s, const struct eki_check *c)
{
    if (c->sent == s->checked && c->outcome == EKI_CHECK_WAITING) s->waiting = true;
    if (c->sent < s->seen) return;
    s->bounces += c->outcome == EKI_CHECK_BOUNCED;
    s->silent += c->outcome == EKI_CHECK_SILENT || c->outcome == EKI_CHECK_WRONG_PERSON;
}

static enum eki_health judge(const struct eki_contact_state *s, const struct eki_contact_point *c,
                             eki_time now)
{
    if (c->disabled || s->bounces >= EKI_BOUNCES_DEAD || s->silent >= EKI_SILENT_DEAD) return EKI_HEALTH_DEAD;
    if (s->seen == EKI_TIME_NONE) return EKI_HEALTH_UNKNOWN;
    return eki_time_since(now, s->seen) <= EKI_FRESH_DAYS * 86400.0 ? EKI_HEALTH_ALIVE : EKI_HEALTH_STALE;
}

static void judge_all(struct eki_directory *d, double *hops, uint32_t *hop_counts)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    const struct eki_check *checks = d->of[EKI_RECORD_CHECK].items;
    size_t count = d->of[EKI_RECORD_CONTACT].count, check_count = d->of[EKI_RECORD_CHECK].count;
    for (size_t i = 0; i < count; i++) {
        const struct eki_contact_point *c = &contacts[i];
        d->states[i] =
            (struct eki_contact_state){.seen = later(c->verified, c->answered), .checked = EKI_TIME_NONE};
        if (c->bounced == EKI_TIME_NONE || c->bounced >= d->states[i].seen) d->states[i].bounces = c->bounces;
    }
    for (size_t i = 0; i < check_count; i++) {
        note_answer(&d->states[checks[i].contact_at], &checks[i]);
        if (!checks[i].hops) continue;
        hops[checks[i].contact_at] += checks[i].hops;
        hop_counts[checks[i].contact_at]++;
    }
    for (size_t i = 0; i < check_count; i++) note_failure(&d->states[checks[i].contact_at], &checks[i]);
    for (size_t i = 0; i < count; i++) {
        struct eki_contact_state *s = &d->states[i];
        s->answer_s = s->answers ? s->answer_s / s->answers : NAN;
        s->hops = hop_counts[i] ? hops[i] / hop_counts[i] : NAN;
        s->health = (uint8_t)judge(s, &contacts[i], d->now);
    }
}

/* By team; role before medium; by hand before imported. */
static int by_preference(const void *x, const void *y, void *user)
{
    const struct eki_contact_point *contacts = user;
    uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
    const struct eki_contact_point *a = &contacts[i], *b = &contacts[k];
    if (a->team_at != b->team_at) return a->team_at < b->team_at ? -1 : 1;
    if (a->role != b->role) return a->role < b->role ? -1 : 1;
    if (a->medium != b->medium) return a->medium < b->medium ? -1 : 1;
    if (!a->record.source != !b->record.source) return a->record.source ? 1 : -1;
    return i < k ? -1 : 1;
}

static void order_contacts(struct eki_directory *d)
{
    struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    uint32_t count = (uint32_t)d->of[EKI_RECORD_CONTACT].count,
             teams = (uint32_t)d->of[EKI_RECORD_TEAM].count;
    for (uint32_t i = 0; i < count; i++) d->contact_order[i] = i;
    if (count) qsort_r(d->contact_order, count, sizeof *d->contact_order, by_preference, contacts);
    uint32_t at = 0;
    for (uint32_t team = 0; team <= teams; team++) {
        while (at < count && contacts[d->contact_order[at]].team_at < team) at++;
        d->contact_starts[team] = at;
    }
}

enum eki_error eki_directory_judge_contacts(struct eki_directory *d)
{
    size_t count = d->of[EKI_RECORD_CONTACT].count;
    double *hops = eki_allocate(count, sizeof *hops);
    uint32_t *hop_counts = eki_allocate(count, sizeof *hop_counts);
    d->states = eki_allocate(count, sizeof *d->states);
    d->contact_order = eki_allocate(count, sizeof *d->contact_order);
    d->contact_starts = eki_allocate(d->of[EKI_RECORD_TEAM].count + 1, sizeof *d->contact_starts);
    bool whole = hops && hop_counts && d->states && d->contact_order && d->contact_starts;
    if (whole) {
        judge_all(d, hops, hop_counts);
        order_contacts(d);
    }
    eki_free(hops);
    eki_free(hop_counts);
    return whole ? EKI_OK : EKI_ERROR_MEMORY;
}

/* The first, and the first that is not dead, of the team's contacts that stand at `department`; with `any`
 * wherever they stand. */
static void scan_contacts(const struct eki_directory *d, uint32_t team, uint32_t department, bool any,
                          struct eki_choice *choice)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    for (uint32_t i = d->contact_starts[team]; i < d->contact_starts[team + 1]; i++) {
        uint32_t at = d->contact_order[i];
        if (!any && contacts[at].department_at != department) continue;
        if (choice->first == EKI_NOWHERE) choice->first = at;
        if (d->states[at].health == EKI_HEALTH_DEAD) continue;
        choice->living = at;
        return;
    }
}

struct eki_choice eki_directory_choose(const struct eki_directory *d, uint32_t team, uint32_t department)
{
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    struct eki_choice choice = {EKI_NOWHERE, EKI_NOWHERE};
    if (team == EKI_NOWHERE) return choice;
    while (department != EKI_NOWHERE && choice.living == EKI_NOWHERE) {
        scan_contacts(d, team, department, false, &choice);
        department = departments[department].parent_at;
    }
    if (choice.living == EKI_NOWHERE) scan_contacts(d, team, EKI_NOWHERE, false, &choice);
    if (choice.living == EKI_NOWHERE) scan_contacts(d, team, EKI_NOWHERE, true, &choice);
    return choice;
}

const struct eki_contact_state *eki_directory_contact_state(const struct eki_directory *d, uint32_t contact)
{
    return &d->states[contact];
}

const char *eki_health_name(enum eki_health health)
{
    static const char *const names[] = {"alive", "stale", "unknown", "dead"};
    return (unsigned)health < EKI_HEALTHS ? names[health] : "?";
}
