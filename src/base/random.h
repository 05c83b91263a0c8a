/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_RANDOM_H
#define EKI_BASE_RANDOM_H
/*
 * Randomness that is handed in: xoshiro256++ (Blackman and Vigna 2019), seeded by SplitMix64 (Steele, Lea,
 * Flood 2014). The state is the caller's; the same seed gives the same numbers everywhere.
 */
#include <stdint.h>

struct eki_random {
    uint64_t state[4];
};

/* A state from any seed, 0 included. */
struct eki_random eki_random_from(uint64_t seed);
/* The next 64 uniform bits. */
uint64_t eki_random_next(struct eki_random *random);

/* Uniform in [0, below), without bias (Lemire 2019); 0 when below is 0. */
uint64_t eki_random_below(struct eki_random *random, uint64_t below);

/* Uniform in [0, 1), 53 bits. */
double eki_random_unit(struct eki_random *random);

/* Exponential with the given mean. */
double eki_random_exponential(struct eki_random *random, double mean);

#endif
