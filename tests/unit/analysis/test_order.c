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

static void take(void *user, const struct eki_contact *contact, const struct eki_flow *flow)
{
    struct seen *seen = user;
    seen->backwards += seen->count && contact->time < seen->last;
    seen->last = contact->time;
    seen->sum += contact->packet;
    /* Every third has a flow, which stays with it. */
    assert_int_equal(flow != NULL, contact->packet % 3 == 0);
    if (flow) assert_int_equal(flow->packet_last, contact->packet);
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
            .contact = {.time = (eki_time)(i > back ? i - back : 0) * 1000003, .packet = i},
            .flow = {.packet_first = i % 3 == 0, .packet_last = i}};
        assert_int_equal(eki_order_add(order, &entry, 0, 0), EKI_OK);
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

struct list {
    uint64_t packets[64];
    eki_time times[64];
    size_t count;
};

static void note(void *user, const struct eki_contact *contact, const struct eki_flow *flow)
{
    struct list *list = user;
    assert_null(flow);
    assert_int_equal(contact->input, 7);
    list->times[list->count] = contact->time;
    list->packets[list->count++] = contact->packet;
}

/* Equal times keep the order in which they came, in order or not, also over a release; the offset and the
 * input of a file are put in. */
static void equal_times(void **state)
{
    (void)state;
    static const eki_time times[] = {5, 9, 5, 7, 9, 7, 3, 5, 9, 12, 9, 3, 12, 5};
    enum { COUNT = sizeof times / sizeof *times };
    struct list list = {.count = 0};
    struct eki_order *order;
    assert_int_equal(eki_order_new(note, &list, &order), EKI_OK);
    for (uint64_t i = 0; i < COUNT; i++) {
        struct eki_log_entry entry = {.contact = {.time = times[i], .packet = i, .answered = EKI_TIME_NONE}};
        assert_int_equal(eki_order_add(order, &entry, 7, 100), EKI_OK);
        if (i == 4) eki_order_release(order, 104);
    }
    assert_int_equal(list.count, 0);
    eki_order_release(order, EKI_TIME_LATEST);
    eki_order_free(order);
    assert_int_equal(list.count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(list.times[i], times[list.packets[i]] + 100);
        assert_true(!i || list.times[i] > list.times[i - 1] ||
                    (list.times[i] == list.times[i - 1] && list.packets[i] > list.packets[i - 1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_order), cmocka_unit_test(too_late),
                                       cmocka_unit_test(equal_times)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
