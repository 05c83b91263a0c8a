/* SPDX-License-Identifier: Apache-2.0 */
/* R(t) against published figures (Flu2009 of EpiEstim), against closed forms, and against outbreaks of known
 * R. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "ekigaku/forecast.h"

static const double flu[] = {1,  1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11,
                             12, 6, 6, 6, 3, 1, 0, 2, 0, 0, 0, 0, 2,  0,  2,  0};
static const double weights[] = {0, .233, .359, .198, .103, .053, .027, .014, .007, .003, .002, .001};
enum { DAYS = sizeof flu / sizeof *flu, WEIGHTS = sizeof weights / sizeof *weights };
static const struct eki_series flu2009 = {flu, DAYS, weights, WEIGHTS};

/* To the last printed digit, and a millionth. */
static void near(double ours, double published)
{
    if (fabs(ours - published) > 5.5e-7 + 1e-6 * fabs(published))
        fail_msg("%.9f instead of %.6f", ours, published);
}

static void published_windows(void **state)
{
    (void)state;
    static const struct {
        struct eki_window window;
        double mean, sd, low, median, high, cohort;
    } table[] = {{{2, 8}, 1.735609, .409087, 1.028632, 1.703576, 2.624496, 1.534693},
                 {{3, 9}, 1.749049, .364702, 1.108747, 1.723767, 2.532948, 1.456453},
                 {{6, 12}, 1.422349, .251438, .972885, 1.407560, 1.955819, 1.570673},
                 {{11, 17}, 1.408372, .161551, 1.109637, 1.402200, 1.742178, .998058},
                 {{16, 22}, .690805, .101854, .505756, .685805, .904257, .493600},
                 {{26, 32}, 1.004016, .449010, .326001, .937934, 2.056544, .471748}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct eki_reproduction r;
        double cohort;
        assert_int_equal(eki_reproduction_recent(&flu2009, table[i].window, &r), EKI_OK);
        assert_int_equal(eki_reproduction_cohort(&flu2009, table[i].window, &cohort), EKI_OK);
        near(r.mean, table[i].mean);
        near(r.sd, table[i].sd);
        near(r.low, table[i].low);
        near(r.median, table[i].median);
        near(r.high, table[i].high);
        near(cohort, table[i].cohort);
    }
}

static void published_intervals(void **state)
{
    (void)state;
    static const double published[] = {0, .233172, .358579, .198111, .103343, .052905, .026821};
    double ours[40], sum = 0, mean = 0;
    assert_int_equal(eki_generation_gamma(2.6, 1.5, ours, 40), EKI_OK);
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) near(ours[i], published[i]);
    for (size_t i = 0; i < 40; i++) sum += ours[i], mean += (double)i * ours[i];
    assert_true(fabs(sum - 1) < 1e-6 && fabs(mean - 2.6) < 1e-4);
    struct eki_series series = {flu, DAYS, ours, DAYS};
    struct eki_reproduction r;
    assert_int_equal(eki_reproduction_recent(&series, (struct eki_window){2, 8}, &r), EKI_OK);
    near(r.mean, 1.735798);
    assert_int_equal(eki_generation_gamma(1, 1.5, ours, 40), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_generation_gamma(2, 0, ours, 40), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_generation_gamma(NAN, 1, ours, 40), EKI_ERROR_ARGUMENT);
}

static void published_growth(void **state)
{
    (void)state;
    static const double rates[] = {-.1, .05, .1, .2, .5},
                        published[] = {.761563, 1.135381, 1.282337, 1.613612, 2.960276};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        near(eki_reproduction_growth(rates[i], weights, WEIGHTS), published[i]);
    near(eki_reproduction_growth_gamma(.1, 2.6, 1.5), 1.283203);
    near(eki_reproduction_growth_gamma(.5, 2.6, 1.5), 2.945458);
    near(eki_reproduction_growth(0, weights, WEIGHTS), 1);
    assert_true(isnan(eki_reproduction_growth(.1, NULL, 0)));
    assert_true(isnan(eki_reproduction_growth_gamma(.1, 0, 1)) &&
                isnan(eki_reproduction_growth_gamma(-9, 2.6, 1.5)));
}

