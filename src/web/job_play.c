/* SPDX-License-Identifier: Apache-2.0 */
/* Plays a job: reads its inputs with eki_analysis_*, writes the parts of the result. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/job.h"
#include "web/probes.h"
#include "web/results.h"
#include "web/show.h"

enum { TELL_EVERY = 500000000 /* ticks: half a second, faster than people read */ };

static const char *copy_text(struct eki_job *job, const char *text)
{
    const char *copy = eki_arena_copy(&job->arena, text, strlen(text) + 1, 1);
    if (!copy) job->error = EKI_ERROR_MEMORY;
    return copy ? copy : "";
}

enum eki_error eki_job_copy(struct eki_job *job)
{
    struct eki_store_job *row = &job->row;
    row->kind = copy_text(job, row->kind);
    row->title = copy_text(job, row->title);
    row->parameters = copy_text(job, row->parameters);
    row->state = copy_text(job, row->state);
    row->message = copy_text(job, row->message);
    return job->error;
}

static void fail(struct eki_job *job, enum eki_error error, const char *about)
{
    job->error = error;
    snprintf(job->message, sizeof job->message, "%.200s%s%s", about, about[0] ? ": " : "",
             eki_error_text(error));
}

void eki_job_progress(struct eki_job *job, uint64_t done, uint64_t size)
{
    struct eki_web *web = job->web;
    struct eki_store_work *work;
    struct eki_store_act act = {.at = eki_web_now(web), .who = "worker"};
    uint64_t ticks = eki_web_ticks(web);
    if (ticks - job->told < TELL_EVERY || !size) return;
    job->told = ticks;
    job->row.done_bytes = (int64_t)done;
    job->row.size_bytes = (int64_t)size;
    job->row.progress = done < size ? (double)done / (double)size : 1;
    eki_web_tell(web, "job", eki_show_job(NULL, &job->row, act.at));
    if (eki_store_begin(web->options.store, &act, &work, NULL)) return; /* told again soon */
    enum eki_error error = eki_store_tell_job(work, &job->row);
    if (!error) error = eki_store_commit(work);
    if (error == EKI_ERROR_MISSING) eki_worker_cancel(web, job->row.id);
    eki_store_end(work);
}

static void on_progress(void *user, uint64_t done, uint64_t size, uint64_t packets)
{
    (void)packets;
    eki_job_progress(user, done, size);
}

/* The files of a job, by the names people gave them. */
struct sources {
    struct eki_analysis_source *files;
    const char **names;
    size_t count;
};

static enum eki_error add_source(struct eki_job *job, struct eki_store_work *work, int64_t id,
                                 struct sources *sources)
{
    char path[4096];
    struct eki_store_input input;
    enum eki_error error = eki_store_get(work, &input, id);
    if (error) return error;
    if (!input.kept || !eki_web_path(job->web, "inputs", input.path, path)) return EKI_ERROR_OPEN;
    sources->files[sources->count].path = copy_text(job, path);
    sources->names[sources->count++] = copy_text(job, input.name);
    return job->error;
}

static enum eki_error find_sources(struct eki_job *job, const json_t *ids, struct sources *sources)
{
    struct eki_store_work *work;
    size_t count = json_array_size(ids);
    sources->files = eki_arena_take(&job->arena, count + 1, sizeof *sources->files);
    sources->names = eki_arena_take(&job->arena, count + 1, sizeof *sources->names);
    if (!sources->files || !sources->names) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_store_begin(job->web->options.store, NULL, &work, NULL);
    if (error) return error;
    for (size_t i = 0; i < count && !error; i++)
        error = add_source(job, work, json_integer_value(json_array_get(ids, i)), sources);
    eki_store_end(work);
    return error;
}

/* The result with inputs called as people called them: where they are kept is nobody's business. */
static enum eki_error rename_inputs(struct eki_job *job, const struct sources *sources)
{
    job->result = *eki_analysis_result(job->analysis);
    struct eki_input *inputs =
        eki_arena_copy(&job->arena, job->result.inputs, job->result.input_count, sizeof *inputs);
    job->forms = eki_arena_take(&job->arena, sources->count + 1, sizeof *job->forms);
    if (!job->forms) return EKI_ERROR_MEMORY;
    if (!inputs) return job->result.input_count ? EKI_ERROR_MEMORY : EKI_OK;
    for (size_t i = 0; i < job->result.input_count; i++)
        for (size_t k = 0; k < sources->count; k++)
            if (!strcmp(inputs[i].path, sources->files[k].path)) {
                inputs[i].path = sources->names[k];
                job->forms[k] = inputs[i].format;
            }
    job->result.inputs = inputs;
    return EKI_OK;
}

