/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two-factor model (Zou, Gong, Towsley 2002): hosts are removed while they infect and before they fall,
 * and infecting becomes slower the more do it:
 *
 *     dI/dt = b I S - g I,  dR/dt = g I,  dQ/dt = m S (I + R),  S = N - I - R - Q,  b = b0 (1 - I/N)^h
 *
 * The equations beside the chain that they are the mean of, played event by event (Gillespie 1977), with the
 * published b0 = 0.8/N, g = 0.05, m = 0.06/N, h = 3, from one host in a hundred, so that the chance of the
 * first few does not count. Scenarios have no measure whose pace follows the number of the infected: this is
 * a row of the model, not of the engines.
 */
#include <math.h>

#include "atlas/worlds.h"
#include "base/random.h"

enum { HOSTS = 100000, FIRST = 1000, RUNS = 24 };
static const double b0 = .8 / HOSTS, g = .05, m = .06 / HOSTS, h = 3;

struct state {
    double infects, recovered, immune;
};

struct course {
    double fell, most; /* ever; at once */
};

static double infecting(const struct state *s)
{
    double left = HOSTS - s->infects - s->recovered - s->immune;
    return b0 * pow(1 - s->infects / HOSTS, h) * s->infects * left;
}

static double immunising(const struct state *s)
{
    return m * (HOSTS - s->infects - s->recovered - s->immune) * (s->infects + s->recovered);
}

static struct state slope(const struct state *s)
{
    return (struct state){infecting(s) - g * s->infects, g * s->infects, immunising(s)};
}

static struct state moved(const struct state *s, const struct state *by, double dt)
{
    return (struct state){s->infects + by->infects * dt, s->recovered + by->recovered * dt,
                          s->immune + by->immune * dt};
}

/* Runge-Kutta of the fourth order in steps of a hundredth, until fewer than one infects. */
static struct course integrate(void)
{
    const double dt = .01;
    struct state s = {.infects = FIRST};
    struct course course = {0, FIRST};
    while (s.infects >= .5) {
        struct state a = slope(&s), at = moved(&s, &a, dt / 2);
        struct state b = slope(&at);
        at = moved(&s, &b, dt / 2);
        struct state c = slope(&at);
        at = moved(&s, &c, dt);
        struct state d = slope(&at);
        s = moved(&s, &a, dt / 6);
        s = moved(&s, &b, dt / 3);
        s = moved(&s, &c, dt / 3);
        s = moved(&s, &d, dt / 6);
        course.most = fmax(course.most, s.infects);
    }
    course.fell = s.infects + s.recovered;
    return course;
}

static struct course play_chain(struct eki_random *random)
{
    struct state s = {.infects = FIRST};
    struct course course = {0, FIRST};
    while (s.infects > 0) {
        double falls = infecting(&s), recovers = g * s.infects, all = falls + recovers + immunising(&s);
        double which = eki_random_unit(random) * all;
        if (which < falls) {
            s.infects++;
            course.most = fmax(course.most, s.infects);
        } else if (which < falls + recovers) {
            s.infects--;
            s.recovered++;
        } else {
            s.immune++;
        }
    }
    course.fell = s.recovered;
    return course;
}

/* The mean over the runs, as a share of what the equations give. */
static enum eki_error compare(const struct eki_atlas_play *play, bool at_once,
                              struct eki_atlas_value *ret_value)
{
    struct eki_random random = eki_random_from(play->seed);
    struct course exact = integrate();
    double sum = 0, squares = 0, of = at_once ? exact.most : exact.fell;
    for (int i = 0; i < RUNS; i++) {
        if (play->stop && *play->stop) return EKI_ERROR_STOPPED;
        struct course course = play_chain(&random);
        double share = (at_once ? course.most : course.fell) / of;
        sum += share;
        squares += share * share;
    }
    ret_value->mean = sum / RUNS;
    ret_value->error = sqrt(fmax(0, squares / RUNS - ret_value->mean * ret_value->mean) / (RUNS - 1));
    return EKI_OK;
}

enum eki_error eki_atlas_two_factor(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    return compare(play, false, ret_value);
}

enum eki_error eki_atlas_two_factor_most(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    return compare(play, true, ret_value);
}
