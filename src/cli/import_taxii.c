/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/import_taxii.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/say.h"
#include "ekigaku/mail.h"
#include "ekigaku/taxii_client.h"

enum {
    INCIDENTS = 100000, /* of one run: a thousand times what a large desk opens in a month */
    NAME = 800          /* bytes of a setting: a root has 500, a collection's id 200 */
};

struct asking {
    const struct eki_import_request *request;
    const volatile int *stop;
    struct eki_receive_desk desk;
    struct eki_taxii_client *client;
    struct eki_taxii_collection *collections;
    size_t count, incidents, loose;
    bool more; /* a limit ended the run before the collections did */
};

static int status_of(enum eki_error error)
{
    if (error == EKI_ERROR_STOPPED) return EKI_EXIT_INTERRUPTED;
    if (error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY) return EKI_EXIT_FAILED;
    return error == EKI_ERROR_ARGUMENT ? EKI_EXIT_USAGE : EKI_EXIT_UNREADABLE;
}

/* With the URL that was asked; `where` NULL for what has none. */
static int complain(enum eki_error error, const char *where, const struct eki_fault *fault)
{
    const char *what = fault ? fault->what : "";
    eki_warn("import",
             where && *what ? "{1}: {2}: {3}"
             : where        ? "{1}: {2}"
             : *what        ? "{2}: {3}"
                            : "{2}",
             EKI_VALUES(where ? where : "", eki_say_error(error), eki_say_fault(what).text));
    return status_of(error);
}

static int connect(struct asking *a)
{
    const struct eki_import_request *request = a->request;
    struct eki_mail_login login = {0};
    struct eki_fault fault = {0};
    enum eki_error error = eki_mail_start();
    if (error) return complain(error, "libraries", NULL);
    if (request->login) error = eki_mail_login_read(request->login, &login, &fault);
    if (error) return complain(error, request->login, &fault);
    const struct eki_taxii_server server = {.url = request->taxii,
                                            .user = request->login ? login.user : NULL,
                                            .password = request->login ? login.password : NULL,
                                            .ca_file = request->ca_file,
                                            .stop = a->stop};
    error = eki_taxii_open(&server, &a->client, &fault);
    explicit_bzero(&login, sizeof login);
    if (!error && eki_taxii_roots(a->client) > 1)
        eki_warn(
            "import", EKI_TEXT("of {1} API roots {2} is read; another is read by its own URL"),
            EKI_VALUES(eki_say_number((int64_t)eki_taxii_roots(a->client)).text, eki_taxii_root(a->client)));
    /* What is no URL may hold a password; it is not told. */
    return error ? complain(error, error == EKI_ERROR_ARGUMENT ? "--taxii" : request->taxii, &fault)
                 : EKI_EXIT_NOTHING;
}

/* How far a collection of this root was read is a setting of the store. */
static void name_of(const struct asking *a, const struct eki_taxii_collection *collection,
                    char ret_name[NAME])
{
    snprintf(ret_name, NAME, "taxii.%s%s", eki_taxii_root(a->client), collection->id);
}

static enum eki_error read_place(struct asking *a, struct eki_store_work *work,
                                 struct eki_taxii_collection *collection)
{
    char name[NAME];
    const char *kept;
    eki_time moment;
    name_of(a, collection, name);
    enum eki_error error = eki_store_chosen(work, name, "", &kept);
    if (error) return error;
    if (a->request->since) kept = a->request->since;
    bool good = strlen(kept) < sizeof collection->after && !eki_time_parse(kept, &moment);
    snprintf(collection->after, sizeof collection->after, "%s", good ? kept : "");
    return EKI_OK;
}

static int read_places(struct asking *a)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(a->desk.store, NULL, &work, &fault);
    if (error) return complain(error, NULL, &fault);
    for (size_t i = 0; !error && i < a->count; i++) error = read_place(a, work, &a->collections[i]);
    int status = error ? complain(error, NULL, eki_store_why(work)) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

/* A server whose clock is ahead must not make us blind for what it adds until then; and what was read stays
 * read when an older part was asked for again. */
static enum eki_error keep_place(struct asking *a, struct eki_store_work *work,
                                 const struct eki_taxii_collection *collection)
{
    char name[NAME], now[EKI_TIME_TEXT];
    const char *kept, *after = collection->after;
    eki_time then, before;
    if (!*after || eki_time_parse(after, &then)) return EKI_OK;
    if (then > a->request->into.now) {
        then = a->request->into.now;
        after = eki_time_format(then, now);
    }
    name_of(a, collection, name);
    enum eki_error error = eki_store_chosen(work, name, "", &kept);
    if (error || (*kept && !eki_time_parse(kept, &before) && before >= then)) return error;
    return eki_store_choose(work, name, after);
}

static int keep_places(struct asking *a)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(a->desk.store, &a->desk.act, &work, &fault);
    if (error) return complain(error, NULL, &fault);
    for (size_t i = 0; !error && i < a->count; i++) error = keep_place(a, work, &a->collections[i]);
    if (!error) error = eki_store_commit(work);
    int status = error ? complain(error, NULL, eki_store_why(work)) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

static int fetch(struct asking *a)
{
    struct eki_fault fault = {0};
    enum eki_error error =
        eki_taxii_list(a->client, a->request->collection, a->collections, &a->count, &fault);
    int status = error ? complain(error, eki_taxii_where(a->client), &fault) : read_places(a);
    bool came = false; /* whole pages */
    for (size_t i = 0; !status && !a->more && i < a->count; i++) {
        error = eki_taxii_fetch(a->client, &a->collections[i], &fault);
        came |= a->collections[i].pages > 0;
        a->more = error == EKI_ERROR_LIMIT && came;
        if (error) status = complain(error, eki_taxii_where(a->client), &fault);
    }
    return a->more ? EKI_EXIT_NOTHING : status;
}

