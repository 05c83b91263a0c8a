/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that hold the engines against laws: scaling, rate limits, final sizes, a model in discrete time,
 * recovery. */
#include <math.h>

#include "atlas/worlds.h"
#include "base/memory.h"

static const double addresses = 4294967296.0;

static double from_1_to_5(const struct eki_sim_outcome *o)
{
    return o->reached_s[5] - o->reached_s[1];
}

/* Half of the hosts limited to a tenth: growth by 1 - a + a b2/b1 = 0.55 of what it was (Wong et al. 2004).
 */
enum eki_error eki_atlas_limited(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_sim_measure limit = {.kind = EKI_SIM_THROTTLE, .share = .1, .hosts = .5};
    struct eki_scenario s = eki_atlas_internet(play, 75000, 4000, 200);
    struct eki_atlas_value free, limited;
    enum eki_error error = eki_atlas_mean(play, &s, from_1_to_5, &free);
    s.measures = &limit;
    s.measure_count = 1;
    if (!error) error = eki_atlas_mean(play, &s, from_1_to_5, &limited);
    if (error) return error;
    ret_value->mean = free.mean / limited.mean;
    ret_value->error = ret_value->mean * hypot(free.error / free.mean, limited.error / limited.mean);
    return EKI_OK;
}

static double size(const struct eki_sim_outcome *o)
{
    return o->infected;
}

/* Ten times the hosts against ten times the rate, from the same share of first hosts: the share infected
 * after a day. The rate is that of Code Red v2 (358 a minute) slowed down, so that this is about half. */
enum eki_error eki_atlas_scaled(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum { FEW = 36000, SEEDS = 100 };
    const double rate = 358.0 / 60 * 3.27 / 24;
    struct eki_scenario few = eki_atlas_internet(play, FEW, 10 * rate, 400),
                        many = eki_atlas_internet(play, 10 * FEW, rate, 100);
    struct eki_atlas_value a, b;
    few.stop_s = many.stop_s = 86400;
    few.seeds = SEEDS, many.seeds = 10 * SEEDS;
    enum eki_error error = eki_atlas_mean(play, &few, size, &a);
    if (!error) error = eki_atlas_mean(play, &many, size, &b);
    if (error) return error;
    ret_value->mean = b.mean / (10 * FEW) - a.mean / FEW;
    ret_value->error = hypot(b.error / (10 * FEW), a.error / FEW);
    return EKI_OK;
}

/* Hosts that infect R = 2 others before they are isolated. */
enum eki_error eki_atlas_removed(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum { HOSTS = 100000 };
    struct eki_sim_measure isolate = {.kind = EKI_SIM_ISOLATE, .after_s = 2 * addresses / (4000.0 * HOSTS)};
    struct eki_scenario s = eki_atlas_internet(play, HOSTS, 4000, 100);
    s.seeds = 10; /* all die out with probability 0.2032^10 */
    s.measures = &isolate;
    s.measure_count = 1;
    enum eki_error error = eki_atlas_mean(play, &s, size, ret_value);
    ret_value->mean /= HOSTS;
    ret_value->error /= HOSTS;
    return error;
}

/* Mail to 15 others, a tenth of which is opened: R = 1.5; nothing else spreads. */
enum eki_error eki_atlas_mailed(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum { HOSTS = 50000 };
    struct eki_scenario s = eki_atlas_internet(play, HOSTS, 1e-9, 40);
    s.seeds = 20; /* all die out with probability 0.4172^20 */
    s.malware.mail_addresses = 15;
    s.malware.mail_opened = .1;
    s.malware.mail_delay_s = 3600;
    enum eki_error error = eki_atlas_mean(play, &s, size, ret_value);
    ret_value->mean /= HOSTS;
    ret_value->error /= HOSTS;
    return error;
}

static double at_50(const struct eki_sim_outcome *o)
{
    return o->reached_s[50];
}

/* The analytical active worm propagation model (Chen, Gao, Kwiat 2003), without deaths and patches, in steps
 * of a second: n' = n + (N - n)(1 - (1 - 1/T)^(s n)); its time to half of Code Red v2 from 1,000 hosts. */
static double aawp_half(double hosts, double rate, double n)
{
    double t = 0;
    for (; n < hosts / 2; t++) n += (hosts - n) * -expm1(rate * n * log1p(-1 / addresses));
    return t;
}

enum eki_error eki_atlas_aawp(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum { HOSTS = 359000, SEEDS = 1000 };
    struct eki_scenario s = eki_atlas_internet(play, HOSTS, 358.0 / 60, 40);
    s.seeds = SEEDS;
    enum eki_error error = eki_atlas_mean(play, &s, at_50, ret_value);
    double half = aawp_half(HOSTS, s.malware.rate_per_s, SEEDS);
    ret_value->mean /= half;
    ret_value->error /= half;
    return error;
}

static double days_of_work(const struct eki_sim_outcome *o)
{
    return (o->restored_s - 3600) / 86400;
}

/* 49,000 hosts that all fell within the hour. */
enum eki_error eki_atlas_restored(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_sim_measure restore = {.kind = EKI_SIM_RESTORE, .at_s = 3600, .per_day = 4900, .share = 1};
    struct eki_scenario s = eki_atlas_internet(play, 49000, 40000, 3);
    s.measures = &restore;
    s.measure_count = 1;
    return eki_atlas_mean(play, &s, days_of_work, ret_value);
}
