/* SPDX-License-Identifier: Apache-2.0 */
/* Several inputs side by side, in the order of time; one alone is the simple case of it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/clock.h"
#include "analysis/sorter.h"
#include "analysis/stream.h"
#include "analysis/twice.h"
#include "base/memory.h"

/* Progress is told once in so many turns, of a batch or a run each. */
enum { PROGRESS_TURNS = 1 << 10 };

/* Beside packets, logs are read this far ahead: most conversations have been written by then. */
#define AHEAD (300 * EKI_SECOND)
/* Contacts of packets come out a hold late; entries of logs wait as long, and are let go once a second. */
#define BEHIND (2 * EKI_CONTACT_HOLD)

struct queued {
    struct eki_analysis_source source;
    eki_time first; /* EKI_TIME_NONE: not known, opened at once */
    size_t given;
};

struct merge {
    struct eki_analysis *analysis;
    struct queued *queue;
    size_t count, opened; /* of the queue */
    struct eki_stream **active;
    size_t active_count;
    bool has_packets, has_logs;
    eki_time released;
    uint64_t turns, items_before, bytes_before, bytes_size;
    enum eki_error refused; /* a filter that does not compile */
    struct eki_fault fault;
};

static eki_time first_entry(const char *path, const char *format)
{
    struct eki_log *log;
    struct eki_log_batch batch;
    struct eki_log_options options = {.format = format};
    eki_time first = EKI_TIME_NONE;
    if (eki_log_open(path, &options, &log, NULL)) return first;
    if (!eki_log_read(log, &batch) && batch.count) first = eki_log_input(log)->first;
    eki_log_close(log);
    return first;
}

static eki_time first_packet(const char *path)
{
    struct eki_capture *capture;
    struct eki_packet packet;
    size_t count = 0;
    if (eki_capture_open(path, NULL, &capture, NULL)) return first_entry(path, NULL);
    enum eki_error error = eki_capture_read(capture, &packet, 1, &count, NULL);
    eki_capture_close(capture);
    return count && !error ? packet.time : EKI_TIME_NONE;
}

/* A pipe or device would lose what is read from it here. */
static eki_time first_of(const struct eki_analysis_source *source)
{
    struct stat status;
    eki_time first = EKI_TIME_NONE;
    if (!strcmp(source->path, "-") || stat(source->path, &status) || !S_ISREG(status.st_mode)) return first;
    if (!source->format)
        first = first_packet(source->path);
    else if (strcmp(source->format, "contacts"))
        first = first_entry(source->path, source->format);
    return first == EKI_TIME_NONE ? first : eki_time_clamp(first + source->offset);
}

static int by_first(const void *a, const void *b)
{
    const struct queued *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return (x->given > y->given) - (x->given < y->given);
}

static uint64_t size_of(const char *path)
{
    struct stat status;
    return strcmp(path, "-") && !stat(path, &status) && S_ISREG(status.st_mode) ? (uint64_t)status.st_size
                                                                                : 0;
}

static enum eki_error fill_queue(struct merge *m, const struct eki_analysis_source *sources)
{
    m->queue = eki_allocate(m->count + 1, sizeof *m->queue);
    m->active = eki_allocate(m->count + 1, sizeof *m->active);
    if (!m->queue || !m->active) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < m->count; i++) {
        m->queue[i] = (struct queued){.source = sources[i], .first = EKI_TIME_NONE, .given = i};
        m->bytes_size += size_of(sources[i].path);
    }
    enum eki_error error =
        eki_clock_align(m->analysis, m->queue ? &m->queue->source : NULL, m->count, sizeof *m->queue);
    if (error || m->count < 2) return error;
    for (size_t i = 0; i < m->count; i++) m->queue[i].first = first_of(&m->queue[i].source);
    qsort(m->queue, m->count, sizeof *m->queue, by_first);
    return EKI_OK;
}

static void close_stream(struct merge *m, size_t position)
{
    struct eki_stream *s = m->active[position];
    struct eki_fault fault = {0};
    uint64_t done, size, items;
    eki_stream_progress(s, &done, &size, &items);
    m->bytes_before += done;
    m->items_before += items;
    enum eki_error error = eki_stream_close(s, &fault);
    if (error == EKI_ERROR_ARGUMENT && !m->refused) {
        m->refused = error;
        m->fault = fault;
    }
    eki_free(s);
    m->active[position] = m->active[--m->active_count];
}

static enum eki_error open_next(struct merge *m)
{
    struct eki_stream *s = eki_allocate(1, sizeof *s);
    if (!s) return EKI_ERROR_MEMORY;
    eki_stream_open(s, m->analysis, &m->queue[m->opened++].source);
    m->active[m->active_count++] = s;
    m->has_packets |= s->capture != NULL;
    m->has_logs |= s->log != NULL;
    return EKI_OK;
}

/* When it is a stream's turn: a log is read ahead of packets. */
static eki_time turn_of(const struct merge *m, const struct eki_stream *s)
{
    bool ahead = s->log && m->has_packets && s->head != EKI_TIME_NONE && s->head != INT64_MAX;
    if (!ahead) return s->head;
    /* A busy log would fill the order with what is not due yet, and push it out too early. */
    return s->head - (eki_sorter_is_half_full(m->analysis) ? 0 : AHEAD);
}

