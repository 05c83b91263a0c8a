/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* fopencookie */
/* Which objects stand on a page of a collection. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/exchange.h"
#include "ekigaku/tlp_exit.h"
#include "ekigaku/notice.h"
#include "ekigaku/time.h"
#include "web/taxii.h"

struct told {
    int64_t id, changed, created;
    enum eki_tlp label;
};

struct picking {
    struct eki_request *request;
    struct eki_store_work *work;
    const struct eki_taxii_asked *asked;
    struct eki_taxii_page *page;
    struct told *cases;
    size_t case_count;
    int64_t founded; /* opening of the first case: since when whoever tells this is known here */
    const char *reporter;
    json_t *seen; /* ids that need not be told twice */
};

static int by_change(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->changed != y->changed) return x->changed < y->changed ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static struct eki_tlp_decision decide(const struct picking *p, enum eki_tlp label)
{
    return eki_tlp_leave(
        EKI_TLP_EXIT_TAXII,
        &(struct eki_tlp_request){.label = label, .audience = p->asked->audience, .carries = EKI_TLP_ALL});
}

/* The cases that the audience may see and that are not before the page. A merged one is told by the case it
 * went into. */
static enum eki_error find_cases(struct picking *p)
{
    struct eki_store_case *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.limit = EKI_TAXII_CASES};
    enum eki_error error = eki_store_list(p->work, &query, &rows, &page);
    if (error) return error;
    p->cases = eki_allocate(page.count + 1, sizeof *p->cases);
    if (!p->cases) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < page.count; i++) {
        struct told told = {.id = rows[i].id, .created = rows[i].created, .label = eki_case_label(&rows[i])};
        if (!p->founded || told.created < p->founded) p->founded = told.created;
        if (!strcmp(rows[i].state, "merged") || !decide(p, told.label).allowed) continue;
        error = eki_case_changed(p->work, &rows[i], &told.changed);
        if (error) return error;
        if (told.changed > p->asked->after) p->cases[p->case_count++] = told;
    }
    qsort(p->cases, p->case_count, sizeof *p->cases, by_change);
    return EKI_OK;
}

static ssize_t take(void *cookie, const char *bytes, size_t length)
{
    struct eki_buffer *buffer = cookie;
    eki_buffer_add(buffer, bytes, length);
    return buffer->failed ? 0 : (ssize_t)length;
}

/* The case as the objects of a bundle. */
static enum eki_error write_case(const struct picking *p, const struct told *told, json_t **ret_objects)
{
    struct eki_incident *incident = NULL;
    struct eki_tlp_decision decision = decide(p, told->label);
    struct eki_buffer text = {0};
    enum eki_error error = eki_case_incident(p->work, told->id, p->reporter, &incident, NULL);
    if (error) return error;
    FILE *out = fopencookie(&text, "w", (cookie_io_functions_t){.write = take});
    error = out ? eki_exchange_write(eki_exchange_find("stix"), incident, &decision, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out) && !error) error = EKI_ERROR_MEMORY;
    eki_incident_free(incident);
    json_t *bundle = error ? NULL : json_loadb(text.bytes, text.length, 0, NULL);
    eki_buffer_done(&text);
    json_t *objects = json_object_get(bundle, "objects");
    if (!error && !objects) error = EKI_ERROR_MEMORY;
    if (!error) *ret_objects = json_incref(objects);
    json_decref(bundle);
    return error;
}

static void set_time(json_t *object, const char *name, int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    json_object_set_new(object, name, json_string(eki_time_format(microseconds * 1000, text)));
}

/* Objects of a case are versions of what they were since it was opened; who tells them stays the same. */
static void set_times(const struct picking *p, json_t *object, const struct told *told)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    if (!json_object_get(object, "modified")) return;
    bool teller = type && !strcmp(type, "identity");
    set_time(object, "created", teller ? p->founded : told->created);
    set_time(object, "modified", teller ? p->founded : told->changed);
}

static bool in_list(const char *list, const char *value)
{
    size_t length = strlen(value);
    for (; *list; list += *list == ',') {
        size_t part = strcspn(list, ",");
        if (part == length && !strncmp(list, value, length)) return true;
        list += part;
    }
    return false;
}

