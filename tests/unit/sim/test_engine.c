/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engines against what is known exactly: moments of the pure birth process, the shape of random recursive
 * trees, the number of probes, the containment law; and against a loop that plays every single probe.
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

/* The time until k of n have fallen is a sum of independent exponentials: mean and variance are sums too. */
static void moments_are_exact(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(75000, 4000, 400);
    struct eki_ensemble *e = sim_play(&s, 1);
    static const unsigned levels[] = {10, 50, 90, 100};
    for (size_t l = 0; l < 4; l++) {
        double mean = 0, variance = 0;
        for (double i = 1; i < s.hosts * levels[l] / 100; i++) {
            double rate = s.malware.rate_per_s * i * (s.hosts - i) / sim_addresses;
            mean += 1 / rate;
            variance += 1 / (rate * rate);
        }
        struct sim_moments m = sim_moments_of(e, levels[l]);
        assert_true(fabs(m.mean - mean) < 4 * sqrt(variance / m.count));
        assert_true(fabs(m.deviation / sqrt(variance) - 1) < .25);
    }
    /* All probes until the last has fallen: 2^32 H(N-1), whatever the rate. */
    double probes = 0, harmonic = 0;
    for (double i = 1; i < s.hosts; i++) harmonic += 1 / i;
    for (uint32_t i = 0; i < e->runs; i++) probes += e->outcomes[i].probes / e->runs;
    assert_true(fabs(probes / (sim_addresses * harmonic) - 1) < .03);
    eki_ensemble_free(e);
}

/* Children of a host: 2^-(k+1); mean depth H(n)-1 (Wang, Chen, Chen 2010: random recursive trees). */
static void trees_are_recursive(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(75000, 4000, 1);
    struct eki_simulator *simulator;
    struct eki_sim_run run;
    assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
    assert_int_equal(eki_simulator_run(simulator, 0, NULL, &run), EKI_OK);
    uint32_t *children = calloc(run.count, sizeof *children), *depth = calloc(run.count, sizeof *depth);
    double deep = 0, with[3] = {0}, harmonic = 0;
    for (uint32_t i = 0; i < run.count; i++) {
        uint32_t parent = run.infections[i].parent;
        harmonic += 1.0 / (i + 1);
        if (i == 0) {
            assert_int_equal(parent, EKI_SIM_SEED);
            continue;
        }
        assert_true(parent < i);
        assert_true(run.infections[i].t >= run.infections[i - 1].t);
        children[parent]++;
        depth[i] = depth[parent] + 1;
        deep += depth[i];
    }
    for (uint32_t i = 0; i < run.count; i++)
        if (children[i] < 3) with[children[i]]++;
    for (int k = 0; k < 3; k++) assert_true(fabs(with[k] / run.count - pow(.5, k + 1)) < .01);
    assert_true(fabs(deep / run.count - (harmonic - 1)) < 1.5);
    free(children);
    free(depth);
    eki_simulator_free(simulator);
}

/* A limit of M probes a host makes a branching process that dies out: mean I0 / (1 - lambda) (Sellke 2008).
 */
static void quota_contains(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(360000, 100, 3000);
    s.seeds = 10;
    s.malware.probe_limit = 10000;
    struct eki_ensemble *e = sim_play(&s, 1);
    double lambda = 10000.0 * 360000 / sim_addresses, sum = 0, squares = 0;
    for (uint32_t i = 0; i < e->runs; i++) {
        double n = e->outcomes[i].infected;
        sum += n / e->runs;
        squares += n * n / e->runs;
    }
    assert_true(fabs(sum - 10 / (1 - lambda)) < 4 * sqrt((squares - sum * sum) / e->runs));
    eki_ensemble_free(e);
}

/* Isolation within D stops growth when r D < 1 and does not when r D > 1. */
static void isolation_has_its_threshold(void **state)
{
    (void)state;
    double growth = 4000 * 75000 / sim_addresses;
    struct eki_sim_measure isolate = {.kind = EKI_SIM_ISOLATE};
    struct eki_scenario s = sim_internet(75000, 4000, 300);
    s.seeds = 10;
    s.measures = &isolate;
    s.measure_count = 1;
    double mean[2];
    for (int i = 0; i < 2; i++) {
        isolate.after_s = (i ? 1.25 : .8) / growth;
        struct eki_ensemble *e = sim_play(&s, 1);
        mean[i] = 0;
        for (uint32_t k = 0; k < e->runs; k++) mean[i] += (double)e->outcomes[k].infected / e->runs;
        eki_ensemble_free(e);
    }
    assert_true(fabs(mean[0] - 50) < 8); /* 10 / (1 - 0.8) */
    assert_true(mean[1] > 10000);
}

