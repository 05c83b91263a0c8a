/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/store_act.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/store_place.h"
#include "ekigaku/store.h"

enum { DAMAGED = EKI_EXIT_BELOW };

/* A URL may hold a password; what a person is told does not. */
static const char *shown(const char *url)
{
    return strstr(url, "://") ? "the database" : url;
}

static int complain(const char *url, enum eki_error error, const struct eki_fault *fault)
{
    eki_warn("store", *fault->what ? "{1}: {2}: {3}" : "{1}: {2}",
             EKI_VALUES(shown(url), eki_say_error(error), eki_say_fault(fault->what).text));
    bool unreadable = error != EKI_ERROR_WRITE && error != EKI_ERROR_CONFLICT && error != EKI_ERROR_MEMORY;
    return unreadable ? EKI_EXIT_UNREADABLE : EKI_EXIT_FAILED;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Opens one that is there; 0 or an exit status. */
static int open_existing(const char *url, struct eki_store **ret_store)
{
    const struct eki_store_opening opening = {
        .command = "store", .url = url, .keep_schema = true, .now = now() * 1000};
    return eki_store_place_open(&opening, ret_store);
}

static void print_complaint(void *user, const char *text)
{
    (void)user;
    eki_say_line(stdout, eki_output_language(), EKI_TEXT("wrong: {1}"), EKI_VALUES(eki_say_fault(text).text));
}

static int examine(const char *url, struct eki_store *store, const char *holds)
{
    struct eki_fault fault = {0};
    struct eki_store_examination to = {.holds = holds, .complain = print_complaint};
    enum eki_error error = eki_store_check(store, &to, &fault);
    if (error) return complain(url, error, &fault);
    enum eki_language language = eki_output_language();
    eki_say_line(stdout, language, EKI_TEXT("schema: {1}"), EKI_VALUES(eki_say_number(to.schema).text));
    eki_say_line(
        stdout, language, EKI_TEXT("audit log: {1}, the last has hash {2}"),
        EKI_VALUES(eki_say_count(language, to.entries, EKI_TEXT("{1} entry"), EKI_TEXT("{1} entries")).text,
                   to.head));
    if (!to.complaints) eki_say_line(stdout, language, EKI_TEXT("nothing wrong was found"), EKI_NO_VALUES);
    return to.complaints ? DAMAGED : EKI_EXIT_NOTHING;
}

int eki_store_act_check(const struct eki_store_request *request)
{
    struct eki_store *store;
    int status = open_existing(request->url, &store);
    if (status) return status;
    status = examine(request->url, store, request->holds);
    eki_store_close(store);
    return status;
}

/* Copies a store to a new file and looks at the copy. */
static int copy(const char *from, const char *to)
{
    struct eki_store *store;
    struct eki_fault fault = {0};
    int status = open_existing(from, &store);
    if (status) return status;
    enum eki_error error = eki_store_backup(store, to, &fault);
    eki_store_close(store);
    if (error) return complain(to, error, &fault);
    status = open_existing(to, &store);
    if (status) return status;
    status = examine(to, store, NULL);
    eki_store_close(store);
    return status;
}

int eki_store_act_backup(const struct eki_store_request *request)
{
    return copy(request->url, request->file);
}

int eki_store_act_restore(const struct eki_store_request *request)
{
    if (strstr(request->url, "://"))
        return eki_command_misused(&eki_command_store, "%s",
                                   "a backup of PostgreSQL is restored with pg_restore");
    if (access(request->url, F_OK) == 0) {
        eki_warn("store", EKI_TEXT("{1} is there already: move it away first"), EKI_VALUES(request->url));
        return EKI_EXIT_FAILED;
    }
    return copy(request->file, request->url);
}

int eki_store_act_migrate(const struct eki_store_request *request)
{
    struct eki_store *store;
    struct eki_fault fault = {0};
    if (!request->store && mkdir(request->data, 0700) && errno != EEXIST) {
        eki_warn("store", EKI_TEXT("the folder {1} cannot be made: {2}"),
                 EKI_VALUES(request->data, eki_say_fault(strerror(errno)).text));
        return EKI_EXIT_FAILED;
    }
    const struct eki_store_options options = {.unsaved = request->unsaved, .now = now()};
    enum eki_error error = eki_store_open(request->url, &options, &store, &fault);
    if (error) return complain(request->url, error, &fault);
    eki_say_line(stdout, eki_output_language(), EKI_TEXT("schema: {1}"),
                 EKI_VALUES(eki_say_number(EKI_STORE_SCHEMA).text));
    eki_store_close(store);
    return EKI_EXIT_NOTHING;
}
