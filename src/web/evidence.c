/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of a case: entered, handed on, looked at again, read where that is permitted. */
#include "ekigaku/evidence.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ekigaku/report.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum { CHAIN = 1000 /* steps of one that are shown */ };

const struct eki_field eki_evidence_fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 150},
    {.name = "input", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 1, .most = INT64_MAX},
    {.name = "size", .kind = EKI_FIELD_INTEGER, .nullable = true, .least = 0, .most = INT64_MAX},
    {.name = "sha256", .kind = EKI_FIELD_LINE, .nullable = true, .most = 64},
    {.name = "handling_class", .kind = EKI_FIELD_INTEGER, .required = true, .least = 1, .most = 4},
    {.name = "giver", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = "why", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = NULL}};

const struct eki_field eki_custody_fields[] = {
    {.name = "giver", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = "taker", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 300},
    {.name = "why", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = NULL}};

struct asking {
    struct eki_request *request;
    struct eki_store_work *work;
};

static enum eki_error read_chain(struct eki_store_work *work, int64_t evidence,
                                 struct eki_store_custody **rows, struct eki_store_page *page)
{
    const struct eki_store_query query = {
        .where = {{.column = "evidence", .number = evidence}}, .descending = true, .limit = CHAIN};
    return eki_store_list(work, &query, rows, page);
}

/* What may be done with it: by the stricter of its class and its input's, which a later entry of the same
 * file may have made stricter. An input that cannot be read is taken for the strictest. */
static const struct eki_handling_rule *rule_of(struct eki_store_work *work,
                                               const struct eki_store_evidence *e)
{
    struct eki_store_input input;
    int64_t strictest = e->handling_class;
    enum eki_error error = e->input ? eki_store_get(work, &input, e->input) : EKI_ERROR_MISSING;
    if (error && error != EKI_ERROR_MISSING) strictest = 1;
    if (!error && input.handling_class < strictest) strictest = input.handling_class;
    return eki_evidence_rule(strictest);
}

static json_t *show(const struct asking *asking, const struct eki_store_evidence *e)
{
    struct eki_store_custody *rows;
    struct eki_store_page page = {0};
    struct eki_store_input input;
    const struct eki_handling_rule *rule = rule_of(asking->work, e);
    enum eki_language language = eki_request_japanese(asking->request) ? EKI_JAPANESE : EKI_ENGLISH;
    bool kept = e->input && !eki_store_get(asking->work, &input, e->input) && input.kept;
    if (read_chain(asking->work, e->id, &rows, &page)) page.count = 0;
    return json_pack("{s:I,s:I,s:s,s:o,s:b,s:o,s:o,s:I,s:s,s:b,s:s,s:o,s:o,s:o}", "id", (json_int_t)e->id,
                     "case", (json_int_t)e->of_case, "name", e->name, "input", eki_show_id(e->input), "kept",
                     kept, "size", e->sha256[0] ? json_integer(e->size) : json_null(), "sha256",
                     eki_show_text(e->sha256), "handling_class", (json_int_t)e->handling_class, "rule",
                     eki_report_text_in(language, rule->says), "download", kept && rule->download, "holder",
                     page.count ? rows[0].taker : "", "taken", eki_show_time(e->taken), "account",
                     eki_show_id(e->account), "created", eki_show_time(e->created));
}

static json_t *item(void *user, const void *row)
{
    return show(user, row);
}

void eki_case_evidence_get(struct eki_request *request)
{
    static const char *const sorts[] = {"id", "name", "handling_class", "created", NULL};
    struct eki_store_case of;
    struct eki_store_query query = {0};
    struct asking asking = {request, NULL};
    int64_t of_case = eki_request_id(request, 0);
    if (!of_case || !eki_list_query(request, sorts, &query)) return;
    query.where[0] = (struct eki_store_where){.column = "of_case", .number = of_case};
    asking.work = eki_leave_case_reads(request, of_case, &of);
    const struct eki_list list = {EKI_STORE_EVIDENCE, sizeof(struct eki_store_evidence), item, &asking, NULL};
    if (asking.work) eki_list_reply(request, asking.work, &query, &list);
}

