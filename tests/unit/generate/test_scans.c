/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scanners search in the order they are named after, look-alikes reach what they should, and the large
 * captures have the promised mix.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "generate.h"
#include "trace.h"

enum { SYN = 2, ROOM = 4096, MOST_SOURCES = 4096 };

struct targets {
    uint32_t address[ROOM]; /* in the order of their first probe */
    size_t count;
};

static uint32_t scanner_of(const struct trace *trace)
{
    json_t *scanner = json_array_get(json_object_get(trace->truth, "scanners"), 0);
    return trace_address(json_string_value(json_object_get(scanner, "host")));
}

static struct targets *targets_of(const struct trace *trace, uint16_t port)
{
    struct targets *targets = calloc(1, sizeof *targets);
    uint32_t host = scanner_of(trace);
    json_t *scanner = json_array_get(json_object_get(trace->truth, "scanners"), 0);
    double since = json_real_value(json_object_get(scanner, "since")) - 1e-6;
    assert_non_null(targets);
    for (size_t i = 0; i < trace->count && targets->count < ROOM; i++) {
        const struct trace_packet *p = &trace->packets[i];
        bool known = p->flags != SYN || p->source != host || p->target_port != port || p->protocol != 6 ||
                     p->time < since;
        for (size_t n = 0; n < targets->count && !known; n++) known = targets->address[n] == p->target;
        if (!known) targets->address[targets->count++] = p->target;
    }
    return targets;
}

/* Every target lies `step` after the one before, among those the scan reached (it leaves out itself). */
static void check_steps(const char *command, int64_t step, size_t least)
{
    struct trace trace = trace_make(command);
    struct targets *targets = targets_of(&trace, 445);
    assert_true(targets->count >= least);
    size_t odd = 0;
    for (size_t i = 1; i < targets->count; i++)
        odd += (int64_t)targets->address[i] - (int64_t)targets->address[i - 1] != step;
    assert_true(odd <= 1);
    free(targets);
    trace_free(&trace);
}

static void test_orders(void **state)
{
    (void)state;
    check_steps("scan --kind sequential --seed 31", 1, 250);
    check_steps("scan --kind descending --seed 32", -1, 250);
    check_steps("scan --kind stride --seed 33", 4, 290);
}

static void test_reversed_octets_count_in_the_first(void **state)
{
    (void)state;
    struct trace trace = trace_make("scan --kind octet-reversed --seed 34");
    struct targets *targets = targets_of(&trace, 445);
    assert_true(targets->count > 100);
    size_t counted = 0;
    for (size_t i = 1; i < targets->count; i++) {
        uint32_t now = __builtin_bswap32(targets->address[i]),
                 before = __builtin_bswap32(targets->address[i - 1]);
        counted += now > before && now - before <= 40;
    }
    assert_true(counted + 1 == targets->count);
    free(targets);
    trace_free(&trace);
}

static void test_permuted_repeats_nothing_and_keeps_no_order(void **state)
{
    (void)state;
    struct trace trace = trace_make("scan --kind permuted --seed 35");
    struct targets *targets = targets_of(&trace, 445);
    size_t steps = 0;
    for (size_t i = 1; i < targets->count; i++) steps += targets->address[i] == targets->address[i - 1] + 1;
    assert_true(targets->count >= 250 && steps < 10);
    free(targets);
    trace_free(&trace);
}

static void test_rate_is_kept(void **state)
{
    (void)state;
    struct trace trace =
        trace_make("scan --kind sequential --seed 36 --rate 0.0333 --targets 40 --background 0");
    uint32_t host = scanner_of(&trace);
    double first = -1, last = 0;
    for (size_t i = 0; i < trace.count; i++) {
        if (trace.packets[i].source != host) continue;
        if (first < 0) first = trace.packets[i].time;
        last = trace.packets[i].time;
    }
    assert_true(last - first > 39 / 0.0333 * 0.9 && last - first < 39 / 0.0333 * 1.1);
    trace_free(&trace);
}

