/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Infections out of sight, of hosts whose search is seen in part. The first probe that is seen of such a host
 * comes long after it fell, so it can have fallen at any time before, from the beginning of the outbreak on.
 * How likely each moment is follows from when the others fell: the cumulative hazard by Nelson and Aalen
 * (Aalen 1978), each infection over those that were left then. The odds of "from outside" are the sum over
 * its steps of the share out of sight, the chance that nobody out of sight had infected before, and the
 * density of the first probe; what was seen to attack the host before that step must have failed, and a
 * delivery that was seen after it was one to an infected host, as often as those happen to hosts that are
 * seen in full.
 *
 * When the others fell is known from the pass before, each spread over the steps as its posteriors say (the
 * self-consistency of Turnbull 1976); a host is judged by what the others show. A pass costs O(members x
 * (STEPS
 * + suspects)); nothing when no host is seen in part.
 */
#include <math.h>
#include <stdlib.h>

#include "outbreak/trace.h"

enum {
    STEPS = EKI_UNSEEN_STEPS,
    /* Hosts that are left out of what they are judged by; in larger outbreaks one host changes nothing. */
    OWN_MOST = 4096
};

static int by_time(const void *a, const void *b)
{
    eki_time x = *(const eki_time *)a, y = *(const eki_time *)b;
    return (x > y) - (x < y);
}

/* Between which moments the steps lie: as many bounds and ends of sessions in each. */
static enum eki_error set_edges(struct eki_trace *trace)
{
    struct eki_unseen *u = &trace->unseen;
    size_t count = 0, most = trace->member_count;
    for (uint32_t i = 0; i < trace->member_count; i++) most += trace->members[i].suspect_count;
    eki_time *moments = eki_arena_take(trace->scratch, most, sizeof *moments);
    if (!moments) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        moments[count++] = m->bound;
        for (size_t k = 0; k < m->suspect_count; k++)
            if (m->suspects[k].weight > 0) moments[count++] = m->suspects[k].end;
    }
    qsort(moments, count, sizeof *moments, by_time);
    for (size_t k = 0; k <= STEPS; k++) u->edges[k] = moments[k * (count - 1) / STEPS];
    return EKI_OK;
}

enum eki_error eki_unseen_start(struct eki_trace *trace)
{
    struct eki_unseen *u = &trace->unseen;
    for (uint32_t i = 0; i < trace->member_count && !u->needed; i++) u->needed = trace->members[i].in_part;
    if (!u->needed) return EKI_OK;
    for (uint32_t i = 0; i < trace->member_count && trace->member_count <= OWN_MOST; i++) {
        struct eki_member *m = &trace->members[i];
        m->laid = eki_arena_take(trace->scratch, STEPS, sizeof *m->laid);
        if (!m->laid) return EKI_ERROR_MEMORY;
    }
    return set_edges(trace);
}

