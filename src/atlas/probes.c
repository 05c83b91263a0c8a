/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that look at single probes: where they go, and whether leaving the misses out changes anything. */
#include <math.h>
#include <stdlib.h>

#include "atlas/worlds.h"
#include "base/memory.h"
#include "base/random.h"

enum { DRAWS = 1000000 };

/* One address, as a host at `from` draws it. */
static uint32_t draw(struct eki_random *random, const struct eki_sim_malware *m, uint32_t from)
{
    double at = eki_random_unit(random);
    size_t i = 0;
    while (i + 1 < m->share_count && (at -= m->shares[i].share) >= 0) i++;
    uint32_t number = (uint32_t)eki_random_next(random), bits = m->shares[i].bits;
    uint32_t kept = bits ? ~0u << (32 - bits) : 0;
    return (from & kept) | (number & ~kept);
}

/* The share of the probes that have the first `bits` bits of the source. */
static struct eki_atlas_value share_near(const struct eki_atlas_play *play, const struct eki_sim_malware *m,
                                         unsigned bits)
{
    struct eki_random random = eki_random_from(play->seed);
    const uint32_t from = 0xc6336401;
    double near = 0;
    for (int i = 0; i < DRAWS; i++) near += (draw(&random, m, from) ^ from) >> (32 - bits) == 0;
    double share = near / DRAWS;
    return (struct eki_atlas_value){share, sqrt(share * (1 - share) / DRAWS)};
}

static const struct eki_sim_malware codered2 = {.shares = {{8, .5}, {16, .375}, {0, .125}}, .share_count = 3};
static const struct eki_sim_malware nimda = {.shares = {{16, .5}, {8, .25}, {0, .25}}, .share_count = 3};

enum eki_error eki_atlas_codered2_near(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    *ret_value = share_near(play, &codered2, 8);
    return EKI_OK;
}

enum eki_error eki_atlas_codered2_nearest(const struct eki_atlas_play *play,
                                          struct eki_atlas_value *ret_value)
{
    *ret_value = share_near(play, &codered2, 16);
    return EKI_OK;
}

enum eki_error eki_atlas_nimda_nearest(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    *ret_value = share_near(play, &nimda, 16);
    return EKI_OK;
}

/* Sources that a sensor sees, when hosts are spread evenly over so many /8s: those of its own /8 send to each
 * address there (but for their /16, which is left out) so many times as often as the many others. */
enum eki_error eki_atlas_nimda_sources(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    const double populated = 65, beside = 0x1p24 - 0x1p16, elsewhere = 0x1p32 - 0x1p24;
    struct eki_atlas_value near = share_near(play, &nimda, 8), nearest = share_near(play, &nimda, 16);
    double here = (near.mean - nearest.mean) / beside, there = (1 - near.mean) / elsewhere;
    ret_value->mean = here / there / (populated - 1);
    ret_value->error = ret_value->mean * hypot(near.error / (1 - near.mean), near.error / .25);
    return EKI_OK;
}

enum { HOSTS = 200, RUNS = 600 };

struct small_world {
    int at[1 << 16]; /* host number, -1 for nobody */
    uint32_t address[HOSTS];
    bool fallen[HOSTS];
    uint32_t active[HOSTS];
};

/* Every probe one by one until half have fallen: 30 % into the /24, the rest into the /16. */
static double play_probes(struct eki_random *random, struct small_world *w)
{
    uint32_t count = 1;
    double t = 0;
    for (int i = 0; i < HOSTS; i++) w->fallen[i] = false;
    w->active[0] = (uint32_t)eki_random_below(random, HOSTS);
    w->fallen[w->active[0]] = true;
    while (count < HOSTS / 2) {
        t += eki_random_exponential(random, 1 / (100.0 * count));
        uint32_t from = w->address[w->active[eki_random_below(random, count)]];
        uint32_t number = (uint32_t)eki_random_below(random, 1 << 16);
        uint32_t target = eki_random_unit(random) < .3 ? (from & 0xff00) | (number & 0xff) : number;
        int host = w->at[target];
        if (host < 0 || w->fallen[host]) continue;
        w->fallen[host] = true;
        w->active[count++] = (uint32_t)host;
    }
    return t;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double distance(double *a, double *b)
{
    double most = 0;
    qsort(a, RUNS, sizeof *a, by_size);
    qsort(b, RUNS, sizeof *b, by_size);
    for (int i = 0, j = 0; i < RUNS && j < RUNS;) {
        if (a[i] <= b[j])
            i++;
        else
            j++;
        most = fmax(most, fabs((double)(i - j)) / RUNS);
    }
    return most;
}

static enum eki_error compare(const struct eki_atlas_play *play, struct eki_simulator *simulator,
                              struct small_world *w, struct eki_atlas_value *ret_value)
{
    double ours[RUNS], theirs[RUNS];
    struct eki_random random = eki_random_from(play->seed);
    for (int i = 0; i < 1 << 16; i++) w->at[i] = -1;
    for (uint32_t i = 0; i < HOSTS; i++) {
        w->address[i] = (uint32_t)eki_simulator_address(simulator, i).lo & 0xffff;
        w->at[w->address[i]] = (int)i;
    }
    for (int i = 0; i < RUNS; i++) {
        struct eki_sim_run run;
        enum eki_error error = eki_simulator_run(simulator, (uint64_t)i, play->stop, &run);
        if (error) return error;
        ours[i] = run.infections[HOSTS / 2 - 1].t;
        theirs[i] = play_probes(&random, w);
    }
    ret_value->mean = distance(ours, theirs);
    return EKI_OK;
}

enum eki_error eki_atlas_reference(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_scenario s = {
        .name = "reference",
        .hosts = HOSTS,
        .networks = 1,
        .seeds = 1,
        .runs = 1,
        .stop_s = 1e9,
        .seed = play->seed,
        .hash = 1,
        .malware = {.rate_per_s = 100, .success = 1, .shares = {{24, .3}, {16, .7}}, .share_count = 2}};
    struct eki_simulator *simulator;
    struct small_world *w = eki_allocate(1, sizeof *w);
    enum eki_error error = w ? eki_simulator_new(&s, &simulator) : EKI_ERROR_MEMORY;
    if (!error) {
        error = compare(play, simulator, w, ret_value);
        eki_simulator_free(simulator);
    }
    eki_free(w);
    return error;
}
