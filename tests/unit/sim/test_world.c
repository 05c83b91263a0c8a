/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hit lists, walks through a permutation, groups of hosts, the hours of the day, restoring: against what is
 * known exactly and against loops that play every probe.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support_sim.h"

static double mean_infected(const struct eki_ensemble *e)
{
    double sum = 0;
    for (uint32_t i = 0; i < e->runs; i++) sum += e->outcomes[i].infected;
    return sum / e->runs;
}

/* A list that is halved at each infection doubles the infected every hit_list_s: 2^k - 1 addresses fall
 * within exactly k attempts (Staniford, Paxson, Weaver 2002, section 3.1). */
static void hit_list_doubles(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(5000, 1e-6, 20);
    s.malware.hit_list = 1023;
    s.malware.hit_list_s = 2;
    s.stop_s = 23;
    struct eki_simulator *simulator;
    struct eki_sim_run run;
    assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
    uint32_t wasted = 0;
    for (uint64_t k = 0; k < 20; k++) {
        assert_int_equal(eki_simulator_run(simulator, k, NULL, &run), EKI_OK);
        /* The first host stands on the list itself once in five runs: then one attempt is wasted. */
        wasted += run.count == 1023;
        assert_true(run.count == 1023 || run.count == 1024);
        for (uint32_t i = 1; i < run.count; i++) {
            double attempts = run.infections[i].t / 2;
            assert_true(fabs(attempts - round(attempts)) < 1e-6 && i < 1u << (int)(attempts + .5));
            assert_true(attempts < (run.count == 1024 ? 10.5 : 11.5));
        }
    }
    assert_true(wasted < 15);
    eki_simulator_free(simulator);
}

/* With success q each address of the list falls with probability q; with fewer, less. */
static void hit_list_misses(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(20000, 1e-6, 100);
    s.malware.hit_list = 4000;
    s.malware.hit_list_s = 1;
    s.malware.success = .7;
    s.stop_s = 1e5;
    struct eki_ensemble *e = sim_play(&s, 2);
    assert_true(fabs(mean_infected(e) - 1 - .7 * 4000 * (1 - 1.0 / 20000)) < 4 * sqrt(4000 * .21 / 100) + 1);
    eki_ensemble_free(e);
    s = sim_internet(20000, 4000, 50);
    s.malware.hit_list_s = .1;
    double before = INFINITY;
    static const uint32_t sizes[] = {10, 100, 1000, 10000};
    for (int i = 0; i < 4; i++) { /* the longer the list, the sooner half have fallen */
        s.malware.hit_list = sizes[i];
        e = sim_play(&s, 2);
        double half = sim_moments_of(e, 50).mean;
        assert_true(half < before);
        before = half;
        eki_ensemble_free(e);
    }
}

/* One walker alone meets every host once within 2^32 probes, where a random searcher needs 2^32 H(N). */
static void permutation_meets_all_once(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(3000, 1e6, 3);
    s.malware.permutation = 1;
    s.malware.latency_s = 10;
    s.stop_s = 1e4;
    struct eki_simulator *simulator;
    struct eki_sim_run run;
    assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
    s.malware.latency_s = 5000; /* longer than 2^32 / 10^6 s: nobody else ever searches */
    assert_int_equal(eki_simulator_run(simulator, 0, NULL, &run), EKI_OK);
    assert_int_equal(run.count, 3000);
    assert_true(run.end_s > 5000 + .9 * sim_addresses / 1e6 &&
                run.end_s <= 5000 + sim_addresses / 1e6 + 1e-3);
    for (uint32_t i = 1; i < run.count; i++) assert_int_equal(run.infections[i].parent, 0);
    eki_simulator_free(simulator);
}

/* Every probe one by one, in a world of 2^16 addresses: `share` of them by walkers, the rest at random. */
struct small_world {
    int8_t at[1 << 16]; /* 0 nobody, 1 can fall, 2 infected */
    uint16_t cursor[4096];
    double due[4096], now;
    uint32_t count;
};

