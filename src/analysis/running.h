/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_RUNNING_H
#define EKI_ANALYSIS_RUNNING_H
/* The input that is open while the analysis runs (see ekigaku/watch.h); running_feed.c has the calls. */
#include "analysis/state.h"
#include "ekigaku/log.h"

struct eki_log_feed;
struct eki_receiver;

struct eki_running {
    struct eki_capture *capture; /* one of both, or none: contact lines are read when they are opened */
    struct eki_log *log;
    size_t index;          /* in inputs[] */
    uint64_t flows_before; /* of the flow table when the input was opened */
    uint64_t taken;        /* records so far, in all runs */
    uint64_t skip;         /* entries of the log still to be passed over */
    bool live;
    bool receives;                 /* the log's records come over a socket */
    struct eki_receiver *receiver; /* NULL: not open yet, after a restart */
    struct eki_prefix *allowed;    /* who may send them; none: everybody */
    size_t allowed_count;
};

/* entries of logs on their way into the order of time and on: of one log after the other, since a
 * conversation that began while one was written may stand in the next. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_log_feed_new(struct eki_analysis *analysis, struct eki_log_feed **ret_feed);

/* takes the entries of a batch, without the first `skip`, and hands on what began `hold` or more before the
 * newest. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_log_feed_take(struct eki_log_feed *feed, const struct eki_log_batch *batch,
                                              size_t skip, uint16_t input, eki_time hold);

/* hands on what began `hold` or more before the newest entry; 0: everything. */
void eki_log_feed_release(struct eki_log_feed *feed, eki_time hold);

/* the clock went on by `idle` without an entry: hands on what began `hold` before that. */
void eki_log_feed_idle(struct eki_log_feed *feed, eki_time idle, eki_time hold);

/* how many entries wait. */
size_t eki_log_feed_held(const struct eki_log_feed *feed);

/* how many came too late to be put in order. NULL is allowed. */
uint64_t eki_log_feed_late(const struct eki_log_feed *feed);

/* NULL is allowed. */
void eki_log_feed_free(struct eki_log_feed *feed);

struct eki_archive;
/* written out, or read into one that is new: see base/archive.h. */
void eki_log_feed_archive(struct eki_log_feed *feed, struct eki_archive *archive);

/* one batch of an input through all stages, its packets' dates mended. */
void eki_analysis_take(struct eki_analysis *analysis, struct eki_packet *packets, size_t count,
                       uint16_t input);

/* keep what the reader counted, under names that live as long as the analysis. */
void eki_analysis_count_capture(struct eki_analysis *analysis, size_t index, const struct eki_input *counted,
                                uint64_t flows);
EKI_MUST_USE enum eki_error eki_analysis_count_log(struct eki_analysis *analysis, size_t index,
                                                   const struct eki_input *counted);

struct eki_source;
/* A new entry in inputs[] for a path; on an error a source, when there is one, is closed. */
EKI_MUST_USE enum eki_error eki_analysis_begin_input(struct eki_analysis *analysis, const char *path,
                                                     struct eki_source *source, struct eki_fault *ret_fault);

#endif
