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
#include "cli/output.h"
#include "cli/store_place.h"
#include "ekigaku/case_words.h"
#include "ekigaku/desk_directory.h"

static struct eki_store_opening opening_of(const struct eki_receive_request *request)
{
    /* Who names an account means a store that has some. */
    return (struct eki_store_opening){
        .command = request->command, .url = request->store, .makes = !request->as, .now = request->now};
}

static int complain(const struct eki_receive_desk *desk, enum eki_error error, const char *what)
{
    const struct eki_store_opening opening = opening_of(desk->request);
    int status = eki_store_place_complain(&opening, error, what);
    return error == EKI_ERROR_CONFLICT ? EKI_EXIT_UNREADABLE : status;
}

static int find_account(struct eki_receive_desk *desk)
{
    struct eki_desk_actor actor;
    const struct eki_store_opening opening = opening_of(desk->request);
    const char *name = desk->request->as;
    int status = eki_store_place_actor(&opening, desk->store, name, &actor);
    if (status || !name) return status;
    /* As the service asks for: whoever may open cases. */
    if (actor.rank < EKI_RANK_ANALYST) return eki_store_place_refuse(&opening, name);
    desk->act.account = actor.account;
    desk->act.who = name;
    return EKI_EXIT_NOTHING;
}

static int find_all(struct eki_receive_desk *desk)
{
    const struct eki_receive_request *request = desk->request;
    struct eki_fault fault = {0};
    struct eki_store_work *work;
    int found = find_account(desk);
    if (found) return found;
    enum eki_error error = eki_store_begin(desk->store, NULL, &work, &fault);
    if (error) return complain(desk, error, fault.what);
    int status = EKI_EXIT_NOTHING;
    if (!request->directory) {
        error = eki_desk_directory(work, request->now, &desk->directory, &fault);
        if (error) status = complain(desk, error, fault.what);
    }
    eki_store_end(work);
    if (!status && request->directory)
        status = eki_directory_load(request->directory, request->now, &desk->directory);
    if (status || !request->from || eki_directory_team(desk->directory, request->from) != EKI_NOWHERE)
        return status;
    eki_warn(request->command, EKI_TEXT("the directory knows no team \"{1}\""), EKI_VALUES(request->from));
    return EKI_EXIT_USAGE;
}

int eki_receive_desk_open(const struct eki_receive_request *request, struct eki_receive_desk *ret_desk)
{
    struct eki_receive_desk *desk = ret_desk;
    struct eki_fault fault = {0};
    const struct eki_store_opening opening = opening_of(request);
    *desk = (struct eki_receive_desk){.request = request,
                                      .act = {.at = request->now / 1000, .who = "ekigaku import"}};
    int status = eki_store_place_open(&opening, &desk->store);
    if (!status) status = find_all(desk);
    const char *path = "";
    enum eki_error error = status ? EKI_OK : eki_catalogue_read(NULL, &desk->catalogue, &path, &fault);
    if (error) status = complain(desk, error, path);
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
        "{s:s,s:s,s:s*,s:o,s:I,s:I,s:I,s:s,s:s*,s:I,s:I,s:s*,s:o,s:I}", "file", shown, "answer",
        eki_receive_answer_name(r->answer), "team", *o->team ? o->team : NULL, "case",
        r->of_case ? json_integer((json_int_t)r->of_case) : json_null(), "hosts", (json_int_t)r->hosts,
        "indicators", (json_int_t)r->indicators, "passed", (json_int_t)r->passed, "label",
        eki_tlp_word(r->label), "why", *r->why ? r->why : NULL, "proposed", (json_int_t)o->proposed,
        "proposals_refused", (json_int_t)o->refused, "proposals_why", *o->why ? o->why : NULL, "same_case",
        r->shared.of_case ? json_integer((json_int_t)r->shared.of_case) : json_null(), "same_hosts",
        (json_int_t)r->shared.hosts);
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
    char why[EKI_REPORT_SENTENCE];
    eki_say_into(why, sizeof why, EKI_ENGLISH, ": {1}", EKI_VALUES(eki_say_fault(o->why).text));
    bool taken = r->answer == EKI_RECEIVE_OPENED || r->answer == EKI_RECEIVE_UPDATED;
    int status = r->answer == EKI_RECEIVE_REFUSED || r->answer == EKI_RECEIVE_OLD ? EKI_EXIT_UNREADABLE
                                                                                  : EKI_EXIT_NOTHING;
    if (desk->request->json) {
        int failed = tell_json(shown, o);
        return failed ? failed : status;
    }
    enum eki_language language = eki_output_language();
    eki_say(stdout, language, "{1}: {2}",
            EKI_VALUES(shown, eki_case_word_in(language, "receive", eki_receive_answer_name(r->answer))));
    if (*o->team) eki_say(stdout, language, EKI_TEXT(", from {1}"), EKI_VALUES(o->team));
    if (r->of_case)
        eki_say(stdout, language, EKI_TEXT(", case {1}"), EKI_VALUES(eki_say_number(r->of_case).text));
    if (taken)
        eki_say(
            stdout, language, EKI_TEXT(": {1}, {2}, passed over: {3}, {4}"),
            EKI_VALUES(
                eki_say_count(language, r->hosts, EKI_TEXT("{1} host"), EKI_TEXT("{1} hosts")).text,
                eki_say_count(language, r->indicators, EKI_TEXT("{1} indicator"), EKI_TEXT("{1} indicators"))
                    .text,
                eki_say_number((int64_t)r->passed).text, eki_tlp_text(r->label)));
    if (*r->why) eki_say(stdout, language, ": {1}", EKI_VALUES(eki_say_fault(r->why).text));
    putchar('\n');
    if (r->shared.of_case)
        eki_say_line(
            stdout, language,
            EKI_TEXT(
                "{1}: case {2} is open and has {3} of these hosts: if both are the same, ekigaku case merge "
                "{4} {2}"),
            EKI_VALUES(shown, eki_say_number(r->shared.of_case).text,
                       eki_say_number((int64_t)r->shared.hosts).text, eki_say_number(r->of_case).text));
    if (o->proposed || o->known || o->refused)
        eki_say_line(stdout, language, EKI_TEXT("{1}: directory: {2} proposed, {3} known, {4} refused{5}"),
                     EKI_VALUES(shown, eki_say_number((int64_t)o->proposed).text,
                                eki_say_number((int64_t)o->known).text,
                                eki_say_number((int64_t)o->refused).text, *o->why ? why : ""));
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
