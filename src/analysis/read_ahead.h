/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_READ_AHEAD_H
#define EKI_ANALYSIS_READ_AHEAD_H
/*
 * Pieces of an input, read ahead of their use into a ring of slots, in their order: by a thread of their own,
 * or by the relay's while it has little else to do; when that one is busy, the side that waits reads for
 * itself. What a slot holds is the caller's matter.
 *
 *     struct eki_ahead *ahead;
 *     eki_ahead_new(&(struct eki_ahead_work){read, user, 64, 16}, relay, &ahead);   relay NULL: its own
 * thread do use(slots[eki_ahead_next(ahead)]);                                         until the last one
 *     eki_ahead_free(ahead);                                                        also in the middle
 */
#include "analysis/relay.h"

/* What became of a piece. */
enum eki_ahead_read {
    EKI_AHEAD_MORE = 0,
    EKI_AHEAD_NOW, /* whoever waits shall have it at once: no more is there just now */
    EKI_AHEAD_LAST /* nothing is read after it */
};

struct eki_ahead_work {
    /* Fills a slot; called by one thread at a time, in the order of the pieces. */
    enum eki_ahead_read (*read)(void *user, unsigned slot);
    void *user;
    unsigned slots, group; /* slots change sides in groups: a lock for each would cost more than it hides */
};

struct eki_ahead;

/* The helper must outlive it and not wait for what only its own thread can do. NULL when there is no memory
 * or no thread to be had, or when the helper has another chore: then the caller reads. */
struct eki_ahead *eki_ahead_new(const struct eki_ahead_work *work, struct eki_relay *helper);

/* The next slot, which is the caller's until the next call; waits for it. Not to be called after the last. */
unsigned eki_ahead_next(struct eki_ahead *ahead);

/* Ends the reading. NULL is allowed. */
void eki_ahead_free(struct eki_ahead *ahead);

#endif
