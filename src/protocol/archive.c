/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/archive.h"

#include "base/memory.h"

enum { ENTRY_MOST = 4096, SIGNS = 3, CONVERSATION_BYTES = 28 };

/* The three static texts, or that there are none yet. */
static void archive_texts(struct eki_archive *a, struct eki_sign *s)
{
    char name[64] = "", family[64] = "", technique[32] = "";
    bool begun = a->writing && s->name;
    eki_archive_bool(a, &begun);
    if (!a->writing) s->name = s->family = s->technique = NULL;
    if (!begun) return;
    eki_archive_text(a, s->name, name, sizeof name);
    eki_archive_text(a, s->family, family, sizeof family);
    eki_archive_text(a, s->technique, technique, sizeof technique);
    if (!a->writing && !eki_sign_own_texts(s, name, family, technique)) eki_archive_refuse(a);
}

/* Addresses of texts mean nothing to another run. */
static void archive_entry(struct eki_archive *a, const struct eki_sign_table *table, uint8_t *entry)
{
    uint8_t copy[ENTRY_MOST];
    uint8_t *bytes = entry;
    if (a->writing) {
        memcpy(copy, entry, table->shape->size);
        bytes = copy;
        for (int i = 0; i < SIGNS && table->signs[i]; i++) {
            struct eki_sign sign;
            memcpy(&sign, copy + table->signs[i], sizeof sign);
            sign.name = sign.family = sign.technique = NULL;
            memcpy(copy + table->signs[i], &sign, sizeof sign);
        }
    }
    eki_archive_bytes(a, bytes, table->shape->size);
    for (int i = 0; i < SIGNS && table->signs[i]; i++)
        archive_texts(a, (struct eki_sign *)(entry + table->signs[i]));
}

void eki_pairs_archive(struct eki_pairs *pairs, const struct eki_sign_table *table, struct eki_archive *a)
{
    uint32_t size = table->shape->size, count = pairs->count;
    eki_archive_u32(a, &size);
    if (size != table->shape->size || size > ENTRY_MOST) eki_archive_refuse(a);
    eki_archive_count(a, &count, table->shape->limit, table->shape->size);
    eki_archive_u32_up_to(a, &pairs->oldest, table->shape->limit - 1);
    if (!count || a->error) return;
    if (!a->writing) {
        pairs->entries = eki_allocate(count, size);
        if (!pairs->entries) {
            a->error = EKI_ERROR_MEMORY;
            return;
        }
        pairs->count = pairs->capacity = count;
    }
    for (uint32_t i = 0; i < count && !a->error; i++)
        archive_entry(a, table, pairs->entries + (size_t)i * size);
    eki_archive_index(a, &pairs->index, count);
}

/* What is optional: whether it is there, and its bytes. */
static void archive_part(struct eki_archive *a, void **part, size_t size)
{
    bool present = *part;
    eki_archive_bool(a, &present);
    if (!present || a->error) return;
    if (!a->writing) *part = eki_allocate(1, size);
    if (*part)
        eki_archive_bytes(a, *part, size);
    else
        a->error = EKI_ERROR_MEMORY;
}

static void archive_conversation(struct eki_archive *a, struct eki_conversation *one)
{
    eki_archive_u64(a, &one->number);
    for (int i = 0; i < 2; i++) {
        eki_archive_u32(a, &one->directions[i].next);
        eki_archive_bool(a, &one->directions[i].known);
        eki_archive_bool(a, &one->directions[i].gaps);
    }
    eki_archive_u32(a, &one->newer);
    eki_archive_u32(a, &one->older);
    archive_part(a, (void **)&one->session, sizeof *one->session);
    archive_part(a, (void **)&one->bindings, sizeof *one->bindings);
}

/* From the newest to the oldest, each once and each linked both ways. */
static bool is_chain(const struct eki_conversations *c)
{
    uint32_t at = c->newest, newer = UINT32_MAX;
    for (uint32_t i = 0; i < c->count; i++) {
        if (at >= c->count || c->all[at].newer != newer) return false;
        newer = at;
        at = c->all[at].older;
    }
    return !c->count || (at == UINT32_MAX && newer == c->oldest);
}

void eki_conversations_archive(struct eki_conversations *c, struct eki_archive *a)
{
    uint32_t count = c->count;
    eki_archive_u64(a, &c->dropped);
    eki_archive_count(a, &count, EKI_CONVERSATIONS, CONVERSATION_BYTES);
    if (!count || a->error) return;
    if (!a->writing) {
        c->all = eki_allocate(count, sizeof *c->all);
        if (!c->all) {
            a->error = EKI_ERROR_MEMORY;
            return;
        }
        c->count = c->capacity = count;
    }
    for (uint32_t i = 0; i < count && !a->error; i++) archive_conversation(a, &c->all[i]);
    eki_archive_u32(a, &c->newest);
    eki_archive_u32(a, &c->oldest);
    eki_archive_index(a, &c->index, count);
    if (!a->writing && !a->error && !is_chain(c)) eki_archive_refuse(a);
}
