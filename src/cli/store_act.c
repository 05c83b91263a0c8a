/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/store_act.h"

#include "cli/command.h"
#include "ekigaku/store.h"

enum { DAMAGED = EKI_EXIT_BELOW };

/* A URL may hold a password; what a person is told does not. */
static const char *shown(const char *url)
{
    return strstr(url, "://") ? "the database" : url;
}

static int complain(const char *url, enum eki_error error, const struct eki_fault *fault)
{
    fprintf(stderr, "ekigaku store: %s: %s%s%s\n", shown(url), eki_error_text(error),
            *fault->what ? ": " : "", fault->what);
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
    struct eki_fault fault = {0};
    const struct eki_store_options options = {.existing = true, .keep_schema = true, .now = now()};
    enum eki_error error = eki_store_open(url, &options, ret_store, &fault);
    return error ? complain(url, error, &fault) : 0;
}

static void print_complaint(void *user, const char *text)
{
    (void)user;
    printf("wrong: %s\n", text);
}

static int examine(const char *url, struct eki_store *store, const char *holds)
{
    struct eki_fault fault = {0};
    struct eki_store_examination to = {.holds = holds, .complain = print_complaint};
    enum eki_error error = eki_store_check(store, &to, &fault);
    if (error) return complain(url, error, &fault);
    printf("schema: %" PRId64 "\naudit log: %" PRIu64 " entries, the last has hash %s\n", to.schema,
           to.entries, to.head);
    if (!to.complaints) printf("nothing wrong was found\n");
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
        fprintf(stderr, "ekigaku store: %s is there already: move it away first\n", request->url);
        return EKI_EXIT_FAILED;
    }
    return copy(request->file, request->url);
}

int eki_store_act_migrate(const struct eki_store_request *request)
{
    struct eki_store *store;
    struct eki_fault fault = {0};
    if (!request->store && mkdir(request->data, 0700) && errno != EEXIST) {
        fprintf(stderr, "ekigaku store: %s: %s\n", request->data, strerror(errno));
        return EKI_EXIT_FAILED;
    }
    const struct eki_store_options options = {.unsaved = request->unsaved, .now = now()};
    enum eki_error error = eki_store_open(request->url, &options, &store, &fault);
    if (error) return complain(request->url, error, &fault);
    printf("schema: %d\n", EKI_STORE_SCHEMA);
    eki_store_close(store);
    return EKI_EXIT_NOTHING;
}
