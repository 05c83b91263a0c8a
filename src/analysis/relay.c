/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/relay.h"

#include <pthread.h>

#include "base/memory.h"

/* Shards that are judged at a time: few enough that several threads find some, enough for the lock between.
 */
enum { BLOCKS = 6, SHARDS_AT_ONCE = 2 };

/* A block on its way; under the lock, but not what it holds. A bit stands for each shard, also for those
 * without contacts, which may have some in the block before. */
#define ALL_SHARDS ((UINT32_C(1) << EKI_SHARDS) - 1)
struct passage {
    struct eki_block block;
    uint32_t waiting, done;
};

/* blocks `judged` to `asked` are being judged in steps; those from there to `filled` wait; passages[filled %
 * BLOCKS] is being filled. */
struct eki_relay {
    struct eki_judge judge;
    struct passage passages[BLOCKS];
    uint64_t filled, asked, judged;
    enum eki_error error; /* the judge's first; under the lock while there are threads */
    unsigned threads;     /* that may be started, 0: everything is judged at once */
    unsigned started; /* with the first block that is full, so that they inherit what the program gave up */
    unsigned resting; /* who wait for a change */
    bool pays;        /* to judge in steps, when somebody is there to share them */
    bool asking, noting;      /* somebody does that step; both: a block is judged as a whole */
    bool quit, ending, hurry; /* hurry: all blocks are waited for */
    struct eki_chore chore;   /* the rest is under the lock */
    bool chore_runs, chore_rests;
    uint64_t woken;
    pthread_t thread[EKI_RELAY_THREADS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static struct passage *passage_at(struct eki_relay *relay, uint64_t number)
{
    return &relay->passages[number % BLOCKS];
}

static void tell(struct eki_relay *relay)
{
    if (relay->resting) pthread_cond_broadcast(&relay->changed);
}

static void rest(struct eki_relay *relay)
{
    relay->resting++;
    pthread_cond_wait(&relay->changed, &relay->lock);
    relay->resting--;
}

/* The functions below do one piece of the judging: they are called with the lock held, which they give up
 * while they judge, and return false when there is none of their kind to be done now. After an error blocks
 * are only given back. */

static bool note_block(struct eki_relay *relay)
{
    struct passage *p = passage_at(relay, relay->judged);
    enum eki_error error = relay->error;
    if (relay->noting || relay->judged == relay->asked || p->done != ALL_SHARDS) return false;
    relay->noting = true;
    pthread_mutex_unlock(&relay->lock);
    if (!error) error = eki_block_note(&p->block, &relay->judge);
    bool pays = relay->judge.pays(relay->judge.user);
    pthread_mutex_lock(&relay->lock);
    if (!relay->error) relay->error = error;
    relay->pays = pays;
    relay->noting = false;
    relay->judged++;
    tell(relay);
    return true;
}

/* The shards of a block that may be judged: those that wait and have judged the block before. */
static uint32_t ready(struct eki_relay *relay, uint64_t number)
{
    bool first = number == relay->judged;
    return passage_at(relay, number)->waiting & (first ? ALL_SHARDS : passage_at(relay, number - 1)->done);
}

/* Of these shards so many that SHARDS_AT_ONCE have contacts. */
static uint32_t few_of(uint32_t shards, uint32_t lanes)
{
    uint32_t some = 0;
    for (int busy = 0; shards && busy < SHARDS_AT_ONCE; shards &= shards - 1) {
        some |= shards & -shards;
        busy += (shards & -shards & lanes) != 0;
    }
    return some;
}

static bool weigh_shards(struct eki_relay *relay)
{
    uint64_t number = relay->judged;
    while (number < relay->asked && !ready(relay, number)) number++;
    if (number >= relay->asked) return false;
    struct passage *p = passage_at(relay, number);
    enum eki_error error = relay->error;
    uint32_t some = few_of(ready(relay, number), p->block.lanes);
    p->waiting &= ~some;
    pthread_mutex_unlock(&relay->lock);
    for (uint32_t bits = some & p->block.lanes; bits && !error; bits &= bits - 1)
        error = eki_block_weigh(&p->block, &relay->judge, (unsigned)__builtin_ctz(bits));
    pthread_mutex_lock(&relay->lock);
    if (!relay->error) relay->error = error;
    p->done |= some;
    tell(relay);
    return true;
}

static bool ask_block(struct eki_relay *relay)
{
    struct passage *p = passage_at(relay, relay->asked);
    if (relay->asking || relay->asked == relay->filled || !relay->pays) return false;
    relay->asking = true;
    bool failed = relay->error;
    pthread_mutex_unlock(&relay->lock);
    if (failed)
        p->block.lanes = 0;
    else
        eki_block_ask(&p->block, &relay->judge);
    pthread_mutex_lock(&relay->lock);
    p->waiting = ALL_SHARDS;
    p->done = 0;
    relay->asking = false;
    relay->asked++;
    tell(relay);
    return true;
}

/* A whole block at once, which costs a little less than in steps: when nobody is there to share them. */
static bool judge_block(struct eki_relay *relay)
{
    struct passage *p = passage_at(relay, relay->judged);
    enum eki_error error = relay->error;
    bool in_steps = relay->resting && relay->pays;
    if (in_steps || relay->asking || relay->noting) return false;
    if (relay->judged != relay->asked || relay->asked == relay->filled) return false;
    relay->asking = relay->noting = true;
    pthread_mutex_unlock(&relay->lock);
    if (!error) error = eki_block_judge(&p->block, &relay->judge);
    bool pays = relay->judge.pays && relay->judge.pays(relay->judge.user);
    pthread_mutex_lock(&relay->lock);
    if (!relay->error) relay->error = error;
    relay->pays = pays;
    relay->asking = relay->noting = false;
    relay->asked++;
    relay->judged++;
    tell(relay);
    return true;
}

/* The oldest first, so that blocks become free. */
static bool judge_some(struct eki_relay *relay)
{
    return note_block(relay) || weigh_shards(relay) || judge_block(relay) || ask_block(relay);
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
    tell(relay);
}

/* Half of the blocks may wait while the chore is done: enough for the side that fills them to go on, unless
 * it waits for the last one. */
static void *judge_all(void *user)
{
    struct eki_relay *relay = user;
    pthread_mutex_lock(&relay->lock);
    while (!relay->quit && !(relay->ending && relay->judged == relay->filled)) {
        bool chore = relay->chore.run && !relay->chore_rests && !relay->chore_runs;
        if (relay->filled - relay->judged > (chore && !relay->hurry ? BLOCKS / 2 : 0) && judge_some(relay))
            continue;
        if (chore)
            do_chore(relay);
        else
            rest(relay);
    }
    pthread_mutex_unlock(&relay->lock);
    return NULL;
}

/* The side that fills blocks waits until no more than `most` are left, and judges meanwhile. The lock is
 * held. */
static void wait_for(struct eki_relay *relay, unsigned most)
{
    while (relay->filled - relay->judged > most) {
        bool shares = relay->judged != relay->asked; /* a whole block it leaves to the others */
        if (!shares || !(note_block(relay) || weigh_shards(relay))) rest(relay);
    }
}

static enum eki_error make_blocks(struct eki_relay *relay, unsigned threads)
{
    enum eki_error error = EKI_OK;
    for (int i = 0; i < BLOCKS && !error; i++) error = eki_block_init(&relay->passages[i].block);
    relay->threads = threads < EKI_RELAY_THREADS ? threads : EKI_RELAY_THREADS;
    return error;
}

static void start(struct eki_relay *relay)
{
    if (pthread_mutex_init(&relay->lock, NULL)) return;
    if (pthread_cond_init(&relay->changed, NULL)) {
        pthread_mutex_destroy(&relay->lock);
        return;
    }
    while (relay->started < relay->threads &&
           !pthread_create(&relay->thread[relay->started], NULL, judge_all, relay))
        relay->started++;
    if (relay->started) return;
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
}

/* No thread could be started: everything is judged at once from now on. */
static enum eki_error judge_here(struct eki_relay *relay)
{
    struct eki_block *block = &passage_at(relay, relay->filled)->block;
    if (!relay->error) relay->error = eki_block_judge(block, &relay->judge);
    block->used = 0;
    relay->threads = 0;
    return relay->error;
}

enum eki_error eki_relay_new(const struct eki_judge *judge, unsigned threads, struct eki_relay **ret_relay)
{
    struct eki_relay *relay = eki_allocate(1, sizeof *relay);
    if (!relay) return EKI_ERROR_MEMORY;
    relay->judge = *judge;
    enum eki_error error = threads ? make_blocks(relay, threads) : EKI_OK;
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
    tell(relay);
    wait_for(relay, BLOCKS - 1);
    enum eki_error error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    passage_at(relay, relay->filled)->block.used = 0;
    return error;
}

static enum eki_error judge_now(struct eki_relay *relay, enum eki_block_kind kind, const void *records,
                                size_t count)
{
    if (!relay->error) relay->error = eki_block_judge_records(&relay->judge, kind, records, count);
    return relay->error;
}

static enum eki_error pass_on(struct eki_relay *relay, enum eki_block_kind kind, const void *records,
                              size_t count)
{
    if (!relay->threads) return judge_now(relay, kind, records, count);
    if (eki_block_add(&passage_at(relay, relay->filled)->block, kind, records, count)) return EKI_OK;
    enum eki_error error = hand_over(relay);
    if (!relay->threads) return error ? error : judge_now(relay, kind, records, count);
    (void)eki_block_add(&passage_at(relay, relay->filled)->block, kind, records, count); /* it is empty */
    return error;
}

enum eki_error eki_relay_contacts(struct eki_relay *relay, const struct eki_contact *contacts, size_t count)
{
    return count ? pass_on(relay, EKI_BLOCK_CONTACTS, contacts, count) : EKI_OK;
}

enum eki_error eki_relay_flow(struct eki_relay *relay, const struct eki_flow *flow)
{
    return pass_on(relay, EKI_BLOCK_FLOW, flow, 1);
}

enum eki_error eki_relay_sign(struct eki_relay *relay, const struct eki_sign *sign)
{
    return pass_on(relay, EKI_BLOCK_SIGN, sign, 1);
}

static void end_threads(struct eki_relay *relay)
{
    for (unsigned i = 0; i < relay->started; i++) pthread_join(relay->thread[i], NULL);
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
    relay->threads = relay->started = 0;
}

enum eki_error eki_relay_settle(struct eki_relay *relay)
{
    if (!relay->threads) return relay->error;
    if (passage_at(relay, relay->filled)->block.used && hand_over(relay)) return relay->error;
    if (!relay->started) return relay->error;
    pthread_mutex_lock(&relay->lock);
    relay->hurry = true;
    tell(relay);
    wait_for(relay, 0);
    relay->hurry = false;
    enum eki_error error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    return error;
}

enum eki_error eki_relay_finish(struct eki_relay *relay)
{
    if (!relay->threads) return relay->error;
    if (!relay->started) return judge_here(relay);
    pthread_mutex_lock(&relay->lock);
    relay->filled++;
    relay->ending = relay->hurry = true;
    tell(relay);
    wait_for(relay, 0);
    tell(relay);
    pthread_mutex_unlock(&relay->lock);
    end_threads(relay);
    return relay->error;
}

bool eki_relay_lend(struct eki_relay *relay, const struct eki_chore *chore)
{
    if (chore && (!relay->threads || relay->chore.run)) return false;
    if (!relay->started && chore) start(relay);
    if (!relay->started) return false;
    pthread_mutex_lock(&relay->lock);
    relay->chore = chore ? *chore : (struct eki_chore){0};
    relay->chore_rests = false;
    tell(relay);
    while (!chore && relay->chore_runs) rest(relay);
    pthread_mutex_unlock(&relay->lock);
    return true;
}

void eki_relay_wake(struct eki_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->woken++;
    relay->chore_rests = false;
    tell(relay);
    pthread_mutex_unlock(&relay->lock);
}

void eki_relay_free(struct eki_relay *relay)
{
    if (!relay) return;
    if (relay->started) {
        pthread_mutex_lock(&relay->lock);
        relay->quit = true;
        tell(relay);
        pthread_mutex_unlock(&relay->lock);
        end_threads(relay);
    }
    for (int i = 0; i < BLOCKS; i++) eki_block_done(&relay->passages[i].block);
    eki_free(relay);
}