/* The id of the incident that a group is about, which says what was taken in. */
static const char *name_group(const json_t *group)
{
    size_t i;
    json_t *object;
    json_array_foreach(group, i, object)
    {
        const char *type = json_string_value(json_object_get(object, "type"));
        if (!strcmp(type, "incident") || !strcmp(type, "report") || !strcmp(type, "grouping"))
            return json_string_value(json_object_get(object, "id"));
    }
    return "objects";
}

static int take_group(struct asking *a, json_t *group)
{
    char shown[1000], sender[200];
    struct eki_incident *incident;
    struct eki_fault fault;
    snprintf(shown, sizeof shown, "%s %s", eki_taxii_root(a->client), name_group(group));
    snprintf(sender, sizeof sender, "taxii %s", eki_taxii_root(a->client));
    const struct eki_receive_origin origin = {.way = "taxii",
                                              .form = "stix",
                                              .team = a->request->into.from,
                                              .sender = sender,
                                              .directory = a->desk.directory,
                                              .catalogue = a->desk.catalogue};
    enum eki_error error = eki_taxii_incident(group, &incident, &fault);
    if (error) return complain(error, shown, &fault);
    int status = eki_receive_desk_incident(&a->desk, shown, incident, &origin);
    eki_incident_free(incident);
    return status;
}

static int take_groups(struct asking *a, json_t *groups)
{
    size_t i;
    json_t *group;
    int worst = EKI_EXIT_NOTHING;
    json_array_foreach(groups, i, group)
    {
        if (*a->stop) {
            eki_warn("import", EKI_TEXT("interrupted; what is left comes with the next run"), EKI_NO_VALUES);
            return EKI_EXIT_INTERRUPTED;
        }
        int status = take_group(a, group);
        if (status > worst) worst = status;
        if (a->desk.store_failed) break;
    }
    return worst;
}

static void tell_collection(const char *root, const struct eki_taxii_collection *c)
{
    enum eki_language language = eki_output_language();
    eki_say_line(
        stdout, language, EKI_TEXT("{1}collections/{2}/: {3}, {4}"),
        EKI_VALUES(root, c->id,
                   eki_say_count(language, c->objects, EKI_TEXT("{1} object"), EKI_TEXT("{1} objects")).text,
                   eki_say_count(language, c->pages, EKI_TEXT("{1} page"), EKI_TEXT("{1} pages")).text));
}

static int tell(const struct asking *a)
{
    const char *root = eki_taxii_root(a->client);
    size_t passed = eki_taxii_passed(a->client);
    json_t *list = a->request->into.json ? json_array() : NULL;
    for (size_t i = 0; i < a->count; i++) {
        const struct eki_taxii_collection *c = &a->collections[i];
        if (list)
            json_array_append_new(list, json_pack("{s:s,s:I,s:I,s:s*}", "id", c->id, "pages",
                                                  (json_int_t)c->pages, "objects", (json_int_t)c->objects,
                                                  "after", *c->after ? c->after : NULL));
        else
            tell_collection(root, c);
    }
    if (!list) {
        if (a->loose || passed)
            eki_say_line(stdout, eki_output_language(),
                         EKI_TEXT("{1}: passed over, of no incident: {2}; not well formed: {3}"),
                         EKI_VALUES(root, eki_say_number((int64_t)a->loose).text,
                                    eki_say_number((int64_t)passed).text));
        return EKI_EXIT_NOTHING;
    }
    json_t *line =
        json_pack("{s:s,s:I,s:I,s:I,s:o}", "taxii", root, "incidents", (json_int_t)a->incidents, "loose",
                  (json_int_t)a->loose, "malformed", (json_int_t)passed, "collections", list);
    int failed = line ? json_dumpf(line, stdout, JSON_COMPACT) : -1;
    putchar('\n');
    json_decref(line);
    return failed ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

static int take_in(struct asking *a)
{
    json_t *groups = NULL, *loose = NULL;
    enum eki_error error = eki_taxii_split(eki_taxii_pool(a->client), INCIDENTS, &groups, &loose);
    if (error)
        return complain(error, eki_taxii_root(a->client),
                        &(struct eki_fault){.what = "too many incidents, or too entangled"});
    a->incidents = json_array_size(groups);
    a->loose = json_array_size(loose);
    int status = take_groups(a, groups);
    json_decref(groups);
    json_decref(loose);
    /* What was refused will be so again: only what could not be kept is asked for anew. */
    bool all = status != EKI_EXIT_INTERRUPTED && !a->desk.store_failed;
    int kept = all ? keep_places(a) : status;
    int told = tell(a);
    if (a->more && all) {
        eki_warn("import",
                 a->request->since ? EKI_TEXT("more is left; a later --since goes on")
                                   : EKI_TEXT("more is left; the next run goes on from here"),
                 EKI_NO_VALUES);
        if (told < EKI_EXIT_UNREADABLE) told = EKI_EXIT_UNREADABLE;
    }
    if (kept > status) status = kept;
    return told > status ? told : status;
}

int eki_import_taxii(const struct eki_import_request *request)
{
    struct asking a = {.request = request, .stop = eki_interrupt_watch()};
    a.collections = calloc(EKI_TAXII_COLLECTIONS, sizeof *a.collections);
    int status = a.collections ? eki_receive_desk_open(&request->into, &a.desk) : EKI_EXIT_FAILED;
    bool open = a.collections != NULL;
    if (!status) status = connect(&a);
    if (!status) status = fetch(&a);
    if (!status) status = take_in(&a);
    eki_taxii_close(a.client);
    if (open) eki_receive_desk_close(&a.desk);
    free(a.collections);
    return status;
}
