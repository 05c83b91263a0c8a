/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/lease.h"

#include <math.h>

#include "base/hash.h"

/* Each step can be undone: a permutation of the 256 last bytes. */
static uint32_t permuted_byte(uint32_t x, uint64_t key)
{
    x = (x * (uint32_t)(key | 1) + (uint32_t)(key >> 8)) & 0xff;
    x ^= x >> 4;
    return (x * (uint32_t)(key >> 16 | 1) + (uint32_t)(key >> 24)) & 0xff;
}

uint32_t eki_sim_lease_near(uint32_t address, double t, double lease_s, uint64_t key)
{
    uint32_t network = address & 0xffffff00u;
    double phase = (double)(eki_hash_two(network, key, 7) >> 11) * 0x1p-53;
    uint64_t lease = (uint64_t)floor(t / lease_s + phase);
    return lease ? network | permuted_byte(address & 0xff, eki_hash_two(network, lease, key)) : address;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint32_t eki_sim_lease_place(uint32_t place, uint32_t room, uint64_t lease, uint64_t key)
{
    uint32_t places = room - 2;
    if (!lease) return place;
    uint64_t hash = eki_hash_two(lease, room, key), factor = 1 + hash % places;
    while (common_divisor((uint32_t)factor, places) != 1) factor++;
    return 1 + (uint32_t)(((place - 1) * factor + (hash >> 32)) % places);
}
