/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a job goes into the store: all of it or nothing, and again when the store was away. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/evidence.h"
#include "web/job.h"
#include "web/results.h"
#include "web/rule.h"
#include "web/show.h"

/* How often and how long apart it is tried while the store is away: ten minutes, longer than a PostgreSQL
 * takes to restart. Then the job stays "running" and is begun anew by the next start of the program. */
enum { TRIES = 300, PAUSE_MS = 2000, KEPT_CLASS = 4, RULE_TRIES = 3 };

static void fill_state(struct eki_job *job, struct eki_store_job *row, int64_t now)
{
    bool again = job->error == EKI_ERROR_STOPPED && !job->cancelled; /* the program ends */
    row->state = again ? "queued" : job->cancelled ? "cancelled" : job->error ? "failed" : "done";
    row->message = again ? "begun anew after a restart" : job->message;
    if (again && row->attempts) row->attempts--;
    row->ended = again ? 0 : now;
    row->progress = again ? 0 : job->error ? row->progress : 1;
    if (!job->error && row->size_bytes) row->done_bytes = row->size_bytes;
}

/* What form a file has is known once it was read. False when the row says so already. */
static bool note_form(const struct eki_job *job, size_t number, struct eki_store_input *input)
{
    const char *form = job->forms ? job->forms[number] : NULL;
    if (!form || !strcmp(input->form, form)) return false;
    input->form = form;
    return true;
}

/* Samples and the like are not kept once they were looked at (catalogue/handling.yaml: classes 1 to 3 ask for
 * what this program does not have: a permit, an isolated place, encrypted archives). */
static enum eki_error drop_samples(struct eki_job *job, struct eki_store_work *work, bool files)
{
    json_t *parameters = json_loads(job->row.parameters, 0, NULL);
    const json_t *ids = json_object_get(parameters, "inputs");
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < json_array_size(ids) && !error; i++) {
        char path[4096];
        struct eki_store_input input;
        error = eki_store_get(work, &input, json_integer_value(json_array_get(ids, i)));
        bool holds = false;
        if (!error) error = eki_evidence_holds(work, input.id, &holds);
        if (error) continue;
        bool drops = input.handling_class < KEPT_CLASS && !holds;
        if (files) {
            if (drops && eki_web_path(job->web, "inputs", input.path, path)) unlink(path);
        } else if (note_form(job, i, &input) | (drops && input.kept)) {
            input.kept = input.kept && !drops;
            error = eki_store_change(work, &input);
        }
    }
    json_decref(parameters);
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}

static void tell_outbreaks(struct eki_job *job, struct eki_store_work *work, int64_t analysis)
{
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "analysis", .number = (double)analysis}}};
    if (eki_store_list(work, &query, &rows, &page)) return;
    for (size_t i = 0; i < page.count; i++) eki_web_tell(job->web, "outbreak", eki_show_outbreak(&rows[i]));
}

/* Tells those who listen, once it is settled. */
static void tell(struct eki_job *job, int64_t analysis)
{
    struct eki_store_work *work;
    struct eki_store_job row;
    struct eki_store_analysis found;
    if (eki_store_begin(job->web->options.store, NULL, &work, NULL)) return;
    if (!eki_store_get(work, &row, job->row.id))
        eki_web_tell(job->web, "job", eki_show_job(work, &row, eki_web_now(job->web)));
    if (analysis && !eki_store_get(work, &found, analysis)) {
        eki_web_tell(job->web, "analysis", eki_show_analysis(&found));
        tell_outbreaks(job, work, analysis);
        (void)!drop_samples(job, work, true);
    }
    eki_store_end(work);
}

static enum eki_error settle(struct eki_job *job, struct eki_store_work *work,
                             const struct eki_store_act *act, int64_t *ret_analysis)
{
    struct eki_store_job row;
    struct eki_store_analysis analysis = {0};
    struct eki_store_keeping keeping = {
        .job = job->row.id, .title = job->row.title, .facts_path = job->facts_path};
    enum eki_error error = eki_store_get(work, &row, job->row.id);
    if (error) return error;
    if (strcmp(row.state, "running") != 0) return EKI_ERROR_MISSING; /* cancelled meanwhile */
    row.done_bytes = job->row.done_bytes;
    row.size_bytes = job->row.size_bytes;
    row.progress = job->row.progress;
    fill_state(job, &row, act->at);
    bool simulated = !strcmp(job->row.kind, "simulate");
    job->simulation.created = act->at;
    if (!job->error)
        error = simulated ? eki_store_add(work, &job->simulation)
                          : eki_store_keep_result(work, &keeping, &job->result, &analysis);
    if (!error && !job->error) error = drop_samples(job, work, false);
    if (!error && analysis.id && !job->without_rule) {
        error = eki_web_rule_apply(job->web, work, act, analysis.id, &job->applied);
        if (error && !eki_web_may_pass(error)) job->without_rule = ++job->rule_tries == RULE_TRIES;
    }
    if (!error) error = eki_store_change(work, &row);
    if (!error) error = eki_store_commit(work);
    *ret_analysis = analysis.id;
    return error;
}

static enum eki_error try_settle(struct eki_job *job, int64_t *ret_analysis)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    struct eki_store_act act = {.at = eki_web_now(job->web), .account = job->row.account, .who = "worker"};
    enum eki_error error = eki_store_begin(job->web->options.store, &act, &work, &fault);
    if (error) return error;
    error = settle(job, work, &act, ret_analysis);
    if (error && error != EKI_ERROR_MISSING)
        eki_web_note(job->web, "error", "job %lld cannot be settled: %s: %.150s", (long long)job->row.id,
                     eki_error_text(error), eki_store_why(work)->what);
    eki_store_end(work);
    return error;
}

static void count(struct eki_job *job)
{
    struct eki_metrics *metrics = &job->web->metrics;
    if (job->error == EKI_ERROR_STOPPED) return;
    atomic_fetch_add(job->error ? &metrics->jobs_failed : &metrics->jobs_done, 1);
}

void eki_job_settle(struct eki_job *job)
{
    int64_t analysis = 0;
    enum eki_error error = EKI_OK;
    if (job->error == EKI_ERROR_STOPPED) job->message[0] = 0;
    for (int i = 0; i < TRIES; i++) {
        unsigned before = job->rule_tries;
        eki_case_rule_done(&job->applied);
        error = try_settle(job, &analysis);
        if (job->rule_tries != before) continue; /* a person may have changed the same case */
        if (!eki_web_may_pass(error) || job->web->worker.closed) break;
        poll(NULL, 0, PAUSE_MS);
    }
    if (error && !job->error) {
        eki_results_remove(job->web, job->facts_path);
        if (!eki_web_may_pass(error) && error != EKI_ERROR_MISSING) {
            job->error = error; /* the rows are refused: the job says so */
            snprintf(job->message, sizeof job->message, "the result: %s", eki_error_text(error));
            eki_case_rule_done(&job->applied);
            error = try_settle(job, &analysis);
        }
    }
    count(job);
    if (!error) tell(job, analysis);
    if (!error) eki_web_rule_tell(job->web, &job->applied);
    eki_case_rule_done(&job->applied);
}
