/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/peers/peers.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

/* Fixed: a filter gives wrong answers, and which ones must not depend on a random seed. */
static const uint64_t seed = 0xd6e8feb86659fd93u;

enum eki_error eki_peers_init(struct eki_peers *ret_peers)
{
    struct eki_peers peers = {.blocks = NULL};
    peers.blocks = eki_allocate(EKI_PEERS_BLOCKS, sizeof *peers.blocks);
    if (!peers.blocks) return EKI_ERROR_MEMORY;
    *ret_peers = peers;
    return EKI_OK;
}

void eki_peers_done(struct eki_peers *peers)
{
    eki_free(peers->blocks);
}

uint64_t eki_peers_hash(struct eki_address a, struct eki_address b)
{
    return eki_address_compare(a, b) < 0 ? eki_hash_pair(a, b, 0, seed) : eki_hash_pair(b, a, 0, seed);
}

/* Both bits of a pair lie in one block of 64 bytes, which holds both generations: one cache line a look-up
 * (blocked Bloom filter, Putze, Sanders, Singler 2007). */
static struct eki_peers_block *block_of(const struct eki_peers *peers, uint64_t hash)
{
    return &peers->blocks[hash % EKI_PEERS_BLOCKS];
}

static bool bits_set(const uint64_t words[EKI_PEERS_WORDS], uint64_t hash)
{
    unsigned first = hash >> 48 & 255, second = hash >> 56;
    return (words[first >> 6] >> (first & 63) & 1) && (words[second >> 6] >> (second & 63) & 1);
}

void eki_peers_prefetch(const struct eki_peers *peers, uint64_t hash)
{
    __builtin_prefetch(block_of(peers, hash));
}

bool eki_peers_has(const struct eki_peers *peers, uint64_t hash)
{
    const struct eki_peers_block *block = block_of(peers, hash);
    return bits_set(block->words[0], hash) || bits_set(block->words[1], hash);
}

void eki_peers_add(struct eki_peers *peers, uint64_t hash)
{
    if (bits_set(block_of(peers, hash)->words[peers->young], hash)) return;
    if (peers->count == EKI_PEERS_A_GENERATION) {
        peers->young = !peers->young;
        for (uint32_t i = 0; i < EKI_PEERS_BLOCKS; i++)
            memset(peers->blocks[i].words[peers->young], 0, sizeof peers->blocks[i].words[0]);
        peers->count = 0;
    }
    uint64_t *words = block_of(peers, hash)->words[peers->young];
    unsigned first = hash >> 48 & 255, second = hash >> 56;
    words[first >> 6] |= UINT64_C(1) << (first & 63);
    words[second >> 6] |= UINT64_C(1) << (second & 63);
    peers->count++;
}
