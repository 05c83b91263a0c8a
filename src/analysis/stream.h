/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_STREAM_H
#define EKI_ANALYSIS_STREAM_H
/*
 * One input as it is read: a capture or a log, told from its first bytes, fed to the stages piece by piece,
 * so that several can be read side by side in the order of time.
 *
 *     struct eki_stream stream;
 *     error = eki_stream_open(&stream, analysis, &source);
 *     while (!error && !stream.ended) eki_stream_take(&stream, EKI_TIME_LATEST);
 *     error = eki_stream_close(&stream, &fault);         in every case
 */
#include "analysis/entries.h"
#include "analysis/pipeline.h"
#include "analysis/state.h"
#include "ekigaku/log.h"

struct eki_stream {
    struct eki_analysis *analysis;
    size_t index;    /* in inputs[] */
    bool added;      /* it stands there */
    bool from_lines; /* contact lines, which are read as one piece at their turn */
    const char *path;
    eki_time offset; /* added to all its times */
    const char *sensor;
    bool clock_told;
    eki_time head; /* of what comes next; of a log, how far it was read */
    bool ended;
    enum eki_error error;
    struct eki_fault fault;

    struct eki_capture *capture;
    struct eki_pipeline *pipeline;
    struct eki_batch *batch;
    size_t at;          /* in the batch */
    eki_time last_time; /* of the packet before */
    uint64_t flows, duplicates;

    struct eki_log *log;
    struct eki_entries *entries;
    uint64_t file_number; /* of its signs */
};

/* Opens and reads the first piece. An error is kept: the stream has ended then, and close tells it. */
void eki_stream_open(struct eki_stream *ret_stream, struct eki_analysis *analysis,
                     const struct eki_analysis_source *source);

/* Feeds what comes next: packets up to `until`, at least one; of a log what was read. Then reads on. */
void eki_stream_take(struct eki_stream *stream, eki_time until);

/* Bytes read and size, as eki_capture_progress; packets or conversations so far. */
void eki_stream_progress(const struct eki_stream *stream, uint64_t *ret_done, uint64_t *ret_size,
                         uint64_t *ret_items);

/* Writes the entry in inputs[]; frees everything. Returns the error of the stream, with its place. */
enum eki_error eki_stream_close(struct eki_stream *stream, struct eki_fault *ret_fault);

struct eki_source;
/* What an open source holds, told from its first bytes; a slow pipe is asked for no more than tells it. */
enum eki_kind { EKI_KIND_CAPTURE, EKI_KIND_CONTACTS, EKI_KIND_LOG };
/* Fills its window as far as it takes to tell; EKI_KIND_CAPTURE when it is none, so that the reader says what
 * is wrong. */
enum eki_kind eki_analysis_kind_of(struct eki_source *source);

/* A packet whose time lies days from both its neighbours', which agree, is dated wrongly: one such date would
 * end every conversation and empty every hold. It is taken as of the packet before it.
 * `last` is the time of the packet before these, EKI_TIME_NONE for none, and becomes that of the last. */
void eki_analysis_mend_times(struct eki_analysis *analysis, eki_time *last, struct eki_packet *packets,
                             size_t count);

#endif
