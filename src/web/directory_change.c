/* SPDX-License-Identifier: Apache-2.0 */
/* The directory of teams, changed: proposals, imports, checks of contacts. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "web/directory_show.h"
#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"

/* What one import through a browser tells of mistakes and differences. */
enum { TOLD = 100, IMPORT_LETTERS = 900000 };

static const char *const outcomes[] = {"answered", "bounced", "silent", "wrong-person", NULL};
static const char *const formats[] = {"own", "csv", "first", "ti", "ripe", "ipam", NULL};

const struct eki_field eki_proposal_fields[] = {
    {.name = "record", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "line", .kind = EKI_FIELD_TEXT, .required = true, .most = EKI_DIRECTORY_LINE},
    {.name = "why", .kind = EKI_FIELD_TEXT, .most = 600},
    {.name = NULL}};

const struct eki_field eki_proposal_decision_fields[] = {
    {.name = "decision",
     .kind = EKI_FIELD_LINE,
     .required = true,
     .most = 20,
     .choices = (const char *const[]){"approve", "refuse", NULL}},
    {.name = "line", .kind = EKI_FIELD_TEXT, .nullable = true, .most = EKI_DIRECTORY_LINE},
    {.name = NULL}};

const struct eki_field eki_check_fields[] = {
    {.name = "contact", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 1000},
    {.name = "outcome", .kind = EKI_FIELD_LINE, .required = true, .most = 20, .choices = outcomes},
    {.name = "hops", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = 100},
    {.name = "note", .kind = EKI_FIELD_LINE, .nullable = true, .most = 600},
    {.name = NULL}};

const struct eki_field eki_import_fields[] = {
    {.name = "format", .kind = EKI_FIELD_LINE, .required = true, .most = 20, .choices = formats},
    {.name = "source", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 100},
    {.name = "team", .kind = EKI_FIELD_LINE, .nullable = true, .most = 1000},
    {.name = "text", .kind = EKI_FIELD_TEXT, .required = true, .least = 1, .most = IMPORT_LETTERS},
    {.name = NULL}};

/* A proposal beside the record as it is now. */
static json_t *show_proposal(struct eki_store_work *work, const struct eki_store_proposal *p)
{
    struct eki_store_directory_record record;
    struct eki_store_account asker;
    bool there = p->record && !eki_store_get(work, &record, p->record);
    bool named = p->account && !eki_store_get(work, &asker, p->account);
    return json_pack(
        "{s:I,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "id", (json_int_t)p->id, "record",
        eki_show_id(p->record), "line", eki_show_text(p->line), "after", eki_show_line(p->line), "before",
        there ? eki_show_line(record.line) : json_null(), "why", eki_show_text(p->why), "state", p->state,
        "notice", eki_show_id(p->notice), "account", eki_show_id(p->account), "who",
        named ? json_string(*asker.display ? asker.display : asker.name) : json_null(), "decider",
        eki_show_id(p->decider), "created", eki_show_time(p->created), "decided", eki_show_time(p->decided));
}

static json_t *show_item(void *user, const void *row)
{
    return show_proposal(user, row);
}

void eki_proposals_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "created", "decided", NULL};
    struct eki_store_query query = {0};
    const char *state = eki_target_parameter(&request->target, "state");
    if (!eki_list_query(request, sorts, &query)) return;
    if (state) query.where[0] = (struct eki_store_where){.column = "state", .text = state};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    const struct eki_list list = {EKI_STORE_PROPOSAL, sizeof(struct eki_store_proposal), show_item, work,
                                  NULL};
    eki_list_reply(request, work, &query, &list);
}

/* Answers with a proposal after a change of it. */
static void reply_proposal(struct eki_request *request, unsigned status, int64_t id)
{
    struct eki_store_proposal row;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, status, show_proposal(work, &row));
    eki_store_end(work);
}

void eki_proposals_post(struct eki_request *request)
{
    struct eki_fault fault = {0};
    struct eki_store_act act = eki_request_act(request);
    const struct eki_proposal_request wanted = {.record = eki_body_integer(request->json, "record", 0),
                                                .line = eki_body_text(request->json, "line", ""),
                                                .why = eki_body_text(request->json, "why", "")};
    int64_t id = 0;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_proposal_make(work, &act, &wanted, &id, &fault);
    if (eki_request_settled(request, work, error, &fault)) reply_proposal(request, 201, id);
}

void eki_proposal_patch(struct eki_request *request)
{
    struct eki_fault fault = {0};
    struct eki_store_act act = eki_request_act(request);
    const char *line = eki_body_text(request->json, "line", NULL);
    bool approve = !strcmp(eki_body_text(request->json, "decision", ""), "approve");
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = approve ? eki_proposal_approve(work, &act, id, line, &fault)
                                   : eki_proposal_refuse(work, &act, id, &fault);
    if (eki_request_settled(request, work, error, &fault)) reply_proposal(request, 200, id);
}

