/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DEADLINE_H
#define EKIGAKU_DEADLINE_H
/*
 * The clocks of a case: until when somebody must be told, counted from when the team knew.
 *
 * Journey: eki_case_deadlines() reads the case and its timeline and gives all clocks of the profiles that the
 * desk keeps (setting "deadline-profiles", words with blanks between; all of them when it was never chosen);
 * eki_case_deadline_met() writes into the timeline that one was kept. Whether a law applies to an
 * organisation is a lawyer's question: the clocks only say when they would run out.
 *
 *     error = eki_case_deadlines(work, of_case, clocks, &count);
 *     for (size_t i = 0; i < count; i++) show(clocks[i].id, clocks[i].due, clocks[i].met);
 *
 * Errors are those of the work (ekigaku/store.h). Times are microseconds since 1970; 0 means never.
 */
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

enum { EKI_DEADLINES = 6 }; /* clocks of all profiles together */

struct eki_deadline {
    const char *id;      /* "nis2-notification": stable, for settings, tags and texts */
    const char *profile; /* "own", "nis2", "appi" */
    const char *title;   /* English, for people */
    const char *source;  /* where the time comes from */
    int64_t due, met;    /* met: when the timeline says that it was kept; 0 not yet */
};

/* The clocks of a case, in order of time. `ret_clocks` has room for EKI_DEADLINES. EKI_ERROR_MISSING.
 * O(entries).
 */
EKI_MUST_USE enum eki_error eki_case_deadlines(struct eki_store_work *work, int64_t of_case,
                                               struct eki_deadline ret_clocks[EKI_DEADLINES],
                                               size_t *ret_count);

/* Writes into the timeline that a deadline was kept at the act's time. EKI_ERROR_MISSING for another case or
 * id, _CONFLICT when it was kept already. */
EKI_MUST_USE enum eki_error eki_case_deadline_met(struct eki_store_work *work,
                                                  const struct eki_store_act *act, int64_t of_case,
                                                  const char *id);

#pragma GCC visibility pop

#endif
