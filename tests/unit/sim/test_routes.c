/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail, sticks, NAT, restoring in an organisation: against the final size of an epidemic, against loops, and
 * by what must rise when something is raised.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "support_sim.h"

/* One subnet whose network nobody searches: attempts take longer than the run. */
static struct eki_scenario quiet(struct eki_sim_subnet *subnet, uint32_t hosts, uint32_t runs)
{
    *subnet =
        (struct eki_sim_subnet){.name = "a", .base = eki_address_v4(0x0a000000), .bits = 16, .hosts = hosts};
    return (struct eki_scenario){.place = EKI_SIM_NETWORK,
                                 .hosts = hosts,
                                 .subnets = subnet,
                                 .subnet_count = 1,
                                 .seeds = 1,
                                 .runs = runs,
                                 .stop_s = 1e8,
                                 .seed = 1,
                                 .hash = 5,
                                 .malware = {.success = 1, .slots = 1, .dead_s = 9e8, .service_s = 9e8}};
}

static double mean_of_large(const struct eki_ensemble *e, uint32_t least)
{
    double sum = 0, large = 0;
    for (uint32_t i = 0; i < e->runs; i++) {
        if (e->outcomes[i].infected < least) continue;
        sum += e->outcomes[i].infected;
        large++;
    }
    return sum / large;
}

/* Mail alone is an epidemic whose hosts infect R = addresses x opened others: large outbreaks reach the z of
 * z = 1 - exp(-R z) (Kermack and McKendrick 1927); on the Internet as in an organisation. */
static void mail_reaches_its_final_size(void **state)
{
    (void)state;
    static const double sizes[] = {0.582812, 0.796812, 0.940480}; /* R = 1.5, 2, 3 */
    static const uint32_t addresses[] = {15, 20, 30};
    struct eki_sim_subnet subnet;
    for (int i = 0; i < 6; i++) {
        struct eki_scenario s = i < 3 ? quiet(&subnet, 20000, 60) : sim_internet(20000, 1e-9, 60);
        s.stop_s = 1e8;
        s.malware.mail_addresses = addresses[i % 3];
        s.malware.mail_opened = .1;
        s.malware.mail_delay_s = 3600;
        struct eki_ensemble *e = sim_play(&s, 2);
        double share = mean_of_large(e, 5000) / 20000;
        if (fabs(share - sizes[i % 3]) > .004) fail_msg("%g instead of %g", share, sizes[i % 3]);
        for (uint32_t k = 0; k < e->runs; k++)
            assert_int_equal(e->outcomes[k].by_mail + 1, e->outcomes[k].infected);
        eki_ensemble_free(e);
    }
}

/* Every visit of every stick, one by one. */
static double carry_by_visits(struct eki_random *random, uint32_t hosts, uint32_t sticks, double success)
{
    bool dirty[64] = {false}, fallen[512] = {true};
    uint32_t count = 1;
    double t = 0;
    while (count < hosts / 2) {
        t += eki_random_exponential(random, 86400 / (3.0 * sticks));
        uint32_t stick = (uint32_t)eki_random_below(random, sticks);
        uint32_t host = (uint32_t)eki_random_below(random, hosts);
        if (fallen[host])
            dirty[stick] = true;
        else if (dirty[stick] && eki_random_unit(random) < success)
            fallen[host] = true, count++;
    }
    return t;
}

static void sticks_carry(void **state)
{
    (void)state;
    enum { HOSTS = 200, RUNS = 300, STICKS = 20 };
    static double ours[RUNS], loops[RUNS];
    struct eki_random random = eki_random_from(8);
    struct eki_sim_subnet subnet;
    struct eki_scenario s = quiet(&subnet, HOSTS, RUNS);
    s.malware.usb_sticks = STICKS;
    s.malware.usb_visits_per_day = 3;
    s.malware.usb_success = .4;
    struct eki_ensemble *e = sim_play(&s, 2);
    for (int i = 0; i < RUNS; i++) {
        ours[i] = e->outcomes[i].reached_s[50];
        loops[i] = carry_by_visits(&random, HOSTS, STICKS, .4);
    }
    eki_ensemble_free(e);
    assert_true(sim_distance(ours, loops, RUNS) < 1.95 * sqrt(2.0 / RUNS));
    double half[2]; /* twice the visits: half the time */
    for (int i = 0; i < 2; i++) {
        s.malware.usb_visits_per_day = 3 * (i + 1);
        e = sim_play(&s, 2);
        half[i] = sim_moments_of(e, 50).mean;
        eki_ensemble_free(e);
    }
    assert_true(fabs(half[0] / half[1] - 2) < .2);
}

