/* SPDX-License-Identifier: Apache-2.0 */
/* Technical enquiries: listed, opened, with their thread, handed over, answered. */
#include "ekigaku/enquiry.h"

#include <stdio.h>
#include <string.h>

#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum { THREAD = 1000, /* entries of one that are shown: the newest of more */ TAKERS = 1000 };

static const char *const states[] = {"open", "waiting", "answered", "closed", NULL};
static const char *const kinds[] = {"question", "request", "judgement", "answer", "closing", NULL};

const struct eki_field eki_enquiry_fields[] = {
    {.name = "asker", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 100},
    {.name = "subject", .kind = EKI_FIELD_LINE, .nullable = true, .most = 100},
    {.name = "text", .kind = EKI_FIELD_TEXT, .required = true, .least = 1, .most = 20000},
    {.name = "case", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "notice", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};

const struct eki_field eki_enquiry_entry_fields[] = {
    {.name = "kind", .kind = EKI_FIELD_LINE, .required = true, .most = 12, .choices = kinds},
    {.name = "text", .kind = EKI_FIELD_TEXT, .required = true, .most = 20000},
    {.name = NULL}};

const struct eki_field eki_enquiry_handover_fields[] = {
    {.name = "account", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "department", .kind = EKI_FIELD_LINE, .nullable = true, .most = 200},
    {.name = "why", .kind = EKI_FIELD_LINE, .nullable = true, .most = 500},
    {.name = NULL}};

static json_t *show_holder(struct eki_store_work *work, int64_t account)
{
    struct eki_store_account row;
    if (!account || eki_store_get(work, &row, account)) return json_null();
    return json_string(row.display[0] ? row.display : row.name);
}

static json_t *show(struct eki_store_work *work, const struct eki_store_enquiry *e)
{
    return json_pack("{s:I,s:o,s:o,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:I,s:o,s:o,s:o}", "id", (json_int_t)e->id,
                     "case", eki_show_id(e->of_case), "notice", eki_show_id(e->notice), "subject", e->subject,
                     "asker", e->asker, "state", e->state, "department", eki_show_text(e->department),
                     "account", eki_show_id(e->account), "holder", show_holder(work, e->account), "held",
                     eki_show_time(e->held), "handovers", (json_int_t)e->handovers, "created",
                     eki_show_time(e->created), "reached", eki_show_time(e->reached), "answered",
                     eki_show_time(e->answered));
}

struct asking {
    struct eki_request *request;
    struct eki_store_work *work;
};

/* Of what may not be told to whoever asks, a list says only that it is there. */
static json_t *item(void *user, const void *row)
{
    const struct asking *asking = user;
    struct eki_store_enquiry e = *(const struct eki_store_enquiry *)row;
    if (!eki_leave_may(asking->request, eki_enquiry_label(asking->work, &e))) e.subject = e.asker = "TLP:RED";
    return show(asking->work, &e);
}

void eki_enquiries_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "created", "state", "handovers", "answered", NULL};
    struct eki_store_query query = {0};
    int64_t of_case = 0;
    size_t conditions = 0;
    const char *state = eki_target_parameter(&request->target, "state");
    if (!eki_list_query(request, sorts, &query)) return;
    if (!eki_request_integer(request, "case", (struct eki_field){.least = 1, .most = INT64_MAX}, &of_case))
        return;
    for (size_t i = 0; state && states[i]; i++)
        if (!strcmp(state, states[i]))
            query.where[conditions++] = (struct eki_store_where){.column = "state", .text = state};
    if (state && !conditions) {
        eki_problem(request, 400, "state: there is no state \"%.40s\"", state);
        return;
    }
    if (of_case) query.where[conditions] = (struct eki_store_where){.column = "of_case", .number = of_case};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    struct asking asking = {request, work};
    const struct eki_list list = {EKI_STORE_ENQUIRY, sizeof(struct eki_store_enquiry), item, &asking, NULL};
    eki_list_reply(request, work, &query, &list);
}

/* The newest entries, the oldest of them first. */
static enum eki_error show_thread(struct eki_store_work *work, int64_t id, json_t *items)
{
    struct eki_store_enquiry_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "enquiry", .number = id}}, .descending = true, .limit = THREAD};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = page.count; !error && i > 0; i--) {
        const struct eki_store_enquiry_entry *e = &rows[i - 1];
        json_t *entry =
            json_pack("{s:I,s:o,s:s,s:s,s:s,s:b}", "id", (json_int_t)e->id, "at", eki_show_time(e->at),
                      "kind", e->kind, "author", e->author, "text", e->text, "mail", e->tag[0] != 0);
        if (json_array_append_new(items, entry)) error = EKI_ERROR_MEMORY;
    }
    return error;
}

static void reply_one(struct eki_request *request, unsigned status, int64_t id)
{
    struct eki_store_enquiry row;
    char what[40];
    struct eki_tlp_request asked = {.carries = EKI_TLP_ALL};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    json_t *thread = json_array();
    enum eki_error error = eki_store_get(work, &row, id);
    if (!error) asked.label = eki_enquiry_label(work, &row);
    snprintf(what, sizeof what, "enquiry %lld", (long long)id);
    if (!error && !eki_leave(request, work, eki_leave_exit(request), &asked, what)) {
        json_decref(thread);
        return;
    }
    if (!error) error = show_thread(work, id, thread);
    if (error) {
        json_decref(thread);
        eki_problem_store(request, error, work, NULL);
        return;
    }
    json_t *whole = show(work, &row);
    if (whole)
        json_object_set_new(whole, "thread", thread);
    else
        json_decref(thread);
    eki_reply_json(request, status, whole);
    eki_store_end(work);
}

