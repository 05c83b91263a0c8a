/* SPDX-License-Identifier: Apache-2.0 */
#include "support_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

const double sim_addresses = 4294967296.0;

struct eki_scenario sim_internet(uint32_t hosts, double rate, uint32_t runs)
{
    return (struct eki_scenario){
        .name = "test",
        .place = EKI_SIM_INTERNET,
        .hosts = hosts,
        .seeds = 1,
        .runs = runs,
        .stop_s = 1e9,
        .seed = 1,
        .hash = 7,
        .malware = {.rate_per_s = rate, .success = 1, .shares = {{0, 1}}, .share_count = 1}};
}

struct sim_moments sim_moments_of(const struct eki_ensemble *e, unsigned level)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < e->runs; i++) {
        double t = e->outcomes[i].reached_s[level];
        sum += t;
        squares += t * t;
    }
    double mean = sum / e->runs;
    return (struct sim_moments){mean, sqrt((squares - sum * mean) / (e->runs - 1)), e->runs};
}

struct eki_ensemble *sim_play(const struct eki_scenario *s, unsigned threads)
{
    struct eki_ensemble *e = NULL;
    struct eki_fault fault = {0};
    if (eki_scenario_validate(s, &fault)) fail_msg("%s", fault.what);
    assert_int_equal(eki_ensemble_run(s, &(struct eki_ensemble_options){.threads = threads}, &e), EKI_OK);
    assert_int_equal(e->runs, s->runs);
    return e;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Two-sample Kolmogorov-Smirnov distance (Smirnov 1948). */
double sim_distance(double *a, double *b, size_t n)
{
    double most = 0;
    qsort(a, n, sizeof *a, by_size);
    qsort(b, n, sizeof *b, by_size);
    for (size_t i = 0, j = 0; i < n && j < n;) {
        if (a[i] <= b[j])
            i++;
        else
            j++;
        double gap = fabs((double)i - (double)j) / (double)n;
        if (gap > most) most = gap;
    }
    return most;
}
