/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a case: notes, indicators, its end and its return. */
#include <string.h>

#include "ekigaku/case.h"
#include "ekigaku/deadline.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum { NOTE_MOST = 20000, PASTE_MOST = 500000 };

const struct eki_field eki_case_note_fields[] = {
    {.name = "text", .kind = EKI_FIELD_TEXT, .required = true, .most = NOTE_MOST},
    {.name = "host", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = NULL}};

const struct eki_field eki_case_close_fields[] = {
    {.name = "lesson", .kind = EKI_FIELD_TEXT, .required = true, .nullable = true, .most = NOTE_MOST},
    {.name = NULL}};

const struct eki_field eki_case_indicators_fields[] = {
    {.name = "text", .kind = EKI_FIELD_TEXT, .required = true, .most = PASTE_MOST}, {.name = NULL}};

static const char *const labels[] = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED", NULL};

const struct eki_field eki_case_mark_fields[] = {
    {.name = "tlp", .kind = EKI_FIELD_LINE, .required = true, .most = 12, .choices = labels},
    {.name = "reason", .kind = EKI_FIELD_LINE, .nullable = true, .most = 1000},
    {.name = NULL}};

const struct eki_field eki_case_deadline_fields[] = {
    {.name = "id", .kind = EKI_FIELD_LINE, .required = true, .most = 60}, {.name = NULL}};

/* Answers with `reply` (taken) or a problem, and tells those who listen. */
static void settle(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                   const struct eki_fault *fault, json_t *reply)
{
    if (!eki_request_settled(request, work, error, fault)) {
        json_decref(reply);
        return;
    }
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)eki_request_id(request, 0)));
    eki_reply_json(request, 200, reply);
}

void eki_case_notes_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const char *text = eki_body_text(request->json, "text", "");
    const struct eki_store_act act = eki_request_act(request);
    if (!id) return;
    if (!text[strspn(text, " \t\r\n")]) {
        eki_problem(request, 422, "the note is empty");
        return;
    }
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    const struct eki_case_noting noting = {
        .of_case = id, .host = eki_body_text(request->json, "host", ""), .text = text};
    enum eki_error error = eki_case_note(work, &act, &noting, &fault);
    settle(request, work, error, &fault, json_pack("{s:I}", "case", (json_int_t)id));
}

void eki_case_close_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_case_close(work, &act, id, eki_body_text(request->json, "lesson", ""), &fault);
    settle(request, work, error, &fault, json_pack("{s:I, s:s}", "case", (json_int_t)id, "state", "closed"));
}

void eki_case_reopen_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_case_reopen(work, &act, id, &fault);
    settle(request, work, error, &fault, json_pack("{s:I, s:s}", "case", (json_int_t)id, "state", "open"));
}

/* True when the asker may: to let more people know is for coordinators. False after answering. */
static bool may_mark(struct eki_request *request, struct eki_store_work *work, int64_t id, enum eki_tlp label)
{
    struct eki_store_case row;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else if (request->who.role >= EKI_ROLE_COORDINATOR || !eki_case_widens(&row, label))
        return true;
    else
        eki_problem(request, 403, "To widen a label is for coordinators.");
    if (!error) eki_store_end(work);
    return false;
}

void eki_case_patch(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    struct eki_case_marking marking = {.of_case = id, .reason = eki_body_text(request->json, "reason", "")};
    const struct eki_store_act act = eki_request_act(request);
    const char *word = eki_body_text(request->json, "tlp", "");
    if (!id || eki_tlp_parse(word, &marking.label)) return; /* the body was checked */
    struct eki_store_work *work = eki_request_writes(request);
    if (!work || !may_mark(request, work, id, marking.label)) return;
    enum eki_error error = eki_case_mark(work, &act, &marking, &fault);
    settle(request, work, error, &fault, json_pack("{s:I, s:s}", "case", (json_int_t)id, "tlp", word));
}

void eki_case_indicators_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_case_sightings sightings = {0};
    struct eki_indicator_list *list;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const char *text = eki_body_text(request->json, "text", "");
    if (!id) return;
    enum eki_error error = eki_indicator_list_read(text, strlen(text), &list, &fault);
    if (error) {
        eki_problem(request, error == EKI_ERROR_LIMIT ? 413 : 500, "%.150s", fault.what);
        return;
    }
    struct eki_store_work *work = eki_request_writes(request);
    if (work) {
        error = eki_case_indicators(work, &act, &(struct eki_case_paste){id, list}, &sightings, &fault);
        settle(request, work, error, &fault,
               json_pack("{s:I, s:I, s:I, s:I}", "case", (json_int_t)id, "added", (json_int_t)sightings.added,
                         "again", (json_int_t)sightings.again, "passed", (json_int_t)list->passed));
    }
    eki_indicator_list_free(list);
}

static void reply_deadlines(struct eki_request *request, struct eki_store_work *work, int64_t id)
{
    struct eki_deadline all[EKI_DEADLINES];
    size_t count = 0;
    enum eki_error error = eki_case_deadlines(work, id, all, &count);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(items,
                              json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "id", all[i].id, "profile",
                                        all[i].profile, "title", all[i].title, "source", all[i].source, "due",
                                        eki_show_time(all[i].due), "met", eki_show_time(all[i].met)));
    eki_store_end(work);
    eki_reply_json(request, 200, json_pack("{s:o}", "items", items));
}

void eki_case_deadlines_get(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_store_case row;
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (work) reply_deadlines(request, work, id);
}

void eki_case_deadlines_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const char *which = eki_body_text(request->json, "id", "");
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_case_deadline_met(work, &act, id, which, &fault);
    settle(request, work, error, &fault, json_pack("{s:I, s:s}", "case", (json_int_t)id, "id", which));
}
