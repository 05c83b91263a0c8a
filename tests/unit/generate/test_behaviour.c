/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each worm searches as published: shares, orders, speeds, ports and sizes, measured in the captures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace.h"

enum { SYN = 2, CHI_SQUARE_TWO_DEGREES = 14 /* 13.8: one in a thousand */, CHI_SQUARE_ONE_DEGREE = 11 };

static double share_of(double seen, double expected)
{
    return (seen - expected) * (seen - expected) / expected;
}

static bool is_probe(const struct trace_packet *p, uint32_t source, uint16_t port)
{
    return p->protocol == 6 && p->flags == SYN && p->source == source && p->target_port == port;
}

static void test_codered2_prefers_its_neighbourhood(void **state)
{
    (void)state;
    struct trace trace = trace_make("codered2 --hosts 0 --seed 21 --background 0 --duration 160");
    uint32_t patient = trace_patient_zero(&trace);
    double same16 = 0, same8 = 0, other = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        if (!is_probe(p, patient, 80)) continue;
        if (p->target >> 16 == patient >> 16)
            same16++;
        else if (p->target >> 24 == patient >> 24)
            same8++;
        else
            other++;
    }
    double all = same16 + same8 + other;
    assert_true(all > 5000);
    /* Of the draws in the own /8, one in 256 is in the own /16; of those anywhere 33 in 256 are special and
     * not sent. */
    double kept = 7 + 223.0 / 256, unit = all / kept;
    double chi = share_of(same16, unit * (3 + 4 / 256.0)) + share_of(same8, unit * 4 * 255 / 256) +
                 share_of(other, unit * 223 / 256);
    assert_true(chi < CHI_SQUARE_TWO_DEGREES);
    trace_free(&trace);
}

/* Seconds from the first to the last of the addresses .1 to .254 of the own network, each for the first time.
 */
static double pass_seconds(const char *command, bool ordered)
{
    struct trace trace = trace_make(command);
    uint32_t patient = trace_patient_zero(&trace), last = 0;
    bool seen[256] = {0};
    double first_time = -1, last_time = -1;
    size_t count = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        if (!is_probe(p, patient, 445) || p->target >> 8 != patient >> 8 || seen[p->target & 255]) continue;
        seen[p->target & 255] = true;
        if (ordered) assert_true(p->target > last);
        last = p->target;
        if (!count++) first_time = p->time;
        last_time = p->time;
    }
    assert_true(count >= 250);
    trace_free(&trace);
    return last_time - first_time;
}

static void test_wannacry_passes_a_network_in_30_seconds(void **state)
{
    (void)state;
    double seconds =
        pass_seconds("wannacry --hosts 0 --background 0 --seed 22 --duration 120 --rate 0", true);
    assert_true(seconds > 27 && seconds < 33);
}

static void test_notpetya_passes_a_network_in_15_minutes(void **state)
{
    (void)state;
    double seconds = pass_seconds("notpetya --hosts 0 --background 0 --seed 22 --duration 1100", false);
    assert_true(seconds > 850 && seconds < 950);
}

static double seconds_to_infect_all(const char *command, size_t hosts)
{
    struct trace trace = trace_make(command);
    json_t *list = json_object_get(trace.truth, "hosts");
    assert_int_equal(json_array_size(list), hosts + 1);
    double first = json_real_value(json_object_get(json_array_get(list, 0), "infected_at"));
    double last = json_real_value(json_object_get(json_array_get(list, hosts), "infected_at"));
    trace_free(&trace);
    return last - first;
}

/* The lecture: 6 hosts in about 5 minutes, 124 in about 30; one model gives both. */
static void test_wannacry_fits_both_laboratory_outbreaks(void **state)
{
    (void)state;
    double sum = 0;
    for (int seed = 1; seed <= 8; seed++) {
        char command[96];
        snprintf(command, sizeof command, "wannacry --hosts 6 --background 0 --rate 0 --seed %d", seed);
        sum += seconds_to_infect_all(command, 6);
    }
    assert_true(sum / 8 > 230 && sum / 8 < 400);
    double many = seconds_to_infect_all(
        "wannacry --hosts 124 --background 0 --rate 0 --loss 0.98 --seed 3 --duration 4000", 124);
    assert_true(many > 1350 && many < 2250);
}

static void test_wannacry_searches_27_internet_addresses_a_second(void **state)
{
    (void)state;
    struct trace trace = trace_make("wannacry --hosts 0 --background 0 --seed 23 --duration 330");
    uint32_t patient = trace_patient_zero(&trace);
    size_t probes = 0;
    for (size_t i = 0; i < trace.count; i++)
        if (is_probe(&trace.packets[i], patient, 445) && trace.packets[i].target >> 16 != patient >> 16)
            probes++;
    /* About 300 s; every silent address is tried twice. */
    assert_true(probes > 14000 && probes < 18500);
    trace_free(&trace);
}

static void test_mirai_writes_the_target_into_the_sequence(void **state)
{
    (void)state;
    struct trace trace = trace_make("mirai --hosts 0 --background 0 --seed 24 --duration 120");
    uint32_t patient = trace_patient_zero(&trace);
    double telnet = 0, other = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        if (p->flags != SYN || p->source != patient || p->sequence != p->target) continue;
        if (p->target_port == 23)
            telnet++;
        else
            other += p->target_port == 2323;
    }
    double all = telnet + other;
    assert_true(all > 3000);
    assert_true(share_of(telnet, all * 0.9) + share_of(other, all * 0.1) < CHI_SQUARE_ONE_DEGREE);
    trace_free(&trace);
}

static void test_slammer_is_one_datagram_of_404_bytes(void **state)
{
    (void)state;
    struct trace trace = trace_make("slammer --hosts 10 --background 0 --seed 25 --size 18");
    size_t probes = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        if (p->protocol != 17 || p->target_port != 1434) continue;
        assert_int_equal(p->ip_length, 404);
        assert_int_equal(p->payload[0], 4);
        assert_true(p->captured < 60);
        probes++;
    }
    assert_true(probes > 5000);
    trace_free(&trace);
}

/* Every victim of Blaster asked its parent for the program before it fell. */
static void test_blaster_victims_fetch_from_their_parent(void **state)
{
    (void)state;
    struct trace trace = trace_make("blaster --hosts 12 --seed 26");
    json_t *hosts = json_object_get(trace.truth, "hosts"), *host;
    size_t index;
    json_array_foreach(hosts, index, host)
    {
        if (!index) continue;
        uint32_t victim = trace_address(json_string_value(json_object_get(host, "host")));
        uint32_t parent = trace_address(json_string_value(json_object_get(host, "parent")));
        double at = json_real_value(json_object_get(host, "infected_at"));
        size_t fetched = 0;
        for (size_t i = 0; i < trace.count && trace.packets[i].time <= at; i++) {
            const struct trace_packet *p = &trace.packets[i];
            fetched +=
                p->source == victim && p->target == parent && p->target_port == 69 && p->payload[1] == 1;
        }
        assert_true(fetched >= 1);
    }
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codered2_prefers_its_neighbourhood),
        cmocka_unit_test(test_wannacry_passes_a_network_in_30_seconds),
        cmocka_unit_test(test_notpetya_passes_a_network_in_15_minutes),
        cmocka_unit_test(test_wannacry_fits_both_laboratory_outbreaks),
        cmocka_unit_test(test_wannacry_searches_27_internet_addresses_a_second),
        cmocka_unit_test(test_mirai_writes_the_target_into_the_sequence),
        cmocka_unit_test(test_slammer_is_one_datagram_of_404_bytes),
        cmocka_unit_test(test_blaster_victims_fetch_from_their_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
