/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice says: to its owner all about its hosts, of the others nothing; names of strangers add no
 * line. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/notice_template.h"
#include "ekigaku/exchange.h"

static const uint8_t secret[EKI_ANSWER_SECRET] = {9, 8, 7};

#define HEAD "{\"schema\":\"ekigaku.directory/1\"}\n"
static const char two_owners[] = HEAD
    "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa Bank\",\"name_ja\":\"川銀行\","
    "\"time_zone\":\"Asia/Tokyo\",\"languages\":[\"ja\"]}\n"
    "{\"kind\":\"team\",\"id\":\"yama\",\"name\":\"Yama <script>alert(1)</script> \\u202eCSIRT\"}\n"
    "{\"kind\":\"contact\",\"id\":\"k\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"k@kawa.example\"}\n"
    "{\"kind\":\"contact\",\"id\":\"y\",\"team\":\"yama\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"y@yama.example\"}\n"
    "{\"kind\":\"key\",\"team\":\"yama\",\"type\":\"openpgp\",\"fingerprint\":\"0123456789ABCDEF0123456789ABCDEF01234567\","
    "\"expires\":\"2030-01-01\"}\n"
    "{\"kind\":\"key\",\"team\":\"kawa\",\"type\":\"openpgp\",\"fingerprint\":\"1123456789ABCDEF0123456789ABCDEF01234567\","
    "\"expires\":\"2020-01-01\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"198.51.100.0/24\",\"team\":\"yama\"}\n";

static const char *const hosts[] = {"192.0.2.1", "192.0.2.2", "198.51.100.9", "198.51.100.10"};

struct scene {
    struct desk *desk;
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    struct eki_notice_setup setup;
    int64_t of_case;
};

/* 192.0.2.2 was infected by 192.0.2.1, 198.51.100.9 by 192.0.2.1, 198.51.100.10 by 198.51.100.9. */
static void set_parents(struct desk *desk)
{
    struct eki_store_work *work = desk_write(desk);
    static const char *const parents[] = {"", "192.0.2.1", "192.0.2.1", "198.51.100.9"};
    for (size_t i = 0; i < 4; i++) {
        struct eki_store_case_host host;
        assert_int_equal(eki_store_find(work, &host, "host", hosts[i]), EKI_OK);
        host.parent = parents[i];
        host.at += (int64_t)i * 1000000;
        assert_int_equal(eki_store_change(work, &host), EKI_OK);
    }
    struct eki_store_case row;
    assert_int_equal(eki_store_find(work, &row, "state", "open"), EKI_OK);
    row.title = "Worm from 192.0.2.1 in 198.51.100.9"; /* written by a person: not for the recipients */
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
}

static struct scene begin(void **state)
{
    struct scene s = {.desk = *state, .directory = desk_directory(two_owners)};
    struct eki_fault fault = {0};
    struct eki_notice_summary summary;
    assert_int_equal(eki_notice_templates_load(NULL, &s.templates, &fault), EKI_OK);
    s.of_case = desk_case(s.desk, hosts, 4);
    set_parents(s.desk);
    struct eki_store_work *work = desk_write(s.desk);
    assert_int_equal(eki_notice_draft(work, s.of_case, s.directory, NULL, &summary), EKI_OK);
    assert_int_equal(summary.notices, 2);
    desk_commit(work);
    s.setup = (struct eki_notice_setup){
        .directory = s.directory,
        .templates = s.templates,
        .sender = {"Desk CSIRT", "csirt@desk.example", "+81 3 1111", "https://desk.example"},
        .secret = secret,
        .now = DESK_NOW};
    return s;
}

static void end(struct scene *s)
{
    eki_notice_templates_free(s->templates);
    eki_directory_free(s->directory);
}

