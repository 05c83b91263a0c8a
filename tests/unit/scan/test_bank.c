/* SPDX-License-Identifier: Apache-2.0 */
/* What the evidence bank decides: searching at any pace is found, ordinary work is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "support_contacts.h"

static const uint32_t host = 0xc0a81464, lan = 0xc0a81400; /* 192.168.20.100 */

/* A /24 in order, one probe a `gap`, silent addresses: decided within ten probes whatever the pace. */
static void slow_in_order(void **state)
{
    (void)state;
    static const double gaps[] = {.0002, .118, 3.5, 300};
    for (int g = 0; g < 4; g++) {
        struct trial trial = trial_new();
        for (uint32_t i = 1; i < 255; i++)
            trial_tcp(&trial, host, lan + i, 445, i * gaps[g], EKI_OUTCOME_NONE);
        const struct eki_scanner *s = trial_scanner(&trial, host, 445);
        assert_non_null(s);
        assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
        assert_in_range(s->decided_after, 4, 10);
        assert_int_equal(s->strategies[EKI_SCOPE_CONNECTED].name, EKI_STRATEGY_SEQUENTIAL);
        assert_true(s->strategies[EKI_SCOPE_CONNECTED].pass_seconds > 250 * gaps[g]);
        assert_true(s->strategies[EKI_SCOPE_CONNECTED].pass_seconds < 260 * gaps[g]);
        trial_done(&trial);
    }
}

/* In order, and every address answers (a dense network): order alone decides. */
static void dense_in_order(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    for (uint32_t i = 1; i < 255; i++) trial_tcp(&trial, host, lan + i, 445, i * 3.5, EKI_OUTCOME_DATA);
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_int_equal(s->strategies[EKI_SCOPE_CONNECTED].name, EKI_STRATEGY_SEQUENTIAL);
    trial_done(&trial);
}

static void random_everywhere(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct trial trial = trial_new();
        struct eki_random random = eki_random_from(seed);
        for (uint32_t i = 0; i < 64; i++)
            trial_tcp(&trial, host, (uint32_t)eki_random_below(&random, 0xdf000000) + 0x01000000, 445,
                      i * .04, EKI_OUTCOME_NONE);
        const struct eki_scanner *s = trial_scanner(&trial, host, 445);
        assert_non_null(s);
        assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
        assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
        trial_done(&trial);
    }
}

/* WannaCry's two threads: in order here and random there, interleaved, each told apart. */
static void two_threads(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(3);
    for (uint32_t i = 1; i < 200; i++) {
        trial_tcp(&trial, host, lan + i, 445, i * .12, EKI_OUTCOME_NONE);
        trial_tcp(&trial, host, (uint32_t)eki_random_below(&random, 0xdf000000) + 0x01000000, 445,
                  i * .12 + .03, EKI_OUTCOME_NONE);
    }
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->strategies[EKI_SCOPE_CONNECTED].name, EKI_STRATEGY_SEQUENTIAL);
    assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
    trial_done(&trial);
}

/* Random networks, one in two of which is gone through in order for a while: chance chooses where to search.
 */
static void excursions_in_order(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(11);
    uint32_t sent = 0;
    for (uint32_t i = 0; i < 60; i++) {
        uint32_t target = (uint32_t)eki_random_below(&random, 0xdf000000) + 0x01000000;
        trial_tcp(&trial, host, target, 445, sent++ * .2, EKI_OUTCOME_NONE);
        for (uint32_t k = 1; i % 2 && k < 4; k++)
            trial_tcp(&trial, host, (target & 0xffffff00) | ((target + k) & 0xff), 445, sent++ * .2,
                      EKI_OUTCOME_NONE);
    }
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
    trial_done(&trial);
}

/* CodeRed II: mostly in the own /8 and /16. */
static void local_preference(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(5);
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t r = (uint32_t)eki_random_below(&random, UINT32_MAX),
                 kind = (uint32_t)eki_random_below(&random, 8);
        uint32_t target = kind < 1   ? (r % 0xdf000000) + 0x01000000
                          : kind < 5 ? (host & 0xff000000) | (r & 0xffffff)
                                     : (host & 0xffff0000) | (r & 0xffff);
        trial_tcp(&trial, host, target, 80, i * .1, EKI_OUTCOME_NONE);
    }
    const struct eki_scanner *s = trial_scanner(&trial, host, 80);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_LOCAL);
    trial_done(&trial);
}

