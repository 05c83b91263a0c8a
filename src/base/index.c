/* SPDX-License-Identifier: Apache-2.0 */
#include "base/index.h"

#include <string.h>

#include "base/memory.h"

enum eki_error eki_index_init(struct eki_index *ret_index, unsigned log2_slots)
{
    size_t slots = (size_t)1 << log2_slots;
    struct eki_index_slot *memory = eki_allocate(slots, sizeof *memory);
    if (!memory) return EKI_ERROR_MEMORY;
    *ret_index = (struct eki_index){memory, slots - 1, 0};
    return EKI_OK;
}

void eki_index_done(struct eki_index *index)
{
    eki_free(index->slots);
    *index = (struct eki_index){0};
}

void eki_index_clear(struct eki_index *index)
{
    memset(index->slots, 0, (index->mask + 1) * sizeof *index->slots);
    index->used = 0;
}

static void place(struct eki_index *index, struct eki_index_slot entry)
{
    size_t slot = entry.tag & index->mask;
    while (index->slots[slot].position) slot = (slot + 1) & index->mask;
    index->slots[slot] = entry;
    index->used++;
}

enum eki_error eki_index_grow(struct eki_index *index)
{
    size_t slots = (index->mask + 1) * 2;
    struct eki_index_slot *memory = eki_allocate(slots, sizeof *memory);
    if (!memory) return EKI_ERROR_MEMORY;
    struct eki_index bigger = {memory, slots - 1, 0};
    for (size_t i = 0; i <= index->mask; i++)
        if (index->slots[i].position) place(&bigger, index->slots[i]);
    eki_free(index->slots);
    *index = bigger;
    return EKI_OK;
}

/* Closes the gap at `hole`: a later entry of the run moves into it unless its home lies between the hole and
 * itself. */
static void close_gap(struct eki_index *index, size_t hole)
{
    for (size_t slot = (hole + 1) & index->mask; index->slots[slot].position;
         slot = (slot + 1) & index->mask) {
        size_t home = index->slots[slot].tag & index->mask;
        if (((slot - home) & index->mask) < ((slot - hole) & index->mask)) continue;
        index->slots[hole] = index->slots[slot];
        hole = slot;
    }
    index->slots[hole] = (struct eki_index_slot){0};
}

void eki_index_remove(struct eki_index *index, uint64_t hash, uint32_t position)
{
    struct eki_index_probe p = eki_index_find(index, hash);
    while (eki_index_next(index, &p)) {
        if (p.position != position) continue;
        close_gap(index, p.slot);
        index->used--;
        return;
    }
}
