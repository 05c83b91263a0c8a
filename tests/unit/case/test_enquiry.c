/* SPDX-License-Identifier: Apache-2.0 */
/* An enquiry goes through hands until somebody answers: what counts, and when the right person had it. */
#include "../store/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "ekigaku/enquiry.h"

#define HOUR INT64_C(3600000000)

static int64_t add_account(struct eki_store_work *work, const char *name, const char *role)
{
    struct eki_store_account account = place_account(name);
    account.role = role;
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    return account.id;
}

static void add_department(struct eki_store_work *work, const char *id)
{
    struct eki_store_directory_record row = {.kind = "department", .name = id, .line = "{}"};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
}

static int64_t add_case(struct eki_store_work *work)
{
    struct eki_store_case row = {.title = "worm",
                                 .state = "open",
                                 .class = "I",
                                 .handling_class = 3,
                                 .known = "known",
                                 .route = "airborne"};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
    return row.id;
}

static struct eki_store_act at(int64_t hour, int64_t account)
{
    return (struct eki_store_act){
        .at = hour * HOUR, .account = account, .who = account ? "somebody" : "desk"};
}

static int64_t open_one(struct eki_store_work *work, struct eki_store_act act, int64_t of_case)
{
    int64_t id;
    struct eki_fault fault = {0};
    const struct eki_enquiry_opening opening = {
        .of_case = of_case, .asker = "noc@kawa.example", .text = "\n Which ports?\nWe see 445."};
    if (eki_enquiry_open(work, &act, &opening, &id, &fault)) fail_msg("%s", fault.what);
    return id;
}

static struct eki_store_enquiry row_of(struct eki_store_work *work, int64_t id)
{
    struct eki_store_enquiry row;
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    return row;
}

static void say(struct eki_store_work *work, struct eki_store_act act, int64_t id, enum eki_enquiry_kind kind)
{
    struct eki_fault fault = {0};
    if (eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){kind, "text"}, &fault))
        fail_msg("%s", fault.what);
}

static enum eki_error hand(struct eki_store_work *work, struct eki_store_act act, int64_t id,
                           const char *department, int64_t account)
{
    struct eki_fault fault = {0};
    const struct eki_enquiry_taker taker = {department, account, "knows it"};
    enum eki_error error = eki_enquiry_hand(work, &act, id, &taker, &fault);
    assert_int_equal(error != EKI_OK && error != EKI_ERROR_MISSING, fault.what[0] != 0);
    return error;
}

static size_t count_entries(struct eki_store_work *work, int64_t id, const char *kind)
{
    uint64_t count;
    const struct eki_store_query query = {
        .where = {{.column = "enquiry", .number = id}, {.column = "kind", .text = kind}}};
    assert_int_equal(eki_store_count(work, EKI_STORE_ENQUIRY_ENTRY, &query, &count), EKI_OK);
    return count;
}

static void handed_over_and_answered(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = add_account(work, "ada", "analyst"), ben = add_account(work, "ben", "coordinator");
    int64_t of_case = add_case(work), id = open_one(work, at(1, ada), of_case);
    uint64_t told;
    add_department(work, "it");
    struct eki_store_enquiry row = row_of(work, id);
    assert_string_equal(row.subject, "Which ports?");
    assert_true(row.account == ada && row.held == HOUR && !row.handovers && !row.reached);
    assert_int_equal(hand(work, at(2, ada), id, "it", 0), EKI_OK);   /* 1 */
    assert_int_equal(hand(work, at(3, ben), id, "it", ben), EKI_OK); /* taken up in the department */
    row = row_of(work, id);
    assert_true(row.handovers == 1 && row.account == ben && row.held == 3 * HOUR);
    assert_string_equal(row.department, "it");
    say(work, at(4, ada), id, EKI_ENQUIRY_JUDGEMENT); /* of somebody who does not have it */
    say(work, at(5, ben), id, EKI_ENQUIRY_REQUEST);
    assert_string_equal(row_of(work, id).state, "waiting");
    say(work, at(6, ben), id, EKI_ENQUIRY_QUESTION);
    assert_string_equal(row_of(work, id).state, "open");
    say(work, at(7, ben), id, EKI_ENQUIRY_ANSWER);
    row = row_of(work, id);
    assert_string_equal(row.state, "answered");
    assert_true(row.handovers == 1 && row.reached == 3 * HOUR && row.answered == 7 * HOUR);
    say(work, at(8, ben), id, EKI_ENQUIRY_ANSWER); /* the first answer counts */
    assert_true(row_of(work, id).answered == 7 * HOUR);
    say(work, at(9, ben), id, EKI_ENQUIRY_CLOSING);
    assert_string_equal(row_of(work, id).state, "closed");
    assert_int_equal(count_entries(work, id, "handover"), 2);
    const struct eki_store_query timeline = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "kind", .text = "enquiry"}}};
    assert_int_equal(eki_store_count(work, EKI_STORE_CASE_ENTRY, &timeline, &told), EKI_OK);
    assert_int_equal(told, 9);
    eki_store_end(work);
    eki_store_close(store);
}

