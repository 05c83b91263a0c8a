/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent of each member. A session infects with a chance that depends on what it was seen to do and on
 * its size (hazard.c), if none that ended before it did; the search then begins after a latency (latency.c).
 * "From outside" competes: a share of the members was infected by somebody out of sight, at any time of the
 * outbreak. Chances, latencies and share are learned from the posteriors and the posteriors are weighed again
 * (expectation-maximisation). Since suspects always stand before their victims in time, taking the likeliest
 * suspect of each victim gives the maximum-likelihood arborescence (the time-ordered case of Chu & Liu 1965,
 * where no cycle has to be broken).
 */
#include <float.h>
#include <math.h>

#include "outbreak/trace.h"

enum { PASSES = 16, TRIAL_PASSES = 5, STARTS = 12 };

static const double sensor_error_s = .005;

/* The chance that a session was not what infected by the time it happened: it failed, or it was a login whose
 * loader came later. */
static double spares(const struct eki_member *m, const struct eki_suspect *s,
                     const struct eki_latency *latency, double chance)
{
    bool raced = m->raced && s->kind == EKI_KIND_ACCESS;
    return 1 - chance * (raced ? 1 - eki_latency_tail(latency, m, s->passed) : 1);
}

/* Odds of every suspect: how probable it is that the sessions before failed, that this one succeeded, and
 * that the search began when it did. Returns the chance that somebody out of sight infected it, by then,
 * before a session that was seen did: it happened before each of them with the chance that the latency is
 * longer. */
static double weigh_suspects(struct eki_member *m, const struct eki_latency *latency,
                             const struct eki_chances *chances)
{
    bool searches = m->effect != EKI_TIME_NONE;
    double survival = 1, before = 1, unseen = 0, tail = 0;
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        double chance = chances->of[s->kind][s->bin];
        if (i == 0 || s->end > m->suspects[i - 1].end) before = survival; /* of those that ended earlier */
        /* An implant tells by itself that nothing had infected before. */
        s->odds = s->weight * (s->timed ? 1 : before) * chance;
        if (searches) s->odds *= eki_latency_density(latency, m, s->passed);
        if (s->weight <= 0) continue;
        double longer = searches ? fmax(tail, eki_latency_tail(latency, m, s->passed)) : .5;
        unseen += (longer - tail) * survival;
        tail = longer;
        survival *= spares(m, s, latency, chance);
    }
    double after = 1; /* logins that came later and were not served first either */
    for (size_t i = m->suspect_count; m->raced && i-- > 0;) {
        struct eki_suspect *s = &m->suspects[i];
        s->odds *= after;
        if (s->kind == EKI_KIND_ACCESS && s->weight > 0)
            after *= spares(m, s, latency, chances->of[s->kind][s->bin]);
    }
    return unseen + (1 - tail) * survival;
}

/* The odds that another delivery, out of sight, came up to one usual latency before one that was seen. */
static double weigh_repeats(const struct eki_trace *trace, const struct eki_member *m,
                            const struct eki_latency *latency, const double *survivals)
{
    double before = eki_outside_before(trace, m), window = exp(latency->mean), sum = 0;
    if (before <= 0) return 0;
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *s = &m->suspects[i];
        if (!s->timed || s->weight <= 0) continue;
        if (m->effect == EKI_TIME_NONE) { /* nothing is known of when it searched */
            sum += before * s->weight;
            continue;
        }
        double later = eki_latency_tail(latency, m, log(exp(s->passed) + window));
        double free = survivals ? eki_unseen_survival(trace, survivals, s->end) : 1;
        sum += before * free * s->weight * fmax(0, eki_latency_tail(latency, m, s->passed) - later) / window;
    }
    return sum;
}

