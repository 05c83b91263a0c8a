/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who can have infected a member: sources of signs against it and members that reached it on the vector, before it was infected at the
 * latest (its bound). Members are put in the order of their bounds first; a suspect always stands before its victim, so that no choice
 * among suspects can close a cycle.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "outbreak/trace.h"
#include "outbreak/vector.h"

#define NOBODY UINT32_MAX

/* Evidence as odds against "it merely talked": an implant settles it, a second one after it is a re-infection. */
static const double weight_implant = 1e4, weight_exploit = 1e3, weight_attempt = 30, weight_session = 1, weight_established = .1,
                    weight_datagram = 1, weight_again = 1e-3, weight_led_in = 1e5;

/* How far a first probe may be misjudged, in its own mean gaps. */
enum { SLACK_GAPS = 2 };

struct sign_chains {
    uint32_t *head; /* of each member: the first sign against it */
    uint32_t *next; /* of each sign */
};

static bool is_on_vector(const struct eki_trace *trace, const struct eki_sign *s)
{
    return s->vector && s->protocol == trace->protocol && eki_vector_of(s->protocol, s->service) == trace->vector;
}

static enum eki_error chain_signs(struct eki_trace *trace, struct sign_chains *ret_chains)
{
    const struct eki_tracer *tracer = trace->tracer;
    struct sign_chains chains = {eki_arena_take(trace->scratch, trace->member_count + 1, sizeof(uint32_t)),
                                 eki_arena_take(trace->scratch, tracer->sign_count + 1, sizeof(uint32_t))};
    if (!chains.head || !chains.next) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++) chains.head[i] = NOBODY;
    for (uint32_t i = tracer->sign_count; i-- > 0;) {
        const struct eki_sign *s = &tracer->signs[i];
        struct eki_member *target = is_on_vector(trace, s) && s->grade >= EKI_GRADE_ATTEMPT ? eki_trace_member(trace, s->target) : NULL;
        if (!target) continue;
        chains.next[i] = chains.head[target - trace->members];
        chains.head[target - trace->members] = i;
    }
    *ret_chains = chains;
    return EKI_OK;
}

static eki_time decided_at(const struct eki_member *m)
{
    if (m->scanner && m->sweep) return m->scanner->decided_at < m->sweep->decided_at ? m->scanner->decided_at : m->sweep->decided_at;
    if (m->scanner) return m->scanner->decided_at;
    return m->sweep ? m->sweep->decided_at : EKI_TIME_NONE;
}

/*
 * The latest moment at which the member was infected: its first implant, or its first own probe when that came before. A first probe is
 * an estimate and can be too early by an ordinary failed connection or two; so an implant before the searching was beyond doubt wins.
 */
static void set_bound(const struct eki_trace *trace, const struct sign_chains *chains, uint32_t position)
{
    struct eki_member *m = &trace->members[position];
    eki_time sure = decided_at(m);
    m->bound = m->onset;
    for (uint32_t i = chains->head[position]; i != NOBODY; i = chains->next[i]) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (s->grade < EKI_GRADE_EXPLOIT || (sure != EKI_TIME_NONE && s->last >= sure)) continue;
        if (!m->implant || s->last < m->implant->last) m->implant = s;
    }
    if (m->implant) m->bound = m->implant->last;
    if (m->onset != EKI_TIME_NONE && m->onset < m->bound) m->onset = m->bound;
    if (m->bound == EKI_TIME_NONE) m->bound = m->first_attack;
}

static int by_bound(const void *a, const void *b)
{
    const struct eki_member *x = a, *y = b;
    if (x->bound != y->bound) return x->bound < y->bound ? -1 : 1;
    return eki_address_compare(x->host, y->host);
}

static enum eki_error sort_members(struct eki_trace *trace)
{
    struct sign_chains chains;
    if (chain_signs(trace, &chains)) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++) set_bound(trace, &chains, i);
    qsort(trace->members, trace->member_count, sizeof *trace->members, by_bound);
    eki_index_clear(&trace->by_host);
    for (uint32_t i = 0; i < trace->member_count; i++)
        eki_index_add(&trace->by_host, eki_hash_address(trace->members[i].host, 1, trace->tracer->seed), i);
    return EKI_OK;
}

static double weight_of(const struct eki_member *m, const struct eki_sign *s)
{
    double again = m->implant && s != m->implant ? weight_again : 1;
    switch (s->grade) {
    case EKI_GRADE_IMPLANT: return weight_implant * again;
    case EKI_GRADE_EXPLOIT: return weight_exploit * again;
    default: return weight_attempt;
    }
}

