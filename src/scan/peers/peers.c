/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/peers/peers.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { WORDS = 1 << (EKI_PEERS_LOG2_BITS - 6) };

enum eki_error eki_peers_init(struct eki_peers *ret_peers, uint64_t seed)
{
    struct eki_peers peers = {.seed = seed ^ 0xd6e8feb86659fd93u};
    peers.young = eki_allocate(WORDS, sizeof *peers.young);
    peers.old = eki_allocate(WORDS, sizeof *peers.old);
    if (!peers.young || !peers.old) {
        eki_peers_done(&peers);
        return EKI_ERROR_MEMORY;
    }
    *ret_peers = peers;
    return EKI_OK;
}

void eki_peers_done(struct eki_peers *peers)
{
    eki_free(peers->young);
    eki_free(peers->old);
}

static uint64_t hash_of(const struct eki_peers *peers, struct eki_address a, struct eki_address b)
{
    return eki_address_compare(a, b) < 0 ? eki_hash_pair(a, b, 0, peers->seed) : eki_hash_pair(b, a, 0, peers->seed);
}

static bool bits_set(const uint64_t *words, uint64_t hash)
{
    uint32_t first = (uint32_t)hash % (WORDS * 64u), second = (uint32_t)(hash >> 32) % (WORDS * 64u);
    return (words[first >> 6] >> (first & 63) & 1) && (words[second >> 6] >> (second & 63) & 1);
}

bool eki_peers_has(const struct eki_peers *peers, struct eki_address a, struct eki_address b)
{
    uint64_t hash = hash_of(peers, a, b);
    return bits_set(peers->young, hash) || bits_set(peers->old, hash);
}

void eki_peers_add(struct eki_peers *peers, struct eki_address a, struct eki_address b)
{
    uint64_t hash = hash_of(peers, a, b);
    if (bits_set(peers->young, hash)) return;
    if (peers->count == EKI_PEERS_A_GENERATION) {
        uint64_t *oldest = peers->old;
        peers->old = peers->young;
        peers->young = oldest;
        memset(oldest, 0, WORDS * sizeof *oldest);
        peers->count = 0;
    }
    uint32_t first = (uint32_t)hash % (WORDS * 64u), second = (uint32_t)(hash >> 32) % (WORDS * 64u);
    peers->young[first >> 6] |= UINT64_C(1) << (first & 63);
    peers->young[second >> 6] |= UINT64_C(1) << (second & 63);
    peers->count++;
}
