/* SPDX-License-Identifier: Apache-2.0 */
/* The sample against what was published, the projection against chance, and what verify finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/members.h"
#include "random_directory.h"

static eki_time day(int year, int month, int number)
{
    return eki_date_time((struct eki_date){(int16_t)year, (uint8_t)month, (uint8_t)number});
}

static struct eki_directory *sample_at(eki_time now)
{
    struct eki_directory *d;
    struct eki_fault fault = {0};
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    assert_int_equal(eki_directory_sample(d), EKI_OK);
    if (eki_directory_settle(d, now, &fault)) fail_msg("%s", fault.what);
    return d;
}

static struct eki_members *count(const struct eki_directory *d)
{
    struct eki_members *m;
    assert_int_equal(eki_members_count(d, &m), EKI_OK);
    return m;
}

static uint32_t total_at(const struct eki_members *m, int year, int month)
{
    for (size_t i = 0; i < m->month_count; i++)
        if (m->months[i].year == year && m->months[i].month == month) return m->months[i].total;
    return 0;
}

/* 6 founders; more than 50 in 2014; 236 in July 2017; 262 at the end of October 2017. */
static void published(void **state)
{
    (void)state;
    struct eki_directory *d = sample_at(day(2017, 10, 31));
    struct eki_members *m = count(d);
    assert_int_equal(m->members, 262);
    assert_int_equal(total_at(m, 2007, 3), 6);
    assert_true(total_at(m, 2013, 12) < 50 && total_at(m, 2014, 12) > 50);
    assert_int_equal(total_at(m, 2017, 7), 236);
    uint32_t sum = 0;
    for (size_t i = 0; i < m->sector_count; i++) sum += m->sectors[i].teams;
    assert_int_equal(sum, 262);
    assert_int_equal(m->tiers[1] + m->tiers[2] + m->tiers[3], 262);
    assert_int_equal(m->year_count, 262);
    for (size_t i = 0; i < m->year_count; i++) assert_true(m->years[i].founded <= m->years[i].joined);
    /* What really came: 408 at the end of 2019. */
    const struct eki_projected *p = &m->projected[25];
    assert_true(p->year == 2019 && p->month == 12);
    assert_true(p->low <= 408 && 408 <= p->high);
    eki_members_free(m);
    eki_directory_free(d);
}

/* Nobody's networks: documentation prefixes, AS numbers and domains, and the private ones of the sample
 * outbreak. */
static void invented(void **state)
{
    (void)state;
    struct eki_directory *d = sample_at(day(2017, 10, 31));
    size_t networks, teams;
    const struct eki_network *n = eki_directory_networks(d, &networks);
    const struct eki_team *t = eki_directory_teams(d, &teams);
    static const struct eki_prefix allowed[] = {
        {{0, EKI_V4_MAPPED | 0xc0000200u}, 120}, {{0, EKI_V4_MAPPED | 0xc6336400u}, 120},
        {{0, EKI_V4_MAPPED | 0xcb007100u}, 120}, {{0, EKI_V4_MAPPED | 0xc0a81400u}, 120},
        {{0, EKI_V4_MAPPED | 0xc0a81e00u}, 120}, {{0x20010db800000000u, 0}, 32}};
    for (size_t i = 0; i < networks; i++) {
        bool good = !n[i].has_prefix;
        for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
            good |= n[i].has_prefix && eki_prefix_contains(allowed[k], n[i].prefix.base) &&
                    n[i].prefix.bits >= allowed[k].bits;
        assert_true(good);
        if (n[i].asn) assert_true(n[i].asn >= 64496 && n[i].asn <= 64511);
        if (n[i].domain) assert_non_null(strstr(n[i].domain, ".example"));
    }
    for (size_t i = 0; i < teams; i++)
        assert_true(strstr(t[i].name, "Sample") && strstr(t[i].name_ja, "見本"));
    eki_directory_free(d);
}

static void same_each_time(void **state)
{
    (void)state;
    char *text[2] = {NULL, NULL};
    size_t length[2];
    for (int i = 0; i < 2; i++) {
        struct eki_directory *d = sample_at(day(2017, 10, 31));
        FILE *out = open_memstream(&text[i], &length[i]);
        assert_int_equal(eki_directory_write(d, out), EKI_OK);
        fclose(out);
        eki_directory_free(d);
    }
    assert_string_equal(text[0], text[1]);
    free(text[0]), free(text[1]);
}

/* Teams that join at random with one rate: what comes in the next year lies within the interval about nine
 * times of ten. */
