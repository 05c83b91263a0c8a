/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_desk.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "ekigaku/case_words.h"
#include "ekigaku/desk_directory.h"

static struct eki_store_opening opening_of(const struct eki_case_request *request)
{
    /* Who names an account means a store that has some. */
    return (struct eki_store_opening){.command = "case",
                                      .url = request->store,
                                      .makes = request->action == EKI_CASE_OPEN && !request->as,
                                      .now = request->now};
}

int eki_case_complain(const struct eki_case_desk *desk, enum eki_error error, const char *what)
{
    const struct eki_store_opening opening = opening_of(desk->request);
    return eki_store_place_complain(&opening, error, what);
}

void eki_case_tell(const struct eki_case_desk *desk, const char *english, const char *const *values)
{
    eki_say(stdout, desk->request->language, english, values);
}

void eki_case_tell_line(const struct eki_case_desk *desk, const char *english, const char *const *values)
{
    eki_say_line(stdout, desk->request->language, english, values);
}

const char *eki_case_called(const struct eki_case_desk *desk, const char *group, const char *name)
{
    return eki_case_word_in(desk->request->language, group, name);
}

struct eki_store_work *eki_case_begin(const struct eki_case_desk *desk)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(desk->store, &desk->act, &work, &fault);
    if (!error) return work;
    eki_case_complain(desk, error, fault.what);
    return NULL;
}

int eki_case_end(const struct eki_case_desk *desk, struct eki_store_work *work, enum eki_error error,
                 const struct eki_fault *fault)
{
    if (!error) error = eki_store_commit(work);
    const char *what = fault && *fault->what ? fault->what : eki_store_why(work)->what;
    int status = error ? eki_case_complain(desk, error, what) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

/* The same as the service asks for. */
static enum eki_desk_rank least_for(const struct eki_case_request *request)
{
    switch (request->action) {
    case EKI_CASE_LIST:
    case EKI_CASE_SHOW:
    case EKI_CASE_HISTORY:
    case EKI_CASE_REPORT: return EKI_RANK_VIEWER;
    case EKI_CASE_MERGE:
    case EKI_CASE_SPLIT:
    case EKI_CASE_CLOSE:
    case EKI_CASE_REOPEN: return EKI_RANK_COORDINATOR;
    case EKI_CASE_TASK: return strcmp(request->verb, "list") ? EKI_RANK_ANALYST : EKI_RANK_VIEWER;
    default: return EKI_RANK_ANALYST;
    }
}

/* Who acts: an account by its name, or this program. */
static int find_account(struct eki_case_desk *desk)
{
    struct eki_desk_actor actor;
    const struct eki_store_opening opening = opening_of(desk->request);
    int status = eki_store_place_actor(&opening, desk->store, desk->request->as, &actor);
    if (status) return status;
    desk->coordinates = actor.rank >= EKI_RANK_COORDINATOR;
    desk->act.account = actor.account;
    if (desk->request->as) desk->act.who = desk->request->as;
    return actor.rank < least_for(desk->request) ? eki_store_place_refuse(&opening, desk->request->as)
                                                 : EKI_EXIT_NOTHING;
}

/* Owners out of a file, or out of the store's rows when it has any. */
static int open_directory(struct eki_case_desk *desk)
{
    uint64_t rows;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    const struct eki_case_request *request = desk->request;
    if (request->directory) return eki_directory_load(request->directory, request->now, &desk->directory);
    enum eki_error error = eki_store_begin(desk->store, NULL, &work, &fault);
    if (error) return eki_case_complain(desk, error, fault.what);
    error = eki_store_count(work, EKI_STORE_DIRECTORY_RECORD, NULL, &rows);
    if (!error && !rows && request->action != EKI_CASE_SHOW && request->action != EKI_CASE_REPORT)
        eki_warn("case",
                 EKI_TEXT("the directory of the store is empty, so no owner is known: name a file with -d"),
                 EKI_NO_VALUES);
    if (!error && rows) error = eki_desk_directory(work, request->now, &desk->directory, &fault);
    eki_store_end(work);
    return error ? eki_case_complain(desk, error, fault.what) : EKI_EXIT_NOTHING;
}

int eki_case_desk_open(const struct eki_case_request *request, struct eki_case_desk *ret_desk)
{
    struct eki_case_desk *desk = ret_desk;
    struct eki_fault fault = {0};
    const struct eki_store_opening opening = opening_of(request);
    *desk =
        (struct eki_case_desk){.request = request, .act = {.at = request->now / 1000, .who = "ekigaku case"}};
    int status = eki_store_place_open(&opening, &desk->store);
    if (!status) status = find_account(desk);
    bool looks_up = request->action <= EKI_CASE_UPDATE && request->action != EKI_CASE_LIST;
    if (!status && (looks_up || request->action == EKI_CASE_REPORT)) status = open_directory(desk);
    if (!status) {
        const char *path = "";
        enum eki_error error = eki_catalogue_read(NULL, &desk->catalogue, &path, &fault);
        status = error ? eki_case_complain(desk, error, path) : EKI_EXIT_NOTHING;
    }
    return status;
}

void eki_case_desk_close(struct eki_case_desk *desk)
{
    eki_catalogue_free(desk->catalogue);
    eki_directory_free(desk->directory);
    eki_store_close(desk->store);
}
