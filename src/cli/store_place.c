/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"

enum { NAMES = 12 /* of accounts that are told */ };

const char *eki_store_named(void)
{
    const char *place = getenv("EKIGAKU_STORE");
    return place && *place ? place : NULL;
}

const char *eki_store_place(void)
{
    const char *named = eki_store_named();
    return named ? named : EKI_DATA_FOLDER "/ekigaku.db";
}

int eki_store_place_complain(const struct eki_store_opening *opening, enum eki_error error, const char *what)
{
    eki_warn(opening->command, what && *what ? "{1}: {2}" : "{1}",
             EKI_VALUES(eki_say_error(error), eki_say_fault(what ? what : "").text));
    if (error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY) return EKI_EXIT_FAILED;
    return error == EKI_ERROR_ARGUMENT || error == EKI_ERROR_CONFLICT ? EKI_EXIT_USAGE : EKI_EXIT_UNREADABLE;
}

/* A URL may hold a password; what a person is told does not. */
static const char *shown(const struct eki_store_opening *opening)
{
    return strstr(opening->url, "://")
               ? eki_report_text_in(eki_output_language(), EKI_TEXT("the database of the store"))
               : opening->url;
}

/* What is wrong with a store that does not open, and what to do. */
static int complain_of_opening(const struct eki_store_opening *opening, enum eki_error error,
                               const struct eki_fault *fault)
{
    struct stat status;
    const char *path = strncmp(opening->url, "sqlite:", 7) ? opening->url : opening->url + 7;
    bool remote = strstr(opening->url, "://") != NULL, there = !remote && !stat(path, &status);
    const char *why =
        there && S_ISDIR(status.st_mode)
            ? EKI_TEXT("{1} is a folder, and a store is a file: name the file in it, such as {1}/ekigaku.db")
        : remote || there || errno != ENOENT ? "{1}: {2}: {3}"
        : opening->makes
            ? EKI_TEXT(
                  "{1} cannot be made: its folder is not there. Make it, or name another place by --store")
            : EKI_TEXT(
                  "there is no store {1}. \"ekigaku case open FILE\" or \"ekigaku serve\" makes one; --store or "
                  "EKIGAKU_STORE names one that is elsewhere");
    eki_warn(opening->command, why,
             EKI_VALUES(shown(opening), eki_say_error(error), eki_say_fault(fault->what).text));
    bool unwritten = error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY;
    return unwritten ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
}

int eki_store_place_open(const struct eki_store_opening *opening, struct eki_store **ret_store)
{
    struct eki_fault fault = {0};
    const struct eki_store_options options = {
        .existing = !opening->makes, .keep_schema = opening->keep_schema, .now = opening->now / 1000};
    /* One that fails shows when the store is opened. */
    if (opening->makes && !strcmp(opening->url, eki_store_place()) &&
        !strncmp(opening->url, EKI_DATA_FOLDER "/", sizeof EKI_DATA_FOLDER))
        (void)!mkdir(EKI_DATA_FOLDER, 0700);
    enum eki_error error = eki_store_open(opening->url, &options, ret_store, &fault);
    return error ? complain_of_opening(opening, error, &fault) : EKI_EXIT_NOTHING;
}

static enum eki_desk_rank rank_of(const char *role)
{
    static const char *const roles[] = {"viewer", "analyst", "coordinator", "administrator"};
    int rank = EKI_RANK_ADMINISTRATOR;
    while (rank > 0 && strcmp(role, roles[rank]) != 0) rank--;
    return (enum eki_desk_rank)rank;
}

/* Which there are, and where one is made. */
static void tell_accounts(const struct eki_store_opening *opening, struct eki_store_work *work,
                          const char *name)
{
    char names[400] = "";
    struct eki_store_account *rows;
    struct eki_store_page page = {0};
    const struct eki_store_query query = {.sort = "name", .limit = NAMES};
    if (eki_store_list(work, &query, &rows, &page)) page.count = 0;
    for (size_t i = 0, used = 0; i < page.count && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", rows[i].name);
    eki_warn(opening->command,
             !page.count ? EKI_TEXT("there is no account \"{1}\", and no other: the first start of \"ekigaku "
                                    "serve\" makes one; without --as the program acts in its own name")
             : page.next
                 ? EKI_TEXT("there is no account \"{1}\". Some that are there: {2}. An administrator makes "
                            "others on the page Accounts of \"ekigaku serve\"")
                 : EKI_TEXT("there is no account \"{1}\". Those that are there: {2}. An administrator makes "
                            "others on the page Accounts of \"ekigaku serve\""),
             EKI_VALUES(name, names));
}

int eki_store_place_refuse(const struct eki_store_opening *opening, const char *name)
{
    eki_warn(opening->command, EKI_TEXT("{1} may not do this: the account is disabled or its role too low"),
             EKI_VALUES(name));
    return EKI_EXIT_USAGE;
}

int eki_store_place_actor(const struct eki_store_opening *opening, struct eki_store *store, const char *name,
                          struct eki_desk_actor *ret_actor)
{
    struct eki_store_account account;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    *ret_actor = (struct eki_desk_actor){0, EKI_RANK_ADMINISTRATOR};
    if (!name) return EKI_EXIT_NOTHING;
    enum eki_error error = eki_store_begin(store, NULL, &work, &fault);
    if (error) return eki_store_place_complain(opening, error, fault.what);
    error = eki_store_find(work, &account, "name", name);
    bool disabled = !error && account.disabled;
    if (!error) *ret_actor = (struct eki_desk_actor){account.id, rank_of(account.role)};
    if (error == EKI_ERROR_MISSING) tell_accounts(opening, work, name);
    eki_store_end(work);
    if (disabled) return eki_store_place_refuse(opening, name);
    if (error == EKI_ERROR_MISSING) return EKI_EXIT_USAGE;
    return error ? eki_store_place_complain(opening, error, name) : EKI_EXIT_NOTHING;
}

int eki_store_place_fail(const char *command, enum eki_error error, const char *what)
{
    (void)eki_store_place_complain(&(struct eki_store_opening){.command = command}, error, what);
    return error == EKI_ERROR_MEMORY || error == EKI_ERROR_WRITE ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
}

int eki_store_place_begin(const struct eki_store_opening *opening, const struct eki_store_act *act,
                          struct eki_store **ret_store, struct eki_store_work **ret_work)
{
    struct eki_fault fault = {0};
    struct eki_store *store;
    int status = eki_store_place_open(opening, &store);
    if (status) return status;
    enum eki_error error = eki_store_begin(store, act, ret_work, &fault);
    if (error) {
        eki_store_close(store);
        return eki_store_place_fail(opening->command, error, fault.what);
    }
    *ret_store = store;
    return EKI_EXIT_NOTHING;
}
