/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chance that one session infects a host that can fall, by what it was seen to do and by its size: a
 * discrete hazard (Cox and Oakes 1984, section 7.2). Who infected a host is the first whose session
 * succeeded: that those which ended before failed is part of the odds. The chances are learned with the
 * posteriors: infections over the sessions that the host still was at risk in; sessions with hosts that never
 * fell count as failed. What an attack that got in carries, a program, shows in the size of its conversation;
 * which size that is, nobody needs to know beforehand.
 */
#include <math.h>

#include "outbreak/trace.h"
#include "outbreak/vector.h"

static const double lowest = 1e-4, highest = .97;

/* Before anything is learned, and how many sessions that is worth. */
static const double prior_chance[EKI_KINDS] = {.01, .2, .1, .25, .8, .6, .9, .95},
                    prior_trials[EKI_KINDS] = {2, 2, 2, 2, 4, 2, 20, 20};
static const double prior_of_bin = 1.5; /* sessions that what a kind does in general is worth for one size */

uint8_t eki_hazard_bin(uint32_t bytes)
{
    unsigned bin = (unsigned)(2 * log2((double)bytes + 1));
    return (uint8_t)(bin < EKI_HAZARD_BINS ? bin : EKI_HAZARD_BINS - 1);
}

static void count(struct eki_hazards *h, unsigned kind, unsigned bin, const double weight[2])
{
    for (int n = 0; n < 2; n++) {
        h->of[kind][bin][n] += weight[n];
        h->of_kind[kind][n] += weight[n];
        h->of_bin[bin][n] += weight[n];
        h->all[n] += weight[n];
    }
}

/* A session counts most in its own bin, the rest in those beside it: sizes vary a little. Weights: as one
 * that infected, as one that could have. */
static void add(struct eki_hazards *h, unsigned kind, unsigned bin, double infected, double tried)
{
    if (!bin) {
        count(h, kind, 0, (const double[]){infected, tried});
        return;
    }
    count(h, kind, bin, (const double[]){.8 * infected, .8 * tried});
    count(h, kind, bin > 1 ? bin - 1 : bin, (const double[]){.1 * infected, .1 * tried});
    count(h, kind, bin + 1 < EKI_HAZARD_BINS ? bin + 1 : bin, (const double[]){.1 * infected, .1 * tried});
}

static void add_member(struct eki_hazards *hazards, const struct eki_member *m)
{
    double at_risk = 0;
    for (size_t i = m->suspect_count; i-- > 0;) {
        const struct eki_suspect *s = &m->suspects[i];
        at_risk += s->posterior; /* it was infected by this one or a later one */
        if (s->weight > 0) add(hazards, s->kind, s->bin, s->posterior, at_risk);
    }
}

/* What infected hosts did to those that never fell: counted once, it does not change. Each of those tells as
 * much as one session: many cannot fall at all, however often they are tried. */
void eki_hazard_start(struct eki_trace *trace)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    trace->spared = (struct eki_hazards){0};
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_inbound_server *s = &in->servers[i];
        if (s->protocol != trace->protocol || s->vector != trace->vector ||
            eki_trace_member(trace, s->server))
            continue;
        uint32_t position = s->first;
        for (uint32_t k = 0; k < s->count; k++, position = in->touches[position].next) {
            const struct eki_touch *t = &in->touches[position];
            const struct eki_member *m = t->client_bytes ? eki_trace_member(trace, t->client) : NULL;
            if (!m || m->onset == EKI_TIME_NONE || t->start < m->onset || t->client_bytes == 0) continue;
            add(&trace->spared, EKI_KIND_SESSION, eki_hazard_bin(t->client_bytes), 0, 1.0 / s->count);
        }
    }
}

static double bounded(double chance)
{
    return fmin(highest, fmax(lowest, chance));
}

/* Counts are pulled towards `prior`. */
static double pulled(double infections, double trials, double prior, double weight)
{
    return bounded((fmax(0, infections) + prior * weight) / (fmax(0, trials) + weight));
}

static double odds_of(double chance)
{
    return chance / (1 - chance);
}

/* A kind and a size that were seldom seen: what the kind does in general, times what the size does in
 * general. Of all members but the one in trace->own. O(1). */
static double chance_of(const struct eki_trace *trace, unsigned kind, unsigned bin)
{
    const struct eki_hazards *h = &trace->hazards, *own = &trace->own;
    double general = pulled(h->all[0] - own->all[0], h->all[1] - own->all[1], .2, 2), size = 1;
    if (bin)
        size = odds_of(pulled(h->of_bin[bin][0] - own->of_bin[bin][0],
                              h->of_bin[bin][1] - own->of_bin[bin][1], general, 2)) /
               odds_of(general);
    double odds = size * odds_of(pulled(h->of_kind[kind][0] - own->of_kind[kind][0],
                                        h->of_kind[kind][1] - own->of_kind[kind][1], prior_chance[kind],
                                        prior_trials[kind]));
    return pulled(h->of[kind][bin][0] - own->of[kind][bin][0], h->of[kind][bin][1] - own->of[kind][bin][1],
                  odds / (1 + odds), prior_of_bin);
}

/* Clears what add() with this kind and bin may have touched. */
static void forget(struct eki_hazards *h, unsigned kind, unsigned bin)
{
    unsigned low = bin > 1 ? bin - 1 : bin, high = bin + 1 < EKI_HAZARD_BINS && bin ? bin + 1 : bin;
    for (int n = 0; n < 2; n++) {
        h->of_kind[kind][n] = h->all[n] = 0;
        for (unsigned b = low; b <= high; b++) h->of[kind][b][n] = h->of_bin[b][n] = 0;
    }
}

void eki_hazard_learn(struct eki_trace *trace)
{
    trace->hazards = trace->spared;
    for (uint32_t i = 0; i < trace->member_count; i++) add_member(&trace->hazards, &trace->members[i]);
    for (unsigned k = 0; k < EKI_KINDS; k++)
        for (unsigned b = 0; b < EKI_HAZARD_BINS; b++) trace->chances.of[k][b] = chance_of(trace, k, b);
}

void eki_hazard_for(struct eki_trace *trace, const struct eki_member *m, struct eki_chances *ret_chances)
{
    add_member(&trace->own, m);
    for (size_t i = 0; i < m->suspect_count; i++) {
        unsigned kind = m->suspects[i].kind, bin = m->suspects[i].bin;
        ret_chances->of[kind][bin] = chance_of(trace, kind, bin);
    }
    for (size_t i = 0; i < m->suspect_count; i++)
        forget(&trace->own, m->suspects[i].kind, m->suspects[i].bin);
}

void eki_hazard_guess(struct eki_trace *trace, int bin)
{
    static const double favoured = .9, other = .02;
    for (int k = 0; k < EKI_KINDS; k++)
        for (int b = 0; b < EKI_HAZARD_BINS; b++) {
            double chance = prior_chance[k];
            if (bin >= 0 && k <= EKI_KIND_ATTEMPT) chance = b == bin ? favoured : other;
            trace->chances.of[k][b] = chance;
        }
    trace->hazards = (struct eki_hazards){0};
}

double eki_hazard_spared(const struct eki_trace *trace)
{
    double sum = 0;
    for (int b = 0; b < EKI_HAZARD_BINS; b++)
        sum += trace->spared.of[EKI_KIND_SESSION][b][1] * log(1 - trace->chances.of[EKI_KIND_SESSION][b]);
    return sum;
}
