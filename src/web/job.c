/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as the API shows them: made, listed, cancelled. worker.c plays them. */
#include "web/job.h"

#include <stdio.h>
#include <string.h>

#include "ekigaku/simulation.h"
#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"

/* A queue longer than that is a mistake of somebody's program. */
enum { MOST_QUEUED = 1000, MOST_INPUTS = 256 };

static const char *const kinds[] = {"analyze", "simulate", NULL};

const struct eki_field eki_job_fields[] = {
    {.name = "kind", .kind = EKI_FIELD_LINE, .required = true, .most = 20, .choices = kinds},
    {.name = "title", .kind = EKI_FIELD_LINE, .most = 200},
    {.name = "inputs", .kind = EKI_FIELD_IDS, .least = 1, .most = MOST_INPUTS},
    {.name = "filter", .kind = EKI_FIELD_LINE, .most = 1000},
    {.name = "yaml", .kind = EKI_FIELD_TEXT, .most = 100000},
    {.name = "scenario", .kind = EKI_FIELD_INTEGER, .least = 1, .most = INT64_MAX},
    {.name = "runs", .kind = EKI_FIELD_INTEGER, .least = 1, .most = 100000},
    {.name = "seed", .kind = EKI_FIELD_INTEGER, .least = 0, .most = INT64_MAX},
    {.name = NULL}};

/* The simulation that a job led to; 0: none. */
static int64_t find_simulation(struct eki_store_work *work, int64_t job)
{
    struct eki_store_simulation *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "job", .number = (double)job}}, .limit = 1};
    return !eki_store_list(work, &query, &rows, &page) && page.count ? rows[0].id : 0;
}

/* The analysis that a job led to; 0: none. */
static enum eki_error find_analysis(struct eki_store_work *work, int64_t job, int64_t *ret_id)
{
    struct eki_store_analysis *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "job", .number = (double)job}}, .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    *ret_id = !error && page.count ? rows[0].id : 0;
    return error;
}

json_t *eki_show_job(struct eki_store_work *work, const struct eki_store_job *job, int64_t now)
{
    int64_t analysis = 0, simulation = 0;
    bool done = !strcmp(job->state, "done") && work, simulates = !strcmp(job->kind, "simulate");
    json_t *eta = json_null();
    if (done && simulates) simulation = find_simulation(work, job->id);
    if (done && !simulates) (void)!find_analysis(work, job->id, &analysis);
    if (!strcmp(job->state, "running") && job->progress > 0.01 && now > job->started)
        eta = json_real((double)(now - job->started) * 1e-6 * (1 / job->progress - 1));
    return json_pack("{s:I, s:s, s:s, s:s, s:f, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id",
                     (json_int_t)job->id, "kind", job->kind, "title", job->title, "state", job->state,
                     "progress", job->progress, "done_bytes", (json_int_t)job->done_bytes, "size_bytes",
                     (json_int_t)job->size_bytes, "message", job->message, "account",
                     eki_show_id(job->account), "created", eki_show_time(job->created), "started",
                     eki_show_time(job->started), "ended", eki_show_time(job->ended), "attempts",
                     (json_int_t)job->attempts, "eta_s", eta, "analysis", eki_show_id(analysis), "simulation",
                     eki_show_id(simulation));
}

struct listing {
    struct eki_store_work *work;
    int64_t now;
};

static json_t *item(void *user, const void *row)
{
    const struct listing *listing = user;
    return eki_show_job(listing->work, row, listing->now);
}

void eki_jobs_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "title", "state", "created", NULL};
    struct eki_store_query query = {0};
    if (!eki_list_query(request, sorts, &query)) return;
    struct listing listing = {eki_request_reads(request), eki_request_now(request)};
    struct eki_list list = {EKI_STORE_JOB, sizeof(struct eki_store_job), item, &listing, NULL};
    const char *state = eki_target_parameter(&request->target, "state");
    if (state) query.where[0] = (struct eki_store_where){.column = "state", .text = state};
    if (listing.work) eki_list_reply(request, listing.work, &query, &list);
}

void eki_job_get(struct eki_request *request)
{
    struct eki_store_job job;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &job, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, eki_show_job(work, &job, eki_request_now(request)));
    eki_store_end(work);
}

