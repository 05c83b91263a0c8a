/* SPDX-License-Identifier: Apache-2.0 */
/* Pasted indicators: each form is told, defanged or not, once, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/indicator_list.h"

/* Words that stand directly beside Japanese punctuation, and such as only look like it. */
static void japanese(void **state)
{
    static const char text[] =
        "通信先は「192[.]0[.]2[.]7」、（hxxp://bad[.]example/a）。送信元：198.51.100.9　evil[.]example，AS64500";
    static const char *const values[] = {"192.0.2.7", "http://bad.example/a", "198.51.100.9", "evil.example",
                                         "AS64500"};
    struct eki_indicator_list *list;
    struct eki_fault fault;
    (void)state;
    assert_int_equal(eki_indicator_list_read(text, sizeof text - 1, &list, &fault), EKI_OK);
    assert_int_equal(list->count, 5);
    for (size_t i = 0; i < 5; i++) assert_string_equal(list->entries[i].value, values[i]);
    eki_indicator_list_free(list);
    static const char sentence[] =
        "感染した端末は198.51.100.77、接続先は2001:db8::99でした。サイトはbad.example.comです。「evil.example.org」へ接続。"
        "http://foo.example.net/x?y=1にアクセス。ハッシュ:44d88612fea8a8f36de82e1278abb02f。host:bad2.example.com. "
        "mail.txtを添付。\xe2\x80\x9cquoted.example.org\xe2\x80\x9d IP=203.0.113.9 b\xc3\xbc"
        "cher.example";
    static const char *const within[] = {"198.51.100.77",
                                         "2001:db8::99",
                                         "bad.example.com",
                                         "evil.example.org",
                                         "http://foo.example.net/x?y=1",
                                         "44d88612fea8a8f36de82e1278abb02f",
                                         "bad2.example.com",
                                         "mail.txt",
                                         "quoted.example.org",
                                         "203.0.113.9"};
    assert_int_equal(eki_indicator_list_read(sentence, sizeof sentence - 1, &list, &fault), EKI_OK);
    assert_int_equal(list->count, 10); /* a name in Latin letters beyond ASCII is not cut */
    for (size_t i = 0; i < 10; i++) assert_string_equal(list->entries[i].value, within[i]);
    assert_int_equal(list->entries[7].kind, EKI_INDICATOR_FILE);
    eki_indicator_list_free(list);
    assert_int_equal(eki_indicator_list_read("a\xe3\x80", 3, &list, &fault),
                     EKI_OK); /* cut within a character */
    assert_int_equal(list->count, 0);
    eki_indicator_list_free(list);
}

static void forms(void **state)
{
    static const struct {
        const char *word;
        enum eki_indicator_kind kind;
        const char *value;
    } told[] = {
        {"192.0.2[.]1", EKI_INDICATOR_ADDRESS, "192.0.2.1"},
        {"(192[.]0[.]2[.]1).", EKI_INDICATOR_ADDRESS, "192.0.2.1"},
        {"192.0.2.1:8080", EKI_INDICATOR_ADDRESS, "192.0.2.1"},
        {"2001:DB8:0::1", EKI_INDICATOR_ADDRESS, "2001:db8::1"},
        {"(2001:db8::):", EKI_INDICATOR_ADDRESS, "2001:db8::"},
        {"198.51.100.0/24", EKI_INDICATOR_NETWORK, "198.51.100.0/24"},
        {"as064500", EKI_INDICATOR_AS, "AS64500"},
        {"hxxps://Bad[.]Example/Path", EKI_INDICATOR_URL, "https://bad.example/Path"},
        {"hXXp[://]bad(dot)example/a", EKI_INDICATOR_URL, "http://bad.example/a"},
        {"Bad[DOT]Example,", EKI_INDICATOR_DOMAIN, "bad.example"},
        {"xn--bcher-kva.example", EKI_INDICATOR_DOMAIN, "xn--bcher-kva.example"},
        {"Who(at)Bad[.]Example", EKI_INDICATOR_MAIL, "Who@bad.example"},
        {"D41D8CD98F00B204E9800998ECF8427E", EKI_INDICATOR_MD5, "d41d8cd98f00b204e9800998ecf8427e"},
        {"da39a3ee5e6b4b0d3255bfef95601890afd80709", EKI_INDICATOR_SHA1,
         "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"setup.EXE", EKI_INDICATOR_FILE, "setup.EXE"},
    };
    static const char *const none[] = {"",
                                       ".",
                                       "word",
                                       "e.g.",
                                       "300.0.2.1",
                                       "1.2.3",
                                       "a..b",
                                       "-a.example",
                                       "AS0",
                                       "AS4294967296",
                                       "javascript://x",
                                       "http://",
                                       "@bad.example",
                                       "http://a.example/[[.].]",
                                       "a@b@c.example",
                                       "\xff.example"};
    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        char value[EKI_INDICATOR_VALUE] = "";
        enum eki_indicator_kind kind = EKI_INDICATOR_KIND_COUNT;
        assert_int_equal(eki_indicator_read(told[i].word, strlen(told[i].word), &kind, value), EKI_OK);
        assert_string_equal(value, told[i].value);
        assert_int_equal(kind, told[i].kind);
        assert_int_equal(eki_indicator_read(value, strlen(value), &kind, value), EKI_OK); /* settled */
        assert_string_equal(value, told[i].value);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char value[EKI_INDICATOR_VALUE] = "untouched";
        enum eki_indicator_kind kind = EKI_INDICATOR_KIND_COUNT;
        assert_int_equal(eki_indicator_read(none[i], strlen(none[i]), &kind, value), EKI_ERROR_MISSING);
        assert_string_equal(value, "untouched");
    }
}

