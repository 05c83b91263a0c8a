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

/* What is known beside the kind of a suspect, as odds. An implant settles it: others that delivered nothing,
 * and those that came after it, found an infected host. */
static const double weight_again = 1e-3, weight_found_infected = 1e-6, weight_beside_implant = 1e-6;

/* A delivery follows the conversation that opened the way for it within this. */
#define OPENS_THE_WAY (10 * EKI_SECOND)

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

/* An exploit that is no vector: the target was found to carry the implant, put there by somebody else. */
static bool is_witness(const struct eki_sign *s)
{
    return !s->vector && s->grade >= EKI_GRADE_EXPLOIT;
}

/* When each member was first found infected, by whomever. */
static void note_witnesses(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!is_witness(s) || s->protocol != trace->protocol ||
            eki_vector_of(s->protocol, s->service) != trace->vector)
            continue;
        struct eki_member *m = eki_trace_member(trace, s->target);
        if (m && (m->witness == EKI_TIME_NONE || s->last < m->witness)) m->witness = s->last;
    }
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

/* Mean time between the attacks of a host that was not seen searching; of one that attacked once, all the
 * time since. */
static double gap_of_attacks(const struct eki_trace *trace, const struct eki_member *m)
{
    if (m->attacks > 1) return eki_time_since(m->last_attack, m->first_attack) / (m->attacks - 1);
    return eki_time_since(trace->view->end, m->first_attack);
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
    if (at_work == EKI_TIME_NONE) return;
    if (!m->scanner && !m->sweep) m->gap_s = gap_of_attacks(trace, m);
    m->onset = at_work < m->bound ? m->bound : at_work;
    for (uint32_t i = chains->head[position]; i != NOBODY && m->implant; i = chains->next[i]) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        bool further = s->grade >= EKI_GRADE_EXPLOIT && s != m->implant;
        m->repeats += further && s->last <= m->onset;
        m->later += further && s->last > m->onset;
    }
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
    note_witnesses(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) set_bound(trace, &chains, i);
    if (trace->member_count) qsort(trace->members, trace->member_count, sizeof *trace->members, by_bound);
    eki_index_clear(&trace->by_host);
    for (uint32_t i = 0; i < trace->member_count; i++)
        eki_index_add(&trace->by_host, eki_hash_address(trace->members[i].host, 1, trace->tracer->seed), i);
    return EKI_OK;
}

static enum eki_suspect_kind kind_of(const struct eki_sign *s, bool settled)
{
    if (!settled) return s->grade == EKI_GRADE_ACCESS ? EKI_KIND_ACCESS : EKI_KIND_ATTEMPT;
    return s->grade == EKI_GRADE_IMPLANT ? EKI_KIND_IMPLANT : EKI_KIND_EXPLOIT;
}

static void suspect_sign(const struct eki_trace *trace, struct eki_member *m, const struct eki_sign *s)
{
    struct eki_member *source = eki_trace_member(trace, s->source);
    if (!source || source >= m || s->first > m->bound) return;
    /* What was complete only after the host was at work found an infected host. */
    bool delivery = s->grade >= EKI_GRADE_EXPLOIT, settled = delivery && s->last <= m->bound;
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
                             .kind = (uint8_t)kind_of(s, settled),
                             .weight = delivery && m->implant && s != m->implant ? weight_again : 1,
                             .timed = settled};
}

static double slack_s(const struct eki_member *m)
{
    return 1 + SLACK_GAPS * m->gap_s;
}

/* A source that searches attacks from its onset on. Before that it may have attacked unnoticed, if it was
 * infected by then; the earlier, the less likely. */
static double could_infect(const struct eki_trace *trace, const struct eki_member *source,
                           const struct eki_touch *t)
{
    eki_time from = source->onset != EKI_TIME_NONE ? source->onset : source->bound;
    double early = -eki_time_since(t->start, from), slack = slack_s(source);
    if (early <= slack) return 1;
    eki_time infected = trace->view->origin;
    for (size_t i = 0; i < source->suspect_count; i++)
        if (i == 0 || source->suspects[i].end < infected) infected = source->suspects[i].end;
    return t->start < infected ? 0 : slack / early;
}

static enum eki_suspect_kind kind_of_touch(const struct eki_trace *trace, const struct eki_touch *t)
{
    if (trace->protocol == EKI_PROTOCOL_UDP) return EKI_KIND_DATAGRAM;
    return t->outcome == EKI_OUTCOME_DATA || t->client_bytes > 0 ? EKI_KIND_SESSION : EKI_KIND_CONTACT;
}

static void suspect_touch(const struct eki_trace *trace, struct eki_member *m, const struct eki_touch *t)
{
    struct eki_member *source = t->start < m->bound ? eki_trace_member(trace, t->client) : NULL;
    double weight = source && source < m ? could_infect(trace, source, t) : 0;
    if (weight <= 0) return;
    enum eki_suspect_kind kind = kind_of_touch(trace, t);
    bool datagram = kind == EKI_KIND_DATAGRAM;
    /* A conversation that outlasts the bound infected some time inside it. */
    eki_time end = datagram || t->end > m->bound ? t->start : t->end;
    m->suspects[m->suspect_count++] = (struct eki_suspect){
        .host = t->client,
        .member = (uint32_t)(source - trace->members),
        .start = t->start,
        .end = end,
        .packet_first = t->packet_first,
        .packet_last = t->packet_last,
        .input = t->input,
        .bytes = datagram ? 0 : t->client_bytes,
        .evidence = kind == EKI_KIND_SESSION ? EKI_EVIDENCE_SESSION : EKI_EVIDENCE_CONTACT,
        .kind = (uint8_t)kind,
        .weight = weight};
}

