/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/clock.h"

#include <math.h>

struct eki_sim_clock eki_sim_clock_start(const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    double quota = m->probe_limit ? (double)m->probe_limit / m->rate_per_s : INFINITY;
    return (struct eki_sim_clock){
        .throttle = 1, .isolate_from = INFINITY, .isolate_after = INFINITY, .quota_s = quota};
}

double eki_sim_clock_rate(const struct eki_sim_clock *clock, const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    double rate = (double)(clock->tail - clock->head) * m->rate_per_s * clock->throttle;
    return m->cap_per_s > 0 && rate > m->cap_per_s ? m->cap_per_s : rate;
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
    double isolated = fmax(clock->isolate_from, t + clock->isolate_after);
    return fmin(isolated, t + s->scenario->malware.latency_s + clock->quota_s);
}

double eki_sim_clock_next(const struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    double next = fmin(scenario->stop_s, fmin(waking(clock, s), silencing(clock, s)));
    if (clock->next_measure < scenario->measure_count)
        next = fmin(next, scenario->measures[clock->next_measure].at_s);
    return next;
}

void eki_sim_clock_advance(struct eki_sim_clock *clock, const struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    for (; clock->next_measure < scenario->measure_count; clock->next_measure++) {
        const struct eki_sim_measure *m = &scenario->measures[clock->next_measure];
        if (m->at_s > s->now) break;
        switch (m->kind) {
        case EKI_SIM_PATCH: clock->patch = 1 - (1 - clock->patch) * (1 - m->share); break;
        case EKI_SIM_ISOLATE:
            clock->isolate_from = fmin(clock->isolate_from, m->at_s);
            clock->isolate_after = fmin(clock->isolate_after, m->after_s);
            break;
        case EKI_SIM_THROTTLE: clock->throttle = m->share; break;
        case EKI_SIM_BLOCK: clock->dropped = m->share; break;
        case EKI_SIM_STOP: clock->stopped = true; break;
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
