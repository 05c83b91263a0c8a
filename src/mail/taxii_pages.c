/* SPDX-License-Identifier: Apache-2.0 */
/* The collections of a TAXII server, and the pages of one. */
#include <stdio.h>
#include <string.h>

#include "ekigaku/time.h"
#include "mail/taxii.h"

enum { NEXT_BYTES = 2000 /* a token of a server; longer ones do not fit into what servers take as a URL */ };

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is_name(const char *id)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return id && *id && strlen(id) <= EKI_TAXII_ID && !id[strspn(id, letters)];
}

static bool is_wanted(const json_t *collection, const char *only)
{
    const char *id = text_of(collection, "id"), *alias = text_of(collection, "alias");
    if (!is_name(id) || !json_is_true(json_object_get(collection, "can_read"))) return false;
    return !only || !strcmp(id, only) || (alias && !strcmp(alias, only));
}

enum eki_error eki_taxii_list(struct eki_taxii_client *client, const char *only,
                              struct eki_taxii_collection *ret_list, size_t *ret_count,
                              struct eki_fault *ret_fault)
{
    struct eki_taxii_answer answer;
    size_t i, count = 0;
    json_t *collection;
    eki_taxii_go(client, "collections/");
    enum eki_error error = eki_taxii_ask(client, &answer, ret_fault);
    if (error) return error;
    json_array_foreach(json_object_get(answer.json, "collections"), i, collection)
    {
        if (!is_wanted(collection, only)) continue;
        if (count == EKI_TAXII_COLLECTIONS) {
            error = eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than %d collections", (int)count);
            break;
        }
        struct eki_taxii_collection *at = &ret_list[count++];
        *at = (struct eki_taxii_collection){0};
        snprintf(at->id, sizeof at->id, "%s", text_of(collection, "id"));
    }
    json_decref(answer.json);
    if (!error && !count)
        error = eki_fault_set(ret_fault, EKI_ERROR_MISSING, 0, "no collection that may be read%s%.60s",
                              only ? ": " : "", only ? only : "");
    if (!error) *ret_count = count;
    return error;
}

static eki_time version_of(const json_t *object)
{
    eki_time time;
    const char *text = text_of(object, "modified");
    if (!text) text = text_of(object, "created");
    return text && !eki_time_parse(text, &time) ? time : EKI_TIME_NONE;
}

/* Of an id the latest version is kept. */
static enum eki_error put(struct eki_taxii_client *client, json_t *object)
{
    if (eki_taxii_fault(object)) {
        client->passed++;
        return EKI_OK;
    }
    const char *id = text_of(object, "id");
    const json_t *place = json_object_get(client->places, id);
    if (!place) {
        json_t *made = json_integer((json_int_t)json_array_size(client->pool));
        bool kept =
            !json_object_set_new(client->places, id, made) && !json_array_append(client->pool, object);
        return kept ? EKI_OK : EKI_ERROR_MEMORY;
    }
    size_t at = (size_t)json_integer_value(place);
    if (version_of(object) > version_of(json_array_get(client->pool, at)))
        json_array_set(client->pool, at, object);
    return EKI_OK;
}

/* The way through a collection. */
struct walk {
    struct eki_taxii_client *client;
    struct eki_taxii_collection at;
    char from[EKI_TAXII_MOMENT]; /* `added_after` of the pages that `next` goes on with */
    char next[NEXT_BYTES + 1];
    bool more;
};

static void ask_for(const struct walk *w)
{
    struct eki_taxii_client *client = w->client;
    eki_taxii_go(client, "collections/");
    eki_taxii_add(client, w->at.id);
    eki_buffer_text(&client->where, "/objects/?limit=1000");
    if (*w->from) {
        eki_buffer_text(&client->where, "&added_after=");
        eki_taxii_add(client, w->from);
    }
    if (*w->next) {
        eki_buffer_text(&client->where, "&next=");
        eki_taxii_add(client, w->next);
    }
}

static bool is_later(const char *moment, const char *than)
{
    eki_time a, b;
    if (!*moment || eki_time_parse(moment, &a)) return false;
    return !*than || eki_time_parse(than, &b) || a > b;
}

/* How the page says that it goes on (TAXII 2.1, 3.4.2): by `next`, else after what was added last. */
static enum eki_error go_on(struct walk *w, const json_t *page, struct eki_fault *fault)
{
    const json_t *more = json_object_get(page, "more");
    const char *next = text_of(page, "next");
    if (more && !json_is_boolean(more))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "\"more\" is neither true nor false");
    w->more = json_is_true(more);
    if (!w->more) return EKI_OK;
    if (next && (!*next || strlen(next) > NEXT_BYTES))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "\"next\" is empty or has more than %d bytes",
                             NEXT_BYTES);
    if (next && !strcmp(next, w->next))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "the next page is the same page");
    if (!next && !is_later(w->at.after, w->from))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "there are more pages and nothing says where");
    snprintf(w->next, sizeof w->next, "%s", next ? next : "");
    if (!next) memcpy(w->from, w->at.after, sizeof w->from);
    return EKI_OK;
}

static enum eki_error take_page(struct walk *w, struct eki_fault *fault)
{
    struct eki_taxii_answer answer;
    size_t i;
    json_t *object;
    ask_for(w);
    enum eki_error error = eki_taxii_ask(w->client, &answer, fault);
    if (error) return error;
    const json_t *objects = json_object_get(answer.json, "objects");
    if (objects && !json_is_array(objects))
        error = eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "\"objects\" is no list");
    json_array_foreach(objects, i, object) if (!error) error = put(w->client, object);
    w->at.objects += json_array_size(objects);
    if (is_later(answer.last, w->at.after)) memcpy(w->at.after, answer.last, sizeof answer.last);
    if (!error) error = go_on(w, answer.json, fault);
    json_decref(answer.json);
    return error;
}

/* A limit ended the way after whole pages. Pages come in the order of adding, and the next one may hold what
 * was added at the same moment as the last: the place is just before it. Where that leads no further than the
 * collection was, nothing is told of it. */
static void stop_here(const struct walk *w, struct eki_taxii_collection *collection)
{
    eki_time last;
    char before[EKI_TIME_TEXT];
    if (!*w->at.after || eki_time_parse(w->at.after, &last)) return;
    eki_time_format(last - EKI_SECOND / 1000000, before);
    if (!is_later(before, collection->after)) return;
    *collection = w->at;
    snprintf(collection->after, sizeof collection->after, "%s", before);
}

enum eki_error eki_taxii_fetch(struct eki_taxii_client *client, struct eki_taxii_collection *collection,
                               struct eki_fault *ret_fault)
{
    struct walk w = {.client = client, .at = *collection};
    struct eki_fault fault = {0};
    collection->pages = collection->objects = w.at.pages = w.at.objects = 0;
    memcpy(w.from, collection->after, sizeof w.from);
    do {
        enum eki_error error =
            w.at.pages == EKI_TAXII_PAGES
                ? eki_fault_set(&fault, EKI_ERROR_LIMIT, 0, "it does not end within %d", EKI_TAXII_PAGES)
                : take_page(&w, &fault);
        if (error == EKI_ERROR_LIMIT) stop_here(&w, collection);
        w.at.pages++;
        if (error)
            return eki_fault_set(ret_fault, error, fault.offset, "page %zu: %.130s", w.at.pages,
                                 *fault.what ? fault.what : eki_error_text(error));
    } while (w.more);
    *collection = w.at;
    return EKI_OK;
}
