/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_CLOCK_H
#define EKI_SIM_CLOCK_H
/*
 * Measures as the Internet engines see them: what is in force now, when that changes next, and which infected
 * hosts are active. Hosts become active `latency_s` after their infection and silent some constant time
 * later, so in the order of infection the active ones are one window.
 */
#include "sim/simulator.h"

struct eki_sim_clock {
    size_t next_measure;
    double throttle, dropped;           /* factors of the rate, share of the probes lost */
    double slow_hosts, slow_share;      /* a throttle on some hosts: how many, to what share of their rate */
    double isolate_from, isolate_after; /* isolation in force from then on; infinity when not */
    double
        alive_s; /* from infection until a host is silent by itself: probe limit, reboot; infinity without */
    uint64_t hour;                         /* since midnight before the start */
    double hour_s, hour_ends;              /* factor of the rates in it, when it ends; infinity without */
    const struct eki_sim_measure *restore; /* in force; NULL when not */
    double patch;        /* share to be patched now; the engine sets it to 0 when it has done so */
    bool stopped;        /* a kill switch fired */
    uint32_t head, tail; /* infections head..tail-1 are active */
};

/* At the start of a run. */
struct eki_sim_clock eki_sim_clock_start(const struct eki_scenario *scenario);

/* Probes a second of all active hosts together, and of those the share that arrives. */
double eki_sim_clock_rate(const struct eki_sim_clock *clock, const struct eki_scenario *scenario);

/* The same for so many active hosts. */
double eki_sim_clock_rate_of(const struct eki_sim_clock *clock, const struct eki_scenario *scenario,
                             double active);

/* Whether a hit of this host falls away because it alone is throttled: thinning, exact (Lewis, Shedler 1979).
 */
bool eki_sim_clock_skips(const struct eki_sim_clock *clock, struct eki_simulator *simulator, uint32_t source);

/* The share of the rate of all that is sent on average, throttles on some hosts considered. */
double eki_sim_clock_sent(const struct eki_sim_clock *clock);

/* When a host that was infected at t falls silent, as things stand. */
double eki_sim_clock_silent_at(const struct eki_sim_clock *clock, double t);

/* When rates change whatever the hosts do: a measure, the hour, the end. */
double eki_sim_clock_next_change(const struct eki_sim_clock *clock, const struct eki_scenario *scenario);

/* When something changes next: a measure, a host that becomes active or silent, the end. */
double eki_sim_clock_next(const struct eki_sim_clock *clock, const struct eki_simulator *simulator);

/* Brings measures up to simulator->now; head and tail are moved by the engine, by means of the two below. */
void eki_sim_clock_advance(struct eki_sim_clock *clock, const struct eki_simulator *simulator);

/* True when the infection at `tail` is active by now, or that at `head` silent by now. */
bool eki_sim_clock_wakes(const struct eki_sim_clock *clock, const struct eki_simulator *simulator);
bool eki_sim_clock_silences(const struct eki_sim_clock *clock, const struct eki_simulator *simulator);

#endif
