/* SPDX-License-Identifier: Apache-2.0 */
/* The gamma distribution: its share below a value by the series or the continued fraction of the incomplete
 * gamma function (Abramowitz, Stegun 6.5.29 and 6.5.31), and the reverse of it. */
#include <math.h>

#include "ekigaku/forecast.h"

enum { TERMS = 100000, HALVINGS = 200 };
static const double little = 1e-300, precision = 1e-16;

/* x^a e^-x / Gamma(a), without overflow. */
static double scale(double a, double x)
{
    return exp(a * log(x) - x - lgamma(a));
}

static double by_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n < TERMS && term > sum * precision; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * scale(a, x);
}

/* The share above x (Lentz 1976, as modified by Thompson and Barnett 1986). */
static double by_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / little, d = 1 / b, h = d;
    for (int n = 1; n < TERMS; n++) {
        double an = -n * (n - a);
        b += 2;
        d = an * d + b;
        c = b + an / c;
        if (fabs(d) < little) d = little;
        if (fabs(c) < little) c = little;
        d = 1 / d;
        h *= d * c;
        if (fabs(d * c - 1) < precision * 10) break;
    }
    return h * scale(a, x);
}

double eki_gamma_below(double shape, double x)
{
    if (!(x > 0)) return 0;
    if (isinf(x)) return 1;
    return x < shape + 1 ? by_series(shape, x) : 1 - by_fraction(shape, x);
}

double eki_gamma_quantile(double shape, double p)
{
    double low = 0, high = shape + 1;
    if (!(p > 0)) return 0;
    if (!(p < 1)) return INFINITY;
    while (eki_gamma_below(shape, high) < p) high *= 2;
    for (int i = 0; i < HALVINGS && high - low > high * 1e-15; i++) {
        double middle = low + (high - low) / 2;
        if (eki_gamma_below(shape, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}
