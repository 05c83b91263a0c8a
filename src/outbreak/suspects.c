/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who can have infected a member: sources of signs against it and members that reached it on the vector,
 * before it was infected at the latest (its bound). Members are put in the order of their bounds first; a
 * suspect always stands before its victim, so that no choice among suspects can close a cycle.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "outbreak/trace.h"
#include "outbreak/vector.h"

#define NOBODY UINT32_MAX

/* Evidence as odds against "it merely talked": an implant settles it, a second one after it is a
 * re-infection. */
static const double weight_implant = 1e4, weight_exploit = 1e3, weight_attempt = 30, weight_session = 1,
                    weight_established = .1, weight_datagram = 1, weight_again = 1e-3, weight_loader = 1e-9,
                    weight_later_login = .1, weight_beside_implant = 1e-6;

/* How far a first probe may be misjudged, in its own mean gaps. */
enum { SLACK_GAPS = 2 };

struct sign_chains {
    uint32_t *head; /* of each member: the first sign against it */
    uint32_t *next; /* of each sign */
};

static bool is_on_vector(const struct eki_trace *trace, const struct eki_sign *s)
{
    return s->vector && s->protocol == trace->protocol &&
           eki_vector_of(s->protocol, s->service) == trace->vector;
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
        struct eki_member *target = is_on_vector(trace, s) && s->grade >= EKI_GRADE_ATTEMPT
                                        ? eki_trace_member(trace, s->target)
                                        : NULL;
        if (!target) continue;
        chains.next[i] = chains.head[target - trace->members];
        chains.head[target - trace->members] = i;
    }
    *ret_chains = chains;
    return EKI_OK;
}

static eki_time earlier(eki_time a, eki_time b)
{
    if (a == EKI_TIME_NONE || b == EKI_TIME_NONE) return a == EKI_TIME_NONE ? b : a;
    return a < b ? a : b;
}

/* From when on it was at work beyond doubt. */
static eki_time surely_at_work(const struct eki_member *m)
{
    eki_time decided = m->scanner ? m->scanner->decided_at : EKI_TIME_NONE;
    if (m->sweep) decided = earlier(decided, m->sweep->decided_at);
    return earlier(decided, m->first_attack);
}

/*
 * The latest moment at which the member was infected: its first implant, or its first own probe or attack
 * when that came before. A first probe is an estimate and can be too early by an ordinary failed connection
 * or two; so an implant before the searching was beyond doubt wins.
 */
static void set_bound(const struct eki_trace *trace, const struct sign_chains *chains, uint32_t position)
{
    struct eki_member *m = &trace->members[position];
    eki_time sure = surely_at_work(m);
    for (uint32_t i = chains->head[position]; i != NOBODY; i = chains->next[i]) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (s->grade < EKI_GRADE_EXPLOIT || (sure != EKI_TIME_NONE && s->last >= sure)) continue;
        if (!m->implant || s->last < m->implant->last) m->implant = s;
    }
    eki_time at_work = earlier(m->onset, m->first_attack);
    m->bound = m->implant ? m->implant->last : at_work;
    if (m->onset != EKI_TIME_NONE) m->onset = at_work < m->bound ? m->bound : at_work;
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
    if (trace->member_count) qsort(trace->members, trace->member_count, sizeof *trace->members, by_bound);
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

