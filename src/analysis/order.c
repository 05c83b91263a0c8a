/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order.h"

#include <string.h>

#include "base/archive.h"
#include "base/memory.h"
#include "contact/pending.h"
#include "flow/table.h"

/* What is sorted: 16 bytes, while contacts and flows stay where they are. */
struct key {
    eki_time time;
    uint32_t contact, flow; /* places; flow + 1, 0 for none */
};

/* Most entries come in order: they are appended to `run`. Only the others are sorted, and merged into it. */
struct eki_order {
    eki_order_sink *sink;
    void *user;
    struct eki_contact *contacts;
    struct eki_flow *flows; /* of those contacts that have one: few, in a sweep */
    uint32_t *free_contacts, *free_flows;
    size_t contact_count, contact_capacity, free_contact_count;
    size_t flow_count, flow_capacity, free_flow_count;
    struct key *run, *out_of_order, *spare;
    size_t run_count, out_of_order_count;
    eki_time handed; /* the latest time handed on */
    uint64_t late;
};

enum eki_error eki_order_new(eki_order_sink *sink, void *user, struct eki_order **ret_order)
{
    struct eki_order *order = eki_allocate(1, sizeof *order);
    if (!order) return EKI_ERROR_MEMORY;
    *order = (struct eki_order){.sink = sink, .user = user, .handed = EKI_TIME_NONE};
    order->run = eki_allocate(EKI_ORDER_HELD, sizeof *order->run);
    order->out_of_order = eki_allocate(EKI_ORDER_HELD, sizeof *order->out_of_order);
    order->spare = eki_allocate(EKI_ORDER_HELD, sizeof *order->spare);
    order->free_contacts = eki_allocate(EKI_ORDER_HELD, sizeof *order->free_contacts);
    order->free_flows = eki_allocate(EKI_ORDER_HELD, sizeof *order->free_flows);
    if (!order->run || !order->out_of_order || !order->spare || !order->free_contacts || !order->free_flows) {
        eki_order_free(order);
        return EKI_ERROR_MEMORY;
    }
    *ret_order = order;
    return EKI_OK;
}

void eki_order_free(struct eki_order *order)
{
    if (!order) return;
    eki_free(order->contacts);
    eki_free(order->flows);
    eki_free(order->run);
    eki_free(order->out_of_order);
    eki_free(order->spare);
    eki_free(order->free_contacts);
    eki_free(order->free_flows);
    eki_free(order);
}

size_t eki_order_held(const struct eki_order *order)
{
    return order->run_count + order->out_of_order_count;
}

uint64_t eki_order_late(const struct eki_order *order)
{
    return order->late;
}

/* A radix sort from the lowest digit up, which is stable (Knuth, TAOCP 3, 5.2.5), by 11 bits at a time, so
 * that a digit's counts and the heads of its piles stay in the first cache. */
enum { DIGIT = 11, PILES = 1 << DIGIT, DIGITS = (64 + DIGIT - 1) / DIGIT };

static unsigned digit_of(const struct key *key, eki_time least, unsigned digit)
{
    return (uint64_t)(key->time - least) >> (digit * DIGIT) & (PILES - 1);
}

static void sort_by_digit(struct eki_order *order, eki_time least, unsigned digit)
{
    uint32_t heads[PILES] = {0}, sum = 0;
    const struct key *keys = order->out_of_order;
    size_t count = order->out_of_order_count;
    for (size_t i = 0; i < count; i++) heads[digit_of(&keys[i], least, digit)]++;
    for (unsigned i = 0; i < PILES; i++) {
        uint32_t more = heads[i];
        heads[i] = sum;
        sum += more;
    }
    for (size_t i = 0; i < count; i++) order->spare[heads[digit_of(&keys[i], least, digit)]++] = keys[i];
    struct key *sorted = order->spare;
    order->spare = order->out_of_order;
    order->out_of_order = sorted;
}

/* Times are at least 0 and at most EKI_TIME_LATEST, so differences fit. */
static void sort_out_of_order(struct eki_order *order)
{
    eki_time least = order->out_of_order[0].time, most = least;
    for (size_t i = 1; i < order->out_of_order_count; i++) {
        eki_time time = order->out_of_order[i].time;
        if (time < least) least = time;
        if (time > most) most = time;
    }
    uint64_t range = (uint64_t)(most - least);
    for (unsigned digit = 0; digit < DIGITS && range >> (digit * DIGIT); digit++)
        sort_by_digit(order, least, digit);
}

/* All that is held becomes the run. Of equal times those of the run go first: what came later than one that
 * was out of order is later than it, or it would be out of order too. */
static void settle(struct eki_order *order)
{
    if (!order->out_of_order_count) return;
    sort_out_of_order(order);
    const struct key *a = order->run, *a_end = a + order->run_count;
    const struct key *b = order->out_of_order, *b_end = b + order->out_of_order_count;
    struct key *to = order->spare;
    while (a < a_end && b < b_end) {
        bool second = b->time < a->time;
        *to++ = second ? *b : *a;
        a += !second;
        b += second;
    }
    memcpy(to, a, (size_t)(a_end - a) * sizeof *a);
    to += a_end - a;
    memcpy(to, b, (size_t)(b_end - b) * sizeof *b);
    struct key *merged = order->spare;
    order->spare = order->run;
    order->run = merged;
    order->run_count += order->out_of_order_count;
    order->out_of_order_count = 0;
}

