/* SPDX-License-Identifier: Apache-2.0 */
/* Mail that asks something: filed once, to its thread, within limits; what asks nothing makes nothing. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "ekigaku/enquiry.h"

static struct eki_letter letter(const char *from, const char *id, const char *text)
{
    return (struct eki_letter){.kind = EKI_MAIL_OTHER,
                               .from = from,
                               .from_name = "",
                               .to = "csirt@desk.example",
                               .subject = "Ports",
                               .message_id = id,
                               .in_reply_to = "",
                               .text = text,
                               .original = "",
                               .date = EKI_TIME_NONE};
}

static enum eki_enquiry_arrived arrive(struct eki_store_work *work, const struct eki_letter *l,
                                       int64_t notice, int64_t *ret_enquiry)
{
    enum eki_enquiry_arrived arrived;
    const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "mail"};
    const struct eki_enquiry_letter given = {.letter = l, .own = "csirt@desk.example", .notice = notice};
    assert_int_equal(eki_enquiry_arrived(work, &act, &given, ret_enquiry, &arrived), EKI_OK);
    return arrived;
}

static struct eki_store_enquiry row_of(struct eki_store_work *work, int64_t id)
{
    struct eki_store_enquiry row;
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    return row;
}

static void threads(void **state)
{
    struct eki_store_work *work = desk_write(*state);
    int64_t id, other;
    struct eki_fault fault = {0};
    const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "ada"};
    struct eki_letter l = letter("NOC@Kawa.example", "a@kawa.example", "We see 445. What is it");
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_OPENED);
    struct eki_store_enquiry row = row_of(work, id);
    assert_string_equal(row.asker, "noc@kawa.example");
    assert_string_equal(row.subject, "Ports");
    assert_true(!row.held && !row.account && !row.of_case);
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_AGAIN);
    assert_int_equal(other, id);
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_CLOSING, ""}, &fault),
        EKI_OK);
    /* A colleague answers our answer; the first mail of the thread is among what it names. */
    static const char *const references[] = {"a@kawa.example", "ours@desk.example"};
    l = letter("boss@kawa.example", "b@kawa.example", "And 139");
    l.kind = EKI_MAIL_REPLY;
    l.references = references;
    l.reference_count = 2;
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_ADDED);
    assert_int_equal(other, id);
    assert_string_equal(row_of(work, id).state, "open");
    l = letter("", "c@x", "no sender");
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_NOT);
    l = letter("csirt@desk.example", "d@x", "from ourselves?");
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_NOT);
    l = letter("a@x.example", "e@x", " \n");
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_NOT);
    l = letter("a@x.example", "f@x", "on holiday?");
    l.kind = EKI_MAIL_AUTOMATIC;
    assert_int_equal(arrive(work, &l, 0, &other), EKI_ARRIVED_NOT);
    assert_int_equal(other, 0);
    desk_commit(work);
}

static void of_a_notice(void **state)
{
    static const struct {
        const char *text;
        bool asks;
    } texts[] = {
        {"received, thank you", false},
        {"handling. Which version was it?", true},
        {"see https://kawa.example/?id=7 for the state", false},
        {"対応中です。検体は共有できますか。", true},
        {"どのポートですか？", true},
        {"done\n> Who are you?\n", false},
        {"done\n-- \nWho am I?", false},
        {"done\n----- Original Message -----\nWhat now?\n", false},
    };
    static const char *const hosts[] = {"192.0.2.1"};
    int64_t of_case = desk_case(*state, hosts, 1);
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_notice notice = {
        .of_case = of_case, .team = "kawa", .address = "poc@kawa.example", .state = "received", .hosts = 1};
    assert_int_equal(eki_store_add(work, &notice), EKI_OK);
    int64_t first = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char name[32];
        int64_t id;
        snprintf(name, sizeof name, "%zu@kawa.example", i);
        struct eki_letter l = letter("poc@kawa.example", name, texts[i].text);
        enum eki_enquiry_arrived arrived = arrive(work, &l, notice.id, &id);
        enum eki_enquiry_arrived wanted = !texts[i].asks ? EKI_ARRIVED_NOT
                                          : first        ? EKI_ARRIVED_ADDED
                                                         : EKI_ARRIVED_OPENED;
        if (arrived != wanted) fail_msg("%s: %s", texts[i].text, eki_enquiry_arrived_name(arrived));
        if (arrived == EKI_ARRIVED_OPENED) first = id;
        if (arrived == EKI_ARRIVED_ADDED) assert_int_equal(id, first);
    }
    struct eki_store_enquiry row = row_of(work, first);
    assert_true(row.of_case == of_case && row.notice == notice.id);
    desk_commit(work);
}