static enum eki_check_outcome outcome_of(const char *name)
{
    unsigned i = EKI_CHECK_ANSWERED;
    while (i < EKI_CHECK_OUTCOMES && strcmp(eki_check_outcome_name(i), name) != 0) i++;
    return i;
}

void eki_checks_post(struct eki_request *request)
{
    struct eki_fault fault = {0};
    struct eki_store_act act = eki_request_act(request);
    const struct eki_heartbeat_answer answer = {.contact = eki_body_text(request->json, "contact", ""),
                                                .outcome =
                                                    outcome_of(eki_body_text(request->json, "outcome", "")),
                                                .hops = (uint32_t)eki_body_integer(request->json, "hops", 0),
                                                .note = eki_body_text(request->json, "note", "")};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_heartbeat_noted(work, &act, &answer, &fault);
    if (eki_request_settled(request, work, error, &fault)) eki_reply_nothing(request);
}

struct telling {
    json_t *problems, *drifts;
    size_t problem_count, drift_count;
};

static void tell_problem(void *user, uint32_t line, const char *what)
{
    struct telling *t = user;
    if (t->problem_count++ < TOLD)
        json_array_append_new(t->problems, json_pack("{s:I,s:s}", "line", (json_int_t)line, "what", what));
}

static void tell_drift(void *user, const struct eki_drift *d)
{
    struct telling *t = user;
    if (t->drift_count++ < TOLD)
        json_array_append_new(t->drifts,
                              json_pack("{s:s,s:s,s:s,s:s,s:s}", "kind", eki_record_kind_name(d->kind), "id",
                                        d->id, "key", d->key, "ours", d->ours, "theirs", d->theirs));
}

/* The text as a file of its own, since a list of others is read from files. */
static int file_of(const char *text)
{
    size_t length = strlen(text);
    int file = memfd_create("import", MFD_CLOEXEC);
    if (file >= 0 && write(file, text, length) != (ssize_t)length) {
        close(file);
        return -1;
    }
    return file;
}

static enum eki_error read_text(struct eki_request *request, struct eki_directory *found,
                                struct telling *telling, struct eki_fault *fault)
{
    char path[40];
    const char *const paths[] = {path};
    struct eki_roster_counts counts;
    int file = file_of(eki_body_text(request->json, "text", ""));
    if (file < 0) return EKI_ERROR_MEMORY;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const struct eki_roster_request roster = {
        .paths = paths,
        .path_count = 1,
        .format = eki_roster_format_of(eki_body_text(request->json, "format", "")),
        .source = eki_body_text(request->json, "source", ""),
        .team = eki_body_text(request->json, "team", NULL),
        .now = eki_request_now(request) * 1000,
        .problem = tell_problem,
        .user = telling};
    enum eki_error error = eki_roster_import(found, &roster, &counts, fault);
    close(file);
    return error;
}

static void keep_import(struct eki_request *request, struct eki_directory *found, struct telling *telling)
{
    struct eki_fault fault = {0};
    struct eki_merge_counts counts = {0};
    struct eki_store_act act = eki_request_act(request);
    const struct eki_desk_import import = {found, eki_body_text(request->json, "source", ""), tell_drift,
                                           telling};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_desk_import(work, &act, &import, &counts, &fault);
    if (!eki_request_settled(request, work, error, &fault)) return;
    eki_reply_json(request, 200,
                   json_pack("{s:I,s:I,s:I,s:I,s:I,s:O,s:I,s:O,s:I}", "added", (json_int_t)counts.added,
                             "replaced", (json_int_t)counts.replaced, "gone", (json_int_t)counts.gone, "kept",
                             (json_int_t)counts.kept, "beaten", (json_int_t)counts.beaten, "drift",
                             telling->drifts, "drift_count", (json_int_t)telling->drift_count, "problems",
                             telling->problems, "problem_count", (json_int_t)telling->problem_count));
}

void eki_directory_import_post(struct eki_request *request)
{
    struct eki_fault fault = {0};
    struct eki_directory *found = NULL;
    struct telling telling = {.problems = json_array(), .drifts = json_array()};
    enum eki_error error = eki_directory_new(&found);
    if (!error) error = read_text(request, found, &telling, &fault);
    if (error == EKI_ERROR_MEMORY)
        eki_problem(request, 503, "There is not enough memory.");
    else if (error)
        eki_problem(request, 422, "%.150s", fault.what[0] ? fault.what : eki_error_text(error));
    else
        keep_import(request, found, &telling);
    eki_directory_free(found);
    json_decref(telling.problems);
    json_decref(telling.drifts);
}