static void small_fall(struct small_world *w, struct eki_random *random, uint16_t here, double step)
{
    w->at[here] = 2;
    w->cursor[w->count] = (uint16_t)eki_random_next(random);
    w->due[w->count++] = w->now + step;
}

static double walk_by_probes(struct eki_random *random, uint32_t hosts, uint32_t wanted, double share)
{
    static struct small_world w;
    const double rate = 10;
    memset(&w, 0, sizeof w);
    for (uint32_t placed = 0; placed < hosts;) {
        uint16_t here = (uint16_t)eki_random_next(random);
        if (w.at[here]) continue;
        w.at[here] = 1;
        if (!placed++) {
            small_fall(&w, random, here, 1 / (rate * share));
            w.cursor[0] = (uint16_t)(here + 1);
        }
    }
    while (w.count < wanted) {
        uint32_t next = 0;
        for (uint32_t i = 1; i < w.count; i++)
            if (w.due[i] < w.due[next]) next = i;
        double others = share < 1 ? eki_random_exponential(random, 1 / (rate * (1 - share) * w.count)) : 1e99;
        bool walks = w.due[next] < w.now + others;
        w.now = walks ? w.due[next] : w.now + others;
        if (walks) w.due[next] += 1 / (rate * share);
        uint16_t target = walks ? w.cursor[next]++ : (uint16_t)eki_random_next(random);
        if (w.at[target] == 2 && walks) w.cursor[next] = (uint16_t)eki_random_next(random);
        if (w.at[target] == 1) small_fall(&w, random, target, 1 / (rate * share));
    }
    return w.now;
}

/* Jumping from host to host against playing all probes; 2^16 addresses at a rate r are 2^32 at 2^16 r. */
static void walkers_may_jump(void **state)
{
    (void)state;
    enum { HOSTS = 40, RUNS = 250 };
    static double ours[RUNS], loops[RUNS];
    struct eki_random random = eki_random_from(5);
    for (uint32_t part = 0; part < 4; part++) {
        uint32_t wanted = part % 2 ? HOSTS : HOSTS / 2;
        for (int i = 0; i < RUNS; i++) {
            struct eki_scenario s = sim_internet(HOSTS, 65536 * 10, 1);
            s.malware.permutation = part / 2 ? .5 : 1;
            s.seed = s.hash = (uint64_t)i + 1; /* other hosts, another order */
            struct eki_simulator *simulator;
            struct eki_sim_run run;
            assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
            assert_int_equal(eki_simulator_run(simulator, 0, NULL, &run), EKI_OK);
            assert_int_equal(run.count, HOSTS);
            ours[i] = run.infections[wanted - 1].t;
            loops[i] = walk_by_probes(&random, HOSTS, wanted, s.malware.permutation);
            eki_simulator_free(simulator);
        }
        assert_true(sim_distance(ours, loops, RUNS) < 1.95 * sqrt(2.0 / RUNS));
    }
}

/* A walk wastes less on hosts that were met already: the last host falls sooner than by chance. A mixture
 * ends later than either: a host whose neighbour fell to chance is found by chance or by who starts in the
 * gap before it. A walker that halts saves probes. */
static void permutation_ends_sooner(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(8000, 4000, 20);
    double last[3], probes[2];
    for (int i = 0; i < 3; i++) {
        s.malware.permutation = i / 2.0;
        struct eki_ensemble *e = sim_play(&s, 2);
        last[i] = sim_moments_of(e, 100).mean;
        eki_ensemble_free(e);
    }
    assert_true(last[2] < .8 * last[0] && last[1] > last[0]);
    for (uint32_t i = 0; i < 2; i++) {
        s.malware.halt_after = 3 * i;
        s.stop_s = 2 * last[2];
        s.malware.success = .99; /* some are left for long, so that nothing ends before stop_s */
        struct eki_ensemble *e = sim_play(&s, 2);
        probes[i] = e->outcomes[0].probes;
        eki_ensemble_free(e);
    }
    assert_true(probes[1] < probes[0]);
}

