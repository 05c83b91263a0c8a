/* SPDX-License-Identifier: Apache-2.0 */
/* Cases: listed, opened from an outbreak, brought up to date, with their affected hosts and timeline. */
#include "ekigaku/case.h"

#include <string.h>

#include "ekigaku/case_words.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

static const char *const labels[] = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED", NULL};

const struct eki_field eki_case_fields[] = {
    {.name = "outbreak", .kind = EKI_FIELD_INTEGER, .required = true, .least = 1, .most = INT64_MAX},
    {.name = "title", .kind = EKI_FIELD_LINE, .nullable = true, .most = 300},
    {.name = "tlp", .kind = EKI_FIELD_LINE, .nullable = true, .most = 12, .choices = labels},
    {.name = NULL}};

const struct eki_field eki_case_update_fields[] = {
    {.name = "outbreak", .kind = EKI_FIELD_INTEGER, .required = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};

/* How many rows of a table belong to a case; -1 when they cannot be counted. */
static json_int_t count_of(struct eki_store_work *work, enum eki_store_table table, int64_t id,
                           const char *state)
{
    struct eki_store_query query = {.where = {{.column = "of_case", .number = id}}};
    uint64_t count;
    if (state) query.where[1] = (struct eki_store_where){.column = "state", .text = state};
    return eki_store_count(work, table, &query, &count) ? -1 : (json_int_t)count;
}

/* Is a relay named? */
static bool is_mail_on(struct eki_store_work *work)
{
    const char *url;
    return !eki_store_chosen(work, "relay.url", "", &url) && url[0];
}

static json_t *show_case(struct eki_store_work *work, const struct eki_store_case *c)
{
    return json_pack(
        "{s:I,s:s,s:s,s:o,s:o,s:o,s:s,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:I,s:b}", "id",
        (json_int_t)c->id, "title", c->title, "state", c->state, "outbreak", eki_show_id(c->outbreak),
        "merged_into", eki_show_id(c->merged_into), "split_from", eki_show_id(c->split_from), "class",
        c->class, "handling_class", (json_int_t)c->handling_class, "known", c->known, "route", c->route,
        "tlp", eki_show_text(c->tlp), "summary", eki_show_text(c->summary), "account",
        eki_show_id(c->account), "created", eki_show_time(c->created), "aware", eki_show_time(c->aware),
        "closed", eki_show_time(c->closed), "hosts", count_of(work, EKI_STORE_CASE_HOST, c->id, NULL),
        "affected", count_of(work, EKI_STORE_CASE_HOST, c->id, "affected"), "notices",
        count_of(work, EKI_STORE_NOTICE, c->id, NULL), "mail", is_mail_on(work));
}

static json_t *case_item(void *user, const void *row)
{
    return show_case(user, row);
}

void eki_cases_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "title", "state", "created", NULL};
    struct eki_store_query query = {0};
    int64_t outbreak = 0;
    if (!eki_list_query(request, sorts, &query)) return;
    if (!eki_request_integer(request, "outbreak", (struct eki_field){.least = 1, .most = INT64_MAX},
                             &outbreak))
        return;
    if (outbreak) query.where[0] = (struct eki_store_where){.column = "outbreak", .number = outbreak};
    if (!eki_leave_may(request, EKI_TLP_RED)) /* what a program may not see is not in its lists */
        query.where[1] = (struct eki_store_where){.column = "tlp", .is = '!', .text = "RED"};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    const struct eki_list list = {EKI_STORE_CASE, sizeof(struct eki_store_case), case_item, work, NULL};
    eki_list_reply(request, work, &query, &list);
}

static void reply_case(struct eki_request *request, unsigned status, int64_t id)
{
    struct eki_store_case row;
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (!work) return;
    eki_reply_json(request, status, show_case(work, &row));
    eki_store_end(work);
}

void eki_case_get(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    if (id) reply_case(request, 200, id);
}

