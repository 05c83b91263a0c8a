/* SPDX-License-Identifier: Apache-2.0 */
/* Looks through everything that is kept, and the catalogue. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/catalogue.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/utf8.h"
#include "web/web.h"

enum { OF_EACH = 20, MOST_LETTERS = 200 };

/* The page of a hit; "" when it has none of its own. */
static void url_of(const struct eki_store_hit *hit, char *ret_url, size_t size)
{
    static const struct {
        const char *kind, *form;
    } pages[] = {{"outbreak", "/outbreaks/%" PRId64}, {"scanner", "/analyses/%" PRId64},
                 {"analysis", "/analyses/%" PRId64},  {"job", "/jobs#%" PRId64},
                 {"input", "/upload#%" PRId64},       {"scenario", "/simulate#%" PRId64},
                 {"simulation", "/simulate/%" PRId64}};
    snprintf(ret_url, size, "/search");
    if (!strcmp(hit->kind, "infection"))
        snprintf(ret_url, size, "/outbreaks/%" PRId64 "/hosts/%s", hit->id, hit->host);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *form = pages[i].form, *place = strchr(form, '%');
        if (!strcmp(hit->kind, pages[i].kind))
            snprintf(ret_url, size, "%.*s%" PRId64, (int)(place - form), form, hit->id);
    }
}

/* What may not be told to whoever asks is not found. */
static bool may_show(const struct eki_request *request, struct eki_store_work *work,
                     const struct eki_store_hit *hit)
{
    if (!strcmp(hit->kind, "infection") || !strcmp(hit->kind, "outbreak"))
        return eki_leave_shows(request, work, EKI_STORE_OUTBREAK, hit->id);
    return strcmp(hit->kind, "scanner") || eki_leave_shows(request, work, EKI_STORE_ANALYSIS, hit->id);
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

void eki_search_get(struct eki_request *request)
{
    const struct eki_store_hit *hits;
    size_t count;
    const char *text = eki_target_parameter(&request->target, "q");
    if (!text || eki_utf8_count(text) > MOST_LETTERS) {
        eki_problem(request, 400, "q: up to %d letters", MOST_LETTERS);
        return;
    }
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_search(work, text, OF_EACH, &hits, &count);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    json_t *items = json_array();
    add_families(items, request->web->catalogue, text);
    add_hits(request, work, items, hits, count);
    eki_reply_json(request, 200, json_pack("{s:o, s:n}", "items", items, "next"));
    eki_store_end(work);
}
