/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order.h"

#include <string.h>

#include "base/archive.h"
#include "base/memory.h"
#include "contact/pending.h"
#include "flow/table.h"

struct key {
    eki_time time;
    uint32_t slot;
};

struct held {
    struct eki_contact contact;
    struct eki_flow flow;
};

struct eki_order {
    eki_order_sink *sink;
    void *user;
    struct held *slots;
    struct key *keys, *spare;
    uint32_t *free_slots;
    size_t slot_count, slot_capacity, key_count, free_count;
    eki_time handed; /* the latest time handed on */
    uint64_t late;
};

enum eki_error eki_order_new(eki_order_sink *sink, void *user, struct eki_order **ret_order)
{
    struct eki_order *order = eki_allocate(1, sizeof *order);
    if (!order) return EKI_ERROR_MEMORY;
    *order = (struct eki_order){.sink = sink, .user = user, .handed = EKI_TIME_NONE};
    order->keys = eki_allocate(EKI_ORDER_HELD, sizeof *order->keys);
    order->spare = eki_allocate(EKI_ORDER_HELD, sizeof *order->spare);
    order->free_slots = eki_allocate(EKI_ORDER_HELD, sizeof *order->free_slots);
    if (!order->keys || !order->spare || !order->free_slots) {
        eki_order_free(order);
        return EKI_ERROR_MEMORY;
    }
    *ret_order = order;
    return EKI_OK;
}

void eki_order_free(struct eki_order *order)
{
    if (!order) return;
    eki_free(order->slots);
    eki_free(order->keys);
    eki_free(order->spare);
    eki_free(order->free_slots);
    eki_free(order);
}

size_t eki_order_held(const struct eki_order *order)
{
    return order->key_count;
}

uint64_t eki_order_late(const struct eki_order *order)
{
    return order->late;
}

/* One pass by the byte at `shift` of the time since `least`; stable (Knuth, TAOCP 3, 5.2.5). */
static void sort_by_byte(struct eki_order *order, eki_time least, unsigned shift)
{
    uint32_t counts[256] = {0}, sum = 0;
    for (size_t i = 0; i < order->key_count; i++)
        counts[(uint64_t)(order->keys[i].time - least) >> shift & 255]++;
    for (unsigned i = 0; i < 256; i++) {
        uint32_t count = counts[i];
        counts[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < order->key_count; i++) {
        unsigned byte = (uint64_t)(order->keys[i].time - least) >> shift & 255;
        order->spare[counts[byte]++] = order->keys[i];
    }
    struct key *sorted = order->spare;
    order->spare = order->keys;
    order->keys = sorted;
}

/* Times are at least 0 and at most EKI_TIME_LATEST, so differences fit. */
static void sort_keys(struct eki_order *order)
{
    bool sorted = true;
    if (!order->key_count) return;
    eki_time least = order->keys[0].time, most = least;
    for (size_t i = 1; i < order->key_count; i++) {
        eki_time time = order->keys[i].time;
        sorted = sorted && time >= order->keys[i - 1].time;
        if (time < least) least = time;
        if (time > most) most = time;
    }
    uint64_t range = (uint64_t)(most - least);
    for (unsigned shift = 0; !sorted && shift < 64 && range >> shift; shift += 8)
        sort_by_byte(order, least, shift);
}

/* The first `count` of the sorted keys. */
static void hand_on(struct eki_order *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct key *key = &order->keys[i];
        const struct held *held = &order->slots[key->slot];
        struct eki_log_entry entry = {.contact = held->contact, .flow = held->flow};
        if (key->time > order->handed) order->handed = key->time;
        order->sink(order->user, &entry);
        order->free_slots[order->free_count++] = key->slot;
    }
    order->key_count -= count;
    memmove(order->keys, order->keys + count, order->key_count * sizeof *order->keys);
}

enum eki_error eki_order_add(struct eki_order *order, const struct eki_log_entry *entry)
{
    if (order->key_count == EKI_ORDER_HELD) {
        sort_keys(order);
        hand_on(order, EKI_ORDER_HELD / 2);
    }
    uint32_t slot;
    if (order->free_count) {
        slot = order->free_slots[--order->free_count];
    } else {
        struct held *slots =
            eki_array_reserve(order->slots, order->slot_count, &order->slot_capacity, sizeof *slots);
        if (!slots) return EKI_ERROR_MEMORY;
        order->slots = slots;
        slot = (uint32_t)order->slot_count++;
    }
    order->slots[slot] = (struct held){entry->contact, entry->flow};
    order->late += order->handed != EKI_TIME_NONE && entry->contact.time < order->handed;
    order->keys[order->key_count++] = (struct key){entry->contact.time, slot};
    return EKI_OK;
}

void eki_order_release(struct eki_order *order, eki_time until)
{
    size_t due = 0;
    sort_keys(order);
    while (due < order->key_count && order->keys[due].time <= until) due++;
    hand_on(order, due);
}

/* In the order of the keys: slots are numbered anew when they are read. */
void eki_order_archive(struct eki_order *order, struct eki_archive *a)
{
    enum { ENTRY_BYTES = 160 };
    size_t count = order->key_count;
    eki_archive_size(a, &count, EKI_ORDER_HELD, ENTRY_BYTES);
    for (size_t i = 0; i < count && !a->error; i++) {
        struct held read = {0}, *held = a->writing ? &order->slots[order->keys[i].slot] : &read;
        eki_contact_archive(&held->contact, a);
        eki_flow_archive(&held->flow, a);
        struct eki_log_entry entry = {.contact = read.contact, .flow = read.flow};
        if (!a->writing && !a->error) a->error = eki_order_add(order, &entry);
    }
    eki_archive_time(a, &order->handed);
    eki_archive_u64(a, &order->late);
}
