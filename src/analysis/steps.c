/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs that are read step by step, because they have no end or because something is to be done between. */
#include <string.h>

#include "analysis/running.h"
#include "analysis/stream.h"
#include "base/memory.h"
#include "capture/over.h"
#include "contact/log_format.h"
#include "contact/receive.h"
#include "ekigaku/watch.h"

/* A log line is written when its conversation ends: so long it may last and still be put in its place. */
#define LOG_HOLD (300 * EKI_SECOND)

/* Taken before somebody may look at the clock: a datagram has about 30 records. */
enum { DATAGRAMS = 64 };

/* Packets do not wait for entries of a log before them. */
static void end_logs(struct eki_analysis *a)
{
    if (a->feed) eki_log_feed_release(a->feed, 0);
}

static enum eki_error open_live(struct eki_analysis *a, const struct eki_open *open,
                                struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_capture_options options = {.filter = a->options.filter, .ring_bytes = open->ring_bytes};
    r->live = true;
    end_logs(a);
    return eki_capture_open_live(a->inputs[r->index].path, &options, &r->capture, ret_fault);
}

/* Passes over packets that were taken before. Fewer than there were: the file is another one. */
static enum eki_error skip_packets(struct eki_capture *capture, uint64_t skip, struct eki_fault *ret_fault)
{
    struct eki_packet packets[EKI_PACKET_BATCH];
    while (skip) {
        size_t count;
        enum eki_error error = eki_capture_read(
            capture, packets, skip < EKI_PACKET_BATCH ? (size_t)skip : EKI_PACKET_BATCH, &count, ret_fault);
        if (error) return error;
        if (!count)
            return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0,
                                 "is shorter than what was read of it before");
        skip -= count;
    }
    return EKI_OK;
}

static enum eki_error open_capture(struct eki_analysis *a, const struct eki_open *open,
                                   struct eki_source *source, struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_capture_options options = {
        .filter = a->options.filter, .stop = a->options.stop, .grows = open->grows};
    end_logs(a);
    enum eki_error error =
        eki_capture_over(source, a->inputs[r->index].path, &options, &r->capture, ret_fault);
    return error ? error : skip_packets(r->capture, open->skip, ret_fault);
}

static enum eki_error open_log(struct eki_analysis *a, const struct eki_open *open, struct eki_source *source,
                               struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_log_options options = {
        .format = open->format, .mapping = a->options.mapping, .stop = a->options.stop, .grows = open->grows};
    enum eki_error error = eki_log_over(source, a->inputs[r->index].path, &options, &r->log, ret_fault);
    if (!error && !a->feed) error = eki_log_feed_new(a, &a->feed);
    r->skip = open->skip;
    if (!open->resumes) a->line_files++;
    return error;
}

/* The log is there already when it goes on from a state. */
static enum eki_error open_socket(struct eki_analysis *a, const struct eki_open *open,
                                  struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_log_options options = {.format = open->format, .stop = a->options.stop};
    r->receives = true;
    if (!r->log) a->line_files++;
    enum eki_error error =
        r->log ? EKI_OK : eki_log_for_datagrams(a->inputs[r->index].path, &options, &r->log, ret_fault);
    if (!error && !a->feed) error = eki_log_feed_new(a, &a->feed);
    if (!error && open->allowed_count) {
        r->allowed = eki_allocate(open->allowed_count, sizeof *r->allowed);
        if (!r->allowed) return EKI_ERROR_MEMORY;
        memcpy(r->allowed, open->allowed, open->allowed_count * sizeof *r->allowed);
        r->allowed_count = open->allowed_count;
    }
    return error ? error : eki_receiver_open(open->path, open->ring_bytes, &r->receiver, ret_fault);
}

static enum eki_error open_file(struct eki_analysis *a, const struct eki_open *open,
                                struct eki_fault *ret_fault)
{
    struct eki_source source;
    enum eki_error error = eki_source_open(open->path, a->options.stop, &source, ret_fault);
    if (error) {
        eki_source_done(&source);
        return error;
    }
    bool log = open->format || eki_analysis_kind_of(&source) == EKI_KIND_LOG;
    return log ? open_log(a, open, &source, ret_fault) : open_capture(a, open, &source, ret_fault);
}

/* A place for the input: that of the state, or a new one. */
static enum eki_error begin(struct eki_analysis *a, const struct eki_open *open, struct eki_fault *ret_fault)
{
    if (open->resumes) return a->running ? EKI_OK : EKI_ERROR_ARGUMENT;
    if (a->running) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "an input is open");
    enum eki_error error = eki_analysis_begin_input(a, open->path, NULL, ret_fault);
    if (error) return error;
    a->running = eki_allocate(1, sizeof *a->running);
    if (!a->running) return EKI_ERROR_MEMORY;
    a->running->index = a->input_count - 1;
    a->running->flows_before = eki_flow_table_seen(a->flows);
    a->last_time = EKI_TIME_NONE;
    return EKI_OK;
}

static bool is_contacts(const struct eki_open *open)
{
    struct eki_source source;
    if (open->interface || open->listens) return false;
    if (open->format) return !strcmp(open->format, "contacts");
    bool is = !eki_source_open(open->path, NULL, &source, NULL) &&
              eki_analysis_kind_of(&source) == EKI_KIND_CONTACTS;
    eki_source_done(&source);
    return is;
}