static void projection_holds(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(7);
    unsigned inside = 0, runs = 300;
    for (unsigned run = 0; run < runs; run++) {
        struct eki_directory *d;
        unsigned later = 0, n = 0;
        char id[16];
        assert_int_equal(eki_directory_new(&d), EKI_OK);
        for (double at = eki_random_exponential(&random, .2); at < 36 + 12;
             at += eki_random_exponential(&random, .2)) {
            struct eki_team team;
            eki_directory_blank(EKI_RECORD_TEAM, &team);
            snprintf(id, sizeof id, "t%u", n++);
            team.id = team.name = id;
            team.joined = (struct eki_date){(int16_t)(2014 + (int)at / 12), (uint8_t)((int)at % 12 + 1), 0};
            later += at >= 36;
            assert_int_equal(eki_directory_add(d, EKI_RECORD_TEAM, &team, NULL), EKI_OK);
        }
        assert_int_equal(eki_directory_settle(d, day(2016, 12, 31), NULL), EKI_OK);
        struct eki_members *m = count(d);
        double came = m->members + later;
        assert_int_equal(m->projected_count, EKI_PROJECTED_MONTHS);
        inside += m->projected[11].low <= came && came <= m->projected[11].high;
        eki_members_free(m);
        eki_directory_free(d);
    }
    /* 270 expected; four standard errors (5.2) to each side. */
    assert_in_range(inside, 249, 291);
}

/* Members that left are taken off in their month. */
static void leaving(void **state)
{
    (void)state;
    static const char text[] =
        "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\",\"joined\":\"2016-01\",\"left\":\"2016-03\"}\n"
        "{\"kind\":\"team\",\"id\":\"b\",\"name\":\"B\",\"joined\":\"2016-02\"}\n{\"kind\":\"team\",\"id\":\"c\",\"name\":\"C\"}\n"
        "{\"kind\":\"team\",\"id\":\"d\",\"name\":\"D\",\"joined\":\"2018-02\"}\n";
    struct eki_directory *d;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    assert_int_equal(eki_directory_read_memory(d, text, strlen(text), NULL), EKI_OK);
    assert_int_equal(eki_directory_settle(d, day(2016, 4, 30), NULL), EKI_OK);
    struct eki_members *m = count(d);
    static const uint32_t totals[] = {1, 2, 1, 1};
    assert_int_equal(m->month_count, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(m->months[i].total, totals[i]);
    assert_int_equal(m->members, 1);
    assert_int_equal(m->unreachable, 3); /* a has left */
    eki_members_free(m);
    eki_directory_free(d);
}

struct found {
    char text[4000];
    size_t wrong;
};

static void note(void *user, const struct eki_finding *finding)
{
    struct found *found = user;
    size_t used = strlen(found->text);
    found->wrong += finding->weight == EKI_FINDING_WRONG;
    snprintf(found->text + used, sizeof found->text - used, "%u %s [%s] [%s] [%s]\n", finding->line,
             finding->text, finding->values[0], finding->values[1], finding->values[2]);
}

static void verified(void **state)
{
    (void)state;
    static const char text[] =
        "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\"}\n{\"kind\":\"team\",\"id\":\"b\",\"name\":\"B\"}\n"
        "{\"kind\":\"contact\",\"id\":\"c\",\"team\":\"a\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"x\",\"disabled\":true}\n"
        "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"a\"}\n{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"b\"}\n"
        "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"b\",\"source\":\"ripe\"}\n"
        "{\"kind\":\"network\",\"prefix\":\"192.0.2.128/25\",\"team\":\"b\",\"source\":\"ripe\"}\n{\"kind\":\"network\",\"domain\":\"co.jp\",\"team\":\"b\"}\n"
        "{\"kind\":\"network\",\"asn\":64500,\"team\":\"a\"}\n{\"kind\":\"network\",\"asn\":64500,\"team\":\"b\"}\n"
        "{\"kind\":\"key\",\"team\":\"a\",\"type\":\"openpgp\",\"fingerprint\":\"0123456789ABCDEF0123456789ABCDEF01234567\",\"expires\":\"2020-01-01\"}\n"
        "{\"kind\":\"annotation\",\"team\":\"a\",\"text\":\"gone\",\"expires\":\"2020-01-01\"}\n";
    static const char *const expected[] = {"6 {1} is given by hand",
                                           "7 {1} is {2} by hand",
                                           "8 {1} is imported",
                                           "9 {1} of {2} is a public",
                                           "11 {1} is given by hand",
                                           "2 {1} ({2}) cannot be reached",
                                           "3 {1} ({2}) has no contact",
                                           "4 contact {1}",
                                           "12 key {1}",
                                           "13 an annotation"};
    struct eki_directory *d;
    struct found found = {.wrong = 0};
    struct eki_fault fault = {0};
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    if (eki_directory_read_memory(d, text, strlen(text), &fault)) fail_msg("%s", fault.what);
    assert_int_equal(eki_directory_verify(d, note, &found), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_directory_settle(d, RANDOM_NOW, &fault), EKI_OK);
    assert_int_equal(eki_directory_verify(d, note, &found), EKI_OK);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(found.text, expected[i])) fail_msg("\"%s\" is not in\n%s", expected[i], found.text);
    assert_int_equal(found.wrong, 4);
    eki_directory_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published),      cmocka_unit_test(invented),
                                       cmocka_unit_test(same_each_time), cmocka_unit_test(projection_holds),
                                       cmocka_unit_test(leaving),        cmocka_unit_test(verified)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
