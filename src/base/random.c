/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include <math.h>

#include "base/hash.h"

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

struct eki_random eki_random_from(uint64_t seed)
{
    struct eki_random random;
    for (int i = 0; i < 4; i++) random.state[i] = split_mix(&seed);
    return random;
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t eki_random_next(struct eki_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t eki_random_below(struct eki_random *random, uint64_t below)
{
    if (!below) return 0;
    eki_wide product = (eki_wide)eki_random_next(random) * below;
    if ((uint64_t)product < below) {
        uint64_t threshold = -below % below;
        while ((uint64_t)product < threshold) product = (eki_wide)eki_random_next(random) * below;
    }
    return (uint64_t)(product >> 64);
}

double eki_random_unit(struct eki_random *random)
{
    return (double)(eki_random_next(random) >> 11) * 0x1p-53;
}

double eki_random_exponential(struct eki_random *random, double mean)
{
    return -mean * log1p(-eki_random_unit(random));
}
