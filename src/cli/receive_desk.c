/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/receive_desk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/exchange_file.h"
#include "cli/inputs.h"
#include "ekigaku/desk_directory.h"

static int complain(const struct eki_receive_desk *desk, enum eki_error error, const char *what)
{
    fprintf(stderr, "ekigaku %s: %s%s%s\n", desk->request->command, eki_error_text(error),
            what && *what ? ": " : "", what ? what : "");
    if (error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY) return EKI_EXIT_FAILED;
    return error == EKI_ERROR_ARGUMENT ? EKI_EXIT_USAGE : EKI_EXIT_UNREADABLE;
}

/* As the service asks for: whoever may open cases. */
static bool may_receive(const struct eki_store_account *account)
{
    return !account->disabled && strcmp(account->role, "viewer") != 0;
}

static int find_account(struct eki_receive_desk *desk, struct eki_store_work *work)
{
    struct eki_store_account account;
    const char *name = desk->request->as;
    if (!name) return EKI_EXIT_NOTHING;
    enum eki_error error = eki_store_find(work, &account, "name", name);
    if (error) return complain(desk, error, name);
    if (!may_receive(&account)) {
        fprintf(stderr, "ekigaku %s: %s may not do this: the account is disabled or its role too low\n",
                desk->request->command, name);
        return EKI_EXIT_USAGE;
    }
    desk->act.account = account.id;
    desk->act.who = name;
    return EKI_EXIT_NOTHING;
}

static int find_all(struct eki_receive_desk *desk)
{
    const struct eki_receive_request *request = desk->request;
    struct eki_fault fault = {0};
    struct eki_store_work *work;
    enum eki_error error = eki_store_begin(desk->store, NULL, &work, &fault);
    if (error) return complain(desk, error, fault.what);
    int status = find_account(desk, work);
    if (!status && !request->directory) {
        error = eki_desk_directory(work, request->now, &desk->directory, &fault);
        if (error) status = complain(desk, error, fault.what);
    }
    eki_store_end(work);
    if (!status && request->directory)
        status = eki_directory_load(request->directory, request->now, &desk->directory);
    if (status || !request->from || eki_directory_team(desk->directory, request->from) != EKI_NOWHERE)
        return status;
    fprintf(stderr, "ekigaku %s: the directory knows no team \"%s\"\n", request->command, request->from);
    return EKI_EXIT_USAGE;
}

int eki_receive_desk_open(const struct eki_receive_request *request, struct eki_receive_desk *ret_desk)
{
    struct eki_receive_desk *desk = ret_desk;
    struct eki_fault fault = {0};
    const struct eki_store_options options = {.now = request->now / 1000};
    *desk = (struct eki_receive_desk){.request = request,
                                      .act = {.at = request->now / 1000, .who = "ekigaku import"}};
    enum eki_error error = eki_store_open(request->store, &options, &desk->store, &fault);
    /* A URL may hold a password; what a person is told does not. */
    if (error) return complain(desk, error, strstr(request->store, "://") ? "the store" : request->store);
    int status = find_all(desk);
    const char *path = "";
    if (!status && (error = eki_catalogue_read(NULL, &desk->catalogue, &path, &fault)))
        status = complain(desk, error, path);
    snprintf(desk->sender, sizeof desk->sender, "account %.200s", desk->act.who);
    return status;
}

void eki_receive_desk_close(struct eki_receive_desk *desk)
{
    eki_catalogue_free(desk->catalogue);
    eki_directory_free(desk->directory);
    eki_store_close(desk->store);
}

static struct eki_store_work *begin(struct eki_receive_desk *desk, int *ret_status)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(desk->store, &desk->act, &work, &fault);
    *ret_status = error ? complain(desk, error, fault.what) : EKI_EXIT_NOTHING;
    desk->store_failed |= error != EKI_OK;
    return error ? NULL : work;
}