/* There is one version of each object: it is the first, the last and all of them. */
static bool is_version(const char *list, const char *version)
{
    return in_list(list, "all") || in_list(list, "first") || in_list(list, "last") || in_list(list, version);
}

static bool matches(const struct picking *p, const struct eki_taxii_found *found)
{
    const struct eki_target *target = &p->request->target;
    char version[EKI_TIME_TEXT];
    const char *id = json_string_value(json_object_get(found->object, "id")),
               *type = json_string_value(json_object_get(found->object, "type")),
               *ids = eki_target_parameter(target, "match[id]"),
               *types = eki_target_parameter(target, "match[type]"),
               *versions = eki_target_parameter(target, "match[version]"),
               *specs = eki_target_parameter(target, "match[spec_version]");
    if (!id || !type || (p->asked->only && strcmp(p->asked->only, id) != 0)) return false;
    if ((ids && !in_list(ids, id)) || (types && !in_list(types, type))) return false;
    if (specs && !in_list(specs, "2.1")) return false;
    return !versions || is_version(versions, eki_taxii_version(found, version));
}

/* Markings, addresses and whoever tells it stand in many cases. */
static bool is_first(struct picking *p, const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "id"));
    if (json_object_get(p->seen, id)) return false;
    return !json_object_set_new(p->seen, id, json_true());
}

static void stop_at(struct eki_taxii_page *page, const struct told *told, size_t at)
{
    page->more = true;
    snprintf(page->next, sizeof page->next, "%" PRId64 ".%" PRId64 ".%zu", told->changed, told->id, at);
}

static enum eki_error pick_of(struct picking *p, const struct told *told, size_t from)
{
    struct eki_taxii_page *page = p->page;
    json_t *objects = NULL;
    enum eki_error error = write_case(p, told, &objects);
    for (size_t i = from; !error && i < json_array_size(objects); i++) {
        struct eki_taxii_found found = {json_array_get(objects, i), told->changed};
        set_times(p, found.object, told);
        if (!matches(p, &found) || !is_first(p, found.object)) continue;
        if (page->count == p->asked->limit) {
            stop_at(page, told, i);
            break;
        }
        json_incref(found.object);
        page->found[page->count++] = found;
    }
    json_decref(objects);
    return error;
}

enum eki_error eki_taxii_pick(struct eki_request *request, struct eki_store_work *work,
                              const struct eki_taxii_asked *asked, struct eki_taxii_page *ret_page)
{
    struct eki_notice_settings settings;
    struct picking p = {.request = request, .work = work, .asked = asked, .page = ret_page};
    *ret_page = (struct eki_taxii_page){.found = eki_allocate(asked->limit, sizeof *ret_page->found)};
    p.seen = json_object();
    enum eki_error error = ret_page->found && p.seen ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error) error = eki_notice_settings_read(work, &settings);
    if (!error) p.reporter = settings.sender.name && settings.sender.name[0] ? settings.sender.name : NULL;
    if (!error) error = find_cases(&p);
    for (size_t i = 0; !error && !ret_page->more && i < p.case_count; i++) {
        const struct told *told = &p.cases[i];
        struct told from = {.id = asked->from_case, .changed = asked->from_changed};
        int order = by_change(told, &from);
        if (order >= 0) error = pick_of(&p, told, order ? 0 : asked->from_object);
    }
    json_decref(p.seen);
    eki_free(p.cases);
    return error;
}

void eki_taxii_page_done(struct eki_taxii_page *page)
{
    for (size_t i = 0; i < page->count; i++) json_decref(page->found[i].object);
    eki_free(page->found);
    *page = (struct eki_taxii_page){0};
}

const char *eki_taxii_version(const struct eki_taxii_found *found, char ret_text[40])
{
    const char *version = json_string_value(json_object_get(found->object, "modified"));
    if (!version) version = json_string_value(json_object_get(found->object, "created"));
    return version ? version : eki_time_format(found->added * 1000, ret_text);
}
