/* SPDX-License-Identifier: Apache-2.0 */
/* An enquiry goes through hands until somebody answers: what counts, and when the right person had it. */
#include "../store/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "case/enquiry_row.h"
#include "desk.h"
#include "ekigaku/enquiry.h"

#define HOUR INT64_C(3600000000)

static void add_department(struct eki_store_work *work, const char *id)
{
    struct eki_store_directory_record row = {.kind = "department", .name = id, .line = "{}"};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
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
    int64_t ada = desk_add_account(work, "ada", "analyst"),
            ben = desk_add_account(work, "ben", "coordinator");
    int64_t of_case = desk_add_case(work, 0, 0), id = open_one(work, at(1, ada), of_case);
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
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst");
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
    int64_t ada = desk_add_account(work, "ada", "analyst"), eve = desk_add_account(work, "eve", "viewer"), id;
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
    assert_int_equal(hand(work, act, id, NULL, desk_add_account(work, "ben", "analyst")), EKI_ERROR_CONFLICT);
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
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst");
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

/* Who has it, and through how many hands it went, step by step. */
static void hands(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst");
    const struct {
        const char *department;
        int64_t account;
        enum eki_error wanted;
        int64_t handovers;
        const char *then;                    /* the department that has it */
    } steps[] = {{NULL, ben, EKI_OK, 0, ""}, /* nobody had it */
                 {"it", 0, EKI_OK, 1, "it"},
                 {"it", 0, EKI_ERROR_CONFLICT, 1, "it"},
                 {NULL, ada, EKI_OK, 1, "it"}, /* taken up, and still the department's */
                 {NULL, ada, EKI_ERROR_CONFLICT, 1, "it"},
                 {"net", 0, EKI_OK, 2, "net"},
                 {"it", 0, EKI_OK, 3, "it"},     /* from one department to another */
                 {"net", ben, EKI_OK, 4, "net"}, /* it was not his department that had it */
                 {NULL, ada, EKI_OK, 5, ""},
                 {"team", 0, EKI_ERROR_ARGUMENT, 5, ""}}; /* of the directory, and no department */
    struct eki_store_directory_record team = {.kind = "team", .name = "team", .line = "{}"};
    assert_int_equal(eki_store_add(work, &team), EKI_OK);
    add_department(work, "it");
    add_department(work, "net");
    int64_t id = open_one(work, at(1, 0), 0);
    for (int64_t i = 0; i < (int64_t)(sizeof steps / sizeof *steps); i++) {
        assert_int_equal(hand(work, at(2 + i, ada), id, steps[i].department, steps[i].account),
                         steps[i].wanted);
        struct eki_store_enquiry row = row_of(work, id);
        assert_int_equal(row.handovers, steps[i].handovers);
        assert_string_equal(row.department, steps[i].then);
        if (!steps[i].wanted) assert_true(row.account == steps[i].account && row.held == (2 + i) * HOUR);
    }
    struct eki_store_account gone = {0};
    assert_int_equal(eki_store_get(work, &gone, ben), EKI_OK);
    gone.disabled = true;
    assert_int_equal(eki_store_change(work, &gone), EKI_OK);
    assert_int_equal(hand(work, at(20, ada), id, NULL, ben), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    eki_store_close(store);
}

/* Whoever answers first is the right person, from whomever it came. */
static void who_was_right(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst");
    add_department(work, "it");
    int64_t id = open_one(work, at(1, 0), 0);
    say(work, at(3, ben), id, EKI_ENQUIRY_ANSWER); /* nobody had it */
    struct eki_store_enquiry row = row_of(work, id);
    assert_true(row.account == ben && row.held == 3 * HOUR && row.reached == 3 * HOUR && !row.handovers);
    say(work, at(5, ada), id, EKI_ENQUIRY_ANSWER); /* somebody else adds something */
    row = row_of(work, id);
    assert_true(row.account == ada && row.handovers == 1 && row.reached == 3 * HOUR);
    assert_int_equal(hand(work, at(6, ada), id, "it", ben), EKI_OK);
    assert_string_equal(row_of(work, id).state, "open"); /* there is more to say */
    say(work, at(7, ada), id, EKI_ENQUIRY_ANSWER);
    assert_string_equal(row_of(work, id).department, ""); /* she is not of it */
    id = open_one(work, at(1, ada), 0);
    assert_int_equal(hand(work, at(2, ada), id, "it", 0), EKI_OK);
    say(work, at(4, ben), id, EKI_ENQUIRY_ANSWER); /* a person of the department that has it */
    row = row_of(work, id);
    assert_true(row.account == ben && row.handovers == 1 && row.reached == 2 * HOUR);
    assert_string_equal(row.department, "it");
    say(work, at(5, ben), id, EKI_ENQUIRY_QUESTION);
    struct eki_store_enquiry_entry *entries;
    struct eki_store_page page;
    const struct eki_store_query all = {.where = {{.column = "enquiry", .number = id}}};
    assert_int_equal(eki_store_list(work, &all, &entries, &page), EKI_OK);
    assert_int_equal(page.count, 4);
    assert_string_equal(entries[2].author, "somebody");
    assert_string_equal(entries[3].author, "noc@kawa.example"); /* it is the asker's, whoever enters it */
    assert_int_equal(entries[3].account, ben);
    eki_store_end(work);
    eki_store_close(store);
}

static void limits(void **state)
{
    static char text[EKI_ENQUIRY_TEXT + 2];
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst"),
            id;
    struct eki_store_act act = at(1, ada);
    struct eki_fault fault = {0};
    for (int over = 0; over < 2; over++) {
        enum eki_error wanted = over ? EKI_ERROR_ARGUMENT : EKI_OK;
        struct eki_enquiry_opening opening = {.asker = "noc", .text = text};
        memset(text, 'x', sizeof text);
        text[EKI_ENQUIRY_TEXT + over] = '\0';
        assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), wanted);
        id = open_one(work, act, 0);
        assert_int_equal(
            eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_ANSWER, text}, &fault),
            wanted);
        text[EKI_ENQUIRY_WHY + over] = '\0';
        const struct eki_enquiry_taker taker = {NULL, ben, text};
        assert_int_equal(eki_enquiry_hand(work, &act, id, &taker, &fault), wanted);
        text[EKI_ENQUIRY_LINE + over] = '\0';
        opening = (struct eki_enquiry_opening){.asker = text, .text = "what?"};
        assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), wanted);
        opening = (struct eki_enquiry_opening){.asker = "noc", .subject = text, .text = "what?"};
        assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), wanted);
    }
    text[0] = 'x'; /* a subject is cut between letters of three bytes each */
    text[1] = '\0';
    for (int i = 0; i < 60; i++) strcat(text, "\xe5\xb7\x9d");
    const struct eki_enquiry_opening opening = {.asker = "noc", .text = text};
    assert_int_equal(eki_enquiry_open(work, &act, &opening, &id, &fault), EKI_OK);
    assert_int_equal(strlen(row_of(work, id).subject), 1 + 39 * 3);
    eki_store_end(work);
    eki_store_close(store);
}

