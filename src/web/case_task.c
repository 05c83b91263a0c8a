/* SPDX-License-Identifier: Apache-2.0 */
/* What has to be done in a case, by department; and what its classes oblige to and forbid. */
#include "ekigaku/case_task.h"

#include <stdio.h>
#include <string.h>

#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum { TEXT_MOST = 20000 };

static const char *const states[] = {"open", "doing", "done", "dropped", NULL};

const struct eki_field eki_case_task_fields[] = {
    {.name = "title", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 300},
    {.name = "text", .kind = EKI_FIELD_TEXT, .nullable = true, .most = TEXT_MOST},
    {.name = "department", .kind = EKI_FIELD_LINE, .nullable = true, .most = 60},
    {.name = "account", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "due", .kind = EKI_FIELD_LINE, .nullable = true, .most = 40},
    {.name = NULL}};

const struct eki_field eki_case_task_change_fields[] = {
    {.name = "state", .kind = EKI_FIELD_LINE, .most = 10, .choices = states},
    {.name = "department", .kind = EKI_FIELD_LINE, .most = 60},
    {.name = "account", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "due", .kind = EKI_FIELD_LINE, .nullable = true, .most = 40},
    {.name = NULL}};

static enum eki_language language_of(const struct eki_request *request)
{
    return eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH;
}

/* Who asks, and the work in which names are looked up. */
struct view {
    struct eki_request *request;
    struct eki_store_work *work;
};

/* What the account wants to be called; null for nobody. */
static json_t *name_of(struct eki_store_work *work, int64_t id)
{
    struct eki_store_account account;
    if (!id || eki_store_get(work, &account, id)) return json_null();
    return json_string(account.display[0] ? account.display : account.name);
}

static json_t *show_task(void *user, const void *row)
{
    const struct view *view = user;
    const struct eki_request *request = view->request;
    const struct eki_store_task *t = row;
    const struct eki_catalogue *catalogue = request->web->catalogue;
    const struct eki_playbook *playbook = NULL;
    enum eki_language language = language_of(request);
    eki_catalogue_step(catalogue, t->playbook, &playbook);
    return json_pack("{s:I,s:s,s:o,s:o,s:o,s:b,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "id", (json_int_t)t->id,
                     "title", eki_case_task_title(t, catalogue, language), "text",
                     eki_show_text(eki_case_task_text(t, catalogue, language)), "step",
                     eki_show_text(t->playbook), "playbook",
                     eki_show_text(!playbook                  ? ""
                                   : language == EKI_JAPANESE ? playbook->japanese
                                                              : playbook->name),
                     "readiness", playbook && playbook->phase == EKI_PHASE_READINESS, "department",
                     eki_show_text(t->department), "state", t->state, "account", eki_show_id(t->account),
                     "assignee", name_of(view->work, t->account), "due", eki_show_time(t->due), "created",
                     eki_show_time(t->created), "ended", eki_show_time(t->ended));
}

void eki_case_tasks_get(struct eki_request *request)
{
    static const char *const sorts[] = {"id", "due", "department", "state", NULL};
    struct view view = {.request = request};
    const struct eki_list list = {EKI_STORE_TASK, sizeof(struct eki_store_task), show_task, &view, NULL};
    struct eki_store_case row;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_query query = {.where = {{.column = "of_case", .number = id}}};
    if (!id || !eki_list_query(request, sorts, &query)) return;
    view.work = eki_leave_case_reads(request, id, &row);
    if (view.work) eki_list_reply(request, view.work, &query, &list);
}

/* The moment of a field, microseconds; 0 when it is absent or null. False after answering. */
static bool due_of(struct eki_request *request, int64_t *ret_due)
{
    eki_time due;
    const char *text = eki_body_text(request->json, "due", "");
    *ret_due = 0;
    if (!*text) return true;
    if (eki_time_parse(text, &due)) {
        eki_problem(request, 422, "due is no moment as of RFC 3339");
        return false;
    }
    *ret_due = due / 1000;
    return true;
}

static void settle(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                   const struct eki_fault *fault, int64_t task)
{
    struct eki_store_task row;
    struct eki_store_case of;
    int64_t id = eki_request_id(request, 0);
    if (!eki_request_settled(request, work, error, fault)) return;
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)id));
    struct eki_store_work *reading = eki_request_reads(request);
    if (!reading) return;
    error = eki_store_get(reading, &row, task);
    if (!error) error = eki_store_get(reading, &of, id);
    if (error) {
        eki_problem_store(request, error, reading, NULL);
        return;
    }
    if (!eki_leave_case(request, reading, &of)) return;
    eki_reply_json(request, request->method == EKI_METHOD_POST ? 201 : 200,
                   show_task(&(struct view){request, reading}, &row));
    eki_store_end(reading);
}

void eki_case_tasks_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0), made = 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_case_task task = {.of_case = id,
                                 .title = eki_body_text(request->json, "title", ""),
                                 .text = eki_body_text(request->json, "text", ""),
                                 .department = eki_body_text(request->json, "department", ""),
                                 .account = eki_body_integer(request->json, "account", 0)};
    if (!id || !due_of(request, &task.due)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_case_task_add(work, &act, &task, &made, &fault);
    settle(request, work, error, &fault, made);
}

void eki_case_task_patch(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0), task = id ? eki_request_id(request, 1) : 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_case_task_news news = {.of_case = id,
                                      .task = task,
                                      .state = eki_body_text(request->json, "state", NULL),
                                      .department = eki_body_text(request->json, "department", NULL),
                                      .catalogue = request->web->catalogue,
                                      .assign = json_object_get(request->json, "account") != NULL,
                                      .date = json_object_get(request->json, "due") != NULL,
                                      .account = eki_body_integer(request->json, "account", 0)};
    if (!task || !due_of(request, &news.due)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_case_task_change(work, &act, &news, &fault);
    settle(request, work, error, &fault, task);
}

void eki_case_tasks_lay_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    size_t laid = 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_case_tasks_lay(work, &act, id, request->web->catalogue, &laid);
    if (!eki_request_settled(request, work, error, &fault)) return;
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)id));
    eki_reply_json(request, 200, json_pack("{s:I,s:I}", "case", (json_int_t)id, "laid", (json_int_t)laid));
}

static json_t *show_class(const struct eki_request *request, const struct eki_class *k)
{
    bool japanese = eki_request_japanese(request);
    if (!k) return json_null();
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", k->id, "name", japanese ? k->japanese : k->name,
                     "obliges", japanese ? k->obliges_ja : k->obliges, "forbids",
                     japanese ? k->forbids_ja : k->forbids, "source", k->source);
}

void eki_case_duties_get(struct eki_request *request)
{
    char handling[8];
    struct eki_store_case row;
    int64_t id = eki_request_id(request, 0);
    const struct eki_catalogue *catalogue = request->web->catalogue;
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (!work) return;
    snprintf(handling, sizeof handling, "%d", (int)row.handling_class);
    eki_reply_json(request, 200,
                   json_pack("{s:o,s:o}", "countermeasure",
                             show_class(request, eki_catalogue_measure(catalogue, row.class)), "handling",
                             show_class(request, eki_catalogue_handling(catalogue, handling))));
    eki_store_end(work);
}
