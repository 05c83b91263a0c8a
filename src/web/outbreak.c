/* SPDX-License-Identifier: Apache-2.0 */
/* Outbreaks: the list, and one with what it is, how it grows and what to do. */
#include "web/outbreak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/handlers.h"
#include "web/leave.h"
#include "web/lines.h"
#include "web/list.h"
#include "web/show.h"

/* Sources shown with an outbreak; all stand in the list of scanners. */
enum { STRATEGIES = 200 };

bool eki_outbreak_find(struct eki_request *request, struct eki_seen_outbreak *ret_seen)
{
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return false;
    enum eki_error error = eki_store_get(work, &ret_seen->row, id);
    if (!error) error = eki_store_get(work, &ret_seen->analysis, ret_seen->row.analysis);
    if (!error && ret_seen->analysis.deleted) error = EKI_ERROR_MISSING;
    ret_seen->work = work;
    if (!error) return eki_leave_found(request, work, EKI_STORE_OUTBREAK, ret_seen->row.id);
    eki_problem_store(request, error, work, NULL);
    return false;
}

bool eki_outbreak_find_analysis(struct eki_request *request, struct eki_seen_outbreak *ret_seen)
{
    int64_t id = eki_request_id(request, 0);
    ret_seen->work = id ? eki_request_reads(request) : NULL;
    if (!ret_seen->work) return false;
    enum eki_error error = eki_store_get(ret_seen->work, &ret_seen->analysis, id);
    if (!error && ret_seen->analysis.deleted) error = EKI_ERROR_MISSING;
    if (!error) return eki_leave_found(request, ret_seen->work, EKI_STORE_ANALYSIS, id);
    eki_problem_store(request, error, ret_seen->work, NULL);
    return false;
}

struct eki_results_part eki_outbreak_part(const struct eki_seen_outbreak *seen, const char *name)
{
    return (struct eki_results_part){seen->analysis.facts_path, name, seen->row.number};
}

void eki_outbreak_unreadable(struct eki_request *request, enum eki_error error)
{
    eki_problem(request, 410, "This part of the result cannot be read: %s", eki_error_text(error));
}

/* The row of the list, with its verdict in the asked language. */
struct listing {
    const struct eki_request *request;
    struct eki_web *web;
    struct eki_store_work *work;
    bool japanese;
    struct eki_store_analysis analysis;    /* of the row before: most follow one another; of the work */
    const struct eki_store_analysis *near; /* those of a page that lie close together, in order of id */
    size_t near_count;
};

/* The analyses of a page come by one query where they follow one another: by itself each costs as much as
 * ten. */
static void read_near(void *user, const void *rows, size_t count)
{
    struct listing *listing = user;
    const struct eki_store_outbreak *outbreaks = rows;
    struct eki_store_analysis *found;
    struct eki_store_page page;
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        if (outbreaks[i].analysis < least) least = outbreaks[i].analysis;
        if (outbreaks[i].analysis > most) most = outbreaks[i].analysis;
    }
    if (!count || most - least >= 2 * (int64_t)count) return;
    const struct eki_store_query query = {.where = {{.column = "id", .is = '>', .number = least - 1},
                                                    {.column = "id", .is = '<', .number = most + 1}},
                                          .limit = 2 * (uint32_t)count};
    if (eki_store_list(listing->work, &query, &found, &page)) return;
    listing->near = found;
    listing->near_count = page.count;
}

static int compare_id(const void *id, const void *row)
{
    const struct eki_store_analysis *analysis = row;
    int64_t wanted = *(const int64_t *)id;
    return (wanted > analysis->id) - (wanted < analysis->id);
}

static const struct eki_store_analysis *analysis_of(struct listing *listing, int64_t id)
{
    const struct eki_store_analysis *near =
        listing->near_count ? bsearch(&id, listing->near, listing->near_count, sizeof *near, compare_id)
                            : NULL;
    if (near) return near;
    if (listing->analysis.id != id && eki_store_get(listing->work, &listing->analysis, id))
        listing->analysis = (struct eki_store_analysis){.id = id, .title = "", .facts_path = ""};
    return &listing->analysis;
}

/* The verdict about an outbreak; rows of schema 1 have none, but its part has. */
static json_t *text_of(const struct listing *listing, const struct eki_store_outbreak *outbreak,
                       const struct eki_store_analysis *analysis)
{
    enum eki_error error;
    const char *said = listing->japanese ? outbreak->text_ja : outbreak->text_en;
    if (said[0]) return json_string(said);
    struct eki_results_part part = {analysis->facts_path, "outbreak", outbreak->number};
    json_t *whole = eki_results_json(listing->web, &part, 0, &error);
    json_t *text = json_object_get(json_object_get(whole, "text"), listing->japanese ? "ja" : "en");
    json_incref(text);
    json_decref(whole);
    return text ? text : json_null();
}

static json_t *item(void *user, const void *row)
{
    struct listing *listing = user;
    const struct eki_store_outbreak *outbreak = row;
    const struct eki_store_analysis *analysis = analysis_of(listing, outbreak->analysis);
    json_t *json = eki_show_outbreak(outbreak);
    bool may = eki_leave_shows(listing->request, listing->work, EKI_STORE_OUTBREAK, outbreak->id);
    if (json) json_object_set_new(json, "text", may ? text_of(listing, outbreak, analysis) : json_null());
    if (json && !may) json_object_set_new(json, "patient_zero", json_null());
    if (json) { /* the same capture analysed twice gives two that differ by nothing else */
        json_object_set_new(json, "analysis_title", may ? json_string(analysis->title) : json_null());
        json_object_set_new(json, "analysed", eki_show_time(analysis->created));
    }
    return json;
}

