/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/exchange_file.h"
#include "cli/directory_file.h"
#include "cli/receive_desk.h"

struct request {
    struct eki_receive_request into; /* its store is NULL: what is read is printed */
    bool list, help;
};

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_import, format, what);
}

static int take(int option, struct request *request)
{
    struct eki_receive_request *into = &request->into;
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
    case 'N':
        into->now = eki_directory_moment(optarg);
        return into->now == EKI_TIME_NONE ? misused("--now is no moment: \"%s\"", optarg) : 0;
    case 'L': request->list = true; return 0;
    default: request->help = true; return 0;
    }
}

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"store", required_argument, NULL, 's'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"from", required_argument, NULL, 'F'},
                                            {"as", required_argument, NULL, 'A'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"now", required_argument, NULL, 'N'},
                                            {"list", no_argument, NULL, 'L'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){.into = {.command = "import", .now = eki_directory_moment(NULL)}};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":f:s:d:jLh", options, NULL)) != -1;) {
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        int status = take(option, request);
        if (status || request->list || request->help) return status;
    }
    const struct eki_receive_request *into = &request->into;
    if (!into->store && (into->directory || into->from || into->as || into->json))
        return misused("--directory, --from, --as and --json go with --store%s", "");
    return optind < count ? 0 : misused("no file given%s", "");
}

/* Prints what one file holds. A screen is an exit too: those who sit at it are named. */
static int import(const char *path, const struct request *request)
{
    struct eki_incident *incident;
    if (!eki_exchange_file_read(path, request->into.format, &incident)) return EKI_EXIT_UNREADABLE;
    struct eki_tlp_request leaving = {.audience = EKI_AUDIENCE_NAMED};
    int status = eki_exchange_file_write(EKI_TLP_EXIT_IMPORT, eki_exchange_find("incident"), incident,
                                         &leaving, stdout);
    eki_incident_free(incident);
    return status;
}

/* Puts what the files hold into the store. */
static int receive(int count, char **arguments, const struct eki_receive_request *request)
{
    struct eki_receive_desk desk;
    int worst = eki_receive_desk_open(request, &desk);
    bool open = !worst;
    for (int i = optind; open && i < count; i++) {
        int status = eki_receive_desk_file(&desk, arguments[i]);
        if (status > worst) worst = status;
    }
    eki_receive_desk_close(&desk);
    return worst;
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) fputs(eki_command_import.help, stdout);
    if (request.list) eki_exchange_file_list(stdout);
    if (request.help || request.list) return EKI_EXIT_NOTHING;
    if (request.into.store) return receive(count, arguments, &request.into);
    int worst = EKI_EXIT_NOTHING;
    for (int i = optind; i < count; i++) {
        int status = import(arguments[i], &request);
        if (status > worst) worst = status;
    }
    return worst;
}

const struct eki_command eki_command_import = {
    .name = "import",
    .summary = "read what another team sent and print what it holds",
    .help =
        "Usage: ekigaku import [OPTION...] FILE...\n"
        "       ekigaku import --store URL [OPTION...] FILE...\n\n"
        "Reads files of other teams and services (STIX, MISP, X-ARF, CSAF, IODEF, IntelMQ, KEV, EPSS, MyJVN, Shadowserver,\n"
        "security.txt, RFC 2350, ...; \"-\" for standard input), whose form is told from the content, and prints what each\n"
        "holds as one JSON object: hosts, who infected whom, indicators, techniques, vulnerabilities, teams, and the label.\n"
        "Document types of XML, and with them entities, are refused.\n\n"
        "With --store it becomes a case of the desk instead, once, however often it comes: a later version updates the case,\n"
        "an earlier one is a replay and changes nothing, a label never gets wider. A bundle is taken in when a team of the\n"
        "directory signed it. Nobody is notified by this.\n\n"
        "  -f, --format FORM     take it for this form\n"
        "  -s, --store URL       put it into this store: a file, or postgresql://...\n"
        "  -d, --directory FILE  owners and keys out of this file instead of the store\n"
        "      --from TEAM       id of the team that it is from, as far as you know (a bundle proves it)\n"
        "      --as NAME         the account that acts\n"
        "      --now TIME        as if it were then\n"
        "  -j, --json            tell what became of each as one JSON object\n"
        "  -L, --list            list the forms\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file could not be read (the message names the place) or was refused,\n"
        "4 the output or the store could not be written.\n\n"
        "Examples:\n"
        "  ekigaku import bundle.json | jq '.indicators[] | select(.detect) | .value'\n"
        "  ekigaku import --store ekigaku.db --from kawa outbreak.json\n"
        "  ekigaku import known_exploited_vulnerabilities.json | jq '.vulnerabilities[] | select(.ransomware) | .id'\n",
    .run = run,
};
