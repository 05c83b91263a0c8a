/* SPDX-License-Identifier: Apache-2.0 */
/* The curve over many runs against a count of the infections themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/simulation.h"

static struct eki_scenario *scenario_of(unsigned hosts, unsigned runs)
{
    char text[1024];
    struct eki_scenario *scenario = NULL;
    struct eki_fault fault = {0};
    int length =
        snprintf(text, sizeof text,
                 "name: band\ntitle: band\nsource: example\nstop_s: 3600\nruns: %u\nseed: 3\nseeds: 1\n"
                 "population:\n  place: internet\n  vulnerable: %u\n"
                 "malware:\n  name: w\n  rate_per_s: %u\n  success: 1\n",
                 runs, hosts, 4000000000u / hosts / 20);
    enum eki_error error = eki_scenario_parse(text, (size_t)length, &scenario, &fault);
    if (error) print_message("%s\n", fault.what);
    assert_int_equal(error, EKI_OK);
    return scenario;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Infected at moment t in each run, counted one by one, sorted. */
static void count_all(const struct eki_scenario *scenario, const struct eki_sim_band *bands,
                      double *ret_counts)
{
    struct eki_simulator *simulator;
    assert_int_equal(eki_simulator_new(scenario, &simulator), EKI_OK);
    for (uint32_t i = 0; i < scenario->runs; i++) {
        struct eki_sim_run run;
        assert_int_equal(eki_simulator_run(simulator, i, NULL, &run), EKI_OK);
        for (unsigned k = 0; k < EKI_SIM_MOMENTS; k++) {
            double *count = &ret_counts[(size_t)k * scenario->runs + i];
            *count = 0;
            for (uint32_t n = 0; n < run.count; n++) *count += run.infections[n].t <= bands[k].t;
        }
    }
    for (unsigned k = 0; k < EKI_SIM_MOMENTS; k++)
        qsort(&ret_counts[(size_t)k * scenario->runs], scenario->runs, sizeof *ret_counts, by_size);
    eki_simulator_free(simulator);
}

/* `off`: by how many hosts a figure may differ. */
static void compare(unsigned hosts, double off)
{
    enum { RUNS = 41 };
    static struct eki_sim_band bands[EKI_SIM_MOMENTS];
    struct eki_ensemble *ensemble;
    struct eki_scenario *scenario = scenario_of(hosts, RUNS);
    double *counts = eki_allocate((size_t)EKI_SIM_MOMENTS * RUNS, sizeof *counts);
    assert_int_equal(eki_ensemble_run(scenario, &(struct eki_ensemble_options){.threads = 1}, &ensemble),
                     EKI_OK);
    assert_int_equal(eki_ensemble_bands(scenario, ensemble, bands), EKI_OK);
    count_all(scenario, bands, counts);
    assert_true(bands[EKI_SIM_MOMENTS - 1].t > 1);
    for (unsigned k = 0; k < EKI_SIM_MOMENTS; k++) {
        const double *of = &counts[(size_t)k * RUNS];
        assert_float_equal(bands[k].low, of[2], off);
        assert_float_equal(bands[k].median, of[20], off);
        assert_float_equal(bands[k].high, of[38], off);
    }
    assert_float_equal(bands[0].median, 1, 0);
    assert_float_equal(bands[EKI_SIM_MOMENTS - 1].median, hosts, off);
    eki_free(counts);
    eki_ensemble_free(ensemble);
    eki_scenario_free(scenario);
}

static void few_hosts_are_exact(void **state)
{
    (void)state;
    compare(60, 1e-9);
}

/* Between two hundredths the line may be off by what falls between them: less than one hundredth. */
static void many_hosts_are_near(void **state)
{
    (void)state;
    compare(5000, 50);
}

static void no_run_is_no_curve(void **state)
{
    (void)state;
    static struct eki_sim_band bands[EKI_SIM_MOMENTS];
    struct eki_scenario *scenario = scenario_of(60, 1);
    struct eki_ensemble none = {0};
    assert_int_equal(eki_ensemble_bands(scenario, &none, bands), EKI_ERROR_ARGUMENT);
    eki_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_hosts_are_exact),
        cmocka_unit_test(many_hosts_are_near),
        cmocka_unit_test(no_run_is_no_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
