/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "From outside what was captured": how often the parent of a host lies out of sight. A sensor that stands
 * before a part of the hosts sees all of their traffic, and of the others only what they have to do with
 * those; so a host that is seen less of has more often a parent that is not seen. How much is seen of a host
 * is told by the pace of its search: one program searches at one pace, and of a slower one a part is missing.
 * The share of parents out of sight is learned for both kinds of host from the posteriors. Somebody out of
 * sight infects when others do: the rate is that at which hosts of the outbreak fell around this one (k
 * nearest neighbours, Loftsgaarden and Quesenberry 1965, over those that were left). Of hosts that are seen
 * in part, unseen.c weighs each moment before their first visible probe instead.
 *
 * Where hosts are attacked by many at once, a delivery that was seen may have been the second. How often
 * another one follows before the victim searches is counted on the hosts that are seen in full.
 */
#include <math.h>
#include <stdlib.h>

#include "outbreak/trace.h"

/* Share of members that were infected out of sight before any are known, and how many members that is worth.
 */
static const double prior_outside = .02, prior_members = 2;
/* A search that is slower by this is not seen in full. */
static const double slower = 4;
/* Of a host that was never seen searching nothing but an attack on it is known; so the attack was seen. */
static const double outside_of_silent = .05;
/* No two infections are told apart below this. */
static const double resolution_s = .01;

/* A host that was infected at all: it attacks, or something was put on it. */
static bool is_victim(const struct eki_member *m)
{
    return (m->attacked && !m->loader) || m->implant;
}

/* Seen in part, and only by its attacks. */
static bool few_attacks(const struct eki_member *m)
{
    return m->in_part && !m->scanner && !m->sweep && m->attacks;
}

/* Infections per second around the i-th in the order of their bounds. */
static double incidence_at(const struct eki_trace *trace, uint32_t i)
{
    uint32_t n = trace->member_count, low = i, high = i, near = (uint32_t)fmax(2, sqrt(n));
    if (n < 2) return 1; /* nobody else */
    if (near > n - 1) near = n - 1;
    eki_time here = trace->members[i].bound;
    double radius = resolution_s;
    for (uint32_t k = 0; k < near; k++) {
        double before = low > 0 ? eki_time_since(here, trace->members[low - 1].bound) : INFINITY;
        double after = high + 1 < n ? eki_time_since(trace->members[high + 1].bound, here) : INFINITY;
        if (before <= after)
            low--;
        else
            high++;
        radius = fmax(radius, fmin(before, after));
    }
    return near / (2 * radius);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many deliveries follow the first before its victim searches, of those that are seen in full. */
static void count_repeats(struct eki_trace *trace)
{
    uint32_t victims = 0, repeats = 0, later = 0;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (m->in_part || m->onset == EKI_TIME_NONE || !m->implant) continue;
        victims++;
        repeats += m->repeats;
        later += m->later;
    }
    trace->repeats = victims ? (double)repeats / victims : 0;
    trace->later = fmin(1, (later + 1) / (victims + 2.0));
}

/* Of a host of which a few attacks are all that is seen, their pace is known badly; the others that are seen
 * in part are of one program and tell what is usual: the mean of a rate after `worth` attacks at the pace of
 * all. */
static void steady_gaps(struct eki_trace *trace)
{
    static const double worth = 2;
    double attacks = 0, seconds = 0;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (!few_attacks(m)) continue;
        attacks += m->attacks - 1;
        seconds += eki_time_since(trace->view->end, m->first_attack);
    }
    if (attacks < 1 || seconds <= 0) return;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        if (!few_attacks(m)) continue;
        double seen = eki_time_since(trace->view->end, m->first_attack);
        m->gap_s = (seen + worth * seconds / attacks) / (m->attacks - 1 + worth);
    }
}

enum eki_error eki_outside_start(struct eki_trace *trace)
{
    size_t paces = 0;
    double *gaps = eki_arena_take(trace->scratch, trace->member_count + 1, sizeof *gaps);
    if (!gaps) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (m->scanner && m->gap_s > 0) gaps[paces++] = m->gap_s;
    }
    if (paces) qsort(gaps, paces, sizeof *gaps, by_size);
    double usual = paces ? gaps[paces / 4] : INFINITY;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        m->in_part = m->onset != EKI_TIME_NONE && m->gap_s > slower * usual;
        m->incidence = incidence_at(trace, i) / (m->in_part ? trace->member_count - i : trace->member_count);
    }
    steady_gaps(trace);
    count_repeats(trace);
    return EKI_OK;
}

void eki_outside_guess(struct eki_trace *trace, bool often)
{
    trace->outside[0] = prior_outside;
    trace->outside[1] = often ? .5 : prior_outside;
}

void eki_outside_learn(struct eki_trace *trace)
{
    double without[2] = {0}, members[2] = {0};
    bool first = true;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (!is_victim(m)) continue;
        if (!first) without[m->in_part] += m->outside, members[m->in_part]++;
        first = false;
    }
    double all = members[0] + members[1],
           general = (without[0] + without[1] + prior_outside * prior_members) / (all + prior_members);
    for (int kind = 0; kind < 2; kind++)
        trace->outside[kind] = (without[kind] + general * prior_members) / (members[kind] + prior_members);
}

double eki_outside_odds(const struct eki_trace *trace, const struct eki_member *m)
{
    return trace->outside[m->in_part] * (m->effect != EKI_TIME_NONE ? m->incidence : outside_of_silent);
}

/* A host that nothing but a delivery is known of, among hosts of which a part is seen: it is one of those. */
static bool is_silent(const struct eki_trace *trace, const struct eki_member *m)
{
    return m->effect == EKI_TIME_NONE && trace->unseen.needed;
}

double eki_outside_before(const struct eki_trace *trace, const struct eki_member *m)
{
    double unseen = fmin(trace->outside[1], .9);
    if (!m->in_part && !is_silent(trace, m)) return 0;
    return unseen / (1 - unseen) * (1 - pow(unseen, trace->repeats));
}
