/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/conversations.h"

#include "base/hash.h"
#include "base/memory.h"

#define NOBODY UINT32_MAX

static uint64_t hash_of(uint64_t number)
{
    return eki_hash_two(number, 0, 0); /* numbers are the flow table's own: no stranger chooses them */
}

static void unlink_one(struct eki_conversations *c, uint32_t position)
{
    const struct eki_conversation *one = &c->all[position];
    if (one->newer != NOBODY)
        c->all[one->newer].older = one->older;
    else
        c->newest = one->older;
    if (one->older != NOBODY)
        c->all[one->older].newer = one->newer;
    else
        c->oldest = one->newer;
}

static void link_newest(struct eki_conversations *c, uint32_t position, bool first)
{
    struct eki_conversation *one = &c->all[position];
    one->newer = NOBODY;
    one->older = first ? NOBODY : c->newest;
    if (!first)
        c->all[c->newest].newer = position;
    else
        c->oldest = position;
    c->newest = position;
}

/* Behind all others, so that it is the next to be used anew. */
static void link_oldest(struct eki_conversations *c, uint32_t position)
{
    struct eki_conversation *one = &c->all[position];
    one->older = NOBODY;
    one->newer = c->oldest;
    if (c->oldest != NOBODY)
        c->all[c->oldest].older = position;
    else
        c->newest = position;
    c->oldest = position;
}

static void empty(struct eki_conversations *c, uint32_t position)
{
    struct eki_conversation *one = &c->all[position];
    if (one->number) eki_index_remove(&c->index, hash_of(one->number), position);
    eki_free(one->session);
    eki_free(one->bindings);
    *one = (struct eki_conversation){.newer = one->newer, .older = one->older};
}

struct eki_conversation *eki_conversations_find(struct eki_conversations *c, uint64_t number)
{
    if (!c->count) return NULL;
    struct eki_index_probe probe = eki_index_find(&c->index, hash_of(number));
    while (eki_index_next(&c->index, &probe))
        if (c->all[probe.position].number == number) return &c->all[probe.position];
    return NULL;
}

/* A place that is free: one that ended, a new one, or that of the conversation that was silent longest.
 * NOBODY without memory. */
static uint32_t make_room(struct eki_conversations *c)
{
    bool reuse = c->count && !c->all[c->oldest].number;
    if (!reuse && c->count < EKI_CONVERSATIONS) {
        if (!c->index.slots && eki_index_init(&c->index, 6)) return NOBODY;
        if (eki_index_full(&c->index) && eki_index_grow(&c->index)) return NOBODY;
        if (c->count == c->capacity) {
            uint32_t capacity = c->capacity ? c->capacity * 2 : 16;
            void *all = eki_reallocate(c->all, c->capacity, capacity, sizeof *c->all);
            if (!all) return NOBODY;
            c->all = all;
            c->capacity = capacity;
        }
        link_newest(c, c->count, c->count == 0);
        return c->count++;
    }
    uint32_t position = c->oldest;
    c->dropped += !reuse;
    empty(c, position);
    return position;
}

struct eki_conversation *eki_conversations_get(struct eki_conversations *c, uint64_t number)
{
    struct eki_conversation *one = eki_conversations_find(c, number);
    uint32_t position;
    if (one) {
        position = (uint32_t)(one - c->all);
    } else {
        position = make_room(c);
        if (position == NOBODY) return NULL;
        c->all[position].number = number;
        eki_index_add(&c->index, hash_of(number), position);
    }
    if (position != c->newest) {
        unlink_one(c, position);
        link_newest(c, position, false);
    }
    return &c->all[position];
}

void eki_conversations_end(struct eki_conversations *c, uint64_t number)
{
    struct eki_conversation *one = eki_conversations_find(c, number);
    if (!one) return;
    uint32_t position = (uint32_t)(one - c->all);
    empty(c, position);
    if (position == c->oldest) return;
    unlink_one(c, position);
    link_oldest(c, position);
}

void eki_conversations_done(struct eki_conversations *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        eki_free(c->all[i].session);
        eki_free(c->all[i].bindings);
    }
    eki_index_done(&c->index);
    eki_free(c->all);
    *c = (struct eki_conversations){0};
}
