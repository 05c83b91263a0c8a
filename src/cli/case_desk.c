/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_desk.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "ekigaku/desk_directory.h"

static int complain(enum eki_error error, const char *what)
{
    fprintf(stderr, "ekigaku case: %s%s%s\n", eki_error_text(error), what && *what ? ": " : "",
            what ? what : "");
    if (error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY) return EKI_EXIT_FAILED;
    return error == EKI_ERROR_ARGUMENT || error == EKI_ERROR_CONFLICT ? EKI_EXIT_USAGE : EKI_EXIT_UNREADABLE;
}

struct eki_store_work *eki_case_begin(const struct eki_case_desk *desk)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(desk->store, &desk->act, &work, &fault);
    if (!error) return work;
    complain(error, fault.what);
    return NULL;
}

int eki_case_end(struct eki_store_work *work, enum eki_error error, const struct eki_fault *fault)
{
    if (!error) error = eki_store_commit(work);
    const char *what = fault && *fault->what ? fault->what : eki_store_why(work)->what;
    int status = error ? complain(error, what) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

/* The same as the service asks for. */
static bool may_act(const struct eki_store_account *account, const struct eki_case_request *request)
{
    enum eki_case_action action = request->action;
    static const char *const roles[] = {"viewer", "analyst", "coordinator", "administrator"};
    int rank = 0, least = 1;
    while (rank < 3 && strcmp(account->role, roles[rank]) != 0) rank++;
    if (action == EKI_CASE_LIST || action == EKI_CASE_SHOW) least = 0;
    if (action == EKI_CASE_HISTORY || action == EKI_CASE_REPORT) least = 0;
    if (action == EKI_CASE_MERGE || action == EKI_CASE_SPLIT) least = 2;
    if (action == EKI_CASE_TASK && !strcmp(request->verb, "list")) least = 0;
    if (action == EKI_CASE_CLOSE || action == EKI_CASE_REOPEN) least = 2;
    return !account->disabled && rank >= least;
}

/* Who acts: an account by its name, or this program. */
static int find_account(struct eki_case_desk *desk)
{
    struct eki_store_account account;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    desk->coordinates = true;
    if (!desk->request->as) return EKI_EXIT_NOTHING;
    enum eki_error error = eki_store_begin(desk->store, NULL, &work, &fault);
    if (error) return complain(error, fault.what);
    error = eki_store_find(work, &account, "name", desk->request->as);
    bool may = error || may_act(&account, desk->request);
    desk->coordinates = !error && may_act(&account, &(struct eki_case_request){.action = EKI_CASE_CLOSE});
    if (!error) desk->act.account = account.id;
    if (!error) desk->act.who = desk->request->as;
    eki_store_end(work);
    if (may) return error ? complain(error, desk->request->as) : EKI_EXIT_NOTHING;
    fprintf(stderr, "ekigaku case: %s may not do this: the account is disabled or its role too low\n",
            desk->request->as);
    return EKI_EXIT_USAGE;
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
    if (error) return complain(error, fault.what);
    error = eki_store_count(work, EKI_STORE_DIRECTORY_RECORD, NULL, &rows);
    if (!error && !rows && request->action != EKI_CASE_SHOW && request->action != EKI_CASE_REPORT)
        fputs(
            "ekigaku case: the directory of the store is empty, so no owner is known: name a file with -d\n",
            stderr);
    if (!error && rows) error = eki_desk_directory(work, request->now, &desk->directory, &fault);
    eki_store_end(work);
    return error ? complain(error, fault.what) : EKI_EXIT_NOTHING;
}

int eki_case_desk_open(const struct eki_case_request *request, struct eki_case_desk *ret_desk)
{
    struct eki_case_desk *desk = ret_desk;
    struct eki_fault fault = {0};
    const struct eki_store_options options = {.existing = request->action != EKI_CASE_OPEN,
                                              .now = request->now / 1000};
    *desk =
        (struct eki_case_desk){.request = request, .act = {.at = request->now / 1000, .who = "ekigaku case"}};
    enum eki_error error = eki_store_open(request->store, &options, &desk->store, &fault);
    /* A URL may hold a password; what a person is told does not. */
    if (error) return complain(error, strstr(request->store, "://") ? "the store" : request->store);
    int status = find_account(desk);
    bool looks_up = request->action <= EKI_CASE_UPDATE && request->action != EKI_CASE_LIST;
    if (!status && (looks_up || request->action == EKI_CASE_REPORT)) status = open_directory(desk);
    if (!status) {
        const char *path = "";
        error = eki_catalogue_read(NULL, &desk->catalogue, &path, &fault);
        status = error ? complain(error, path) : EKI_EXIT_NOTHING;
    }
    return status;
}

void eki_case_desk_close(struct eki_case_desk *desk)
{
    eki_catalogue_free(desk->catalogue);
    eki_directory_free(desk->directory);
    eki_store_close(desk->store);
}
