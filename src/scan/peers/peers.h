/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_PEERS_H
#define EKI_SCAN_PEERS_H
/*
 * Which pairs of hosts have exchanged data: the "known peers" that NotPetya and Bad Rabbit try first. A Bloom
 * filter in two generations (the older one is dropped when the younger is full), so memory is fixed and old
 * pairs fade.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"

/* Two generations of 2^21 bits with two probes: 512 KiB; 150,000 pairs a generation keep false matches below
 * 3 %. */
enum { EKI_PEERS_BLOCKS = 1 << 13, EKI_PEERS_WORDS = 4, EKI_PEERS_A_GENERATION = 150000 };

struct eki_peers_block {
    uint64_t words[2][EKI_PEERS_WORDS];
};

struct eki_peers {
    struct eki_peers_block *blocks;
    uint32_t count;
    unsigned young; /* which of a block's two rows takes new pairs */
};

/* An empty memory of pairs; pair with the _done below, which takes a zeroed one as well. Its hashing is not
 * keyed: which strangers it takes for known shows in results, and a look-up costs the same whoever chose the
 * addresses. EKI_ERROR_MEMORY leaves *ret_peers untouched. */
EKI_MUST_USE enum eki_error eki_peers_init(struct eki_peers *ret_peers);
void eki_peers_done(struct eki_peers *peers);

/* What the calls below know a pair by; its order does not matter. */
uint64_t eki_peers_hash(struct eki_address a, struct eki_address b);

/* Notes that the two have exchanged data. */
void eki_peers_add(struct eki_peers *peers, uint64_t hash);

/* Fetches what eki_peers_has will look at. */
void eki_peers_prefetch(const struct eki_peers *peers, uint64_t hash);

/* Have the two exchanged data lately? Wrong for less than 3 % of strangers. O(1). */
bool eki_peers_has(const struct eki_peers *peers, uint64_t hash);

#endif
