/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/import_request.h"

#include <getopt.h>
#include <stddef.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/say.h"

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_import, format, what);
}

static int take(int option, struct eki_import_request *request)
{
    struct eki_receive_request *into = &request->into;
    enum eki_language language; /* of the run: nothing else asks for it */
    switch (option) {
    case 'f':
        into->format = eki_exchange_find(optarg);
        if (into->format && eki_exchange_is_read(into->format)) return 0;
        return misused("\"%s\" is no form that is read (see --list)", optarg);
    case 's': into->store = optarg; return 0;
    case 'd': into->directory = optarg; return 0;
    case 'F': into->from = optarg; return 0;
    case 'A': into->as = optarg; return 0;
    case 'j': into->json = true; return 0;
    case 'G':
        return eki_say_language(optarg, &language) ? 0
                                                   : misused("--language is en or ja, not \"%s\"", optarg);
    case 'T': request->taxii = optarg; return 0;
    case 'C': request->collection = optarg; return 0;
    case 'S': request->since = optarg; return 0;
    case 'l': request->login = optarg; return 0;
    case 'c': request->ca_file = optarg; return 0;
    case 'N':
        into->now = eki_directory_moment(optarg);
        return into->now == EKI_TIME_NONE ? misused("--now is no moment: \"%s\"", optarg) : 0;
    case 'L': request->list = true; return 0;
    default: request->help = true; return 0;
    }
}

/* What goes with what. */
static int check(const struct eki_import_request *request, int files)
{
    const struct eki_receive_request *into = &request->into;
    eki_time since;
    if (!into->store && (into->directory || into->from || into->as || into->json || request->taxii))
        return misused("--directory, --from, --as, --taxii and --json go with --store%s", "");
    if (!request->taxii && (request->collection || request->since || request->login || request->ca_file))
        return misused("--collection, --since, --login and --ca-file go with --taxii%s", "");
    if (!request->taxii) return files ? 0 : misused("no file given%s", "");
    if (files) return misused("either files or --taxii%s", "");
    if (into->format) return misused("what comes by --taxii is STIX: no --format%s", "");
    if (request->since && eki_time_parse(request->since, &since))
        return misused("--since is like 2026-11-28T08:00:00Z, not \"%s\"", request->since);
    return 0;
}

int eki_import_request_parse(int count, char **arguments, struct eki_import_request *ret_request)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"store", required_argument, NULL, 's'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"from", required_argument, NULL, 'F'},
                                            {"as", required_argument, NULL, 'A'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"language", required_argument, NULL, 'G'},
                                            {"taxii", required_argument, NULL, 'T'},
                                            {"collection", required_argument, NULL, 'C'},
                                            {"since", required_argument, NULL, 'S'},
                                            {"login", required_argument, NULL, 'l'},
                                            {"ca-file", required_argument, NULL, 'c'},
                                            {"now", required_argument, NULL, 'N'},
                                            {"list", no_argument, NULL, 'L'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct eki_import_request *request = ret_request;
    *request = (struct eki_import_request){.into = {.command = "import", .now = eki_directory_moment(NULL)}};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":f:s:d:jLh", options, NULL)) != -1;) {
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        int status = take(option, request);
        if (status || request->list || request->help) return status;
    }
    return check(request, count - optind);
}
