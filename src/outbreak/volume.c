/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much a conversation carried, as evidence: an attack that got in went on to hand over a program, one
 * that failed did not. What the two look like is learned from the outbreak itself, as with latencies:
 * conversations of infected hosts with hosts that were never infected failed; those with infected hosts
 * succeeded by their posteriors. Histograms over half octaves of the client's bytes.
 */
#include <math.h>

#include "outbreak/trace.h"
#include "outbreak/vector.h"

/* So many pseudo-conversations of each kind, spread by a broad kernel: with little data the ratio stays near
 * one. */
static const double prior_weight = 2;
static const double most_odds = 200;

unsigned eki_volume_bin(uint32_t bytes)
{
    unsigned bin = (unsigned)(2 * log2((double)bytes + 1));
    return bin < EKI_VOLUME_BINS ? bin : EKI_VOLUME_BINS - 1;
}

/* A conversation counts half in its own bin, the rest in those beside it: sizes vary a little. */
static void add(double histogram[EKI_VOLUME_BINS], uint32_t bytes, double weight)
{
    unsigned bin = eki_volume_bin(bytes);
    histogram[bin] += .6 * weight;
    histogram[bin ? bin - 1 : bin] += .2 * weight;
    histogram[bin + 1 < EKI_VOLUME_BINS ? bin + 1 : bin] += .2 * weight;
}

/* In how many members' suspects each size occurs, over the members that have any. */
static void count_common(const struct eki_trace *trace, double ret_common[EKI_VOLUME_BINS])
{
    double victims = 0, met[EKI_VOLUME_BINS] = {0};
    for (uint32_t i = 0; i < trace->member_count; i++) {
        bool seen[EKI_VOLUME_BINS] = {false}, any = false;
        const struct eki_member *m = &trace->members[i];
        for (size_t k = 0; k < m->suspect_count; k++)
            if (m->suspects[k].bytes) any = seen[eki_volume_bin(m->suspects[k].bytes)] = true;
        victims += any;
        for (int b = 0; b < EKI_VOLUME_BINS; b++) met[b] += seen[b];
    }
    for (int b = 0; b < EKI_VOLUME_BINS; b++) ret_common[b] = victims > 0 ? met[b] / victims : 0;
}

/*
 * Before anything is learned all suspects of a victim look alike, and expectation-maximisation would stay
 * there. So the first guess is structural: what gave an infection happened to nearly every victim, and to
 * each but once, while refused attacks and checks are repeated. A suspect of a size that a share of the
 * victims met is guessed as that share to the 4th over how often this victim met it; `fading` lessens each
 * further one of the same size, for attacks that hardly ever fail.
 */
void eki_volume_guess(struct eki_trace *trace, double fading)
{
    double common[EKI_VOLUME_BINS];
    count_common(trace, common);
    for (uint32_t i = 0; i < trace->member_count; i++) {
        double times[EKI_VOLUME_BINS] = {0}, faded[EKI_VOLUME_BINS];
        struct eki_member *m = &trace->members[i];
        for (size_t k = 0; k < m->suspect_count; k++) times[eki_volume_bin(m->suspects[k].bytes)]++;
        for (int b = 0; b < EKI_VOLUME_BINS; b++) faded[b] = 1;
        for (size_t k = 0; k < m->suspect_count; k++) {
            unsigned bin = eki_volume_bin(m->suspects[k].bytes);
            if (m->suspects[k].bytes) m->suspects[k].guess = faded[bin] * pow(common[bin], 4) / times[bin];
            faded[bin] *= fading;
        }
    }
}

/* What infected hosts did to those that never fell: counted once, it does not change. */
void eki_volume_start(struct eki_trace *trace)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_inbound_server *s = &in->servers[i];
        if (s->protocol != trace->protocol || s->vector != trace->vector ||
            eki_trace_member(trace, s->server))
            continue;
        uint32_t position = s->first;
        for (uint32_t k = 0; k < s->count; k++, position = in->touches[position].next) {
            const struct eki_touch *t = &in->touches[position];
            const struct eki_member *m = t->client_bytes ? eki_trace_member(trace, t->client) : NULL;
            if (m && m->onset != EKI_TIME_NONE && t->start >= m->onset)
                add(trace->volumes.spared, t->client_bytes, 1);
        }
    }
}

static void add_member(struct eki_volumes *volumes, const struct eki_member *m, double sign)
{
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *s = &m->suspects[i];
        if (!s->bytes) continue;
        add(volumes->success, s->bytes, sign * s->posterior);
        add(volumes->failure, s->bytes, sign * (1 - s->posterior));
    }
}

void eki_volume_forget(struct eki_trace *trace)
{
    for (int i = 0; i < EKI_VOLUME_BINS; i++) trace->volumes.success[i] = trace->volumes.failure[i] = 0;
}

void eki_volume_learn(struct eki_trace *trace)
{
    eki_volume_forget(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) add_member(&trace->volumes, &trace->members[i], 1);
}

struct eki_volumes eki_volume_for(const struct eki_trace *trace, const struct eki_member *member)
{
    struct eki_volumes volumes = trace->volumes;
    add_member(&volumes, member, -1);
    for (int i = 0; i < EKI_VOLUME_BINS; i++) volumes.failure[i] += volumes.spared[i];
    return volumes;
}

double eki_volume_odds(const struct eki_volumes *volumes, uint32_t bytes)
{
    if (!bytes) return 1;
    double success = 0, failure = 0;
    for (int i = 0; i < EKI_VOLUME_BINS; i++) {
        success += fmax(0, volumes->success[i]);
        failure += fmax(0, volumes->failure[i]);
    }
    unsigned bin = eki_volume_bin(bytes);
    double share = prior_weight / EKI_VOLUME_BINS * 8; /* as if sizes spread over four octaves */
    double p = (fmax(0, volumes->success[bin]) + share) / (success + prior_weight * 8);
    double q = (fmax(0, volumes->failure[bin]) + share) / (failure + prior_weight * 8);
    return fmin(most_odds, fmax(1 / most_odds, p / q));
}
