/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/pipeline.h"

#include <pthread.h>
#include <string.h>

#include "analysis/moved.h"
#include "base/memory.h"

/* Slots change sides in groups: a lock and a wake-up for each would cost more than the decoding they hide. */
enum { SLOTS = 64, GROUP = 16 };

/* A batch and a copy of those payloads that somebody will read: the capture's own buffer moves on. */
struct slot {
    struct eki_batch batch;
    uint8_t *payloads;
    size_t capacity;
};

struct eki_pipeline {
    struct eki_capture *capture;
    const struct eki_sign_engine *engine;
    struct slot *slots;
    uint64_t filled, taken;   /* under the lock: slots from `taken` to `filled` are ready to be used */
    uint64_t reading, using;  /* each side's own: the slot it is at */
    uint64_t known;           /* the using side's own: how far it knows the reading to have come */
    struct eki_relay *helper; /* whose thread reads ahead; NULL: a thread of its own does, or none */
    bool busy, over;          /* with a helper: somebody reads; the last batch was read */
    bool threaded, started, ended, quit;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void read_batch(struct eki_pipeline *pipeline, struct eki_batch *batch)
{
    batch->error =
        eki_capture_read(pipeline->capture, batch->packets, EKI_PACKET_BATCH, &batch->count, &batch->fault);
    eki_capture_progress(pipeline->capture, &batch->done, &batch->size);
}

static bool is_wanted(const struct eki_pipeline *pipeline, const struct eki_packet *p)
{
    return p->payload_captured &&
           (eki_sign_engine_wants(pipeline->engine, p->protocol, p->target_port) ||
            eki_sign_engine_wants(pipeline->engine, p->protocol, p->source_port) || eki_moved_greets(p));
}

/* Copies the payloads that are wanted into the slot; a slot's copies are never larger than the capture's own
 * buffer. */
static enum eki_error keep_payloads(const struct eki_pipeline *pipeline, struct slot *slot)
{
    size_t needed = 0, at = 0;
    for (size_t i = 0; i < slot->batch.count; i++)
        if (is_wanted(pipeline, &slot->batch.packets[i])) needed += slot->batch.packets[i].payload_captured;
    if (needed > slot->capacity) {
        eki_free(slot->payloads);
        slot->capacity = 0;
        slot->payloads = eki_allocate(needed, 1);
        if (!slot->payloads) return EKI_ERROR_MEMORY;
        slot->capacity = needed;
    }
    for (size_t i = 0; i < slot->batch.count; i++) {
        struct eki_packet *p = &slot->batch.packets[i];
        if (!is_wanted(pipeline, p)) {
            p->payload = NULL;
            p->payload_captured = 0;
            continue;
        }
        memcpy(slot->payloads + at, p->payload, p->payload_captured);
        p->payload = slot->payloads + at;
        at += p->payload_captured;
    }
    return EKI_OK;
}

/* Gives the slots that were read to the other side and waits until one is vacant; false when reading shall
 * end. */
static bool give_filled(struct eki_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->lock);
    pipeline->filled = pipeline->reading;
    pthread_cond_signal(&pipeline->changed);
    while (!pipeline->quit && pipeline->filled - pipeline->taken > SLOTS - GROUP)
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    bool quit = pipeline->quit;
    pthread_mutex_unlock(&pipeline->lock);
    return !quit;
}

/* Reads the slot whose turn it is; true when it was the last. */
static bool read_slot(struct eki_pipeline *pipeline)
{
    struct slot *slot = &pipeline->slots[pipeline->reading % SLOTS];
    read_batch(pipeline, &slot->batch);
    enum eki_error error = keep_payloads(pipeline, slot);
    if (error) {
        slot->batch.error = error;
        slot->batch.count = 0;
    }
    pipeline->reading++;
    return slot->batch.error || !slot->batch.count;
}

static void *read_ahead(void *user)
{
    struct eki_pipeline *pipeline = user;
    bool last = false;
    while (!last) {
        const struct eki_batch *batch = &pipeline->slots[pipeline->reading % SLOTS].batch;
        last = read_slot(pipeline);
        /* A batch that is not full came from a pipe that has no more just now. */
        bool now = last || batch->count < EKI_PACKET_BATCH || pipeline->reading % GROUP == 0;
        if (now && !give_filled(pipeline)) break;
    }
    return NULL;
}

/* Reads one group of slots, the lock being held at the start and at the end; false when somebody else reads,
 * or when there is no room for it, or nothing left. */
static bool read_group(struct eki_pipeline *pipeline)
{
    if (pipeline->busy || pipeline->over || pipeline->reading - pipeline->taken > SLOTS - GROUP) return false;
    bool last = false;
    pipeline->busy = true;
    pthread_mutex_unlock(&pipeline->lock);
    for (int i = 0; i < GROUP && !last; i++) last = read_slot(pipeline);
    pthread_mutex_lock(&pipeline->lock);
    pipeline->busy = false;
    pipeline->over = last;
    pipeline->filled = pipeline->reading;
    pthread_cond_signal(&pipeline->changed);
    return true;
}