/* Pure birth with two kinds of hosts, by Gillespie's method: the time until so many of both have fallen. */
static double two_kinds(struct eki_random *random, double left[2], const double factor[2], uint32_t wanted)
{
    double t = 0;
    for (double count = 1; count < wanted; count++) {
        double hits = left[0] * factor[0] + left[1] * factor[1];
        t += eki_random_exponential(random, sim_addresses / (4000 * count * hits));
        left[eki_random_unit(random) * hits >= left[0] * factor[0]]--;
    }
    return t;
}

/* Hosts that fall less easily: thinned hits against a loop that knows the two kinds; none falls at factor 0.
 */
static void groups_are_thinned(void **state)
{
    (void)state;
    enum { HOSTS = 1000, RUNS = 400 };
    static double ours[RUNS], loops[RUNS];
    const double factor[] = {.8, .1};
    struct eki_random random = eki_random_from(6);
    struct eki_scenario s = sim_internet(HOSTS, 4000, 1);
    s.group_count = 2;
    s.groups[0] = (struct eki_sim_group){.3, factor[0]};
    s.groups[1] = (struct eki_sim_group){.7, factor[1]};
    for (int i = 0; i < RUNS; i++) {
        s.seed = s.hash = (uint64_t)i + 1;
        struct eki_ensemble *e = sim_play(&s, 1);
        ours[i] = e->outcomes[0].reached_s[60];
        eki_ensemble_free(e);
        double left[2] = {0, 0};
        for (int k = 1; k < HOSTS; k++) left[eki_random_unit(&random) >= .3]++;
        loops[i] = two_kinds(&random, left, factor, 600);
    }
    assert_true(sim_distance(ours, loops, RUNS) < 1.95 * sqrt(2.0 / RUNS));
    s = sim_internet(20000, 4000, 20);
    s.stop_s = 1e6;
    s.group_count = 2;
    s.groups[0] = (struct eki_sim_group){.4, .5};
    s.groups[1] = (struct eki_sim_group){.6, 0};
    struct eki_ensemble *e = sim_play(&s, 2);
    assert_true(fabs(mean_infected(e) - 8000) < 4 * sqrt(20000 * .24));
    eki_ensemble_free(e);
}

/* Rates that follow the hour stretch time: half of them all day, twice the time; nothing at hours of rest; by
 * day twice and never at night, as much in the end. */
static void hours_stretch_time(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(20000, 4, 300);
    struct eki_ensemble *e = sim_play(&s, 2);
    struct sim_moments plain = sim_moments_of(e, 50);
    eki_ensemble_free(e);
    s.daily_on = true;
    for (int h = 0; h < 24; h++) s.daily[h] = .5;
    e = sim_play(&s, 2);
    double error = 4 * plain.deviation / sqrt(300);
    assert_true(fabs(sim_moments_of(e, 50).mean - 2 * plain.mean) < 3 * error);
    eki_ensemble_free(e);
    s.start_h = 7.5;
    for (int h = 0; h < 24; h++) s.daily[h] = h >= 8 && h < 20 ? 2 : 0;
    double worked = 0; /* what has passed of active time when half have fallen, doubled */
    e = sim_play(&s, 2);
    for (uint32_t i = 0; i < e->runs; i++) {
        double hours = e->outcomes[i].reached_s[50] / 3600 + 7.5, days = floor(hours / 24);
        double in_day = hours - 24 * days;
        assert_true(in_day >= 8 && in_day <= 20);
        worked += 2 * 3600 * (12 * days + in_day - 8) / e->runs;
    }
    assert_true(fabs(worked - plain.mean) < 2 * error);
    eki_ensemble_free(e);
}

/* A constant number a day: n hosts need n times its share; all are patched, so none falls again. Of those
 * that are given back unpatched some fall again, more so the fewer are patched. */