/* A simulation needs a scenario: its text, or the number of one that is kept. False after answering. */
static bool check_scenario(struct eki_request *request, struct eki_store_work *work, char *ret_title,
                           size_t title_size)
{
    struct eki_scenario *scenario;
    struct eki_store_scenario row;
    struct eki_fault fault = {0};
    int64_t id = eki_body_integer(request->json, "scenario", 0);
    const char *yaml = eki_body_text(request->json, "yaml", "");
    if (id && !yaml[0]) {
        enum eki_error missing = eki_store_get(work, &row, id);
        if (!missing) yaml = row.yaml;
        if (!missing) json_object_set_new(request->json, "yaml", json_string(yaml));
    }
    enum eki_error error = eki_scenario_parse(yaml, strlen(yaml), &scenario, &fault);
    if (error) {
        eki_problem(request, 422, "yaml: %.160s", fault.what[0] ? fault.what : eki_error_text(error));
        return false;
    }
    snprintf(ret_title, title_size, "%s", scenario->title ? scenario->title : scenario->name);
    eki_scenario_free(scenario);
    return true;
}

/* Every input must be there, and its file too. False after answering; *ret_bytes is the sum of sizes. */
static bool check_inputs(struct eki_request *request, struct eki_store_work *work, int64_t *ret_bytes,
                         char *ret_title, size_t title_size)
{
    const json_t *ids = json_object_get(request->json, "inputs");
    *ret_bytes = 0;
    if (!ids) {
        eki_problem(request, 422, "inputs: is missing");
        return false;
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        struct eki_store_input input;
        int64_t id = json_integer_value(json_array_get(ids, i));
        enum eki_error error = eki_store_get(work, &input, id);
        if (error && error != EKI_ERROR_MISSING) {
            eki_problem_store(request, error, NULL, eki_store_why(work));
            return false;
        }
        if (error || !input.kept) {
            eki_problem(request, 422, "inputs: there is no file of input %lld", (long long)id);
            return false;
        }
        *ret_bytes += input.size;
        if (!i) snprintf(ret_title, title_size, "%s", input.name);
    }
    return true;
}

static bool check_queue(struct eki_request *request, struct eki_store_work *work)
{
    uint64_t queued = 0;
    struct eki_store_query query = {.where = {{.column = "state", .text = "queued"}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_JOB, &query, &queued);
    if (!error && queued < MOST_QUEUED) return true;
    if (error)
        eki_problem_store(request, error, NULL, eki_store_why(work));
    else
        eki_problem(request, 503, "%d jobs are waiting already.", MOST_QUEUED);
    return false;
}

static enum eki_error add_job(struct eki_request *request, struct eki_store_work *work,
                              struct eki_store_job *job)
{
    struct eki_buffer parameters = {0};
    eki_buffer_json(&parameters, request->json);
    job->parameters = parameters.bytes;
    enum eki_error error = parameters.failed ? EKI_ERROR_MEMORY : eki_store_add(work, job);
    if (!error) error = eki_store_commit(work);
    eki_buffer_done(&parameters);
    return error;
}

void eki_jobs_post(struct eki_request *request)
{
    char name[900]; /* 200 letters of four bytes */
    struct eki_store_job job = {.kind = eki_body_text(request->json, "kind", ""),
                                .state = "queued",
                                .message = "",
                                .account = request->who.account,
                                .created = eki_request_now(request)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    bool good = !strcmp(job.kind, "simulate")
                    ? check_scenario(request, work, name, sizeof name)
                    : check_inputs(request, work, &job.size_bytes, name, sizeof name);
    if (!good || !check_queue(request, work)) {
        eki_store_end(work);
        return;
    }
    job.title = eki_body_text(request->json, "title", name);
    enum eki_error error = add_job(request, work, &job);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 202, eki_show_job(NULL, &job, job.created));
    snprintf(request->reply.location, sizeof request->reply.location, "/api/v1/jobs/%lld", (long long)job.id);
    eki_web_tell(request->web, "job", eki_show_job(NULL, &job, job.created));
    eki_store_end(work);
    eki_worker_wake(request->web);
}

void eki_job_delete(struct eki_request *request)
{
    struct eki_store_job job;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &job, id);
    bool open = !error && (!strcmp(job.state, "queued") || !strcmp(job.state, "running"));
    if (!error && !open) {
        eki_problem(request, 409, "The job has ended already.");
        eki_store_end(work);
        return;
    }
    if (!error) {
        job.state = "cancelled";
        job.ended = eki_request_now(request);
        error = eki_store_change(work, &job);
    }
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_worker_cancel(request->web, id);
    eki_web_tell(request->web, "job", eki_show_job(NULL, &job, job.ended));
    eki_reply_json(request, 200, eki_show_job(NULL, &job, job.ended));
    eki_store_end(work);
}
