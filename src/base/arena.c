/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct eki_arena_block {
    struct eki_arena_block *older;
    size_t used, size;
    _Alignas(ALIGNMENT) uint8_t bytes[];
};

static struct eki_arena_block *add_block(struct eki_arena *arena, size_t wanted)
{
    size_t size = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
    struct eki_arena_block *block = eki_allocate(1, sizeof *block + size);
    if (!block) return NULL;
    block->size = size;
    block->older = arena->newest;
    arena->newest = block;
    arena->total += sizeof *block + size;
    return block;
}

void *eki_arena_take(struct eki_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2) return NULL;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct eki_arena_block *block = arena->newest;
    if (!block || block->size - block->used < bytes) block = add_block(arena, bytes);
    if (!block) return NULL;
    void *taken = block->bytes + block->used;
    block->used += bytes;
    return taken;
}

void *eki_arena_copy(struct eki_arena *arena, const void *objects, size_t count, size_t size)
{
    void *copy = eki_arena_take(arena, count, size);
    if (copy && count) memcpy(copy, objects, count * size);
    return copy;
}

void eki_arena_done(struct eki_arena *arena)
{
    struct eki_arena_block *block = arena->newest;
    while (block) {
        struct eki_arena_block *older = block->older;
        eki_free(block);
        block = older;
    }
    *arena = (struct eki_arena){0};
}
