/* SPDX-License-Identifier: Apache-2.0 */
/* TAXII 2.1, 5.5 and 4.3: objects that a client adds, and the status of what became of each. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "ekigaku/case_receive.h"
#include "ekigaku/bundle.h"
#include "ekigaku/taxii.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/received.h"
#include "web/taxii.h"
#include "web/web.h"

enum {
    NUMBER = 37,      /* a UUID with its NUL */
    TOLD = 500,       /* objects that a status names of each kind; the counts are of all */
    INCIDENTS = 1000, /* of one envelope: a page of this server holds that many objects */
    VALUES = 1 << 20  /* of JSON in one body: a tree of them takes 100 MB */
};

struct posting {
    struct eki_request *request;
    enum eki_tlp_audience audience; /* of the collection */
    json_t *objects;                /* that are well formed */
    json_t *successes, *failures;   /* at most TOLD each */
    size_t total, success_count, failure_count;
    struct eki_reception last; /* of what was taken in last, to be told */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* As a status names it. Without an id it cannot be named but by its place. */
static json_t *show(const struct posting *p, const json_t *object, const char *message)
{
    char version[40];
    const struct eki_taxii_found found = {(json_t *)object, eki_request_now(p->request)};
    const char *id = text_of(object, "id");
    return json_pack("{s:s, s:s, s:s*}", "id", id && strlen(id) <= EKI_TAXII_ID ? id : "?", "version",
                     eki_taxii_version(&found, version), "message", message);
}

static void fail(struct posting *p, const json_t *object, const char *message)
{
    if (p->failure_count++ < TOLD) json_array_append_new(p->failures, show(p, object, message));
}

static void succeed(struct posting *p, const json_t *object)
{
    if (p->success_count++ < TOLD) json_array_append_new(p->successes, show(p, object, NULL));
}

static bool has_many_values(const char *bytes, size_t length)
{
    size_t values = 0;
    for (size_t i = 0; i < length; i++) values += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    return values > VALUES;
}

/* The objects of the body, those that are well formed. False after answering. */
static bool read_objects(struct posting *p)
{
    const struct eki_buffer *body = &p->request->body;
    size_t i;
    json_t *object;
    if (body->failed || has_many_values(body->bytes, body->length)) {
        eki_taxii_problem(p->request, body->failed ? 503 : 413, "The envelope is too large.");
        return false;
    }
    json_t *envelope = json_loadb(body->bytes ? body->bytes : "", body->length, 0, NULL);
    json_t *objects = json_object_get(envelope, "objects");
    if (!json_is_array(objects) || !json_array_size(objects)) {
        json_decref(envelope);
        eki_taxii_problem(p->request, envelope ? 422 : 400, "The body is no envelope with objects.");
        return false;
    }
    p->total = json_array_size(objects);
    json_array_foreach(objects, i, object)
    {
        const char *why = eki_taxii_fault(object);
        if (why)
            fail(p, object, why);
        else
            json_array_append(p->objects, object);
    }
    json_decref(envelope);
    return true;
}

/* The label that reaches as far as the collection does. */
static enum eki_tlp label_of(enum eki_tlp_audience audience)
{
    for (int label = 0; label < EKI_TLP_COUNT; label++)
        if (eki_tlp_reach((enum eki_tlp)label) == audience) return (enum eki_tlp)label;
    return EKI_TLP_RED;
}

/* Who sends: the team that the token is of, or the token itself, or the account. */
struct sender {
    char team[EKI_BUNDLE_TEAM], name[80];
    unsigned tier;
    bool proven;
};

static enum eki_error find_sender(struct eki_request *request, struct eki_store_work *work,
                                  const struct eki_directory *directory, struct sender *sender)
{
    struct eki_store_token token;
    size_t count;
    snprintf(sender->name, sizeof sender->name, "account %.60s", request->who.name);
    if (!request->who.token) return EKI_OK;
    enum eki_error error = eki_store_get(work, &token, request->who.token);
    if (error) return error;
    snprintf(sender->name, sizeof sender->name, "token %lld", (long long)token.id);
    const char *from = strstr(token.scopes, EKI_TAXII_FROM); /* no other scope holds it */
    if (!from) return EKI_OK;
    from += sizeof EKI_TAXII_FROM - 1;
    snprintf(sender->team, sizeof sender->team, "%.*s", (int)strcspn(from, " "), from);
    uint32_t at = eki_directory_team(directory, sender->team);
    if (at == EKI_NOWHERE) sender->team[0] = '\0';
    sender->proven = at != EKI_NOWHERE;
    sender->tier = at == EKI_NOWHERE ? 0 : eki_directory_teams(directory, &count)[at].tier;
    return EKI_OK;
}

static enum eki_error take_group(struct posting *p, struct eki_store_work *work,
                                 const struct eki_receive_origin *origin, json_t *group)
{
    size_t i;
    json_t *object;
    struct eki_fault fault = {0};
    struct eki_reception reception = {.answer = EKI_RECEIVE_REFUSED};
    const struct eki_store_act act = eki_request_act(p->request);
    struct eki_incident *incident = NULL;
    enum eki_error error = EKI_OK;
    if (!eki_taxii_incident(group, &incident, &fault))
        error = eki_case_receive(work, &act, incident, origin, &reception);
    else
        snprintf(reception.why, sizeof reception.why, "%.150s", fault.what);
    eki_incident_free(incident);
    if (error) return error;
    bool refused = reception.answer == EKI_RECEIVE_REFUSED || reception.answer == EKI_RECEIVE_OLD;
    json_array_foreach(group, i, object)
    {
        if (refused)
            fail(p, object, reception.why);
        else
            succeed(p, object);
    }
    if (!refused) p->last = reception;
    return EKI_OK;
}

static enum eki_error take_all(struct posting *p, struct eki_store_work *work,
                               const struct eki_directory *directory)
{
    struct sender sender = {0};
    json_t *groups = NULL, *loose = NULL, *group;
    size_t i;
    enum eki_error error = find_sender(p->request, work, directory, &sender);
    if (error) return error;
    const struct eki_receive_origin origin = {.way = "taxii",
                                              .form = "stix",
                                              .team = sender.team,
                                              .sender = sender.name,
                                              .tier = sender.tier,
                                              .proven = sender.proven,
                                              .labelled = true,
                                              .label = label_of(p->audience),
                                              .directory = directory,
                                              .catalogue = p->request->web->catalogue};
    error = eki_taxii_split(p->objects, INCIDENTS, &groups, &loose);
    if (error == EKI_ERROR_LIMIT) {
        json_array_foreach(p->objects, i, group) fail(p, group, "too many incidents, or too entangled");
        return EKI_OK;
    }
    if (error) return error;
    json_array_foreach(groups, i, group) if (!error) error = take_group(p, work, &origin, group);
    json_array_foreach(loose, i, group) fail(p, group, "it belongs to no incident, report or grouping");
    json_decref(groups);
    json_decref(loose);
    return error;
}

/* Version 4 (RFC 4122, 4.4), so that nobody guesses the number of another's status. */
static void make_number(char ret_number[NUMBER])
{
    unsigned char b[16];
    randombytes_buf(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(ret_number, NUMBER, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static json_t *show_status(const struct posting *p, const char *number)
{
    char at[EKI_TIME_TEXT];
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:O,s:I,s:O,s:i}", "id", number, "status", "complete",
                     "request_timestamp", eki_time_format(eki_request_now(p->request) * 1000, at),
                     "total_count", (json_int_t)p->total, "success_count", (json_int_t)p->success_count,
                     "successes", p->successes, "failure_count", (json_int_t)p->failure_count, "failures",
                     p->failures, "pending_count", 0);
}

/* Kept for a day, so that who asks again is answered. */
static enum eki_error keep_status(struct posting *p, struct eki_store_work *work, json_t *status)
{
    char *text = status ? json_dumps(status, JSON_COMPACT) : NULL;
    struct eki_store_taxii_status row = {.number = text_of(status, "id"),
                                         .account = p->request->who.account,
                                         .status = text,
                                         .created = eki_request_now(p->request)};
    enum eki_error error = text ? eki_store_add(work, &row) : EKI_ERROR_MEMORY;
    eki_free(text);
    const struct eki_store_query old = {
        .where = {{.column = "created", .is = '<', .number = row.created - INT64_C(86400) * 1000000}},
        .limit = 100};
    struct eki_store_taxii_status *rows;
    struct eki_store_page page = {0};
    if (!error) error = eki_store_list(work, &old, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = eki_store_remove(work, &rows[i]);
    return error;
}

static void take_in(struct posting *p)
{
    char number[NUMBER];
    struct eki_desk_view *view = eki_desk_take(p->request);
    struct eki_store_work *work = view ? eki_request_writes(p->request) : NULL;
    json_t *status = NULL;
    if (work) {
        make_number(number);
        enum eki_error error = take_all(p, work, view->directory);
        if (!error) status = show_status(p, number);
        if (!error) error = keep_status(p, work, status);
        if (eki_request_settled(p->request, work, error, &(struct eki_fault){0})) {
            if (p->last.of_case) eki_received_tell(p->request, &p->last);
            eki_taxii_reply(p->request, 202, json_incref(status));
        }
    }
    json_decref(status);
    if (view) eki_desk_release(p->request, view);
}

static bool is_acceptable(struct eki_request *request)
{
    static const char type[] = "application/taxii+json";
    const char *given = eki_request_header(request, "Content-Type");
    const char *version = given ? strstr(given, "version=") : NULL;
    if (!eki_taxii_acceptable(request)) return false;
    if (given && !strncasecmp(given, type, sizeof type - 1) &&
        (!version || !strncmp(version + 8, "2.1", 3) || !strncmp(version + 8, "\"2.1\"", 5)))
        return true;
    eki_taxii_problem(request, 415, "The body must be " EKI_TAXII_TYPE ".");
    return false;
}

void eki_taxii_objects_post(struct eki_request *request)
{
    struct posting p = {.request = request};
    enum eki_tlp_audience reach;
    if (!is_acceptable(request)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_taxii_reach(request, work, &reach);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    if (!eki_taxii_collection(request->values[0], &p.audience) || p.audience < reach) {
        eki_taxii_problem(request, 404, "There is no such collection.");
        return;
    }
    p.objects = json_array();
    p.successes = json_array();
    p.failures = json_array();
    if (read_objects(&p)) take_in(&p);
    json_decref(p.objects);
    json_decref(p.successes);
    json_decref(p.failures);
}

void eki_taxii_status_get(struct eki_request *request)
{
    struct eki_store_taxii_status row;
    if (!eki_taxii_acceptable(request)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_find(work, &row, "number", request->values[0]);
    if (!error && row.account != request->who.account) error = EKI_ERROR_MISSING;
    if (error == EKI_ERROR_MISSING)
        eki_taxii_problem(request, 404, "There is no such status.");
    else if (!error)
        eki_taxii_reply(request, 200, json_loads(row.status, 0, NULL));
    if (error && error != EKI_ERROR_MISSING)
        eki_problem_store(request, error, work, NULL);
    else
        eki_store_end(work);
}
