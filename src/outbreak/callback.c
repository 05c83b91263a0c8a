/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Victims that turn round: a host that was just reached by another one calls it back on a further service, to
 * fetch a program or to hand over a shell, as it never did before. What such a conversation carries need not
 * be read, so captures of headers and flow records show it too (the turning round of a victim: Gu et al.
 * 2004, "destination, then source", for any service).
 */
#include <stdlib.h>

#include "outbreak/trace.h"

/* A call follows the conversation that caused it within this. */
#define CAUSED (10 * EKI_SECOND)

/* A member called another one on a service that is not the vector's. */
struct call {
    uint32_t from, to; /* positions of members */
    eki_time start, end;
    uint64_t packet_last;
};

struct calls {
    struct call *items; /* in order of from, to and start */
    size_t count;
};

static int by_pair(const void *a, const void *b)
{
    const struct call *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* A member that is reached on other services than the vector's; NULL when it is none or of the vector. */
static const struct eki_member *called_member(const struct eki_trace *trace,
                                              const struct eki_inbound_server *s)
{
    bool of_vector = s->protocol == trace->protocol && s->vector == trace->vector;
    return of_vector || !s->count ? NULL : eki_trace_member(trace, s->server);
}

/* The calls to one server; how many, and where there is room, which. */
static size_t list_calls(const struct eki_trace *trace, const struct eki_inbound_server *s,
                         const struct eki_member *to, struct call *ret_calls)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    uint32_t touch = s->first;
    size_t count = 0;
    for (uint32_t i = 0; i < s->count; i++, touch = in->touches[touch].next) {
        const struct eki_touch *t = &in->touches[touch];
        const struct eki_member *from = eki_trace_member(trace, t->client);
        if (!from || from == to) continue;
        if (ret_calls)
            ret_calls[count] =
                (struct call){(uint32_t)(from - trace->members), (uint32_t)(to - trace->members), t->start,
                              t->end, t->packet_last};
        count++;
    }
    return count;
}

static enum eki_error gather_calls(const struct eki_trace *trace, struct calls *ret_calls)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    size_t most = 0;
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_member *to = called_member(trace, &in->servers[i]);
        if (to) most += list_calls(trace, &in->servers[i], to, NULL);
    }
    *ret_calls = (struct calls){eki_arena_take(trace->scratch, most + 1, sizeof(struct call)), 0};
    if (!ret_calls->items) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_member *to = called_member(trace, &in->servers[i]);
        if (to)
            ret_calls->count += list_calls(trace, &in->servers[i], to, ret_calls->items + ret_calls->count);
    }
    if (ret_calls->count) qsort(ret_calls->items, ret_calls->count, sizeof *ret_calls->items, by_pair);
    return EKI_OK;
}

/* The first call of one member to another, or NULL. O(log calls). */
static const struct call *first_call(const struct calls *calls, uint32_t from, uint32_t to)
{
    const struct call wanted = {.from = from, .to = to, .start = INT64_MIN};
    size_t low = 0, high = calls->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_pair(&calls->items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < calls->count && calls->items[low].from == from && calls->items[low].to == to;
    return found ? &calls->items[low] : NULL;
}

/* The victim has what it called for when that conversation ends, if it searches later only. */
static void turn_round(const struct eki_member *m, struct eki_suspect *s, const struct call *call)
{
    s->kind = EKI_KIND_CALLED_BACK;
    if (call->end <= s->end || call->end > m->bound) return;
    s->end = call->end;
    s->packet_last = call->packet_last;
}

enum eki_error eki_callbacks_note(struct eki_trace *trace)
{
    struct calls calls;
    enum eki_error error = gather_calls(trace, &calls);
    for (uint32_t i = 0; i < trace->member_count && !error && calls.count; i++) {
        struct eki_member *m = &trace->members[i];
        for (size_t k = 0; k < m->suspect_count; k++) {
            struct eki_suspect *s = &m->suspects[k];
            if (s->sign || s->kind >= EKI_KIND_CALLED_BACK || s->weight <= 0) continue;
            const struct call *call = first_call(&calls, i, s->member);
            bool caused =
                call && call->start > s->start && call->start <= s->end + CAUSED && call->start <= m->bound;
            if (caused) turn_round(m, s, call);
        }
    }
    return error;
}
