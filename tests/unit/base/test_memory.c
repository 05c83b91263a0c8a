/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation, arenas and the index over somebody else's array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"
#include "base/random.h"

static void products_do_not_overflow(void **state)
{
    (void)state;
    assert_null(eki_allocate(SIZE_MAX / 2, 3));
    assert_null(eki_allocate(SIZE_MAX, SIZE_MAX));
    char *kept = eki_allocate(4, 1);
    memcpy(kept, "abc", 4);
    assert_null(eki_reallocate(kept, 4, SIZE_MAX / 2, 3));
    assert_string_equal(kept, "abc"); /* a refusal leaves the block as it was */
    eki_free(kept);
    eki_free(NULL);
}

static void memory_is_zeroed(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 15, 4096, 3 << 20, 9 << 20};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        unsigned char *block = eki_allocate(sizes[s], 1);
        for (size_t i = 0; i < sizes[s]; i++) assert_int_equal(block[i], 0);
        memset(block, 0xff, sizes[s]);
        block = eki_reallocate(block, sizes[s], sizes[s] * 2, 1);
        for (size_t i = 0; i < sizes[s]; i++) assert_int_equal(block[i], 0xff);
        for (size_t i = sizes[s]; i < sizes[s] * 2; i++) assert_int_equal(block[i], 0);
        eki_free(block);
    }
    void *nothing = eki_allocate(0, 8);
    assert_non_null(nothing);
    eki_free(nothing);
}

static void arrays_grow(void **state)
{
    (void)state;
    uint32_t *array = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        array = eki_array_reserve(array, i, &capacity, sizeof *array);
        assert_non_null(array);
        assert_true(capacity > i);
        array[i] = i * 7;
    }
    for (uint32_t i = 0; i < 10000; i++) assert_int_equal(array[i], i * 7);
    eki_free(array);
}

static void arena_objects_stay(void **state)
{
    (void)state;
    enum { OBJECTS = 3000 };
    struct eki_arena arena = {0};
    unsigned char *objects[OBJECTS];
    for (size_t i = 0; i < OBJECTS; i++) {
        objects[i] = eki_arena_take(&arena, i % 700, 3);
        assert_non_null(objects[i]);
        assert_int_equal((uintptr_t)objects[i] % 16, 0);
        for (size_t b = 0; b < i % 700 * 3; b++) assert_int_equal(objects[i][b], 0);
        memset(objects[i], (int)(i % 251), i % 700 * 3);
    }
    for (size_t i = 0; i < OBJECTS; i++)
        for (size_t b = 0; b < i % 700 * 3; b++) assert_int_equal(objects[i][b], i % 251);
    assert_null(eki_arena_take(&arena, SIZE_MAX / 2, 3));
    const char *copy = eki_arena_copy(&arena, "copied", 7, 1);
    assert_string_equal(copy, "copied");
    eki_arena_done(&arena);
    assert_int_equal(arena.total, 0);
    eki_arena_done(&arena);
}

/* What the index says must be what a plain search says, through growth, removal and clearing. */
static void index_agrees_with_search(void **state)
{
    (void)state;
    enum { ENTRIES = 4000, ROUNDS = 40000, FEW = 3 };
    static uint64_t keys[ENTRIES];
    static bool there[ENTRIES];
    struct eki_random random = eki_random_from(5);
    struct eki_index index;
    assert_int_equal(eki_index_init(&index, 3), EKI_OK);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t position = (uint32_t)eki_random_below(&random, ENTRIES);
        /* few different hashes, so that runs of slots are long and equal tags occur */
        keys[position] = eki_hash_two(position / FEW, 0, 9);
        if (there[position]) {
            eki_index_remove(&index, keys[position], position);
        } else {
            if (eki_index_full(&index)) assert_int_equal(eki_index_grow(&index), EKI_OK);
            eki_index_add(&index, keys[position], position);
        }
        there[position] = !there[position];
        if (round % 1000) continue;
        for (uint32_t i = 0; i < ENTRIES; i++) {
            int found = 0;
            if (!keys[i]) continue;
            for (struct eki_index_probe p = eki_index_find(&index, keys[i]); eki_index_next(&index, &p);)
                found += p.position == i;
            assert_int_equal(found, there[i]);
        }
    }
    size_t used = 0;
    for (uint32_t i = 0; i < ENTRIES; i++) used += there[i];
    assert_int_equal(index.used, used);
    eki_index_clear(&index);
    assert_int_equal(index.used, 0);
    struct eki_index_probe p = eki_index_find(&index, keys[0]);
    assert_false(eki_index_next(&index, &p));
    eki_index_done(&index);
}

static void hashes_differ_by_seed(void **state)
{
    (void)state;
    int same = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        same += eki_hash_two(i, 1, 1) == eki_hash_two(i, 1, 2);
        same += eki_hash_two(i, 1, 1) == eki_hash_two(1, i, 1) && i != 1;
        struct eki_address a = eki_address_v4((uint32_t)i), b = eki_address_v4(77);
        same += eki_hash_pair(a, b, 5, 1) == eki_hash_pair(b, a, 5, 1) && i != 77;
        same += eki_hash_address(a, 5, 1) == eki_hash_address(a, 6, 1);
    }
    assert_int_equal(same, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_do_not_overflow),
        cmocka_unit_test(memory_is_zeroed),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(arena_objects_stay),
        cmocka_unit_test(index_agrees_with_search),
        cmocka_unit_test(hashes_differ_by_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
