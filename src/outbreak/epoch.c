/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outbreaks of one vector that have nothing to do with each other: captures of different years in one folder,
 * or the same worm again next winter. Between two of them nobody falls for longer than an outbreak pauses,
 * and nobody who fell before infects anybody after.
 */
#include <stdlib.h>

#include "outbreak/trace.h"

/* Longer than any pause: an incubation, a month's holidays, a host that was switched off. */
static const eki_time apart = 30 * 86400 * EKI_SECOND;

struct moment {
    eki_time time;
    uint32_t member;
};

static int by_time(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->member > y->member) - (x->member < y->member);
}

/* Numbers the parts between long pauses, from 1. */
static uint32_t divide(struct eki_trace *trace, const struct moment *moments, uint32_t count)
{
    uint32_t epoch = 1;
    for (uint32_t i = 0; i < count; i++) {
        if (i && moments[i].time - moments[i - 1].time > apart) epoch++;
        trace->members[moments[i].member].epoch = epoch;
    }
    return epoch;
}

/* Parts that an infection links are one, with all between them: part i becomes ret_joined[i]. */
static uint32_t join(const struct eki_trace *trace, uint32_t count, uint32_t *ret_joined)
{
    for (uint32_t i = 0; i <= count; i++) ret_joined[i] = i;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (!m->epoch || m->parent_member == UINT32_MAX) continue;
        uint32_t from = trace->members[m->parent_member].epoch;
        /* The last part that hangs together with one is noted there first. */
        if (from && from < m->epoch && ret_joined[from] < m->epoch) ret_joined[from] = m->epoch;
    }
    uint32_t epochs = 0;
    for (uint32_t i = 1, until = 0; i <= count; i++) {
        uint32_t last = ret_joined[i];
        if (i > until) epochs++;
        if (last > until) until = last;
        ret_joined[i] = epochs;
    }
    return epochs;
}

enum eki_error eki_trace_epochs(struct eki_trace *trace, uint32_t *ret_count)
{
    uint32_t count = 0;
    struct moment *moments = eki_arena_take(trace->scratch, trace->member_count + 1, sizeof *moments);
    if (!moments) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < trace->member_count; i++)
        if (trace->members[i].included) moments[count++] = (struct moment){trace->members[i].infected, i};
    *ret_count = 0;
    if (!count) return EKI_OK;
    qsort(moments, count, sizeof *moments, by_time);
    uint32_t parts = divide(trace, moments, count);
    uint32_t *joined = eki_arena_take(trace->scratch, parts + 1, sizeof *joined);
    if (!joined) return EKI_ERROR_MEMORY;
    *ret_count = join(trace, parts, joined);
    for (uint32_t i = 0; i < trace->member_count; i++)
        trace->members[i].epoch = joined[trace->members[i].epoch];
    return EKI_OK;
}

static eki_time later(eki_time a, eki_time b)
{
    if (a == EKI_TIME_NONE || b == EKI_TIME_NONE) return a == EKI_TIME_NONE ? b : a;
    return a > b ? a : b;
}

eki_time eki_trace_enter_epoch(struct eki_trace *trace, uint32_t epoch, bool last)
{
    eki_time end = EKI_TIME_NONE;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        m->included = m->epoch == epoch;
        if (!m->included) continue;
        end = later(end, later(m->infected, m->last_attack));
        if (m->scanner && m->scanner->last - m->infected < apart) end = later(end, m->scanner->last);
    }
    return last ? trace->view->end : end;
}
