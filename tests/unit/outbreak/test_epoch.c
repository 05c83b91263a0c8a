/* SPDX-License-Identifier: Apache-2.0 */
/* Outbreaks of one service that lie far apart in time are told apart, unless an infection links them. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const double day = 86400;

/* Three hosts from `first` on, one infected by the other, that many seconds after the beginning. */
static void chain(struct trial *t, unsigned first, double since)
{
    trial_searches(t, first, since + 1);
    for (unsigned i = first; i < first + 2; i++) {
        double at = since + 10 * (i - first + 1);
        trial_sign(t, i, i + 1, at - 1, at, EKI_GRADE_IMPLANT);
        trial_searches(t, i + 1, at + 2);
    }
}

static void years_apart(void **state)
{
    (void)state;
    struct trial t = trial_new();
    chain(&t, 1, 0);
    chain(&t, 4, 400 * day);
    chain(&t, 7, 400 * day + 20 * day); /* no pause that an outbreak does not make */
    trial_searches(&t, 11, 800 * day);  /* alone: a source, no outbreak */
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_int_equal(t.outbreak_count, 2);
    assert_int_equal(o[0].infection_count, 3);
    assert_int_equal(o[1].infection_count, 6);
    assert_true(eki_address_equal(o[0].patient_zero, trial_host(1)));
    assert_true(eki_address_equal(o[1].patient_zero, trial_host(4)));
    trial_assert_parent(&o[0], 3, 2);
    trial_assert_parent(&o[1], 6, 5);
    trial_assert_parent(&o[1], 9, 8);
    assert_true(o[0].growth.known && o[0].growth.r_period_s < day);
    assert_int_equal(o[0].failed_count, 0); /* who fell in the other one was not attacked in vain */
    trial_done(&t);
}

static void linked_over_a_long_pause(void **state)
{
    (void)state;
    struct trial t = trial_new();
    chain(&t, 1, 0);
    trial_sign(&t, 3, 4, 400 * day - 5, 400 * day, EKI_GRADE_IMPLANT); /* it slept for a year */
    chain(&t, 4, 400 * day + 5);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_int_equal(t.outbreak_count, 1);
    assert_int_equal(o->infection_count, 6);
    trial_assert_parent(o, 4, 3);
    trial_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(years_apart),
                                       cmocka_unit_test(linked_over_a_long_pause)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
