/* SPDX-License-Identifier: Apache-2.0 */
/* Which open case has the same hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "desk.h"
#include "ekigaku/case_merge.h"

static const char *const hosts[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};

static struct eki_case_shared shared_by(struct desk *desk, int64_t of_case)
{
    struct eki_case_shared shared;
    struct eki_store_work *work = desk_read(desk);
    assert_int_equal(eki_case_shared(work, of_case, &shared), EKI_OK);
    eki_store_end(work);
    return shared;
}

static void become(struct desk *desk, int64_t of_case, const char *state)
{
    struct eki_store_work *work = desk_write(desk);
    struct eki_store_case row = desk_row(work, of_case);
    row.state = state;
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
}

/* The one with the most hosts, of those that are not over; never itself. */
static void the_most_of_the_open_ones(void **state)
{
    int64_t all = desk_case(*state, hosts, 3), one = desk_case(*state, hosts, 1);
    int64_t two = desk_case(*state, hosts + 1, 2), none = desk_case(*state, NULL, 0);
    const struct {
        const char *of_all, *of_one;
        struct eki_case_shared wanted;
    } steps[] = {
        {"open", "open", {all, 2}},   {"contained", "open", {all, 2}},
        {"closed", "open", {0, 0}}, /* the other has none of these two */
        {"merged", "closed", {0, 0}}, {"open", "closed", {all, 2}},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        become(*state, all, steps[i].of_all);
        become(*state, one, steps[i].of_one);
        struct eki_case_shared found = shared_by(*state, two);
        assert_int_equal(found.of_case, steps[i].wanted.of_case);
        assert_int_equal(found.hosts, steps[i].wanted.hosts);
    }
    assert_int_equal(shared_by(*state, all).of_case,
                     two); /* two of its hosts; the other has one, and is over */
    assert_int_equal(shared_by(*state, none).of_case, 0);
}

/* Of those that have as many the oldest. */
static void the_oldest_of_equal_ones(void **state)
{
    int64_t first = desk_case(*state, hosts, 2), second = desk_case(*state, hosts, 2);
    int64_t third = desk_case(*state, hosts, 2);
    assert_int_equal(shared_by(*state, third).of_case, first);
    assert_int_equal(shared_by(*state, first).of_case, second);
}

/* However many cases with the same hosts are over, the one that is open is found. */
static void those_that_are_over_hide_none(void **state)
{
    for (int i = 0; i < 70; i++) become(*state, desk_case(*state, hosts, 2), "closed");
    int64_t open = desk_case(*state, hosts, 2), asked = desk_case(*state, hosts, 2);
    assert_int_equal(shared_by(*state, asked).of_case, open);
    assert_int_equal(shared_by(*state, asked).hosts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(the_most_of_the_open_ones),
                                       DESK_TEST(the_oldest_of_equal_ones),
                                       DESK_TEST(those_that_are_over_hide_none)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
