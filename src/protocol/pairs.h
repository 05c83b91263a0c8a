/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_PAIRS_H
#define EKI_PROTOCOL_PAIRS_H
/*
 * A bounded memory of pairs of hosts (or of conversations): what a sign keeps between packets. Entries are
 * zeroed when new; when the table is full the oldest entry gives way, so that nobody can make it grow. An
 * entry's struct begins with a struct eki_pair_key.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/index.h"
#include "ekigaku/address.h"

struct eki_pair_key {
    struct eki_address a, b;
    uint64_t more; /* a service, a conversation, or 0 */
};

struct eki_pairs {
    struct eki_index index;
    uint8_t *entries;
    uint32_t count, capacity, oldest;
};

/* The size of an entry and how many there may be. */
struct eki_pairs_shape {
    uint32_t size, limit;
};

/* The entry of a key, or NULL. O(1). A zeroed struct eki_pairs is an empty table. */
void *eki_pairs_find(const struct eki_pairs *pairs, struct eki_pairs_shape shape,
                     const struct eki_pair_key *key);

/* The same, made when it is not there; NULL when there is no memory. It stays valid until the next call that
 * may add. */
void *eki_pairs_get(struct eki_pairs *pairs, struct eki_pairs_shape shape, const struct eki_pair_key *key);

/* Frees the table; it is empty again. */
void eki_pairs_done(struct eki_pairs *pairs);

#endif
