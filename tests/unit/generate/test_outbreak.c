/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every outbreak of the generator must be: repeatable, a capture that libpcap reads, and a truth that is
 * a forest in order of time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace.h"

static const char *const worms[] = {"slammer --size 18", "codered1 --size 18", "codered2 --packets 150000",
                                    "blaster",           "mirai --size 18",    "wannacry",
                                    "notpetya",          "badrabbit"};

enum { WORM_COUNT = sizeof worms / sizeof worms[0] };

static struct trace make(const char *worm, const char *more)
{
    char command[256];
    snprintf(command, sizeof command, "%s --hosts 8 %s", worm, more);
    return trace_make(command);
}

static bool same_packets(const struct trace *a, const struct trace *b)
{
    return a->count == b->count && !memcmp(a->packets, b->packets, a->count * sizeof *a->packets) &&
           json_equal(a->truth, b->truth);
}

static void test_same_seed_same_outbreak(void **state)
{
    (void)state;
    for (int i = 0; i < WORM_COUNT; i++) {
        struct trace first = make(worms[i], "--seed 5"), again = make(worms[i], "--seed 5"),
                     other = make(worms[i], "--seed 6");
        assert_true(same_packets(&first, &again));
        assert_false(same_packets(&first, &other));
        trace_free(&first);
        trace_free(&again);
        trace_free(&other);
    }
}

static void test_capture_is_well_formed(void **state)
{
    (void)state;
    for (int i = 0; i < WORM_COUNT; i++) {
        struct trace trace = make(worms[i], "--seed 9");
        assert_int_equal(trace.count, json_integer_value(json_object_get(trace.truth, "packets")));
        assert_true(trace.count > 1000);
        for (size_t n = 0; n < trace.count; n++) {
            const struct trace_packet *p = &trace.packets[n];
            assert_true(p->ordered && p->checksum_right);
            if (!p->arp) assert_int_equal(p->wire, p->ip_length + 14);
        }
        trace_free(&trace);
    }
}

/* The place of a host in the list of infected hosts, -1 when it is not there. */
static int place_of(const json_t *hosts, const char *address)
{
    size_t index;
    json_t *host;
    json_array_foreach(hosts, index, host) if (!strcmp(json_string_value(json_object_get(host, "host")),
                                                       address)) return (int)index;
    return -1;
}

static void check_forest(const struct trace *trace)
{
    const json_t *hosts = json_object_get(trace->truth, "hosts");
    assert_true(json_array_size(hosts) >= 4);
    double before = -1e9;
    size_t index;
    json_t *host;
    json_array_foreach(hosts, index, host)
    {
        double at = json_real_value(json_object_get(host, "infected_at"));
        const char *parent = json_string_value(json_object_get(host, "parent"));
        assert_true(at >= before);
        before = at;
        if (!index) {
            assert_null(parent);
            continue;
        }
        assert_non_null(parent);
        int place = place_of(hosts, parent);
        assert_true(place >= 0 && place < (int)index);
        assert_true(json_is_true(json_object_get(host, "visible")) &&
                    json_is_true(json_object_get(host, "met")));
    }
    json_t *attack;
    json_array_foreach(json_object_get(trace->truth, "attacked_in_vain"), index, attack)
        assert_int_equal(place_of(hosts, json_string_value(json_object_get(attack, "target"))), -1);
}

static void test_truth_is_a_forest_in_time(void **state)
{
    (void)state;
    for (int i = 0; i < WORM_COUNT; i++) {
        struct trace trace = make(worms[i], "--seed 3");
        check_forest(&trace);
        trace_free(&trace);
    }
}

static void test_loss_loses_that_share(void **state)
{
    (void)state;
    struct trace whole = make("wannacry", "--seed 4"), part = make("wannacry", "--seed 4 --loss 0.3");
    double share = (double)part.count / (double)whole.count;
    assert_true(share > 0.68 && share < 0.72);
    assert_int_equal(json_array_size(json_object_get(whole.truth, "hosts")),
                     json_array_size(json_object_get(part.truth, "hosts")));
    trace_free(&whole);
    trace_free(&part);
}

static void test_one_sensor_sees_its_hosts_only(void **state)
{
    (void)state;
    struct trace whole = make("notpetya", "--seed 4"), part = make("notpetya", "--seed 4 --sensors 3");
    assert_true(part.count * 10 < whole.count * 8 && part.count * 10 > whole.count * 2);
    trace_free(&whole);
    trace_free(&part);
}

static void test_no_implant_captures_headers_only(void **state)
{
    (void)state;
    struct trace trace = make("wannacry", "--seed 4 --no-implant");
    size_t cut = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        if (p->protocol == 6 || p->protocol == 17) assert_int_equal(p->captured, p->headers);
        cut += p->wire > p->captured;
    }
    assert_true(cut > 100);
    trace_free(&trace);
}

