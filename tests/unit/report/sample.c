/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>

static void *take(struct sample *sample, size_t count, size_t size)
{
    void *block = eki_arena_take(&sample->arena, count ? count : 1, size);
    if (!block) abort();
    return block;
}

static struct eki_address near_host(unsigned last)
{
    return eki_address_v4(0xc0a81400u + last);
}

static eki_time later(eki_time origin, double seconds)
{
    return origin + (eki_time)(seconds * 1e9);
}

static struct eki_input *add_input(struct sample *sample, eki_time origin, double seconds)
{
    struct eki_input *input = take(sample, 1, sizeof *input);
    *input = (struct eki_input){.path = "office.pcap",
                                .format = "pcap",
                                .packets = 18211,
                                .flows = 412,
                                .bytes = 9000123,
                                .first = origin,
                                .last = later(origin, seconds)};
    sample->result.inputs = input;
    sample->result.input_count = 1;
    sample->result.origin = origin;
    sample->result.end = input->last;
    sample->result.packets = input->packets;
    sample->result.flows = input->flows;
    sample->result.contacts = 9044;
    sample->result.hosts = 254;
    return input;
}

struct sample sample_nothing(void)
{
    struct sample sample = {.result = {.origin = EKI_TIME_NONE, .end = EKI_TIME_NONE}};
    return sample;
}

enum { NEAR = 254, FAR = 900 };

static void add_probes(struct sample *sample, struct eki_scanner *scanner, eki_time start, double seconds)
{
    struct eki_probe *probes = take(sample, NEAR + FAR, sizeof *probes);
    struct eki_reach_point *reach = take(sample, 60, sizeof *reach);
    uint32_t noise = 12345;
    for (unsigned i = 0, near = 0; i < NEAR + FAR; i++) {
        bool is_near = near < NEAR && i % 4 == 0;
        noise = noise * 1664525u + 1013904223u;
        probes[i].time = later(start, seconds * i / (NEAR + FAR));
        probes[i].weight = 1;
        probes[i].target = is_near ? near_host(++near) : eki_address_v4(noise);
        probes[i].answered = is_near && near % 3 == 0;
    }
    for (unsigned i = 0; i < 60; i++) {
        double t = eki_time_since(start, sample->result.origin) + seconds * (i + 1) / 60;
        reach[i] = (struct eki_reach_point){t, (uint64_t)(NEAR + FAR) * (i + 1) / 60};
    }
    scanner->probes = probes;
    scanner->probe_count = NEAR + FAR;
    scanner->reach = reach;
    scanner->reach_count = 60;
}

static struct eki_scanner scanner_at(struct sample *sample, struct eki_address host, eki_time start,
                                     double seconds)
{
    struct eki_scanner scanner = {.host = host,
                                  .protocol = 6,
                                  .service = 445,
                                  .verdict = EKI_VERDICT_SCANNER,
                                  .reason = "addresses tried in order",
                                  .first = start,
                                  .last = later(start, seconds),
                                  .since = start,
                                  .packet = 17,
                                  .targets = NEAR + FAR,
                                  .answered = NEAR / 3,
                                  .refused = 4,
                                  .rate_per_s = (NEAR + FAR) / seconds,
                                  .evidence = 41.5,
                                  .decided_after = 9,
                                  .decided_at = later(start, 1.25)};
    scanner.strategies[0] = (struct eki_strategy_finding){.name = EKI_STRATEGY_SEQUENTIAL,
                                                          .probes = NEAR,
                                                          .pass_seconds = seconds,
                                                          .order = "ascending",
                                                          .first = start,
                                                          .last = later(start, seconds)};
    scanner.strategies[0].posterior[EKI_STRATEGY_SEQUENTIAL] = 0.98;
    scanner.strategies[0].posterior[EKI_STRATEGY_UNKNOWN] = 0.02;
    scanner.strategies[1] = (struct eki_strategy_finding){.name = EKI_STRATEGY_RANDOM,
                                                          .probes = FAR,
                                                          .order = "",
                                                          .first = start,
                                                          .last = later(start, seconds)};
    scanner.strategies[1].posterior[EKI_STRATEGY_RANDOM] = 1;
    add_probes(sample, &scanner, start, seconds);
    return scanner;
}

