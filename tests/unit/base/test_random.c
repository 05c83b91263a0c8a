/* SPDX-License-Identifier: Apache-2.0 */
/* The random streams: the published algorithm, the same everywhere, and the distributions they promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "base/random.h"

enum { DRAWS = 200000 };

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* xoshiro256++ once more, from its paper (Blackman and Vigna 2019, figure 2). */
static void follows_its_paper(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(42);
    uint64_t s[4] = {random.state[0], random.state[1], random.state[2], random.state[3]};
    for (int i = 0; i < 1000; i++) {
        uint64_t expected = rotate(s[0] + s[3], 23) + s[0], shifted = s[1] << 17;
        s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= shifted, s[3] = rotate(s[3], 45);
        assert_true(eki_random_next(&random) == expected);
    }
}

/* SplitMix64 from seed 0: the values its authors publish (Steele, Lea, Flood 2014). */
static void seeds_by_splitmix(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(0);
    assert_true(random.state[0] == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(random.state[1] == UINT64_C(0x6e789e6aa1b965f4));
}

/* Chi-square over 10 cells, 9 degrees of freedom: 33.7 is passed once in 10,000. */
static void below_is_uniform(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(1);
    double cells[10] = {0}, chi = 0;
    for (int i = 0; i < DRAWS; i++) {
        uint64_t value = eki_random_below(&random, 10);
        assert_true(value < 10);
        cells[value]++;
    }
    for (int i = 0; i < 10; i++) chi += pow(cells[i] - DRAWS / 10.0, 2) / (DRAWS / 10.0);
    assert_true(chi < 33.7);
    assert_true(eki_random_below(&random, 0) == 0);
    assert_true(eki_random_below(&random, 1) == 0);
}

static void units_and_exponentials(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(2);
    double sum = 0, exponential = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double unit = eki_random_unit(&random), gap = eki_random_exponential(&random, 3);
        assert_true(unit >= 0 && unit < 1 && gap >= 0 && isfinite(gap));
        sum += unit;
        exponential += gap;
        squares += gap * gap;
    }
    /* five standard errors */
    assert_true(fabs(sum / DRAWS - .5) < 5 * sqrt(1 / 12.0 / DRAWS));
    assert_true(fabs(exponential / DRAWS - 3) < 5 * 3 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 18) < 5 * 18 * sqrt(5.0 / DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_its_paper), cmocka_unit_test(seeds_by_splitmix),
        cmocka_unit_test(below_is_uniform), cmocka_unit_test(units_and_exponentials)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
