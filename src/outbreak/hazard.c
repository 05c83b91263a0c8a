/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chance that one session infects a host that can fall, by the size of the session: a discrete hazard
 * (Cox and Oakes 1984, section 7.2). Who infected a host is the first whose session succeeded; so each
 * session that ended before makes a suspect less likely, much less when sessions of that size succeed often.
 * The chances are learned with the posteriors: infections over the sessions that the host still was at risk
 * in.
 */
#include <math.h>

#include "outbreak/trace.h"

static const double prior_trials = 2, highest = .95;

static void add_member(struct eki_hazards *hazards, const struct eki_member *m, double sign)
{
    double at_risk = 0;
    for (size_t i = m->suspect_count; i-- > 0;) {
        const struct eki_suspect *s = &m->suspects[i];
        at_risk += s->posterior; /* it was infected by this one or a later one */
        if (!s->got_in) continue;
        unsigned bin = eki_volume_bin(s->bytes);
        hazards->infections[bin] += sign * s->posterior;
        hazards->trials[bin] += sign * at_risk;
    }
}

void eki_hazard_learn(struct eki_trace *trace)
{
    trace->hazards = (struct eki_hazards){.learned = true};
    for (uint32_t i = 0; i < trace->member_count; i++) add_member(&trace->hazards, &trace->members[i], 1);
}

void eki_hazard_survivals(const struct eki_trace *trace, struct eki_member *m)
{
    struct eki_hazards hazards = trace->hazards;
    if (hazards.learned) add_member(&hazards, m, -1);
    double infections = 1, trials = 2, survival = 1, before = 1; /* a prior of one half, worth two sessions */
    for (int b = 0; b < EKI_VOLUME_BINS; b++) {
        infections += fmax(0, hazards.infections[b]);
        trials += fmax(0, hazards.trials[b]);
    }
    double general = fmin(highest, infections / trials);
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        if (i == 0 || s->end > m->suspects[i - 1].end) before = survival; /* of those that ended earlier */
        s->survival = s->timed ? 1 : before; /* a sign tells by itself that nothing had infected before */
        s->chance = general;
        if (!s->got_in || !hazards.learned) continue;
        unsigned bin = eki_volume_bin(s->bytes);
        s->chance = fmin(highest, (fmax(0, hazards.infections[bin]) + general * prior_trials) /
                                      (fmax(0, hazards.trials[bin]) + prior_trials));
        survival *= 1 - s->chance;
    }
}