/* A day of ordinary clients: most servers answer, one in twenty does not. Nobody is a scanner. */
static void ordinary_clients(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(9);
    static const uint16_t ports[] = {80, 443, 443, 443, 22, 445, 25, 993};
    double seconds = 0;
    for (uint32_t i = 0; i < 40000; i++) {
        uint32_t who = host + (uint32_t)eki_random_below(&random, 40);
        uint32_t server = 0x5db80000 + (uint32_t)eki_random_below(&random, 400) * 977;
        enum eki_outcome outcome = eki_random_below(&random, 20) ? EKI_OUTCOME_DATA : EKI_OUTCOME_NONE;
        seconds += 2;
        trial_tcp(&trial, who, server, ports[eki_random_below(&random, 8)], seconds, outcome);
    }
    trial_scanner(&trial, 0, 0);
    for (size_t i = 0; i < trial.count; i++)
        assert_int_not_equal(trial.scanners[i].verdict, EKI_VERDICT_SCANNER);
    trial_done(&trial);
}

/* One client that retries one dead server for hours is no scanner. */
static void one_dead_server(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    for (uint32_t i = 0; i < 5000; i++) trial_tcp(&trial, host, lan + 9, 8080, i * 5, EKI_OUTCOME_NONE);
    const struct eki_scanner *s = trial_scanner(&trial, host, 8080);
    assert_true(!s || s->verdict != EKI_VERDICT_SCANNER);
    trial_done(&trial);
}

/* Old good behaviour does not wash away what comes later (Mell & Harang 2013). */
static void good_history_first(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(13);
    for (uint32_t i = 0; i < 500; i++)
        trial_tcp(&trial, host, 0x0a000000 + (uint32_t)eki_random_below(&random, 1 << 20), 445, i * 60,
                  EKI_OUTCOME_DATA);
    for (uint32_t i = 0; i < 30; i++)
        trial_tcp(&trial, host, 0x0b000000 + (uint32_t)eki_random_below(&random, 1 << 20), 445, 36000 + i,
                  EKI_OUTCOME_NONE);
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_true(s->since >= 36000 * EKI_SECOND); /* the change point */
    trial_done(&trial);
}

static void many_ports_of_one_host(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    for (uint16_t port = 1; port <= 1000; port++)
        trial_tcp(&trial, host, lan + 7, port, port * .01, EKI_OUTCOME_REFUSED);
    const struct eki_scanner *s = trial_scanner(&trial, host, 0);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_int_equal(s->shape, EKI_SHAPE_VERTICAL);
    assert_true(eki_address_equal(s->victim, eki_address_v4(lan + 7)));
    trial_done(&trial);
}

static void spoofed_flood(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(11);
    for (uint32_t i = 0; i < 20000; i++)
        trial_tcp(&trial, (uint32_t)eki_random_below(&random, UINT32_MAX), lan + 7, 80, i * .001,
                  EKI_OUTCOME_NONE);
    trial_scanner(&trial, 0, 0);
    assert_true(trial.count > 0);
    bool flood = false;
    for (size_t i = 0; i < trial.count; i++) {
        assert_int_not_equal(trial.scanners[i].verdict, EKI_VERDICT_SCANNER);
        flood |= trial.scanners[i].verdict == EKI_VERDICT_FLOOD;
    }
    assert_true(flood);
    trial_done(&trial);
}

/* Two visits to a file server, minutes of nothing, then a search: it began after the pause, and its strategy
 * is that of the search alone. */
static void search_after_a_pause(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(7);
    trial_tcp(&trial, host, 0xc0a81e17, 445, 9, EKI_OUTCOME_DATA);
    trial_tcp(&trial, host, 0xc0a81e16, 445, 31, EKI_OUTCOME_DATA);
    for (uint32_t i = 0; i < 64; i++)
        trial_tcp(&trial, host, (uint32_t)eki_random_below(&random, 0xdf000000) + 0x01000000, 445,
                  400 + i * .04, EKI_OUTCOME_NONE);
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_true(s->since - s->first >= 390 * EKI_SECOND);
    assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
    trial_done(&trial);
}

