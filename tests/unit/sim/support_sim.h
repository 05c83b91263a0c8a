/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TEST_SUPPORT_SIM_H
#define EKI_TEST_SUPPORT_SIM_H
/* Scenarios and statistics that several tests of the engines use. */
#include "ekigaku/simulation.h"

extern const double sim_addresses; /* 2^32 */

/* Uniform searching from one host, without latency and limits. */
struct eki_scenario sim_internet(uint32_t hosts, double rate, uint32_t runs);

struct sim_moments {
    double mean, deviation;
    uint32_t count;
};

/* Of the time at which this percentage was infected. */
struct sim_moments sim_moments_of(const struct eki_ensemble *e, unsigned level);

/* Checks and plays it; fails the test otherwise. */
struct eki_ensemble *sim_play(const struct eki_scenario *s, unsigned threads);

/* Two-sample Kolmogorov-Smirnov distance (Smirnov 1948); sorts both. */
double sim_distance(double *a, double *b, size_t n);

#endif
