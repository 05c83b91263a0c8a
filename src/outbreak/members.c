/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/memory.h"
#include "outbreak/trace.h"
#include "outbreak/vector.h"

/* An ARP sweep on which one host opens this many connections of a vector belongs to that vector: on a LAN the
 * dead addresses are met by ARP alone, so only the live ones show a service. */
enum { SWEEP_TARGETS = 2 };

struct eki_member *eki_trace_member(const struct eki_trace *trace, struct eki_address host)
{
    struct eki_index_probe probe =
        eki_index_find(&trace->by_host, eki_hash_address(host, 1, trace->tracer->seed));
    while (eki_index_next(&trace->by_host, &probe))
        if (eki_address_equal(trace->members[probe.position].host, host))
            return &trace->members[probe.position];
    return NULL;
}

static struct eki_member *member_for(struct eki_trace *trace, struct eki_address host)
{
    struct eki_member *m = eki_trace_member(trace, host);
    if (m) return m;
    if (trace->member_count == trace->member_capacity) {
        uint32_t capacity = trace->member_capacity ? trace->member_capacity * 2 : 64;
        struct eki_member *members = eki_arena_take(trace->scratch, capacity, sizeof *members);
        if (!members) return NULL;
        for (uint32_t i = 0; i < trace->member_count; i++) members[i] = trace->members[i];
        trace->members = members;
        trace->member_capacity = capacity;
    }
    if (eki_index_full(&trace->by_host) && eki_index_grow(&trace->by_host)) return NULL;
    eki_index_add(&trace->by_host, eki_hash_address(host, 1, trace->tracer->seed), trace->member_count);
    m = &trace->members[trace->member_count++];
    *m = (struct eki_member){.host = host,
                             .onset = EKI_TIME_NONE,
                             .first_attack = EKI_TIME_NONE,
                             .last_attack = EKI_TIME_NONE,
                             .witness = EKI_TIME_NONE,
                             .parent = -1,
                             .parent_member = UINT32_MAX};
    return m;
}

/* The moment searching began, as seen on one service; the earliest of several counts. */
static void note_onset(struct eki_member *m, const struct eki_scanner *s)
{
    double probes = (double)(s->strategies[0].probes + s->strategies[1].probes);
    double seconds = eki_time_since(s->last, s->since);
    if (!m->scanner || s->targets > m->scanner->targets) {
        if (s->protocol != EKI_PROTOCOL_ARP) m->scanner = s;
        m->gap_s = probes > 1 ? seconds / (probes - 1) : 0;
    }
    m->attacked = true;
    if (m->onset != EKI_TIME_NONE && m->onset <= s->since) return;
    m->onset = s->since;
    m->onset_packet = s->packet;
    m->onset_input = s->input;
}

static bool is_of_vector(const struct eki_trace *trace, uint8_t protocol, uint16_t service)
{
    return protocol == trace->protocol && eki_vector_of(protocol, service) == trace->vector;
}

static enum eki_error add_scanners(struct eki_trace *trace)
{
    for (size_t i = 0; i < trace->view->scanner_count; i++) {
        const struct eki_scanner *s = &trace->view->scanners[i];
        if (s->verdict != EKI_VERDICT_SCANNER || s->shape != EKI_SHAPE_HORIZONTAL) continue;
        if (!is_of_vector(trace, s->protocol, s->service)) continue;
        struct eki_member *m = member_for(trace, s->host);
        if (!m) return EKI_ERROR_MEMORY;
        note_onset(m, s);
    }
    return EKI_OK;
}

/* The targets of implants, and all that attacked them in whatever way. */
static enum eki_error add_targets(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!s->vector || s->grade < EKI_GRADE_EXPLOIT || !is_of_vector(trace, s->protocol, s->service))
            continue;
        if (!member_for(trace, s->target)) return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

static bool is_automated_attack(const struct eki_trace *trace, const struct eki_sign *s)
{
    return s->vector && s->automated && s->grade >= EKI_GRADE_ATTEMPT &&
           is_of_vector(trace, s->protocol, s->service);
}

/* The first automated attack on a host, or NULL. */
static const struct eki_sign *attack_on(const struct eki_trace *trace, const struct eki_index *attacked,
                                        struct eki_address host)
{
    struct eki_index_probe probe = eki_index_find(attacked, eki_hash_address(host, 1, trace->tracer->seed));
    while (eki_index_next(attacked, &probe))
        if (eki_address_equal(trace->tracer->signs[probe.position].target, host))
            return &trace->tracer->signs[probe.position];
    return NULL;
}

/* Who was attacked by a program and then attacks others in the same way runs that program (destination, then
 * source: Gu et al. 2004), even where its searching cannot be seen. The signs are in order of time, so the
 * first on a host is the earliest. */