/* The first `count` of the run. Their contacts lie anywhere: fetched some keys ahead. */
static void hand_on(struct eki_order *order, size_t count)
{
    enum { AHEAD = 12, LINE = 64 };
    for (size_t i = 0; i < count; i++) {
        const struct key *key = &order->run[i];
        if (i + AHEAD < count) {
            const char *next = (const char *)&order->contacts[order->run[i + AHEAD].contact];
            __builtin_prefetch(next);
            __builtin_prefetch(next + LINE);
        }
        order->sink(order->user, &order->contacts[key->contact],
                    key->flow ? &order->flows[key->flow - 1] : NULL);
        order->free_contacts[order->free_contact_count++] = key->contact;
        if (key->flow) order->free_flows[order->free_flow_count++] = key->flow - 1;
    }
    if (!count) return;
    eki_time last = order->run[count - 1].time;
    if (last > order->handed) order->handed = last;
    order->run_count -= count;
    memmove(order->run, order->run + count, order->run_count * sizeof *order->run);
}

/* A place for a contact; false without memory. */
static bool place_contact(struct eki_order *order, uint32_t *ret_place)
{
    if (order->free_contact_count) {
        enum { AHEAD = 8, LINE = 64 };
        *ret_place = order->free_contacts[--order->free_contact_count];
        if (order->free_contact_count < AHEAD) return true;
        const char *next =
            (const char *)&order->contacts[order->free_contacts[order->free_contact_count - AHEAD]];
        __builtin_prefetch(next, 1);
        __builtin_prefetch(next + LINE, 1);
        return true;
    }
    struct eki_contact *grown = eki_array_reserve(order->contacts, order->contact_count,
                                                  &order->contact_capacity, sizeof *order->contacts);
    if (!grown) return false;
    order->contacts = grown;
    *ret_place = (uint32_t)order->contact_count++;
    return true;
}

static bool place_flow(struct eki_order *order, uint32_t *ret_place)
{
    if (order->free_flow_count) {
        *ret_place = order->free_flows[--order->free_flow_count];
        return true;
    }
    struct eki_flow *grown =
        eki_array_reserve(order->flows, order->flow_count, &order->flow_capacity, sizeof *order->flows);
    if (!grown) return false;
    order->flows = grown;
    *ret_place = (uint32_t)order->flow_count++;
    return true;
}

static bool keep_flow(struct eki_order *order, const struct eki_log_entry *entry, uint16_t input,
                      eki_time offset, uint32_t *ret_place)
{
    if (!place_flow(order, ret_place)) return false;
    struct eki_flow *flow = &order->flows[*ret_place];
    *flow = entry->flow;
    flow->input = input;
    if (!offset) return true;
    flow->first = eki_time_clamp(flow->first + offset);
    flow->last = eki_time_clamp(flow->last + offset);
    return true;
}

enum eki_error eki_order_add(struct eki_order *order, const struct eki_log_entry *entry, uint16_t input,
                             eki_time offset)
{
    if (eki_order_held(order) == EKI_ORDER_HELD) {
        settle(order);
        hand_on(order, EKI_ORDER_HELD / 2);
    }
    uint32_t place, flow = 0;
    bool flows = entry->flow.packet_first;
    if (flows && !keep_flow(order, entry, input, offset, &flow)) return EKI_ERROR_MEMORY;
    if (!place_contact(order, &place)) return EKI_ERROR_MEMORY;
    struct eki_contact *c = &order->contacts[place];
    *c = entry->contact;
    c->input = input;
    if (offset) {
        c->time = eki_time_clamp(c->time + offset);
        if (c->answered != EKI_TIME_NONE) c->answered = eki_time_clamp(c->answered + offset);
    }
    order->late += order->handed != EKI_TIME_NONE && c->time < order->handed;
    struct key key = {c->time, place, flow + flows};
    bool in_order = !order->run_count || key.time >= order->run[order->run_count - 1].time;
    if (in_order)
        order->run[order->run_count++] = key;
    else
        order->out_of_order[order->out_of_order_count++] = key;
    return EKI_OK;
}

void eki_order_release(struct eki_order *order, eki_time until)
{
    size_t due = 0;
    settle(order);
    while (due < order->run_count && order->run[due].time <= until) due++;
    hand_on(order, due);
}

/* In the order of time: places are numbered anew when they are read. */
void eki_order_archive(struct eki_order *order, struct eki_archive *a)
{
    enum { ENTRY_BYTES = 160 };
    settle(order);
    size_t count = order->run_count;
    eki_archive_size(a, &count, EKI_ORDER_HELD, ENTRY_BYTES);
    for (size_t i = 0; i < count && !a->error; i++) {
        struct eki_log_entry entry = {.sign = NULL};
        const struct key *key = &order->run[i];
        if (a->writing) entry.contact = order->contacts[key->contact];
        if (a->writing && key->flow) entry.flow = order->flows[key->flow - 1];
        eki_contact_archive(&entry.contact, a);
        eki_flow_archive(&entry.flow, a);
        if (!a->writing && !a->error) a->error = eki_order_add(order, &entry, entry.contact.input, 0);
    }
    eki_archive_time(a, &order->handed);
    eki_archive_u64(a, &order->late);
}
