/* SPDX-License-Identifier: Apache-2.0 */
/* Captures and logs that were handed in; upload.c takes them. */
#include <unistd.h>

#include "ekigaku/evidence.h"
#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

static json_t *item(void *user, const void *row)
{
    (void)user;
    return eki_show_input(row);
}

void eki_inputs_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "name", "size", "created", NULL};
    static const struct eki_list list = {EKI_STORE_INPUT, sizeof(struct eki_store_input), item, NULL, NULL};
    struct eki_store_query query = {0};
    if (!eki_list_query(request, sorts, &query)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

void eki_input_get(struct eki_request *request)
{
    struct eki_store_input input;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &input, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, eki_show_input(&input));
    eki_store_end(work);
}

/* The file goes, its row stays: results name it. */
void eki_input_delete(struct eki_request *request)
{
    char path[4096];
    struct eki_store_input input;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    bool holds = false;
    enum eki_error error = eki_store_get(work, &input, id);
    if (!error) error = eki_evidence_holds(work, id, &holds);
    if (holds) {
        eki_problem(request, 409, "It is evidence of a case: its file stays.");
        eki_store_end(work);
        return;
    }
    if (!error) {
        input.kept = false;
        error = eki_store_change(work, &input);
    }
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    if (eki_web_path(request->web, "inputs", input.path, path)) unlink(path);
    eki_store_end(work);
    eki_reply_nothing(request);
}