static void test_arp_stands_for_silent_neighbours(void **state)
{
    (void)state;
    struct trace trace = make("wannacry", "--seed 4 --arp");
    uint32_t patient = trace_patient_zero(&trace);
    size_t asked = 0;
    for (size_t i = 0; i < trace.count; i++)
        asked += trace.packets[i].arp == 1 && trace.packets[i].source == patient;
    assert_true(asked > 200);
    trace_free(&trace);
}

static void test_victims_knew_the_service_before(void **state)
{
    (void)state;
    struct trace trace = trace_make("wannacry --hosts 20 --seed 8");
    uint32_t patient = trace_patient_zero(&trace);
    double start = json_real_value(
        json_object_get(json_array_get(json_object_get(trace.truth, "hosts"), 0), "infected_at"));
    size_t earlier = 0;
    for (size_t i = 0; i < trace.count && trace.packets[i].time < start; i++)
        earlier += trace.packets[i].target_port == 445 && trace.packets[i].flags == 2 &&
                   trace.packets[i].source != patient;
    assert_true(earlier >= 3);
    trace_free(&trace);
}

struct case_of_interest {
    size_t two_attackers, own_parent, again;
};

/* Counts what fools simple rules: contacts on 445 of an infected `source` with this host. */
static struct case_of_interest contacts_with(const struct trace *trace, json_t *host)
{
    struct case_of_interest found = {0};
    uint32_t self = trace_address(json_string_value(json_object_get(host, "host")));
    uint32_t parent = trace_address(json_string_value(json_object_get(host, "parent")));
    double fell = json_real_value(json_object_get(host, "infected_at"));
    json_t *other;
    size_t index;
    json_array_foreach(json_object_get(trace->truth, "hosts"), index, other)
    {
        uint32_t source = trace_address(json_string_value(json_object_get(other, "host")));
        double since = json_real_value(json_object_get(other, "infected_at"));
        size_t before = 0, after = 0;
        for (size_t i = 0; i < trace->count; i++) {
            const struct trace_packet *p = &trace->packets[i];
            if (p->flags != 2 || p->target_port != 445 || p->time < since) continue;
            if (p->source == source && p->target == self) *(p->time < fell ? &before : &after) += 1;
            found.own_parent += !index && p->source == self && p->target == parent && p->time > fell;
        }
        found.two_attackers += source != parent && before;
        found.again += after > 0;
    }
    return found;
}

static void test_what_fools_simple_rules_happens(void **state)
{
    (void)state;
    static const char *const names[] = {"wannacry --hosts 20 --seed 12 --rate 0",
                                        "notpetya --hosts 20 --seed 12"};
    for (size_t n = 0; n < 2; n++) {
        struct trace trace = trace_make(names[n]);
        struct case_of_interest all = {0};
        json_t *hosts = json_object_get(trace.truth, "hosts");
        for (size_t i = 1; i < json_array_size(hosts); i++) {
            struct case_of_interest one = contacts_with(&trace, json_array_get(hosts, i));
            all.two_attackers += one.two_attackers;
            all.own_parent += one.own_parent;
            all.again += one.again;
        }
        assert_true(all.two_attackers >= 3 && all.own_parent >= 3 && all.again >= 3);
        trace_free(&trace);
    }
}

/* `make demo` and the documentation quote these. */
static void test_sample_is_the_laboratory_of_the_lecture(void **state)
{
    (void)state;
    static const char *const victims[] = {"192.168.20.30",  "192.168.20.90",  "192.168.20.120",
                                          "192.168.20.162", "192.168.20.190", "192.168.20.230"};
    struct trace trace = trace_make("sample"), again = trace_make("sample --seed 99 --loss 0.5 --hosts 50");
    json_t *hosts = json_object_get(trace.truth, "hosts");
    assert_int_equal(json_array_size(hosts), 7);
    assert_int_equal(trace_patient_zero(&trace), trace_address("192.168.20.161"));
    for (size_t i = 0; i < 6; i++) assert_true(place_of(hosts, victims[i]) > 0);
    double first = json_real_value(json_object_get(json_array_get(hosts, 0), "infected_at"));
    double last = json_real_value(json_object_get(json_array_get(hosts, 6), "infected_at"));
    assert_true(last - first > 270 && last - first < 330);
    assert_true(trace.count > 20000 && trace.count < 110000);
    assert_true(same_packets(&trace, &again));
    trace_free(&trace);
    trace_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_outbreak),
        cmocka_unit_test(test_capture_is_well_formed),
        cmocka_unit_test(test_truth_is_a_forest_in_time),
        cmocka_unit_test(test_loss_loses_that_share),
        cmocka_unit_test(test_one_sensor_sees_its_hosts_only),
        cmocka_unit_test(test_no_implant_captures_headers_only),
        cmocka_unit_test(test_arp_stands_for_silent_neighbours),
        cmocka_unit_test(test_victims_knew_the_service_before),
        cmocka_unit_test(test_sample_is_the_laboratory_of_the_lecture),
        cmocka_unit_test(test_what_fools_simple_rules_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
