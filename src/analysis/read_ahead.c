/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/read_ahead.h"

#include <pthread.h>

#include "base/memory.h"

struct eki_ahead {
    struct eki_ahead_work work;
    uint64_t filled, taken;   /* under the lock: slots from `taken` to `filled` are ready to be used */
    uint64_t reading, using;  /* each side's own: the slot it is at */
    uint64_t known;           /* the using side's own: how far it knows the reading to have come */
    struct eki_relay *helper; /* whose thread reads; NULL: one of its own */
    bool busy, over;          /* with a helper: somebody reads; the last piece was read */
    bool started, quit;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static bool has_room(const struct eki_ahead *ahead)
{
    return ahead->reading - ahead->taken <= ahead->work.slots - ahead->work.group;
}

/* Gives the slots that were read to the other side and waits until some are vacant; false when reading shall
 * end. */
static bool give_filled(struct eki_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->filled = ahead->reading;
    pthread_cond_signal(&ahead->changed);
    while (!ahead->quit && !has_room(ahead)) pthread_cond_wait(&ahead->changed, &ahead->lock);
    bool quit = ahead->quit;
    pthread_mutex_unlock(&ahead->lock);
    return !quit;
}

static enum eki_ahead_read read_slot(struct eki_ahead *ahead)
{
    unsigned slot = (unsigned)(ahead->reading % ahead->work.slots);
    enum eki_ahead_read read = ahead->work.read(ahead->work.user, slot);
    ahead->reading++;
    return read;
}

static void *read_all(void *user)
{
    struct eki_ahead *ahead = user;
    for (enum eki_ahead_read read = EKI_AHEAD_MORE; read != EKI_AHEAD_LAST;) {
        read = read_slot(ahead);
        bool now = read != EKI_AHEAD_MORE || ahead->reading % ahead->work.group == 0;
        if (now && !give_filled(ahead)) break;
    }
    return NULL;
}

/* Reads one group of slots, the lock being held at the start and at the end; false when somebody else reads,
 * or when there is no room for it, or nothing left. */
static bool read_group(struct eki_ahead *ahead)
{
    if (ahead->busy || ahead->over || !has_room(ahead)) return false;
    enum eki_ahead_read read = EKI_AHEAD_MORE;
    ahead->busy = true;
    pthread_mutex_unlock(&ahead->lock);
    for (unsigned i = 0; i < ahead->work.group && read != EKI_AHEAD_LAST; i++) read = read_slot(ahead);
    pthread_mutex_lock(&ahead->lock);
    ahead->busy = false;
    ahead->over = read == EKI_AHEAD_LAST;
    ahead->filled = ahead->reading;
    pthread_cond_signal(&ahead->changed);
    return true;
}

/* The helper's chore. */
static bool help(void *user)
{
    struct eki_ahead *ahead = user;
    pthread_mutex_lock(&ahead->lock);
    bool some = read_group(ahead);
    pthread_mutex_unlock(&ahead->lock);
    return some;
}

static bool start(struct eki_ahead *ahead)
{
    if (pthread_mutex_init(&ahead->lock, NULL)) return false;
    if (!pthread_cond_init(&ahead->changed, NULL)) {
        bool started = ahead->helper ? eki_relay_lend(ahead->helper, &(struct eki_chore){help, ahead})
                                     : !pthread_create(&ahead->thread, NULL, read_all, ahead);
        if (started) return true;
        pthread_cond_destroy(&ahead->changed);
    }
    pthread_mutex_destroy(&ahead->lock);
    return false;
}

struct eki_ahead *eki_ahead_new(const struct eki_ahead_work *work, struct eki_relay *helper)
{
    struct eki_ahead *ahead = eki_allocate(1, sizeof *ahead);
    if (!ahead) return NULL;
    ahead->work = *work;
    ahead->helper = helper;
    if (start(ahead)) return ahead;
    eki_free(ahead);
    return NULL;
}

/* Gives back the slots that were used; returns how far the reading has come, after waiting for one more slot.
 */
static uint64_t give_taken(struct eki_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->taken = ahead->using;
    pthread_cond_signal(&ahead->changed);
    if (ahead->helper) {
        pthread_mutex_unlock(&ahead->lock);
        eki_relay_wake(ahead->helper);
        pthread_mutex_lock(&ahead->lock);
    }
    while (ahead->filled == ahead->taken) {
        /* The helper is at its other work: rather than wait for it, read. */
        if (ahead->helper && read_group(ahead)) continue;
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
    uint64_t filled = ahead->filled;
    pthread_mutex_unlock(&ahead->lock);
    return filled;
}

unsigned eki_ahead_next(struct eki_ahead *ahead)
{
    ahead->using += ahead->started;
    ahead->started = true;
    if (ahead->using == ahead->known || ahead->using % ahead->work.group == 0)
        ahead->known = give_taken(ahead);
    return (unsigned)(ahead->using % ahead->work.slots);
}

void eki_ahead_free(struct eki_ahead *ahead)
{
    if (!ahead) return;
    if (ahead->helper) {
        (void)eki_relay_lend(ahead->helper, NULL);
    } else {
        pthread_mutex_lock(&ahead->lock);
        ahead->quit = true;
        pthread_cond_signal(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
        pthread_join(ahead->thread, NULL);
    }
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
    eki_free(ahead);
}
