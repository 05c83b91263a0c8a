/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that hold estimates of R(t) against published ones: influenza of 2009 in a school, daily counts and
 * windows of seven days, as EpiEstim prints them. Each gives the largest relative difference beyond the last
 * printed digit. */
#include <math.h>

#include "atlas/worlds.h"
#include "ekigaku/forecast.h"

static const double flu[] = {1,  1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11,
                             12, 6, 6, 6, 3, 1, 0, 2, 0, 0, 0, 0, 2,  0,  2,  0};
static const double weights[] = {0, .233, .359, .198, .103, .053, .027, .014, .007, .003, .002, .001};
enum { DAYS = sizeof flu / sizeof *flu, WEIGHTS = sizeof weights / sizeof *weights };

static const struct {
    struct eki_window window;
    double mean, sd, low, median, high, cohort;
} table[] = {{{2, 8}, 1.735609, .409087, 1.028632, 1.703576, 2.624496, 1.534693},
             {{3, 9}, 1.749049, .364702, 1.108747, 1.723767, 2.532948, 1.456453},
             {{6, 12}, 1.422349, .251438, .972885, 1.407560, 1.955819, 1.570673},
             {{11, 17}, 1.408372, .161551, 1.109637, 1.402200, 1.742178, .998058},
             {{16, 22}, .690805, .101854, .505756, .685805, .904257, .493600},
             {{26, 32}, 1.004016, .449010, .326001, .937934, 2.056544, .471748}};
enum { ROWS = sizeof table / sizeof *table };

static double apart(double ours, double published)
{
    return fmax(0, fabs(ours - published) - 5e-7) / fabs(published);
}

enum eki_error eki_atlas_recent(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    (void)play;
    const struct eki_series series = {flu, DAYS, weights, WEIGHTS};
    double most = 0;
    for (int i = 0; i < ROWS; i++) {
        struct eki_reproduction r;
        enum eki_error error = eki_reproduction_recent(&series, table[i].window, &r);
        if (error) return error;
        most = fmax(most, fmax(apart(r.mean, table[i].mean), apart(r.sd, table[i].sd)));
        most = fmax(most, fmax(apart(r.low, table[i].low), apart(r.median, table[i].median)));
        most = fmax(most, apart(r.high, table[i].high));
    }
    ret_value->mean = most;
    return EKI_OK;
}

enum eki_error eki_atlas_cohort(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    (void)play;
    const struct eki_series series = {flu, DAYS, weights, WEIGHTS};
    double most = 0;
    for (int i = 0; i < ROWS; i++) {
        double r;
        enum eki_error error = eki_reproduction_cohort(&series, table[i].window, &r);
        if (error) return error;
        most = fmax(most, apart(r, table[i].cohort));
    }
    ret_value->mean = most;
    return EKI_OK;
}

enum eki_error eki_atlas_growth(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    (void)play;
    static const double rates[] = {-.1, .05, .1, .2, .5},
                        published[] = {.761563, 1.135381, 1.282337, 1.613612, 2.960276};
    double most = fmax(apart(eki_reproduction_growth_gamma(.1, 2.6, 1.5), 1.283203),
                       apart(eki_reproduction_growth_gamma(.5, 2.6, 1.5), 2.945458));
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        most = fmax(most, apart(eki_reproduction_growth(rates[i], weights, WEIGHTS), published[i]));
    ret_value->mean = most;
    return EKI_OK;
}
