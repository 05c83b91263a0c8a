/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_SCHEDULE_H
#define EKI_TRAFFIC_SCHEDULE_H
/*
 * The schedule: a binary heap of what happens when. An entry is either a frame to be written or a call to be
 * made. Entries of the same time come out in the order in which they were put in, so a run is repeatable.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/time.h"
#include "traffic/frame.h"

struct world;

typedef void schedule_call(struct world *world, uint32_t host, uint64_t data);

struct schedule_entry {
    eki_time time;
    uint64_t serial;
    schedule_call *call; /* NULL: a frame, at `data` in the pool */
    uint64_t data;
    uint32_t host;
};

struct schedule {
    struct schedule_entry *entries;
    size_t count, capacity;
    uint64_t serial;
    struct frame *pool;
    size_t pool_capacity;
    uint32_t *vacant;
    size_t vacant_count;
    bool failed; /* memory ran out: something was not planned, and the play ends */
};

/* Plans a call or a frame (copied). Without memory it is dropped and `failed` is set. */
void eki_schedule_put_call(struct schedule *schedule, eki_time time, schedule_call *call, uint32_t host,
                           uint64_t data);
void eki_schedule_put_frame(struct schedule *schedule, eki_time time, const struct frame *frame);

/* Takes the earliest entry; false when there is none. For a frame, *ret_frame is filled. */
bool eki_schedule_take(struct schedule *schedule, struct schedule_entry *ret_entry, struct frame *ret_frame);

/* Frees what it holds. */
void eki_schedule_done(struct schedule *schedule);

/* Grows the array that `array` points to (a pointer to the pointer) to hold at least `wanted`, zeroed.
 * Without memory nothing changes, `failed` is set, and false comes back. */
bool eki_schedule_grow(struct schedule *schedule, void *array, size_t wanted, size_t *capacity, size_t size);

#endif
