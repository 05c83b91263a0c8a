/* SPDX-License-Identifier: Apache-2.0 */
#include "atlas/worlds.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

static const double addresses = 4294967296.0, hour = 3600, minute = 60;

enum { SLAMMER_HOSTS = 75000, CODERED_HOSTS = 359000, MIRAI_HOSTS = 600000, QUOTA_HOSTS = 360000 };

struct eki_scenario eki_atlas_internet(const struct eki_atlas_play *play, uint32_t hosts, double rate,
                                       uint32_t runs)
{
    return (struct eki_scenario){
        .name = "atlas",
        .place = EKI_SIM_INTERNET,
        .hosts = hosts,
        .seeds = 1,
        .runs = runs,
        .stop_s = 1e9,
        .seed = play->seed,
        .hash = hosts,
        .malware = {.rate_per_s = rate, .success = 1, .shares = {{0, 1}}, .share_count = 1}};
}

static struct eki_scenario world(const struct eki_atlas_play *play, enum eki_atlas_world which)
{
    struct eki_scenario s;
    switch (which) {
    case EKI_ATLAS_SLAMMER:
        s = eki_atlas_internet(play, SLAMMER_HOSTS, 4670, 100);
        s.malware.cap_per_s = 5.5e7;
        return s;
    case EKI_ATLAS_PLAIN: return eki_atlas_internet(play, SLAMMER_HOSTS, 4000, 1000);
    case EKI_ATLAS_CODERED: return eki_atlas_internet(play, CODERED_HOSTS, 358 / minute, 200);
    case EKI_ATLAS_MIRAI:
        s = eki_atlas_internet(play, MIRAI_HOSTS, 200, 200);
        s.malware.success = .0055;
        s.stop_s = 100 * hour;
        return s;
    default:
        s = eki_atlas_internet(play, QUOTA_HOSTS, 100, 4000);
        s.seeds = 10;
        s.malware.probe_limit = 10000;
        return s;
    }
}

enum eki_error eki_atlas_worlds_new(struct eki_atlas_play *play)
{
    play->ensembles = eki_allocate(EKI_ATLAS_WORLDS, sizeof(struct eki_ensemble *));
    return play->ensembles ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_atlas_worlds_free(struct eki_atlas_play *play)
{
    for (int i = 0; play->ensembles && i < EKI_ATLAS_WORLDS; i++) eki_ensemble_free(play->ensembles[i]);
    eki_free(play->ensembles);
}

static enum eki_error run(const struct eki_atlas_play *play, const struct eki_scenario *s,
                          struct eki_ensemble **ret_ensemble)
{
    struct eki_ensemble *ensemble = NULL;
    enum eki_error error =
        eki_ensemble_run(s, &(struct eki_ensemble_options){.threads = 2, .stop = play->stop}, &ensemble);
    if (error) {
        eki_ensemble_free(ensemble);
        return error;
    }
    *ret_ensemble = ensemble;
    return EKI_OK;
}

static enum eki_error played(const struct eki_atlas_play *play, enum eki_atlas_world which,
                             const struct eki_ensemble **ret_ensemble)
{
    enum eki_error error = EKI_OK;
    if (!play->ensembles[which]) {
        struct eki_scenario s = world(play, which);
        error = run(play, &s, &play->ensembles[which]);
    }
    *ret_ensemble = play->ensembles[which];
    return error;
}

static struct eki_atlas_value mean_of(const struct eki_ensemble *e, eki_atlas_figure *of)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < e->runs; i++) {
        double x = of(&e->outcomes[i]);
        sum += x;
        squares += x * x;
    }
    double mean = sum / e->runs, variance = e->runs > 1 ? (squares - sum * mean) / (e->runs - 1) : 0;
    return (struct eki_atlas_value){mean, sqrt(fmax(0, variance) / e->runs)};
}

static enum eki_error mean_in(const struct eki_atlas_play *play, enum eki_atlas_world which,
                              eki_atlas_figure *of, struct eki_atlas_value *ret_value)
{
    const struct eki_ensemble *e;
    enum eki_error error = played(play, which, &e);
    if (!error) *ret_value = mean_of(e, of);
    return error;
}

/* From 1 % to 5 % of the hosts; a logistic curve (Staniford 2002) passes log2((5/95) / (1/99)) doublings of
 * its start there. */
static double doubling(const struct eki_sim_outcome *o)
{
    return (o->reached_s[5] - o->reached_s[1]) / log2(5.0 / 95 * 99);
}
static double at_16(const struct eki_sim_outcome *o) /* 5.5e7 / 4,670 hosts are 15.7 % */
{
    return o->reached_s[16];
}
static double at_50(const struct eki_sim_outcome *o)
{
    return o->reached_s[50];
}
static double at_90(const struct eki_sim_outcome *o)
{
    return o->reached_s[90];
}
static double at_all(const struct eki_sim_outcome *o)
{
    return o->reached_s[100];
}
static double hours_50(const struct eki_sim_outcome *o)
{
    return o->reached_s[50] / hour;
}
static double hours_90(const struct eki_sim_outcome *o)
{
    return o->reached_s[90] / hour;
}
static double hours_99(const struct eki_sim_outcome *o)
{
    return o->reached_s[99] / hour * 1.8 / 1.45;
}
/* K = 1.45/h, the middle of the published 1.1 to 1.8, instead of 1.8: all rates are proportional. */
static double peak_a_minute(const struct eki_sim_outcome *o)
{
    return o->peak_per_s * minute * 1.45 / 1.8;
}
static double minutes_doubling(const struct eki_sim_outcome *o)
{
    return doubling(o) / minute;
}
static double probes(const struct eki_sim_outcome *o)
{
    return o->probes;
}
static double size(const struct eki_sim_outcome *o)
{
    return o->infected;
}
static double is_small(const struct eki_sim_outcome *o)
{
    return o->infected <= 360;
}