/* Every probe one by one, in a small world of 2^16 addresses in 2^8 groups: the time until half have fallen.
 */
static double per_probe(struct eki_random *random, uint32_t hosts, const uint32_t *address, double rate,
                        double local)
{
    static bool fallen[1 << 16];
    static int at[1 << 16];
    uint32_t list[4096], count = 1;
    for (int i = 0; i < 1 << 16; i++) fallen[i] = false, at[i] = -1;
    for (uint32_t i = 0; i < hosts; i++) at[address[i]] = (int)i;
    list[0] = address[eki_random_below(random, hosts)];
    fallen[list[0]] = true;
    double t = 0;
    while (count < hosts / 2) {
        t += eki_random_exponential(random, 1 / (rate * count));
        uint32_t source = list[eki_random_below(random, count)];
        uint32_t target = eki_random_unit(random) < local
                              ? (source & 0xff00) | (uint32_t)eki_random_below(random, 256)
                              : (uint32_t)eki_random_below(random, 1 << 16);
        if (at[target] < 0 || fallen[target]) continue;
        fallen[target] = true;
        list[count++] = target;
    }
    return t;
}

/*
 * The engine has 2^32 addresses; the small world is put into it: 256 hosts in a /16 behave, when every rate
 * is scaled by 2^16, like those of the loop in 2^16 addresses. With shares of 24 bits as the groups: a probe
 * into the /24 hits one of 256 addresses in both. "Everywhere" of the loop is "the same /16" of the engine.
 */
static void misses_need_not_be_played(void **state)
{
    (void)state;
    enum { HOSTS = 200, RUNS = 600 };
    static double ours[RUNS], loops[RUNS];
    struct eki_scenario s = sim_internet(HOSTS, 100, 1);
    s.networks = 1;
    s.malware.share_count = 2;
    s.malware.shares[0] = (struct eki_sim_share){24, .3};
    s.malware.shares[1] = (struct eki_sim_share){16, .7};
    struct eki_simulator *simulator;
    assert_int_equal(eki_simulator_new(&s, &simulator), EKI_OK);
    uint32_t address[HOSTS];
    for (uint32_t i = 0; i < HOSTS; i++)
        address[i] = (uint32_t)eki_simulator_address(simulator, i).lo & 0xffff;
    struct eki_random random = eki_random_from(99);
    for (int i = 0; i < RUNS; i++) {
        struct eki_sim_run run;
        assert_int_equal(eki_simulator_run(simulator, (uint64_t)i, NULL, &run), EKI_OK);
        assert_int_equal(run.count, HOSTS);
        ours[i] = run.infections[HOSTS / 2 - 1].t;
        loops[i] = per_probe(&random, HOSTS, address, 100, .3);
    }
    /* 1.95 sqrt(2/n): passed by chance once in a thousand */
    assert_true(sim_distance(ours, loops, RUNS) < 1.95 * sqrt(2.0 / RUNS));
    eki_simulator_free(simulator);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(5000, 4000, 64);
    struct eki_ensemble *one = sim_play(&s, 1), *four = sim_play(&s, 4);
    assert_memory_equal(one->outcomes, four->outcomes, sizeof *one->outcomes * s.runs);
    s.seed = 2;
    struct eki_ensemble *other = sim_play(&s, 1);
    assert_true(memcmp(one->outcomes, other->outcomes, sizeof *one->outcomes * s.runs) != 0);
    eki_ensemble_free(one);
    eki_ensemble_free(four);
    eki_ensemble_free(other);
}