/* The stream whose turn it is; *ret_until is when the next one's comes. */
static size_t choose(const struct merge *m, eki_time *ret_until)
{
    size_t best = 0;
    eki_time until = m->opened < m->count ? m->queue[m->opened].first : INT64_MAX;
    for (size_t i = 1; i < m->active_count; i++) {
        eki_time turn = turn_of(m, m->active[i]), best_turn = turn_of(m, m->active[best]);
        bool sooner = turn < best_turn || (turn == best_turn && m->active[i]->index < m->active[best]->index);
        eki_time other = sooner ? best_turn : turn;
        if (other < until) until = other;
        if (sooner) best = i;
    }
    *ret_until = until;
    return best;
}

static void release_logs(struct merge *m, eki_time now)
{
    if (!m->has_logs || !m->has_packets || now == EKI_TIME_NONE || now == INT64_MAX) return;
    if (m->released != EKI_TIME_NONE && now < m->released + EKI_SECOND) return;
    m->released = now;
    eki_sorter_release(m->analysis, now - BEHIND);
}

static void tell_progress(struct merge *m)
{
    const struct eki_analysis_options *o = &m->analysis->options;
    uint64_t done, size, items;
    if (!o->progress || ++m->turns % PROGRESS_TURNS) return;
    uint64_t bytes = m->bytes_before, all = m->items_before;
    for (size_t i = 0; i < m->active_count; i++) {
        eki_stream_progress(m->active[i], &done, &size, &items);
        bytes += done;
        all += items;
    }
    o->progress(o->progress_user, bytes, m->bytes_size, all);
}

static void take_turn(struct merge *m)
{
    eki_time until;
    size_t best = choose(m, &until);
    struct eki_stream *s = m->active[best];
    if (!s->ended) {
        if (s->capture) release_logs(m, s->head);
        eki_stream_take(s, until);
        tell_progress(m);
    }
    if (s->ended) close_stream(m, best);
}

static bool goes_on(const struct merge *m)
{
    const struct eki_analysis *a = m->analysis;
    return !a->stopped && !a->error && !m->refused && (m->active_count || m->opened < m->count);
}

/* Does the next of the queue begin before all that is open goes on? */
static bool is_due(const struct merge *m)
{
    eki_time least = INT64_MAX;
    if (m->opened == m->count) return false;
    for (size_t i = 0; i < m->active_count; i++) {
        eki_time turn = turn_of(m, m->active[i]);
        if (turn < least) least = turn;
    }
    return !m->active_count || m->queue[m->opened].first <= least;
}

enum eki_error eki_analysis_inputs(struct eki_analysis *a, const struct eki_analysis_source *sources,
                                   size_t count, struct eki_fault *ret_fault)
{
    struct merge m = {.analysis = a, .count = count, .released = EKI_TIME_NONE};
    size_t before = a->input_count;
    if (a->finished) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    enum eki_error error = fill_queue(&m, sources);
    while (!error && goes_on(&m)) {
        while (!error && is_due(&m)) error = open_next(&m);
        if (!error && m.active_count) take_turn(&m);
    }
    while (m.active_count) close_stream(&m, m.active_count - 1);
    /* Packets first: what a log tells again is known then. */
    if (m.has_packets && m.has_logs) eki_pending_finish(a->pending);
    eki_sorter_release(a, EKI_TIME_LATEST);
    for (size_t i = before; i < a->input_count; i++) eki_analysis_emit_input(a, &a->inputs[i]);
    a->result.inputs = a->inputs;
    a->result.input_count = a->input_count;
    eki_free(m.queue);
    eki_free(m.active);
    if (m.refused && ret_fault) *ret_fault = m.fault;
    if (!error) error = m.refused ? m.refused : a->error;
    return !error && a->stopped ? EKI_ERROR_STOPPED : error;
}

/* One input alone: its own error is the answer. */
static enum eki_error read_one(struct eki_analysis *a, const char *path, const char *format,
                               struct eki_fault *ret_fault)
{
    size_t before = a->input_count;
    struct eki_fault fault = {0};
    struct eki_analysis_source source = {.path = path, .format = format};
    enum eki_error error = eki_analysis_inputs(a, &source, 1, &fault);
    bool told = !error && a->input_count > before;
    if (told) fault = a->inputs[a->input_count - 1].fault;
    if (told) error = a->inputs[a->input_count - 1].error;
    if (error && ret_fault) *ret_fault = fault;
    return error;
}

enum eki_error eki_analysis_capture(struct eki_analysis *a, const char *path, struct eki_fault *ret_fault)
{
    return read_one(a, path, "capture", ret_fault);
}

enum eki_error eki_analysis_log(struct eki_analysis *a, const char *path, const char *format,
                                struct eki_fault *ret_fault)
{
    return read_one(a, path, format, ret_fault);
}

enum eki_error eki_analysis_input(struct eki_analysis *a, const char *path, const char *format,
                                  struct eki_fault *ret_fault)
{
    if (format && !strcmp(format, "contacts")) return eki_analysis_contacts(a, path, ret_fault);
    return read_one(a, path, format, ret_fault);
}
