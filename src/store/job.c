/* SPDX-License-Identifier: Apache-2.0 */
#include "store/work.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_job, id, INTEGER),         EKI_WORD(eki_store_job, kind, EKI_OPEN),
    EKI_LINE(eki_store_job, title, EKI_SEARCHED),   EKI_WHOLE(eki_store_job, parameters, EKI_OPEN),
    EKI_WORD(eki_store_job, state, EKI_OPEN),       EKI_COLUMN(eki_store_job, progress, REAL),
    EKI_COLUMN(eki_store_job, done_bytes, INTEGER), EKI_COLUMN(eki_store_job, size_bytes, INTEGER),
    EKI_LINE(eki_store_job, message, EKI_OPEN),     EKI_COLUMN(eki_store_job, account, REFERENCE),
    EKI_COLUMN(eki_store_job, created, INTEGER),    EKI_COLUMN(eki_store_job, started, INTEGER),
    EKI_COLUMN(eki_store_job, ended, INTEGER),      EKI_COLUMN(eki_store_job, attempts, INTEGER),
};

const struct eki_table eki_table_job = {
    .name = "job",
    EKI_TABLE_OF(eki_store_job, columns),
};

enum eki_error eki_store_claim_job(struct eki_store_work *work, struct eki_store_job *ret_job)
{
    const struct eki_store_query oldest = {.where = {{.column = "state", .text = "queued"}}, .limit = 1};
    struct eki_store_job *jobs;
    struct eki_store_page page;
    enum eki_error error = eki_work_ready(work, true);
    if (!error) error = eki_store_list(work, &oldest, &jobs, &page);
    if (error) return error;
    if (!page.count) return eki_fault_set(&work->fault, EKI_ERROR_MISSING, 0, "no job is queued");
    jobs->state = "running";
    jobs->started = work->act.at;
    jobs->attempts++;
    error = eki_store_change(work, jobs);
    if (!error) *ret_job = *jobs;
    return error;
}

enum eki_error eki_store_tell_job(struct eki_store_work *work, const struct eki_store_job *job)
{
    enum eki_error error = eki_work_ready(work, true);
    if (!error) error = eki_table_validate(&eki_table_job, job, &work->fault);
    if (error) return eki_work_fail(work, error);
    struct eki_sql sql = eki_work_sql(work);
    uint64_t changed = 0;
    eki_sql_put(&sql, "UPDATE job SET progress = ?, done_bytes = ?, size_bytes = ?, message = ? "
                      "WHERE id = ? AND state = 'running'");
    eki_sql_value(&sql, (struct eki_value){.kind = EKI_VALUE_REAL, .real = job->progress});
    eki_sql_integer(&sql, job->done_bytes);
    eki_sql_integer(&sql, job->size_bytes);
    eki_sql_text(&sql, job->message ? job->message : "");
    eki_sql_integer(&sql, job->id);
    error = eki_work_run(work, &sql, NULL, NULL, &changed);
    if (error || changed) return error;
    return eki_fault_set(&work->fault, EKI_ERROR_MISSING, 0, "the job is not running");
}

enum eki_error eki_store_recover_jobs(struct eki_store_work *work, unsigned most, uint64_t *ret_queued,
                                      uint64_t *ret_failed)
{
    const struct eki_store_query running = {.where = {{.column = "state", .text = "running"}},
                                            .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_job *jobs;
    struct eki_store_page page;
    uint64_t queued = 0;
    enum eki_error error = eki_work_ready(work, true);
    if (!error) error = eki_store_list(work, &running, &jobs, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count && !error; i++) {
        bool again = jobs[i].attempts < most;
        jobs[i].state = again ? "queued" : "failed";
        jobs[i].progress = again ? 0 : jobs[i].progress;
        jobs[i].message =
            again ? "begun again after a restart" : "the program ended while it ran, again and again";
        if (!again) jobs[i].ended = work->act.at;
        queued += again;
        error = eki_store_change(work, &jobs[i]);
    }
    if (error) return error;
    *ret_queued = queued;
    *ret_failed = page.count - queued;
    return EKI_OK;
}
