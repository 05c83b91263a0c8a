/* SPDX-License-Identifier: Apache-2.0 */
/* Victims that call back who has just reached them. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Two hosts walk one behind the other, and each victim searches as soon as the second was there. Whom it
 * called when it was reached tells which of them it was; whom it always called does not. */
static struct trial two_in_a_row(bool called, bool habit)
{
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    trial_touch(&t, 1, 2, 3);
    trial_searches(&t, 2, 6.5);
    if (called) trial_call(&t, 2, 1, 3.5);
    for (unsigned i = 3; i < 12; i++) {
        double reached = 10 + 3 * i;
        if (habit) trial_call(&t, i, 1, 2 + .1 * i);
        trial_touch(&t, 1, i, reached);
        if (called) trial_call(&t, i, 1, reached + .5);
        trial_touch(&t, 2, i, reached + 3.2);
        trial_searches(&t, i, reached + 3.5);
    }
    return t;
}

static unsigned children_of(const struct eki_outbreak *o, unsigned parent)
{
    unsigned count = 0;
    for (size_t i = 0; i < o->infection_count; i++)
        count +=
            o->infections[i].has_parent && eki_address_equal(o->infections[i].parent, trial_host(parent));
    return count;
}

static void a_victim_that_turns_round_names_its_parent(void **state)
{
    (void)state;
    struct trial t = two_in_a_row(true, false);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 11);
    assert_int_equal(children_of(o, 1), 10);
    for (unsigned i = 3; i < 12; i++) {
        assert_true(trial_infection(o, i)->parent_posterior > .9);
        assert_true(trial_infection(o, i)->time >= trial_at(10 + 3 * i + .5)); /* it has what it called for */
    }
    trial_done(&t);
    struct trial none = two_in_a_row(false, false), usual = two_in_a_row(true, true);
    const struct eki_outbreak *silent = trial_conclude(&none), *habit = trial_conclude(&usual);
    assert_non_null(silent);
    assert_non_null(habit);
    assert_true(children_of(silent, 1) < 5); /* as it looks without them */
    assert_int_equal(children_of(silent, 1), children_of(habit, 1));
    assert_true(trial_infection(silent, 7)->parent_posterior == trial_infection(habit, 7)->parent_posterior);
    trial_done(&none);
    trial_done(&usual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_victim_that_turns_round_names_its_parent)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
