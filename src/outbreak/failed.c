/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks by infected hosts that came to nothing: pairs of an attacker and a host that was never infected. */
#include <stdlib.h>

#include "outbreak/trace.h"
#include "outbreak/vector.h"

/* More pairs than anybody reads: the earliest are kept. */
enum { PAIRS = 10000 };

static const char by_contact[] = "contact";

struct gathering {
    struct eki_failed_attempt *pairs;
    size_t count, capacity;
};

static bool is_attacker(const struct eki_trace *trace, struct eki_address host, eki_time time)
{
    const struct eki_member *m = eki_trace_member(trace, host);
    return m && m->included &&
           (m->onset == EKI_TIME_NONE || eki_time_since(time, m->onset) >= -1 - 2 * m->gap_s);
}

static bool was_spared(const struct eki_trace *trace, struct eki_address host)
{
    const struct eki_member *m = eki_trace_member(trace, host);
    return !m || !m->epoch;
}

static void add(struct gathering *g, const struct eki_failed_attempt *pair)
{
    if (g->count < g->capacity) g->pairs[g->count++] = *pair;
}

static void add_signs(const struct eki_trace *trace, struct gathering *g)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        bool on_vector =
            s->protocol == trace->protocol && eki_vector_of(s->protocol, s->service) == trace->vector;
        if (!s->vector || !on_vector || s->grade < EKI_GRADE_CHECK || !was_spared(trace, s->target)) continue;
        if (!is_attacker(trace, s->source, s->last)) continue;
        add(g, &(struct eki_failed_attempt){s->source, s->target, s->count ? s->count : 1, s->first, s->last,
                                            s->name});
    }
}

static void add_touches(const struct eki_trace *trace, struct gathering *g)
{
    const struct eki_inbound *in = &trace->tracer->inbound;
    for (uint32_t i = 0; i < in->server_count; i++) {
        const struct eki_inbound_server *s = &in->servers[i];
        if (s->protocol != trace->protocol || s->vector != trace->vector || !was_spared(trace, s->server))
            continue;
        uint32_t position = s->first;
        for (uint32_t k = 0; k < s->count; k++, position = in->touches[position].next) {
            const struct eki_touch *t = &in->touches[position];
            if (!is_attacker(trace, t->client, t->start)) continue;
            add(g, &(struct eki_failed_attempt){t->client, s->server, 1, t->start, t->end, by_contact});
        }
    }
}

static int by_pair(const void *a, const void *b)
{
    const struct eki_failed_attempt *x = a, *y = b;
    int source = eki_address_compare(x->source, y->source);
    int target = eki_address_compare(x->target, y->target);
    if (source) return source;
    if (target) return target;
    /* A sign tells more than the contact that carried it, so it stands first. */
    int kind = (x->what == by_contact) - (y->what == by_contact);
    if (kind) return kind;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_time(const void *a, const void *b)
{
    const struct eki_failed_attempt *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return by_pair(a, b);
}

/* Joins the entries of one pair: the first names what it was. Returns how many pairs are left. */
static size_t join(struct eki_failed_attempt *pairs, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct eki_failed_attempt *last = kept ? &pairs[kept - 1] : NULL;
        bool same = last && eki_address_equal(last->source, pairs[i].source) &&
                    eki_address_equal(last->target, pairs[i].target);
        if (!same) {
            pairs[kept++] = pairs[i];
            continue;
        }
        if (last->what == pairs[i].what) last->attempts += pairs[i].attempts;
        if (pairs[i].first < last->first) last->first = pairs[i].first;
        if (pairs[i].last > last->last) last->last = pairs[i].last;
    }
    return kept;
}

enum eki_error eki_trace_failed(const struct eki_trace *trace, struct eki_outbreak *outbreak)
{
    size_t most = trace->tracer->sign_count + trace->tracer->inbound.touch_count;
    struct gathering g = {.pairs = eki_arena_take(trace->scratch, most + 1, sizeof *g.pairs),
                          .capacity = most};
    if (!g.pairs) return EKI_ERROR_MEMORY;
    add_signs(trace, &g);
    add_touches(trace, &g);
    qsort(g.pairs, g.count, sizeof *g.pairs, by_pair);
    g.count = join(g.pairs, g.count);
    qsort(g.pairs, g.count, sizeof *g.pairs, by_time);
    if (g.count > PAIRS) g.count = PAIRS;
    outbreak->failed = eki_arena_copy(trace->arena, g.pairs, g.count, sizeof *g.pairs);
    outbreak->failed_count = g.count;
    return outbreak->failed || !g.count ? EKI_OK : EKI_ERROR_MEMORY;
}
