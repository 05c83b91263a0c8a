/* SPDX-License-Identifier: Apache-2.0 */
/* What the watch found goes into the store: the first time as a new analysis, then in its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/live.h"
#include "web/probes.h"
#include "web/results.h"
#include "web/rule.h"
#include "web/show.h"

/* The setting that names the analysis of a watched input, so that the next run finds it again. */
static void setting_of(const struct eki_web_live *live, char ret_name[EKI_WEB_LIVE_INPUT + 8])
{
    snprintf(ret_name, EKI_WEB_LIVE_INPUT + 8, "live %.180s", live->input);
}

/* The inputs as people call them: where they are kept is nobody's business. NULL without memory. */
static struct eki_input *name_inputs(const struct eki_result *result)
{
    struct eki_input *inputs = eki_allocate(result->input_count + 1, sizeof *inputs);
    for (size_t i = 0; inputs && i < result->input_count; i++) {
        inputs[i] = result->inputs[i];
        const char *slash = inputs[i].path ? strrchr(inputs[i].path, '/') : NULL;
        if (slash && slash[1]) inputs[i].path = slash + 1;
    }
    return inputs;
}

static void take_probe(struct eki_probes *probes, const struct eki_scanner *scanner,
                       const struct eki_probe *probe)
{
    struct eki_contact contact = {.client = scanner->host,
                                  .server = probe->target,
                                  .time = probe->time,
                                  .answered = EKI_TIME_NONE,
                                  .attempts = 1,
                                  .service = probe->port ? probe->port : scanner->service,
                                  .protocol = scanner->protocol,
                                  .outcome = probe->answered ? EKI_OUTCOME_ANSWERED : EKI_OUTCOME_NONE};
    eki_probes_take(probes, &contact, 1);
}

/* The raster of what the sources remember of their probes: a watch keeps no file of all contacts, which would
 * grow without end. A raster that could not be written is no reason to lose the rest. */
static void write_probes(struct eki_web *web, const struct eki_result *result, const char *facts_path)
{
    char path[4096];
    struct eki_probes *probes;
    struct eki_results_part part = {.facts_path = facts_path, .name = "probes"};
    if (!eki_results_path(web, &part, path) || eki_probes_open(web, &probes)) return;
    for (size_t i = 0; i < result->scanner_count; i++)
        for (size_t k = 0; k < result->scanners[i].probe_count; k++)
            take_probe(probes, &result->scanners[i], &result->scanners[i].probes[k]);
    if (eki_probes_write(probes, result, path)) unlink(path);
    eki_probes_close(probes);
}

/* The analysis of the runs before, unless somebody has put it away; its folder in `ret_path`. */
static int64_t find_earlier(struct eki_store_work *work, const char *setting, char ret_path[EKI_RESULTS_NAME])
{
    const char *chosen;
    struct eki_store_analysis analysis;
    ret_path[0] = 0;
    if (eki_store_chosen(work, setting, "0", &chosen)) return 0;
    int64_t id = strtoll(chosen, NULL, 10);
    if (id < 1 || eki_store_get(work, &analysis, id) || analysis.deleted) return 0;
    snprintf(ret_path, EKI_RESULTS_NAME, "%s", analysis.facts_path);
    return id;
}

int64_t eki_web_live_earlier(struct eki_web *web)
{
    char setting[EKI_WEB_LIVE_INPUT + 8], path[EKI_RESULTS_NAME];
    struct eki_store_work *work;
    if (eki_store_begin(web->options.store, NULL, &work, NULL)) return 0;
    setting_of(&web->live, setting);
    int64_t id = find_earlier(work, setting, path);
    eki_store_end(work);
    return id;
}

/* What keeping rows came to. */
struct kept {
    char old[EKI_RESULTS_NAME]; /* the folder that nothing names any more */
    bool without_rule;          /* cases are left as they are: the rule could not be applied */
    struct eki_case_rule_outcome applied;
};

static enum eki_error keep_rows(struct eki_web *web, const struct eki_result *result,
                                struct eki_store_keeping *keeping, struct kept *kept)
{
    char setting[EKI_WEB_LIVE_INPUT + 8], number[24];
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    struct eki_store_analysis analysis = {0};
    struct eki_store_act act = {.at = eki_web_now(web), .who = "watch"};
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, &fault);
    if (error) return error;
    setting_of(&web->live, setting);
    keeping->again = find_earlier(work, setting, kept->old);
    error = eki_store_keep_result(work, keeping, result, &analysis);
    snprintf(number, sizeof number, "%lld", (long long)analysis.id);
    if (!error && !keeping->again) error = eki_store_choose(work, setting, number);
    if (!error && !kept->without_rule) {
        error = eki_web_rule_apply(web, work, &act, analysis.id, &kept->applied);
        kept->without_rule = error && !eki_web_may_pass(error);
    }
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    keeping->again = analysis.id;
    return error;
}

/* Tells those who listen of the analysis and its outbreaks. */
static void tell(struct eki_web *web, int64_t id)
{
    struct eki_store_work *work;
    struct eki_store_analysis analysis;
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "analysis", .number = id}}};
    if (eki_store_begin(web->options.store, NULL, &work, NULL)) return;
    if (!eki_store_get(work, &analysis, id)) eki_web_tell(web, "analysis", eki_show_analysis(&analysis));
    if (!eki_store_list(work, &query, &rows, &page))
        for (size_t i = 0; i < page.count; i++) eki_web_tell(web, "outbreak", eki_show_outbreak(&rows[i]));
    eki_store_end(work);
}

static void settle(struct eki_web *web, int64_t id)
{
    pthread_mutex_lock(&web->live.lock);
    web->live.analysis = id;
    web->live.changed = true;
    pthread_mutex_unlock(&web->live.lock);
    tell(web, id);
}

enum eki_error eki_web_live_keep(struct eki_web *web, const struct eki_result *result)
{
    char path[EKI_RESULTS_NAME], title[EKI_WEB_LIVE_INPUT + 8];
    struct kept kept = {.without_rule = false};
    struct eki_result named = *result;
    struct eki_input *inputs = name_inputs(result);
    if (!inputs) return EKI_ERROR_MEMORY;
    named.inputs = inputs;
    enum eki_error error = eki_results_write(web, 0, &named, path);
    if (!error) {
        write_probes(web, &named, path);
        snprintf(title, sizeof title, "%s", web->live.input);
        struct eki_store_keeping keeping = {.title = title, .facts_path = path};
        error = keep_rows(web, &named, &keeping, &kept);
        if (kept.without_rule) {
            eki_case_rule_done(&kept.applied); /* it was rolled back */
            error = keep_rows(web, &named, &keeping, &kept);
        }
        if (error)
            eki_results_remove(web, path);
        else if (kept.old[0])
            eki_results_remove(web, kept.old);
        if (!error) settle(web, keeping.again);
        if (!error) eki_web_rule_tell(web, &kept.applied);
        eki_case_rule_done(&kept.applied);
    }
    if (error) eki_web_note(web, "error", "what the watch found is not kept: %s", eki_error_text(error));
    eki_free(inputs);
    return error;
}