static void once(void **state)
{
    static const char text[] =
        "Seen: bad[.]example, 192.0.2.1;\r\nBAD.example <hxxp://bad.example/> 192.0.2[.]1\n";
    struct eki_indicator_list *list = NULL;
    (void)state;
    assert_int_equal(eki_indicator_list_read(text, sizeof text - 1, &list, NULL), EKI_OK);
    assert_int_equal(list->count, 3);
    assert_string_equal(list->entries[0].value, "bad.example");
    assert_int_equal(list->entries[0].times, 2);
    assert_int_equal(list->entries[0].position, 6);
    assert_string_equal(list->entries[1].value, "192.0.2.1");
    assert_int_equal(list->entries[1].times, 2);
    assert_string_equal(list->entries[2].value, "http://bad.example/");
    assert_int_equal(list->passed, 1);
    eki_indicator_list_free(list);
    assert_int_equal(eki_indicator_list_read(NULL, 0, &list, NULL), EKI_OK);
    assert_int_equal(list->count, 0);
    eki_indicator_list_free(list);
    eki_indicator_list_free(NULL);
}

static void limits(void **state)
{
    size_t length = (size_t)(EKI_INDICATOR_LIST_MOST + 1) * 6;
    char *text = malloc(length + 1);
    struct eki_indicator_list *list = NULL;
    struct eki_fault fault = {0};
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i * 6 < length; i++) memcpy(text + i * 6, "a.org ", 6);
    assert_int_equal(eki_indicator_list_read(text, length - 6, &list, &fault), EKI_OK);
    assert_int_equal(list->count, 1);
    assert_int_equal(list->entries[0].times, EKI_INDICATOR_LIST_MOST);
    eki_indicator_list_free(list);
    list = NULL;
    assert_int_equal(eki_indicator_list_read(text, length, &list, &fault), EKI_ERROR_LIMIT);
    assert_int_equal(fault.offset, length - 6);
    assert_null(list);
    memset(text, 'a', EKI_INDICATOR_VALUE); /* a word without end is no indicator */
    assert_int_equal(eki_indicator_list_read(text, EKI_INDICATOR_VALUE, &list, &fault), EKI_OK);
    assert_int_equal(list->count, 0);
    assert_int_equal(list->passed, 1);
    eki_indicator_list_free(list);
    free(text);
}

static void fits(void **state)
{
    (void)state;
    static const struct {
        enum eki_indicator_kind kind;
        const char *value;
        bool fits;
    } rows[] = {
        {EKI_INDICATOR_ADDRESS, "192.0.2.7", true},
        {EKI_INDICATOR_ADDRESS, "evil.example", false},
        {EKI_INDICATOR_ADDRESS, "192[.]0.2.7", false}, /* not as it is kept */
        {EKI_INDICATOR_DOMAIN, "evil.example", true},
        {EKI_INDICATOR_DOMAIN, "192.0.2.7", false},
        {EKI_INDICATOR_NETWORK, "192.0.2.0/24", true},
        {EKI_INDICATOR_NETWORK, "192.0.2.7", false},
        {EKI_INDICATOR_MD5, "d41d8cd98f00b204e9800998ecf8427e", true},
        {EKI_INDICATOR_SHA1, "d41d8cd98f00b204e9800998ecf8427e", false},
        {EKI_INDICATOR_FILE, "mssecsvc.exe", true},
        {EKI_INDICATOR_FILE, "command.com", true}, /* a domain by its form, and a file */
        {EKI_INDICATOR_FILE, "192.0.2.7", false},
        {EKI_INDICATOR_FILE, "https://evil.example/x.exe", false},
        {EKI_INDICATOR_REGISTRY, "HKLM\\Software\\Run", true},
        {EKI_INDICATOR_REGISTRY, "evil.example", false},
        {EKI_INDICATOR_MUTEX, "192.0.2.7", true},
        {EKI_INDICATOR_PATTERN, "a@evil.example", false},
        {EKI_INDICATOR_PATTERN, "[file:name = 'x']", true},
        {EKI_INDICATOR_MUTEX, "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (eki_indicator_fits(rows[i].kind, rows[i].value) != rows[i].fits) fail_msg("%s", rows[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(japanese), cmocka_unit_test(forms),
                                       cmocka_unit_test(once), cmocka_unit_test(limits),
                                       cmocka_unit_test(fits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
