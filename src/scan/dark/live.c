/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/dark/live.h"

#include "base/memory.h"
#include "scan/reach/sketch.h"

enum { LOG2_REGISTERS = 12, FIRST_CAPACITY = 1024 };

enum eki_error eki_live_init(struct eki_live *ret_live, uint32_t most)
{
    struct eki_live live = {.capacity = FIRST_CAPACITY, .most = most};
    live.hosts = eki_allocate(FIRST_CAPACITY, sizeof *live.hosts);
    live.registers = eki_allocate((size_t)1 << LOG2_REGISTERS, 1);
    if (!live.hosts || !live.registers || eki_index_init(&live.index, 11)) {
        eki_live_done(&live);
        return EKI_ERROR_MEMORY;
    }
    *ret_live = live;
    return EKI_OK;
}

void eki_live_done(struct eki_live *live)
{
    eki_free(live->hosts);
    eki_free(live->registers);
    eki_index_done(&live->index);
}

bool eki_live_has(const struct eki_live *live, struct eki_address host, uint64_t hash)
{
    struct eki_index_probe probe = eki_index_find(&live->index, hash);
    while (eki_index_next(&live->index, &probe))
        if (eki_address_equal(live->hosts[probe.position], host)) return true;
    return false;
}

/* Room for one more host, doubling; false at the limit or without memory: the sketch counts on. */
static bool make_room(struct eki_live *live)
{
    if (live->count < live->capacity) return true;
    if (live->capacity > live->most / 2) return false;
    struct eki_address *moved =
        eki_reallocate(live->hosts, live->capacity, (size_t)live->capacity * 2, sizeof *moved);
    if (!moved) return false;
    live->hosts = moved;
    live->capacity *= 2;
    return true;
}

void eki_live_add(struct eki_live *live, struct eki_address host, uint64_t hash)
{
    if (eki_live_has(live, host, hash)) return;
    eki_sketch_add(live->registers, LOG2_REGISTERS, hash);
    bool room = !live->overflowed && make_room(live) &&
                (!eki_index_full(&live->index) || !eki_index_grow(&live->index));
    if (!room) {
        live->overflowed = true;
        return;
    }
    eki_index_add(&live->index, hash, live->count);
    live->hosts[live->count++] = host;
}

void eki_live_prefetch(const struct eki_live *live, uint64_t hash)
{
    eki_index_prefetch(&live->index, hash);
}

uint64_t eki_live_count(const struct eki_live *live, bool *ret_estimated)
{
    *ret_estimated = live->overflowed;
    return live->overflowed ? eki_sketch_count(live->registers, LOG2_REGISTERS) : live->count;
}
