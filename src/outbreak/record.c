/* SPDX-License-Identifier: Apache-2.0 */
/* From members with parents to the record of an outbreak: who belongs to it, generations, patient zero,
 * curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outbreak/trace.h"
#include "outbreak/vector.h"

/* Exploitation of remote services (ATT&CK): an exploit that ran shows a program at work, whoever started it.
 */
static const char exploitation[] = "T1210";

/* IPv4 addresses of one /16 share this many leading bits. */
enum { NEAR_BITS = 96 + 16 };

static bool by_program(const struct eki_sign *s)
{
    return s && (s->automated || !strcmp(s->technique, exploitation));
}

static bool searches(const struct eki_member *m)
{
    return m->scanner || m->sweep;
}

static bool passes_on(const struct eki_member *m, eki_time since)
{
    return m->attacked && m->first_attack > since;
}

/* Infected, by whomever: a program put something on it, or it attacks others since something was. */
static bool is_carrier(const struct eki_member *m)
{
    return m->implant && (by_program(m->implant) || passes_on(m, m->implant->last));
}

/* One host infected another: the victim goes on to search or to attack others, or carries what a program put
 * there. */
static bool is_spread(const struct eki_member *m)
{
    if (m->parent < 0) return false;
    return searches(m) || passes_on(m, m->infected) || by_program(m->suspects[m->parent].sign) ||
           (m->delivered != EKI_TIME_NONE && by_program(m->implant));
}

/* What the signs show of the members as attackers, in one pass. A sensor that sees a part of a host shows its
 * attacks and not its search. */
static void mark_attackers(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        struct eki_member *m =
            s->vector && s->grade >= EKI_GRADE_ATTEMPT ? eki_trace_member(trace, s->source) : NULL;
        if (!m) continue;
        m->attacks_visibly = true;
        if (s->automated && !m->loader && s->protocol == trace->protocol &&
            eki_vector_of(s->protocol, s->service) == trace->vector)
            m->attacks_by_program = true;
    }
}

/* A /16 in which members were infected by somebody. */
struct network {
    struct eki_address base;
    bool infected; /* one of them belongs to the outbreak */
};

struct networks {
    struct network *items; /* sorted, each once */
    size_t count;
};

static struct eki_address base_of(struct eki_address a)
{
    a.lo &= ~UINT64_C(0) << (128 - NEAR_BITS);
    return a;
}

static int by_base(const void *a, const void *b)
{
    const struct network *x = a, *y = b;
    return eki_address_compare(x->base, y->base);
}

static struct network *network_of(const struct networks *n, struct eki_address host)
{
    const struct network wanted = {.base = base_of(host)};
    return n->count ? bsearch(&wanted, n->items, n->count, sizeof wanted, by_base) : NULL;
}

static void note_infected(const struct networks *n, const struct eki_member *m)
{
    struct network *network = m->included && m->parent >= 0 ? network_of(n, m->host) : NULL;
    if (network) network->infected = true;
}

static enum eki_error list_networks(const struct eki_trace *trace, struct networks *ret_networks)
{
    size_t count = 0, kept = 0;
    struct network *items = eki_arena_take(trace->scratch, (size_t)trace->member_count + 1, sizeof *items);
    if (!items) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++)
        if (trace->members[i].parent >= 0) items[count++].base = base_of(trace->members[i].host);
    qsort(items, count, sizeof *items, by_base);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_base(&items[kept - 1], &items[i])) items[kept++] = items[i];
    *ret_networks = (struct networks){items, kept};
    for (uint32_t i = 0; i < trace->member_count; i++) note_infected(ret_networks, &trace->members[i]);
    return EKI_OK;
}

static bool stands_beside(const struct networks *networks, const struct eki_member *m)
{
    if (!searches(m)) return is_carrier(m) || m->attacks_by_program;
    const struct network *near = network_of(networks, m->host);
    return m->attacks_visibly || (near && near->infected);
}

/* The members of the tree. Returns how many. */
static uint32_t include_tree(struct eki_trace *trace)
{
    uint32_t count = 0;
    for (uint32_t i = trace->member_count; i-- > 0;) {
        struct eki_member *m = &trace->members[i];
        if (is_spread(m)) m->included = true;
        if (m->included && m->parent_member != UINT32_MAX) trace->members[m->parent_member].included = true;
    }
    for (uint32_t i = 0; i < trace->member_count; i++) count += trace->members[i].included;
    return count;
}

