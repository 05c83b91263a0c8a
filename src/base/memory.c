/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Below this a block is left to malloc; above it a huge page saves address-translation misses on random
 * access. */
enum { HUGE_PAGE = 2 * 1024 * 1024 };

/* A growing block up to this size is moved to huge pages too; a larger one grows where it is, for old and new
 * would be there at once. */
enum { MOVED_MOST = 32 * 1024 * 1024 };

#ifdef EKI_FAULT_INJECTION
/* The one writable global, and only in the fault tests' build. */
static unsigned long fault_asked, fault_at;

void eki_fault_inject(unsigned long nth)
{
    fault_asked = 0;
    fault_at = nth;
}

unsigned long eki_fault_count(void)
{
    return fault_asked;
}

static bool refused(void)
{
    fault_asked++;
    return fault_at && fault_asked >= fault_at;
}
#else
static inline bool refused(void)
{
    return false;
}
#endif

/* Not zeroed. */
static void *allocate_huge(size_t bytes)
{
    void *block = NULL;
    if (posix_memalign(&block, HUGE_PAGE, bytes)) return NULL;
    madvise(block, bytes, MADV_HUGEPAGE); /* a wish: the result does not depend on it */
    return block;
}

void *eki_allocate(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || refused()) return NULL;
    if (bytes < 2 * HUGE_PAGE) return calloc(count ? count : 1, size ? size : 1);
    void *block = allocate_huge(bytes);
    if (block) memset(block, 0, bytes);
    return block;
}

static void *move_to_huge(void *block, size_t old_bytes, size_t bytes)
{
    void *moved = allocate_huge(bytes);
    if (!moved) return NULL;
    if (old_bytes) memcpy(moved, block, old_bytes);
    free(block);
    return moved;
}

void *eki_reallocate(void *block, size_t old_count, size_t new_count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(new_count, size, &bytes) || refused()) return NULL;
    bool huge = new_count > old_count && bytes >= 2 * HUGE_PAGE && bytes <= MOVED_MOST;
    uint8_t *moved = huge ? move_to_huge(block, old_count * size, bytes) : realloc(block, bytes ? bytes : 1);
    if (moved && new_count > old_count) memset(moved + old_count * size, 0, (new_count - old_count) * size);
    return moved;
}

void eki_free(void *block)
{
    free(block);
}

void *eki_array_reserve(void *array, size_t used, size_t *capacity, size_t size)
{
    if (used < *capacity) return array;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *moved = eki_reallocate(array, *capacity, wanted, size);
    if (moved) *capacity = wanted;
    return moved;
}
