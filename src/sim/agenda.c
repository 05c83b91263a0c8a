/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/agenda.h"

#include <math.h>
#include <stdbool.h>

#include "base/memory.h"

static bool is_before(const struct eki_sim_entry *a, const struct eki_sim_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

enum eki_error eki_sim_agenda_add(struct eki_sim_agenda *a, struct eki_sim_entry entry)
{
    struct eki_sim_entry *heap = eki_array_reserve(a->heap, a->count, &a->capacity, sizeof *heap);
    if (!heap) return EKI_ERROR_MEMORY;
    a->heap = heap;
    entry.order = a->made++;
    size_t i = a->count++;
    for (; i && is_before(&entry, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = entry;
    return EKI_OK;
}

struct eki_sim_entry eki_sim_agenda_take(struct eki_sim_agenda *a)
{
    struct eki_sim_entry first = a->heap[0], last = a->heap[--a->count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < a->count; i = child) {
        if (child + 1 < a->count && is_before(&a->heap[child + 1], &a->heap[child])) child++;
        if (!is_before(&a->heap[child], &last)) break;
        a->heap[i] = a->heap[child];
    }
    a->heap[i] = last;
    return first;
}

double eki_sim_agenda_next(const struct eki_sim_agenda *a)
{
    return a->count ? a->heap[0].at : INFINITY;
}

void eki_sim_agenda_clear(struct eki_sim_agenda *a)
{
    a->count = 0;
    a->made = 0;
}

void eki_sim_agenda_done(struct eki_sim_agenda *a)
{
    eki_free(a->heap);
    *a = (struct eki_sim_agenda){0};
}
