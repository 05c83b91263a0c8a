/* SPDX-License-Identifier: Apache-2.0 */
/* Mail that comes in: filed by what only we can have made, whatever else it says. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const uint8_t secret[EKI_ANSWER_SECRET] = {5, 5, 5}, other[EKI_ANSWER_SECRET] = {6};

/* A case with a notice that was sent to poc@kawa.example. */
static void make(struct desk *desk, struct eki_store_notice *ret_notice)
{
    static const char *const hosts[] = {"192.0.2.1"};
    int64_t of_case = desk_case(desk, hosts, 1);
    struct eki_store_work *work = desk_write(desk);
    *ret_notice = (struct eki_store_notice){.of_case = of_case,
                                            .team = "kawa",
                                            .address = "poc@kawa.example",
                                            .language = "ja",
                                            .format = "csv",
                                            .state = "sent",
                                            .sent = 1,
                                            .attempts = 1,
                                            .hosts = 1,
                                            .due = 7,
                                            .expires = DESK_NOW / 1000 + 1000000};
    assert_int_equal(eki_store_add(work, ret_notice), EKI_OK);
    desk_commit(work);
}

static struct eki_letter letter(enum eki_mail_kind kind, const char *answers, const char *text)
{
    static unsigned count;
    static char id[32];
    snprintf(id, sizeof id, "%u@kawa.example", ++count);
    return (struct eki_letter){.kind = kind,
                               .from = "poc@kawa.example",
                               .from_name = "",
                               .to = "csirt@desk.example",
                               .subject = "Re: hosts",
                               .message_id = id,
                               .in_reply_to = answers,
                               .text = text,
                               .original = "",
                               .date = EKI_TIME_NONE};
}

static enum eki_notice_filed arrive(struct desk *desk, const struct eki_letter *l, int64_t *ret_notice)
{
    enum eki_notice_filed filed;
    struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "mail"};
    struct eki_notice_arrival arrival = {.letter = l, .own = "csirt@desk.example", .secret = secret};
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_notice_arrived(work, &act, &arrival, ret_notice, &filed), EKI_OK);
    desk_commit(work);
    return filed;
}

static void check_state(struct desk *desk, int64_t id, const char *state)
{
    struct eki_store_notice notice;
    struct eki_store_work *work = desk_read(desk);
    assert_int_equal(eki_store_get(work, &notice, id), EKI_OK);
    assert_string_equal(notice.state, state);
    eki_store_end(work);
}

static void replies(void **state)
{
    static const struct {
        const char *text, *then;
    } said[] = {
        {"Thank you, we will see.\n> hosts", "received"},
        {"> quoted: done\n\n  Handling it\n", "handling"},
        {"And one more question", "handling"}, /* never takes back what was said */
        {"「対応完了」です。", "done"},
        {"\"not ours\", they moved", "disputed"},
        {"受領しました", "received"}, /* the owner may say something else */
    };
    struct desk *desk = *state;
    struct eki_store_notice notice;
    char id[EKI_NOTICE_MESSAGE_ID];
    int64_t filed_to;
    make(desk, &notice);
    eki_notice_message_id(secret, &notice, "desk.example", id);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct eki_letter l = letter(EKI_MAIL_REPLY, id, said[i].text);
        assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_ANSWER);
        assert_int_equal(filed_to, notice.id);
        check_state(desk, notice.id, said[i].then);
        assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_AGAIN); /* the same message, after a crash */
    }
}

static void found_by(void **state)
{
    struct desk *desk = *state;
    struct eki_store_notice notice;
    char id[EKI_NOTICE_MESSAGE_ID], token[EKI_ANSWER_TOKEN], text[300];
    int64_t filed_to;
    make(desk, &notice);
    eki_notice_message_id(secret, &notice, "desk.example", id);
    const char *const references[] = {"a@x", id, "b@y"};
    struct eki_letter l = letter(EKI_MAIL_REPLY, "", "hello");
    l.references = references;
    l.reference_count = 3;
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_ANSWER);
    eki_notice_token(secret, notice.id, 1000000, token); /* long expired, but ours */
    snprintf(text, sizeof text, "hello\n> https://desk.example/answer/%s?lang=ja\n", token);
    l = letter(EKI_MAIL_OTHER, "", text);
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_ANSWER);
    /* Forged by who knows everything but the secret: filed nowhere. */
    eki_notice_message_id(other, &notice, "desk.example", id);
    eki_notice_token(other, notice.id, INT64_MAX / 2, token);
    snprintf(text, sizeof text, "done https://desk.example/answer/%s /answer/short", token);
    l = letter(EKI_MAIL_REPLY, id, text);
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_NOT);
    assert_int_equal(filed_to, 0);
    check_state(desk, notice.id, "received");
}

static void loops(void **state)
{
    struct desk *desk = *state;
    struct eki_store_notice notice;
    char id[EKI_NOTICE_MESSAGE_ID];
    int64_t filed_to;
    make(desk, &notice);
    eki_notice_message_id(secret, &notice, "desk.example", id);
    struct eki_letter l = letter(EKI_MAIL_REPLY, id, "done");
    l.from = "CSIRT@desk.example"; /* ourselves */
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_LOOP);
    l = letter(EKI_MAIL_AUTOMATIC, id, "done is my holiday on 1 December");
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_NOTE);
    check_state(desk, notice.id, "sent");
}

static void reports(void **state)
{
    struct desk *desk = *state;
    struct eki_store_notice notice;
    char id[EKI_NOTICE_MESSAGE_ID];
    int64_t filed_to;
    make(desk, &notice);
    eki_notice_message_id(secret, &notice, "desk.example", id);
    struct eki_mail_report report = {"poc@kawa.example", "delivered", "2.0.0", ""};
    struct eki_letter l = letter(EKI_MAIL_AUTOMATIC, "", "");
    l.original = id;
    l.reports = &report;
    l.report_count = 1;
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_DELIVERED);
    check_state(desk, notice.id, "delivered");
    report = (struct eki_mail_report){"somebody@else.example", "failed", "5.1.1", "no such user"};
    l = letter(EKI_MAIL_BOUNCE, "", "");
    l.original = id;
    l.reports = &report;
    l.report_count = 1;
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_NOTE); /* not about whom we wrote to */
    check_state(desk, notice.id, "delivered");
    report.recipient = "POC@kawa.example";
    l.message_id = "another@x";
    assert_int_equal(arrive(desk, &l, &filed_to), EKI_FILED_BOUNCED);
    check_state(desk, notice.id, "bounced");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(replies),
        DESK_TEST(found_by),
        DESK_TEST(loops),
        DESK_TEST(reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