/* Nothing could be read of any input: then there is no result to keep. */
static bool is_all_unreadable(const struct eki_result *result)
{
    for (size_t i = 0; i < result->input_count; i++)
        if (!result->inputs[i].error) return false;
    return !result->packets && !result->flows && !result->contacts;
}

static void tell_first_fault(struct eki_job *job)
{
    for (size_t i = 0; i < job->result.input_count; i++) {
        const struct eki_input *input = &job->result.inputs[i];
        if (!input->error) continue;
        snprintf(job->message, sizeof job->message, "%.100s: %.80s%s%.100s", input->path,
                 eki_error_text(input->error), input->fault.what[0] ? ": " : "", input->fault.what);
        return;
    }
}

static enum eki_error analyse(struct eki_job *job, const json_t *parameters, const struct sources *sources)
{
    struct eki_fault fault = {0};
    struct eki_analysis_options options = {.filter = json_string_value(json_object_get(parameters, "filter")),
                                           .threads = 2,
                                           .progress = on_progress,
                                           .progress_user = job,
                                           .stop = job->stop};
    if (!eki_probes_open(job->web, &job->probes)) {
        options.contacts = eki_probes_take;
        options.contacts_user = job->probes;
    }
    enum eki_error error = eki_analysis_new(&options, &job->analysis);
    if (!error) error = eki_analysis_inputs(job->analysis, sources->files, sources->count, &fault);
    if (error == EKI_ERROR_ARGUMENT) snprintf(job->message, sizeof job->message, "%.150s", fault.what);
    if (!error) error = eki_analysis_finish(job->analysis);
    if (!error && *job->stop) error = EKI_ERROR_STOPPED;
    if (!error) error = rename_inputs(job, sources);
    if (error) return error;
    tell_first_fault(job);
    return is_all_unreadable(&job->result) ? EKI_ERROR_FORMAT : EKI_OK;
}

/* The parts, and the probes: a raster that could not be written is no reason to lose the rest. */
static enum eki_error write_result(struct eki_job *job)
{
    char path[4096];
    enum eki_error error = eki_results_write(job->web, job->row.id, &job->result, job->facts_path);
    struct eki_results_part part = {.facts_path = job->facts_path, .name = "probes"};
    if (error || !job->probes || !eki_results_path(job->web, &part, path)) return error;
    enum eki_error lost = eki_probes_write(job->probes, &job->result, path);
    if (!lost) return EKI_OK;
    unlink(path);
    eki_web_note(job->web, "warning", "job %lld: no raster: %s", (long long)job->row.id,
                 eki_error_text(lost));
    return EKI_OK;
}

void eki_job_play(struct eki_job *job)
{
    struct sources sources = {0};
    json_t *parameters = json_loads(job->row.parameters, 0, NULL);
    eki_web_tell(job->web, "job", eki_show_job(NULL, &job->row, eki_web_now(job->web)));
    if (!strcmp(job->row.kind, "simulate")) {
        eki_job_simulate(job, parameters);
        json_decref(parameters);
        return;
    }
    enum eki_error error = find_sources(job, json_object_get(parameters, "inputs"), &sources);
    if (error) {
        fail(job, error, error == EKI_ERROR_OPEN ? "the file of an input is gone" : "the inputs");
    } else {
        error = analyse(job, parameters, &sources);
        if (error && !job->message[0]) fail(job, error, "the analysis");
        if (!error) error = write_result(job);
        if (error && !job->message[0]) fail(job, error, "the result");
        job->error = error;
    }
    json_decref(parameters);
}

void eki_job_done(struct eki_job *job)
{
    eki_analysis_free(job->analysis);
    eki_probes_close(job->probes);
    eki_arena_done(&job->arena);
}
