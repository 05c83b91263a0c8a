/* SPDX-License-Identifier: Apache-2.0 */
/* Analyses: what jobs found. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/results.h"
#include "web/show.h"

/* Outbreaks shown in the row of an analysis; more stand in their own list. */
enum { OUTBREAKS_SHOWN = 20 };

/* What the rows of a list are made with. */
struct listing {
    const struct eki_request *request;
    struct eki_web *web;
    struct eki_store_work *work;
    bool japanese;
    bool read; /* the outbreaks of all rows were: */
    const struct eki_store_outbreak *near;
    size_t near_count;
};

/* The outbreaks of all analyses of a page come by one query where the analyses follow one another. */
static void read_near(void *user, const void *rows, size_t count)
{
    struct listing *listing = user;
    const struct eki_store_analysis *analyses = rows;
    struct eki_store_outbreak *found;
    struct eki_store_page page;
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        if (analyses[i].id < least) least = analyses[i].id;
        if (analyses[i].id > most) most = analyses[i].id;
    }
    if (!count || most - least >= 2 * (int64_t)count) return;
    const struct eki_store_query query = {.where = {{.column = "analysis", .is = '>', .number = least - 1},
                                                    {.column = "analysis", .is = '<', .number = most + 1}},
                                          .sort =
                                              "number", /* not the id: this is found through the analysis */
                                          .limit = OUTBREAKS_SHOWN * (uint32_t)count};
    if (eki_store_list(listing->work, &query, &found, &page) || page.next) return;
    listing->near = found;
    listing->near_count = page.count;
    listing->read = true;
}

/* Those of one analysis, the first ones first. False on an error. */
static bool find_outbreaks(const struct listing *listing, int64_t analysis,
                           const struct eki_store_outbreak **ret_rows, size_t *ret_count)
{
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "analysis", .number = analysis}},
                                          .limit = OUTBREAKS_SHOWN};
    if (listing->read) {
        *ret_rows = listing->near;
        *ret_count = listing->near_count;
        return true;
    }
    if (eki_store_list(listing->work, &query, &rows, &page)) return false;
    *ret_rows = rows;
    *ret_count = page.count;
    return true;
}

static json_t *outbreaks_of(const struct listing *listing, int64_t analysis)
{
    const struct eki_store_outbreak *rows;
    size_t count;
    json_t *list = json_array();
    if (!find_outbreaks(listing, analysis, &rows, &count)) return list;
    for (size_t i = 0; i < count && json_array_size(list) < OUTBREAKS_SHOWN; i++)
        if (rows[i].analysis == analysis)
            json_array_append_new(list, json_pack("{s:I, s:I, s:s, s:I, s:I}", "id", (json_int_t)rows[i].id,
                                                  "number", (json_int_t)rows[i].number, "proto",
                                                  rows[i].proto, "port", (json_int_t)rows[i].port, "infected",
                                                  (json_int_t)rows[i].infected));
    return list;
}

/* The verdict; rows of schema 1 have none, but its part has. */
static json_t *verdict_of(const struct listing *listing, const struct eki_store_analysis *analysis)
{
    enum eki_error error;
    const char *said = listing->japanese ? analysis->text_ja : analysis->text_en;
    if (said[0]) return json_string(said);
    struct eki_results_part part = {.facts_path = analysis->facts_path, .name = "verdict"};
    json_t *both = eki_results_json(listing->web, &part, 0, &error);
    json_t *text = json_incref(json_object_get(both, listing->japanese ? "ja" : "en"));
    json_decref(both);
    return text ? text : json_null();
}

static json_t *show(void *user, const void *row)
{
    const struct listing *listing = user;
    const struct eki_store_analysis *analysis = row;
    json_t *json = eki_show_analysis(analysis);
    if (!json) return NULL;
    bool may = eki_leave_shows(listing->request, listing->work, EKI_STORE_ANALYSIS, analysis->id);
    json_object_set_new(json, "text", may ? verdict_of(listing, analysis) : json_null());
    json_object_set_new(json, "outbreaks", outbreaks_of(listing, analysis->id));
    return json;
}

void eki_analyses_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "title", "origin", "verdict", "created", NULL};
    struct eki_store_query query = {.where = {{.column = "deleted", .number = 0}}};
    if (!eki_list_query(request, sorts, &query)) return;
    struct listing listing = {.request = request,
                              .web = request->web,
                              .work = eki_request_reads(request),
                              .japanese = eki_request_japanese(request)};
    struct eki_list list = {EKI_STORE_ANALYSIS, sizeof(struct eki_store_analysis), show, &listing, read_near};
    const char *verdict = eki_target_parameter(&request->target, "verdict");
    if (verdict) query.where[1] = (struct eki_store_where){.column = "verdict", .text = verdict};
    if (listing.work) eki_list_reply(request, listing.work, &query, &list);
}

/* The row that the path names; the caller ends the work. NULL after answering. */
static struct eki_store_work *find(struct eki_request *request, struct eki_store_work *work,
                                   struct eki_store_analysis *ret_analysis)
{
    int64_t id = work ? eki_request_id(request, 0) : 0;
    if (!id) {
        eki_store_end(work);
        return NULL;
    }
    enum eki_error error = eki_store_get(work, ret_analysis, id);
    if (!error && !ret_analysis->deleted) return work;
    eki_problem_store(request, error ? error : EKI_ERROR_MISSING, work, NULL);
    return NULL;
}

void eki_analysis_get(struct eki_request *request)
{
    struct eki_store_analysis analysis;
    struct eki_store_work *work = find(request, eki_request_reads(request), &analysis);
    if (!work || !eki_leave_found(request, work, EKI_STORE_ANALYSIS, analysis.id)) return;
    struct listing listing = {
        .request = request, .web = request->web, .work = work, .japanese = eki_request_japanese(request)};
    eki_reply_json(request, 200, show(&listing, &analysis));
    eki_store_end(work);
}

void eki_analysis_delete(struct eki_request *request)
{
    struct eki_store_analysis analysis;
    struct eki_store_work *work = find(request, eki_request_writes(request), &analysis);
    if (!work) return;
    enum eki_error error = eki_store_remove(work, &analysis);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_results_remove(request->web, analysis.facts_path);
    eki_store_end(work);
    eki_reply_nothing(request);
}

/* As the file is, when the client unpacks zstd; else unpacked, and packed as the client likes. */
void eki_analysis_facts_get(struct eki_request *request)
{
    char path[4096];
    struct eki_store_analysis analysis;
    struct stat about;
    struct eki_store_work *work = find(request, eki_request_reads(request), &analysis);
    if (!work || !eki_leave_found(request, work, EKI_STORE_ANALYSIS, analysis.id)) return;
    struct eki_results_part part = {.facts_path = analysis.facts_path, .name = "facts"};
    bool packed = eki_accepts(eki_request_header(request, "Accept-Encoding"), "zstd");
    bool known = eki_results_path(request->web, &part, path);
    int file = known && packed ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (file >= 0 && !fstat(file, &about)) {
        eki_reply_file(request, "application/json", file, (uint64_t)about.st_size);
        request->reply.encoding = "zstd";
    } else {
        struct eki_buffer text = {0};
        if (file >= 0) close(file);
        enum eki_error error = eki_results_read(request->web, &part, &text);
        eki_reply_buffer(request, "application/json", &text);
        if (error) eki_problem(request, 410, "The facts cannot be read: %s", eki_error_text(error));
    }
    if (request->reply.status == 200)
        snprintf(request->reply.etag, sizeof request->reply.etag, "W/\"facts-%lld\"", (long long)analysis.id);
    eki_store_end(work);
}
