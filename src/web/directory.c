/* SPDX-License-Identifier: Apache-2.0 */
/* The directory of teams, read: look-up with its proof, lists, cards, statistics, what is wrong, whose check
 * is due. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "ekigaku/directory_report.h"
#include "ekigaku/owner.h"
#include "ekigaku/case_receive.h"
#include "web/directory_show.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/utf8.h"

enum { QUESTION_LETTERS = 300, NAMES_FOUND = 12, FINDINGS = 1000 };

typedef enum eki_error write_part(void *user, FILE *out);

/* What a writer writes; NULL without memory. */
static json_t *written(write_part *write, void *user, bool json)
{
    struct eki_buffer text = {0};
    FILE *out = eki_buffer_open(&text);
    enum eki_error error = out ? write(user, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    json_t *value = NULL;
    if (!error && text.bytes)
        value = json ? json_loadb(text.bytes, text.length, 0, NULL) : json_stringn(text.bytes, text.length);
    eki_buffer_done(&text);
    return value;
}

struct asked {
    const struct eki_directory *directory;
    struct eki_answer answer;
    const char *question;
    enum eki_language language;
};

static enum eki_error write_answer(void *user, FILE *out)
{
    const struct asked *asked = user;
    return eki_answer_write_json(asked->directory, &asked->answer, asked->question, out);
}

static enum eki_error tell_answer(void *user, FILE *out)
{
    const struct asked *asked = user;
    return eki_report_answer(asked->directory, &asked->answer, asked->question, asked->language, out);
}

static bool holds(const char *text, const char *part)
{
    return text && strcasestr(text, part) != NULL;
}

static bool is_named(const struct eki_team *t, const char *part)
{
    return holds(t->id, part) || holds(t->name, part) || holds(t->name_ja, part) || holds(t->host, part);
}

static json_t *teams_named(const struct eki_desk_view *view, const char *part)
{
    size_t count;
    const struct eki_team *teams = eki_directory_teams(view->directory, &count);
    json_t *items = json_array();
    for (uint32_t i = 0; i < count && *part && json_array_size(items) < NAMES_FOUND; i++)
        if (is_named(&teams[i], part)) json_array_append_new(items, eki_show_team(view, i));
    return items;
}

/* A question that is still being typed is no mistake: it has no answer yet. */
static bool ask(const struct eki_desk_view *view, const char *question, struct asked *asked)
{
    struct eki_question_text parsed;
    struct eki_fault fault;
    if (!*question || eki_question_parse(question, &parsed, &fault)) return false;
    return !eki_directory_ask(view->directory, &parsed.question, &asked->answer);
}

void eki_lookup_get(struct eki_request *request)
{
    const char *q = eki_target_parameter(&request->target, "q");
    if (!q || eki_utf8_count(q) > QUESTION_LETTERS) {
        eki_problem(request, 400, "q: up to %d letters", QUESTION_LETTERS);
        return;
    }
    struct asked *asked = eki_arena_take(&request->arena, 1, sizeof *asked);
    struct eki_desk_view *view = asked ? eki_desk_take_shown(request) : NULL;
    if (!asked) eki_problem(request, 503, "There is not enough memory.");
    if (!view) return;
    asked->directory = view->directory;
    asked->question = q;
    asked->language = eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH;
    bool found = ask(view, q, asked);
    json_t *answer = found ? written(write_answer, asked, true) : json_null();
    json_t *text = found ? written(tell_answer, asked, false) : json_null();
    json_t *team =
        found && asked->answer.team != EKI_NOWHERE ? eki_show_team(view, asked->answer.team) : json_null();
    eki_reply_json(request, 200,
                   json_pack("{s:s,s:o,s:o,s:o,s:o}", "question", q, "answer", answer, "text", text, "team",
                             team, "teams", teams_named(view, q)));
    eki_desk_release(request, view);
}

/* Where a page of a list in memory begins: its cursor is the position. */
static bool page_of(struct eki_request *request, int64_t *ret_from, int64_t *ret_limit)
{
    *ret_from = 0;
    *ret_limit = EKI_LIST_USUAL;
    return eki_request_integer(request, "cursor", (struct eki_field){.most = EKI_DIRECTORY_RECORDS},
                               ret_from) &&
           eki_request_integer(request, "limit", (struct eki_field){.least = 1, .most = EKI_LIST_MOST},
                               ret_limit);
}

static void reply_page(struct eki_request *request, json_t *items, int64_t next, int64_t total)
{
    char cursor[24];
    snprintf(cursor, sizeof cursor, "%lld", (long long)next);
    eki_reply_json(request, 200,
                   json_pack("{s:o,s:o,s:I}", "items", items, "next",
                             next ? json_string(cursor) : json_null(), "total", (json_int_t)total));
}

static bool is_given(const char *wanted, const char *value)
{
    return !wanted || (value && !strcmp(wanted, value));
}

void eki_teams_get(struct eki_request *request)
{
    const char *q = eki_target_parameter(&request->target, "q");
    const char *sector = eki_target_parameter(&request->target, "sector");
    int64_t from, limit, next = 0, total = 0;
    size_t count;
    struct eki_desk_view *view = page_of(request, &from, &limit) ? eki_desk_take_shown(request) : NULL;
    if (!view) return;
    const struct eki_team *teams = eki_directory_teams(view->directory, &count);
    json_t *items = json_array();
    for (uint32_t i = 0; i < count; i++) {
        if ((q && *q && !is_named(&teams[i], q)) || !is_given(sector, teams[i].sector)) continue;
        total++;
        if (i < from) continue;
        if ((int64_t)json_array_size(items) < limit)
            json_array_append_new(items, eki_show_team(view, i));
        else if (!next)
            next = i;
    }
    reply_page(request, items, next, total);
    eki_desk_release(request, view);
}

/* What it shared with this desk; NULL after answering. */
static json_t *show_shared(struct eki_request *request)
{
    struct eki_receive_trust trust;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return NULL;
    enum eki_error error = eki_receive_trust(work, request->values[0], &trust);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return NULL;
    }
    eki_store_end(work);
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "incidents", (json_int_t)trust.incidents, "updates",
                     (json_int_t)trust.updates, "hosts", (json_int_t)trust.hosts, "indicators",
                     (json_int_t)trust.indicators, "refused", (json_int_t)trust.refused, "first",
                     eki_show_time(trust.first), "last", eki_show_time(trust.last));
}