static void suspect_sign(const struct eki_trace *trace, struct eki_member *m, const struct eki_sign *s)
{
    struct eki_member *source = eki_trace_member(trace, s->source);
    if (!source || source >= m || s->first > m->bound) return;
    /* What was complete only after the host was at work found an infected host. */
    bool settled = s->grade >= EKI_GRADE_EXPLOIT && s->last <= m->bound;
    enum eki_evidence evidence = EKI_EVIDENCE_SESSION;
    if (settled) evidence = s->grade == EKI_GRADE_IMPLANT ? EKI_EVIDENCE_IMPLANT : EKI_EVIDENCE_EXPLOIT;
    m->suspects[m->suspect_count++] =
        (struct eki_suspect){.host = s->source,
                             .member = (uint32_t)(source - trace->members),
                             .sign = s,
                             .start = s->first,
                             .end = s->last < m->bound ? s->last : m->bound,
                             .packet_first = s->packet_first,
                             .packet_last = s->packet_last,
                             .input = s->input,
                             .evidence = evidence,
                             .weight = settled ? weight_of(m, s) : weight_attempt,
                             .access = s->grade == EKI_GRADE_ACCESS,
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

/* An attempt says that a source attacked, not when: it makes that source's sessions weigh more and is no
 * suspect beside them. */
static void merge_attempts(struct eki_member *m, size_t signs)
{
    for (size_t i = 0; i < signs; i++) {
        struct eki_suspect *s = &m->suspects[i];
        if (s->timed) continue;
        for (size_t k = signs; k < m->suspect_count; k++) {
            struct eki_suspect *touch = &m->suspects[k];
            if (touch->member != s->member || touch->start > s->sign->last || touch->end < s->sign->first)
                continue;
            touch->weight *= weight_attempt;
            touch->access |= s->access;
            s->weight = 0;
        }
    }
}

/* A loader delivers what others have opened the way for: it searches nothing and was infected by nobody. */
static bool is_loader(const struct eki_trace *trace, const struct eki_suspect *s)
{
    const struct eki_member *m = &trace->members[s->member];
    return !m->scanner && !m->sweep && !m->implant;
}

/* It searches, or it logged in and left the rest to somebody else. */
static bool opened_the_way(const struct eki_trace *trace, const struct eki_member *m,
                           const struct eki_suspect *s)
{
    if (!is_loader(trace, s)) return true;
    return s->access && m->implant && !eki_address_equal(m->implant->source, s->host) &&
           s->start < m->implant->first;
}

/* It got in: data moved both ways, or a sign says so. */
static bool got_in(const struct eki_suspect *s)
{
    return s->evidence >= EKI_EVIDENCE_SESSION && s->weight > 0;
}

/*
 * Where a searching host got in before a loader came, the searching host is the parent, and the loader's work
 * was done for it (Mirai: Antonakakis 2017, section 2). The moment of infection is then the loader's.
 */
static void set_loaders_aside(const struct eki_trace *trace, struct eki_member *m)
{
    eki_time led_in = EKI_TIME_NONE;
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *s = &m->suspects[i];
        if (got_in(s) && opened_the_way(trace, m, s) && (led_in == EKI_TIME_NONE || s->start < led_in))
            led_in = s->start;
    }
    m->delivered = EKI_TIME_NONE;
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        if (!got_in(s) || opened_the_way(trace, m, s) || led_in == EKI_TIME_NONE || s->start < led_in)
            continue;
        s->weight *= weight_loader;
        if (m->delivered == EKI_TIME_NONE || s->end > m->delivered) m->delivered = s->end;
    }
}

/* It was seen to deliver, whether or not it was done in time. */
static bool delivers(const struct eki_suspect *s)
{
    return s->timed || (s->sign && s->sign->grade >= EKI_GRADE_EXPLOIT);
}

/* The first delivery that was seen to complete infected the host, unless it was a loader's: any session that
 * delivered nothing would have had to do it before, and be followed by a delivery all the same. However many
 * others there were, they do not outweigh it. */
static void trust_implant(struct eki_member *m)
{
    bool trusted = false;
    for (size_t i = 0; i < m->suspect_count && !trusted; i++)
        trusted = m->implant && m->suspects[i].timed && m->suspects[i].sign == m->implant &&
                  m->suspects[i].weight >= 1;
    for (size_t i = 0; i < m->suspect_count && trusted; i++)
        if (!delivers(&m->suspects[i])) m->suspects[i].weight *= weight_beside_implant;
}

/* Who logged in first has done it: the others found an infected host. */
static void prefer_first_login(struct eki_member *m)
{
    eki_time first = EKI_TIME_NONE;
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *s = &m->suspects[i];
        if (s->access && s->weight > 0 && (first == EKI_TIME_NONE || s->end < first)) first = s->end;
    }
    for (size_t i = 0; i < m->suspect_count; i++)
        if (m->suspects[i].access && m->suspects[i].end > first) m->suspects[i].weight *= weight_later_login;
}

static int by_end(const void *a, const void *b)
{
    const struct eki_suspect *x = a, *y = b;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->packet_first > y->packet_first) - (x->packet_first < y->packet_first);
}

/* In the order in which they ended: each that got in could have infected, and if a later one did, had not. */
static void order_by_end(struct eki_member *m)
{
    for (size_t i = 0; i < m->suspect_count; i++) m->suspects[i].got_in = got_in(&m->suspects[i]);
    if (m->suspect_count) qsort(m->suspects, m->suspect_count, sizeof *m->suspects, by_end);
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
    for (uint32_t i = chains->head[position]; i != NOBODY; i = chains->next[i])
        suspect_sign(trace, m, &trace->tracer->signs[i]);
    size_t signs = m->suspect_count;
    uint32_t touch = s ? s->first : 0;
    for (uint32_t i = 0; s && i < s->count; i++, touch = in->touches[touch].next)
        suspect_touch(trace, m, &in->touches[touch]);
    merge_attempts(m, signs);
    set_loaders_aside(trace, m);
    trust_implant(m);
    prefer_first_login(m);
    order_by_end(m);
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