/* Too early to tell, and what cannot be. */
static void edges(void **state)
{
    (void)state;
    struct eki_reproduction r = {.mean = 7};
    double cohort = 7, wrong[] = {1, -1, 2, NAN};
    static const struct eki_window windows[] = {{1, 3}, {0, 3}, {5, 4}, {5, DAYS + 1}};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        assert_int_equal(eki_reproduction_recent(&flu2009, windows[i], &r), EKI_ERROR_ARGUMENT);
    struct eki_series bad = {wrong, 2, weights, WEIGHTS}, none = {flu, DAYS, weights, 0};
    assert_int_equal(eki_reproduction_recent(&bad, (struct eki_window){2, 2}, &r), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_reproduction_recent(&none, (struct eki_window){2, 2}, &r), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_reproduction_cohort(&flu2009, (struct eki_window){0, 2}, &cohort),
                     EKI_ERROR_ARGUMENT);
    assert_true(r.mean == 7 && cohort == 7);
    assert_int_equal(eki_reproduction_recent(&flu2009, (struct eki_window){2, 2}, &r), EKI_OK);
    assert_true(isnan(r.mean) && isnan(r.high)); /* the mean interval is 2.6 days */
    assert_int_equal(eki_reproduction_cohort(&flu2009, (struct eki_window){25, 26}, &cohort), EKI_OK);
    assert_true(isnan(cohort)); /* nobody fell */
}

/* Shape 1 is exponential; whole shapes are sums of Poisson probabilities; quantiles reverse shares. */
static void gamma_shares(void **state)
{
    (void)state;
    for (double x = .01; x < 60; x *= 1.7) {
        double poisson = 0, term = exp(-x);
        for (int k = 0; k < 5; k++) poisson += term, term *= x / (k + 1);
        assert_true(fabs(eki_gamma_below(1, x) - -expm1(-x)) < 1e-13);
        assert_true(fabs(eki_gamma_below(5, x) - (1 - poisson)) < 1e-13);
    }
    for (double shape = .3; shape < 1e5; shape *= 3)
        for (double p = 1e-4; p < 1; p += .0931)
            assert_true(fabs(eki_gamma_below(shape, eki_gamma_quantile(shape, p)) - p) < 1e-10);
    assert_true(eki_gamma_below(3, -1) == 0 && eki_gamma_below(3, INFINITY) == 1);
    assert_true(eki_gamma_quantile(3, 0) == 0 && isinf(eki_gamma_quantile(3, 1)));
}

static double poisson(struct eki_random *random, double mean)
{
    double product = eki_random_unit(random), limit = exp(-mean);
    int n = 0;
    for (; product > limit; n++) product *= eki_random_unit(random);
    return n;
}

/* Outbreaks of R = 1.4: the interval of the posterior holds it as often as it says, the cohort agrees in the
 * mean (V26 of the reference: 0.92 to 0.98). */
static void coverage(void **state)
{
    (void)state;
    enum { RUNS = 400, PERIODS = 30 };
    const double truth = 1.4;
    struct eki_random random = eki_random_from(9);
    int inside = 0;
    double cohorts = 0;
    for (int run = 0; run < RUNS; run++) {
        double counts[PERIODS] = {20};
        struct eki_series series = {counts, PERIODS, weights, WEIGHTS};
        for (int t = 1; t < PERIODS; t++) {
            double mean = 0;
            for (int k = 1; k <= t && k < WEIGHTS; k++) mean += counts[t - k] * weights[k];
            double left = truth * mean;
            for (; left > 100; left -= 100) counts[t] += poisson(&random, 100);
            counts[t] += poisson(&random, left);
        }
        struct eki_reproduction r;
        double cohort;
        assert_int_equal(eki_reproduction_recent(&series, (struct eki_window){8, 14}, &r), EKI_OK);
        assert_int_equal(eki_reproduction_cohort(&series, (struct eki_window){3, 12}, &cohort), EKI_OK);
        inside += r.low <= truth && truth <= r.high;
        cohorts += cohort / RUNS;
    }
    assert_true(inside >= .92 * RUNS && inside <= .98 * RUNS);
    assert_true(fabs(cohorts - truth) < .02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_windows), cmocka_unit_test(published_intervals),
        cmocka_unit_test(published_growth),  cmocka_unit_test(edges),
        cmocka_unit_test(gamma_shares),      cmocka_unit_test(coverage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
