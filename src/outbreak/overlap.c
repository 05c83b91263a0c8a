/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worm may knock on several services (Blaster: 135, then 4444). The same hosts then look like an outbreak
 * on each of them. An outbreak whose every infected host was infected before, or at the same time, in another
 * one is only an echo of that one and is dropped.
 */
#include <stdlib.h>

#include "outbreak/trace.h"

/* First probes are estimates: an echo may seem to be earlier by so much. */
#define SLACK (30 * EKI_SECOND)

static int by_host(const void *a, const void *b)
{
    return eki_address_compare((*(const struct eki_infection *const *)a)->host,
                               (*(const struct eki_infection *const *)b)->host);
}

static const struct eki_infection **sorted(const struct eki_outbreak *o, struct eki_arena *scratch)
{
    const struct eki_infection **list = eki_arena_take(scratch, o->infection_count, sizeof *list);
    if (!list) return NULL;
    for (size_t i = 0; i < o->infection_count; i++) list[i] = &o->infections[i];
    qsort(list, o->infection_count, sizeof *list, by_host);
    return list;
}

static const struct eki_infection *find(const struct eki_infection **list, size_t count,
                                        const struct eki_infection *like)
{
    const struct eki_infection **at = bsearch(&like, list, count, sizeof *list, by_host);
    return at ? *at : NULL;
}

static size_t edges(const struct eki_outbreak *o)
{
    size_t count = 0;
    for (size_t i = 0; i < o->infection_count; i++) count += o->infections[i].has_parent;
    return count;
}

/* Is every infection of `echo` known from `other`, there not later? */
static bool is_echo(const struct eki_outbreak *echo, const struct eki_outbreak *other,
                    const struct eki_infection **hosts)
{
    for (size_t i = 0; i < echo->infection_count; i++) {
        const struct eki_infection *infection = &echo->infections[i];
        if (!infection->has_parent) continue;
        const struct eki_infection *known = find(hosts, other->infection_count, infection);
        if (!known || known->time > infection->time + SLACK) return false;
    }
    return true;
}

enum eki_error eki_trace_drop_echoes(struct eki_outbreak *outbreaks, size_t *count, struct eki_arena *scratch)
{
    for (size_t i = 0; i < *count; i++) {
        const struct eki_infection **hosts = sorted(&outbreaks[i], scratch);
        if (!hosts) return EKI_ERROR_MEMORY;
        for (size_t k = *count; k-- > 0;) {
            bool smaller = edges(&outbreaks[k]) < edges(&outbreaks[i]) ||
                           (edges(&outbreaks[k]) == edges(&outbreaks[i]) && k > i);
            if (k == i || !smaller || !is_echo(&outbreaks[k], &outbreaks[i], hosts)) continue;
            for (size_t m = k + 1; m < *count; m++) outbreaks[m - 1] = outbreaks[m];
            (*count)--;
            if (k < i) i--;
        }
    }
    return EKI_OK;
}
