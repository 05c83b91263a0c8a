/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "analysis/running.h"
#include "analysis/sorter.h"
#include "analysis/twice.h"
#include "base/memory.h"
#include "ekigaku/watch.h"

/* Tables of fixed size, buffers and the program itself at most: measured. */
#define FIXED_BYTES (UINT64_C(192) << 20)

/* Half of what is left is for what the sources take: the other half is for writing the state out, which needs
 * its size again, for tables while they grow, and for the result. */
static uint64_t bank_bytes(uint64_t memory)
{
    return memory ? (memory - FIXED_BYTES) / 2 : 0;
}

/* One thread takes what comes in to contacts; from three on another one reads. */
static unsigned judging_threads(const struct eki_analysis_options *options)
{
    if (options->threads < 2 || options->contacts_only) return 0;
    return options->threads < 4 ? 1 : options->threads - 2;
}

static enum eki_error make_stages(struct eki_analysis *a)
{
    uint64_t seed = a->options.seed;
    if (a->options.memory && a->options.memory < EKI_MEMORY_LEAST) return EKI_ERROR_ARGUMENT;
    struct eki_bank_limits limits = eki_bank_limits_for(bank_bytes(a->options.memory));
    enum eki_error error = eki_flow_table_new(seed, eki_analysis_on_flow_end, a, &a->flows);
    if (!error) error = eki_pending_new(seed, eki_analysis_on_pending, a, &a->pending);
    if (!error) error = eki_sign_engine_new(eki_analysis_on_sign, a, &a->engine);
    if (!error) error = eki_bank_new(seed, &limits, &a->bank);
    if (!error) error = eki_tracer_new(seed, &a->tracer);
    struct eki_judge judge = eki_analysis_judge(a);
    if (!error) error = eki_relay_new(&judge, judging_threads(&a->options), &a->relay);
    return error;
}

enum eki_error eki_analysis_new(const struct eki_analysis_options *options,
                                struct eki_analysis **ret_analysis)
{
    struct eki_analysis *a = eki_allocate(1, sizeof *a);
    if (!a) return EKI_ERROR_MEMORY;
    if (options) a->options = *options;
    a->result.origin = a->result.end = EKI_TIME_NONE;
    enum eki_error error = make_stages(a);
    if (error) {
        eki_analysis_free(a);
        return error;
    }
    *ret_analysis = a;
    return EKI_OK;
}

void eki_analysis_free(struct eki_analysis *a)
{
    if (!a) return;
    eki_analysis_drop_input(a);
    eki_relay_free(a->relay);
    eki_log_feed_free(a->feed);
    eki_sorter_free(a->sorter);
    eki_twice_free(a->twice);
    eki_twice_free(a->told);
    eki_flow_table_free(a->flows);
    eki_pending_free(a->pending);
    eki_sign_engine_free(a->engine);
    eki_bank_free(a->bank);
    eki_tracer_free(a->tracer);
    eki_arena_done(&a->arena);
    eki_arena_done(&a->look);
    eki_free(a->inputs);
    eki_free(a->screens);
    eki_free(a);
}

struct eki_input *eki_analysis_add_input(struct eki_analysis *a, const char *path)
{
    struct eki_input *inputs =
        eki_array_reserve(a->inputs, a->input_count, &a->input_capacity, sizeof *inputs);
    if (!inputs) return NULL;
    a->inputs = inputs;
    const char *copy = eki_arena_copy(&a->arena, path, strlen(path) + 1, 1);
    if (!copy) return NULL;
    struct eki_input *input = &inputs[a->input_count++];
    *input =
        (struct eki_input){.path = copy, .format = "unknown", .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    return input;
}

void eki_analysis_sum_inputs(const struct eki_analysis *a, struct eki_result *r)
{
    for (size_t i = 0; i < a->input_count; i++) {
        const struct eki_input *input = &a->inputs[i];
        r->packets += input->packets;
        r->flows += input->flows;
        if (input->first == EKI_TIME_NONE) continue;
        if (r->origin == EKI_TIME_NONE || input->first < r->origin) r->origin = input->first;
        if (r->end == EKI_TIME_NONE || input->last > r->end) r->end = input->last;
    }
    r->inputs = a->inputs;
    r->input_count = a->input_count;
    r->contacts = a->contacts;
}

static enum eki_error find_all(struct eki_analysis *a)
{
    struct eki_result *r = &a->result;
    const struct eki_scanner *scanners;
    const struct eki_outbreak *outbreaks;
    size_t scanner_count, outbreak_count;
    enum eki_error error = eki_bank_findings(a->bank, r->origin, &a->arena, &scanners, &scanner_count);
    if (error) return error;
    eki_bank_release(a->bank);
    struct eki_tracer_view view = {scanners, scanner_count, r->origin, r->end};
    error = eki_tracer_findings(a->tracer, &view, &a->arena, &outbreaks, &outbreak_count);
    if (error) return error;
    r->scanners = scanners;
    r->scanner_count = scanner_count;
    r->outbreaks = outbreaks;
    r->outbreak_count = outbreak_count;
    r->signs = eki_tracer_signs(a->tracer, &r->sign_count);
    r->hosts = eki_bank_hosts(a->bank, &r->hosts_estimated);
    return eki_analysis_list_limits(a, &a->arena, r);
}

enum eki_error eki_analysis_finish(struct eki_analysis *a)
{
    if (a->finished) return EKI_ERROR_ARGUMENT;
    eki_analysis_note(a, eki_analysis_close(a));
    if (a->feed) eki_log_feed_release(a->feed, 0);
    a->finished = true;
    eki_pending_finish(a->pending);
    eki_flow_table_finish(a->flows);
    eki_analysis_note(a, eki_sign_engine_finish(a->engine));
    eki_analysis_note(a, eki_relay_finish(a->relay));
    eki_analysis_sum_inputs(a, &a->result);
    enum eki_error error =
        a->options.contacts_only ? eki_analysis_list_limits(a, &a->arena, &a->result) : find_all(a);
    eki_analysis_emit_end(a);
    return error ? error : a->error;
}

const struct eki_result *eki_analysis_result(const struct eki_analysis *analysis)
{
    return &analysis->result;
}