/* Each state is counted as itself; nobody has what neither a person nor a department has. */
static void figures_of_states(void **state)
{
    static const enum eki_enquiry_kind kinds[] = {EKI_ENQUIRY_REQUEST, EKI_ENQUIRY_ANSWER,
                                                  EKI_ENQUIRY_CLOSING, EKI_ENQUIRY_CLOSING};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_enquiry_figures f;
    int64_t ada = desk_add_account(work, "ada", "analyst");
    add_department(work, "it");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        say(work, at(3, i < 2 ? ada : 0), open_one(work, at(2, 0), 0), kinds[i]);
    assert_int_equal(hand(work, at(6, ada), open_one(work, at(5, 0), 0), "it", 0), EKI_OK);
    open_one(work, at(7, 0), 0);
    assert_int_equal(eki_enquiry_stats(work, 0, &f), EKI_OK);
    assert_true(f.all == 6 && f.waiting == 1 && f.answered == 1 && f.closed == 2 && f.open == 2);
    assert_int_equal(f.untaken, 1);
    assert_true(f.oldest == 5 * HOUR);
    assert_int_equal(eki_enquiry_stats(work, 5 * HOUR, &f), EKI_OK);
    assert_int_equal(f.all, 2); /* what came then counts */
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(handed_over_and_answered),
                                       PLACE_BOTH(answered_by_another),
                                       PLACE_BOTH(refused),
                                       PLACE_BOTH(figures),
                                       PLACE_BOTH(hands),
                                       PLACE_BOTH(who_was_right),
                                       PLACE_BOTH(limits),
                                       PLACE_BOTH(figures_of_states)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