/* The step in which a moment lies. */
static size_t step_of(const struct eki_unseen *u, eki_time at)
{
    size_t low = 0, high = STEPS - 1; /* the last one whose beginning is not after it */
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (u->edges[middle] <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static void lay(struct eki_unseen *u, struct eki_member *m, size_t step, double weight)
{
    u->next[step] += weight;
    if (m->laid) m->laid[step] += (float)weight;
}

void eki_unseen_lay(struct eki_trace *trace, struct eki_member *m, const double *odds)
{
    struct eki_unseen *u = &trace->unseen;
    double sum = 0;
    if (!u->needed) return;
    for (size_t k = 0; m->laid && k < STEPS; k++) m->laid[k] = 0;
    for (size_t i = 0; i < m->suspect_count; i++)
        if (m->suspects[i].posterior > 0) lay(u, m, step_of(u, m->suspects[i].end), m->suspects[i].posterior);
    for (size_t k = 0; odds && k < STEPS; k++) sum += odds[k];
    if (sum <= 0) lay(u, m, step_of(u, m->bound), m->outside);
    for (size_t k = 0; sum > 0 && k < STEPS; k++)
        if (odds[k] > 0) lay(u, m, k, m->outside * odds[k] / sum);
}

void eki_unseen_learn(struct eki_trace *trace, bool anew)
{
    struct eki_unseen *u = &trace->unseen;
    if (!u->needed) return;
    if (anew)
        for (size_t k = 0; k < STEPS; k++) u->next[k] = 0;
    for (uint32_t i = 0; anew && i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        for (size_t k = 0; m->laid && k < STEPS; k++) m->laid[k] = 0;
        lay(u, m, step_of(u, m->bound), 1);
    }
    double fallen = 0;
    for (size_t k = 0; k < STEPS; k++) {
        u->each[k] = 1 / fmax(.5, trace->member_count - fallen - u->next[k] / 2);
        u->hazard[k] = u->next[k] * u->each[k];
        fallen += u->next[k];
        u->next[k] = 0;
    }
}

bool eki_unseen_applies(const struct eki_trace *trace, const struct eki_member *m)
{
    return trace->unseen.needed && m->in_part && m->effect == m->onset && m->gap_s > 0;
}

/* The hazard of a step without what the member itself brought there. */
static double of_others(const struct eki_unseen *u, const struct eki_member *m, size_t step)
{
    return fmax(0, u->hazard[step] - (m->laid ? m->laid[step] * u->each[step] : 0));
}

void eki_unseen_survivals(const struct eki_trace *trace, const struct eki_member *m,
                          double ret_survivals[EKI_UNSEEN_STEPS])
{
    double hazard = 0;
    for (size_t k = 0; k < STEPS; k++) {
        double here = of_others(&trace->unseen, m, k);
        ret_survivals[k] = exp(-trace->outside[1] * (hazard + here / 2));
        hazard += here;
    }
}

double eki_unseen_survival(const struct eki_trace *trace, const double survivals[EKI_UNSEEN_STEPS],
                           eki_time at)
{
    return survivals[step_of(&trace->unseen, at)];
}

/* How many deliveries of the member's suspects were seen. */
static unsigned count_deliveries(const struct eki_member *m)
{
    unsigned deliveries = 0;
    for (size_t i = 0; i < m->suspect_count; i++)
        deliveries += m->suspects[i].timed && m->suspects[i].weight > 0;
    return deliveries;
}

/* One host fell before all others and from outside: the odds that it is this one. */
static double of_first(const struct eki_trace *trace, const struct eki_member *m,
                       const struct eki_latency *latency)
{
    eki_time first = trace->unseen.edges[0] < m->onset ? trace->unseen.edges[0] : m->onset;
    double seconds = eki_time_since(m->onset, first) + exp(latency->mean);
    return eki_latency_density(latency, m, eki_latency_log(seconds)) / trace->member_count;
}

double eki_unseen_odds(const struct eki_trace *trace, const struct eki_member *m,
                       const struct eki_latency *latency, const struct eki_chances *chances,
                       double inout_odds[EKI_UNSEEN_STEPS])
{
    const struct eki_unseen *u = &trace->unseen;
    double share = trace->outside[1], failed = 1, sum = 0;
    unsigned later = count_deliveries(m);
    for (size_t k = 0, passed = 0; k < STEPS; k++) {
        eki_time at = u->edges[k] + (u->edges[k + 1] - u->edges[k]) / 2;
        double hazard = of_others(u, m, k);
        for (; passed < m->suspect_count && m->suspects[passed].end <= at; passed++) {
            const struct eki_suspect *s = &m->suspects[passed];
            if (s->weight <= 0) continue;
            failed *= 1 - chances->of[s->kind][s->bin];
            later -= s->timed;
        }
        double survival = inout_odds[k];
        inout_odds[k] = k ? 0 : of_first(trace, m, latency) * pow(trace->later, later);
        double seconds = eki_time_since(m->onset, at);
        if (at < m->onset && hazard > 0)
            inout_odds[k] += share * hazard * survival * failed *
                             eki_latency_density(latency, m, eki_latency_log(seconds)) *
                             pow(trace->later, later);
        sum += inout_odds[k];
    }
    return sum;
}
