/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/store_act.h"
#include "cli/store_place.h"

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_store, what, which);
}

static int parse_options(int count, char **arguments, struct eki_store_request *request)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"store", required_argument, NULL, 's'},
                                            {"holds", required_argument, NULL, 'H'},
                                            {"no-backup", no_argument, NULL, 'n'},
                                            {"language", required_argument, NULL, 'l'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct eki_store_request){0};
    enum eki_language language; /* of the run: nothing else asks for it */
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":d:s:l:h", options, NULL)) != -1;) {
        switch (option) {
        case 'd': request->data = optarg; break;
        case 's': request->store = optarg; break;
        case 'H': request->holds = optarg; break;
        case 'n': request->unsaved = true; break;
        case 'h': request->help = true; return 0;
        case 'l':
            if (eki_say_language(optarg, &language)) break;
            return misused("--language is en or ja, not \"%s\"", optarg);
        case ':': return misused("%s needs a value", arguments[optind - 1]);
        default: return misused("unknown option %s", arguments[optind - 1]);
        }
    }
    if (!request->store && !request->data) request->store = eki_store_named();
    if (!request->data) request->data = EKI_DATA_FOLDER;
    return 0;
}

static int parse(int count, char **arguments, struct eki_store_request *request)
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
    int length = request->store ? snprintf(request->url, EKI_STORE_URL_MOST, "%s", request->store)
                                : snprintf(request->url, EKI_STORE_URL_MOST, "%s/ekigaku.db", request->data);
    return length < EKI_STORE_URL_MOST ? 0 : misused("%s is too long", "the name of the store");
}

static int run(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*act)(const struct eki_store_request *request);
    } actions[] = {{"backup", eki_store_act_backup},
                   {"restore", eki_store_act_restore},
                   {"check", eki_store_act_check},
                   {"migrate", eki_store_act_migrate}};
    struct eki_store_request request;
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
        "  -l, --language LANG en or ja; else as the environment says\n"
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
