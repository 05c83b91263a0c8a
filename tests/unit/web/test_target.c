/* SPDX-License-Identifier: Apache-2.0 */
/* Targets as browsers and as strangers write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "web/target.h"
#include "web/utf8.h"

static enum eki_error parse(const char *uri, struct eki_target *target)
{
    const char *why = NULL;
    enum eki_error error = eki_target_parse(uri, strlen(uri), target, &why);
    assert_true(!error == !why);
    return error;
}

static void parts_are_decoded_once(void **state)
{
    (void)state;
    struct eki_target t;
    assert_int_equal(parse("/api/v1/jobs/7?q=a+b%26c&limit=20&%E7%96%AB=%E5%AD%A6", &t), EKI_OK);
    assert_int_equal(t.segment_count, 4);
    assert_string_equal(t.segments[3], "7");
    assert_string_equal(eki_target_parameter(&t, "q"), "a b&c");
    assert_string_equal(eki_target_parameter(&t, "limit"), "20");
    assert_string_equal(eki_target_parameter(&t, "疫"), "学");
    assert_null(eki_target_parameter(&t, "lim"));
    assert_int_equal(parse("/%2541", &t), EKI_OK);
    assert_string_equal(t.segments[0], "%41");
    assert_int_equal(parse("/a+b/", &t), EKI_OK);
    assert_string_equal(t.segments[0], "a+b");
    assert_int_equal(t.segment_count, 1);
    assert_int_equal(parse("/", &t), EKI_OK);
    assert_int_equal(t.segment_count, 0);
    assert_int_equal(parse("/?a&b=", &t), EKI_OK);
    assert_string_equal(eki_target_parameter(&t, "a"), "");
}

static void tricks_are_refused(void **state)
{
    static const char *const tricks[] = {
        "",           "api",       "http://a/b", "/..",     "/a/../b",      "/%2e%2e/b", "/a/%2E/b",
        "/a//b",      "/a%2fb",    "/a%5cb",     "/a\\b",   "/a%00",        "/%",        "/%1",
        "/%zz",       "/a%0d%0ab", "/a\x7f",     "/%c0%af", "/%ed%a0%80",   "/%ff",      "/a?x=%00",
        "/a?x=1&x=2", "/a?%zz",    "/a?x=%c0",   "/a\tb",   "/%f5%80%80%80"};
    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        struct eki_target t;
        if (parse(tricks[i], &t) != EKI_ERROR_CORRUPT) fail_msg("%s was taken", tricks[i]);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct eki_target t;
    char long_one[EKI_TARGET_BYTES + 2];
    memset(long_one, 'a', sizeof long_one);
    long_one[0] = '/';
    long_one[sizeof long_one - 1] = 0;
    assert_int_equal(parse(long_one, &t), EKI_ERROR_LIMIT);
    long_one[EKI_TARGET_BYTES - 2] = 0;
    assert_int_equal(parse(long_one, &t), EKI_OK);
    assert_int_equal(strlen(t.segments[0]), EKI_TARGET_BYTES - 3);
    assert_int_equal(parse("/1/2/3/4/5/6/7/8/9/10/11/12", &t), EKI_OK);
    assert_int_equal(parse("/1/2/3/4/5/6/7/8/9/10/11/12/13", &t), EKI_ERROR_LIMIT);
    assert_int_equal(parse("/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x", &t), EKI_OK);
    assert_int_equal(parse("/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y", &t), EKI_ERROR_LIMIT);
}

static void utf8_is_told_from_what_is_none(void **state)
{
    static const char *const good[] = {"", "a", "é", "疫学", "\xf0\x9f\x90\x9b", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",     "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xe3\x81", "\xc3("};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(eki_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(eki_utf8_valid(bad[i], strlen(bad[i])));
    assert_int_equal(eki_utf8_count("a疫\xf0\x9f\x90\x9b"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_decoded_once),
        cmocka_unit_test(tricks_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(utf8_is_told_from_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
