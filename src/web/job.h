/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_JOB_H
#define EKI_WEB_JOB_H
/* One job from the moment it is claimed: played, then settled in the store in one step with what it found. */
#include <stdbool.h>

#include "base/arena.h"
#include "ekigaku/store.h"
#include "ekigaku/case_rule.h"
#include "web/web.h"

struct eki_job {
    struct eki_web *web;
    struct eki_store_job row; /* its texts are in the arena */
    struct eki_arena arena;
    const volatile int *stop;
    bool cancelled;
    enum eki_error error;
    char message[300];             /* why it failed, or what is to be known of the result */
    uint64_t told;                 /* ticks of the last word of progress */
    struct eki_analysis *analysis; /* what was found; its result is valid until eki_job_done */
    struct eki_result result;      /* the same with the names that people gave the inputs */
    struct eki_probes *probes;     /* NULL when they could not be kept */
    const char **forms;            /* of its inputs, as the analysis told them; NULL where it did not */
    char facts_path[80];
    struct eki_store_simulation simulation; /* of a simulation job */
    struct eki_case_rule_outcome applied;   /* cases that its result changed */
    unsigned rule_tries;                    /* that failed: of several at once, one may pass */
    bool without_rule;                      /* the rule cannot be applied: the result is kept all the same */
};

/* Copies the texts of job->row. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_job_copy(struct eki_job *job);

/* Plays it to its end or until it is stopped; what came of it is in the job. */
void eki_job_play(struct eki_job *job);

/* The same for a simulation; the parameters are the job's. */
void eki_job_simulate(struct eki_job *job, const json_t *parameters);

/* Writes what came of it: rows of the result and the state of the job in one step. */
void eki_job_settle(struct eki_job *job);

/* Says how far it is: in the store at most once a second, and to those who listen. */
void eki_job_progress(struct eki_job *job, uint64_t done, uint64_t size);

/* Frees what it holds. */
void eki_job_done(struct eki_job *job);

/* A job as the API shows it, with what is left in seconds; the work finds what it led to. NULL without
 * memory. */
json_t *eki_show_job(struct eki_store_work *work, const struct eki_store_job *job, int64_t now);

#endif
