/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/pairs.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_CAPACITY = 16 };

static uint64_t hash_of(const struct eki_pair_key *key)
{
    /* The ring bounds what crowded slots can cost, so no secret is needed here. */
    return eki_hash_pair(key->a, key->b, key->more, 0);
}

static bool same(const struct eki_pair_key *x, const struct eki_pair_key *y)
{
    return eki_address_equal(x->a, y->a) && eki_address_equal(x->b, y->b) && x->more == y->more;
}

static void *entry_at(const struct eki_pairs *pairs, struct eki_pairs_shape shape, uint32_t position)
{
    return pairs->entries + (size_t)position * shape.size;
}

void *eki_pairs_find(const struct eki_pairs *pairs, struct eki_pairs_shape shape,
                     const struct eki_pair_key *key)
{
    if (!pairs->count) return NULL;
    struct eki_index_probe probe = eki_index_find(&pairs->index, hash_of(key));
    while (eki_index_next(&pairs->index, &probe)) {
        void *entry = entry_at(pairs, shape, probe.position);
        if (same(entry, key)) return entry;
    }
    return NULL;
}

/* Room for one more entry, by growing or, at the limit, by letting the oldest go. False when there is no
 * memory. */
static bool make_room(struct eki_pairs *pairs, struct eki_pairs_shape shape, uint32_t *ret_position)
{
    if (pairs->count == shape.limit) {
        *ret_position = pairs->oldest;
        pairs->oldest = (pairs->oldest + 1) % shape.limit;
        eki_index_remove(&pairs->index, hash_of(entry_at(pairs, shape, *ret_position)), *ret_position);
        return true;
    }
    if (!pairs->index.slots && eki_index_init(&pairs->index, 5)) return false;
    if (eki_index_full(&pairs->index) && eki_index_grow(&pairs->index)) return false;
    if (pairs->count == pairs->capacity) {
        uint32_t capacity = pairs->capacity ? pairs->capacity * 2 : FIRST_CAPACITY;
        if (capacity > shape.limit) capacity = shape.limit;
        void *entries = eki_reallocate(pairs->entries, pairs->capacity, capacity, shape.size);
        if (!entries) return false;
        pairs->entries = entries;
        pairs->capacity = capacity;
    }
    *ret_position = pairs->count++;
    return true;
}

void *eki_pairs_get(struct eki_pairs *pairs, struct eki_pairs_shape shape, const struct eki_pair_key *key)
{
    uint32_t position;
    void *entry = eki_pairs_find(pairs, shape, key);
    if (entry) return entry;
    if (!make_room(pairs, shape, &position)) return NULL;
    entry = entry_at(pairs, shape, position);
    memset(entry, 0, shape.size);
    memcpy(entry, key, sizeof *key);
    eki_index_add(&pairs->index, hash_of(key), position);
    return entry;
}

void eki_pairs_done(struct eki_pairs *pairs)
{
    eki_index_done(&pairs->index);
    eki_free(pairs->entries);
    *pairs = (struct eki_pairs){0};
}
