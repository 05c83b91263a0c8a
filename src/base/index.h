/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_INDEX_H
#define EKI_BASE_INDEX_H
/*
 * An open-addressing index from a 64-bit hash to a position in somebody else's array. The entries stay dense
 * where they are; a slot is 8 bytes (a 32-bit tag taken from the hash, position + 1); the tag gives the home
 * slot and, by its upper bits, keeps probing from touching entries that are not the wanted one.
 *
 *     for (struct eki_index_probe p = eki_index_find(&index, hash); eki_index_next(&index, &p);)
 *         if (same_key(&entries[p.position], key)) return &entries[p.position];
 *     eki_index_add(&index, hash, new_position);
 *
 * The owner of the entries keeps them at most 5/8 of the slots (eki_index_full); eki_index_grow() doubles.
 * Removal shifts back (Knuth 6.4, algorithm R), so there are no tombstones.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct eki_index_slot {
    uint32_t tag;      /* eki_index_tag of the hash */
    uint32_t position; /* position + 1; 0 is empty */
};

struct eki_index {
    struct eki_index_slot *slots;
    size_t mask; /* slots - 1 */
    size_t used;
};

struct eki_index_probe {
    size_t slot;
    uint32_t tag;
    uint32_t position; /* set by eki_index_next when it returns true */
    bool started;
};

/* 2^log2_slots empty slots. Pair with eki_index_done. */
EKI_MUST_USE enum eki_error eki_index_init(struct eki_index *ret_index, unsigned log2_slots);
void eki_index_done(struct eki_index *index);

/* Doubles the slots; on EKI_ERROR_MEMORY nothing has changed. */
EKI_MUST_USE enum eki_error eki_index_grow(struct eki_index *index);

/* Empties all slots. */
void eki_index_clear(struct eki_index *index);

/* Removes the slot that holds `position` under `hash`; nothing happens when there is none. */
void eki_index_remove(struct eki_index *index, uint64_t hash, uint32_t position);

static inline uint32_t eki_index_tag(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

static inline void eki_index_prefetch(const struct eki_index *index, uint64_t hash)
{
    __builtin_prefetch(&index->slots[eki_index_tag(hash) & index->mask]);
}

static inline struct eki_index_probe eki_index_find(const struct eki_index *index, uint64_t hash)
{
    uint32_t tag = eki_index_tag(hash);
    return (struct eki_index_probe){.slot = tag & index->mask, .tag = tag};
}

/* Moves on to the next slot whose tag fits; false when the run of slots is over. */
static inline bool eki_index_next(const struct eki_index *index, struct eki_index_probe *p)
{
    if (p->started) p->slot = (p->slot + 1) & index->mask;
    p->started = true;
    while (index->slots[p->slot].position) {
        if (index->slots[p->slot].tag == p->tag) {
            p->position = index->slots[p->slot].position - 1;
            return true;
        }
        p->slot = (p->slot + 1) & index->mask;
    }
    return false;
}

/* Adds without looking for an equal key. There must be a free slot. */
static inline void eki_index_add(struct eki_index *index, uint64_t hash, uint32_t position)
{
    uint32_t tag = eki_index_tag(hash);
    size_t slot = tag & index->mask;
    while (index->slots[slot].position) slot = (slot + 1) & index->mask;
    index->slots[slot] = (struct eki_index_slot){tag, position + 1};
    index->used++;
}

/* True when one more entry would pass a load of 5/8. */
static inline bool eki_index_full(const struct eki_index *index)
{
    return (index->used + 1) * 8 > (index->mask + 1) * 5;
}

#endif
