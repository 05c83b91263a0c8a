/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_ARENA_H
#define EKI_BASE_ARENA_H
/*
 * An arena: memory for one unit of work, given out in order and freed all at once. Objects never move.
 * Zeroed, aligned to 16.
 */
#include <stddef.h>

struct eki_arena_block;

struct eki_arena {
    struct eki_arena_block *newest;
    size_t total; /* bytes asked from the system */
};

/* NULL when there is no memory. A zeroed struct eki_arena is an empty arena. */
void *eki_arena_take(struct eki_arena *arena, size_t count, size_t size);

/* A copy of `count` objects; NULL when there is no memory. */
void *eki_arena_copy(struct eki_arena *arena, const void *objects, size_t count, size_t size);

/* Frees everything; the arena is empty again. */
void eki_arena_done(struct eki_arena *arena);

#endif