static void measures_slow(void **state)
{
    (void)state;
    struct eki_sim_measure measure = {.kind = EKI_SIM_THROTTLE, .share = .5};
    struct eki_scenario s = sim_internet(20000, 4000, 200);
    struct eki_ensemble *e = sim_play(&s, 1);
    double plain = sim_moments_of(e, 50).mean;
    eki_ensemble_free(e);
    s.measures = &measure;
    s.measure_count = 1;
    e = sim_play(&s, 1);
    assert_true(fabs(sim_moments_of(e, 50).mean / plain - 2) < .1); /* half the rate, twice the time */
    eki_ensemble_free(e);
    measure = (struct eki_sim_measure){.kind = EKI_SIM_PATCH, .share = .5};
    e = sim_play(&s, 1);
    for (uint32_t i = 0; i < e->runs; i++) assert_true(abs((int)e->outcomes[i].infected - 10000) < 500);
    eki_ensemble_free(e);
    measure = (struct eki_sim_measure){.kind = EKI_SIM_STOP, .at_s = 1};
    e = sim_play(&s, 1);
    for (uint32_t i = 0; i < e->runs; i++) assert_true(e->outcomes[i].infected < 10);
    eki_ensemble_free(e);
}

/* The lecture's two experiments, from one set of figures: about 5 and about 30 minutes. */
static void lecture_on_one_network(void **state)
{
    (void)state;
    static const uint32_t counts[] = {7, 124};
    static const double expected[] = {300, 1800};
    for (int i = 0; i < 2; i++) {
        struct eki_sim_subnet subnet = {
            .name = "office", .base = eki_address_v4(0xc0a81400), .bits = 24, .hosts = counts[i]};
        struct eki_scenario s = {.place = EKI_SIM_NETWORK,
                                 .hosts = counts[i],
                                 .subnets = &subnet,
                                 .subnet_count = 1,
                                 .seeds = 1,
                                 .runs = 40,
                                 .stop_s = 7200,
                                 .seed = 1,
                                 .hash = 5,
                                 .malware = {.success = .6,
                                             .latency_s = 20,
                                             .slots = 10,
                                             .dead_s = 1.18,
                                             .service_s = 135,
                                             .exploit = true}};
        struct eki_ensemble *e = sim_play(&s, 2);
        double mean = sim_moments_of(e, 100).mean;
        if (fabs(mean / expected[i] - 1) > .2) fail_msg("%u hosts: %.0f s", counts[i], mean);
        eki_ensemble_free(e);
    }
}

/* Patched everywhere: the exploit alone gets nowhere, a shared password gets everywhere the firewall lets it.
 */
static void passwords_open_patched_hosts(void **state)
{
    (void)state;
    struct eki_sim_subnet subnets[] = {{.name = "a",
                                        .base = eki_address_v4(0x0a000000),
                                        .bits = 24,
                                        .hosts = 20,
                                        .patched = 1,
                                        .administrator = 1},
                                       {.name = "b",
                                        .base = eki_address_v4(0x0a000100),
                                        .bits = 24,
                                        .hosts = 20,
                                        .patched = 1,
                                        .administrator = 1},
                                       {.name = "c",
                                        .base = eki_address_v4(0x0a000200),
                                        .bits = 24,
                                        .hosts = 20,
                                        .patched = 1,
                                        .administrator = 2}};
    struct eki_sim_reach reach[] = {{0, 1}, {1, 0}, {0, 2}, {1, 2}};
    struct eki_scenario s = {.place = EKI_SIM_NETWORK,
                             .hosts = 60,
                             .subnets = subnets,
                             .subnet_count = 3,
                             .reach = reach,
                             .reach_count = 4,
                             .seeds = 1,
                             .runs = 5,
                             .stop_s = 86400,
                             .seed = 1,
                             .hash = 5,
                             .malware = {.success = 1,
                                         .slots = 1,
                                         .dead_s = 3.54,
                                         .service_s = 10,
                                         .peers = 12,
                                         .peers_every_s = 180,
                                         .exploit = true}};
    struct eki_ensemble *e = sim_play(&s, 1);
    assert_int_equal(e->outcomes[0].infected, 1);
    eki_ensemble_free(e);
    s.malware.credentials = true;
    e = sim_play(&s, 1);
    assert_int_equal(e->outcomes[0].infected, 40);
    eki_ensemble_free(e);
    s.reach_count = 0;
    e = sim_play(&s, 1);
    assert_int_equal(e->outcomes[0].infected, 20);
    eki_ensemble_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_exact),
        cmocka_unit_test(trees_are_recursive),
        cmocka_unit_test(quota_contains),
        cmocka_unit_test(isolation_has_its_threshold),
        cmocka_unit_test(misses_need_not_be_played),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(measures_slow),
        cmocka_unit_test(lecture_on_one_network),
        cmocka_unit_test(passwords_open_patched_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
