/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files from bytes; what is a scenario and small is played once, and its tree must be one. */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ekigaku/simulation.h"

static bool is_small(const struct eki_scenario *s)
{
    const struct eki_sim_malware *m = &s->malware;
    if (s->hosts > 500 || s->stop_s > 2000) return false;
    if (m->mail_addresses > 100 || m->usb_sticks * m->usb_visits_per_day > 1e5) return false;
    for (size_t i = 0; i < s->measure_count; i++)
        if (s->measures[i].per_day > 1e6) return false;
    if (s->place == EKI_SIM_INTERNET) return m->rate_per_s <= 1e6;
    return m->slots <= 16 && m->dead_s >= .5 && m->service_s >= .5 && m->peers <= 20 &&
           (m->peers_every_s <= 0 || m->peers_every_s >= 60);
}

static void play(const struct eki_scenario *scenario)
{
    struct eki_simulator *simulator;
    struct eki_sim_run run;
    if (eki_simulator_new(scenario, &simulator)) return;
    if (!eki_simulator_run(simulator, 1, NULL, &run)) {
        if (run.count - run.again > scenario->hosts || run.again > run.restored) abort();
        for (uint32_t i = 0; i < run.count; i++) {
            uint32_t parent = run.infections[i].parent;
            if (parent != EKI_SIM_SEED && parent >= i) abort();
            if (i && run.infections[i].t < run.infections[i - 1].t) abort();
        }
    }
    eki_simulator_free(simulator);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[64];
    struct eki_scenario *scenario;
    struct eki_fault fault;
    int file = memfd_create("scenario", 0);
    if (file < 0) return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (write(file, bytes, length) == (ssize_t)length && !eki_scenario_read(path, &scenario, &fault)) {
        if (is_small(scenario)) play(scenario);
        eki_scenario_free(scenario);
    }
    close(file);
    return 0;
}
