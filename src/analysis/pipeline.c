/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/pipeline.h"

#include <string.h>

#include "analysis/read_ahead.h"
#include "analysis/moved.h"
#include "base/memory.h"

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
    struct eki_ahead *ahead; /* NULL: the caller reads, into the first slot */
    unsigned at;             /* the slot handed out last */
    bool ended;
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

/* Reads the slot whose turn it is. A batch that is not full came from a pipe that has no more just now. */
static enum eki_ahead_read read_slot(void *user, unsigned position)
{
    struct eki_pipeline *pipeline = user;
    struct slot *slot = &pipeline->slots[position];
    read_batch(pipeline, &slot->batch);
    enum eki_error error = keep_payloads(pipeline, slot);
    if (error) {
        slot->batch.error = error;
        slot->batch.count = 0;
    }
    if (slot->batch.error || !slot->batch.count) return EKI_AHEAD_LAST;
    return slot->batch.count < EKI_PACKET_BATCH ? EKI_AHEAD_NOW : EKI_AHEAD_MORE;
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
    struct eki_ahead_work work = {read_slot, pipeline, SLOTS, GROUP};
    if (ahead) pipeline->ahead = eki_ahead_new(&work, reader == EKI_PIPELINE_HELPER ? helper : NULL);
    *ret_pipeline = pipeline;
    return EKI_OK;
}

struct eki_batch *eki_pipeline_next(struct eki_pipeline *pipeline)
{
    struct eki_batch *batch = &pipeline->slots[pipeline->at].batch;
    if (pipeline->ended) {
        batch->count = 0;
        return batch;
    }
    if (pipeline->ahead) {
        pipeline->at = eki_ahead_next(pipeline->ahead);
        batch = &pipeline->slots[pipeline->at].batch;
    } else {
        read_batch(pipeline, batch);
    }
    pipeline->ended = batch->error || !batch->count;
    return batch;
}

void eki_pipeline_free(struct eki_pipeline *pipeline)
{
    if (!pipeline) return;
    unsigned slots = pipeline->ahead ? SLOTS : 1;
    eki_ahead_free(pipeline->ahead);
    for (unsigned i = 0; i < slots; i++) eki_free(pipeline->slots[i].payloads);
    eki_free(pipeline->slots);
    eki_free(pipeline);
}