static void restoring_keeps_its_pace(void **state)
{
    (void)state;
    struct eki_sim_measure restore = {.kind = EKI_SIM_RESTORE, .at_s = 86400, .per_day = 500, .share = 1};
    struct eki_scenario s = sim_internet(3000, 4000, 5);
    s.measures = &restore;
    s.measure_count = 1;
    struct eki_ensemble *e = sim_play(&s, 2);
    for (uint32_t i = 0; i < e->runs; i++) {
        assert_true(e->outcomes[i].restored == 3000 && e->outcomes[i].again == 0);
        assert_true(fabs(e->outcomes[i].restored_s - (1 + 3000 / 500.0) * 86400) < 1e-3);
    }
    eki_ensemble_free(e);
    double before = 0;
    s.stop_s = 8 * 86400;
    for (int i = 0; i < 4; i++) {
        restore.share = 1 - i / 4.0;
        e = sim_play(&s, 2);
        double again = 0;
        for (uint32_t k = 0; k < e->runs; k++) {
            again += e->outcomes[k].again;
            assert_int_equal(e->outcomes[k].infected, 3000);
            assert_true(e->outcomes[k].again <= e->outcomes[k].restored);
        }
        assert_true(i ? again > before : again == 0);
        before = again;
        eki_ensemble_free(e);
    }
}

/* A limit on a share of the hosts: slower the more have it, in each of the three engines; on all it is a
 * plain throttle (the growth itself is row V21 of the atlas). */
static void limits_on_some_hosts(void **state)
{
    (void)state;
    for (int engine = 0; engine < 3; engine++) {
        struct eki_sim_measure limit = {.kind = EKI_SIM_THROTTLE, .share = .1};
        struct eki_scenario s = sim_internet(5000, 4000, 60);
        s.measures = &limit;
        s.measure_count = 1;
        if (engine == 1) s.malware.share_count = 2, s.malware.shares[0].share = .999;
        if (engine == 1) s.malware.shares[1] = (struct eki_sim_share){8, .001};
        if (engine == 2) s.group_count = 1, s.groups[0] = (struct eki_sim_group){1, 1};
        double before = 0;
        for (int i = 1; i <= 4; i++) {
            limit.hosts = i / 4.0;
            struct eki_ensemble *e = sim_play(&s, 2);
            double span = sim_moments_of(e, 50).mean;
            assert_true(span > before);
            before = span;
            eki_ensemble_free(e);
        }
    }
}

/* In order: alone, a walker meets all hosts above its start in ascending order, then those below; starting
 * near, the first it meets are in its own /16 or the next ones. */
static void ascending_walks_follow_addresses(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(3000, 1e6, 1);
    s.networks = 300;
    s.malware.permutation = 1;
    s.malware.ascending = true;
    s.malware.latency_s = 1e7; /* nobody else ever searches */
    s.stop_s = 2e7;
    for (int near = 0; near < 2; near++) {
        struct eki_simulator *simulator;
        struct eki_sim_run run;
        uint32_t falls = 0, first_near = 0;
        s.malware.start_near = near;
        assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
        for (uint64_t k = 0; k < 20; k++) {
            assert_int_equal(eki_simulator_run(simulator, k, NULL, &run), EKI_OK);
            assert_int_equal(run.count, 3000);
            uint64_t before = eki_simulator_address(simulator, run.infections[1].host).lo;
            uint64_t seed = eki_simulator_address(simulator, run.infections[0].host).lo;
            first_near += before >> 16 == seed >> 16;
            for (uint32_t i = 2; i < run.count; i++) {
                uint64_t address = eki_simulator_address(simulator, run.infections[i].host).lo;
                falls += address < before;
                before = address;
            }
        }
        assert_true(falls <= 20 && (near ? first_near > 12 : first_near < 5));
        eki_simulator_free(simulator);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hit_list_doubles),           cmocka_unit_test(hit_list_misses),
        cmocka_unit_test(permutation_meets_all_once), cmocka_unit_test(walkers_may_jump),
        cmocka_unit_test(permutation_ends_sooner),    cmocka_unit_test(groups_are_thinned),
        cmocka_unit_test(hours_stretch_time),         cmocka_unit_test(restoring_keeps_its_pace),
        cmocka_unit_test(limits_on_some_hosts),       cmocka_unit_test(ascending_walks_follow_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
