/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_PIPELINE_H
#define EKI_ANALYSIS_PIPELINE_H
/*
 * Batches of packets from a capture, in its order: read by the caller's thread, or ahead, by a thread of its
 * own or by one that has other work too. The batches are the same either way, so everything after them is
 * too.
 *
 *     struct eki_pipeline *pipeline;
 *     eki_pipeline_new(capture, engine, reader, relay, &pipeline);
 *     struct eki_batch *batch;
 *     while ((batch = eki_pipeline_next(pipeline))->count > 0) use(batch);   batch->error tells how it ended
 *     eki_pipeline_free(pipeline);                                           also in the middle
 */
#include "analysis/relay.h"
#include "ekigaku/packet.h"
#include "ekigaku/sign.h"

struct eki_batch {
    struct eki_packet packets[EKI_PACKET_BATCH];
    size_t count;         /* 0 at the end */
    enum eki_error error; /* may come together with packets: they were read before it */
    struct eki_fault fault;
    uint64_t done, size; /* as eki_capture_progress */
};

struct eki_pipeline;

/* Who reads and decodes: the caller in eki_pipeline_next; the relay's thread while it has little to judge; a
 * thread for that alone. */
enum eki_pipeline_reader { EKI_PIPELINE_CALLER, EKI_PIPELINE_HELPER, EKI_PIPELINE_THREAD };

/* When no thread can be had, the caller reads. The capture, the engine and the helper stay the caller's and
 * must outlive the pipeline; the capture must not be used meanwhile, and for EKI_PIPELINE_HELPER must be one
 * that does not keep a reader waiting, as a pipe does. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_pipeline_new(struct eki_capture *capture,
                                             const struct eki_sign_engine *engine,
                                             enum eki_pipeline_reader reader, struct eki_relay *helper,
                                             struct eki_pipeline **ret_pipeline);

/* The next batch, valid until the next call. After the end, or after an error, an empty one again and again.
 * Never NULL. */
struct eki_batch *eki_pipeline_next(struct eki_pipeline *pipeline);

/* Ends the reading thread. NULL is allowed. */
void eki_pipeline_free(struct eki_pipeline *pipeline);

#endif
