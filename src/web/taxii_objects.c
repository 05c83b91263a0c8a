/* SPDX-License-Identifier: Apache-2.0 */
/* TAXII 2.1: what a collection holds - objects, their manifest, the versions of one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/time.h"
#include "web/handlers.h"
#include "web/taxii.h"
#include "web/web.h"

/* What `next` of the page before holds. */
static bool read_next(const char *next, struct eki_taxii_asked *asked)
{
    const char *at = next;
    int64_t parts[3];
    for (int i = 0; i < 3; i++) {
        char *end;
        if (*at < '0' || *at > '9') return false;
        parts[i] = strtoll(at, &end, 10);
        if (*end != (i < 2 ? '.' : 0)) return false;
        at = end + 1;
    }
    asked->from_changed = parts[0];
    asked->from_case = parts[1];
    asked->from_object = (size_t)parts[2];
    return true;
}

/* False after answering. */
static bool read_filters(struct eki_request *request, struct eki_taxii_asked *asked)
{
    const char *after = eki_target_parameter(&request->target, "added_after"),
               *next = eki_target_parameter(&request->target, "next"),
               *limit = eki_target_parameter(&request->target, "limit");
    eki_time time;
    char *end = NULL;
    if (after && eki_time_parse(after, &time)) {
        eki_taxii_problem(request, 400, "added_after: no RFC 3339 time in UTC");
        return false;
    }
    if (after) asked->after = time / 1000;
    if (next && !read_next(next, asked)) {
        eki_taxii_problem(request, 400, "next: is none of this collection");
        return false;
    }
    unsigned long long wanted = limit ? strtoull(limit, &end, 10) : EKI_TAXII_PAGE;
    if (limit && (limit[0] < '1' || limit[0] > '9' || *end)) {
        eki_taxii_problem(request, 400, "limit: a whole number from 1 on");
        return false;
    }
    asked->limit = wanted < EKI_TAXII_PAGE ? (size_t)wanted : EKI_TAXII_PAGE;
    return true;
}

/* A collection that its audience does not include who asks is not there for him; that he asked is noted. */
static void refuse(struct eki_request *request, bool known)
{
    struct eki_store_work *work = known ? eki_request_writes(request) : NULL;
    if (work) {
        json_t *detail = json_pack("{s:s, s:s}", "collection", request->values[0], "why",
                                   eki_tlp_reason_text(EKI_TLP_TOO_WIDE));
        struct eki_buffer text = {0};
        eki_buffer_json(&text, detail);
        enum eki_error error =
            text.failed ? EKI_ERROR_MEMORY : eki_store_note(work, "taxii refused", text.bytes);
        if (!error) error = eki_store_commit(work);
        if (error) eki_web_note(request->web, "warning", "a refusal could not be noted");
        eki_buffer_done(&text);
        json_decref(detail);
        eki_store_end(work);
    }
    eki_taxii_problem(request, 404, "There is no such collection.");
}

/* The page that is asked for. False after answering. */
static bool find(struct eki_request *request, const char *only, struct eki_taxii_page *ret_page)
{
    enum eki_tlp_audience reach = EKI_AUDIENCE_WORLD;
    struct eki_taxii_asked asked = {.only = only, .after = INT64_MIN};
    if (!eki_taxii_acceptable(request) || !read_filters(request, &asked)) return false;
    bool known = eki_taxii_collection(request->values[0], &asked.audience);
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return false;
    enum eki_error error = eki_taxii_reach(request, work, &reach);
    bool visible = known && asked.audience >= reach;
    *ret_page = (struct eki_taxii_page){0};
    if (!error && visible) error = eki_taxii_pick(request, work, &asked, ret_page);
    if (error) {
        eki_taxii_page_done(ret_page);
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    eki_store_end(work);
    if (!visible) refuse(request, known);
    return visible;
}

/* Answers with the page's things under a name; `make` gives one of them. */
static void reply(struct eki_request *request, struct eki_taxii_page *page, const char *name,
                  json_t *(*make)(const struct eki_taxii_found *found))
{
    json_t *document = json_pack("{s:b}", "more", page->more);
    json_t *list = json_array();
    for (size_t i = 0; i < page->count; i++) json_array_append_new(list, make(&page->found[i]));
    bool whole = json_array_size(list) == page->count;
    if (page->more) json_object_set_new(document, "next", json_string(page->next));
    if (page->count) json_object_set(document, name, list);
    json_decref(list);
    if (!whole) {
        json_decref(document);
        document = NULL;
    }
    eki_taxii_reply(request, 200, document);
    if (page->count) {
        struct eki_reply *to = &request->reply;
        eki_time_format(page->found[0].added * 1000, to->added_first);
        eki_time_format(page->found[page->count - 1].added * 1000, to->added_last);
    }
}

static json_t *show_object(const struct eki_taxii_found *found)
{
    return json_incref(found->object);
}

static json_t *show_record(const struct eki_taxii_found *found)
{
    char added[EKI_TIME_TEXT], version[EKI_TIME_TEXT];
    return json_pack("{s:O, s:s, s:s, s:s}", "id", json_object_get(found->object, "id"), "date_added",
                     eki_time_format(found->added * 1000, added), "version",
                     eki_taxii_version(found, version), "media_type", EKI_STIX_TYPE);
}

static json_t *show_version(const struct eki_taxii_found *found)
{
    char version[EKI_TIME_TEXT];
    return json_string(eki_taxii_version(found, version));
}

static void answer(struct eki_request *request, const char *only, const char *name,
                   json_t *(*make)(const struct eki_taxii_found *found))
{
    struct eki_taxii_page page;
    if (!find(request, only, &page)) return;
    if (only && !page.count)
        eki_taxii_problem(request, 404, "There is no such object.");
    else
        reply(request, &page, name, make);
    eki_taxii_page_done(&page);
}

void eki_taxii_objects_get(struct eki_request *request)
{
    answer(request, NULL, "objects", show_object);
}

void eki_taxii_manifest_get(struct eki_request *request)
{
    answer(request, NULL, "objects", show_record);
}

void eki_taxii_object_get(struct eki_request *request)
{
    answer(request, request->values[1], "objects", show_object);
}

void eki_taxii_versions_get(struct eki_request *request)
{
    answer(request, request->values[1], "versions", show_version);
}