static struct eki_notice_message *compose(struct scene *s, const char *team, const char *format,
                                          const char *tlp)
{
    struct eki_store_work *work = desk_read(s->desk);
    struct eki_store_notice notice;
    struct eki_notice_book *book;
    struct eki_notice_message *message;
    struct eki_fault fault = {0};
    assert_int_equal(eki_store_find(work, &notice, "team", team), EKI_OK);
    if (format) notice.format = format;
    if (tlp) notice.tlp = tlp;
    assert_int_equal(eki_notice_open(work, s->of_case, &s->setup, &book, &fault), EKI_OK);
    enum eki_error error = eki_notice_compose(book, &notice, &message, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    eki_notice_close(book);
    eki_store_end(work);
    return message;
}

static void said_to_its_owner(void **state)
{
    struct scene s = begin(state);
    struct eki_notice_message *m = compose(&s, "kawa", NULL, NULL);
    assert_string_equal(m->to, "k@kawa.example");
    assert_string_equal(m->language, "ja");
    assert_string_equal(m->subject, "[TLP:AMBER] 貴組織のネットワークの感染端末: 2 台 (?)、案件 1");
    assert_non_null(strstr(m->text, "川銀行 御中"));
    assert_non_null(strstr(m->text, "192.0.2.1  2026-11-28 02:20:00 +09:00  脆弱性への攻撃が成功\n"));
    assert_non_null(
        strstr(m->text,
               "192.0.2.2  2026-11-28 02:20:01 +09:00  脆弱性への攻撃が成功、感染元は貴組織の 192.0.2.1\n"));
    assert_non_null(strstr(m->text, "https://desk.example/answer/"));
    assert_null(m->key); /* it expired */
    assert_true(m->decision.allowed);
    assert_int_equal(eki_notice_of_message(secret, m->message_id), m->notice);
    int64_t notice;
    const char *token = strstr(m->text, "/answer/") + 8;
    char only[EKI_ANSWER_TOKEN] = {0};
    memcpy(only, token, EKI_ANSWER_TOKEN - 1);
    assert_int_equal(eki_notice_token_check(secret, only, DESK_NOW / 1000, &notice), EKI_OK);
    assert_int_equal(notice, m->notice);
    eki_notice_message_free(m);
    end(&s);
}

/* Every form, both owners: no word of the other's hosts. */
static void nothing_of_others(void **state)
{
    static const char *const formats[] = {"text", "csv", "xarf", "stix", "csaf", "iodef"};
    struct scene s = begin(state);
    for (size_t i = 0; i < 6; i++)
        for (int k = 0; k < 2; k++) {
            const char *foreign = k ? "192.0.2." : "198.51.100.", *own = k ? "198.51.100.9" : "192.0.2.1";
            struct eki_notice_message *m = compose(&s, k ? "yama" : "kawa", formats[i], NULL);
            assert_null(strstr(m->text, foreign));
            assert_null(strstr(m->subject, foreign));
            assert_non_null(strstr(m->text, own));
            assert_true((m->attachment != NULL) == (i > 0));
            if (m->attachment) {
                assert_null(strstr(m->attachment, foreign));
                bool advisory = !strcmp(formats[i], "csaf"); /* names no hosts at all */
                if (!advisory) assert_non_null(strstr(m->attachment, own));
                struct eki_incident *back;
                struct eki_fault fault = {0};
                enum eki_error error = eki_exchange_read(m->attachment, m->attachment_length,
                                                         eki_exchange_find(formats[i]), &back, &fault);
                if (error) fail_msg("%s: %s: %s", formats[i], eki_error_text(error), fault.what);
                assert_true(back->host_count <= 2 && (advisory || back->host_count >= 1));
                eki_incident_free(back);
            }
            eki_notice_message_free(m);
        }
    end(&s);
}

#define MARK "\xef\xbf\xbd"

static void names_of_strangers(void **state)
{
    struct scene s = begin(state);
    struct eki_arena arena = {0};
    /* The directory refuses line breaks in names; rows of the store may hold them. */
    assert_string_equal(eki_notice_clean(&arena, "a\r\nBcc: b\x1b[2J\xff\xe2\x80\xae"),
                        "a" MARK MARK "Bcc: b" MARK "[2J" MARK MARK);
    assert_string_equal(eki_notice_clean(&arena, "\xe5\xb7\x9d \xc2\x85"), "\xe5\xb7\x9d " MARK);
    eki_arena_done(&arena);
    s.setup.language = "en";
    struct eki_notice_message *m;
    m = compose(&s, "yama", NULL, NULL);
    assert_null(strstr(m->text, "\xe2\x80\xae")); /* turns the writing */
    assert_non_null(
        strstr(m->text, "infected by a host that another department or organisation answers for"));
    assert_non_null(m->key);
    eki_notice_message_free(m);
    s.setup.pilot = "pilot@desk.example";
    m = compose(&s, "yama", NULL, NULL);
    assert_string_equal(m->to, "pilot@desk.example");
    assert_non_null(strstr(m->text, "PILOT: this message was not sent to its recipient, y@yama.example."));
    assert_null(m->key);
    eki_notice_message_free(m);
    end(&s);
}

static void labels(void **state)
{
    struct scene s = begin(state);
    struct eki_notice_message *m = compose(&s, "yama", "csv", "RED");
    assert_false(m->decision.allowed);
    assert_int_equal(m->decision.reason, EKI_TLP_NOT_RELEASED);
    assert_null(m->attachment);
    assert_non_null(strstr(m->subject, "[TLP:RED]"));
    eki_notice_message_free(m);
    s.setup.preview = true;
    m = compose(&s, "yama", "csv", "RED");
    assert_true(m->decision.allowed);
    eki_notice_message_free(m);
    s.setup.preview = false;
    m = compose(&s, "yama", "iodef", "AMBER+STRICT"); /* no word for it there: a table instead */
    assert_true(m->decision.allowed);
    assert_string_equal(m->attachment_name, "hosts.csv");
    assert_non_null(strstr(m->attachment, "TLP:AMBER+STRICT"));
    assert_non_null(strstr(m->subject, "[TLP:AMBER+STRICT]"));
    eki_notice_message_free(m);
    end(&s);
}

#define WORDS                                                                                                \
    "@host {host}\n@packets p\n@parent p\n@stranger s\n@implant i\n@exploit e\n@session s\n@contact c\n"     \
    "@scan s\n@other o\n@more m\n"

static void mistakes_in_templates(void **state)
{
    static const struct {
        const char *text, *told;
    } bad[] = {
        {WORDS "Subject: {tpl}\n\nx\n", "t.txt line 12: nothing is known by the name {tpl}"},
        {WORDS "Subject: x\n\n{#link}\n{link}\n", "t.txt line 14: a section that is not closed"},
        {WORDS "Subject: x\n\na\n{#link} x\n", "t.txt line 15: a section has its own line"},
        {WORDS "Subject: x\n\n{#link}\n{#more}\n", "t.txt line 15: a section within another"},
        {WORDS "Subject: x\n\n{/link}\n", "t.txt line 14: closes what is not open"},
        {WORDS "Subject: x\n\n{link\n", "t.txt line 14: a brace that is not closed"},
        {WORDS "Subject: {#link}\n\nx\n", "t.txt line 12: a section has its own line"},
        {WORDS "hello\n", "t.txt line 12: expected"},
        {"@hots x\n", "t.txt line 1: there is no word @hots"},
        {"@host\n", "t.txt line 1: nothing after @host"},
        {WORDS, "no line \"Subject: ...\""},
        {"@host {host}\nSubject: x\n\nx\n", "t.txt: no word @packets"},
        {WORDS "Subject: \xff\n", "t.txt: is not UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eki_notice_template t;
        struct eki_fault fault = {0};
        assert_int_equal(eki_notice_template_read("t.txt", bad[i].text, strlen(bad[i].text), &t, &fault),
                         EKI_ERROR_CORRUPT);
        if (!strstr(fault.what, bad[i].told)) fail_msg("\"%s\" is not in \"%s\"", bad[i].told, fault.what);
    }
    struct eki_notice_template t;
    struct eki_fault fault = {0};
    assert_int_equal(eki_notice_template_read("t.txt", "", 0, &t, &fault), EKI_ERROR_EMPTY);
    struct eki_notice_templates *templates;
    assert_int_equal(eki_notice_templates_load("/nowhere", &templates, &fault), EKI_ERROR_OPEN);
}

static void own_templates(void **state)
{
    struct scene s = begin(state);
    struct eki_fault fault = {0};
    char path[100];
    snprintf(path, sizeof path, "%s/notice.en.txt", s.desk->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(
        WORDS
        "Subject: {count} of {team}\n\nA\n{^link}\nno link\n{/link}\n{#link}\nlink\n{/link}\n{pilot}\n{hosts}\n",
        file);
    fclose(file);
    eki_notice_templates_free(s.templates);
    assert_int_equal(eki_notice_templates_load(s.desk->folder, &s.templates, &fault), EKI_OK);
    s.setup.templates = s.templates;
    s.setup.sender.url = NULL;
    struct eki_notice_message *m = compose(&s, "yama", "text", NULL);
    assert_string_equal(m->text, "A\nno link\n198.51.100.9\n198.51.100.10\n");
    eki_notice_message_free(m);
    m = compose(&s, "kawa", "text", NULL); /* the other language as it was built in */
    assert_non_null(strstr(m->text, "御中"));
    eki_notice_message_free(m);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(said_to_its_owner),  DESK_TEST(nothing_of_others),
        DESK_TEST(names_of_strangers), DESK_TEST(labels),
        DESK_TEST(own_templates),      cmocka_unit_test(mistakes_in_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
