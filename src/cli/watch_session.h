/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_SESSION_H
#define EKI_CLI_WATCH_SESSION_H
/*
 * One run of `ekigaku watch`: takes what comes, looks at the findings when something has changed, tells the
 * news, keeps the state.
 *
 * Entries of a log wait up to five minutes of its time for others that began earlier, contacts three seconds
 * for their outcome. So that nobody waits with them, a look is taken ahead (eki_analysis_look_ahead) while
 * entries wait, or when nothing has come for a moment, as long as what is known is small enough to be copied.
 * A look that is not ahead waits until all that one ahead has shown is there: nothing is told and taken back.
 *
 * A look costs time in which nothing is taken, so the next one comes no sooner than twenty times its cost
 * later: looking takes a twentieth of the time at most.
 */
#include "cli/watch_input.h"
#include "ekigaku/news.h"

struct eki_watch_session {
    const struct eki_watch_request *request;
    const volatile int *stop;
    struct eki_analysis *analysis;
    struct eki_news *news;
    struct eki_watch_input input;
    double next_look, next_figures, next_save, next_status, next_losses; /* seconds of the monotonic clock */
    uint64_t changes, contacts, lost, packets;                           /* as told or looked at last */
    uint64_t memory_told;
    double next_ahead, came;      /* next_ahead: when a copy was too large; came: the last record */
    uint64_t taken, shown, ahead; /* records of this run; those when it was looked at last; contacts that
                                     the last look ahead has judged */
    bool save_failed;
    bool large; /* what is known is too much to be copied */
};

/* The analysis, from the saved state when there is one, and its input; 0, or the exit status after a message
 * on standard error. Needs eki_watch_session_done in any case. */
int eki_watch_session_start(struct eki_watch_session *session, const struct eki_watch_request *request);

/* Runs until *stop becomes non-zero or the input is gone; 0, or the exit status after a message. */
int eki_watch_session_run(struct eki_watch_session *session);

/* Tells what is left, keeps the state, ends the analysis and writes the facts; the exit status. */
int eki_watch_session_finish(struct eki_watch_session *session);

/* Frees everything. */
void eki_watch_session_done(struct eki_watch_session *session);

#endif
