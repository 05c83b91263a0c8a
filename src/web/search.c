/* SPDX-License-Identifier: Apache-2.0 */
/* Looks through everything that is kept, and the catalogue. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/case_indicator.h"
#include "ekigaku/catalogue.h"
#include "ekigaku/enquiry.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/utf8.h"
#include "web/web.h"

enum { OF_EACH = 20, MOST_LETTERS = 200 };

/* The page of a hit: of the row, or of what it belongs to, at the row. */
static void url_of(const struct eki_store_hit *hit, char *ret_url, size_t size)
{
    static const struct {
        const char *kind, *page,
            *at; /* at: where on the page of what it belongs to; NULL: a page of its own */
    } pages[] = {{"outbreak", "/outbreaks/", NULL},
                 {"analysis", "/analyses/", NULL},
                 {"job", "/jobs#job-", NULL},
                 {"input", "/upload#input-", NULL},
                 {"scenario", "/simulate#scenario-", NULL},
                 {"simulation", "/simulate/", NULL},
                 {"case", "/cases/", NULL},
                 {"enquiry", "/enquiries/", NULL},
                 {"enquiry_entry", "/enquiries/", "entry"},
                 {"notice", "/cases/", "notice"},
                 {"task", "/cases/", "task"},
                 {"indicator", "/cases/", "indicator"},
                 {"case_entry", "/cases/", "entry"}};
    snprintf(ret_url, size, "/search");
    if (!strcmp(hit->kind, "infection"))
        snprintf(ret_url, size, "/outbreaks/%" PRId64 "/hosts/%s", hit->id, hit->host);
    if (!strcmp(hit->kind, "case_host"))
        snprintf(ret_url, size, "/cases/%" PRId64 "#host-%s", hit->id, hit->host);
    if (!strcmp(hit->kind, "scanner"))
        snprintf(ret_url, size, "/analyses/%" PRId64 "#source-%s", hit->id, hit->host);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(hit->kind, pages[i].kind) != 0) continue;
        if (pages[i].at)
            snprintf(ret_url, size, "%s%" PRId64 "#%s-%" PRId64, pages[i].page, hit->of, pages[i].at,
                     hit->id);
        else
            snprintf(ret_url, size, "%s%" PRId64, pages[i].page, hit->id);
    }
}

/* A case shows by its label; what cannot be read counts as RED. */
static bool case_shows(const struct eki_request *request, struct eki_store_work *work, int64_t id)
{
    struct eki_store_case of = {.tlp = ""};
    if (id && eki_store_get(work, &of, id)) of.tlp = "RED";
    return eki_leave_may(request, eki_case_label(&of));
}

/* A notice has a label of its own, which stays when that of the case gets wider. */
static bool notice_shows(const struct eki_request *request, struct eki_store_work *work, int64_t id)
{
    struct eki_store_notice row;
    if (eki_store_get(work, &row, id)) return false;
    return eki_leave_may(request, eki_notice_label(&row)) && case_shows(request, work, row.of_case);
}

/* An indicator may be told to fewer than its case. */
static bool indicator_shows(const struct eki_request *request, struct eki_store_work *work, int64_t id)
{
    struct eki_store_indicator row;
    struct eki_store_case of;
    return !eki_store_get(work, &row, id) && !eki_store_get(work, &of, row.of_case) &&
           eki_leave_may(request, eki_indicator_label(&row, eki_case_label(&of)));
}

static bool enquiry_shows(const struct eki_request *request, struct eki_store_work *work, int64_t id)
{
    struct eki_store_enquiry row;
    return !eki_store_get(work, &row, id) && eki_leave_may(request, eki_enquiry_label(work, &row));
}

