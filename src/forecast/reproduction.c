/* SPDX-License-Identifier: Apache-2.0 */
/* R over a window of periods, of a cohort, and of a growth rate (see ekigaku/forecast.h). */
#include "ekigaku/forecast.h"

#include <math.h>
#include <stdbool.h>

/* Of the prior (Cori 2013): mean 5, deviation 5, which is a gamma distribution of shape 1 and scale 5. */
static const double prior_shape = 1, prior_scale = 5;

static bool is_sound(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i] >= 0) || isinf(values[i])) return false;
    return true;
}

static bool fits(const struct eki_series *s, struct eki_window window, size_t least)
{
    return window.first >= least && window.first <= window.last && window.last <= s->count &&
           s->weight_count && s->weights[0] <= 0 && is_sound(s->counts, s->count) &&
           is_sound(s->weights, s->weight_count);
}

static double weight(const struct eki_series *s, size_t periods)
{
    return periods < s->weight_count ? s->weights[periods] : 0;
}

/* How much all that fell before the period (from 0) infects in it. */
static double infectiousness(const struct eki_series *s, size_t period)
{
    double sum = 0;
    for (size_t before = 1; before <= period && before < s->weight_count; before++)
        sum += s->counts[period - before] * weight(s, before);
    return sum;
}

static double mean_interval(const struct eki_series *s)
{
    double mean = 0;
    for (size_t i = 0; i < s->weight_count; i++) mean += (double)i * s->weights[i];
    return mean;
}

enum eki_error eki_reproduction_recent(const struct eki_series *s, struct eki_window window,
                                       struct eki_reproduction *ret_r)
{
    if (!fits(s, window, 2)) return EKI_ERROR_ARGUMENT;
    if ((double)window.last <= mean_interval(s)) {
        *ret_r = (struct eki_reproduction){NAN, NAN, NAN, NAN, NAN};
        return EKI_OK;
    }
    double shape = prior_shape, rate = 1 / prior_scale;
    for (size_t t = window.first - 1; t < window.last; t++) {
        shape += s->counts[t];
        rate += infectiousness(s, t);
    }
    *ret_r = (struct eki_reproduction){.mean = shape / rate,
                                       .sd = sqrt(shape) / rate,
                                       .low = eki_gamma_quantile(shape, .025) / rate,
                                       .median = eki_gamma_quantile(shape, .5) / rate,
                                       .high = eki_gamma_quantile(shape, .975) / rate};
    return EKI_OK;
}

enum eki_error eki_reproduction_cohort(const struct eki_series *s, struct eki_window window, double *ret_mean)
{
    if (!fits(s, window, 1)) return EKI_ERROR_ARGUMENT;
    double infected = 0, hosts = 0;
    for (size_t i = window.first - 1; i < window.last; i++) hosts += s->counts[i];
    for (size_t j = window.first; j < s->count; j++) {
        double all = infectiousness(s, j), ours = 0;
        for (size_t i = window.first - 1; i < window.last && i < j; i++)
            ours += s->counts[i] * weight(s, j - i);
        if (all > 0) infected += s->counts[j] * ours / all;
    }
    *ret_mean = hosts > 0 ? infected / hosts : NAN;
    return EKI_OK;
}

double eki_reproduction_growth(double rate, const double *weights, size_t weight_count)
{
    double sum = 0;
    for (size_t i = 0; i < weight_count; i++) sum += weights[i] * exp(-rate * (double)i);
    return sum > 0 ? 1 / sum : NAN;
}

double eki_reproduction_growth_gamma(double rate, double mean, double sd)
{
    if (!(mean > 0) || !(sd > 0)) return NAN;
    double scale = sd * sd / mean, base = 1 + rate * scale;
    return base > 0 ? pow(base, mean / scale) : NAN;
}

/* The integral of the share below x of a gamma distribution of mean a b, over 0 to x. */
static double integral_below(double x, double a, double b)
{
    if (x <= 0) return 0;
    return x * eki_gamma_below(a, x / b) - a * b * eki_gamma_below(a + 1, x / b);
}

enum eki_error eki_generation_gamma(double mean, double sd, double *ret_weights, size_t count)
{
    if (!(mean > 1) || !(sd > 0) || isinf(mean) || isinf(sd)) return EKI_ERROR_ARGUMENT;
    double a = (mean - 1) * (mean - 1) / (sd * sd), b = sd * sd / (mean - 1);
    for (size_t k = 0; k < count; k++) {
        /* Infected somewhere within a period, infecting somewhere within another: a triangle of two periods.
         */
        double x = (double)k;
        double share =
            integral_below(x, a, b) - 2 * integral_below(x - 1, a, b) + integral_below(x - 2, a, b);
        ret_weights[k] = k && share > 0 ? share : 0;
    }
    return EKI_OK;
}