#define ROW(name, world, of)                                                                                 \
    enum eki_error eki_atlas_##name(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)    \
    {                                                                                                        \
        return mean_in(play, world, of, ret_value);                                                          \
    }
ROW(slammer_doubling, EKI_ATLAS_SLAMMER, doubling)
ROW(slammer_full, EKI_ATLAS_SLAMMER, at_16)
ROW(slammer_90, EKI_ATLAS_SLAMMER, at_90)
ROW(plain_50, EKI_ATLAS_PLAIN, at_50)
ROW(plain_90, EKI_ATLAS_PLAIN, at_90)
ROW(plain_all, EKI_ATLAS_PLAIN, at_all)
ROW(probes, EKI_ATLAS_PLAIN, probes)
ROW(codered_50, EKI_ATLAS_CODERED, hours_50)
ROW(codered_90, EKI_ATLAS_CODERED, hours_90)
ROW(codered_99, EKI_ATLAS_CODERED, hours_99)
ROW(codered_peak, EKI_ATLAS_CODERED, peak_a_minute)
ROW(mirai_doubling, EKI_ATLAS_MIRAI, minutes_doubling)
ROW(contained, EKI_ATLAS_QUOTA, size)
ROW(contained_share, EKI_ATLAS_QUOTA, is_small)

enum eki_error eki_atlas_mean(const struct eki_atlas_play *play, const struct eki_scenario *s,
                              eki_atlas_figure *of, struct eki_atlas_value *ret_value)
{
    struct eki_ensemble *e;
    enum eki_error error = run(play, s, &e);
    if (error) return error;
    *ret_value = mean_of(e, of);
    eki_ensemble_free(e);
    return EKI_OK;
}

/* "65,000 in 20 hours" and "75 minutes" are the same statement (2^16): sixteen doublings after one device.
 * The mean over runs hangs on the luck of the first few, so the growth from 1 % on is followed back. */
enum eki_error eki_atlas_mirai_20h(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum eki_error error = mean_in(play, EKI_ATLAS_MIRAI, minutes_doubling, ret_value);
    ret_value->error = 0;
    ret_value->mean = exp2(20 * 60 / ret_value->mean);
    return error;
}

static double minutes_90(const struct eki_sim_outcome *o)
{
    return o->reached_s[90] / minute;
}

enum eki_error eki_atlas_witty(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_scenario s = eki_atlas_internet(play, 12000, 547, 200);
    s.seeds = 110;
    return eki_atlas_mean(play, &s, minutes_90, ret_value);
}

/* R of hosts that are isolated after D = 0.8 / r, from the mean size of outbreaks that die out: 10 / (1 - R).
 */
enum eki_error eki_atlas_isolated(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_sim_measure isolate = {.kind = EKI_SIM_ISOLATE,
                                      .after_s = .8 * addresses / (4000.0 * SLAMMER_HOSTS)};
    struct eki_scenario s = eki_atlas_internet(play, SLAMMER_HOSTS, 4000, 4000);
    s.seeds = 10;
    s.measures = &isolate;
    s.measure_count = 1;
    enum eki_error error = eki_atlas_mean(play, &s, size, ret_value);
    ret_value->mean = 1 - 10 / ret_value->mean;
    ret_value->error = 0;
    return error;
}

/* The tree of one outbreak: share without children, and mean depth over a hundred of them. */
static enum eki_error look_at_trees(const struct eki_atlas_play *play, double *ret_childless,
                                    struct eki_atlas_value *ret_depth)
{
    enum { TREES = 50 };
    struct eki_scenario s = eki_atlas_internet(play, SLAMMER_HOSTS, 4000, TREES);
    struct eki_simulator *simulator;
    uint32_t *depth = eki_allocate(s.hosts, sizeof *depth);
    bool *has_child = eki_allocate(s.hosts, sizeof *has_child);
    enum eki_error error = depth && has_child ? eki_simulator_new(&s, &simulator) : EKI_ERROR_MEMORY;
    double sum = 0, squares = 0, childless = 0;
    for (uint64_t k = 0; k < TREES && !error; k++) {
        struct eki_sim_run tree;
        error = eki_simulator_run(simulator, k, play->stop, &tree);
        double deep = 0;
        for (uint32_t i = 0; i < s.hosts && !error; i++) {
            uint32_t parent = tree.infections[i].parent;
            has_child[i] = false;
            depth[i] = parent == EKI_SIM_SEED ? 0 : depth[parent] + 1;
            if (parent != EKI_SIM_SEED) has_child[parent] = true;
            deep += depth[i];
        }
        for (uint32_t i = 0; i < s.hosts; i++) childless += (double)!has_child[i] / s.hosts / TREES;
        sum += deep / s.hosts;
        squares += pow(deep / s.hosts, 2);
    }
    if (depth && has_child && !error) eki_simulator_free(simulator);
    eki_free(depth);
    eki_free(has_child);
    *ret_childless = childless;
    *ret_depth =
        (struct eki_atlas_value){sum / TREES, sqrt((squares - sum * sum / TREES) / (TREES - 1) / TREES)};
    return error;
}

enum eki_error eki_atlas_childless(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_atlas_value depth;
    return look_at_trees(play, &ret_value->mean, &depth);
}

enum eki_error eki_atlas_depth(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    double childless;
    return look_at_trees(play, &childless, ret_value);
}
