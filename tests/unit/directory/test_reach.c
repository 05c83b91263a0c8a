/* SPDX-License-Identifier: Apache-2.0 */
/* Holidays, hours, health and the due list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "random_directory.h"

/* Lists published by the Cabinet Office of Japan for these years. */
static const struct {
    int year;
    const char *days;
} published[] = {
    {2005, "01-01 01-10 02-11 03-20 03-21 04-29 05-03 05-04 05-05 07-18 09-19 09-23 10-10 11-03 11-23 12-23"},
    {2009,
     "01-01 01-12 02-11 03-20 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23"},
    {2015,
     "01-01 01-12 02-11 03-21 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23"},
    {2017,
     "01-01 01-02 01-09 02-11 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23 12-23"},
    {2019,
     "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 "
     "10-22 11-03 11-04 11-23"},
    {2020,
     "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23"},
    {2021,
     "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23"},
    {2024,
     "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 "
     "11-03 11-04 11-23"},
    {2026,
     "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"},
};

static void holidays(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        char found[512] = "";
        size_t used = 0;
        for (unsigned month = 1; month <= 12; month++)
            for (unsigned day = 1; day <= eki_days_in_month(published[i].year, month); day++) {
                struct eki_holiday h;
                struct eki_date date = {(int16_t)published[i].year, (uint8_t)month, (uint8_t)day};
                if (!eki_holiday_japan(date, &h)) continue;
                assert_non_null(h.name);
                assert_non_null(h.name_ja);
                used += (size_t)snprintf(found + used, sizeof found - used, "%s%02u-%02u", used ? " " : "",
                                         month, day);
            }
        assert_string_equal(found, published[i].days);
    }
}

static eki_time at(const char *text)
{
    eki_time time;
    if (eki_time_parse(text, &time)) fail_msg("%s", text);
    return time;
}

static void expect_business(const struct eki_team *team, const char *when, enum eki_opening state,
                            const char *next)
{
    struct eki_business b = eki_team_business(team, at(when));
    assert_int_equal(b.state, state);
    if (next)
        assert_true(b.next == at(next));
    else
        assert_true(b.next == EKI_TIME_NONE);
}

static void business(void **state)
{
    (void)state;
    struct eki_team team = {.time_zone = "Asia/Tokyo", .hours = "mon-fri 09:00-17:30", .holidays = "jp"};
    expect_business(&team, "2026-04-28T00:00:00Z", EKI_OPENING_OPEN,
                    "2026-04-28T08:30:00Z"); /* 09:00 in Tokyo */
    expect_business(&team, "2026-04-27T23:59:59Z", EKI_OPENING_CLOSED, "2026-04-28T00:00:00Z");
    expect_business(&team, "2026-04-28T08:30:00Z", EKI_OPENING_CLOSED,
                    "2026-04-30T00:00:00Z"); /* the 29th is one */
    expect_business(&team, "2026-05-01T12:00:00Z", EKI_OPENING_CLOSED,
                    "2026-05-07T00:00:00Z"); /* golden week */
    team.holidays = NULL;
    expect_business(&team, "2026-05-01T12:00:00Z", EKI_OPENING_CLOSED, "2026-05-04T00:00:00Z");
    team.hours = "24/7";
    expect_business(&team, "2026-05-01T12:00:00Z", EKI_OPENING_OPEN, NULL);
    team.hours = "sun 00:00-24:00";
    team.time_zone = "-05:00";
    expect_business(&team, "2026-05-03T05:00:00Z", EKI_OPENING_OPEN, "2026-05-04T05:00:00Z");
    expect_business(&team, "2026-05-03T04:59:00Z", EKI_OPENING_CLOSED, "2026-05-03T05:00:00Z");
    team.time_zone = "Europe/Berlin"; /* has summer time: not known */
    expect_business(&team, "2026-05-03T04:59:00Z", EKI_OPENING_UNKNOWN, NULL);
}

