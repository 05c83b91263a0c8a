/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/block.h"

#include <string.h>

#include "base/memory.h"

struct entry { /* stands before its records in a block */
    uint32_t kind, count;
};
_Static_assert(sizeof(struct entry) % 8 == 0 && sizeof(struct eki_contact) % 8 == 0 &&
                   sizeof(struct eki_flow) % 8 == 0 && sizeof(struct eki_sign) % 8 == 0,
               "records stay aligned behind each other");

enum { CONTACTS_MOST = EKI_BLOCK_BYTES / sizeof(struct eki_contact) };

enum eki_error eki_block_init(struct eki_block *ret_block)
{
    *ret_block = (struct eki_block){.bytes = eki_allocate(EKI_BLOCK_BYTES, 1),
                                    .items = eki_allocate(CONTACTS_MOST, sizeof *ret_block->items),
                                    .lists = eki_allocate(CONTACTS_MOST, sizeof(struct eki_weighing *))};
    return ret_block->bytes && ret_block->items && ret_block->lists ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_block_done(struct eki_block *block)
{
    eki_free(block->bytes);
    eki_free(block->items);
    eki_free(block->lists);
    *block = (struct eki_block){0};
}

static size_t size_of(enum eki_block_kind kind)
{
    static const size_t sizes[] = {[EKI_BLOCK_CONTACTS] = sizeof(struct eki_contact),
                                   [EKI_BLOCK_FLOW] = sizeof(struct eki_flow),
                                   [EKI_BLOCK_SIGN] = sizeof(struct eki_sign)};
    return sizes[kind];
}

bool eki_block_add(struct eki_block *block, enum eki_block_kind kind, const void *records, size_t count)
{
    struct entry entry = {kind, (uint32_t)count};
    size_t bytes = count * size_of(kind);
    if (block->used + sizeof entry + bytes > EKI_BLOCK_BYTES) return false;
    memcpy(block->bytes + block->used, &entry, sizeof entry);
    memcpy(block->bytes + block->used + sizeof entry, records, bytes);
    block->used += sizeof entry + bytes;
    return true;
}

/* The entry at *at, and moves on; its records. */
static const void *next_entry(const struct eki_block *block, size_t *at, struct entry *ret_entry)
{
    memcpy(ret_entry, block->bytes + *at, sizeof *ret_entry);
    const void *records = block->bytes + *at + sizeof *ret_entry;
    *at += sizeof *ret_entry + ret_entry->count * size_of(ret_entry->kind);
    return records;
}

enum eki_error eki_block_judge_records(const struct eki_judge *judge, enum eki_block_kind kind,
                                       const void *records, size_t count)
{
    switch (kind) {
    case EKI_BLOCK_CONTACTS: return judge->contacts(judge->user, records, count);
    case EKI_BLOCK_FLOW: return judge->flow(judge->user, records);
    case EKI_BLOCK_SIGN: return judge->sign(judge->user, records);
    }
    return EKI_OK;
}

enum eki_error eki_block_judge(const struct eki_block *block, const struct eki_judge *judge)
{
    enum eki_error error = EKI_OK;
    for (size_t at = 0; at < block->used && !error;) {
        struct entry entry;
        const void *records = next_entry(block, &at, &entry);
        error = eki_block_judge_records(judge, entry.kind, records, entry.count);
    }
    return error;
}

/* Puts the items in order by shard: counted, then each into its place. */
static void sort_items(struct eki_block *block)
{
    uint32_t at[EKI_SHARDS] = {0}, sum = 0;
    for (uint32_t i = 0; i < block->item_count; i++) at[eki_shard_of(block->items[i].client)]++;
    block->lanes = 0;
    for (unsigned shard = 0; shard < EKI_SHARDS; shard++) {
        uint32_t count = at[shard];
        block->lanes |= (uint32_t)(count > 0) << shard;
        block->starts[shard] = at[shard] = sum;
        sum += count;
    }
    block->starts[EKI_SHARDS] = sum;
    for (uint32_t i = 0; i < block->item_count; i++)
        block->lists[at[eki_shard_of(block->items[i].client)]++] = &block->items[i];
}

void eki_block_ask(struct eki_block *block, const struct eki_judge *judge)
{
    block->item_count = 0;
    for (size_t at = 0; at < block->used;) {
        struct entry entry;
        const void *records = next_entry(block, &at, &entry);
        if (entry.kind != EKI_BLOCK_CONTACTS) continue;
        judge->ask(judge->user, records, entry.count, block->items + block->item_count);
        block->item_count += entry.count;
    }
    sort_items(block);
}

enum eki_error eki_block_weigh(const struct eki_block *block, const struct eki_judge *judge, unsigned shard)
{
    uint32_t first = block->starts[shard];
    return judge->weigh(judge->user, block->lists + first, block->starts[shard + 1] - first);
}

enum eki_error eki_block_note(const struct eki_block *block, const struct eki_judge *judge)
{
    enum eki_error error = EKI_OK;
    uint32_t item = 0;
    for (size_t at = 0; at < block->used && !error;) {
        struct entry entry;
        const void *records = next_entry(block, &at, &entry);
        if (entry.kind != EKI_BLOCK_CONTACTS) {
            error = eki_block_judge_records(judge, entry.kind, records, entry.count);
            continue;
        }
        error = judge->note(judge->user, block->items + item, entry.count);
        item += entry.count;
    }
    return error;
}