/* An implant delivered by a host that searches nothing itself, after another one got in: the loader serves the one that got in. */
static bool led_in(const struct eki_trace *trace, const struct eki_member *m, const struct eki_sign *s)
{
    if (s->grade != EKI_GRADE_ACCESS || !m->implant || eki_address_equal(m->implant->source, s->source)) return false;
    const struct eki_member *loader = eki_trace_member(trace, m->implant->source);
    return s->last <= m->implant->last && (!loader || !loader->scanner);
}

static void suspect_sign(const struct eki_trace *trace, struct eki_member *m, const struct eki_sign *s)
{
    struct eki_member *source = eki_trace_member(trace, s->source);
    if (!source || source >= m || s->first > m->bound) return;
    bool lead = led_in(trace, m, s);
    bool settled = s->grade >= EKI_GRADE_EXPLOIT || lead;
    enum eki_evidence evidence = EKI_EVIDENCE_SESSION;
    if (settled) evidence = lead || s->grade == EKI_GRADE_IMPLANT ? EKI_EVIDENCE_IMPLANT : EKI_EVIDENCE_EXPLOIT;
    const struct eki_sign *shown = lead ? m->implant : s;
    m->suspects[m->suspect_count++] = (struct eki_suspect){.host = s->source,
                                                           .member = (uint32_t)(source - trace->members),
                                                           .sign = shown,
                                                           .start = s->first,
                                                           .end = shown->last < m->bound ? shown->last : m->bound,
                                                           .packet_first = s->packet_first,
                                                           .packet_last = shown->packet_last,
                                                           .input = s->input,
                                                           .evidence = evidence,
                                                           .weight = lead ? weight_led_in : weight_of(m, s),
                                                           .timed = settled};
}

static double slack_s(const struct eki_member *m)
{
    return 1 + SLACK_GAPS * m->gap_s;
}

static bool could_infect(const struct eki_member *source, const struct eki_touch *t)
{
    eki_time from = source->onset != EKI_TIME_NONE ? source->onset : source->bound;
    return eki_time_since(t->start, from) >= -slack_s(source);
}

static void suspect_touch(const struct eki_trace *trace, struct eki_member *m, const struct eki_touch *t)
{
    struct eki_member *source = t->start < m->bound ? eki_trace_member(trace, t->client) : NULL;
    if (!source || source >= m || !could_infect(source, t)) return;
    bool datagram = trace->protocol == EKI_PROTOCOL_UDP;
    bool session = t->outcome == EKI_OUTCOME_DATA || t->client_bytes > 0;
    double weight = datagram ? weight_datagram : session ? weight_session : weight_established;
    /* A conversation that outlasts the bound infected some time inside it. */
    eki_time end = datagram || t->end > m->bound ? t->start : t->end;
    m->suspects[m->suspect_count++] =
        (struct eki_suspect){.host = t->client,
                             .member = (uint32_t)(source - trace->members),
                             .start = t->start,
                             .end = end,
                             .packet_first = t->packet_first,
                             .packet_last = t->packet_last,
                             .input = t->input,
                             .bytes = datagram ? 0 : t->client_bytes,
                             .evidence = session && !datagram ? EKI_EVIDENCE_SESSION : EKI_EVIDENCE_CONTACT,
                             .weight = weight};
}

static enum eki_error gather(struct eki_trace *trace, const struct sign_chains *chains, uint32_t position)
{
    struct eki_member *m = &trace->members[position];
    const struct eki_inbound *in = &trace->tracer->inbound;
    const struct eki_inbound_server *s = eki_inbound_find(in, m->host, trace->protocol, trace->vector);
    size_t most = s ? s->count : 0;
    for (uint32_t i = chains->head[position]; i != NOBODY; i = chains->next[i]) most++;
    m->suspects = eki_arena_take(trace->scratch, most + 1, sizeof *m->suspects);
    if (!m->suspects) return EKI_ERROR_MEMORY;
    for (uint32_t i = chains->head[position]; i != NOBODY; i = chains->next[i]) suspect_sign(trace, m, &trace->tracer->signs[i]);
    uint32_t touch = s ? s->first : 0;
    for (uint32_t i = 0; s && i < s->count; i++, touch = in->touches[touch].next) suspect_touch(trace, m, &in->touches[touch]);
    return EKI_OK;
}

enum eki_error eki_trace_suspects(struct eki_trace *trace)
{
    struct sign_chains chains;
    enum eki_error error = sort_members(trace);
    if (!error) error = chain_signs(trace, &chains);
    for (uint32_t i = 0; i < trace->member_count && !error; i++) error = gather(trace, &chains, i);
    return error;
}
