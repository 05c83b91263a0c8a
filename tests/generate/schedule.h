/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_SCHEDULE_H
#define GENERATE_SCHEDULE_H
/*
 * The schedule: a binary heap of what happens when. An entry is either a frame to be written or a call to be
 * made. Entries of the same time come out in the order in which they were put in, so a run is repeatable.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/time.h"
#include "frame.h"

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
};

/* Plans a call or a frame (copied). The program ends when there is no memory: it is a test tool. */
void schedule_put_call(struct schedule *schedule, eki_time time, schedule_call *call, uint32_t host,
                       uint64_t data);
void schedule_put_frame(struct schedule *schedule, eki_time time, const struct frame *frame);

/* Takes the earliest entry; false when there is none. For a frame, *ret_frame is filled. */
bool schedule_take(struct schedule *schedule, struct schedule_entry *ret_entry, struct frame *ret_frame);

/* Frees what it holds. */
void schedule_done(struct schedule *schedule);

/* Grows an array to hold at least `wanted`, or ends the program with a message. */
void *grow(void *array, size_t wanted, size_t *capacity, size_t size);

#endif
