/* SPDX-License-Identifier: Apache-2.0 */
/* What was simulated. */
#include "web/handlers.h"
#include "web/list.h"
#include "web/results.h"
#include "web/show.h"

static json_t *show(void *user, const void *row)
{
    const struct eki_store_simulation *s = row;
    json_t *summary = json_loads(s->summary, 0, NULL);
    (void)user;
    return json_pack("{s:I, s:o, s:s, s:o, s:I, s:I, s:o, s:o}", "id", (json_int_t)s->id, "job",
                     eki_show_id(s->job), "title", s->title, "scenario", eki_show_id(s->scenario), "seed",
                     (json_int_t)s->seed, "runs", (json_int_t)s->runs, "created", eki_show_time(s->created),
                     "summary", summary ? summary : json_null());
}

void eki_simulations_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "title", "created", NULL};
    static const struct eki_list list = {EKI_STORE_SIMULATION, sizeof(struct eki_store_simulation), show,
                                         NULL, NULL};
    struct eki_store_query query = {.where = {{.column = "deleted", .number = 0}}};
    if (!eki_list_query(request, sorts, &query)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

void eki_simulation_get(struct eki_request *request)
{
    struct eki_store_simulation row;
    enum eki_error unread;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (!error && row.deleted) error = EKI_ERROR_MISSING;
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    struct eki_results_part part = {.facts_path = row.folder, .name = "tree"};
    json_t *json = show(NULL, &row), *tree = eki_results_json(request->web, &part, 0, &unread);
    json_t *curve = eki_results_json(request->web, &part, 1, &unread);
    if (json) json_object_set_new(json, "tree", tree ? tree : json_null());
    if (json) json_object_set_new(json, "curve", curve ? curve : json_null());
    eki_reply_json(request, 200, json);
    eki_store_end(work);
}