/* Opens a case, or brings the one with this id up to date; the id, or 0 after answering. */
static int64_t change(struct eki_request *request, struct eki_store_work *work, const struct eki_directory *d,
                      int64_t id)
{
    struct eki_fault fault = {0};
    struct eki_case_news news = {0};
    const struct eki_store_act act = eki_request_act(request);
    const struct eki_case_opening opening = {.outbreak = eki_body_integer(request->json, "outbreak", 0),
                                             .directory = d,
                                             .title = eki_body_text(request->json, "title", ""),
                                             .tlp = eki_body_text(request->json, "tlp", ""),
                                             .catalogue = request->web->catalogue};
    enum eki_error error = id ? eki_case_update(work, &act, id, &opening, &news)
                              : eki_case_open(work, &act, &opening, &id, &fault);
    if (error == EKI_ERROR_CONFLICT && news.why) eki_fault_set(&fault, error, 0, "%s", news.why);
    return eki_request_settled(request, work, error, &fault) ? id : 0;
}

static void open_or_update(struct eki_request *request, int64_t id)
{
    struct eki_desk_view *view = eki_desk_take(request);
    if (!view) return;
    struct eki_store_work *work = eki_request_writes(request);
    int64_t done = work ? change(request, work, view->directory, id) : 0;
    eki_desk_release(request, view);
    if (!done) return;
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)done));
    reply_case(request, id ? 200 : 201, done);
}

void eki_cases_post(struct eki_request *request)
{
    open_or_update(request, 0);
}

void eki_case_update_post(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    if (id) open_or_update(request, id);
}

static json_t *host_item(void *user, const void *row)
{
    const struct eki_store_case_host *h = row;
    (void)user;
    return json_pack("{s:I,s:s,s:o,s:o,s:s,s:o,s:o,s:s,s:o}", "id", (json_int_t)h->id, "host", h->host, "at",
                     eki_show_time(h->at), "parent", eki_show_text(h->parent), "evidence", h->evidence,
                     "team", eki_show_text(h->team), "department", eki_show_text(h->department), "state",
                     h->state, "changed", eki_show_time(h->changed));
}

static json_t *entry_item(void *user, const void *row)
{
    const struct eki_store_case_entry *e = row;
    const struct eki_request *request = user;
    char room[EKI_CASE_WORDS];
    const char *text =
        eki_case_entry_words(e, eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH, room);
    return json_pack("{s:I,s:o,s:s,s:o,s:o,s:s,s:o,s:o}", "id", (json_int_t)e->id, "at", eki_show_time(e->at),
                     "kind", e->kind, "host", eki_show_text(e->host), "tags", eki_show_text(e->tags), "text",
                     text, "account", eki_show_id(e->account), "created", eki_show_time(e->created));
}

void eki_case_hosts_get(struct eki_request *request)
{
    static const char *const sorts[] = {"at", "host", "team", "state", NULL};
    static const struct eki_list list = {EKI_STORE_CASE_HOST, sizeof(struct eki_store_case_host), host_item,
                                         NULL, NULL};
    eki_list_reply_of_case(request, sorts, &list);
}

/* ?host=, ?tag= and ?q= (an indicator, for one, that an entry names): all that are given must hold. */
void eki_case_timeline_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-at", "id", NULL};
    const struct eki_list list = {EKI_STORE_CASE_ENTRY, sizeof(struct eki_store_case_entry), entry_item,
                                  request, NULL};
    const char *host = eki_target_parameter(&request->target, "host"),
               *tag = eki_target_parameter(&request->target, "tag");
    struct eki_store_query query = {0};
    struct eki_store_case row;
    int64_t id = eki_request_id(request, 0);
    if (!id || !eki_list_query(request, sorts, &query)) return;
    query.where[0] = (struct eki_store_where){.column = "of_case", .number = id};
    if (host && *host) query.where[1] = (struct eki_store_where){.column = "host", .text = host};
    if (tag && *tag) query.where[2] = (struct eki_store_where){.column = "tags", .text = tag};
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (work) eki_list_reply(request, work, &query, &list);
}
