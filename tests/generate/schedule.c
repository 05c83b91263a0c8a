/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *grow(void *array, size_t wanted, size_t *capacity, size_t size)
{
    if (wanted <= *capacity) return array;
    size_t larger = *capacity ? *capacity * 2 : 64;
    while (larger < wanted) larger *= 2;
    void *moved = realloc(array, larger * size);
    if (!moved) {
        fputs("eki-generate: no memory\n", stderr);
        exit(1);
    }
    memset((char *)moved + *capacity * size, 0, (larger - *capacity) * size);
    *capacity = larger;
    return moved;
}

static bool before(const struct schedule_entry *a, const struct schedule_entry *b)
{
    return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static void put(struct schedule *schedule, struct schedule_entry entry)
{
    schedule->entries =
        grow(schedule->entries, schedule->count + 1, &schedule->capacity, sizeof *schedule->entries);
    entry.serial = schedule->serial++;
    size_t at = schedule->count++;
    for (; at && before(&entry, &schedule->entries[(at - 1) / 2]); at = (at - 1) / 2)
        schedule->entries[at] = schedule->entries[(at - 1) / 2];
    schedule->entries[at] = entry;
}

void schedule_put_call(struct schedule *schedule, eki_time time, schedule_call *call, uint32_t host,
                       uint64_t data)
{
    put(schedule, (struct schedule_entry){.time = time, .call = call, .host = host, .data = data});
}

static void widen_pool(struct schedule *schedule)
{
    size_t old = schedule->pool_capacity, room = old;
    schedule->pool = grow(schedule->pool, old + 1, &schedule->pool_capacity, sizeof *schedule->pool);
    schedule->vacant = grow(schedule->vacant, old + 1, &room, sizeof *schedule->vacant);
    for (size_t i = schedule->pool_capacity; i > old; i--)
        schedule->vacant[schedule->vacant_count++] = (uint32_t)(i - 1);
}

void schedule_put_frame(struct schedule *schedule, eki_time time, const struct frame *frame)
{
    if (!schedule->vacant_count) widen_pool(schedule);
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

bool schedule_take(struct schedule *schedule, struct schedule_entry *ret_entry, struct frame *ret_frame)
{
    if (!schedule->count) return false;
    *ret_entry = schedule->entries[0];
    remove_first(schedule);
    if (ret_entry->call) return true;
    *ret_frame = schedule->pool[ret_entry->data];
    schedule->vacant[schedule->vacant_count++] = (uint32_t)ret_entry->data;
    return true;
}

void schedule_done(struct schedule *schedule)
{
    free(schedule->entries);
    free(schedule->pool);
    free(schedule->vacant);
    *schedule = (struct schedule){0};
}
