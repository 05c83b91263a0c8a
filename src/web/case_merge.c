/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that become one or two, and the history of one. */
#include "ekigaku/case_merge.h"

#include <stdlib.h>

#include "ekigaku/case_history.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum { HOSTS_MOST = 10000 /* of one split: a body of 1 MiB holds no more */ };

const struct eki_field eki_case_merge_fields[] = {
    {.name = "into", .kind = EKI_FIELD_INTEGER, .required = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};

const struct eki_field eki_case_split_fields[] = {
    {.name = "hosts", .kind = EKI_FIELD_LINES, .required = true, .least = 1, .most = HOSTS_MOST},
    {.name = "title", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = NULL}};

static void tell_both(struct eki_request *request, int64_t one, int64_t other)
{
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)one));
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)other));
}

void eki_case_merge_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0), into = eki_body_integer(request->json, "into", 0);
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_case_merge(work, &act, id, into, &fault);
    if (!eki_request_settled(request, work, error, &fault)) return;
    tell_both(request, id, into);
    eki_reply_json(request, 200, json_pack("{s:I,s:I}", "case", (json_int_t)id, "into", (json_int_t)into));
}

void eki_case_split_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0), made = 0;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const json_t *list = json_object_get(request->json, "hosts");
    size_t count = json_array_size(list);
    if (!id) return;
    const char **hosts = eki_arena_take(&request->arena, count + 1, sizeof *hosts);
    if (!hosts) {
        eki_problem(request, 500, "no memory");
        return;
    }
    for (size_t i = 0; i < count; i++) hosts[i] = json_string_value(json_array_get(list, i));
    const struct eki_case_splitting splitting = {.of_case = id,
                                                 .hosts = hosts,
                                                 .count = count,
                                                 .title = eki_body_text(request->json, "title", ""),
                                                 .catalogue = request->web->catalogue};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_case_split(work, &act, &splitting, &made, &fault);
    if (!eki_request_settled(request, work, error, &fault)) return;
    tell_both(request, id, made);
    eki_reply_json(request, 201, json_pack("{s:I,s:I}", "case", (json_int_t)id, "made", (json_int_t)made));
}

/* The newest events before a point: a ring, so that a long history takes no more memory than its page. */
struct ring {
    json_t *events[EKI_LIST_MOST];
    size_t room, count, next;
    int64_t before; /* 0: the end */
    uint64_t total;
    const struct eki_request *request; /* of whoever asks */
};

static json_t *value_of(const char *text)
{
    json_t *value = *text ? json_loads(text, 0, NULL) : NULL;
    return value ? value : json_null();
}

static enum eki_error take_event(void *user, const struct eki_store_audit *e, enum eki_tlp label)
{
    struct ring *ring = user;
    ring->total++;
    if (ring->before && e->id >= ring->before) return EKI_OK;
    /* An indicator or a notice may be told to fewer than its case. */
    bool told = eki_leave_may(ring->request, label);
    json_t *event = json_pack("{s:I,s:o,s:s,s:o,s:s,s:s,s:s,s:o,s:o}", "id", (json_int_t)e->id, "at",
                              eki_show_time(e->at), "who", e->who, "account", eki_show_id(e->account), "what",
                              e->what, "table", e->table_name, "row", e->row, "before",
                              value_of(told ? e->before : ""), "after", value_of(told ? e->after : ""));
    if (!event) return EKI_ERROR_MEMORY;
    json_decref(ring->events[ring->next]);
    ring->events[ring->next] = event;
    ring->next = (ring->next + 1) % ring->room;
    if (ring->count < ring->room) ring->count++;
    return EKI_OK;
}

/* {items, next, total}, the newest first; the ring is emptied. */
static json_t *page_of(struct ring *ring)
{
    json_t *items = json_array(), *next = NULL;
    for (size_t i = 0; i < ring->count; i++)
        json_array_append(items, ring->events[(ring->next + ring->room - 1 - i) % ring->room]);
    if (ring->count == ring->room) { /* there may be more: the oldest of these is where they end */
        const json_t *oldest = json_array_get(items, ring->count - 1);
        next = json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(oldest, "id")));
    }
    return json_pack("{s:o,s:o,s:I}", "items", items, "next", next ? next : json_null(), "total",
                     (json_int_t)ring->total);
}

static void reply_history(struct eki_request *request, int64_t id, struct ring *ring)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_case_history(request->web->options.store, id, take_event, ring, &fault);
    if (error)
        eki_problem_store(request, error, NULL, &fault);
    else
        eki_reply_json(request, 200, page_of(ring));
    for (size_t i = 0; i < ring->room; i++) json_decref(ring->events[i]);
}

void eki_case_history_get(struct eki_request *request)
{
    struct eki_store_case row;
    int64_t id = eki_request_id(request, 0), limit = EKI_LIST_USUAL, before = 0;
    const struct eki_field range = {.least = 1, .most = EKI_LIST_MOST}, ids = {.least = 1, .most = INT64_MAX};
    if (!id || !eki_request_integer(request, "limit", range, &limit) ||
        !eki_request_integer(request, "cursor", ids, &before))
        return;
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (!work) return;
    eki_store_end(work);
    struct ring *ring = eki_arena_take(&request->arena, 1, sizeof *ring);
    if (!ring) {
        eki_problem(request, 500, "no memory");
        return;
    }
    ring->room = (size_t)limit;
    ring->before = before;
    ring->request = request;
    reply_history(request, id, ring);
}