/* Commits, tells those who listen, and answers with the enquiry as it is. */
static void settle(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                   const struct eki_fault *fault, int64_t id)
{
    if (!eki_request_settled(request, work, error, fault)) return;
    eki_web_tell(request->web, "enquiry", json_pack("{s:I}", "id", (json_int_t)id));
    reply_one(request, request->values[0] ? 200 : 201, id);
}

void eki_enquiry_get(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    if (id) reply_one(request, 200, id);
}

void eki_enquiries_post(struct eki_request *request)
{
    int64_t id = 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const struct eki_enquiry_opening opening = {.of_case = eki_body_integer(request->json, "case", 0),
                                                .notice = eki_body_integer(request->json, "notice", 0),
                                                .subject = eki_body_text(request->json, "subject", ""),
                                                .asker = eki_body_text(request->json, "asker", ""),
                                                .text = eki_body_text(request->json, "text", "")};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_enquiry_open(work, &act, &opening, &id, &fault);
    settle(request, work, error, &fault, id);
}

void eki_enquiry_entries_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const struct eki_enquiry_words words = {
        .kind = eki_enquiry_kind_parse(eki_body_text(request->json, "kind", "")),
        .text = eki_body_text(request->json, "text", "")};
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (work) settle(request, work, eki_enquiry_say(work, &act, id, &words, &fault), &fault, id);
}

void eki_enquiry_handover_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const struct eki_enquiry_taker taker = {.department = eki_body_text(request->json, "department", ""),
                                            .account = eki_body_integer(request->json, "account", 0),
                                            .why = eki_body_text(request->json, "why", "")};
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (work) settle(request, work, eki_enquiry_hand(work, &act, id, &taker, &fault), &fault, id);
}

static json_t *seconds(const struct eki_enquiry_figures *f, int64_t microseconds)
{
    return f->reached ? json_real((double)microseconds / 1e6) : json_null();
}

static json_t *show_figures(const struct eki_enquiry_figures *f)
{
    return json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "all", (json_int_t)f->all, "open",
        (json_int_t)f->open, "waiting", (json_int_t)f->waiting, "answered", (json_int_t)f->answered, "closed",
        (json_int_t)f->closed, "untaken", (json_int_t)f->untaken, "reached", (json_int_t)f->reached, "direct",
        (json_int_t)f->direct, "handovers", f->reached ? json_integer(f->handovers) : json_null(),
        "reached_after_s", seconds(f, f->reached_after), "reached_most_s", seconds(f, f->reached_most),
        "answered_after_s", seconds(f, f->answered_after), "oldest", eki_show_time(f->oldest));
}

void eki_enquiry_statistics_get(struct eki_request *request)
{
    int64_t days = 0;
    struct eki_enquiry_figures figures;
    if (!eki_request_integer(request, "days", (struct eki_field){.least = 1, .most = 36500}, &days)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    int64_t since = days ? eki_request_now(request) - days * INT64_C(86400000000) : 0;
    enum eki_error error = eki_enquiry_stats(work, since, &figures);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_json(request, 200, show_figures(&figures));
}

static enum eki_error list_people(struct eki_store_work *work, json_t *items)
{
    struct eki_store_account *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "disabled", .number = 0}, {.column = "role", .is = '!', .text = "viewer"}},
        .sort = "name",
        .limit = TAKERS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (json_array_append_new(items, json_pack("{s:I,s:s,s:s}", "id", (json_int_t)rows[i].id, "name",
                                                   rows[i].name, "display", rows[i].display)))
            error = EKI_ERROR_MEMORY;
    return error;
}

static json_t *show_department(const struct eki_store_directory_record *row)
{
    json_t *line = json_loads(row->line, 0, NULL);
    const char *name = json_string_value(json_object_get(line, "name")),
               *japanese = json_string_value(json_object_get(line, "name_ja")),
               *team = json_string_value(json_object_get(line, "team"));
    json_t *shown = json_pack("{s:s,s:s,s:s,s:s?}", "id", row->name, "team", team ? team : "", "name",
                              name ? name : row->name, "name_ja", japanese);
    json_decref(line);
    return shown;
}

static enum eki_error list_departments(struct eki_store_work *work, json_t *items)
{
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "kind", .text = "department"}}, .sort = "name", .limit = TAKERS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (json_array_append_new(items, show_department(&rows[i]))) error = EKI_ERROR_MEMORY;
    return error;
}

void eki_enquiry_takers_get(struct eki_request *request)
{
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    json_t *people = json_array(), *departments = json_array();
    enum eki_error error = list_people(work, people);
    if (!error) error = list_departments(work, departments);
    json_t *reply = json_pack("{s:o,s:o}", "people", people, "departments", departments);
    if (error) {
        json_decref(reply);
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_json(request, 200, reply);
}
