/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "ekigaku/store.h"

enum { URL_MOST = 4096, DAMAGED = EKI_EXIT_BELOW };

struct request {
    const char *data, *store, *holds;
    bool unsaved, help;
    const char *action, *file; /* file NULL: not given */
    char url[URL_MOST];
};

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_store, what, which);
}

static int parse_options(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'},  {"store", required_argument, NULL, 's'},
        {"holds", required_argument, NULL, 'H'}, {"no-backup", no_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    *request = (struct request){.data = "ekigaku-data"};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":d:s:h", options, NULL)) != -1;) {
        switch (option) {
        case 'd': request->data = optarg; break;
        case 's': request->store = optarg; break;
        case 'H': request->holds = optarg; break;
        case 'n': request->unsaved = true; break;
        case 'h': request->help = true; return 0;
        case ':': return misused("%s needs a value", arguments[optind - 1]);
        default: return misused("unknown option %s", arguments[optind - 1]);
        }
    }
    return 0;
}

static int parse(int count, char **arguments, struct request *request)
{
    int status = parse_options(count, arguments, request);
    if (status || request->help) return status;
    if (optind == count) return misused("%s", "backup, restore, check or migrate?");
    request->action = arguments[optind++];
    bool takes_file = !strcmp(request->action, "backup") || !strcmp(request->action, "restore");
    if (request->holds && strcmp(request->action, "check") != 0) return misused("--holds is for %s", "check");
    if (request->unsaved && strcmp(request->action, "migrate") != 0)
        return misused("--no-backup is for %s", "migrate");
    if (takes_file && optind == count) return misused("%s needs a file", request->action);
    if (takes_file) request->file = arguments[optind++];
    if (optind < count) return misused("unexpected argument \"%s\"", arguments[optind]);
    int length = request->store ? snprintf(request->url, URL_MOST, "%s", request->store)
                                : snprintf(request->url, URL_MOST, "%s/ekigaku.db", request->data);
    return length < URL_MOST ? 0 : misused("%s is too long", "the name of the store");
}

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

static int check(const struct request *request)
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

static int backup(const struct request *request)
{
    return copy(request->url, request->file);
}

static int restore(const struct request *request)
{
    if (strstr(request->url, "://"))
        return misused("%s", "a backup of PostgreSQL is restored with pg_restore");
    if (access(request->url, F_OK) == 0) {
        fprintf(stderr, "ekigaku store: %s is there already: move it away first\n", request->url);
        return EKI_EXIT_FAILED;
    }
    return copy(request->file, request->url);
}

static int migrate(const struct request *request)
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

static int run(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*act)(const struct request *request);
    } actions[] = {{"backup", backup}, {"restore", restore}, {"check", check}, {"migrate", migrate}};
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_store.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(request.action, actions[i].name)) return actions[i].act(&request);
    return misused("\"%s\" is not one of backup, restore, check, migrate", request.action);
}

const struct eki_command eki_command_store = {
    .name = "store",
    .summary = "back up, restore, check or migrate what the desk keeps",
    .help =
        "Usage: ekigaku store [OPTION...] backup|restore FILE\n"
        "       ekigaku store [OPTION...] check|migrate\n\n"
        "Looks after the store of \"ekigaku serve\". \"backup\" copies it to a new file while the service runs, and checks the copy;\n"
        "\"restore\" makes a store from such a file where there is none. \"check\" looks for damage and follows the audit log from its\n"
        "first entry to its last. \"migrate\" brings a store of an earlier version to this one, after a backup beside it, and makes a\n"
        "store where there is none.\n\n"
        "  -d, --data DIR      the data directory; default: ekigaku-data\n"
        "  -s, --store URL     the store: a file, or postgresql://...; default: ekigaku.db in the data directory\n"
        "      --holds HASH    check: the audit log must still hold this hash, which an earlier check printed\n"
        "      --no-backup     migrate: somebody else made a backup (PostgreSQL: pg_dump)\n"
        "  -h, --help          this text\n\n"
        "Exit status: 0 done, 1 check found something wrong, 2 unusable arguments, 3 the store could not be read, 4 it could not be\n"
        "written.\n\n"
        "Examples:\n"
        "  ekigaku store backup friday.db\n"
        "  ekigaku store --store postgresql://desk@db.example/desk check\n",
    .run = run,
};