static void weigh(struct eki_trace *trace, struct eki_member *m, bool first_pass)
{
    struct eki_latency latency = eki_latency_for(trace, m);
    struct eki_chances own;
    const struct eki_chances *chances = &trace->chances;
    if (!first_pass && m->suspect_count) {
        eki_hazard_for(trace, m, &own);
        chances = &own;
    }
    double hidden[EKI_UNSEEN_STEPS], outside, unseen = weigh_suspects(m, &latency, chances);
    bool applies = eki_unseen_applies(trace, m);
    if (applies) eki_unseen_survivals(trace, m, hidden);
    outside = weigh_repeats(trace, m, &latency, applies ? hidden : NULL);
    for (size_t i = 0; applies && i < m->suspect_count; i++)
        m->suspects[i].odds *= eki_unseen_survival(trace, hidden, m->suspects[i].end);
    outside +=
        applies ? eki_unseen_odds(trace, m, &latency, chances, hidden) : eki_outside_odds(trace, m) * unseen;
    double sum = outside;
    for (size_t i = 0; i < m->suspect_count; i++) sum += m->suspects[i].odds;
    /* Hundreds of sessions of which each was nearly sure to infect leave nothing that a double can hold. */
    if (!(sum > DBL_MIN)) sum = outside = DBL_MIN;
    for (size_t i = 0; i < m->suspect_count; i++) m->suspects[i].posterior = m->suspects[i].odds / sum;
    m->outside = outside / sum;
    m->likelihood = log(sum);
    eki_unseen_lay(trace, m, applies ? hidden : NULL);
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

/* Learns from the guess that sessions of this size infect; returns ln of the likelihood reached. */
static double learn(struct eki_trace *trace, int bin, int passes)
{
    double likelihood = 0;
    eki_latency_forget(trace);
    eki_outside_guess(trace, bin == 0);
    eki_unseen_learn(trace, true);
    eki_hazard_guess(trace, bin);
    for (int pass = 0; pass < passes; pass++) {
        weigh_all(trace, pass == 0);
        if (pass + 1 == passes) break;
        eki_latency_learn(trace);
        eki_hazard_learn(trace);
        eki_outside_learn(trace);
        eki_unseen_learn(trace, false);
    }
    for (uint32_t i = 0; i < trace->member_count; i++) likelihood += trace->members[i].likelihood;
    return likelihood + eki_hazard_spared(trace);
}

/* In how many members' suspects each size occurs; returns how many members there are whose infection nothing
 * but a session shows. */
static uint32_t count_common(const struct eki_trace *trace, uint32_t ret_common[EKI_HAZARD_BINS])
{
    uint32_t unclear = 0;
    for (int b = 0; b < EKI_HAZARD_BINS; b++) ret_common[b] = 0;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        bool seen[EKI_HAZARD_BINS] = {false}, any = false;
        for (size_t k = 0; k < m->suspect_count; k++)
            if (m->suspects[k].bin && m->suspects[k].kind <= EKI_KIND_ATTEMPT && m->suspects[k].weight > 0)
                any = seen[m->suspects[k].bin] = true;
        unclear += any && !m->implant;
        for (int b = 0; b < EKI_HAZARD_BINS; b++) ret_common[b] += seen[b];
    }
    return unclear;
}

/*
 * Expectation-maximisation climbs the hill on which it starts. So it starts once from no idea and once from
 * each size that many victims met, as if that were the size of a success; the likeliest end is kept.
 */
static void learn_from_best_start(struct eki_trace *trace)
{
    uint32_t common[EKI_HAZARD_BINS], unclear = count_common(trace, common);
    int best = -1;
    if (unclear < 2) {
        learn(trace, best, PASSES);
        return;
    }
    double most = learn(trace, best, TRIAL_PASSES), unseen = learn(trace, 0, TRIAL_PASSES);
    if (unseen > most) {
        most = unseen;
        best = 0;
    }
    for (int n = 0; n < STARTS; n++) {
        int bin = 0;
        for (int b = 1; b < EKI_HAZARD_BINS; b++)
            if (common[b] > common[bin] || !bin) bin = b;
        if (common[bin] < 2) break;
        common[bin] = 0;
        double likelihood = learn(trace, bin, TRIAL_PASSES);
        if (likelihood <= most) continue;
        most = likelihood;
        best = bin;
    }
    learn(trace, best, PASSES);
}

enum eki_error eki_trace_parents(struct eki_trace *trace)
{
    enum eki_error error = eki_trace_suspects(trace);
    if (error) return error;
    eki_hazard_start(trace);
    error = eki_outside_start(trace);
    if (!error) error = eki_unseen_start(trace);
    if (error) return error;
    learn_from_best_start(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) {
        choose(&trace->members[i]);
        set_time(&trace->members[i], trace->view->origin);
    }
    return EKI_OK;
}