/* Then the sources that stand beside the tree but near it or with the same attack, and the infected whose
 * parent is not in sight: one after the other, and whoever comes in is near those that follow. */
static enum eki_error include_others(struct eki_trace *trace, uint32_t *count)
{
    struct networks networks;
    enum eki_error error = list_networks(trace, &networks);
    if (error) return error;
    mark_attackers(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        if (m->included || !stands_beside(&networks, m)) continue;
        m->included = true;
        note_infected(&networks, m);
        ++*count;
    }
    return EKI_OK;
}

/* Parents stand before their children, so one pass forward gives generations and one back gives descendants.
 */
static void number_generations(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        if (m->parent_member != UINT32_MAX) m->generation = trace->members[m->parent_member].generation + 1;
    }
    for (uint32_t i = trace->member_count; i-- > 0;) {
        const struct eki_member *m = &trace->members[i];
        if (m->included && m->parent_member != UINT32_MAX)
            trace->members[m->parent_member].descendants += m->descendants + 1;
    }
}

static bool is_named(const struct eki_member *m, const struct eki_infection *infection,
                     struct eki_address host)
{
    if (m->parent >= 0 && eki_address_equal(m->suspects[m->parent].host, host)) return true;
    for (size_t i = 0; i < infection->runner_up_count; i++)
        if (!infection->runners_up[i].outside && eki_address_equal(infection->runners_up[i].host, host))
            return true;
    return false;
}

/* Keeps the runners-up in falling order; a full list loses its last. */
static void add_runner_up(struct eki_infection *infection, const struct eki_candidate *candidate)
{
    static const double least = 1e-4;
    if (candidate->posterior < least) return;
    size_t i = infection->runner_up_count < EKI_CANDIDATES_KEPT ? infection->runner_up_count++
                                                                : EKI_CANDIDATES_KEPT - 1;
    if (infection->runner_up_count == EKI_CANDIDATES_KEPT && i == EKI_CANDIDATES_KEPT - 1 &&
        infection->runners_up[i].posterior >= candidate->posterior && infection->runners_up[i].posterior > 0)
        return;
    for (; i > 0 && infection->runners_up[i - 1].posterior < candidate->posterior; i--)
        infection->runners_up[i] = infection->runners_up[i - 1];
    infection->runners_up[i] = *candidate;
}

static void list_runners_up(const struct eki_member *m, struct eki_infection *infection)
{
    if (m->parent >= 0 && m->outside > 0)
        add_runner_up(infection, &(struct eki_candidate){
                                     .outside = true, .posterior = m->outside, .time = EKI_TIME_NONE});
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *s = &m->suspects[i];
        if (is_named(m, infection, s->host)) continue;
        struct eki_candidate candidate = {.host = s->host, .time = s->end};
        for (size_t k = i; k < m->suspect_count; k++)
            if (eki_address_equal(m->suspects[k].host, s->host))
                candidate.posterior += m->suspects[k].posterior;
        add_runner_up(infection, &candidate);
    }
}

static struct eki_infection infection_of(const struct eki_member *m)
{
    struct eki_infection infection = {.host = m->host,
                                      .time = m->infected,
                                      .error_s = m->error_s,
                                      .has_parent = m->parent >= 0,
                                      .parent_posterior = m->parent_posterior,
                                      .evidence = m->evidence,
                                      .generation = m->generation,
                                      .packet_first = m->packet_first,
                                      .packet_last = m->packet_last,
                                      .input = m->input,
                                      .scans = searches(m),
                                      .scan_start = searches(m) ? m->onset : EKI_TIME_NONE};
    if (m->parent >= 0) infection.parent = m->suspects[m->parent].host;
    list_runners_up(m, &infection);
    return infection;
}

