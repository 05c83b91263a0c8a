/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_BLOCK_H
#define EKI_ANALYSIS_BLOCK_H
/*
 * Contacts, flows and signs in the order in which they are to be judged: what the relay hands over at a time.
 * It is judged at once by one thread, or in steps, of which the middle one is done shard by shard:
 *
 *     eki_block_judge(block, judge);                              or
 *
 *     eki_block_ask(block, judge);          -> block->lanes: bit i is set where shard i has contacts
 *     eki_block_weigh(block, judge, i);     for each of them, in any order, also at the same time
 *     eki_block_note(block, judge);
 *
 * Blocks are asked in their order, noted in their order, and each shard sees them in their order; then the
 * judge comes to the same state either way.
 */
#include "ekigaku/contact.h"
#include "ekigaku/sign.h"
#include "scan/shard.h"

/* What is called on the judging side; `user` comes first. An error ends the judging. The last four are NULL
 * where nothing can be judged in steps. */
struct eki_judge {
    enum eki_error (*contacts)(void *user, const struct eki_contact *contacts, size_t count);
    enum eki_error (*flow)(void *user, const struct eki_flow *flow);
    enum eki_error (*sign)(void *user, const struct eki_sign *sign);
    void *user;
    void (*ask)(void *user, const struct eki_contact *contacts, size_t count, struct eki_weighing *ret_items);
    enum eki_error (*weigh)(void *user, struct eki_weighing *const *items, size_t count);
    enum eki_error (*note)(void *user, const struct eki_weighing *items, size_t count);
    /* May the steps, shared, take less time than all at once? Asked after a block was noted or judged. */
    bool (*pays)(void *user);
};

enum eki_block_kind { EKI_BLOCK_CONTACTS, EKI_BLOCK_FLOW, EKI_BLOCK_SIGN };

/* A block is filled in about a millisecond at full speed: rare enough for a lock, small enough to stay in the
 * shared cache on its way to another core. */
enum { EKI_BLOCK_BYTES = 192 * 1024 };

struct eki_block {
    uint8_t *bytes;
    size_t used;
    struct eki_weighing *items;  /* one for each contact, in their order */
    struct eki_weighing **lists; /* the same, shard by shard */
    uint32_t item_count;
    uint32_t starts[EKI_SHARDS + 1]; /* of the shards, in lists */
    uint32_t lanes;
};

/* An empty one, whose contacts can be judged in steps; pair with the _done below, which takes a zeroed one as
 * well. EKI_ERROR_MEMORY leaves something that only _done takes. */
EKI_MUST_USE enum eki_error eki_block_init(struct eki_block *ret_block);
void eki_block_done(struct eki_block *block);

/* Appends a copy; false when it does not fit. Of contacts at most 64 at once. */
bool eki_block_add(struct eki_block *block, enum eki_block_kind kind, const void *records, size_t count);

/* Judges these at once. Returns the judge's error. */
EKI_MUST_USE enum eki_error eki_block_judge_records(const struct eki_judge *judge, enum eki_block_kind kind,
                                                    const void *records, size_t count);
/* All of a block, up to the judge's first error. */
EKI_MUST_USE enum eki_error eki_block_judge(const struct eki_block *block, const struct eki_judge *judge);

/* The steps. Return the judge's error. */
void eki_block_ask(struct eki_block *block, const struct eki_judge *judge);
EKI_MUST_USE enum eki_error eki_block_weigh(const struct eki_block *block, const struct eki_judge *judge,
                                            unsigned shard);
EKI_MUST_USE enum eki_error eki_block_note(const struct eki_block *block, const struct eki_judge *judge);

#endif