static void answered_by_another(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = add_account(work, "ada", "analyst"), ben = add_account(work, "ben", "analyst");
    int64_t id = open_one(work, at(1, ada), 0), none = open_one(work, at(1, 0), 0);
    say(work, at(5, ben), id, EKI_ENQUIRY_ANSWER);
    struct eki_store_enquiry row = row_of(work, id);
    assert_true(row.handovers == 1 && row.account == ben && row.reached == 5 * HOUR);
    assert_int_equal(count_entries(work, id, "handover"), 1);
    row = row_of(work, none); /* the program opened it: nobody has it */
    assert_true(!row.held && !row.account);
    say(work, at(3, ben), none, EKI_ENQUIRY_JUDGEMENT);
    row = row_of(work, none);
    assert_true(row.held == 3 * HOUR && row.account == ben && !row.handovers);
    say(work, at(4, ben), none, EKI_ENQUIRY_ANSWER);
    assert_true(row_of(work, none).reached == 3 * HOUR);
    eki_store_end(work);
    eki_store_close(store);
}

static void refused(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = add_account(work, "ada", "analyst"), eve = add_account(work, "eve", "viewer"), id;
    struct eki_store_act act = at(1, ada);
    struct eki_fault fault = {0};
    struct eki_enquiry_opening opening = {.asker = " ", .text = "what?"};
    assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), EKI_ERROR_ARGUMENT);
    opening.asker = "ada";
    opening.text = "";
    assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), EKI_ERROR_ARGUMENT);
    opening.text = "what?";
    opening.of_case = 99;
    assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), EKI_ERROR_MISSING);
    id = open_one(work, act, 0);
    assert_int_equal(hand(work, act, id, NULL, 0), EKI_ERROR_ARGUMENT);
    assert_int_equal(hand(work, act, id, NULL, eve), EKI_ERROR_ARGUMENT); /* may not act */
    assert_int_equal(hand(work, act, id, NULL, 99), EKI_ERROR_ARGUMENT);
    assert_int_equal(hand(work, act, id, "nowhere", 0), EKI_ERROR_ARGUMENT);
    assert_int_equal(hand(work, act, id, NULL, ada), EKI_ERROR_CONFLICT); /* has it */
    assert_int_equal(hand(work, act, 99, NULL, ada), EKI_ERROR_MISSING);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_ANSWER, " \n"}, &fault),
        EKI_ERROR_ARGUMENT);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_HANDOVER, "x"}, &fault),
        EKI_ERROR_ARGUMENT);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_CLOSING, ""}, &fault),
        EKI_OK);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_ANSWER, "x"}, &fault),
        EKI_ERROR_CONFLICT);
    assert_int_equal(hand(work, act, id, NULL, add_account(work, "ben", "analyst")), EKI_ERROR_CONFLICT);
    assert_int_equal(row_of(work, id).handovers, 0);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_QUESTION, "x"}, &fault),
        EKI_OK);
    assert_string_equal(row_of(work, id).state, "open");
    eki_store_end(work);
    eki_store_close(store);
}

static void figures(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_enquiry_figures f;
    int64_t ada = add_account(work, "ada", "analyst"), ben = add_account(work, "ben", "analyst");
    assert_int_equal(eki_enquiry_stats(work, 0, &f), EKI_OK);
    assert_true(!f.all && !f.reached && !f.oldest);
    for (int64_t i = 0; i < 4; i++) { /* handed over 0, 1, 2 and 3 times, an hour each */
        int64_t id = open_one(work, at(10, ada), 0);
        for (int64_t k = 0; k < i; k++)
            assert_int_equal(hand(work, at(11 + k, ada), id, NULL, k % 2 ? ada : ben), EKI_OK);
        say(work, at(20 + i, i % 2 ? ben : ada), id, EKI_ENQUIRY_ANSWER);
    }
    open_one(work, at(5, 0), 0);
    assert_int_equal(eki_enquiry_stats(work, 0, &f), EKI_OK);
    assert_true(f.all == 5 && f.answered == 4 && f.open == 1 && f.untaken == 1 && f.reached == 4 &&
                f.direct == 1);
    assert_true(f.handovers == 1 && f.reached_after == HOUR && f.reached_most == 3 * HOUR);
    assert_true(f.answered_after == 11 * HOUR && f.oldest == 5 * HOUR);
    assert_int_equal(eki_enquiry_stats(work, 6 * HOUR, &f), EKI_OK);
    assert_true(f.all == 4 && !f.oldest);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(handed_over_and_answered), PLACE_BOTH(answered_by_another),
                                       PLACE_BOTH(refused), PLACE_BOTH(figures)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