/* Random addresses, and the /24 of one that answered in order: what chooses is still chance (WannaCry). */
static void excursions_are_random(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    struct eki_random random = eki_random_from(3);
    for (uint32_t i = 0; i < 400; i++) {
        uint32_t target = (uint32_t)eki_random_below(&random, 0xdf000000) + 0x01000000;
        if (i >= 100 && i % 6 == 0) target = 0x5b33d800 + i / 6;
        trial_tcp(&trial, host, target, 445, i * .04, EKI_OUTCOME_NONE);
    }
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
    trial_done(&trial);
}

/* More sources in a row than the tables hold: the early ones make room, and who searches after them is still
 * found. Once 262,144 sources had been seen, nobody new was. */
static void more_sources_than_fit(void **state)
{
    (void)state;
    struct trial trial = trial_new();
    for (uint32_t i = 0; i < EKI_BANK_WATCHES + 50000; i++)
        trial_tcp(&trial, 0x14000000 + i, 0xc0000207, 443, i * .01, EKI_OUTCOME_DATA);
    for (uint32_t i = 1; i < 32; i++) trial_tcp(&trial, host, lan + i, 445, 4000 + i, EKI_OUTCOME_NONE);
    const struct eki_scanner *s = trial_scanner(&trial, host, 445);
    assert_non_null(s);
    assert_int_equal(s->verdict, EKI_VERDICT_SCANNER);
    assert_true(eki_bank_losses(trial.bank).pushed_out >= 50000);
    assert_int_equal(eki_bank_losses(trial.bank).unwatched, 0);
    trial_done(&trial);
}

/* The busiest first, however they came; findings outlive the sources they are about, and the bank is as good
 * as new afterwards. */
static void findings_in_order(void **state)
{
    (void)state;
    enum { SOURCES = 300 };
    struct trial trial = trial_new();
    for (uint32_t source = 0; source < SOURCES; source++)
        for (uint32_t i = 0; i < 10 + source * 7 % SOURCES; i++)
            trial_tcp(&trial, 0x14000000 + source, lan + 1000 * source + 3 * i, 445, source + i * .01,
                      EKI_OUTCOME_NONE);
    const struct eki_scanner *s = trial_scanner(&trial, 0x14000001, 445);
    assert_non_null(s);
    bool estimated;
    uint64_t hosts = eki_bank_hosts(trial.bank, &estimated);
    eki_bank_release(trial.bank);
    assert_int_equal(eki_bank_hosts(trial.bank, &estimated), hosts);
    assert_int_equal(trial.count, SOURCES);
    for (size_t i = 1; i < trial.count; i++)
        assert_true(trial.scanners[i - 1].targets >= trial.scanners[i].targets);
    assert_int_equal(s->targets, 17);
    assert_int_equal(s->probe_count, 17);
    trial.scanners = NULL;
    assert_null(trial_scanner(&trial, 0x14000001, 445));
    for (uint32_t i = 1; i < 32; i++) trial_tcp(&trial, host, lan + i, 445, 4000 + i, EKI_OUTCOME_NONE);
    trial.scanners = NULL;
    assert_non_null(trial_scanner(&trial, host, 445));
    trial_done(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(slow_in_order),
                                       cmocka_unit_test(more_sources_than_fit),
                                       cmocka_unit_test(dense_in_order),
                                       cmocka_unit_test(random_everywhere),
                                       cmocka_unit_test(two_threads),
                                       cmocka_unit_test(excursions_in_order),
                                       cmocka_unit_test(local_preference),
                                       cmocka_unit_test(ordinary_clients),
                                       cmocka_unit_test(one_dead_server),
                                       cmocka_unit_test(good_history_first),
                                       cmocka_unit_test(many_ports_of_one_host),
                                       cmocka_unit_test(spoofed_flood),
                                       cmocka_unit_test(search_after_a_pause),
                                       cmocka_unit_test(excursions_are_random),
                                       cmocka_unit_test(findings_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
