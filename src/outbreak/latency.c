/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time from infection to the first own probe, learned from the outbreak itself: a log-normal distribution
 * fitted to the posteriors of the edges, by expectation-maximisation (Dempster, Laird, Rubin 1977), with a
 * broad prior that carries the weight of one edge. A host is judged by what the others show: its own suspects
 * are left out, else a single odd visit would make itself look usual.
 */
#include <math.h>

#include "outbreak/trace.h"

/* Before anything is learned: between a tenth of a second and a few minutes. */
static const double prior_mean = 1.1 /* ln 3 s */, prior_deviation = 2.3, prior_weight = 1.0;
/* Latencies cannot be told apart below this: clocks and queues. */
static const double resolution_s = 1e-3;
static const double narrowest = 0.15;

static double log_seconds(double seconds)
{
    return log(seconds > resolution_s ? seconds : resolution_s);
}

static void add(struct eki_latency_sums *sums, const struct eki_member *m, double sign)
{
    if (m->onset == EKI_TIME_NONE) return;
    for (size_t k = 0; k < m->suspect_count; k++) {
        double w = sign * m->suspects[k].posterior;
        double x = log_seconds(eki_time_since(m->onset, m->suspects[k].end));
        sums->weight += w;
        sums->sum += w * x;
        sums->squares += w * x * x;
    }
}

void eki_latency_learn(struct eki_trace *trace)
{
    struct eki_latency_sums sums = {0};
    for (uint32_t i = 0; i < trace->member_count; i++) add(&sums, &trace->members[i], 1);
    trace->latencies = sums;
}

struct eki_latency eki_latency_for(const struct eki_trace *trace, const struct eki_member *member)
{
    struct eki_latency_sums s = trace->latencies;
    add(&s, member, -1);
    if (s.weight < 0) s = (struct eki_latency_sums){0}; /* rounding */
    double weight = s.weight + prior_weight;
    double mean = (s.sum + prior_weight * prior_mean) / weight;
    double squares =
        (s.squares + prior_weight * (prior_deviation * prior_deviation + prior_mean * prior_mean)) / weight;
    return (struct eki_latency){.mean = mean,
                                .deviation = fmax(narrowest, sqrt(fmax(0, squares - mean * mean)))};
}

double eki_latency_density(const struct eki_latency *latency, double seconds)
{
    double x = log_seconds(seconds);
    double z = (x - latency->mean) / latency->deviation;
    /* Mixed with 2 % of the broad prior, so that one odd latency is unlikely but not impossible. */
    double y = (x - prior_mean) / prior_deviation;
    double sharp = exp(-.5 * z * z) / latency->deviation, broad = exp(-.5 * y * y) / prior_deviation;
    return (.98 * sharp + .02 * broad + 1e-12) * exp(-x);
}