/* Keeps the likeliest in falling order; of equals the one seen first. */
static void add_zero(struct eki_outbreak *outbreak, const struct eki_candidate *candidate)
{
    size_t i = outbreak->zero_count;
    if (!(candidate->posterior > 0)) return;
    if (i < EKI_CANDIDATES_KEPT)
        outbreak->zero_count++;
    else if (outbreak->zeros[--i].posterior >= candidate->posterior)
        return;
    for (; i > 0 && outbreak->zeros[i - 1].posterior < candidate->posterior; i--)
        outbreak->zeros[i] = outbreak->zeros[i - 1];
    outbreak->zeros[i] = *candidate;
}

/*
 * Patient zero: early, probably infected from outside, and with many descendants. The weight of a host falls
 * by e for each mean generation interval after the first.
 */
static void find_patient_zero(const struct eki_trace *trace, struct eki_outbreak *outbreak)
{
    double interval = 0, sum = 0;
    uint32_t edges = 0;
    eki_time first = outbreak->infections[0].time;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (!m->included || m->parent_member == UINT32_MAX) continue;
        interval += fmax(0, eki_time_since(m->infected, trace->members[m->parent_member].infected));
        edges++;
    }
    double scale = edges && interval > 0 ? interval / edges : 1;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (!m->included) continue;
        double early = exp(-fmax(0, eki_time_since(m->infected, first)) / scale);
        double weight = (m->parent < 0 ? m->parent_posterior : m->outside) * early * (1 + m->descendants);
        sum += weight;
        add_zero(outbreak,
                 &(struct eki_candidate){.host = m->host, .posterior = weight, .time = m->infected});
    }
    for (size_t i = 0; i < outbreak->zero_count; i++) outbreak->zeros[i].posterior /= sum;
    outbreak->has_patient_zero = outbreak->zero_count > 0;
    if (!outbreak->zero_count) return;
    outbreak->patient_zero = outbreak->zeros[0].host;
    outbreak->patient_zero_posterior = outbreak->zeros[0].posterior;
}

static int by_time(const void *a, const void *b)
{
    const struct eki_infection *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->generation != y->generation) return x->generation < y->generation ? -1 : 1;
    return eki_address_compare(x->host, y->host);
}

static enum eki_error list_infections(const struct eki_trace *trace, uint32_t count,
                                      struct eki_outbreak *outbreak)
{
    struct eki_infection *infections = eki_arena_take(trace->arena, count, sizeof *infections);
    struct eki_curve_point *curve = eki_arena_take(trace->arena, count, sizeof *curve);
    if (!infections || !curve) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0, k = 0; i < trace->member_count; i++)
        if (trace->members[i].included) infections[k++] = infection_of(&trace->members[i]);
    qsort(infections, count, sizeof *infections, by_time);
    for (uint32_t i = 0; i < count; i++)
        curve[i] = (struct eki_curve_point){eki_time_since(infections[i].time, trace->view->origin), i + 1};
    outbreak->infections = infections;
    outbreak->infection_count = count;
    outbreak->curve = curve;
    outbreak->curve_count = count;
    return EKI_OK;
}

enum eki_error eki_trace_include(struct eki_trace *trace, uint32_t *ret_count)
{
    uint32_t count = include_tree(trace);
    enum eki_error error = count ? include_others(trace, &count) : EKI_OK;
    if (error) return error;
    if (count) number_generations(trace);
    *ret_count = count;
    return EKI_OK;
}

enum eki_error eki_trace_record(struct eki_trace *trace, eki_time end, struct eki_outbreak *ret_outbreak,
                                bool *ret_is_outbreak)
{
    uint32_t count = 0, children = 0;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        count += trace->members[i].included;
        children += trace->members[i].included && trace->members[i].parent >= 0;
    }
    *ret_is_outbreak = children > 0;
    if (!children) return EKI_OK;
    struct eki_outbreak outbreak = {.protocol = trace->protocol, .service = trace->vector};
    enum eki_error error = list_infections(trace, count, &outbreak);
    if (!error) error = eki_trace_failed(trace, &outbreak);
    if (!error) error = eki_trace_wire(trace, &outbreak);
    if (error) return error;
    find_patient_zero(trace, &outbreak);
    outbreak.growth = eki_growth_of(outbreak.infections, count, end);
    eki_trace_classify(trace, &outbreak);
    *ret_outbreak = outbreak;
    return EKI_OK;
}