static void forms(void **state)
{
    (void)state;
    struct eki_hours h;
    int32_t minutes;
    static const char *const bad[] = {"",
                                      "mon",
                                      "mon 9:00-17:00",
                                      "mon 09:00-08:00",
                                      "mon 09:00-25:00",
                                      "fri-mon 09:00-10:00",
                                      "mon 09:00-17:00,tue 09:00-17:00",
                                      "mon 09:00-17:0",
                                      "mon 09:0",
                                      "xxx 09:00-17:00",
                                      "mon-"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(eki_hours_parse(bad[i], &h), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_zone_parse("+09:00", &minutes), EKI_OK);
    assert_int_equal(minutes, 540);
    assert_int_equal(eki_zone_parse("-03:30", &minutes), EKI_OK);
    assert_int_equal(minutes, -210);
    assert_int_equal(eki_zone_parse("Europe/Berlin", &minutes), EKI_ERROR_UNSUPPORTED);
    assert_int_equal(eki_zone_parse("+15:00", &minutes), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_zone_parse("../etc", &minutes), EKI_ERROR_ARGUMENT);
}

#define CONTACT(id, more)                                                                                    \
    "{\"kind\":\"contact\",\"id\":\"" id                                                                     \
    "\",\"team\":\"a\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"x\"" more "}\n"
#define CHECK(id, sent, more) "{\"kind\":\"check\",\"contact\":\"" id "\",\"sent\":\"" sent "\"," more "}\n"

static const char reached[] =
    "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\"}\n" CONTACT(
        "fresh", ",\"verified\":\"2026-08-01\"") CONTACT("old", ",\"verified\":\"2024-01-01\"")
        CONTACT("new", "") CONTACT("off", ",\"verified\":\"2026-08-01\",\"disabled\":true") CONTACT(
            "bounced", ",\"verified\":\"2026-01-01\",\"bounces\":2,\"bounced\":\"2026-02-01\"")
            CONTACT("back", ",\"verified\":\"2026-03-01\",\"bounces\":2,\"bounced\":\"2026-02-01\"") CONTACT(
                "silent", "") CONTACT("checked", "") CHECK("silent", "2026-05-01", "\"outcome\":\"silent\"")
                CHECK("silent", "2026-06-01", "\"outcome\":\"wrong-person\",\"answered\":\"2026-06-02\"")
                    CHECK("silent", "2026-07-01", "\"outcome\":\"silent\"") CHECK("checked", "2026-05-01",
                                                                                  "\"outcome\":\"silent\"")
                        CHECK("checked", "2026-06-01", "\"outcome\":\"silent\"")
                            CHECK("checked", "2026-07-01T00:00:00Z",
                                  "\"outcome\":\"answered\",\"answered\":\"2026-07-01T02:00:00Z\",\"hops\":3")
                                CHECK("checked", "2026-09-20", "\"outcome\":\"waiting\"");

static void health(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        enum eki_health health;
    } expected[] = {{"fresh", EKI_HEALTH_ALIVE}, {"old", EKI_HEALTH_STALE},    {"new", EKI_HEALTH_UNKNOWN},
                    {"off", EKI_HEALTH_DEAD},    {"bounced", EKI_HEALTH_DEAD}, {"back", EKI_HEALTH_ALIVE},
                    {"silent", EKI_HEALTH_DEAD}, {"checked", EKI_HEALTH_ALIVE}};
    struct eki_directory *d;
    struct eki_fault fault = {0};
    size_t count;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    if (eki_directory_read_memory(d, reached, strlen(reached), &fault)) fail_msg("%s", fault.what);
    assert_int_equal(eki_directory_settle(d, at("2026-09-21T00:00:00Z"), &fault), EKI_OK);
    const struct eki_contact_point *contacts = eki_directory_contacts(d, &count);
    assert_int_equal(count, 8);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(contacts[i].id, expected[i].id);
        if (eki_directory_contact_state(d, i)->health != expected[i].health)
            fail_msg("%s is %s", contacts[i].id, eki_health_name(eki_directory_contact_state(d, i)->health));
    }
    const struct eki_contact_state *checked = eki_directory_contact_state(d, 7);
    assert_int_equal(checked->checks, 4);
    assert_int_equal(checked->answers, 1);
    assert_true(checked->waiting);
    assert_true(fabs(checked->answer_s - 7200) < 1e-6);
    assert_true(fabs(checked->hops - 3) < 1e-9);
    eki_directory_free(d);
}

static void due(void **state)
{
    (void)state;
    struct eki_directory *d;
    struct eki_heartbeat every = {.interval_days = 90, .retry_days = 7};
    struct eki_due *list;
    size_t count, contacts;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    assert_int_equal(eki_directory_read_memory(d, reached, strlen(reached), NULL), EKI_OK);
    assert_int_equal(eki_heartbeat_due(d, &every, &list, &count), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_directory_settle(d, at("2026-09-21T00:00:00Z"), NULL), EKI_OK);
    assert_int_equal(eki_heartbeat_due(d, &every, &list, &count), EKI_OK);
    static const char *const order[] = {"new", "old", "bounced", "back", "silent"};
    const struct eki_contact_point *c = eki_directory_contacts(d, &contacts);
    assert_int_equal(count, 5); /* not: fresh, off, and the one that waits for an answer */
    for (size_t i = 0; i < count; i++) assert_string_equal(c[list[i].contact].id, order[i]);
    assert_true(list[4].retry);
    assert_true(list[4].due == at("2026-07-08T00:00:00Z"));
    eki_heartbeat_free(list);
    eki_directory_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(holidays), cmocka_unit_test(business),
                                       cmocka_unit_test(forms), cmocka_unit_test(health),
                                       cmocka_unit_test(due)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
