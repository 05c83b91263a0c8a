/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time from infection to the first own probe, learned from the outbreak itself: a log-normal distribution fitted to the posteriors of
 * the edges, by expectation-maximisation (Dempster, Laird, Rubin 1977), with a broad prior that carries the weight of a few edges.
 */
#include <math.h>

#include "outbreak/trace.h"

/* Before anything is learned: between a tenth of a second and a few minutes. */
static const double prior_mean = 1.1 /* ln 3 s */, prior_deviation = 2.3, prior_weight = 1.0;
/* Latencies cannot be told apart below this: clocks and queues. */
static const double resolution_s = 1e-3;
static const double narrowest = 0.15;

double eki_latency_log_density(const struct eki_trace *trace, double seconds)
{
    double mean = trace->latency_known ? trace->latency_mean : prior_mean;
    double deviation = trace->latency_known ? trace->latency_deviation : prior_deviation;
    double x = log(seconds > resolution_s ? seconds : resolution_s);
    double z = (x - mean) / deviation;
    /* Mixed with 2 % of the broad prior, so that one odd latency is unlikely but not impossible. */
    double y = (x - prior_mean) / prior_deviation;
    double sharp = exp(-.5 * z * z) / deviation, broad = exp(-.5 * y * y) / prior_deviation;
    return log(.98 * sharp + .02 * broad + 1e-12) - x;
}

void eki_latency_learn(struct eki_trace *trace)
{
    double weight = prior_weight, sum = prior_weight * prior_mean, squares = 0;
    for (int pass = 0; pass < 2; pass++) {
        double mean = sum / weight;
        if (pass) squares = prior_weight * prior_deviation * prior_deviation;
        for (uint32_t i = 0; i < trace->member_count; i++) {
            const struct eki_member *m = &trace->members[i];
            if (m->onset == EKI_TIME_NONE) continue;
            for (size_t k = 0; k < m->suspect_count; k++) {
                const struct eki_suspect *s = &m->suspects[k];
                double seconds = eki_time_since(m->onset, s->end);
                double x = log(seconds > resolution_s ? seconds : resolution_s);
                if (!pass) {
                    weight += s->posterior;
                    sum += s->posterior * x;
                } else {
                    squares += s->posterior * (x - mean) * (x - mean);
                }
            }
        }
    }
    trace->latency_mean = sum / weight;
    trace->latency_deviation = fmax(narrowest, sqrt(squares / weight));
    trace->latency_known = true;
}
