/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks of a case run from when the team knew, on every kind of store, over the ends of months. */
#include "../store/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "ekigaku/case_words.h"
#include "desk.h"
#include "ekigaku/deadline.h"
#include "ekigaku/time.h"

static int64_t at(const char *text)
{
    eki_time time;
    assert_int_equal(eki_time_parse(text, &time), EKI_OK);
    return time / 1000;
}

static const struct eki_deadline *of_id(const struct eki_deadline *all, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(all[i].id, id)) return &all[i];
    return NULL;
}

static void clocks_run(void **state)
{
    static const struct {
        const char *aware, *id, *due;
    } cases[] = {{"2027-01-31T10:00:00Z", "own-owners", "2027-02-01T10:00:00Z"},
                 {"2027-01-31T10:00:00Z", "nis2-warning", "2027-02-01T10:00:00Z"},
                 {"2027-01-31T10:00:00Z", "nis2-notification", "2027-02-03T10:00:00Z"},
                 {"2027-01-31T10:00:00Z", "nis2-final", "2027-02-28T10:00:00Z"},
                 {"2028-01-30T10:00:00Z", "nis2-final", "2028-02-29T10:00:00Z"},
                 {"2027-12-05T23:59:59Z", "nis2-final", "2028-01-05T23:59:59Z"},
                 {"2027-01-31T10:00:00Z", "appi-preliminary", "2027-02-05T10:00:00Z"},
                 {"2027-01-31T10:00:00Z", "appi-final", "2027-04-01T10:00:00Z"}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_deadline all[EKI_DEADLINES];
    size_t count;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(eki_case_deadlines(work, desk_add_case(work, 1, at(cases[i].aware)), all, &count),
                         EKI_OK);
        assert_int_equal(count, EKI_DEADLINE_SHIPPED);
        assert_int_equal(of_id(all, count, cases[i].id)->due, at(cases[i].due));
        for (size_t k = 1; k < count; k++) /* of the same time, by name */
            assert_true(all[k - 1].due < all[k].due ||
                        (all[k - 1].due == all[k].due && strcmp(all[k - 1].id, all[k].id) < 0));
    }
    assert_int_equal(eki_case_deadlines(work, 99, all, &count), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

/* The only entry of the timeline, in a language. */
static void reads_as(struct eki_store_work *work, int64_t of_case, enum eki_language language,
                     const char *wanted)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}, .limit = 10};
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    char room[EKI_CASE_WORDS];
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    assert_string_equal(eki_case_entry_words(&rows[0], language, room), wanted);
}

static void kept_and_chosen(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    const struct eki_store_act act = {.at = at("2027-02-02T00:00:00Z"), .who = "ada"};
    struct eki_deadline all[EKI_DEADLINES];
    size_t count;
    int64_t id = desk_add_case(work, 1, at("2027-01-31T10:00:00Z"));
    struct eki_fault fault = {0};
    assert_int_equal(eki_case_deadline_met(work, &act, id, "nis2-warning", &fault), EKI_OK);
    assert_int_equal(eki_case_deadlines(work, id, all, &count), EKI_OK);
    assert_int_equal(of_id(all, count, "nis2-warning")->met, act.at);
    assert_int_equal(of_id(all, count, "nis2-notification")->met, 0);
    reads_as(
        work, id, EKI_ENGLISH,
        "What the deadline \"NIS2: early warning to the CSIRT or authority\" asks for was done, but too late.");
    reads_as(work, id, EKI_JAPANESE,
             "「NIS2: CSIRT または当局への早期警告」は、期限を過ぎてから実施されました。");
    int64_t in_time = desk_add_case(work, 1, at("2027-02-01T00:00:00Z")); /* a day before, to the second */
    assert_int_equal(eki_case_deadline_met(work, &act, in_time, "nis2-warning", &fault), EKI_OK);
    reads_as(work, in_time, EKI_ENGLISH,
             "The deadline \"NIS2: early warning to the CSIRT or authority\" was kept.");
    reads_as(work, in_time, EKI_JAPANESE, "期限「NIS2: CSIRT または当局への早期警告」を守りました。");
    assert_int_equal(eki_case_deadline_met(work, &act, id, "nis2-warning", &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_case_deadline_met(work, &act, id, "warning", &fault), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_choose(work, "deadline-profiles", "appi own"), EKI_OK);
    assert_int_equal(eki_store_choose(work, "deadline-own-hours", "4"), EKI_OK);
    assert_int_equal(eki_case_deadlines(work, id, all, &count), EKI_OK);
    assert_int_equal(count, 3);
    assert_null(of_id(all, count, "nis2-warning"));
    assert_int_equal(of_id(all, count, "own-owners")->due, at("2027-01-31T14:00:00Z"));
    for (int i = 0; i < 2; i++) { /* what is no promise is a day */
        assert_int_equal(eki_store_choose(work, "deadline-own-hours", i ? "8761" : "0"), EKI_OK);
        assert_int_equal(eki_case_deadlines(work, id, all, &count), EKI_OK);
        assert_int_equal(of_id(all, count, "own-owners")->due, at("2027-02-01T10:00:00Z"));
    }
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(clocks_run), PLACE_BOTH(kept_and_chosen)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