struct sample sample_scanning(eki_time origin)
{
    struct sample sample = {0};
    add_input(&sample, origin, 300);
    struct eki_scanner *scanners = take(&sample, 1, sizeof *scanners);
    scanners[0] = scanner_at(&sample, near_host(161), origin, 290);
    sample.result.scanners = scanners;
    sample.result.scanner_count = 1;
    return sample;
}

static unsigned last_octet(size_t i)
{
    return (unsigned)((161 + i * 29) % 250 + 1);
}

static struct eki_address infected_host(size_t i)
{
    return i < 250 ? near_host(last_octet(i)) : eki_address_v4(0xc0a81500u + (uint32_t)i);
}

static void add_infections(struct sample *sample, struct eki_outbreak *outbreak, size_t infected)
{
    struct eki_infection *infections = take(sample, infected, sizeof *infections);
    struct eki_curve_point *curve = take(sample, infected, sizeof *curve);
    eki_time origin = sample->result.origin;
    for (size_t i = 0; i < infected; i++) {
        struct eki_infection *infection = &infections[i];
        *infection = (struct eki_infection){.host = infected_host(i),
                                            .time = later(origin, 2.5 + 42.0 * (double)i),
                                            .error_s = 0.8,
                                            .parent_posterior = i ? 0.93 : 0.88,
                                            .has_parent = i > 0,
                                            .evidence = i ? EKI_EVIDENCE_IMPLANT : EKI_EVIDENCE_SCAN,
                                            .packet_first = i ? 1000 + i * 40 : 0,
                                            .packet_last = i ? 1030 + i * 40 : 0,
                                            .scans = i % 2 == 0,
                                            .scan_start = i % 2 == 0 ? later(origin, 3.5 + 42.0 * (double)i)
                                                                     : EKI_TIME_NONE};
        if (i) infection->parent = infected_host((i - 1) / 3);
        if (i) infection->generation = infections[(i - 1) / 3].generation + 1;
        if (i > 2) {
            infection->runners_up[0] =
                (struct eki_candidate){.host = infected_host(1), .posterior = 0.05, .time = infection->time};
            infection->runners_up[1] =
                (struct eki_candidate){.outside = true, .posterior = 0.02, .time = infection->time};
            infection->runner_up_count = 2;
        }
        curve[i] = (struct eki_curve_point){2.5 + 42.0 * (double)i, i + 1};
    }
    outbreak->infections = infections;
    outbreak->infection_count = outbreak->curve_count = infected;
    outbreak->curve = curve;
    outbreak->patient_zero = infections[0].host;
    outbreak->has_patient_zero = true;
    outbreak->patient_zero_posterior = 0.88;
    outbreak->zeros[0] = (struct eki_candidate){.host = infections[0].host, .posterior = 0.88};
    outbreak->zero_count = 1;
}

static void add_wire(struct sample *sample, struct eki_outbreak *outbreak)
{
    static const struct {
        double after;
        bool from_source;
        const char *what, *value;
    } steps[] = {{-2, true, "connection request", ""},          {-1.998, false, "reply", ""},
                 {-1.5, true, "{1} (exploit)", "eternalblue"},  {-0.4, false, "{1}: complete", "eternalblue"},
                 {-0.2, true, "{1} (implant)", "doublepulsar"}, {0, false, "{1}: complete", "doublepulsar"}};
    struct eki_wire_step *wire = take(sample, 6, sizeof *wire);
    for (size_t i = 0; i < 6; i++) {
        wire[i] = (struct eki_wire_step){.time = later(outbreak->infections[1].time, steps[i].after),
                                         .packet = 1040 + i * 3,
                                         .from_source = steps[i].from_source,
                                         .what = steps[i].what};
        snprintf(wire[i].value, sizeof wire[i].value, "%s", steps[i].value);
    }
    struct eki_wire *wires = take(sample, outbreak->infection_count, sizeof *wires);
    wires[1].count = 6;
    outbreak->steps = wire;
    outbreak->step_count = 6;
    outbreak->wires = wires;
    outbreak->wire_infection = 1;
}

