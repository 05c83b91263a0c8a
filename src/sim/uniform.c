/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uniform searching over 2^32 addresses, exactly and without misses: with `a` active hosts of `s` probes a
 * second and `n` hosts left that can fall, the next infection comes after an exponential time of rate a s q n
 * / 2^32, its parent is any active host (competing exponentials). Where a rate changes (a host wakes, a
 * measure), the time is drawn again from there, which is exact because the exponential has no memory. Hosts
 * are numbered in the order in which they fall.
 */
#include <math.h>

#include "sim/clock.h"

static const double addresses = 4294967296.0;

enum { STOP_CHECK = 1 << 16 };

/* Each host left is patched with this probability: a binomial number of them. */
static uint32_t patch(struct eki_simulator *s, uint32_t left, double share)
{
    uint32_t patched = 0;
    for (uint32_t i = 0; i < left; i++) patched += eki_random_unit(&s->random) < share;
    return left - patched;
}

static void move_window(struct eki_simulator *s, struct eki_sim_clock *clock)
{
    while (eki_sim_clock_wakes(clock, s)) clock->tail++;
    while (eki_sim_clock_silences(clock, s)) clock->head++;
}

/* Without latency, limits and measures nothing changes between infections: the common case, and the fastest.
 */
static bool is_plain(const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    return m->latency_s <= 0 && m->active_s <= 0 && !m->probe_limit && !scenario->measure_count &&
           !scenario->daily_on;
}

static enum eki_error play_plain(struct eki_simulator *s, double success)
{
    const struct eki_scenario *scenario = s->scenario;
    const struct eki_sim_malware *m = &scenario->malware;
    const double stop_s = scenario->stop_s, cap = m->cap_per_s > 0 ? m->cap_per_s : INFINITY;
    for (uint32_t left = scenario->hosts - s->count; left; left--) {
        if (!(left % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        double all = (double)s->count * m->rate_per_s, rate = all < cap ? all : cap;
        double wait = eki_sim_wait(s, rate * success * (double)left);
        if (s->now + wait > stop_s) {
            s->probes += rate * (stop_s - s->now);
            s->now = stop_s;
            return EKI_OK;
        }
        s->now += wait;
        s->probes += rate * wait;
        eki_sim_infect(s, s->count, (uint32_t)eki_random_below(&s->random, s->count));
    }
    return EKI_OK;
}

enum eki_error eki_sim_play_uniform(struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_clock clock = eki_sim_clock_start(scenario);
    double success = scenario->malware.success / addresses;
    for (uint32_t i = 0; i < scenario->seeds; i++) eki_sim_infect(s, i, EKI_SIM_SEED);
    if (is_plain(scenario)) return play_plain(s, success);
    uint32_t left = scenario->hosts - scenario->seeds;
    for (uint32_t turn = 1; s->now < scenario->stop_s; turn++) {
        if (!(turn % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        eki_sim_clock_advance(&clock, s);
        if (clock.patch > 0) left = patch(s, left, clock.patch), clock.patch = 0;
        move_window(s, &clock);
        double next = eki_sim_clock_next(&clock, s), rate = eki_sim_clock_rate(&clock, scenario);
        double hits = rate * (1 - clock.dropped) * success * (double)left;
        double wait = hits > 0 ? eki_sim_wait(s, hits) : INFINITY;
        bool infects = s->now + wait < next;
        if (!infects) wait = next - s->now;
        if (isinf(wait) || (!left && clock.head == clock.tail && clock.tail == s->count)) break;
        s->now += wait;
        s->probes += rate * wait * eki_sim_clock_sent(&clock);
        if (!infects) continue;
        uint32_t parent = clock.head + (uint32_t)eki_random_below(&s->random, clock.tail - clock.head);
        if (eki_sim_clock_skips(&clock, s, s->infections[parent].host)) continue;
        eki_sim_infect(s, s->count, parent);
        left--;
    }
    return EKI_OK;
}
