/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/schedule.h"

#include <string.h>

#include "base/memory.h"

bool eki_schedule_grow(struct schedule *schedule, void *array, size_t wanted, size_t *capacity, size_t size)
{
    void *old;
    memcpy(&old, array, sizeof old);
    if (wanted <= *capacity) return true;
    size_t larger = *capacity ? *capacity * 2 : 64;
    while (larger < wanted) larger *= 2;
    void *moved = eki_reallocate(old, *capacity, larger, size);
    if (!moved) {
        schedule->failed = true;
        return false;
    }
    *capacity = larger;
    memcpy(array, &moved, sizeof moved);
    return true;
}

static bool before(const struct schedule_entry *a, const struct schedule_entry *b)
{
    return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static void put(struct schedule *schedule, struct schedule_entry entry)
{
    if (!eki_schedule_grow(schedule, &schedule->entries, schedule->count + 1, &schedule->capacity,
                           sizeof *schedule->entries))
        return;
    entry.serial = schedule->serial++;
    size_t at = schedule->count++;
    for (; at && before(&entry, &schedule->entries[(at - 1) / 2]); at = (at - 1) / 2)
        schedule->entries[at] = schedule->entries[(at - 1) / 2];
    schedule->entries[at] = entry;
}

void eki_schedule_put_call(struct schedule *schedule, eki_time time, schedule_call *call, uint32_t host,
                           uint64_t data)
{
    put(schedule, (struct schedule_entry){.time = time, .call = call, .host = host, .data = data});
}

static bool widen_pool(struct schedule *schedule)
{
    size_t old = schedule->pool_capacity, room = old;
    if (!eki_schedule_grow(schedule, &schedule->pool, old + 1, &schedule->pool_capacity,
                           sizeof *schedule->pool) ||
        !eki_schedule_grow(schedule, &schedule->vacant, old + 1, &room, sizeof *schedule->vacant))
        return false;
    for (size_t i = schedule->pool_capacity; i > old; i--)
        schedule->vacant[schedule->vacant_count++] = (uint32_t)(i - 1);
    return true;
}

void eki_schedule_put_frame(struct schedule *schedule, eki_time time, const struct frame *frame)
{
    if (!schedule->vacant_count && !widen_pool(schedule)) return;
    uint32_t slot = schedule->vacant[--schedule->vacant_count];
    schedule->pool[slot] = *frame;
    put(schedule, (struct schedule_entry){.time = time, .data = slot});
}

static void remove_first(struct schedule *schedule)
{
    struct schedule_entry last = schedule->entries[--schedule->count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < schedule->count; at = child) {
        if (child + 1 < schedule->count && before(&schedule->entries[child + 1], &schedule->entries[child]))
            child++;
        if (!before(&schedule->entries[child], &last)) break;
        schedule->entries[at] = schedule->entries[child];
    }
    if (schedule->count) schedule->entries[at] = last;
}

bool eki_schedule_take(struct schedule *schedule, struct schedule_entry *ret_entry, struct frame *ret_frame)
{
    if (!schedule->count) return false;
    *ret_entry = schedule->entries[0];
    remove_first(schedule);
    if (ret_entry->call) return true;
    *ret_frame = schedule->pool[ret_entry->data];
    schedule->vacant[schedule->vacant_count++] = (uint32_t)ret_entry->data;
    return true;
}

void eki_schedule_done(struct schedule *schedule)
{
    eki_free(schedule->entries);
    eki_free(schedule->pool);
    eki_free(schedule->vacant);
    *schedule = (struct schedule){0};
}