static void reply_team(struct eki_request *request, struct eki_desk_view *view, uint32_t at)
{
    json_t *shared = show_shared(request);
    if (!shared) return;
    json_t *card = eki_show_card(view, at, eki_request_japanese(request));
    if (card) json_object_set(card, "shared", shared);
    json_decref(shared);
    eki_reply_json(request, 200, card);
}

void eki_team_get(struct eki_request *request)
{
    struct eki_desk_view *view = eki_desk_take_shown(request);
    if (!view) return;
    uint32_t at = eki_directory_team(view->directory, request->values[0]);
    if (at == EKI_NOWHERE)
        eki_problem(request, 404, "There is no team of this id.");
    else
        reply_team(request, view, at);
    eki_desk_release(request, view);
}

void eki_networks_get(struct eki_request *request)
{
    const char *q = eki_target_parameter(&request->target, "q");
    const char *team = eki_target_parameter(&request->target, "team");
    int64_t from, limit, next = 0, total = 0;
    size_t count;
    struct eki_desk_view *view = page_of(request, &from, &limit) ? eki_desk_take_shown(request) : NULL;
    if (!view) return;
    const struct eki_network *networks = eki_directory_networks(view->directory, &count);
    json_t *items = json_array();
    for (uint32_t i = 0; i < count; i++) {
        char text[EKI_RESOURCE_TEXT];
        if (!is_given(team, networks[i].team)) continue;
        if (q && *q && !holds(eki_network_format(&networks[i], text), q) && !holds(networks[i].name, q))
            continue;
        total++;
        if (i < from) continue;
        if ((int64_t)json_array_size(items) < limit)
            json_array_append_new(items, eki_show_network(view, i));
        else if (!next)
            next = i;
    }
    reply_page(request, items, next, total);
    eki_desk_release(request, view);
}

struct counted {
    const struct eki_directory *directory;
    struct eki_members *members;
};

static enum eki_error write_members(void *user, FILE *out)
{
    const struct counted *counted = user;
    return eki_members_write_json(counted->members, counted->directory, out);
}

void eki_members_get(struct eki_request *request)
{
    struct eki_desk_view *view = eki_desk_take_shown(request);
    if (!view) return;
    struct counted counted = {.directory = view->directory};
    enum eki_error error = eki_members_count(view->directory, &counted.members);
    eki_reply_json(request, 200, error ? NULL : written(write_members, &counted, true));
    if (!error) eki_members_free(counted.members);
    eki_desk_release(request, view);
}

struct finding {
    json_t *items;
    const struct eki_finding *finding;
    enum eki_language language;
    size_t counts[3];
};

