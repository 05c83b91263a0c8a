/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_AGENDA_H
#define EKI_SIM_AGENDA_H
/*
 * What is going to happen, earliest first: a binary heap (Williams 1964). Entries of the same time come out
 * in the order in which they went in, so that a run does not depend on the shape of the heap.
 */
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct eki_sim_entry {
    double at;         /* seconds, or whatever the engine counts */
    uint64_t order;    /* filled in by the agenda */
    int64_t target;    /* a host, or what the engine likes */
    uint32_t host;     /* whose entry it is */
    uint32_t position; /* of its infection: an entry of a host that was restored since then is void */
    uint32_t kind;     /* what the engine likes */
};

/* All zero: empty. */
struct eki_sim_agenda {
    struct eki_sim_entry *heap;
    size_t count, capacity;
    uint64_t made;
};

/* O(log n). EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_agenda_add(struct eki_sim_agenda *agenda, struct eki_sim_entry entry);

/* Takes the earliest out; there must be one. O(log n). */
struct eki_sim_entry eki_sim_agenda_take(struct eki_sim_agenda *agenda);

/* When the earliest is; infinity when there is none. */
double eki_sim_agenda_next(const struct eki_sim_agenda *agenda);

/* Empties it, keeps the memory. */
void eki_sim_agenda_clear(struct eki_sim_agenda *agenda);

/* Frees the memory. */
void eki_sim_agenda_done(struct eki_sim_agenda *agenda);

#endif
