/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time from infection to the first own probe, learned from the outbreak itself: a log-normal distribution
 * fitted to the posteriors of the edges, by expectation-maximisation (Dempster, Laird, Rubin 1977), with a
 * broad prior. A host is judged by what the others show: its own suspects
 * are left out, else a single odd visit would make itself look usual.
 *
 * Where only a part of a host's probes is seen (outside.c), the first of them comes an exponential time of
 * their mean gap after the true first one: the density is then that of the sum of both, and such a host
 * teaches less about the latency.
 */
#include <math.h>

#include "outbreak/trace.h"

/* Before anything is learned: between a tenth of a second and a few minutes. */
static const double prior_mean = 1.1 /* ln 3 s */, prior_deviation = 2.3;
/* Latencies cannot be told apart below this: clocks and queues. */
static const double resolution_s = 1e-3;
static const double narrowest = 0.15;

double eki_latency_log(double seconds)
{
    return log(seconds > resolution_s ? seconds : resolution_s);
}

/* How long a host searched before its first probe was seen, in the mean; 0 when all are. */
static double wait_of(const struct eki_member *m)
{
    return m->in_part && m->effect == m->onset ? m->gap_s : 0;
}

static void add(struct eki_latency_sums *sums, const struct eki_member *m, double sign)
{
    if (m->effect == EKI_TIME_NONE) return;
    for (size_t k = 0; k < m->suspect_count; k++) {
        double x = m->suspects[k].passed, relative = wait_of(m) / sums->usual;
        double w = sign * m->suspects[k].posterior / (1 + relative * relative);
        sums->weight += w;
        sums->sum += w * x;
        sums->squares += w * x * x;
    }
}

void eki_latency_forget(struct eki_trace *trace)
{
    trace->latencies = (struct eki_latency_sums){.usual = exp(prior_mean)};
}

void eki_latency_learn(struct eki_trace *trace)
{
    struct eki_latency_sums sums = {.usual = exp(eki_latency_for(trace, NULL).mean)};
    for (uint32_t i = 0; i < trace->member_count; i++) add(&sums, &trace->members[i], 1);
    trace->latencies = sums;
}

struct eki_latency eki_latency_for(const struct eki_trace *trace, const struct eki_member *member)
{
    struct eki_latency_sums s = trace->latencies;
    if (member) add(&s, member, -1);
    if (s.weight < 0) s = (struct eki_latency_sums){0}; /* rounding */
    /* The prior fades faster than it is outnumbered: of seven edges with like latencies another one is known
     * well. */
    double prior = 1 / (1 + s.weight), weight = s.weight + prior;
    double mean = (s.sum + prior * prior_mean) / weight;
    double squares =
        (s.squares + prior * (prior_deviation * prior_deviation + prior_mean * prior_mean)) / weight;
    return (struct eki_latency){.mean = mean,
                                .deviation = fmax(narrowest, sqrt(fmax(0, squares - mean * mean)))};
}

/* Mixed with 2 % of the broad prior, so that one odd latency is unlikely but not impossible. Per second. */
static double exact_density(const struct eki_latency *latency, double x)
{
    double z = (x - latency->mean) / latency->deviation, y = (x - prior_mean) / prior_deviation;
    double sharp = exp(-.5 * z * z) / latency->deviation, broad = exp(-.5 * y * y) / prior_deviation;
    return (.98 * sharp + .02 * broad + 1e-12) * exp(-x) * .3989422804014327;
}

/* The log-normal at its five points of Gauss-Hermite quadrature (Abramowitz and Stegun 1964, 25.10), each
 * with the wait for the first probe that was seen. */
static double waiting_density(const struct eki_latency *latency, double seconds, double gap_s)
{
    static const double at[] = {-2.8569700138728056, -1.355626179974266, 0, 1.355626179974266,
                                2.8569700138728056},
                        weight[] = {.011257411327720693, .2220759220056126, .5333333333333333,
                                    .2220759220056126, .011257411327720693};
    double sum = 0;
    for (int i = 0; i < 5; i++) {
        double waited = seconds - exp(latency->mean + latency->deviation * at[i]);
        if (waited >= 0) sum += weight[i] * exp(-waited / gap_s) / gap_s;
    }
    return sum;
}

double eki_latency_density(const struct eki_latency *latency, const struct eki_member *m, double passed)
{
    double usual = exp(latency->mean), wait = wait_of(m), relative = wait / usual;
    if (relative > .5 * latency->deviation) {
        double exact = exact_density(latency, passed);
        return fmax(.98 * waiting_density(latency, exp(passed), wait), .02 * exact);
    }
    struct eki_latency wider = *latency;
    wider.deviation = hypot(wider.deviation, relative);
    return exact_density(&wider, passed);
}

double eki_latency_tail(const struct eki_latency *latency, const struct eki_member *m, double passed)
{
    double usual = exp(latency->mean), wait = wait_of(m), late = exp(passed) - usual;
    double tail = .5 * erfc((passed - latency->mean) / latency->deviation * M_SQRT1_2);
    return wait > 0 ? fmax(tail, late > 0 ? exp(-late / wait) : 1) : tail;
}
