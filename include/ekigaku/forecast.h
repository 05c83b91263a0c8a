/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_FORECAST_H
#define EKIGAKU_FORECAST_H
/*
 * The reproduction number R(t): how many further hosts one infected host infects, estimated from how many
 * fell in each period and from how long infecting takes.
 *
 * Journey: the caller counts infections in periods of equal length (counts[0] is the first period, with the
 * hosts that were there at the start) and states the generation interval as weights: weights[s] is the
 * probability that a host is infected s periods after the one that infected it. R is stated over that
 * interval and has no meaning without it.
 *
 *     double weights[12];
 *     eki_generation_gamma(2.6, 1.5, weights, 12);
 *     struct eki_reproduction r;
 *     eki_reproduction_recent(&series, (struct eki_window){2, 8}, &r);
 *
 * Nothing here allocates, prints or keeps anything; all calls may be made from any thread.
 */
#include <stddef.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

struct eki_series {
    const double *counts; /* infections in each period, not negative */
    size_t count;
    const double *weights; /* of the generation interval, in periods; weights[0] is 0; they sum to about 1 */
    size_t weight_count;
};

/* Periods from `first` to `last`, both included, numbered from 1 as the literature does. */
struct eki_window {
    size_t first, last;
};

struct eki_reproduction {
    double mean, sd, low, median, high; /* low, high: 2.5 % and 97.5 % of the posterior */
};

/*
 * R of the window: how many each host that infects in it infects (Cori, Ferguson, Fraser, Cauchemez 2013):
 * with the total infectiousness L(t) = sum of counts(t - s) weights(s), the posterior is a gamma distribution
 * of shape 1 + sum of counts and rate 1/5 + sum of L; the prior has mean and deviation 5. All values are NaN
 * for a window that ends before one mean interval has passed: too little is known then. EKI_ERROR_ARGUMENT
 * for a window outside of 2 to the number of periods, or counts or weights that cannot be. O(periods x
 * weights).
 */
EKI_MUST_USE enum eki_error eki_reproduction_recent(const struct eki_series *series, struct eki_window window,
                                                    struct eki_reproduction *ret_r);

/*
 * R of those infected in the window: how many each of them went on to infect, until the end of the series
 * (Wallinga, Teunis 2004): a host that fell at j was infected by one that fell at i with a probability in
 * proportion to weights(j - i). Infections whose victims are not seen yet are missing, so the last interval
 * of a series tells too little. *ret_mean is the mean over the hosts of the window, NaN when there are none.
 * EKI_ERROR_ARGUMENT as above, but windows may begin at 1. O(periods x weights).
 */
EKI_MUST_USE enum eki_error eki_reproduction_cohort(const struct eki_series *series, struct eki_window window,
                                                    double *ret_mean);

/* R of exponential growth by `rate` a period: 1 / sum of exp(-rate s) weights(s) (Wallinga, Lipsitch 2007).
 * NaN without weights. O(weights). */
double eki_reproduction_growth(double rate, const double *weights, size_t weight_count);

/* The same for a generation interval of a gamma distribution: (1 + rate sd^2 / mean) ^ (mean^2 / sd^2). NaN
 * for a mean or sd that is not positive, or a rate below -mean / sd^2. O(1). */
double eki_reproduction_growth_gamma(double rate, double mean, double sd);

/* Fills the weights of a generation interval of mean and deviation in periods: one period plus a gamma
 * distribution, in whole periods (Cori 2013, web appendix 11). `mean` is greater than 1, `sd` positive:
 * EKI_ERROR_ARGUMENT otherwise. */
EKI_MUST_USE enum eki_error eki_generation_gamma(double mean, double sd, double *ret_weights, size_t count);

/* The share of a gamma distribution of that shape and rate 1 below x; 0 for x <= 0. Relative error 1e-13. */
double eki_gamma_below(double shape, double x);

/* The value that the share `p` (between 0 and 1) of a gamma distribution of that shape and rate 1 lies
 * below. Relative error 1e-12. */
double eki_gamma_quantile(double shape, double p);

#pragma GCC visibility pop

#endif