static json_t *show_chain(struct eki_store_work *work, int64_t id)
{
    struct eki_store_custody *rows;
    struct eki_store_page page = {0};
    json_t *items = json_array();
    if (read_chain(work, id, &rows, &page)) return items;
    for (size_t i = page.count; i > 0; i--) {
        const struct eki_store_custody *c = &rows[i - 1];
        json_array_append_new(items, json_pack("{s:I,s:o,s:o,s:s,s:o,s:o,s:o}", "id", (json_int_t)c->id, "at",
                                               eki_show_time(c->at), "giver", eki_show_text(c->giver),
                                               "taker", c->taker, "why", eki_show_text(c->why), "seen",
                                               eki_show_text(c->seen), "sha256", eki_show_text(c->sha256)));
    }
    return items;
}

/* Reads the evidence of the path, which must be of the case of the path, as far as its label permits. False
 * after answering and ending the work. */
static bool find(struct eki_request *request, struct eki_store_work *work, int64_t id,
                 struct eki_store_evidence *ret_row)
{
    struct eki_store_case of;
    int64_t of_case = eki_request_id(request, 0);
    enum eki_error error = eki_store_get(work, &of, of_case);
    if (!error) error = eki_store_get(work, ret_row, id);
    if (!error && ret_row->of_case != of_case) error = EKI_ERROR_MISSING;
    if (!error) return eki_leave_case(request, work, &of);
    eki_problem_store(request, error, work, NULL);
    return false;
}

static void reply_one(struct eki_request *request, unsigned status, int64_t id)
{
    struct eki_store_evidence row;
    struct asking asking = {request, eki_request_reads(request)};
    if (!asking.work || !find(request, asking.work, id, &row)) return;
    json_t *whole = show(&asking, &row);
    if (whole) json_object_set_new(whole, "custody", show_chain(asking.work, id));
    eki_reply_json(request, status, whole);
    eki_store_end(asking.work);
}

void eki_evidence_get(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0) ? eki_request_id(request, 1) : 0;
    if (id) reply_one(request, 200, id);
}

static void tell(struct eki_request *request)
{
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)eki_request_id(request, 0)));
}

/* The path of an input's file; false when there is none. */
static bool path_of(struct eki_request *request, int64_t id, char ret_path[4096])
{
    struct eki_store_input input;
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    bool found = work && !eki_store_get(work, &input, id) && input.kept &&
                 eki_web_path(request->web, "inputs", input.path, ret_path);
    eki_store_end(work);
    return found;
}

/* Hashes the input's file before the store is written to: others need not wait for it. A file that is to be
 * there and cannot be read is not entered: its chain would begin with what nobody saw. False after answering.
 */
static bool look_first(struct eki_request *request, struct eki_evidence_adding *adding,
                       struct eki_evidence_look *look)
{
    char path[4096];
    if (!path_of(request, adding->input, path)) return true;
    if (eki_evidence_look(path, look, NULL)) {
        eki_problem(
            request, 409,
            "The file of input %lld cannot be read: have the service's folder inputs/ looked after, or "
            "enter the file without the input, as one that somebody else holds.",
            (long long)adding->input);
        return false;
    }
    adding->sha256 = look->sha256;
    adding->sealed = look->sealed;
    adding->looked = true;
    return true;
}

