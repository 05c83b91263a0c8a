/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DEADLINE_H
#define EKIGAKU_DEADLINE_H
/*
 * The clocks of a case: until when somebody must be told, counted from when the team knew.
 *
 * Journey: a profile is a set of clocks. Three come along: the desk's own promise, NIS2, and Japan's law on
 * personal data; they cannot be changed. A team adds profiles of its own, with steps of so many hours
 * (eki_deadline_keep). Which profiles run is chosen for the desk, or otherwise for one case
 * (eki_deadline_choose). eki_case_deadlines() reads the case and its timeline and gives the clocks that run;
 * eki_case_deadline_met() writes into the timeline that one was kept. Whether a law applies to an
 * organisation is a lawyer's question: the clocks only say when they would run out.
 *
 *     error = eki_case_deadlines(work, of_case, clocks, &count);
 *     for (size_t i = 0; i < count; i++) show(clocks[i].id, clocks[i].due, clocks[i].met);
 *
 * Errors are those of the work (ekigaku/store.h); with EKI_ERROR_ARGUMENT and _CONFLICT the fault says why.
 * Times are microseconds since 1970; 0 means never. A thread has one work.
 */
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

enum {
    EKI_DEADLINE_PROFILES = 10, /* of one's own: more and nobody knows which one counts */
    EKI_DEADLINE_STEPS = 12,    /* of each */
    EKI_DEADLINE_HOURS = 87600, /* most: ten years */
    EKI_DEADLINE_TITLE = 200,   /* bytes */
    EKI_DEADLINE_NAME = 40,     /* bytes with the NUL, of a profile or a step */
    EKI_DEADLINE_SHIPPED = 6,   /* clocks that come along */
    EKI_DEADLINES = EKI_DEADLINE_SHIPPED + EKI_DEADLINE_PROFILES * EKI_DEADLINE_STEPS
};

/* A clock of a profile. Texts that come along are static, others live as long as the work. */
struct eki_deadline_rule {
    const char *id;      /* "nis2-notification": stable, for tags and texts */
    const char *profile; /* "own", "nis2", "appi", or one's own */
    const char *title;   /* English where it came along, else as it was written */
    const char *source;  /* where the time comes from */
    int64_t after;       /* microseconds from when the team knew; 0 when months count */
    unsigned months;
    bool shipped, on; /* came along; runs where the case did not choose otherwise */
};

/* All clocks of all profiles, those that came along first. O(steps log steps). */
EKI_MUST_USE enum eki_error eki_deadline_rules(struct eki_store_work *work,
                                               struct eki_deadline_rule ret_rules[EKI_DEADLINES],
                                               size_t *ret_count);

/* A step of a profile of one's own. */
struct eki_deadline_step {
    const char *name;  /* letters a to z, digits, "-"; begins with a letter */
    const char *title; /* what is to be done until then; one line */
    int64_t hours;     /* from when the team knew: 1 to EKI_DEADLINE_HOURS */
};

struct eki_deadline_profile {
    const char *name; /* as that of a step */
    const struct eki_deadline_step *steps;
    size_t count; /* 1 to EKI_DEADLINE_STEPS */
};

/* Makes a profile of one's own, or replaces its steps. EKI_ERROR_ARGUMENT for a name, step or number of them
 * that is none, or twice the same step; _CONFLICT for a profile that came along, or when there are
 * EKI_DEADLINE_PROFILES. O(steps). */
EKI_MUST_USE enum eki_error eki_deadline_keep(struct eki_store_work *work, const struct eki_store_act *act,
                                              const struct eki_deadline_profile *profile,
                                              struct eki_fault *ret_fault);

/* Removes one of one's own. EKI_ERROR_MISSING, _CONFLICT for one that came along. O(steps). */
EKI_MUST_USE enum eki_error eki_deadline_drop(struct eki_store_work *work, const char *profile,
                                              struct eki_fault *ret_fault);

/* Chooses which profiles run: names with blanks between, "-" for none, "" for what holds otherwise (of a
 * case: the desk's choice; of the desk, of_case 0: all of them). EKI_ERROR_MISSING for another case,
 * _ARGUMENT for a profile that there is not, _CONFLICT when the case was merged. O(names * steps). */
EKI_MUST_USE enum eki_error eki_deadline_choose(struct eki_store_work *work, const struct eki_store_act *act,
                                                int64_t of_case, const char *profiles,
                                                struct eki_fault *ret_fault);

struct eki_deadline {
    const char *id, *profile, *title, *source; /* of its rule */
    int64_t due, met;                          /* met: when the timeline says that it was kept; 0 not yet */
};

/* The clocks of a case, in order of time. `ret_clocks` has room for EKI_DEADLINES. EKI_ERROR_MISSING.
 * O(clocks * entries). */
EKI_MUST_USE enum eki_error eki_case_deadlines(struct eki_store_work *work, int64_t of_case,
                                               struct eki_deadline ret_clocks[EKI_DEADLINES],
                                               size_t *ret_count);

/* Writes into the timeline that a deadline was kept at the act's time. EKI_ERROR_MISSING for another case or
 * id, _CONFLICT when it was kept already or the case was merged. */
EKI_MUST_USE enum eki_error eki_case_deadline_met(struct eki_store_work *work,
                                                  const struct eki_store_act *act, int64_t of_case,
                                                  const char *id, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