static void add_signs(struct sample *sample, const struct eki_outbreak *outbreak)
{
    size_t count = outbreak->infection_count - 1;
    struct eki_sign *signs = take(sample, count, sizeof *signs);
    for (size_t i = 0; i < count; i++) {
        const struct eki_infection *infection = &outbreak->infections[i + 1];
        signs[i] = (struct eki_sign){.id = i + 1,
                                     .name = i % 2 ? "eternalblue" : "doublepulsar",
                                     .family = i % 2 ? "" : "wannacry",
                                     .technique = "T1210",
                                     .source = infection->parent,
                                     .target = infection->host,
                                     .first = infection->time - EKI_SECOND,
                                     .last = infection->time,
                                     .packet_first = infection->packet_first,
                                     .packet_last = infection->packet_last,
                                     .count = 12,
                                     .service = 445,
                                     .protocol = 6,
                                     .grade = EKI_GRADE_IMPLANT,
                                     .vector = true,
                                     .automated = true};
        snprintf(signs[i].detail, sizeof signs[i].detail, "32 uploads to the implant acknowledged (MID 82)");
    }
    sample->result.signs = signs;
    sample->result.sign_count = count;
}

struct sample sample_outbreak(eki_time origin, size_t infected)
{
    struct sample sample = {0};
    add_input(&sample, origin, 42.0 * (double)infected + 30);
    struct eki_outbreak *outbreak = take(&sample, 1, sizeof *outbreak);
    *outbreak = (struct eki_outbreak){.id = 1,
                                      .protocol = 6,
                                      .service = 445,
                                      .vectors = {"exploit"},
                                      .vector_count = 1,
                                      .family = {"wannacry", 0.91},
                                      .families = {{"notpetya", 0.22}},
                                      .family_count = 1,
                                      .route = "airborne",
                                      .countermeasure_class = "I",
                                      .known = "known",
                                      .growth = {true, 0.0165, 0.012, 0.021, 42, 2.1, 1.6, 2.7, 60}};
    add_infections(&sample, outbreak, infected);
    struct eki_failed_attempt *failed = take(&sample, 2, sizeof *failed);
    for (unsigned i = 0; i < 2; i++)
        failed[i] = (struct eki_failed_attempt){
            near_host(161), near_host(7 + i), 3, later(origin, 20 + i * 30), later(origin, 40 + i * 60),
            "eternalblue"};
    outbreak->failed = failed;
    outbreak->failed_count = 2;
    if (infected > 1) {
        add_wire(&sample, outbreak);
        add_signs(&sample, outbreak);
    }
    size_t searching = (infected + 1) / 2;
    struct eki_scanner *scanners = take(&sample, searching, sizeof *scanners);
    for (size_t i = 0; i < searching; i++)
        scanners[i] = scanner_at(&sample, infected_host(i * 2), later(origin, 3.5 + 84.0 * (double)i), 120);
    sample.result.scanners = scanners;
    sample.result.scanner_count = searching;
    sample.result.outbreaks = outbreak;
    sample.result.outbreak_count = 1;
    return sample;
}

struct sample sample_hostile(void)
{
    struct sample sample = sample_outbreak(0, 3);
    struct eki_input *inputs = take(&sample, 2, sizeof *inputs);
    inputs[0] = sample.result.inputs[0];
    inputs[0].path = "<script>alert(\"1\")</script> & 'x'\n\x1b[31m\x01.pcap";
    inputs[1] = (struct eki_input){.path = "b\xff\xfe\xe2\x80\xae]]>.pcap",
                                   .format = "pcap",
                                   .first = EKI_TIME_NONE,
                                   .last = EKI_TIME_NONE,
                                   .truncated = true,
                                   .error = EKI_ERROR_TRUNCATED,
                                   .fault = {4711, "<b>cut</b>"}};
    struct eki_sign *signs = take(&sample, sample.result.sign_count, sizeof *signs);
    for (size_t i = 0; i < sample.result.sign_count; i++) {
        signs[i] = sample.result.signs[i];
        snprintf(signs[i].detail, sizeof signs[i].detail, "</td><script>%s", "\x1b]0;x\x07 \xc3 -->");
    }
    struct eki_limit *limits = take(&sample, 1, sizeof *limits);
    limits[0] = (struct eki_limit){"pending contacts", 12,
                                   "judged before their answers were all in, because too many came at once"};
    sample.result.limits = limits;
    sample.result.limit_count = 1;
    sample.result.signs = signs;
    sample.result.inputs = inputs;
    sample.result.input_count = 2;
    return sample;
}

void sample_done(struct sample *sample)
{
    eki_arena_done(&sample->arena);
}