enum eki_error eki_analysis_open(struct eki_analysis *a, const struct eki_open *open,
                                 struct eki_fault *ret_fault)
{
    struct eki_fault fault = {0};
    if (!open->resumes && !a->running && is_contacts(open))
        return eki_analysis_contacts(a, open->path, ret_fault);
    enum eki_error error = begin(a, open, ret_fault);
    if (error) return error;
    a->running->taken = open->skip;
    error = open->interface ? open_live(a, open, &fault)
            : open->listens ? open_socket(a, open, &fault)
                            : open_file(a, open, &fault);
    if (!error) return EKI_OK;
    a->inputs[a->running->index].error = error;
    a->inputs[a->running->index].fault = fault;
    if (ret_fault) *ret_fault = fault;
    eki_analysis_drop_input(a);
    return error;
}

static enum eki_error next_packets(struct eki_analysis *a, size_t *ret_count, struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_packet packets[EKI_PACKET_BATCH];
    enum eki_error error = eki_capture_read(r->capture, packets, EKI_PACKET_BATCH, ret_count, ret_fault);
    eki_analysis_take(a, packets, *ret_count, (uint16_t)r->index);
    eki_analysis_count_capture(a, r->index, eki_capture_input(r->capture),
                               eki_flow_table_seen(a->flows) - r->flows_before);
    r->taken += *ret_count;
    return error;
}

static enum eki_error next_entries(struct eki_analysis *a, size_t *ret_count, struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_log_batch batch;
    enum eki_error error = eki_log_read(r->log, &batch);
    size_t skip = r->skip < batch.count ? (size_t)r->skip : batch.count;
    r->skip -= skip;
    r->taken += batch.count - skip;
    enum eki_error taken = eki_log_feed_take(a->feed, &batch, skip, (uint16_t)r->index, LOG_HOLD);
    if (!taken) taken = eki_analysis_count_log(a, r->index, eki_log_input(r->log));
    if (error && ret_fault) *ret_fault = eki_log_input(r->log)->fault;
    *ret_count = batch.count;
    return taken ? taken : error;
}

static bool is_allowed(const struct eki_running *r, struct eki_address source)
{
    bool found = !r->allowed_count;
    for (size_t i = 0; i < r->allowed_count && !found; i++)
        found = eki_prefix_contains(r->allowed[i], source);
    return found;
}

static enum eki_error next_datagrams(struct eki_analysis *a, size_t *ret_count, struct eki_fault *ret_fault)
{
    struct eki_running *r = a->running;
    struct eki_log_datagram datagram;
    size_t count = 0, entries;
    enum eki_error error = EKI_OK;
    for (bool got = true; got && !error && count < DATAGRAMS; count += got) {
        error = eki_receiver_next(r->receiver, &datagram, &got, ret_fault);
        if (error || !got) break;
        if (is_allowed(r, datagram.source))
            eki_log_take_datagram(r->log, &datagram);
        else
            eki_log_refuse_datagram(r->log, &datagram);
    }
    *ret_count = count;
    enum eki_error taken = count ? next_entries(a, &entries, ret_fault) : EKI_OK;
    return error ? error : taken;
}

enum eki_error eki_analysis_next(struct eki_analysis *a, size_t *ret_count, struct eki_fault *ret_fault)
{
    size_t count = 0;
    struct eki_running *r = a->running;
    enum eki_error error = EKI_OK;
    if (r && r->capture) error = next_packets(a, &count, ret_fault);
    if (r && r->receiver)
        error = next_datagrams(a, &count, ret_fault);
    else if (r && r->log)
        error = next_entries(a, &count, ret_fault);
    *ret_count = count;
    return error ? error : a->error;
}

void eki_analysis_idle(struct eki_analysis *a, eki_time idle)
{
    if (a->feed) eki_log_feed_idle(a->feed, idle, LOG_HOLD);
}

enum eki_waiting eki_analysis_waiting(const struct eki_analysis *a)
{
    const struct eki_running *r = a->running;
    if ((r && r->receives) || (a->feed && eki_log_feed_held(a->feed))) return EKI_WAITING_RECORDS;
    return eki_pending_held(a->pending) ? EKI_WAITING_OUTCOMES : EKI_WAITING_NOTHING;
}

uint64_t eki_analysis_taken(const struct eki_analysis *a)
{
    return a->running ? a->running->taken : 0;
}

uint64_t eki_analysis_bytes(const struct eki_analysis *a)
{
    return a->running ? a->inputs[a->running->index].bytes : 0;
}

uint64_t eki_analysis_missing(const struct eki_analysis *a)
{
    return a->running ? a->inputs[a->running->index].missing : 0;
}

int eki_analysis_descriptor(const struct eki_analysis *a)
{
    const struct eki_running *r = a->running;
    if (r && r->receiver) return eki_receiver_descriptor(r->receiver);
    return r && r->capture ? eki_capture_descriptor(r->capture) : -1;
}

struct eki_capture_loss eki_analysis_losses(const struct eki_analysis *a)
{
    const struct eki_running *r = a->running;
    if (r && r->receiver) return eki_receiver_losses(r->receiver);
    return r && r->capture ? eki_capture_losses(r->capture) : (struct eki_capture_loss){0};
}

enum eki_error eki_analysis_close(struct eki_analysis *a)
{
    struct eki_running *r = a->running;
    if (!r) return EKI_OK;
    if (r->log && r->receives) {
        size_t count;
        eki_log_end_datagrams(r->log);
        eki_analysis_note(a, next_entries(a, &count, NULL));
    }
    eki_analysis_emit_input(a, &a->inputs[r->index]);
    eki_analysis_drop_input(a);
    return a->error;
}

void eki_analysis_drop_input(struct eki_analysis *a)
{
    struct eki_running *r = a->running;
    if (!r) return;
    eki_log_close(r->log);
    eki_capture_close(r->capture);
    eki_receiver_close(r->receiver);
    eki_free(r->allowed);
    eki_free(r);
    a->running = NULL;
}
