/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles of deadlines of one's own, and which of them run. */
#include "../store/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "ekigaku/deadline.h"

#define HOUR INT64_C(3600000000)

static const struct eki_store_act act = {.at = 1000, .who = "ada"};

static void keep(struct eki_store_work *work, const char *name, const char *step, int64_t hours)
{
    struct eki_fault fault = {0};
    const struct eki_deadline_step steps[] = {{step, "Works are told", hours}};
    if (eki_deadline_keep(work, &act, &(struct eki_deadline_profile){name, steps, 1}, &fault))
        fail_msg("%s", fault.what);
}

static size_t count_clocks(struct eki_store_work *work, int64_t of_case, const char *id, int64_t *ret_due)
{
    struct eki_deadline all[EKI_DEADLINES];
    size_t count;
    *ret_due = 0;
    assert_int_equal(eki_case_deadlines(work, of_case, all, &count), EKI_OK);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(all[i].id, id)) *ret_due = all[i].due;
    return count;
}

static void kept_and_chosen(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_fault fault = {0};
    struct eki_deadline_rule rules[EKI_DEADLINES];
    size_t count;
    int64_t due, of_case = desk_add_case(work, 0, 5 * HOUR), other = desk_add_case(work, 0, 5 * HOUR);
    keep(work, "factory", "works", 4);
    keep(work, "factory", "works", 6); /* replaced */
    keep(work, "factory-two", "works", 8);
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), EKI_DEADLINE_SHIPPED + 2);
    assert_true(due == 11 * HOUR);
    assert_int_equal(eki_deadline_rules(work, rules, &count), EKI_OK);
    assert_int_equal(count, EKI_DEADLINE_SHIPPED + 2);
    assert_true(rules[0].shipped && rules[0].on && !rules[count - 1].shipped);
    assert_int_equal(eki_deadline_choose(work, &act, of_case, "factory nis2", &fault), EKI_OK);
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), 4);
    assert_int_equal(count_clocks(work, other, "factory.works", &due), EKI_DEADLINE_SHIPPED + 2);
    assert_int_equal(eki_deadline_choose(work, &act, 0, "appi", &fault), EKI_OK); /* of the desk */
    assert_int_equal(count_clocks(work, other, "factory.works", &due), 2);
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), 4);
    assert_int_equal(eki_deadline_choose(work, &act, of_case, "-", &fault), EKI_OK);
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), 0);
    assert_int_equal(eki_deadline_choose(work, &act, of_case, "factory", &fault), EKI_OK);
    assert_int_equal(eki_case_deadline_met(work, &act, of_case, "factory.works", &fault), EKI_OK);
    assert_int_equal(eki_case_deadline_met(work, &act, of_case, "factory.works", &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_deadline_drop(work, "factory", &fault), EKI_OK);
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), 0);
    assert_int_equal(eki_deadline_drop(work, "factory", &fault), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

static void refused(void **state)
{
    static const struct {
        const char *profile, *step, *title;
        int64_t hours;
        size_t count;
        enum eki_error wanted;
    } cases[] = {{"nis2", "a", "t", 1, 1, EKI_ERROR_CONFLICT},
                 {"Own", "a", "t", 1, 1, EKI_ERROR_ARGUMENT},
                 {"", "a", "t", 1, 1, EKI_ERROR_ARGUMENT},
                 {"a b", "a", "t", 1, 1, EKI_ERROR_ARGUMENT},
                 {"1a", "a", "t", 1, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a.b", "t", 1, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a", " ", 1, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a", "t\nu", 1, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a", "t", 0, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a", "t", EKI_DEADLINE_HOURS + 1, 1, EKI_ERROR_ARGUMENT},
                 {"p", "a", "t", 1, 0, EKI_ERROR_ARGUMENT},
                 {"p", "a", "t", 1, 2, EKI_ERROR_ARGUMENT}, /* twice */
                 {"p", "a", "t", 1, EKI_DEADLINE_STEPS + 1, EKI_ERROR_ARGUMENT}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_fault fault = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eki_deadline_step steps[EKI_DEADLINE_STEPS + 1];
        for (size_t k = 0; k <= EKI_DEADLINE_STEPS; k++)
            steps[k] = (struct eki_deadline_step){cases[i].step, cases[i].title, cases[i].hours};
        fault.what[0] = '\0';
        const struct eki_deadline_profile profile = {cases[i].profile, steps, cases[i].count};
        enum eki_error error = eki_deadline_keep(work, &act, &profile, &fault);
        if (error != cases[i].wanted || !fault.what[0]) fail_msg("%zu: %s", i, eki_error_text(error));
    }
    for (int i = 0; i < EKI_DEADLINE_PROFILES; i++) {
        char name[8];
        snprintf(name, sizeof name, "p%d", i);
        keep(work, name, "a", 1);
    }
    const struct eki_deadline_step step = {"a", "t", 1};
    assert_int_equal(eki_deadline_keep(work, &act, &(struct eki_deadline_profile){"more", &step, 1}, &fault),
                     EKI_ERROR_CONFLICT);
    keep(work, "p0", "b", 2); /* one that is there may still be changed */
    assert_int_equal(eki_deadline_drop(work, "appi", &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_deadline_choose(work, &act, 0, "nis2 nowhere", &fault), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_deadline_choose(work, &act, 99, "nis2", &fault), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

/* A name within another name is another profile. */
static void names_that_hold_each_other(void **state)
{
    static const char *const names[] = {"factory", "factory-two", "my-factory"};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_fault fault = {0};
    int64_t due, of_case = desk_add_case(work, 0, 5 * HOUR);
    for (int i = 0; i < 3; i++) keep(work, names[i], "works", 1 + i);
    for (int i = 0; i < 3; i++) {
        char id[40];
        snprintf(id, sizeof id, "%s.works", names[i]);
        assert_int_equal(eki_deadline_choose(work, &act, of_case, names[i], &fault), EKI_OK);
        assert_int_equal(count_clocks(work, of_case, id, &due), 1);
        assert_true(due == (6 + i) * HOUR);
    }
    assert_int_equal(eki_deadline_choose(work, &act, of_case, "", &fault), EKI_OK); /* as the desk chose */
    assert_int_equal(count_clocks(work, of_case, "factory.works", &due), EKI_DEADLINE_SHIPPED + 3);
    eki_store_end(work);
    eki_store_close(store);
}

/* Names and titles up to their last byte, and not one more. */
static void lengths(void **state)
{
    static char name[EKI_DEADLINE_NAME + 1], title[EKI_DEADLINE_TITLE + 2];
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    for (int over = 0; over < 2; over++) {
        enum eki_error wanted = over ? EKI_ERROR_ARGUMENT : EKI_OK;
        struct eki_fault fault = {0};
        memset(name, 'a', sizeof name);
        memset(title, 't', sizeof title);
        name[EKI_DEADLINE_NAME - 1 + over] = title[EKI_DEADLINE_TITLE + over] = '\0';
        struct eki_deadline_step step = {name, "t", 1};
        struct eki_deadline_profile profile = {"p", &step, 1};
        assert_int_equal(eki_deadline_keep(work, &act, &profile, &fault), wanted);
        step = (struct eki_deadline_step){"s", title, EKI_DEADLINE_HOURS};
        assert_int_equal(eki_deadline_keep(work, &act, &profile, &fault), wanted);
        step.title = "t";
        profile.name = name;
        assert_int_equal(eki_deadline_keep(work, &act, &profile, &fault), wanted);
        assert_int_equal(eki_deadline_choose(work, &act, 0, name, &fault), wanted);
    }
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(kept_and_chosen), PLACE_BOTH(refused),
                                       PLACE_BOTH(names_that_hold_each_other), PLACE_BOTH(lengths)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