void eki_case_evidence_post(struct eki_request *request)
{
    int64_t id = 0, of_case = eki_request_id(request, 0);
    struct eki_fault fault = {0};
    struct eki_evidence_look look = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_evidence_adding adding = {.of_case = of_case,
                                         .name = eki_body_text(request->json, "name", ""),
                                         .input = eki_body_integer(request->json, "input", 0),
                                         .size = eki_body_integer(request->json, "size", 0),
                                         .sha256 = eki_body_text(request->json, "sha256", ""),
                                         .handling_class =
                                             eki_body_integer(request->json, "handling_class", 0),
                                         .giver = eki_body_text(request->json, "giver", ""),
                                         .why = eki_body_text(request->json, "why", "")};
    if (!of_case) return;
    if (!look_first(request, &adding, &look)) return;
    if (request->reply.status) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_evidence_add(work, &act, &adding, &id, &fault);
    if (!eki_request_settled(request, work, error, &fault)) return;
    tell(request);
    reply_one(request, 201, id);
}

/* What became of the file of the evidence of the path. False after answering. */
static bool look_again(struct eki_request *request, int64_t id, enum eki_evidence_seen *ret_seen,
                       char ret_sha256[65])
{
    char path[4096];
    struct eki_store_evidence row;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work || !find(request, work, id, &row)) return false;
    bool within = row.path[0] && eki_web_path(request->web, "inputs", row.path, path);
    enum eki_error error = eki_evidence_compare(&row, within ? path : NULL, ret_seen, ret_sha256);
    eki_store_end(work);
    if (!error) return true;
    eki_problem(request, 503, "The file cannot be read.");
    return false;
}

void eki_evidence_custody_post(struct eki_request *request)
{
    char sha256[65];
    int64_t id = eki_request_id(request, 0) ? eki_request_id(request, 1) : 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_evidence_step step = {.giver = eki_body_text(request->json, "giver", ""),
                                     .taker = eki_body_text(request->json, "taker", ""),
                                     .why = eki_body_text(request->json, "why", ""),
                                     .sha256 = sha256};
    if (!id || !look_again(request, id, &step.seen, sha256)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_evidence_hand(work, &act, id, &step, &fault);
    if (!eki_request_settled(request, work, error, &fault)) return;
    tell(request);
    reply_one(request, 200, id);
}

void eki_evidence_verify_post(struct eki_request *request)
{
    char sha256[65];
    enum eki_evidence_seen seen;
    int64_t id = eki_request_id(request, 0) ? eki_request_id(request, 1) : 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    if (!id || !look_again(request, id, &seen, sha256)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_evidence_verified(work, &act, id, seen, sha256);
    if (!eki_request_settled(request, work, error, &fault)) return;
    tell(request);
    eki_reply_json(request, 200,
                   json_pack("{s:I,s:o,s:o}", "id", (json_int_t)id, "seen",
                             eki_show_text(eki_evidence_seen_name(seen)), "sha256", eki_show_text(sha256)));
}

static void reply_file(struct eki_request *request, const struct eki_store_evidence *row)
{
    char path[4096];
    struct stat about;
    int file = row->path[0] && eki_web_path(request->web, "inputs", row->path, path)
                   ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
                   : -1;
    if (file < 0 || fstat(file, &about) || !S_ISREG(about.st_mode)) {
        if (file >= 0) close(file);
        eki_problem(request, 404, "Its file is not kept here.");
        return;
    }
    snprintf(request->reply.disposition, sizeof request->reply.disposition,
             "attachment; filename=\"evidence-%lld.bin\"", (long long)row->id);
    eki_reply_file(request, "application/octet-stream", file, (uint64_t)about.st_size);
}

void eki_evidence_file_get(struct eki_request *request)
{
    char detail[60];
    struct eki_store_evidence row;
    int64_t id = eki_request_id(request, 0) ? eki_request_id(request, 1) : 0;
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work || !find(request, work, id, &row)) return;
    const struct eki_handling_rule *rule = rule_of(work, &row);
    if (!rule->download) {
        eki_problem(request, 403, "%s", rule->says);
        eki_store_end(work);
        return;
    }
    snprintf(detail, sizeof detail, "{\"evidence\":%lld}", (long long)id);
    enum eki_error error = eki_store_note(work, "evidence read", detail);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    reply_file(request, &row);
    eki_store_end(work);
}
