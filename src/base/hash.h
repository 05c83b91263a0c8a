/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_HASH_H
#define EKI_BASE_HASH_H
/*
 * Keyed hashing of the few 64-bit words that make a key. Strangers choose addresses and ports, so every table
 * has a secret seed and a bounded probe length; no result depends on the order of a table. Method: folded
 * 64x64 -> 128 multiplication (wyhash, Wang Yi 2019; XXH3's core, Collet 2019).
 */
#include <stdint.h>

#include "ekigaku/address.h"

__extension__ typedef unsigned __int128 eki_wide; /* twice a machine word, for products */

static inline uint64_t eki_hash_fold(uint64_t a, uint64_t b)
{
    eki_wide product = (eki_wide)a * b;
    /* The factors come in again, so that a factor of zero does not wipe the other out (wyhash, "condom"). */
    return (uint64_t)product ^ (uint64_t)(product >> 64) ^ a ^ b;
}

/* Two words and a seed. */
static inline uint64_t eki_hash_two(uint64_t a, uint64_t b, uint64_t seed)
{
    uint64_t first = eki_hash_fold(a ^ 0xa0761d6478bd642fu ^ seed, b ^ 0xe7037ed1a0b428dbu);
    return eki_hash_fold(first ^ 0x8ebc6af09c88c6e3u, seed ^ 0x589965cc75374cc3u);
}

/* Are both IPv4? Then they fit one word, which is what is hashed: nearly all pairs are such, and every packet
 * is hashed more than once. */
static inline bool eki_hash_is_short(struct eki_address a, struct eki_address b)
{
    uint64_t odd = (a.lo ^ EKI_V4_MAPPED) | (b.lo ^ EKI_V4_MAPPED);
    return __builtin_expect(!(a.hi | b.hi | odd >> 32), 1);
}

/* A pair of addresses, in that order, and one more word (ports, protocol). */
static inline uint64_t eki_hash_pair(struct eki_address a, struct eki_address b, uint64_t more, uint64_t seed)
{
    if (eki_hash_is_short(a, b)) return eki_hash_two(a.lo << 32 | (uint32_t)b.lo, more, seed);
    uint64_t x = eki_hash_fold(a.lo ^ 0xa0761d6478bd642fu ^ seed, a.hi ^ b.lo ^ 0xe7037ed1a0b428dbu);
    uint64_t y = eki_hash_fold(b.hi ^ more ^ 0x8ebc6af09c88c6e3u, b.lo ^ seed ^ 0x589965cc75374cc3u);
    return eki_hash_fold(x ^ 0x1d8e4e27c47d124fu, y ^ seed ^ 0xeb44accab455d165u);
}

/* One address and one more word. */
static inline uint64_t eki_hash_address(struct eki_address a, uint64_t more, uint64_t seed)
{
    return eki_hash_two(a.lo ^ (a.hi * 0x9e3779b97f4a7c15u), more, seed);
}

#endif
