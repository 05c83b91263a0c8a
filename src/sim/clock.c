/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/clock.h"

#include <math.h>

/* The factor of the hour, and when it ends; hours are counted, so that no rounding shifts them. */
static void set_hour(struct eki_sim_clock *clock, const struct eki_scenario *scenario, uint64_t hour)
{
    clock->hour = hour;
    clock->hour_s = scenario->daily[hour % EKI_SIM_HOURS];
    clock->hour_ends = ((double)(hour + 1) - scenario->start_h) * 3600;
}

struct eki_sim_clock eki_sim_clock_start(const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    double quota = m->probe_limit ? m->latency_s + (double)m->probe_limit / m->rate_per_s : INFINITY;
    struct eki_sim_clock clock = {.throttle = 1,
                                  .isolate_from = INFINITY,
                                  .isolate_after = INFINITY,
                                  .alive_s = m->active_s > 0 ? fmin(quota, m->active_s) : quota,
                                  .hour_s = 1,
                                  .hour_ends = INFINITY};
    if (scenario->daily_on) set_hour(&clock, scenario, (uint64_t)scenario->start_h);
    return clock;
}

double eki_sim_clock_rate_of(const struct eki_sim_clock *clock, const struct eki_scenario *scenario,
                             double active)
{
    const struct eki_sim_malware *m = &scenario->malware;
    double rate = active * m->rate_per_s * clock->throttle * clock->hour_s;
    return m->cap_per_s > 0 && rate > m->cap_per_s ? m->cap_per_s : rate;
}

double eki_sim_clock_rate(const struct eki_sim_clock *clock, const struct eki_scenario *scenario)
{
    return eki_sim_clock_rate_of(clock, scenario, (double)(clock->tail - clock->head));
}

static double waking(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    if (clock->stopped || clock->tail == s->count) return INFINITY;
    return s->infections[clock->tail].t + s->scenario->malware.latency_s;
}

/* The earlier of its quota and its isolation. */
static double silencing(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    if (clock->head == clock->tail) return INFINITY;
    double t = s->infections[clock->head].t;
    return eki_sim_clock_silent_at(clock, t);
}

double eki_sim_clock_silent_at(const struct eki_sim_clock *clock, double t)
{
    return fmin(fmax(clock->isolate_from, t + clock->isolate_after), t + clock->alive_s);
}

double eki_sim_clock_next_change(const struct eki_sim_clock *clock, const struct eki_scenario *scenario)
{
    double next = fmin(scenario->stop_s, clock->hour_ends);
    return clock->next_measure < scenario->measure_count
               ? fmin(next, scenario->measures[clock->next_measure].at_s)
               : next;
}

double eki_sim_clock_next(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    return fmin(eki_sim_clock_next_change(clock, s->scenario), fmin(waking(clock, s), silencing(clock, s)));
}

/* On some hosts only: the rate of all stays, hits of the slow ones are thinned, see eki_sim_clock_skips. */
static void throttle(struct eki_sim_clock *clock, const struct eki_sim_measure *m)
{
    bool some = m->hosts > 0 && m->hosts < 1;
    clock->throttle = some ? 1 : m->share;
    clock->slow_hosts = some ? m->hosts : 0;
    clock->slow_share = m->share;
}

bool eki_sim_clock_skips(const struct eki_sim_clock *clock, struct eki_simulator *s, uint32_t source)
{
    if (clock->slow_hosts <= 0 || eki_sim_draw_for(s, source, 6) >= clock->slow_hosts) return false;
    return eki_random_unit(&s->random) >= clock->slow_share;
}

double eki_sim_clock_sent(const struct eki_sim_clock *clock)
{
    return 1 - clock->slow_hosts * (1 - clock->slow_share);
}

void eki_sim_clock_advance(struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    while (clock->hour_ends <= s->now) set_hour(clock, scenario, clock->hour + 1);
    for (; clock->next_measure < scenario->measure_count; clock->next_measure++) {
        const struct eki_sim_measure *m = &scenario->measures[clock->next_measure];
        if (m->at_s > s->now) break;
        switch (m->kind) {
        case EKI_SIM_PATCH: clock->patch = 1 - (1 - clock->patch) * (1 - m->share); break;
        case EKI_SIM_ISOLATE:
            clock->isolate_from = fmin(clock->isolate_from, m->at_s);
            clock->isolate_after = fmin(clock->isolate_after, m->after_s);
            break;
        case EKI_SIM_THROTTLE: throttle(clock, m); break;
        case EKI_SIM_BLOCK: clock->dropped = m->share; break;
        case EKI_SIM_STOP: clock->stopped = true; break;
        case EKI_SIM_RESTORE: clock->restore = m; break;
        case EKI_SIM_RESET: break; /* no passwords on the Internet */
        }
    }
}

bool eki_sim_clock_wakes(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    return waking(clock, s) <= s->now;
}

bool eki_sim_clock_silences(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    return clock->stopped ? clock->head < clock->tail : silencing(clock, s) <= s->now;
}