/* Behind routers nobody falls to probes; a stick comes in, and from there they reach out. */
static void nat_reaches_out_only(void **state)
{
    (void)state;
    struct eki_scenario s = sim_internet(10000, 4000, 30);
    s.nat = .3;
    s.stop_s = 86400;
    struct eki_ensemble *e = sim_play(&s, 2);
    for (uint32_t i = 0; i < e->runs; i++)
        assert_true(abs((int)e->outcomes[i].infected - 7000) < 250); /* 5 standard deviations and the seed */
    eki_ensemble_free(e);
    struct eki_sim_subnet subnets[2] = {
        {.name = "out", .base = eki_address_v4(0x0a000000), .bits = 24, .hosts = 50},
        {.name = "in", .base = eki_address_v4(0x0a000100), .bits = 24, .hosts = 50, .nat = true}};
    struct eki_sim_reach reach[] = {{0, 1}, {1, 0}};
    struct eki_sim_malware worm = {
        .success = 1, .slots = 1, .dead_s = 1, .service_s = 2, .peers = 20, .exploit = true};
    struct eki_scenario n = {.place = EKI_SIM_NETWORK,
                             .hosts = 100,
                             .subnets = subnets,
                             .subnet_count = 2,
                             .reach = reach,
                             .reach_count = 2,
                             .seeds = 1,
                             .runs = 10,
                             .stop_s = 36000,
                             .seed = 1,
                             .hash = 5,
                             .malware = worm};
    e = sim_play(&n, 1);
    for (uint32_t i = 0; i < 10; i++) assert_int_equal(e->outcomes[i].infected, 50);
    eki_ensemble_free(e);
    n.malware.usb_sticks = 10;
    n.malware.usb_visits_per_day = 100;
    n.malware.usb_success = 1;
    e = sim_play(&n, 1);
    for (uint32_t i = 0; i < 10; i++) assert_int_equal(e->outcomes[i].infected, 100);
    eki_ensemble_free(e);
    struct eki_sim_subnet other = subnets[0]; /* the first host is in the first subnet */
    subnets[0] = subnets[1], subnets[1] = other;
    n.malware = worm;
    e = sim_play(&n, 1);
    for (uint32_t i = 0; i < 10; i++) assert_int_equal(e->outcomes[i].infected, 100);
    eki_ensemble_free(e);
}

/* All have fallen within the first hour; from then on each host has its share of a day, those without a
 * backup three of them. What is given back unpatched falls again. */
static void an_organisation_is_restored(void **state)
{
    (void)state;
    struct eki_sim_subnet subnet = {
        .name = "a", .base = eki_address_v4(0x0a000000), .bits = 24, .hosts = 200};
    struct eki_sim_measure restore = {
        .kind = EKI_SIM_RESTORE, .at_s = 7200, .per_day = 100, .share = 1, .rebuild = 3};
    struct eki_scenario s = {
        .place = EKI_SIM_NETWORK,
        .hosts = 200,
        .subnets = &subnet,
        .subnet_count = 1,
        .measures = &restore,
        .measure_count = 1,
        .seeds = 1,
        .runs = 10,
        .stop_s = 30 * 86400,
        .seed = 1,
        .hash = 5,
        .malware = {
            .success = 1, .slots = 1, .dead_s = 1, .service_s = 5, .active_s = 3600, .exploit = true}};
    double days = 0, before = -1;
    for (int i = 0; i < 3; i++) {
        subnet.no_backup = i / 2.0;
        struct eki_ensemble *e = sim_play(&s, 2);
        for (uint32_t k = 0; k < e->runs; k++) {
            const struct eki_sim_outcome *o = &e->outcomes[k];
            assert_int_equal(o->restored, 200);
            assert_int_equal(o->again, 0);
            days = (o->restored_s - 7200) / 86400;
            assert_true(fabs(days - (200 + 2.0 * o->lost) / 100) < 1e-6);
            assert_true(i == 1 ? abs((int)o->lost - 100) < 36 : o->lost == (i ? 200 : 0));
        }
        eki_ensemble_free(e);
    }
    subnet.no_backup = 0;
    s.stop_s = 3 * 86400;
    s.runs = 4;
    s.malware.dead_s = 60;
    s.malware.active_s = 0;
    for (int i = 0; i < 4; i++) {
        restore.share = 1 - i / 3.0;
        struct eki_ensemble *e = sim_play(&s, 2);
        double again = 0;
        for (uint32_t k = 0; k < e->runs; k++) again += e->outcomes[k].again;
        assert_true(again > before);
        before = again;
        eki_ensemble_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_reaches_its_final_size),
        cmocka_unit_test(sticks_carry),
        cmocka_unit_test(nat_reaches_out_only),
        cmocka_unit_test(an_organisation_is_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