static void limits(void **state)
{
    struct eki_store_work *work = desk_write(*state);
    char name[40], from[40], *text = test_malloc(30001);
    int64_t id, first = 0;
    memset(text, 'x', 30000);
    memcpy(text + EKI_ENQUIRY_MAIL - 1, "é", 2); /* the cut is within a letter */
    text[30000] = 0;
    for (int i = 0; i <= EKI_ENQUIRIES_OF_ASKER; i++) {
        snprintf(name, sizeof name, "own-%d@x", i);
        struct eki_letter l = letter("one@x.example", name, text);
        assert_int_equal(arrive(work, &l, 0, &id),
                         i < EKI_ENQUIRIES_OF_ASKER ? EKI_ARRIVED_OPENED : EKI_ARRIVED_FULL);
        if (!first) first = id;
    }
    struct eki_store_enquiry_entry entry;
    assert_int_equal(eki_store_get(work, &entry, 1), EKI_OK);
    assert_int_equal(strlen(entry.text), EKI_ENQUIRY_MAIL - 1 + strlen("\n[...]"));
    for (int i = 1; i <= EKI_ENQUIRY_QUESTIONS; i++) {
        snprintf(name, sizeof name, "more-%d@x", i);
        struct eki_letter l = letter("one@x.example", name, "and?");
        l.in_reply_to = "own-0@x";
        assert_int_equal(arrive(work, &l, 0, &id),
                         i < EKI_ENQUIRY_QUESTIONS ? EKI_ARRIVED_ADDED : EKI_ARRIVED_FULL);
    }
    for (int i = EKI_ENQUIRIES_OF_ASKER; i <= EKI_ENQUIRIES_UNTAKEN; i++) {
        snprintf(name, sizeof name, "all-%d@x", i);
        snprintf(from, sizeof from, "%d@x.example", i);
        struct eki_letter l = letter(from, name, "?");
        assert_int_equal(arrive(work, &l, 0, &id),
                         i < EKI_ENQUIRIES_UNTAKEN ? EKI_ARRIVED_OPENED : EKI_ARRIVED_FULL);
    }
    test_free(text);
    desk_commit(work);
}

static void close_one(struct eki_store_work *work, int64_t id)
{
    struct eki_fault fault = {0};
    const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "ada"};
    assert_int_equal(
        eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_CLOSING, ""}, &fault),
        EKI_OK);
}

/* Of several mails that one names, the newest says whose thread it is; one of nobody's asks or is none. */
static void which_thread(void **state)
{
    struct eki_store_work *work = desk_write(*state);
    static const char *const both[] = {"a@x", "b@x"};
    int64_t first, second, id;
    struct eki_letter l = letter("one@x.example", "a@x", "The first?");
    assert_int_equal(arrive(work, &l, 0, &first), EKI_ARRIVED_OPENED);
    l = letter("one@x.example", "b@x", "\n The second?\nYes.");
    l.subject = "";
    l.left_out = 1;
    assert_int_equal(arrive(work, &l, 0, &second), EKI_ARRIVED_OPENED);
    assert_string_equal(row_of(work, second).subject, "The second?");
    struct eki_store_enquiry_entry *entries;
    struct eki_store_page page;
    const struct eki_store_query of_second = {.where = {{.column = "enquiry", .number = second}}};
    assert_int_equal(eki_store_list(work, &of_second, &entries, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    assert_non_null(strstr(entries[0].text, "[...]")); /* not all of it was read */
    l = letter("one@x.example", "c@x", "More");
    l.references = both;
    l.reference_count = 2;
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_ADDED);
    assert_int_equal(id, second);
    l = letter("one@x.example", "d@x", "Thank you");
    l.kind = EKI_MAIL_REPLY;
    l.in_reply_to = "nobodys@x";
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_NOT);
    l.text = "Thank you\n| What?\nsee =?utf-8?Q?x?= there";
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_NOT); /* quoted, or no question mark */
    l = letter("CSIRT@Desk.example", "e@x", "from ourselves?");
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_NOT);
    desk_commit(work);
}

/* What is closed leaves room, and takes no further question about its notice. */
static void closed_ones(void **state)
{
    static const char *const hosts[] = {"192.0.2.1"};
    int64_t of_case = desk_case(*state, hosts, 1), first, id;
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_notice notice = {
        .of_case = of_case, .team = "kawa", .address = "poc@kawa.example", .state = "received", .hosts = 1};
    assert_int_equal(eki_store_add(work, &notice), EKI_OK);
    struct eki_letter l = letter("poc@kawa.example", "a@x", "Which?");
    assert_int_equal(arrive(work, &l, notice.id, &first), EKI_ARRIVED_OPENED);
    close_one(work, first);
    l = letter("poc@kawa.example", "b@x", "And which now?");
    assert_int_equal(arrive(work, &l, notice.id, &id), EKI_ARRIVED_OPENED);
    assert_true(id != first);
    for (int i = 1; i < EKI_ENQUIRIES_OF_ASKER; i++) {
        char name[20];
        snprintf(name, sizeof name, "more-%d@x", i);
        l = letter("poc@kawa.example", name, "And?");
        assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_OPENED); /* the closed one does not count */
    }
    l = letter("poc@kawa.example", "last@x", "And?");
    assert_int_equal(arrive(work, &l, 0, &id), EKI_ARRIVED_FULL);
    desk_commit(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(threads), DESK_TEST(of_a_notice), DESK_TEST(limits),
                                       DESK_TEST(which_thread), DESK_TEST(closed_ones)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
