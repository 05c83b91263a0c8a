/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_ENTRIES_H
#define EKI_ANALYSIS_ENTRIES_H
/*
 * Entries of a log, piece by piece, in its order: read by the caller's thread, or ahead (see read_ahead.h).
 * The pieces are the same either way, so everything after them is too.
 *
 *     struct eki_entries *entries;
 *     eki_entries_new(log, true, relay, &entries);
 *     const struct eki_entries_piece *piece;
 *     do piece = eki_entries_next(entries), use(piece); while (piece->batch.count && !piece->error);
 *     eki_entries_free(entries);
 */
#include "analysis/relay.h"
#include "contact/log_format.h"

struct eki_entries_piece {
    struct eki_log_batch batch; /* count 0: the end */
    enum eki_error error;
    struct eki_fault fault;
    eki_time last;              /* of all that was read so far, EKI_TIME_NONE: nothing was dated */
    uint64_t done, size, flows; /* as eki_log_progress; conversations so far */
    struct eki_log_room room;   /* where the entries stand */
};

struct eki_entries;

/* The log stays the caller's, outlives the pieces and is not used meanwhile. `ahead` must not be asked for
 * with a log that keeps a reader waiting, as a pipe does; the helper reads then, or without one a thread;
 * when none can be had, the caller does. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_entries_new(struct eki_log *log, bool ahead, struct eki_relay *helper,
                                            struct eki_entries **ret_entries);

/* The next piece, good until the next call. Not to be called after the last. */
const struct eki_entries_piece *eki_entries_next(struct eki_entries *entries);

/* The piece that eki_entries_next gave last, NULL before. */
const struct eki_entries_piece *eki_entries_last(const struct eki_entries *entries);

/* Ends the reading. NULL is allowed. */
void eki_entries_free(struct eki_entries *entries);

#endif
