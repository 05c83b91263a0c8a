/* SPDX-License-Identifier: Apache-2.0 */
/* The packet-level sequence of one infection: the connection that carried it, then the signs between the two
 * hosts. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "outbreak/trace.h"

/* A source that calls for minutes before it gets in would fill the sequence with calls: the steps told are as
 * many as a page shows, and the calls that led nowhere stand together as one step with their number. */
enum { STEPS = 48, TOUCHES = 1024 };

struct sequence {
    struct eki_wire_step steps[STEPS];
    size_t count;
};

/* A step of which the time is not known is not told. */
static void add(struct sequence *q, struct eki_wire_step step, const char *value)
{
    if (q->count == STEPS || step.time == EKI_TIME_NONE) return;
    snprintf(step.value, sizeof step.value, "%s", value);
    q->steps[q->count++] = step;
}

/* The infection that shows most: the highest evidence, the earliest of those. */
static const struct eki_infection *best_shown(const struct eki_outbreak *outbreak)
{
    const struct eki_infection *best = NULL;
    for (size_t i = 0; i < outbreak->infection_count; i++) {
        const struct eki_infection *infection = &outbreak->infections[i];
        if (infection->has_parent && (!best || infection->evidence > best->evidence)) best = infection;
    }
    return best;
}

static void add_signs(const struct eki_trace *trace, const struct eki_infection *infection,
                      struct sequence *q)
{
    static const char *const graded[] = {EKI_TEXT("{1} (note)"),    EKI_TEXT("{1} (check)"),
                                         EKI_TEXT("{1} (attempt)"), EKI_TEXT("{1} (access)"),
                                         EKI_TEXT("{1} (exploit)"), EKI_TEXT("{1} (implant)")};
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        bool there =
            eki_address_equal(s->source, infection->parent) && eki_address_equal(s->target, infection->host);
        if (!there) continue;
        add(q,
            (struct eki_wire_step){
                .time = s->first, .packet = s->packet_first, .from_source = true, .what = graded[s->grade]},
            s->name);
        if (s->packet_last == s->packet_first || s->last > infection->time + EKI_SECOND) continue;
        add(q,
            (struct eki_wire_step){.time = s->last,
                                   .packet = s->packet_last,
                                   .from_source = false,
                                   .what = EKI_TEXT("{1}: complete")},
            s->name);
    }
}

/* The visits of the parent to the host up to the infection, in order of time. */
static size_t gather(const struct eki_trace *trace, const struct eki_infection *infection,
                     const struct eki_touch **touches)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    const struct eki_inbound_server *s =
        eki_inbound_find(in, infection->host, trace->protocol, trace->vector);
    uint32_t position = s ? s->first : 0;
    size_t count = 0;
    for (uint32_t i = 0; s && i < s->count; i++, position = in->touches[position].next) {
        const struct eki_touch *t = &in->touches[position];
        bool there = eki_address_equal(t->client, infection->parent);
        if (there && t->start <= infection->time + EKI_SECOND) touches[count++ % TOUCHES] = t;
    }
    return count < TOUCHES ? count : TOUCHES;
}

static int by_start(const void *a, const void *b)
{
    const struct eki_touch *x = *(const struct eki_touch *const *)a, *y = *(const struct eki_touch *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

static void add_touch(struct sequence *q, const struct eki_touch *t, bool connection)
{
    add(q,
        (struct eki_wire_step){.time = t->start,
                               .packet = t->packet_first,
                               .from_source = true,
                               .what = connection ? EKI_TEXT("connection request") : EKI_TEXT("datagram")},
        "");
    if (connection && t->outcome >= EKI_OUTCOME_ANSWERED && !t->inferred)
        add(q,
            (struct eki_wire_step){
                .time = t->answered, .packet = 0, .from_source = false, .what = EKI_TEXT("reply")},
            "");
}

/* The first visit and the last are told in full; those between are one step. */
static enum eki_error add_touches(const struct eki_trace *trace, const struct eki_infection *infection,
                                  struct sequence *q)
{
    const struct eki_touch **touches = eki_arena_take(trace->scratch, TOUCHES, sizeof *touches);
    bool connection = trace->protocol == EKI_PROTOCOL_TCP;
    char more[24];
    if (!touches) return EKI_ERROR_MEMORY;
    size_t count = gather(trace, infection, touches);
    qsort(touches, count, sizeof *touches, by_start);
    if (count) add_touch(q, touches[0], connection);
    if (count > 2) {
        snprintf(more, sizeof more, "%zu", count - 2);
        add(q,
            (struct eki_wire_step){.time = touches[1]->start,
                                   .packet = touches[1]->packet_first,
                                   .from_source = true,
                                   .what = connection ? EKI_TEXT("connection requests: {1} more")
                                                      : EKI_TEXT("datagrams: {1} more")},
            more);
    }
    if (count > 1) add_touch(q, touches[count - 1], connection);
    return EKI_OK;
}

static int by_time(const void *a, const void *b)
{
    const struct eki_wire_step *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->packet > y->packet) - (x->packet < y->packet);
}

enum eki_error eki_trace_wire(const struct eki_trace *trace, struct eki_outbreak *outbreak)
{
    const struct eki_infection *infection = best_shown(outbreak);
    if (!infection) return EKI_OK;
    struct sequence *q = eki_arena_take(trace->scratch, 1, sizeof *q);
    if (!q) return EKI_ERROR_MEMORY;
    enum eki_error error = add_touches(trace, infection, q);
    if (error) return error;
    add_signs(trace, infection, q);
    if (infection->scans && infection->scan_start != EKI_TIME_NONE)
        add(q,
            (struct eki_wire_step){.time = infection->scan_start,
                                   .packet = 0,
                                   .from_source = false,
                                   .what = EKI_TEXT("the infected host begins to search")},
            "");
    qsort(q->steps, q->count, sizeof *q->steps, by_time);
    outbreak->wire = eki_arena_copy(trace->arena, q->steps, q->count, sizeof *q->steps);
    outbreak->wire_count = q->count;
    outbreak->wire_infection = (size_t)(infection - outbreak->infections);
    return outbreak->wire || !q->count ? EKI_OK : EKI_ERROR_MEMORY;
}
