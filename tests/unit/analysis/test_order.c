/* SPDX-License-Identifier: Apache-2.0 */
/* Entries come out in the order of time; those that are too late are counted; none is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/order.h"
#include "base/random.h"

struct seen {
    eki_time last;
    uint64_t count, backwards, sum;
};

static void take(void *user, const struct eki_log_entry *entry)
{
    struct seen *seen = user;
    seen->backwards += seen->count && entry->contact.time < seen->last;
    seen->last = entry->contact.time;
    seen->sum += entry->contact.packet;
    seen->count++;
}

/* Each time lies up to `jitter` entries before its place. */
static struct seen run(uint64_t count, uint64_t jitter, uint64_t *ret_late)
{
    struct seen seen = {0};
    struct eki_order *order;
    struct eki_random random = eki_random_from(3);
    assert_int_equal(eki_order_new(take, &seen, &order), EKI_OK);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t back = jitter ? eki_random_next(&random) % jitter : 0;
        struct eki_log_entry entry = {
            .contact = {.time = (eki_time)(i > back ? i - back : 0) * 1000003, .packet = i}};
        assert_int_equal(eki_order_add(order, &entry), EKI_OK);
    }
    eki_order_release(order, EKI_TIME_LATEST);
    *ret_late = eki_order_late(order);
    eki_order_free(order);
    assert_int_equal(seen.count, count);
    assert_int_equal(seen.sum, count * (count - 1) / 2);
    return seen;
}

static void in_order(void **state)
{
    (void)state;
    uint64_t late;
    static const uint64_t counts[] = {1, 1000, EKI_ORDER_HELD, EKI_ORDER_HELD * 3 + 17};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(run(counts[i], 0, &late).backwards, 0);
        assert_int_equal(run(counts[i], EKI_ORDER_HELD / 2 - 1, &late).backwards, 0);
        assert_int_equal(late, 0);
    }
}

static void too_late(void **state)
{
    (void)state;
    uint64_t late;
    assert_true(run(EKI_ORDER_HELD * 4, EKI_ORDER_HELD * 2, &late).backwards > 0);
    assert_true(late > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_order), cmocka_unit_test(too_late)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
