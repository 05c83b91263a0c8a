/* SPDX-License-Identifier: Apache-2.0 */
/* How many hosts are infected when: quantiles over the runs at each of some moments, so a curve with a band.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ekigaku/simulation.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between neighbours (Hyndman and Fan 1996, type 7), as eki_ensemble_quantile. */
static double quantile_of(const double *sorted, uint32_t count, double quantile)
{
    double at = quantile * (count - 1);
    uint32_t low = (uint32_t)at, high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/* The last level that a run had reached by a moment; below 1: none. */
static unsigned level_at(const struct eki_sim_outcome *outcome, double t)
{
    unsigned low = 0, high = EKI_SIM_LEVELS - 1; /* reached_s rises from level 1 on */
    while (low < high) {
        unsigned middle = (low + high + 1) / 2;
        if (outcome->reached_s[middle] <= t)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Hosts infected in one run at a moment. Up to a hundred hosts each has a level of its own, so the steps are
 * exact; of more, a straight line runs from level to level, and those beyond the last level a run reaches
 * fall with it. */
static double infected_at(const struct eki_scenario *scenario, const struct eki_sim_outcome *outcome,
                          double t)
{
    enum { EXACT = EKI_SIM_LEVELS - 1 };
    double hosts = scenario->hosts, seeds = fmin(scenario->seeds, outcome->infected);
    unsigned level = level_at(outcome, t);
    double to = level < EXACT ? outcome->reached_s[level + 1] : INFINITY;
    if (!isfinite(to)) return level || t >= outcome->reached_s[0] ? outcome->infected : seeds;
    if (scenario->hosts <= EXACT) return level ? fmax(ceil(hosts * level / EXACT), seeds) : seeds;
    double from = level ? outcome->reached_s[level] : 0;
    double here = level ? fmax(hosts * level / EXACT, seeds) : seeds, next = hosts * (level + 1) / EXACT;
    if (to > from && next > here) here += (next - here) * (t - from) / (to - from);
    return fmin(here, outcome->infected);
}

/* When nothing changes any more: the last level of each run, but for the slowest twentieth of them. */
static double end_of(const struct eki_ensemble *ensemble, double *times)
{
    for (uint32_t i = 0; i < ensemble->runs; i++)
        times[i] = ensemble->outcomes[i].reached_s[level_at(&ensemble->outcomes[i], DBL_MAX)];
    qsort(times, ensemble->runs, sizeof *times, by_size);
    double end = quantile_of(times, ensemble->runs, .95);
    return isfinite(end) && end > 0 ? end : 1;
}

enum eki_error eki_ensemble_bands(const struct eki_scenario *scenario, const struct eki_ensemble *ensemble,
                                  struct eki_sim_band ret_bands[EKI_SIM_MOMENTS])
{
    uint32_t runs = ensemble->runs;
    if (!runs) return EKI_ERROR_ARGUMENT;
    double *sizes = eki_allocate(runs, sizeof *sizes);
    if (!sizes) return EKI_ERROR_MEMORY;
    double end = end_of(ensemble, sizes);
    for (unsigned k = 0; k < EKI_SIM_MOMENTS; k++) {
        double t = end * k / (EKI_SIM_MOMENTS - 1);
        for (uint32_t i = 0; i < runs; i++) sizes[i] = infected_at(scenario, &ensemble->outcomes[i], t);
        qsort(sizes, runs, sizeof *sizes, by_size);
        ret_bands[k] = (struct eki_sim_band){t, quantile_of(sizes, runs, .05), quantile_of(sizes, runs, .5),
                                             quantile_of(sizes, runs, .95)};
    }
    eki_free(sizes);
    return EKI_OK;
}