static void test_answer_share_is_kept(void **state)
{
    (void)state;
    struct trace trace =
        trace_make("scan --kind random --seed 37 --targets 2000 --answer-share 0.2 --background 0");
    uint32_t host = scanner_of(&trace);
    size_t answers = 0;
    for (size_t i = 0; i < trace.count; i++)
        answers += trace.packets[i].target == host && trace.packets[i].flags == (SYN | 16);
    assert_true(answers > 330 && answers < 470);
    trace_free(&trace);
}

static void test_every_kind_can_be_written(void **state)
{
    (void)state;
    static const char *const kinds[] = {"local",         "known_peers",  "vertical",      "arp",
                                        "ping",          "p2p",          "monitor",       "printer-discovery",
                                        "crawler",       "mailserver",   "dns-resolver",  "backscatter",
                                        "flood-spoofed", "flood-single", "misconfigured", "av-update"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char command[96];
        snprintf(command, sizeof command, "scan --kind %s --seed 38", kinds[i]);
        struct trace trace = trace_make(command);
        uint32_t host = scanner_of(&trace);
        size_t own = 0;
        for (size_t n = 0; n < trace.count; n++)
            own += trace.packets[n].source == host || trace.packets[n].target == host;
        assert_true(own >= 100);
        assert_int_equal(json_array_size(json_object_get(trace.truth, "hosts")), 0);
        trace_free(&trace);
    }
}

static void test_unusable_arguments_are_refused(void **state)
{
    (void)state;
    char *unknown_worm[] = {(char[]){"eki-generate"}, (char[]){"melissa"}, NULL};
    char *unknown_kind[] = {(char[]){"eki-generate"}, (char[]){"scan"}, (char[]){"--kind"},
                            (char[]){"sideways"}, NULL};
    char *no_number[] = {(char[]){"eki-generate"}, (char[]){"slammer"}, (char[]){"--hosts"}, (char[]){"many"},
                         NULL};
    assert_int_equal(generate_run(2, unknown_worm), 2);
    assert_int_equal(generate_run(4, unknown_kind), 1);
    assert_int_equal(generate_run(4, no_number), 2);
}

static void test_sweep_has_its_mix(void **state)
{
    (void)state;
    struct trace trace = trace_make("sweep --packets 200000 --seed 39");
    bool *seen = calloc(MOST_SOURCES, sizeof *seen);
    size_t probes = 0, sources = 0;
    double bytes = 0;
    assert_non_null(seen);
    for (size_t i = 0; i < trace.count; i++) {
        const struct trace_packet *p = &trace.packets[i];
        bytes += p->captured;
        assert_true(p->ordered);
        if (p->source >> 8 != 0x0ac800 || p->flags != SYN) continue;
        assert_int_equal(p->target_port, 445);
        probes++;
        sources += !seen[p->source & 255];
        seen[p->source & 255] = true;
    }
    assert_int_equal(trace.count, 200000);
    assert_true(probes > 159000 && probes < 161000);
    assert_int_equal(sources, 200);
    assert_true(bytes / 200000 > 90 && bytes / 200000 < 110);
    free(seen);
    trace_free(&trace);
}

static void test_calm_has_handshakes_and_no_scanner(void **state)
{
    (void)state;
    struct trace trace = trace_make("calm --packets 200000 --seed 40");
    double bytes = 0;
    size_t opened = 0, agreed = 0;
    for (size_t i = 0; i < trace.count; i++) {
        bytes += trace.packets[i].captured;
        opened += trace.packets[i].flags == SYN;
        agreed += trace.packets[i].flags == (SYN | 16);
    }
    assert_int_equal(trace.count, 200000);
    assert_true(opened > 5000 && agreed * 10 > opened * 8);
    /* A short run has more handshakes than a long one: 16,384 connections begin at once. */
    assert_true(bytes / 200000 > 200 && bytes / 200000 < 280);
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_reversed_octets_count_in_the_first),
        cmocka_unit_test(test_permuted_repeats_nothing_and_keeps_no_order),
        cmocka_unit_test(test_rate_is_kept),
        cmocka_unit_test(test_answer_share_is_kept),
        cmocka_unit_test(test_every_kind_can_be_written),
        cmocka_unit_test(test_unusable_arguments_are_refused),
        cmocka_unit_test(test_sweep_has_its_mix),
        cmocka_unit_test(test_calm_has_handshakes_and_no_scanner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