void eki_outbreaks_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "started", "infected", "title", "family", "doubling_s", NULL};
    struct eki_store_query query = {0};
    int64_t analysis = 0;
    if (!eki_list_query(request, sorts, &query) ||
        !eki_request_integer(request, "analysis", (struct eki_field){.least = 1, .most = INT64_MAX},
                             &analysis))
        return;
    if (analysis) query.where[0] = (struct eki_store_where){.column = "analysis", .number = (double)analysis};
    struct listing listing = {.request = request,
                              .web = request->web,
                              .work = eki_request_reads(request),
                              .japanese = eki_request_japanese(request)};
    struct eki_list list = {EKI_STORE_OUTBREAK, sizeof(struct eki_store_outbreak), item, &listing, read_near};
    if (listing.work) eki_list_reply(request, listing.work, &query, &list);
}

/* Replaces {"en", "ja"} under a key by the one in the asked language. */
static void choose(json_t *object, const char *key, bool japanese)
{
    json_t *chosen = json_incref(json_object_get(json_object_get(object, key), japanese ? "ja" : "en"));
    json_object_set_new(object, key, chosen ? chosen : json_null());
}

void eki_outbreak_strategies(struct eki_request *request, const struct eki_seen_outbreak *seen,
                             struct eki_buffer *out)
{
    struct eki_store_scanner *rows;
    struct eki_store_page page = {0};
    struct eki_blocks blocks = {.file = -1};
    struct eki_results_part part = {.facts_path = seen->analysis.facts_path, .name = "scanners"};
    struct eki_store_query query = {.where = {{.column = "analysis", .number = (double)seen->analysis.id},
                                              {.column = "port", .number = (double)seen->row.port},
                                              {.column = "proto", .text = seen->row.proto},
                                              {.column = "verdict", .text = "scanner"}},
                                    .sort = "number",
                                    .limit = STRATEGIES};
    enum eki_error error = eki_store_list(seen->work, &query, &rows, &page);
    if (!error) error = eki_results_open(request->web, &part, &blocks);
    eki_buffer_text(out, "[");
    for (size_t i = 0, written = 0; i < page.count && !error; i++) {
        size_t before = out->length;
        if (written) eki_buffer_text(out, ",");
        error = eki_blocks_read(&blocks, (uint64_t)rows[i].number, 1, out);
        if (error)
            out->length = before;
        else
            written++;
    }
    eki_blocks_done(&blocks);
    eki_buffer_text(out, "]");
}

/* The outbreak as an object, but for its strategies; NULL on an error. */
static json_t *head_of(struct eki_request *request, const struct eki_seen_outbreak *seen,
                       enum eki_error *ret_error)
{
    bool japanese = eki_request_japanese(request);
    struct eki_results_part part = eki_outbreak_part(seen, "outbreak");
    json_t *whole = eki_results_json(request->web, &part, 0, ret_error);
    if (*ret_error) return NULL;
    json_t *row = eki_show_outbreak(&seen->row);
    json_object_update_missing(whole, row);
    json_object_set(whole, "id", json_object_get(row, "id"));
    json_object_set(whole, "class", json_object_get(row, "class"));
    json_object_del(whole, "curve"); /* of older results; it has a path of its own */
    choose(whole, "text", japanese);
    choose(whole, "advice", japanese);
    json_object_set_new(whole, "analysis_title", json_string(seen->analysis.title));
    json_decref(row);
    return whole;
}

void eki_outbreak_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    struct eki_buffer out = {0};
    enum eki_error error;
    if (!eki_outbreak_find(request, &seen)) return;
    json_t *head = head_of(request, &seen, &error);
    if (head) {
        eki_lines_begin_object(&out, head);
        eki_buffer_text(&out, ",\"strategies\":");
        eki_outbreak_strategies(request, &seen, &out);
        eki_buffer_text(&out, "}");
        eki_reply_buffer(request, "application/json", &out);
    } else {
        eki_outbreak_unreadable(request, error);
    }
    json_decref(head);
    eki_buffer_done(&out);
    eki_store_end(seen.work);
}

enum eki_error eki_outbreak_curve(const struct eki_web *web, const struct eki_seen_outbreak *seen,
                                  struct eki_buffer *out)
{
    struct eki_results_part part = eki_outbreak_part(seen, "curve");
    enum eki_error error = eki_results_line(web, &part, 0, out);
    if (error != EKI_ERROR_OPEN) return error;
    part = eki_outbreak_part(seen, "outbreak"); /* where older results have it */
    json_t *whole = eki_results_json(web, &part, 0, &error);
    if (!error) eki_buffer_json(out, json_object_get(whole, "curve"));
    json_decref(whole);
    return error;
}

void eki_outbreak_reply_part(struct eki_request *request, const struct eki_seen_outbreak *seen,
                             const char *name)
{
    char tag[EKI_RESULTS_NAME];
    enum eki_error error = EKI_OK;
    struct eki_buffer text = {0};
    struct eki_results_part part = eki_outbreak_part(seen, name);
    eki_results_tag(&part, tag);
    if (!eki_request_knows(request, tag)) /* then nothing is read: it never changes */
        error = strcmp(name, "curve") != 0 ? eki_results_read(request->web, &part, &text)
                                           : eki_outbreak_curve(request->web, seen, &text);
    eki_reply_buffer(request, "application/json", &text);
    if (error)
        eki_outbreak_unreadable(request, error);
    else if (request->reply.status == 200)
        snprintf(request->reply.etag, sizeof request->reply.etag, "%.70s", tag);
}

void eki_outbreak_curve_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    if (!eki_outbreak_find(request, &seen)) return;
    eki_outbreak_reply_part(request, &seen, "curve");
    eki_store_end(seen.work);
}
