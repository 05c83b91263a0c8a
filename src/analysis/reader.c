/* SPDX-License-Identifier: Apache-2.0 */
/* One capture, from its opening to its entry in inputs[]. */
#include "analysis/pipeline.h"
#include "analysis/state.h"
#include "capture/over.h"

/* Progress is told once in so many packets. */
enum { PROGRESS_PACKETS = 1 << 18 };

/* A packet whose time lies days from both its neighbours', which agree, is dated wrongly: one such date would
 * end every conversation and empty every hold. It is taken as of the packet before it. */
static void mend_times(struct eki_analysis *a, struct eki_batch *batch)
{
    static const eki_time far = 86400 * EKI_SECOND;
    eki_time before = a->last_time;
    for (size_t i = 0; i < batch->count; i++) {
        eki_time time = batch->packets[i].time;
        bool jumps = before != EKI_TIME_NONE && (time > before + far || time < before - far);
        /* At the end of a batch nobody comes after: a jump there is believed only when the batch is a single
         * packet. */
        eki_time after = i + 1 < batch->count ? batch->packets[i + 1].time : batch->count > 1 ? before : time;
        if (jumps && after < before + far && after > before - far) {
            batch->packets[i].time = before;
            a->mended_times++;
        }
        before = batch->packets[i].time;
    }
    a->last_time = before;
}

static void take_batch(struct eki_analysis *a, struct eki_batch *batch, uint16_t input)
{
    mend_times(a, batch);
    for (size_t i = 0; i < batch->count; i++) batch->packets[i].input = input;
    eki_analysis_packets(a, batch->packets, batch->count);
}

static bool is_stopped(struct eki_analysis *a)
{
    if (a->options.stop && *a->options.stop) a->stopped = true;
    return a->stopped || a->error;
}

static void tell_progress(struct eki_analysis *a, const struct eki_batch *batch, uint64_t *packets)
{
    uint64_t before = *packets / PROGRESS_PACKETS;
    *packets += batch->count;
    if (a->options.progress && *packets / PROGRESS_PACKETS != before)
        a->options.progress(a->options.progress_user, batch->done, batch->size, *packets);
}

static enum eki_error read_all(struct eki_analysis *a, struct eki_capture *capture, uint16_t input,
                               struct eki_fault *ret_fault)
{
    struct eki_pipeline *pipeline;
    enum eki_error error = eki_pipeline_new(capture, a->engine, a->options.threads > 2, &pipeline);
    if (error) return error;
    uint64_t packets = 0;
    bool more = true;
    while (more && !error && !is_stopped(a)) {
        struct eki_batch *batch = eki_pipeline_next(pipeline);
        take_batch(a, batch, input);
        tell_progress(a, batch, &packets);
        more = batch->count > 0;
        error = batch->error;
        if (error && ret_fault) *ret_fault = batch->fault;
    }
    eki_pipeline_free(pipeline);
    if (!error && a->stopped) return EKI_ERROR_STOPPED;
    return error ? error : a->error;
}

/* Keeps what the reader counted, under the name that lives as long as the analysis. */
static void close_input(struct eki_analysis *a, size_t index, const struct eki_input *counted, uint64_t flows)
{
    struct eki_input *input = &a->inputs[index];
    const char *path = input->path;
    *input = *counted;
    input->path = path;
    input->flows = flows;
}

/* From a source when there is one, which is taken over, else from the path. */
static enum eki_error open_capture(struct eki_analysis *a, const char *path, struct eki_source *source,
                                   struct eki_capture **ret_capture, struct eki_fault *ret_fault)
{
    struct eki_capture_options options = {.filter = a->options.filter, .stop = a->options.stop};
    return source ? eki_capture_over(source, path, &options, ret_capture, ret_fault)
                  : eki_capture_open(path, &options, ret_capture, ret_fault);
}

/* There is room for one more input, and the analysis goes on; a source that is not taken is closed. */
enum eki_error eki_analysis_begin_input(struct eki_analysis *a, const char *path, struct eki_source *source,
                                        struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    if (a->finished)
        error = eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    else if (a->input_count > UINT16_MAX)
        error = eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than 65,536 inputs");
    else if (!eki_analysis_add_input(a, path))
        error = EKI_ERROR_MEMORY;
    if (error && source) eki_source_done(source);
    return error;
}

enum eki_error eki_analysis_capture_from(struct eki_analysis *a, const char *path, struct eki_source *source,
                                         struct eki_fault *ret_fault)
{
    struct eki_fault fault = {0};
    struct eki_capture *capture;
    enum eki_error error = eki_analysis_begin_input(a, path, source, ret_fault);
    if (error) return error;
    size_t index = a->input_count - 1;
    error = open_capture(a, path, source, &capture, &fault);
    if (!error) {
        uint64_t before = eki_flow_table_seen(a->flows);
        a->last_time = EKI_TIME_NONE;
        error = read_all(a, capture, (uint16_t)index, &fault);
        if (error == EKI_ERROR_STOPPED) fault = (struct eki_fault){0};
        close_input(a, index, eki_capture_input(capture), eki_flow_table_seen(a->flows) - before);
        eki_capture_close(capture);
    }
    if (error == EKI_ERROR_STOPPED) a->stopped = true;
    a->inputs[index].error = error;
    a->inputs[index].fault = fault;
    eki_analysis_emit_input(a, &a->inputs[index]);
    if (error && ret_fault) *ret_fault = fault;
    return error;
}

enum eki_error eki_analysis_capture(struct eki_analysis *a, const char *path, struct eki_fault *ret_fault)
{
    return eki_analysis_capture_from(a, path, NULL, ret_fault);
}
