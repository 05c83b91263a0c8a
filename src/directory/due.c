/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to check next. */
#include <stdlib.h>

#include "base/memory.h"
#include "directory/records.h"

static eki_time days_after(eki_time time, uint32_t days)
{
    return time + (eki_time)days * 86400 * EKI_SECOND;
}

/* When a contact falls due; never checked and never seen: at once (the earliest time there is). */
static struct eki_due due_of(const struct eki_directory *d, uint32_t at,
                             const struct eki_heartbeat *heartbeat)
{
    const struct eki_contact_state *s = &d->states[at];
    bool answered = s->checked == EKI_TIME_NONE || s->seen >= s->checked;
    eki_time last = s->seen > s->checked ? s->seen : s->checked;
    struct eki_due due = {.contact = at, .retry = !answered};
    if (last == EKI_TIME_NONE)
        due.due = 0;
    else
        due.due = days_after(last, answered ? heartbeat->interval_days : heartbeat->retry_days);
    return due;
}

static int by_time(const void *x, const void *y)
{
    const struct eki_due *a = x, *b = y;
    if (a->due != b->due) return a->due < b->due ? -1 : 1;
    return (a->contact > b->contact) - (a->contact < b->contact);
}

enum eki_error eki_heartbeat_due(const struct eki_directory *d, const struct eki_heartbeat *heartbeat,
                                 struct eki_due **ret_due, size_t *ret_count)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    size_t count = 0;
    if (!d->settled || d->now == EKI_TIME_NONE) return EKI_ERROR_ARGUMENT;
    struct eki_due *list = eki_allocate(d->of[EKI_RECORD_CONTACT].count, sizeof *list);
    if (!list) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_CONTACT].count; i++) {
        bool reachable = contacts[i].medium == EKI_MEDIUM_EMAIL || contacts[i].medium == EKI_MEDIUM_PHONE;
        if (contacts[i].role != EKI_ROLE_POC || !reachable || contacts[i].disabled) continue;
        struct eki_due due = due_of(d, i, heartbeat);
        if (due.due <= d->now) list[count++] = due;
    }
    if (count) qsort(list, count, sizeof *list, by_time);
    *ret_due = list;
    *ret_count = count;
    return EKI_OK;
}

void eki_heartbeat_free(struct eki_due *due)
{
    eki_free(due);
}