/* The helper's chore. */
static bool help(void *user)
{
    struct eki_pipeline *pipeline = user;
    pthread_mutex_lock(&pipeline->lock);
    bool some = read_group(pipeline);
    pthread_mutex_unlock(&pipeline->lock);
    return some;
}

static void start_ahead(struct eki_pipeline *pipeline, struct eki_relay *helper)
{
    if (pthread_mutex_init(&pipeline->lock, NULL)) return;
    if (pthread_cond_init(&pipeline->changed, NULL)) {
        pthread_mutex_destroy(&pipeline->lock);
        return;
    }
    pipeline->helper = helper;
    pipeline->threaded = helper ? eki_relay_lend(helper, &(struct eki_chore){help, pipeline})
                                : !pthread_create(&pipeline->thread, NULL, read_ahead, pipeline);
    if (pipeline->threaded) return;
    pthread_cond_destroy(&pipeline->changed);
    pthread_mutex_destroy(&pipeline->lock);
}

enum eki_error eki_pipeline_new(struct eki_capture *capture, const struct eki_sign_engine *engine,
                                enum eki_pipeline_reader reader, struct eki_relay *helper,
                                struct eki_pipeline **ret_pipeline)
{
    struct eki_pipeline *pipeline = eki_allocate(1, sizeof *pipeline);
    if (!pipeline) return EKI_ERROR_MEMORY;
    bool ahead = reader != EKI_PIPELINE_CALLER;
    pipeline->capture = capture;
    pipeline->engine = engine;
    pipeline->slots = eki_allocate(ahead ? SLOTS : 1, sizeof *pipeline->slots);
    if (!pipeline->slots) {
        eki_free(pipeline);
        return EKI_ERROR_MEMORY;
    }
    if (ahead) start_ahead(pipeline, reader == EKI_PIPELINE_HELPER ? helper : NULL);
    *ret_pipeline = pipeline;
    return EKI_OK;
}

/* Gives back the slots that were used; returns how far the reading has come, after waiting for one more slot.
 */
static uint64_t give_taken(struct eki_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->lock);
    pipeline->taken = pipeline->using;
    pthread_cond_signal(&pipeline->changed);
    if (pipeline->helper) {
        pthread_mutex_unlock(&pipeline->lock);
        eki_relay_wake(pipeline->helper);
        pthread_mutex_lock(&pipeline->lock);
    }
    while (pipeline->filled == pipeline->taken) {
        /* The helper is at its other work: rather than wait for it, read. */
        if (pipeline->helper && read_group(pipeline)) continue;
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    }
    uint64_t filled = pipeline->filled;
    pthread_mutex_unlock(&pipeline->lock);
    return filled;
}

/* The batch handed out last is over; the next one, waited for. */
static struct eki_batch *next_ready(struct eki_pipeline *pipeline, bool first)
{
    pipeline->using += !first;
    if (pipeline->using == pipeline->known || pipeline->using % GROUP == 0)
        pipeline->known = give_taken(pipeline);
    return &pipeline->slots[pipeline->using % SLOTS].batch;
}

struct eki_batch *eki_pipeline_next(struct eki_pipeline *pipeline)
{
    struct eki_batch *last = &pipeline->slots[pipeline->threaded ? pipeline->using % SLOTS : 0].batch;
    if (pipeline->ended) {
        last->count = 0;
        return last;
    }
    struct eki_batch *batch = last;
    if (pipeline->threaded)
        batch = next_ready(pipeline, !pipeline->started);
    else
        read_batch(pipeline, last);
    pipeline->started = true;
    pipeline->ended = batch->error || !batch->count;
    return batch;
}

static void end_ahead(struct eki_pipeline *pipeline)
{
    if (pipeline->helper) {
        (void)eki_relay_lend(pipeline->helper, NULL);
    } else {
        pthread_mutex_lock(&pipeline->lock);
        pipeline->quit = true;
        pthread_cond_signal(&pipeline->changed);
        pthread_mutex_unlock(&pipeline->lock);
        pthread_join(pipeline->thread, NULL);
    }
    pthread_cond_destroy(&pipeline->changed);
    pthread_mutex_destroy(&pipeline->lock);
}

void eki_pipeline_free(struct eki_pipeline *pipeline)
{
    if (!pipeline) return;
    if (pipeline->threaded) end_ahead(pipeline);
    for (int i = 0; i < (pipeline->threaded ? SLOTS : 1); i++) eki_free(pipeline->slots[i].payloads);
    eki_free(pipeline->slots);
    eki_free(pipeline);
}
