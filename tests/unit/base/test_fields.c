/* SPDX-License-Identifier: Apache-2.0 */
/* The field picker against jansson, and against what must be refused. */
#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fields.h"
#include "base/random.h"

static const char *const names[] = {"a", "b", "id.orig_h", "flow.deep.x", "text", NULL};
enum { NAMES = 5 };

static struct eki_field text_field(const char *text)
{
    return (struct eki_field){text, (uint32_t)strlen(text), EKI_FIELD_TEXT, false};
}

/* The value of a joined name, as jansson sees it: the whole name first, then the way. */
static const json_t *value_of(const json_t *object, const char *name)
{
    const json_t *whole = json_object_get(object, name);
    const char *dot = strchr(name, '.');
    if (whole || !dot) return whole;
    char first[64];
    memcpy(first, name, (size_t)(dot - name));
    first[dot - name] = 0;
    const json_t *inner = json_object_get(object, first);
    return json_is_object(inner) ? value_of(inner, dot + 1) : NULL;
}

static void assert_same(const json_t *value, struct eki_field field)
{
    char text[256];
    if (json_is_string(value)) {
        assert_int_equal(field.kind, EKI_FIELD_TEXT);
        char expected[256];
        size_t length = strlen(json_string_value(value));
        assert_true(length < sizeof expected);
        for (size_t i = 0; i <= length; i++) { /* control characters become spaces */
            char c = json_string_value(value)[i];
            expected[i] = c && ((unsigned char)c < 0x20 || c == 0x7f) ? ' ' : c;
        }
        assert_string_equal(eki_field_text(field, text, sizeof text), expected);
    } else if (json_is_number(value)) {
        assert_int_equal(field.kind, EKI_FIELD_NUMBER);
        assert_true(strtod(field.at, NULL) == json_number_value(value));
    } else if (json_is_boolean(value)) {
        assert_int_equal(field.kind, json_is_true(value) ? EKI_FIELD_TRUE : EKI_FIELD_FALSE);
    } else {
        assert_int_equal(field.kind, EKI_FIELD_ABSENT);
    }
}

/* What jansson reads as an object, the picker reads too, with the same values. Returns whether it did. */
static bool compare(const char *line, size_t length)
{
    struct eki_field_names wanted = eki_field_names(names);
    struct eki_field fields[NAMES];
    struct eki_field_fault fault = {0};
    json_t *tree = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    bool picked = eki_fields_json(&wanted, line, length, fields, &fault);
    if (!picked) assert_true(fault.what && fault.offset <= length);
    if (json_is_object(tree)) {
        assert_true(picked);
        for (int i = 0; i < NAMES; i++) assert_same(value_of(tree, names[i]), fields[i]);
    }
    json_decref(tree);
    return picked;
}

static void like_jansson(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{}",
        "{ }",
        "{\"a\":1}",
        " { \"a\" : -1.5e3 , \"b\" : true } \r",
        "{\"id.orig_h\":\"10.0.0.1\"}",
        "{\"id\":{\"orig_h\":\"10.0.0.1\",\"x\":{}},\"a\":null}",
        "{\"flow\":{\"deep\":{\"x\":7},\"y\":[1,{\"a\":2},\"]\"]},\"b\":false}",
        "{\"text\":\"a \\\"quoted\\\" \\\\ back\\u0041\\u3042slash\",\"a\":0}",
        "{\"x\":[[[]],{}],\"a\":3}",
        "{\"a\":\"\"}",
        "{\"x\":{\"a\":9,\"b\":{}},\"a\":4}"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_true(compare(lines[i], strlen(lines[i])));
}

static void refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"",
                                        "x",
                                        "[]",
                                        "{",
                                        "{\"a\"",
                                        "{\"a\":",
                                        "{\"a\":1",
                                        "{\"a\":1,",
                                        "{\"a\" 1}",
                                        "{a:1}",
                                        "{\"a\":1}}",
                                        "{\"a\":1}x",
                                        "{\"a\":tru}",
                                        "{\"a\":\"\n\"}",
                                        "{\"a\":\"",
                                        "{\"a\":\"\\",
                                        "{\"a\":[1,2}",
                                        "{\"a\":{\"b\":1}"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        /* Which bracket closes an array is not looked at. */
        if (strstr(lines[i], "[1,2}")) continue;
        assert_false(compare(lines[i], strlen(lines[i])));
    }
}

