/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text and back, against the system's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "ekigaku/time.h"

enum { ROUNDS = 20000 };

static void known_times(void **state)
{
    (void)state;
    static const struct {
        eki_time time;
        const char *text, *exact;
    } known[] = {{0, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000000Z"},
                 {1, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000000001Z"},
                 {-1, "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999999Z"},
                 {-EKI_SECOND, "1969-12-31T23:59:59.000000Z", "1969-12-31T23:59:59.000000Z"},
                 {INT64_C(1494575041000123000), "2017-05-12T07:44:01.000123Z", "2017-05-12T07:44:01.000123Z"},
                 {INT64_C(951782400000000000), "2000-02-29T00:00:00.000000Z", "2000-02-29T00:00:00.000000Z"},
                 {INT64_C(4107542399000000000), "2100-02-28T23:59:59.000000Z", "2100-02-28T23:59:59.000000Z"},
                 {INT64_C(4107542400000000000), "2100-03-01T00:00:00.000000Z", "2100-03-01T00:00:00.000000Z"},
                 {INT64_MAX, "2262-04-11T23:47:16.854775Z", "2262-04-11T23:47:16.854775807Z"},
                 {EKI_TIME_NONE + 1, "1677-09-21T00:12:43.145224Z", "1677-09-21T00:12:43.145224193Z"},
                 {EKI_TIME_NONE, "-", "-"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[EKI_TIME_TEXT];
        assert_ptr_equal(eki_time_format(known[i].time, text), text);
        assert_string_equal(text, known[i].text);
        assert_ptr_equal(eki_time_format_exact(known[i].time, text), text);
        assert_string_equal(text, known[i].exact);
    }
}

static void system_calendar(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(1);
    for (int i = 0; i < ROUNDS; i++) {
        time_t seconds = (time_t)eki_random_below(&random, UINT64_C(18000000000)) - INT64_C(9000000000);
        struct tm parts;
        char expected[EKI_TIME_TEXT], text[EKI_TIME_TEXT];
        assert_non_null(gmtime_r(&seconds, &parts));
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000Z", &parts);
        assert_string_equal(eki_time_format(seconds * EKI_SECOND, text), expected);
    }
}

/* Every time between the years that are read comes back to the nanosecond. */
static void round_trip(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(2);
    const int64_t span = INT64_C(9000000000) * EKI_SECOND;
    for (int i = 0; i < ROUNDS; i++) {
        char text[EKI_TIME_TEXT];
        eki_time time = (eki_time)eki_random_below(&random, (uint64_t)span), back = 0;
        if (i & 1) time -= time % 1000;
        eki_time_format_exact(time, text);
        if (eki_time_parse(text, &back)) fail_msg("%s was not read", text);
        assert_int_equal(back, time);
        eki_time_format(time, text);
        assert_int_equal(eki_time_parse(text, &back), EKI_OK);
        assert_true(time - back >= 0 && time - back < 1000);
    }
}

static void fractions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        eki_time time;
    } known[] = {{"1970-01-01T00:00:01Z", EKI_SECOND},
                 {"1970-01-01T00:00:00.5Z", EKI_SECOND / 2},
                 {"1970-01-01T00:00:00.000000001Z", 1},
                 {"1970-01-01T00:00:00.123456789Z", 123456789},
                 {"1970-01-01T00:00:60Z", 60 * EKI_SECOND}}; /* a leap second is the next second */
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        eki_time time = -1;
        assert_int_equal(eki_time_parse(known[i].text, &time), EKI_OK);
        assert_int_equal(time, known[i].time);
    }
}

static void refused_texts(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "-",
                                        "2017",
                                        "2017-05-12",
                                        "2017-05-12T07:44:01",
                                        "2017-05-12T07:44:01+00:00",
                                        "2017-05-12 07:44:01Z",
                                        "2017-05-12T07:44:01.Z",
                                        "2017-05-12T07:44:01.1234567890Z",
                                        "2017-05-12T07:44:01Zx",
                                        "2017-13-12T07:44:01Z",
                                        "2017-00-12T07:44:01Z",
                                        "2017-05-32T07:44:01Z",
                                        "2017-05-00T07:44:01Z",
                                        "2017-02-29T07:44:01Z",
                                        "2100-02-29T00:00:00Z",
                                        "2017-04-31T07:44:01Z",
                                        "2017-05-12T24:44:01Z",
                                        "2017-05-12T07:60:01Z",
                                        "2017-05-12T07:44:61Z",
                                        "0001-05-12T07:44:01Z",
                                        "9999-05-12T07:44:01Z",
                                        "1969-12-31T23:59:59Z",
                                        "2262-01-01T00:00:00Z",
                                        "17-05-12T07:44:01Z"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        eki_time time = 77;
        if (eki_time_parse(wrong[i], &time) != EKI_ERROR_ARGUMENT) fail_msg("'%s' was read", wrong[i]);
        assert_int_equal(time, 77); /* untouched */
    }
}

static void seconds_since(void **state)
{
    (void)state;
    double difference = eki_time_since(3 * EKI_SECOND / 2, EKI_SECOND) - 0.5;
    assert_true(difference < 1e-12 && difference > -1e-12);
    assert_true(eki_time_since(0, EKI_SECOND) < 0); /* before the origin */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_times),   cmocka_unit_test(system_calendar),
                                       cmocka_unit_test(round_trip),    cmocka_unit_test(fractions),
                                       cmocka_unit_test(refused_texts), cmocka_unit_test(seconds_since)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
