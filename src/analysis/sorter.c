/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/sorter.h"

#include "analysis/order.h"
#include "analysis/twice.h"
#include "base/memory.h"

struct eki_sorter {
    struct eki_analysis *analysis;
    struct eki_order *order;
    struct eki_contact contacts[EKI_PENDING_GROUP];
    struct eki_flow flows[EKI_PENDING_GROUP];
    size_t contact_count, flow_count;
};

/* Contacts go on in groups, and the flows behind the group they belong to. */
static void hand_on(struct eki_sorter *s)
{
    if (s->contact_count) eki_analysis_on_contacts(s->analysis, s->contacts, s->contact_count);
    for (size_t i = 0; i < s->flow_count; i++) eki_analysis_on_flow(s->analysis, &s->flows[i], 0);
    s->contact_count = s->flow_count = 0;
}

/* Another sensor's telling of the same conversation, packets first: they were fed before. */
static bool is_told(struct eki_sorter *s, const struct eki_contact *c)
{
    struct eki_analysis *a = s->analysis;
    if (!a->told || !eki_twice_seen(a->told, eki_twice_contact(c), c->time, a->inputs[c->input].sensor))
        return false;
    a->inputs[c->input].duplicates++;
    return true;
}

static void on_entry(void *user, const struct eki_contact *contact, const struct eki_flow *flow)
{
    struct eki_sorter *s = user;
    if (is_told(s, contact)) return;
    s->contacts[s->contact_count++] = *contact;
    if (flow) s->flows[s->flow_count++] = *flow;
    if (s->contact_count == EKI_PENDING_GROUP) hand_on(s);
}

enum eki_error eki_sorter_start(struct eki_analysis *a)
{
    if (a->sorter) return EKI_OK;
    struct eki_sorter *s = eki_allocate(1, sizeof *s);
    if (!s) return EKI_ERROR_MEMORY;
    s->analysis = a;
    enum eki_error error = eki_order_new(on_entry, s, &s->order);
    if (error)
        eki_free(s);
    else
        a->sorter = s;
    return error;
}

void eki_sorter_add(struct eki_analysis *a, const struct eki_log_entry *entry, uint16_t input,
                    eki_time offset)
{
    eki_analysis_note(a, eki_order_add(a->sorter->order, entry, input, offset));
}

void eki_sorter_release(struct eki_analysis *a, eki_time until)
{
    if (!a->sorter) return;
    eki_order_release(a->sorter->order, until);
    hand_on(a->sorter);
}

bool eki_sorter_is_half_full(const struct eki_analysis *a)
{
    return a->sorter && eki_order_held(a->sorter->order) > EKI_ORDER_HELD / 2;
}

uint64_t eki_sorter_late(const struct eki_analysis *a)
{
    return a->sorter ? eki_order_late(a->sorter->order) : 0;
}

void eki_sorter_free(struct eki_sorter *sorter)
{
    if (!sorter) return;
    eki_order_free(sorter->order);
    eki_free(sorter);
}