/* A valid line with bytes changed, cut out and doubled: never a crash, never another value than jansson's. */
static void mutated(void **state)
{
    (void)state;
    static const char line[] =
        "{\"a\":12,\"id\":{\"orig_h\":\"10.0.0.1\",\"n\":[1,\"]\"]},\"text\":\"x\\ty\",\"b\":true,\"flow\":{\"deep\":{\"x\":-3}}}";
    static const char bytes[] = "{}[]\",:\\0123456789tfnea. \x01\xff";
    struct eki_random random = eki_random_from(7);
    unsigned picked = 0;
    for (int round = 0; round < 200000; round++) {
        char changed[sizeof line];
        size_t length = sizeof line - 1;
        memcpy(changed, line, sizeof line);
        for (uint64_t n = eki_random_next(&random) % 3; n > 0; n--)
            changed[eki_random_next(&random) % length] = bytes[eki_random_next(&random) % (sizeof bytes - 1)];
        if (eki_random_next(&random) % 4 == 0) length = eki_random_next(&random) % length;
        /* Invalid UTF-8 and \u0000 are jansson's own matters. */
        picked += compare(changed, length);
    }
    assert_true(picked > 50000);
}

static void values(void **state)
{
    (void)state;
    struct eki_field_reader r = {0};
    assert_int_equal(eki_field_unsigned(&r, text_field("42"), 100), 42);
    assert_true(eki_field_seconds(&r, text_field("1517422326.539915")) == 1517422326539915000);
    assert_true(eki_field_seconds(&r, text_field("1.5e-05")) == 15000);
    assert_true(eki_field_seconds(&r, text_field("-0.5")) == -500000000);
    eki_time time = eki_field_date(&r, text_field("2017-05-12T07:44:01.5Z"));
    assert_true(time == INT64_C(1494575041500000000));
    assert_true(eki_field_date(&r, text_field("2017-05-12T16:44:01.5+0900")) == time);
    assert_true(eki_field_date(&r, text_field("2017/05/12 07:44:01.500000")) == time);
    assert_true(eki_address_equal(eki_field_address(&r, text_field("10.0.0.1")), eki_address_v4(0x0a000001)));
    assert_true(eki_field_address(&r, text_field("fe80::1%eth0")).hi == UINT64_C(0xfe80) << 48);
    assert_null(r.wrong);
    static const char *const bad[] = {"",       "x",          "4294967296",           "1e",
                                      "10.0.0", "10.0.0.256", "2017-13-01T00:00:00Z", "-"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eki_field field = text_field(bad[i]);
        struct eki_field_reader number = {0}, address = {0}, date = {0};
        eki_field_unsigned(&number, field, UINT32_MAX);
        eki_field_address(&address, field);
        eki_field_date(&date, field);
        assert_true(number.wrong || i == 4 || i == 5); /* 10.0 is a number; with more behind it is none */
        assert_non_null(address.wrong);
        assert_non_null(date.wrong);
    }
}

static void split(void **state)
{
    (void)state;
    struct eki_field f[4];
    for (size_t pad = 0; pad < 20; pad++) { /* every position of the separators in a word */
        char line[64];
        int length = snprintf(line, sizeof line, "%.*s\tb\t\tlast", (int)pad, "aaaaaaaaaaaaaaaaaaaa");
        assert_int_equal(eki_fields_split(line, (size_t)length, '\t', f, 4), 4);
        assert_int_equal(f[0].length, pad);
        assert_true(eki_field_is(f[1], "b") && f[2].length == 0 && eki_field_is(f[3], "last"));
    }
    assert_int_equal(eki_fields_split("a\tb\tc", 5, '\t', f, 2), 3);
    char text[16];
    const char *csv = "one,\"a,b\",\"say \"\"x\"\"\",";
    assert_int_equal(eki_fields_csv(csv, strlen(csv), ',', f, 4), 4);
    assert_true(eki_field_is(f[0], "one") && eki_field_is(f[1], "a,b") && f[3].length == 0);
    assert_string_equal(eki_field_text(f[2], text, sizeof text), "say \"x\"");
}

/* Texts that end, and escapes that stand, at each place of the windows of 64 bytes in which a line is looked
 * over. */
static void windows(void **state)
{
    (void)state;
    char line[512], long_text[200];
    memset(long_text, 'x', sizeof long_text);
    for (int before = 0; before < 70; before++) {
        for (int after = 0; after < 70; after++) {
            snprintf(line, sizeof line, "{\"%.*s\":1,\"text\":\"%.*s\\\"%.*s\\\\\",\"b\":%d,\"a\":\"%.*s\"}",
                     before, long_text, after, long_text, before, long_text, after, after, long_text);
            assert_true(compare(line, strlen(line)));
        }
    }
}