static enum eki_error write_finding(void *user, FILE *out)
{
    const struct finding *f = user;
    return eki_report_finding(f->finding, f->language, out);
}

static void add_finding(void *user, const struct eki_finding *finding)
{
    static const char *const weights[] = {"wrong", "doubtful", "note"};
    struct finding *f = user;
    f->counts[finding->weight]++;
    f->finding = finding;
    if (json_array_size(f->items) >= FINDINGS) return;
    json_t *text = written(write_finding, f, false);
    json_array_append_new(f->items, json_pack("{s:s,s:o}", "weight", weights[finding->weight], "text",
                                              text ? text : json_string("")));
}

void eki_findings_get(struct eki_request *request)
{
    struct eki_desk_view *view = eki_desk_take_shown(request);
    if (!view) return;
    struct finding f = {.items = json_array(),
                        .language = eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH};
    enum eki_error error = eki_directory_verify(view->directory, add_finding, &f);
    if (error) json_decref(f.items);
    eki_reply_json(request, 200,
                   error ? NULL
                         : json_pack("{s:o,s:I,s:I,s:I}", "items", f.items, "wrong", (json_int_t)f.counts[0],
                                     "doubtful", (json_int_t)f.counts[1], "note", (json_int_t)f.counts[2]));
    eki_desk_release(request, view);
}

void eki_due_get(struct eki_request *request)
{
    int64_t every = 90, again = 7;
    struct eki_due *due;
    size_t count;
    if (!eki_request_integer(request, "every", (struct eki_field){.least = 1, .most = 3650}, &every)) return;
    if (!eki_request_integer(request, "again", (struct eki_field){.least = 1, .most = 3650}, &again)) return;
    const struct eki_heartbeat heartbeat = {.interval_days = (uint32_t)every, .retry_days = (uint32_t)again};
    struct eki_desk_view *view = eki_desk_take_shown(request);
    if (!view) return;
    enum eki_error error = eki_heartbeat_due(view->directory, &heartbeat, &due, &count);
    json_t *items = error ? NULL : json_array();
    for (size_t i = 0; i < count && !error && i < EKI_LIST_MOST; i++)
        json_array_append_new(items, eki_show_due(view, &due[i]));
    if (!error) eki_heartbeat_free(due);
    eki_reply_json(request, 200,
                   items ? json_pack("{s:o,s:n,s:I}", "items", items, "next", "total", (json_int_t)count)
                         : NULL);
    eki_desk_release(request, view);
}

void eki_directory_export_get(struct eki_request *request)
{
    const char *name = eki_target_parameter(&request->target, "format");
    const char *kind_name = eki_target_parameter(&request->target, "kind");
    enum eki_roster_format format = eki_roster_format_of(name ? name : "own");
    unsigned kind = kind_name ? 0 : EKI_RECORD_TEAM;
    while (kind_name && kind < EKI_RECORD_KINDS && strcmp(eki_record_kind_name(kind), kind_name) != 0) kind++;
    if (format == EKI_ROSTER_FORMATS || kind == EKI_RECORD_KINDS) {
        eki_problem(request, 400, "format: own, csv, first, ti, ripe or ipam; kind: one of the directory");
        return;
    }
    struct eki_directory_asked asked = {EKI_TLP_EXIT_API_DIRECTORY_EXPORT, {0}};
    if (!eki_leave_audience(request, &asked.request.audience)) return;
    /* Lists of others have no place for a label; then the header of the answer says it. */
    asked.request.carries = format == EKI_ROSTER_OWN || format == EKI_ROSTER_CSV ? EKI_TLP_ALL : 0;
    asked.request.labelled_outside = true;
    struct eki_desk_view *view = eki_desk_take(request);
    if (!view) return;
    struct eki_buffer text = {0};
    struct eki_directory *permitted = eki_leave_directory(request, view->directory, &asked);
    eki_desk_release(request, view);
    if (!permitted) return;
    FILE *out = eki_buffer_open(&text);
    enum eki_error error = out ? eki_roster_export(permitted, format, kind, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    eki_directory_free(permitted);
    if (error) {
        eki_problem(request, 503, "There is not enough memory.");
    } else {
        bool csv = format == EKI_ROSTER_CSV || format == EKI_ROSTER_IPAM;
        bool json = format == EKI_ROSTER_FIRST || format == EKI_ROSTER_TI;
        eki_reply_buffer(request,
                         csv    ? "text/csv; charset=utf-8"
                         : json ? "application/json"
                                : "text/plain; charset=utf-8",
                         &text);
    }
    eki_buffer_done(&text);
}
