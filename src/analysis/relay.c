/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/relay.h"

#include <pthread.h>
#include <string.h>

#include "base/memory.h"

/* A block is filled in about a millisecond at full speed: rare enough for the lock, small enough to stay in
 * the shared cache on its way to the other core. */
enum { BLOCKS = 6, BLOCK_BYTES = 192 * 1024 };

enum kind { KIND_CONTACTS, KIND_FLOW, KIND_SIGN };

struct entry { /* stands before its records in a block */
    uint32_t kind, count;
};
_Static_assert(sizeof(struct entry) % 8 == 0 && sizeof(struct eki_contact) % 8 == 0 &&
                   sizeof(struct eki_flow) % 8 == 0 && sizeof(struct eki_sign) % 8 == 0,
               "records stay aligned behind each other");

struct block {
    uint8_t *bytes;
    size_t used;
};

struct eki_relay {
    struct eki_judge judge;
    struct block blocks[BLOCKS];
    uint64_t filled, judged; /* blocks[filled % BLOCKS] is being filled; from `judged` on they wait */
    enum eki_error error;    /* the judge's first; under the lock while there is a thread */
    bool threaded, quit, ending;
    struct eki_chore chore;              /* the rest is under the lock */
    bool chore_runs, chore_rests, hurry; /* hurry: all blocks are waited for */
    uint64_t woken;
    bool started; /* the thread: with the first block that is full, so that it inherits what the program gave
                     up */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static enum eki_error judge_entry(const struct eki_judge *judge, struct entry entry, const uint8_t *records)
{
    switch ((enum kind)entry.kind) {
    case KIND_CONTACTS: return judge->contacts(judge->user, (const void *)records, entry.count);
    case KIND_FLOW: return judge->flow(judge->user, (const void *)records);
    case KIND_SIGN: return judge->sign(judge->user, (const void *)records);
    }
    return EKI_OK;
}

static size_t size_of(enum kind kind)
{
    static const size_t sizes[] = {sizeof(struct eki_contact), sizeof(struct eki_flow),
                                   sizeof(struct eki_sign)};
    return sizes[kind];
}

static enum eki_error judge_block(const struct eki_judge *judge, const struct block *block)
{
    enum eki_error error = EKI_OK;
    for (size_t at = 0; at < block->used && !error;) {
        struct entry entry;
        memcpy(&entry, block->bytes + at, sizeof entry);
        error = judge_entry(judge, entry, block->bytes + at + sizeof entry);
        at += sizeof entry + entry.count * size_of(entry.kind);
    }
    return error;
}

/* The next block, which waits. The lock is held, but not while it is judged. */
static void judge_next(struct eki_relay *relay)
{
    struct block *block = &relay->blocks[relay->judged % BLOCKS];
    enum eki_error error = relay->error; /* after an error blocks are only given back */
    pthread_mutex_unlock(&relay->lock);
    if (!error) error = judge_block(&relay->judge, block);
    pthread_mutex_lock(&relay->lock);
    relay->error = error;
    relay->judged++;
    pthread_cond_broadcast(&relay->changed);
}

/* A piece of the chore, with the lock held likewise. */
static void do_chore(struct eki_relay *relay)
{
    struct eki_chore chore = relay->chore;
    uint64_t woken = relay->woken;
    relay->chore_runs = true;
    pthread_mutex_unlock(&relay->lock);
    bool some = chore.run(chore.user);
    pthread_mutex_lock(&relay->lock);
    relay->chore_runs = false;
    relay->chore_rests = !some && relay->woken == woken; /* else it was woken while it looked */
    pthread_cond_broadcast(&relay->changed);
}

/* Half of the blocks may wait while the chore is done: enough for the side that fills them to go on, unless
 * it waits for the last one. */
static void *judge_all(void *user)
{
    struct eki_relay *relay = user;
    pthread_mutex_lock(&relay->lock);
    while (!relay->quit && !(relay->ending && relay->judged == relay->filled)) {
        bool chore = relay->chore.run && !relay->chore_rests;
        if (relay->filled - relay->judged > (chore && !relay->hurry ? BLOCKS / 2 : 0))
            judge_next(relay);
        else if (chore)
            do_chore(relay);
        else
            pthread_cond_wait(&relay->changed, &relay->lock);
    }
    pthread_mutex_unlock(&relay->lock);
    return NULL;
}

static enum eki_error make_blocks(struct eki_relay *relay)
{
    for (int i = 0; i < BLOCKS; i++) {
        relay->blocks[i].bytes = eki_allocate(BLOCK_BYTES, 1);
        if (!relay->blocks[i].bytes) return EKI_ERROR_MEMORY;
    }
    relay->threaded = true;
    return EKI_OK;
}

static void start(struct eki_relay *relay)
{
    if (pthread_mutex_init(&relay->lock, NULL)) return;
    if (pthread_cond_init(&relay->changed, NULL)) {
        pthread_mutex_destroy(&relay->lock);
        return;
    }
    relay->started = !pthread_create(&relay->thread, NULL, judge_all, relay);
    if (relay->started) return;
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
}

/* No thread could be started: everything is judged at once from now on. */
static enum eki_error judge_here(struct eki_relay *relay)
{
    struct block *block = &relay->blocks[relay->filled % BLOCKS];
    if (!relay->error) relay->error = judge_block(&relay->judge, block);
    block->used = 0;
    relay->threaded = false;
    return relay->error;
}

enum eki_error eki_relay_new(const struct eki_judge *judge, bool threaded, struct eki_relay **ret_relay)
{
    struct eki_relay *relay = eki_allocate(1, sizeof *relay);
    if (!relay) return EKI_ERROR_MEMORY;
    relay->judge = *judge;
    enum eki_error error = threaded ? make_blocks(relay) : EKI_OK;
    if (error) {
        eki_relay_free(relay);
        return error;
    }
    *ret_relay = relay;
    return EKI_OK;
}

/* Gives the block that was filled to the judge and waits for an empty one. */
static enum eki_error hand_over(struct eki_relay *relay)
{
    if (!relay->started) start(relay);
    if (!relay->started) return judge_here(relay);
    pthread_mutex_lock(&relay->lock);
    relay->filled++;
    pthread_cond_broadcast(&relay->changed);
    while (relay->filled - relay->judged == BLOCKS) pthread_cond_wait(&relay->changed, &relay->lock);
    enum eki_error error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    relay->blocks[relay->filled % BLOCKS].used = 0;
    return error;
}

static enum eki_error pass_on(struct eki_relay *relay, enum kind kind, const void *records, size_t count)
{
    struct entry entry = {kind, (uint32_t)count};
    if (!relay->threaded) {
        if (!relay->error) relay->error = judge_entry(&relay->judge, entry, records);
        return relay->error;
    }
    size_t bytes = count * size_of(kind);
    enum eki_error error = EKI_OK;
    if (relay->blocks[relay->filled % BLOCKS].used + sizeof entry + bytes > BLOCK_BYTES)
        error = hand_over(relay);
    if (!relay->threaded) return error ? error : pass_on(relay, kind, records, count);
    struct block *block = &relay->blocks[relay->filled % BLOCKS];
    memcpy(block->bytes + block->used, &entry, sizeof entry);
    memcpy(block->bytes + block->used + sizeof entry, records, bytes);
    block->used += sizeof entry + bytes;
    return error;
}

enum eki_error eki_relay_contacts(struct eki_relay *relay, const struct eki_contact *contacts, size_t count)
{
    return count ? pass_on(relay, KIND_CONTACTS, contacts, count) : EKI_OK;
}

enum eki_error eki_relay_flow(struct eki_relay *relay, const struct eki_flow *flow)
{
    return pass_on(relay, KIND_FLOW, flow, 1);
}

enum eki_error eki_relay_sign(struct eki_relay *relay, const struct eki_sign *sign)
{
    return pass_on(relay, KIND_SIGN, sign, 1);
}

static void end_thread(struct eki_relay *relay)
{
    pthread_join(relay->thread, NULL);
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
    relay->threaded = relay->started = false;
}

enum eki_error eki_relay_settle(struct eki_relay *relay)
{
    if (!relay->threaded) return relay->error;
    if (relay->blocks[relay->filled % BLOCKS].used && hand_over(relay)) return relay->error;
    if (!relay->started) return relay->error;
    pthread_mutex_lock(&relay->lock);
    relay->hurry = true;
    pthread_cond_broadcast(&relay->changed);
    while (relay->judged != relay->filled) pthread_cond_wait(&relay->changed, &relay->lock);
    relay->hurry = false;
    enum eki_error error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    return error;
}

enum eki_error eki_relay_finish(struct eki_relay *relay)
{
    if (!relay->threaded) return relay->error;
    if (!relay->started) return judge_here(relay);
    pthread_mutex_lock(&relay->lock);
    relay->filled++;
    relay->ending = relay->hurry = true;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
    end_thread(relay);
    return relay->error;
}

bool eki_relay_lend(struct eki_relay *relay, const struct eki_chore *chore)
{
    if (chore && (!relay->threaded || relay->chore.run)) return false;
    if (!relay->started && chore) start(relay);
    if (!relay->started) return false;
    pthread_mutex_lock(&relay->lock);
    relay->chore = chore ? *chore : (struct eki_chore){0};
    relay->chore_rests = false;
    while (!chore && relay->chore_runs) pthread_cond_wait(&relay->changed, &relay->lock);
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
    return true;
}

void eki_relay_wake(struct eki_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->woken++;
    relay->chore_rests = false;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}

void eki_relay_free(struct eki_relay *relay)
{
    if (!relay) return;
    if (relay->started) {
        pthread_mutex_lock(&relay->lock);
        relay->quit = true;
        pthread_cond_broadcast(&relay->changed);
        pthread_mutex_unlock(&relay->lock);
        end_thread(relay);
    }
    for (int i = 0; i < BLOCKS; i++) eki_free(relay->blocks[i].bytes);
    eki_free(relay);
}
