/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_PAIRS_H
#define EKI_PROTOCOL_PAIRS_H
/*
 * What a module remembers of each pair of hosts: the sign that grows, and a few words of its own. Bounded: the pair that was made first
 * goes first. Zeroed is empty; eki_pairs_done frees.
 */
#include "base/index.h"
#include "protocol/module.h"

/* 4,096 pairs of about 450 bytes: 2 MiB for a module at most, grown as needed. */
enum { EKI_PAIRS = 1 << 12, EKI_PAIR_WORDS = 8 };

struct eki_pair {
    struct eki_address a, b;
    struct eki_sign sign;          /* sign.id is 0 until the module has something to tell */
    uint64_t word[EKI_PAIR_WORDS]; /* the module's own */
};

struct eki_pairs {
    struct eki_pair *pairs;
    size_t capacity;
    uint32_t count, oldest;
    struct eki_index index;
};

/* The row of (a, b), made when there is none; NULL without memory. Valid until the next call. */
struct eki_pair *eki_pairs_get(struct eki_pairs *pairs, struct eki_address a, struct eki_address b);
/* The row of (a, b) or NULL. */
struct eki_pair *eki_pairs_find(const struct eki_pairs *pairs, struct eki_address a, struct eki_address b);
/* Frees everything. Shaped as eki_sign_module.end for a state that begins with its pairs. */
void eki_pairs_done(void *pairs);

/* Starts the pair's sign if it has none yet (id, source a, target b, first time and packet), then notes this packet as its last and counts
 * it. The caller sets what changes (grade, detail) and emits. */
struct eki_sign *eki_pair_sign(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_sign *like,
                               const struct eki_packet *packet);

#endif
