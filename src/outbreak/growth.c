/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growth of an outbreak whose every infection is seen: a pure birth process (Yule 1925). With n infections
 * after the first and S host-seconds of infected hosts at risk of infecting, the maximum-likelihood rate is n
 * / S (Keiding 1974); ln(rate) is asymptotically normal with variance 1/n, which gives the interval. The fit
 * ends when half of all hosts are infected, because in a finite population the second half meets fewer and
 * fewer victims.
 */
#include <math.h>

#include "outbreak/trace.h"

enum { ALL_BELOW = 16 }; /* with fewer infections than this, all are used: halves would say nothing */

struct eki_growth eki_growth_of(const struct eki_infection *infections, size_t count, eki_time end)
{
    struct eki_growth growth = {0};
    size_t used = count < ALL_BELOW ? count : (count + 1) / 2;
    if (used < 3) return growth;
    eki_time last = infections[used - 1].time;
    double at_risk = 0, period = 0;
    for (size_t i = 0; i < used; i++) at_risk += eki_time_since(last, infections[i].time);
    for (size_t i = 0; i < count; i++) period += fmax(0, eki_time_since(end, infections[i].time));
    if (at_risk <= 0 || period <= 0) return growth;
    double births = (double)(used - 1), spread = exp(1.96 / sqrt(births));
    growth.known = true;
    growth.rate_per_s = births / at_risk;
    growth.rate_low = growth.rate_per_s / spread;
    growth.rate_high = growth.rate_per_s * spread;
    growth.doubling_s = log(2) / growth.rate_per_s;
    growth.r_period_s =
        period /
        (double)count; /* mean time an infected host was seen infectious: nobody recovers in a capture */
    growth.r = growth.rate_per_s * growth.r_period_s;
    growth.r_low = growth.rate_low * growth.r_period_s;
    growth.r_high = growth.rate_high * growth.r_period_s;
    return growth;
}
