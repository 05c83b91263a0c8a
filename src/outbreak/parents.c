/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent of each member. For every suspect: odds of its evidence times the density of its latency; "from
 * outside" competes with them. Latencies are learned from the posteriors and the posteriors are weighed again
 * (expectation-maximisation). Since suspects always stand before their victims in time, taking the likeliest
 * suspect of each victim gives the maximum-likelihood arborescence (the time-ordered case of Chu & Liu 1965,
 * where no cycle has to be broken).
 */
#include <math.h>

#include "outbreak/trace.h"

enum { PASSES = 16 };

/* Odds of "infected by somebody who is not in the capture" against an ordinary session of ordinary latency;
 * and against any suspect when the latency says nothing because the victim was never seen searching. At least
 * and at most. */
static const double outside_least = .01, outside_most = 1;
static const double sensor_error_s = .005;

/* Odds of every way of infection. The likelihood by which two first guesses are compared says how probable
 * what happened is: that the sessions before failed, that this one succeeded, and that the search began when
 * it did. */
static void weigh(const struct eki_trace *trace, struct eki_member *m, bool first_pass)
{
    struct eki_latency latency = eki_latency_for(trace, m);
    struct eki_volumes volumes = eki_volume_for(trace, m);
    bool searches = m->onset != EKI_TIME_NONE;
    double outside = trace->outside * (searches ? eki_latency_density(&latency, exp(latency.mean)) : 1);
    double sum = outside, likelihood = outside;
    eki_hazard_survivals(trace, m);
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        double density = searches ? eki_latency_density(&latency, eki_time_since(m->onset, s->end)) : 1;
        likelihood += s->weight * s->survival * s->chance * density;
        s->odds = s->weight * s->survival * eki_volume_odds(&volumes, s->bytes) * density;
        if (first_pass && s->guess > 0) s->odds *= s->guess;
        sum += s->odds;
    }
    for (size_t i = 0; i < m->suspect_count; i++) m->suspects[i].posterior = m->suspects[i].odds / sum;
    m->outside = outside / sum;
    m->likelihood = log(likelihood);
}

/* All members are weighed by what the pass before taught. */
static void weigh_all(struct eki_trace *trace, bool first_pass)
{
    for (uint32_t i = 0; i < trace->member_count; i++) weigh(trace, &trace->members[i], first_pass);
}

/* Posterior of a host: all its touches and signs together. */
static double posterior_of_host(const struct eki_member *m, struct eki_address host)
{
    double sum = 0;
    for (size_t i = 0; i < m->suspect_count; i++)
        if (eki_address_equal(m->suspects[i].host, host)) sum += m->suspects[i].posterior;
    return sum;
}

static void choose(struct eki_member *m)
{
    double best = m->outside;
    m->parent = -1;
    for (size_t i = 0; i < m->suspect_count; i++) {
        double whole = posterior_of_host(m, m->suspects[i].host);
        if (whole < best) continue;
        bool same_host =
            m->parent >= 0 && eki_address_equal(m->suspects[m->parent].host, m->suspects[i].host);
        if (same_host && m->suspects[i].posterior <= m->suspects[m->parent].posterior) continue;
        if (!same_host && whole == best && m->parent >= 0) continue; /* the earlier one keeps a tie */
        best = whole;
        m->parent = (int64_t)i;
    }
    m->parent_posterior = best;
}

/* Infected from outside or before the capture began: searching began about one gap after it (half of 95
 * %: 1.96 gaps). */
static void time_without_parent(struct eki_member *m, eki_time origin)
{
    m->infected = m->bound;
    m->error_s = m->onset == EKI_TIME_NONE ? eki_time_since(m->bound, origin) : 1.96 * m->gap_s;
    m->evidence = EKI_EVIDENCE_SCAN;
    m->packet_first = m->packet_last = m->onset_packet;
    m->input = m->onset_input;
    if (!m->implant) return;
    m->infected = m->implant->last;
    m->evidence = m->implant->grade == EKI_GRADE_IMPLANT ? EKI_EVIDENCE_IMPLANT : EKI_EVIDENCE_EXPLOIT;
    m->packet_first = m->implant->packet_first;
    m->packet_last = m->implant->packet_last;
    m->input = m->implant->input;
}

static void set_time(struct eki_member *m, eki_time origin)
{
    if (m->parent < 0) {
        time_without_parent(m, origin);
        return;
    }
    const struct eki_suspect *s = &m->suspects[m->parent];
    m->parent_member = s->member;
    m->evidence = s->evidence;
    m->infected = s->end;
    m->packet_first = s->packet_first;
    m->packet_last = s->packet_last;
    m->input = s->input;
    bool delivered = m->delivered != EKI_TIME_NONE && m->delivered > s->end;
    if (delivered) m->infected = m->delivered;
    if (delivered && m->implant) m->evidence = EKI_EVIDENCE_IMPLANT;
    double until_probe = m->onset == EKI_TIME_NONE ? 0 : eki_time_since(m->onset, m->infected);
    bool exact = s->timed || (delivered && m->implant);
    m->error_s =
        exact ? sensor_error_s : fmax(sensor_error_s, fmax(until_probe, eki_time_since(s->end, s->start)));
}

/* Learns from one first guess; returns ln of the likelihood reached. */
static double learn(struct eki_trace *trace, double fading)
{
    double likelihood = 0;
    trace->latencies = (struct eki_latency_sums){0};
    trace->hazards = (struct eki_hazards){.learned = false};
    eki_volume_forget(trace);
    eki_volume_guess(trace, fading);
    for (int pass = 0; pass < PASSES; pass++) {
        weigh_all(trace, pass == 0);
        if (pass + 1 == PASSES) break;
        eki_latency_learn(trace);
        eki_volume_learn(trace);
        eki_hazard_learn(trace);
    }
    for (uint32_t i = 0; i < trace->member_count; i++) likelihood += trace->members[i].likelihood;
    return likelihood;
}

/* Expectation-maximisation climbs the hill on which it starts, so it starts twice: as if attacks often
 * failed, and as if the first that can have infected had. */
static void learn_from_best_start(struct eki_trace *trace)
{
    static const double failing = 1, certain = .1;
    double first = learn(trace, certain);
    if (learn(trace, failing) < first) learn(trace, certain);
}

/* Members after the first whom nobody was seen to reach were infected out of sight: by a sensor that sees a
 * part, or before the capture began. As many of the others will have been too, however many visits they had
 * besides. */
static double learn_outside(const struct eki_trace *trace)
{
    uint32_t without = 0, others = trace->member_count ? trace->member_count - 1 : 0;
    for (uint32_t i = 1; i < trace->member_count; i++) {
        bool any = false;
        for (size_t k = 0; k < trace->members[i].suspect_count && !any; k++)
            any = trace->members[i].suspects[k].weight > outside_least;
        without += !any;
    }
    double odds = (double)without / (others - without + 1.0);
    return fmax(outside_least, fmin(outside_most, odds));
}

enum eki_error eki_trace_parents(struct eki_trace *trace)
{
    enum eki_error error = eki_trace_suspects(trace);
    if (error) return error;
    trace->outside = learn_outside(trace);
    eki_volume_start(trace);
    learn_from_best_start(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) {
        choose(&trace->members[i]);
        set_time(&trace->members[i], trace->view->origin);
    }
    return EKI_OK;
}
