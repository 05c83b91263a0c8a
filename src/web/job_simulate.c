/* SPDX-License-Identifier: Apache-2.0 */
/* Plays a simulation job: the ensemble, then its first run once more for its tree. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/simulation.h"
#include "web/job.h"
#include "web/results.h"

/* A tree that a page can draw. */
enum { MOST_TREE = 100000, MOST_RUNS = 100000 };

struct playing {
    struct eki_job *job;
    struct eki_scenario *scenario;
    struct eki_ensemble *ensemble;
    struct eki_buffer summary, tree;
};

static void on_progress(void *user, uint32_t done, uint32_t runs)
{
    eki_job_progress(user, done, runs);
}

static ssize_t take(void *user, const char *bytes, size_t length)
{
    struct eki_buffer *buffer = user;
    eki_buffer_add(buffer, bytes, length);
    return buffer->failed ? 0 : (ssize_t)length;
}

static enum eki_error write_summary(struct playing *p)
{
    FILE *out = fopencookie(&p->summary, "w", (cookie_io_functions_t){.write = take});
    enum eki_error error = out ? eki_ensemble_write_json(p->scenario, p->ensemble, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    return error ? error : p->summary.failed ? EKI_ERROR_MEMORY : EKI_OK;
}

static void write_columns(struct eki_buffer *out, const struct eki_simulator *simulator,
                          const struct eki_sim_run *run)
{
    char address[EKI_ADDRESS_TEXT];
    eki_buffer_print(out, "{\"count\":%u,\"host\":[", run->count);
    for (uint32_t i = 0; i < run->count; i++)
        eki_buffer_print(
            out, "%s\"%s\"", i ? "," : "",
            eki_address_format(eki_simulator_address(simulator, run->infections[i].host), address));
    eki_buffer_text(out, "],\"t\":[");
    for (uint32_t i = 0; i < run->count; i++)
        eki_buffer_print(out, "%s%.6f", i ? "," : "", run->infections[i].t);
    eki_buffer_text(out, "],\"parent\":[");
    for (uint32_t i = 0; i < run->count; i++) {
        uint32_t parent = run->infections[i].parent;
        eki_buffer_print(out, "%s%lld", i ? "," : "", parent < run->count ? (long long)parent : -1LL);
    }
    eki_buffer_text(out, "]}\n");
}

/* The second line of the part. */
static enum eki_error write_curve(struct playing *p)
{
    struct eki_sim_band bands[EKI_SIM_MOMENTS];
    enum eki_error error = eki_ensemble_bands(p->scenario, p->ensemble, bands);
    if (error) return error;
    for (unsigned i = 0; i < EKI_SIM_MOMENTS; i++)
        eki_buffer_print(&p->tree, "%s{\"t\":%.6f,\"low\":%.2f,\"median\":%.2f,\"high\":%.2f}", i ? "," : "[",
                         bands[i].t, bands[i].low, bands[i].median, bands[i].high);
    eki_buffer_text(&p->tree, "]\n");
    return p->tree.failed ? EKI_ERROR_MEMORY : EKI_OK;
}

/* The first line: the tree of the first run, null when it is too large. */
static enum eki_error write_tree(struct playing *p)
{
    struct eki_simulator *simulator;
    struct eki_sim_run run;
    enum eki_error error = eki_simulator_new(p->scenario, &simulator);
    if (error) return error;
    error = eki_simulator_run(simulator, 0, p->job->stop, &run);
    if (!error && run.count <= MOST_TREE)
        write_columns(&p->tree, simulator, &run);
    else
        eki_buffer_text(&p->tree, "null\n");
    if (!error && p->tree.failed) error = EKI_ERROR_MEMORY;
    eki_simulator_free(simulator);
    return error;
}

static enum eki_error play(struct playing *p, const json_t *parameters)
{
    struct eki_fault fault = {0};
    const char *yaml = json_string_value(json_object_get(parameters, "yaml"));
    enum eki_error error =
        eki_scenario_parse(yaml ? yaml : "", yaml ? strlen(yaml) : 0, &p->scenario, &fault);
    if (error) {
        snprintf(p->job->message, sizeof p->job->message, "%.160s", fault.what);
        return error;
    }
    json_int_t runs = json_integer_value(json_object_get(parameters, "runs"));
    const json_t *seed = json_object_get(parameters, "seed");
    if (runs > 0 && runs <= MOST_RUNS) p->scenario->runs = (uint32_t)runs;
    if (json_is_integer(seed)) p->scenario->seed = (uint64_t)json_integer_value(seed);
    struct eki_ensemble_options options = {
        .threads = 1, .progress = on_progress, .progress_user = p->job, .stop = p->job->stop};
    error = eki_ensemble_run(p->scenario, &options, &p->ensemble);
    if (!error) error = write_summary(p);
    if (!error) error = write_tree(p);
    return error ? error : write_curve(p);
}

void eki_job_simulate(struct eki_job *job, const json_t *parameters)
{
    struct playing p = {.job = job};
    enum eki_error error = play(&p, parameters);
    if (!error) error = eki_results_write_text(job->web, job->row.id, "tree", &p.tree, job->facts_path);
    if (!error) {
        job->simulation = (struct eki_store_simulation){
            .job = job->row.id,
            .scenario = json_integer_value(json_object_get(parameters, "scenario")),
            .title = job->row.title,
            .seed = (int64_t)(p.scenario->seed & INT64_MAX),
            .runs = p.ensemble->runs,
            .summary = eki_arena_copy(&job->arena, p.summary.bytes, p.summary.length + 1, 1),
            .folder = job->facts_path};
        if (!job->simulation.summary) error = EKI_ERROR_MEMORY;
    }
    if (error && !job->message[0])
        snprintf(job->message, sizeof job->message, "the simulation: %s", eki_error_text(error));
    job->error = error;
    eki_ensemble_free(p.ensemble);
    eki_scenario_free(p.scenario);
    eki_buffer_done(&p.summary);
    eki_buffer_done(&p.tree);
}