/* What may not be told to whoever asks is not found. */
static bool may_show(const struct eki_request *request, struct eki_store_work *work,
                     const struct eki_store_hit *hit)
{
    static const char *const of_cases[] = {"task", "case_entry"};
    const char *kind = hit->kind;
    if (!strcmp(kind, "infection") || !strcmp(kind, "outbreak"))
        return eki_leave_shows(request, work, EKI_STORE_OUTBREAK, hit->id);
    if (!strcmp(kind, "scanner")) return eki_leave_shows(request, work, EKI_STORE_ANALYSIS, hit->id);
    if (!strcmp(kind, "case") || !strcmp(kind, "case_host")) return case_shows(request, work, hit->id);
    if (!strcmp(kind, "notice")) return notice_shows(request, work, hit->id);
    if (!strcmp(kind, "indicator")) return indicator_shows(request, work, hit->id);
    if (!strcmp(kind, "enquiry")) return enquiry_shows(request, work, hit->id);
    if (!strcmp(kind, "enquiry_entry")) return enquiry_shows(request, work, hit->of);
    for (size_t i = 0; i < sizeof of_cases / sizeof *of_cases; i++)
        if (!strcmp(kind, of_cases[i])) return case_shows(request, work, hit->of);
    return true;
}

static void add_hits(const struct eki_request *request, struct eki_store_work *work, json_t *items,
                     const struct eki_store_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char url[200];
        if (!may_show(request, work, &hits[i])) continue;
        url_of(&hits[i], url, sizeof url);
        json_array_append_new(items, json_pack("{s:s, s:I, s:s, s:s, s:s}", "kind", hits[i].kind, "id",
                                               (json_int_t)hits[i].id, "title",
                                               hits[i].host[0] ? hits[i].host : hits[i].title, "in",
                                               hits[i].title, "url", url));
    }
}

static void add_families(json_t *items, const struct eki_catalogue *catalogue, const char *text)
{
    for (size_t i = 0; i < catalogue->family_count && text[0]; i++) {
        const struct eki_family *family = &catalogue->families[i];
        char url[200];
        if (!strcasestr(family->name, text) && !strcasestr(family->id, text)) continue;
        snprintf(url, sizeof url, "/catalogue/%s", family->id);
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "family", "id", family->id,
                                        "title", family->name, "in", family->first, "url", url));
    }
}

static bool holds(const char *text, const char *part)
{
    return text && strcasestr(text, part) != NULL;
}

static void add_teams(json_t *items, const struct eki_desk_view *view, const char *text)
{
    size_t count, found = 0;
    const struct eki_team *teams = eki_directory_teams(view->directory, &count);
    for (size_t i = 0; i < count && text[0] && found < OF_EACH; i++) {
        char url[300];
        if (!holds(teams[i].id, text) && !holds(teams[i].name, text) && !holds(teams[i].name_ja, text))
            continue;
        found++;
        snprintf(url, sizeof url, "/directory/%s", teams[i].id);
        json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "team", "id", teams[i].id,
                                               "title", teams[i].name, "in", teams[i].name, "url", url));
    }
}

void eki_search_get(struct eki_request *request)
{
    const struct eki_store_hit *hits;
    size_t count;
    const char *text = eki_target_parameter(&request->target, "q");
    if (!text || eki_utf8_count(text) > MOST_LETTERS) {
        eki_problem(request, 400, "q: up to %d letters", MOST_LETTERS);
        return;
    }
    struct eki_desk_view *view = eki_desk_take_shown(request);
    if (!view) return;
    json_t *items = json_array();
    add_families(items, request->web->catalogue, text);
    add_teams(items, view, text);
    eki_desk_release(request, view);
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) {
        json_decref(items);
        return;
    }
    enum eki_error error = eki_store_search(work, text, OF_EACH, &hits, &count);
    if (error) {
        json_decref(items);
        eki_problem_store(request, error, work, NULL);
        return;
    }
    add_hits(request, work, items, hits, count);
    eki_reply_json(request, 200, json_pack("{s:o, s:n}", "items", items, "next"));
    eki_store_end(work);
}