static bool overlap(const struct eki_suspect *a, const struct eki_suspect *b)
{
    return a->member == b->member && a->start <= b->end && a->end >= b->start;
}

/* The better of two conversations to have carried a delivery: the larger of those under way then, else the
 * last before it. */
static bool carries_better(const struct eki_suspect *a, const struct eki_suspect *b,
                           const struct eki_suspect *sign)
{
    bool a_overlaps = overlap(a, sign), b_overlaps = overlap(b, sign);
    if (a_overlaps != b_overlaps) return a_overlaps;
    return a_overlaps ? a->bytes > b->bytes : a->end > b->end;
}

/* A delivery and the conversation that carried it, or that opened the way for it (the program of Blaster
 * comes over another service), are one suspect. */
static void merge_delivery(struct eki_member *m, size_t signs, struct eki_suspect *sign)
{
    struct eki_suspect *carrier = NULL;
    for (size_t k = signs; k < m->suspect_count; k++) {
        struct eki_suspect *touch = &m->suspects[k];
        if (touch->member != sign->member || touch->start > sign->end ||
            sign->start - touch->end > OPENS_THE_WAY)
            continue;
        if (!carrier || carries_better(touch, carrier, sign)) carrier = touch;
    }
    if (!carrier) return;
    sign->bytes = carrier->bytes;
    carrier->weight = 0;
}

/* The conversation of the source of a sign that was under way when the sign was complete, or NULL. */
static struct eki_suspect *completes(struct eki_member *m, size_t signs, const struct eki_suspect *sign)
{
    for (size_t k = signs; k < m->suspect_count; k++) {
        struct eki_suspect *touch = &m->suspects[k];
        if (touch->member == sign->member && touch->start <= sign->sign->last &&
            touch->end >= sign->sign->last)
            return touch;
    }
    return NULL;
}

/* An attempt says that a source attacks, not when it got in: it lifts the conversations of that source from
 * then on to its own kind and is no suspect beside them. A login is that of the conversation in which it was
 * accepted, if that is known. */
static void merge_attempt(struct eki_member *m, size_t signs, struct eki_suspect *sign)
{
    bool login = sign->kind == EKI_KIND_ACCESS;
    const struct eki_suspect *accepted = login ? completes(m, signs, sign) : NULL;
    for (size_t k = signs; k < m->suspect_count; k++) {
        struct eki_suspect *touch = &m->suspects[k];
        if (touch->member != sign->member || touch->end < sign->sign->first) continue;
        if (login && touch->start > sign->sign->last) continue;
        uint8_t kind = accepted && touch != accepted ? EKI_KIND_ATTEMPT : sign->kind;
        if (touch->kind < kind) touch->kind = kind;
        sign->weight = 0;
    }
}

static void merge(struct eki_member *m, size_t signs)
{
    for (size_t i = 0; i < signs; i++) {
        if (m->suspects[i].timed)
            merge_delivery(m, signs, &m->suspects[i]);
        else
            merge_attempt(m, signs, &m->suspects[i]);
    }
}

/* It was seen to deliver, whether or not it was done in time. */
static bool delivers(const struct eki_suspect *s)
{
    return s->timed || (s->sign && s->sign->grade >= EKI_GRADE_EXPLOIT);
}

/* What ended after somebody found the host infected did not infect it. */
static void trust_witness(struct eki_member *m)
{
    for (size_t i = 0; i < m->suspect_count && m->witness != EKI_TIME_NONE; i++)
        if (m->suspects[i].end >= m->witness) m->suspects[i].weight *= weight_found_infected;
}

/* The first delivery that was seen to complete infected the host, unless it was a loader's: any session that
 * delivered nothing would have had to do it before, and be followed by a delivery all the same. However many
 * others there were, they do not outweigh it. */
static void trust_implant(struct eki_member *m)
{
    bool trusted = false;
    for (size_t i = 0; i < m->suspect_count && !trusted; i++)
        trusted = m->implant && m->suspects[i].timed && m->suspects[i].sign == m->implant &&
                  m->suspects[i].weight >= .5;
    for (size_t i = 0; i < m->suspect_count && trusted; i++)
        if (!delivers(&m->suspects[i])) m->suspects[i].weight *= weight_beside_implant;
}

static int by_end(const void *a, const void *b)
{
    const struct eki_suspect *x = a, *y = b;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->packet_first > y->packet_first) - (x->packet_first < y->packet_first);
}

/* In the order in which they ended: each could have infected, and if a later one did, had not. */
static void order_by_end(struct eki_member *m)
{
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        s->bin = s->bytes ? eki_hazard_bin(s->bytes) : 0;
        if (m->raced && m->effect != EKI_TIME_NONE && s->end > m->effect) s->weight = 0; /* served later */
        if (m->effect != EKI_TIME_NONE) s->passed = eki_latency_log(eki_time_since(m->effect, s->end));
    }
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
    merge(m, signs);
    return EKI_OK;
}

enum eki_error eki_trace_suspects(struct eki_trace *trace)
{
    struct sign_chains chains;
    enum eki_error error = sort_members(trace);
    if (!error) error = chain_signs(trace, &chains);
    for (uint32_t i = 0; i < trace->member_count && !error; i++) error = gather(trace, &chains, i);
    if (!error) error = eki_callbacks_note(trace);
    if (error) return error;
    eki_loaders_set_aside(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) {
        trust_implant(&trace->members[i]);
        trust_witness(&trace->members[i]);
        order_by_end(&trace->members[i]);
    }
    return EKI_OK;
}