static int tell_json(const char *shown, const struct eki_federation_outcome *o)
{
    const struct eki_reception *r = &o->reception;
    json_t *line = json_pack(
        "{s:s,s:s,s:s*,s:o,s:I,s:I,s:I,s:s,s:s*,s:I,s:I,s:s*}", "file", shown, "answer",
        eki_receive_answer_name(r->answer), "team", *o->team ? o->team : NULL, "case",
        r->of_case ? json_integer((json_int_t)r->of_case) : json_null(), "hosts", (json_int_t)r->hosts,
        "indicators", (json_int_t)r->indicators, "passed", (json_int_t)r->passed, "label",
        eki_tlp_word(r->label), "why", *r->why ? r->why : NULL, "proposed", (json_int_t)o->proposed,
        "proposals_refused", (json_int_t)o->refused, "proposals_why", *o->why ? o->why : NULL);
    int failed = line ? json_dumpf(line, stdout, JSON_COMPACT) : -1;
    json_decref(line);
    putchar('\n');
    return failed ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

/* One line a thing: what became of it, and why not more. */
static int tell(const struct eki_receive_desk *desk, const char *shown,
                const struct eki_federation_outcome *o)
{
    const struct eki_reception *r = &o->reception;
    bool taken = r->answer == EKI_RECEIVE_OPENED || r->answer == EKI_RECEIVE_UPDATED;
    int status = r->answer == EKI_RECEIVE_REFUSED || r->answer == EKI_RECEIVE_OLD ? EKI_EXIT_UNREADABLE
                                                                                  : EKI_EXIT_NOTHING;
    if (desk->request->json) {
        int failed = tell_json(shown, o);
        return failed ? failed : status;
    }
    printf("%s: %s", shown, eki_receive_answer_name(r->answer));
    if (*o->team) printf(", from %s", o->team);
    if (r->of_case) printf(", case %lld", (long long)r->of_case);
    if (taken)
        printf(": %zu hosts, %zu indicators, %zu passed over, %s", r->hosts, r->indicators, r->passed,
               eki_tlp_text(r->label));
    if (*r->why) printf(": %s", r->why);
    putchar('\n');
    if (o->proposed || o->known || o->refused)
        printf("%s: directory: %zu proposed, %zu known, %zu refused%s%s\n", shown, o->proposed, o->known,
               o->refused, *o->why ? ": " : "", o->why);
    return status;
}

/* Commits what went well; says what became of it. */
static int settle(struct eki_receive_desk *desk, struct eki_store_work *work, enum eki_error error,
                  const char *shown, const struct eki_federation_outcome *outcome)
{
    if (!error) error = eki_store_commit(work);
    desk->store_failed |= error != EKI_OK;
    int status = error ? complain(desk, error, eki_store_why(work)->what) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status ? status : tell(desk, shown, outcome);
}

int eki_receive_desk_incident(struct eki_receive_desk *desk, const char *shown,
                              const struct eki_incident *incident, const struct eki_receive_origin *origin)
{
    struct eki_federation_outcome outcome = {0};
    int status;
    struct eki_store_work *work = begin(desk, &status);
    if (!work) return status;
    enum eki_error error = eki_case_receive(work, &desk->act, incident, origin, &outcome.reception);
    snprintf(outcome.team, sizeof outcome.team, "%s", origin->team ? origin->team : "");
    return settle(desk, work, error, shown, &outcome);
}

static int take_bundle(struct eki_receive_desk *desk, const char *path, const char *bytes, size_t length)
{
    const struct eki_federation_bundle handed = {bytes, length, desk->directory, desk->catalogue};
    struct eki_federation_outcome outcome = {0};
    struct eki_fault fault = {0};
    int status;
    struct eki_store_work *work = begin(desk, &status);
    if (!work) return status;
    enum eki_error error = eki_federation_receive(work, &desk->act, &handed, &outcome, &fault);
    if (!error || !*fault.what) return settle(desk, work, error, path, &outcome);
    eki_store_end(work);
    eki_inputs_complain_of(path, error, &fault);
    return EKI_EXIT_UNREADABLE;
}

static int take_other(struct eki_receive_desk *desk, const char *path, const char *bytes, size_t length)
{
    const struct eki_exchange_format *format = desk->request->format;
    struct eki_incident *incident;
    struct eki_fault fault = {0};
    if (!format) format = eki_exchange_detect(bytes, length);
    enum eki_error error = eki_exchange_read(bytes, length, format, &incident, &fault);
    if (error) {
        eki_inputs_complain_of(path, error, &fault);
        return EKI_EXIT_UNREADABLE;
    }
    const struct eki_receive_origin origin = {.way = "file",
                                              .form = eki_exchange_name(format),
                                              .team = desk->request->from,
                                              .sender = desk->sender,
                                              .directory = desk->directory,
                                              .catalogue = desk->catalogue};
    int status = eki_receive_desk_incident(desk, path, incident, &origin);
    eki_incident_free(incident);
    return status;
}

int eki_receive_desk_file(struct eki_receive_desk *desk, const char *path)
{
    size_t length;
    char *bytes = eki_exchange_file_slurp(path, &length);
    if (!bytes) return EKI_EXIT_UNREADABLE;
    int status = !desk->request->format && eki_federation_is_bundle(bytes, length)
                     ? take_bundle(desk, path, bytes, length)
                     : take_other(desk, path, bytes, length);
    free(bytes);
    return status;
}
