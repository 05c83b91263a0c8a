/* SPDX-License-Identifier: Apache-2.0 */
/* What crossed the wire between each infected host and its parent: the visits that can have carried
 * something, what they sent each other, the signs between the two, and the first probe of the infected host.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "outbreak/trace.h"

/* A source that calls for minutes before it gets in would fill the sequence with calls: the steps told are as
 * many as a page shows, and the calls that led nowhere stand together as one step with their number.
 *
 * All steps of one outbreak: 64 MiB. The visits and signs that are kept (see inbound.h, tracer.h) give some
 * 700,000 at most, so that it is reached by none but those who make one host's signs count for many. */
enum { STEPS = 48, TOUCHES = 1024, ALL_STEPS = 1 << 20 };

struct sequence {
    struct eki_wire_step steps[STEPS];
    size_t count;
    uint32_t omitted;
};

/* What is needed for all infections of an outbreak. */
struct wires {
    const struct eki_trace *trace;
    const struct eki_sign **signs; /* by target, source and time */
    size_t sign_count;
    const struct eki_touch **touches; /* TOUCHES of them */
    struct sequence sequence;
    struct eki_wire_step *steps; /* on the heap */
    size_t step_count, step_capacity;
};

/* A step of which the time is not known is not told. */
static void add(struct sequence *q, struct eki_wire_step step, const char *value)
{
    if (step.time == EKI_TIME_NONE) return;
    if (q->count == STEPS) {
        q->omitted++;
        return;
    }
    snprintf(step.value, sizeof step.value, "%s", value);
    q->steps[q->count++] = step;
}

static int compare_pair(const struct eki_sign *sign, const struct eki_infection *infection)
{
    int order = eki_address_compare(sign->target, infection->host);
    return order ? order : eki_address_compare(sign->source, infection->parent);
}

static int by_pair(const void *a, const void *b)
{
    const struct eki_sign *x = *(const struct eki_sign *const *)a, *y = *(const struct eki_sign *const *)b;
    int order = eki_address_compare(x->target, y->target);
    if (!order) order = eki_address_compare(x->source, y->source);
    if (!order) order = (x->first > y->first) - (x->first < y->first);
    if (!order) order = (x->packet_first > y->packet_first) - (x->packet_first < y->packet_first);
    return order ? order : (x > y) - (x < y);
}

static enum eki_error index_signs(struct wires *w)
{
    const struct eki_tracer *tracer = w->trace->tracer;
    w->signs = eki_arena_take(w->trace->scratch, (size_t)tracer->sign_count + 1, sizeof *w->signs);
    if (!w->signs) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < tracer->sign_count; i++) w->signs[i] = &tracer->signs[i];
    w->sign_count = tracer->sign_count;
    qsort(w->signs, w->sign_count, sizeof *w->signs, by_pair);
    return EKI_OK;
}