/* All ways of writing the way to a name lead there, and no other does. */
static void ways(void **state)
{
    (void)state;
    static const char *const good[] = {"{\"flow.deep.x\":7}", "{\"flow\":{\"deep.x\":7}}",
                                       "{\"flow.deep\":{\"x\":7}}", "{\"flow\":{\"deep\":{\"x\":7}}}",
                                       "{\"flow\":{\"deep\":{\"y\":{\"x\":1},\"x\":7},\"x\":1},\"x\":1}"};
    static const char *const other[] = {"{\"x\":7}",
                                        "{\"deep\":{\"x\":7}}",
                                        "{\"flow\":{\"x\":7}}",
                                        "{\"q\":{\"flow\":{\"deep\":{\"x\":7}}}}",
                                        "{\"flow\":{\"deep\":7}}",
                                        "{\"flow\":{\"flow\":{\"deep\":{\"x\":7}}}}",
                                        "{\"flow.deep\":7}"};
    struct eki_field_names wanted = eki_field_names(names);
    struct eki_field fields[NAMES];
    struct eki_field_fault fault;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(eki_fields_json(&wanted, good[i], strlen(good[i]), fields, &fault));
        assert_int_equal(fields[3].kind, EKI_FIELD_NUMBER);
        assert_int_equal(*fields[3].at, '7');
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_true(eki_fields_json(&wanted, other[i], strlen(other[i]), fields, &fault));
        assert_int_equal(fields[3].kind, EKI_FIELD_ABSENT);
    }
    assert_int_equal(eki_field_position(&wanted, "flow.deep.x", 11), 3);
    assert_int_equal(eki_field_position(&wanted, "flow.deep", 9), -1);
    assert_int_equal(eki_field_position(&wanted, "", 0), -1);
}

/* Whether a text is "YYYY-MM-DDTHH:MM:SS" or what loggers make of it, and when, a character at a time; times
 * are by timegm. */
static eki_time date_slowly(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    int value[6] = {0}, part = 0;
    for (size_t i = 0; i + 1 < sizeof form; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' && !digit) return EKI_TIME_NONE;
        if (form[i] == 'd') value[part] = value[part] * 10 + text[i] - '0';
        if (form[i] == 'd') continue;
        const char *allowed = form[i] == '-' ? "-/" : form[i] == ':' ? ":" : "T t";
        if (!text[i] || !strchr(allowed, text[i])) return EKI_TIME_NONE;
        part++;
    }
    bool fits = value[0] >= 1970 && value[0] <= EKI_LAST_YEAR && value[1] >= 1 && value[1] <= 12 &&
                value[2] >= 1 && value[2] <= 31 && value[3] < 24 && value[4] < 60 && value[5] <= 60;
    struct tm moment = {.tm_year = value[0] - 1900,
                        .tm_mon = value[1] - 1,
                        .tm_mday = value[2],
                        .tm_hour = value[3],
                        .tm_min = value[4],
                        .tm_sec = value[5]};
    return fits ? (eki_time)timegm(&moment) * EKI_SECOND : EKI_TIME_NONE;
}

/* Every byte at every place, and times at random. */
static void dates(void **state)
{
    struct eki_random random = eki_random_from(7);
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        char text[40];
        struct eki_field_reader r = {0};
        const uint64_t below[] = {280, 14, 33, 26, 62, 63};
        unsigned v[6];
        for (unsigned k = 0; k < 6; k++) v[k] = (unsigned)eki_random_below(&random, below[k]);
        snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u", 1968 + v[0], v[1], v[2], v[3], v[4],
                 v[5]);
        if (i < 19 * 256) text[i / 256] = (char)(i % 256);
        eki_time wanted = date_slowly(text);
        if (wanted > EKI_TIME_LATEST) wanted = EKI_TIME_LATEST;
        eki_time got = eki_field_date(&r, (struct eki_field){text, 19, EKI_FIELD_TEXT, false});
        assert_true(got == wanted);
        assert_true((r.wrong != NULL) == (wanted == EKI_TIME_NONE));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(like_jansson), cmocka_unit_test(refused),
                                       cmocka_unit_test(mutated),      cmocka_unit_test(values),
                                       cmocka_unit_test(split),        cmocka_unit_test(windows),
                                       cmocka_unit_test(ways),         cmocka_unit_test(dates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