static enum eki_error add_chained(struct eki_trace *trace)
{
    struct eki_index attacked = {0};
    enum eki_error error = eki_index_init(&attacked, 8);
    for (uint32_t i = 0; i < trace->tracer->sign_count && !error; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!is_automated_attack(trace, s)) continue;
        const struct eki_sign *before = attack_on(trace, &attacked, s->source);
        if (before && before->first < s->first && !member_for(trace, s->source)) error = EKI_ERROR_MEMORY;
        if (error || attack_on(trace, &attacked, s->target)) continue;
        if (eki_index_full(&attacked)) error = eki_index_grow(&attacked);
        if (!error) eki_index_add(&attacked, eki_hash_address(s->target, 1, trace->tracer->seed), i);
    }
    eki_index_done(&attacked);
    return error;
}

/* Got into by a member, by whatever means. */
static bool is_entry(const struct eki_trace *trace, const struct eki_sign *s)
{
    return s->vector && s->grade >= EKI_GRADE_ACCESS && is_of_vector(trace, s->protocol, s->service) &&
           eki_trace_member(trace, s->source);
}

/* Who was got into by an infected host and then gets into others itself, or tries to: a sensor that sees a
 * part of it does not see it search. In order of time, so that chains are followed. */
static enum eki_error add_entered(struct eki_trace *trace)
{
    struct eki_index entered = {0};
    enum eki_error error = eki_index_init(&entered, 8);
    for (uint32_t i = 0; i < trace->tracer->sign_count && !error; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!s->vector || s->grade < EKI_GRADE_ATTEMPT || !is_of_vector(trace, s->protocol, s->service))
            continue;
        const struct eki_sign *before = attack_on(trace, &entered, s->source);
        if (before && before->last < s->first && !member_for(trace, s->source)) error = EKI_ERROR_MEMORY;
        if (error || !is_entry(trace, s) || attack_on(trace, &entered, s->target)) continue;
        if (eki_index_full(&entered)) error = eki_index_grow(&entered);
        if (!error) eki_index_add(&entered, eki_hash_address(s->target, 1, trace->tracer->seed), i);
    }
    eki_index_done(&entered);
    return error;
}

/* Who attacked a member; and once there are any, who attacks by a program at all: what is seen of a host can
 * be a few attacks, all on hosts that did not fall. */
static enum eki_error add_attackers(struct eki_trace *trace)
{
    bool any = trace->member_count > 0;
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!s->vector || s->grade < EKI_GRADE_ATTEMPT || !is_of_vector(trace, s->protocol, s->service))
            continue;
        bool attacks = (any && s->automated) || eki_trace_member(trace, s->target);
        if (attacks && !member_for(trace, s->source)) return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

/* When each member first turned on anybody, members or not: whoever asks for a weakness is at work already.
 */
static void note_attacks(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        if (!s->vector || s->grade < EKI_GRADE_CHECK || !is_of_vector(trace, s->protocol, s->service))
            continue;
        struct eki_member *source = eki_trace_member(trace, s->source);
        if (!source) continue;
        source->attacked = true;
        source->attacks++;
        if (source->last_attack == EKI_TIME_NONE || source->last_attack < s->first)
            source->last_attack = s->first;
        if (source->first_attack != EKI_TIME_NONE && source->first_attack <= s->first) continue;
        source->first_attack = s->first;
        if (source->onset != EKI_TIME_NONE && source->onset <= s->first) continue;
        source->onset_packet = s->packet_first;
        source->onset_input = s->input;
    }
}

/* How many servers of the vector a host reached from `since` on. */
static uint32_t reached_since(const struct eki_trace *trace, struct eki_address host, eki_time since)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    uint32_t reached = 0;
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_inbound_server *s = &in->servers[i];
        if (s->protocol != trace->protocol || s->vector != trace->vector) continue;
        uint32_t position = s->first;
        for (uint32_t k = 0; k < s->count; k++, position = in->touches[position].next) {
            const struct eki_touch *t = &in->touches[position];
            if (t->start < since || !eki_address_equal(t->client, host)) continue;
            reached++;
            break;
        }
    }
    return reached;
}

/* ARP sweeps: they belong to a member already known, or make one when the host uses the vector on what it
 * finds. */
static enum eki_error add_sweeps(struct eki_trace *trace)
{
    for (size_t i = 0; i < trace->view->scanner_count; i++) {
        const struct eki_scanner *s = &trace->view->scanners[i];
        if (s->protocol != EKI_PROTOCOL_ARP || s->verdict != EKI_VERDICT_SCANNER) continue;
        struct eki_member *m = eki_trace_member(trace, s->host);
        if (!m && reached_since(trace, s->host, s->since) >= SWEEP_TARGETS) {
            m = member_for(trace, s->host);
            if (!m) return EKI_ERROR_MEMORY;
        }
        if (!m) continue;
        m->sweep = s;
        note_onset(m, s);
    }
    return EKI_OK;
}

enum eki_error eki_trace_members(struct eki_trace *trace)
{
    enum eki_error error = add_scanners(trace);
    if (!error) error = add_targets(trace);
    if (!error) error = add_chained(trace);
    if (!error) error = add_entered(trace);
    if (!error) error = add_sweeps(trace);
    if (!error) error = add_attackers(trace);
    if (!error) note_attacks(trace);
    return error;
}