/* The first sign of the parent against the host, or where it would stand. */
static size_t first_sign(const struct wires *w, const struct eki_infection *infection)
{
    size_t low = 0, high = w->sign_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_pair(w->signs[middle], infection) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_sign(struct sequence *q, const struct eki_sign *s, const struct eki_infection *infection)
{
    static const char *const graded[] = {EKI_TEXT("{1} (note)"),    EKI_TEXT("{1} (check)"),
                                         EKI_TEXT("{1} (attempt)"), EKI_TEXT("{1} (access)"),
                                         EKI_TEXT("{1} (exploit)"), EKI_TEXT("{1} (implant)")};
    struct eki_wire_step step = {.time = s->first,
                                 .packet = s->packet_first,
                                 .input = s->input,
                                 .from_source = true,
                                 .what = graded[s->grade]};
    add(q, step, s->name);
    if (s->packet_last == s->packet_first || s->last > infection->time + EKI_SECOND) return;
    step.time = s->last;
    step.packet = s->packet_last;
    step.from_source = false;
    step.what = EKI_TEXT("{1}: complete");
    add(q, step, s->name);
}

/* The gravest first, so that what is left out is the least. */
static void add_signs(struct wires *w, const struct eki_infection *infection)
{
    size_t first = first_sign(w, infection), end = first;
    while (end < w->sign_count && !compare_pair(w->signs[end], infection)) end++;
    for (int grade = EKI_GRADE_IMPLANT; grade >= 0 && end > first; grade--)
        for (size_t i = first; i < end; i++)
            if (w->signs[i]->grade == grade) add_sign(&w->sequence, w->signs[i], infection);
}

/* The visits of the parent to the host up to the infection, in order of time. */
static size_t gather(const struct wires *w, const struct eki_infection *infection)
{
    const struct eki_trace *trace = w->trace;
    const struct eki_inbound *in = &trace->tracer->inbound;
    const struct eki_inbound_server *s =
        eki_inbound_find(in, infection->host, trace->protocol, trace->vector);
    uint32_t position = s ? s->first : 0;
    size_t count = 0;
    for (uint32_t i = 0; s && i < s->count; i++, position = in->touches[position].next) {
        const struct eki_touch *t = &in->touches[position];
        bool there = eki_address_equal(t->client, infection->parent);
        if (there && t->start <= infection->time + EKI_SECOND) w->touches[count++ % TOUCHES] = t;
    }
    return count < TOUCHES ? count : TOUCHES;
}

static int by_start(const void *a, const void *b)
{
    const struct eki_touch *x = *(const struct eki_touch *const *)a, *y = *(const struct eki_touch *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

/* What the two sent each other, once the conversation is over: at its end. */
static void add_payload(struct sequence *q, const struct eki_touch *t)
{
    struct eki_wire_step step = {
        .time = t->end, .packet = t->packet_last, .input = t->input, .from_source = true};
    char bytes[24];
    step.what = EKI_TEXT("{1} bytes sent to the host, in all");
    snprintf(bytes, sizeof bytes, "%" PRIu32, t->client_bytes);
    if (t->client_bytes) add(q, step, bytes);
    step.what = EKI_TEXT("{1} bytes sent back, in all");
    step.from_source = false;
    snprintf(bytes, sizeof bytes, "%" PRIu32, t->server_bytes);
    if (t->server_bytes) add(q, step, bytes);
}

static void add_touch(struct sequence *q, const struct eki_touch *t, bool connection)
{
    struct eki_wire_step step = {.time = t->start,
                                 .packet = t->packet_first,
                                 .input = t->input,
                                 .from_source = true,
                                 .what = connection ? EKI_TEXT("connection request") : EKI_TEXT("datagram")};
    add(q, step, "");
    step.time = t->answered;
    step.packet = t->answered == t->start ? t->packet_first : 0; /* one record of a log tells of both */
    step.from_source = false;
    step.what = EKI_TEXT("reply");
    if (connection && t->outcome >= EKI_OUTCOME_ANSWERED && !t->inferred) add(q, step, "");
    add_payload(q, t);
}

/* The first visit and the last are told in full; those between are one step. */
static void add_touches(struct wires *w, const struct eki_infection *infection)
{
    bool connection = w->trace->protocol == EKI_PROTOCOL_TCP;
    struct sequence *q = &w->sequence;
    char more[24];
    size_t count = gather(w, infection);
    qsort(w->touches, count, sizeof *w->touches, by_start);
    if (count) add_touch(q, w->touches[0], connection);
    if (count > 2) {
        const struct eki_touch *second = w->touches[1];
        snprintf(more, sizeof more, "%zu", count - 2);
        add(q,
            (struct eki_wire_step){.time = second->start,
                                   .packet = second->packet_first,
                                   .input = second->input,
                                   .from_source = true,
                                   .what = connection ? EKI_TEXT("connection requests: {1} more")
                                                      : EKI_TEXT("datagrams: {1} more")},
            more);
    }
    if (count > 1) add_touch(q, w->touches[count - 1], connection);
}

/* The first probe of the infected host, with its packet when that is known. */
static void add_search(struct wires *w, const struct eki_infection *infection)
{
    const struct eki_member *member = eki_trace_member(w->trace, infection->host);
    bool seen = member && member->onset == infection->scan_start;
    struct eki_wire_step step = {.time = infection->scan_start,
                                 .packet = seen ? member->onset_packet : 0,
                                 .input = seen ? member->onset_input : infection->input,
                                 .from_source = false,
                                 .what = EKI_TEXT("the infected host begins to search")};
    if (infection->scans) add(&w->sequence, step, "");
}

static int by_time(const void *a, const void *b)
{
    const struct eki_wire_step *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    uint64_t first = x->packet ? x->packet : UINT64_MAX, second = y->packet ? y->packet : UINT64_MAX;
    if (first != second) return first < second ? -1 : 1;
    return (int)y->from_source - (int)x->from_source; /* a question before its answer */
}

/* Appends the sequence of one infection to those of all. */
static enum eki_error keep(struct wires *w, struct eki_wire *ret_wire)
{
    struct sequence *q = &w->sequence;
    qsort(q->steps, q->count, sizeof *q->steps, by_time);
    *ret_wire = (struct eki_wire){.first = w->step_count, .omitted = q->omitted};
    for (size_t i = 0; i < q->count; i++) {
        if (w->step_count == ALL_STEPS) {
            ret_wire->omitted += (uint32_t)(q->count - i);
            break;
        }
        struct eki_wire_step *steps =
            eki_array_reserve(w->steps, w->step_count, &w->step_capacity, sizeof *steps);
        if (!steps) return EKI_ERROR_MEMORY;
        w->steps = steps;
        steps[w->step_count++] = q->steps[i];
        ret_wire->count++;
    }
    return EKI_OK;
}

/* The first and the last steps are what is looked for, so they are gathered before what may be much. */
static enum eki_error tell(struct wires *w, const struct eki_infection *infection, struct eki_wire *ret_wire)
{
    w->sequence.count = w->sequence.omitted = 0;
    if (infection->has_parent) {
        add_touches(w, infection);
        add_search(w, infection);
        add_signs(w, infection);
    }
    return keep(w, ret_wire);
}

/* The infection that shows most: the highest evidence, the earliest of those. */
static size_t best_shown(const struct eki_outbreak *outbreak)
{
    const struct eki_infection *best = NULL;
    for (size_t i = 0; i < outbreak->infection_count; i++) {
        const struct eki_infection *infection = &outbreak->infections[i];
        if (infection->has_parent && (!best || infection->evidence > best->evidence)) best = infection;
    }
    return best ? (size_t)(best - outbreak->infections) : 0;
}

static enum eki_error tell_all(struct wires *w, struct eki_outbreak *outbreak)
{
    struct eki_wire *wires = eki_arena_take(w->trace->arena, outbreak->infection_count, sizeof *wires);
    enum eki_error error = index_signs(w);
    w->touches = eki_arena_take(w->trace->scratch, TOUCHES, sizeof *w->touches);
    if (!wires || !w->touches) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < outbreak->infection_count && !error; i++)
        error = tell(w, &outbreak->infections[i], &wires[i]);
    if (error) return error;
    outbreak->wires = wires;
    outbreak->steps = eki_arena_copy(w->trace->arena, w->steps, w->step_count, sizeof *w->steps);
    outbreak->step_count = w->step_count;
    outbreak->wire_infection = best_shown(outbreak);
    return outbreak->steps || !w->step_count ? EKI_OK : EKI_ERROR_MEMORY;
}

enum eki_error eki_trace_wire(const struct eki_trace *trace, struct eki_outbreak *outbreak)
{
    struct wires *w = eki_arena_take(trace->scratch, 1, sizeof *w);
    if (!w) return EKI_ERROR_MEMORY;
    w->trace = trace;
    enum eki_error error = tell_all(w, outbreak);
    eki_free(w->steps);
    return error;
}
