/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/pairs.h"

#include "base/hash.h"
#include "base/memory.h"

static uint64_t hash_of(struct eki_address a, struct eki_address b)
{
    return eki_hash_pair(a, b, 0, 0x3c6ef372fe94f82bu);
}

struct eki_pair *eki_pairs_find(const struct eki_pairs *p, struct eki_address a, struct eki_address b)
{
    if (!p->index.slots) return NULL;
    struct eki_index_probe probe = eki_index_find(&p->index, hash_of(a, b));
    while (eki_index_next(&p->index, &probe)) {
        struct eki_pair *pair = &p->pairs[probe.position];
        if (eki_address_equal(pair->a, a) && eki_address_equal(pair->b, b)) return pair;
    }
    return NULL;
}

static struct eki_pair *make_room(struct eki_pairs *p)
{
    if (p->count == EKI_PAIRS) {
        struct eki_pair *pair = &p->pairs[p->oldest];
        eki_index_remove(&p->index, hash_of(pair->a, pair->b), p->oldest);
        p->oldest = (p->oldest + 1) % EKI_PAIRS;
        return pair;
    }
    struct eki_pair *pairs = eki_array_reserve(p->pairs, p->count, &p->capacity, sizeof *pairs);
    if (!pairs) return NULL;
    p->pairs = pairs;
    return &pairs[p->count++];
}

struct eki_pair *eki_pairs_get(struct eki_pairs *p, struct eki_address a, struct eki_address b)
{
    struct eki_pair *pair = eki_pairs_find(p, a, b);
    if (pair) return pair;
    if (!p->index.slots && eki_index_init(&p->index, 6)) return NULL;
    if (eki_index_full(&p->index) && eki_index_grow(&p->index)) return NULL;
    pair = make_room(p);
    if (!pair) return NULL;
    *pair = (struct eki_pair){.a = a, .b = b};
    eki_index_add(&p->index, hash_of(a, b), (uint32_t)(pair - p->pairs));
    return pair;
}

void eki_pairs_done(void *pairs)
{
    struct eki_pairs *p = pairs;
    eki_free(p->pairs);
    eki_index_done(&p->index);
}

struct eki_sign *eki_pair_sign(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_sign *like,
                               const struct eki_packet *packet)
{
    struct eki_sign *s = &pair->sign;
    if (!s->id) {
        *s = *like;
        s->id = eki_sign_id(context);
        s->source = pair->a;
        s->target = pair->b;
        s->first = s->last = packet->time;
        s->packet_first = packet->number;
        s->input = packet->input;
        s->protocol = packet->protocol;
    }
    if (packet->time > s->last) s->last = packet->time;
    s->packet_last = packet->number;
    if (s->count < UINT32_MAX) s->count++;
    return s;
}
