/* SPDX-License-Identifier: Apache-2.0 */
/* Four slots as one vector, against the same by plain code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/quad.h"
#include "base/random.h"

enum { ROUNDS = 10000 };

static void pushed_like_a_list(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(7);
    uint32_t slots[4] = {0}, plain[4] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t slot = (uint32_t)eki_random_next(&random);
        assert_int_equal(eki_quad_push(slots, slot), plain[3]);
        for (int k = 3; k > 0; k--) plain[k] = plain[k - 1];
        plain[0] = slot;
        assert_memory_equal(slots, plain, sizeof slots);
    }
}

static void found_like_in_a_list(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(8);
    int found = 0;
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t slots[4], mask = (uint32_t)eki_random_next(&random) | 1u << 31, bits;
        for (int k = 0; k < 4; k++) slots[k] = (uint32_t)eki_random_next(&random);
        unsigned one = (unsigned)eki_random_below(&random, 8);
        bits = (one < 4 ? slots[one] : (uint32_t)eki_random_next(&random)) & mask;
        bool there = false;
        for (int k = 0; k < 4; k++) there |= (slots[k] & mask) == bits;
        assert_int_equal(eki_quad_has(slots, bits, mask), there);
        found += there;
    }
    assert_in_range(found, ROUNDS / 4, ROUNDS * 3 / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pushed_like_a_list),
                                       cmocka_unit_test(found_like_in_a_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
