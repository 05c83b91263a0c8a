/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/exchange_file.h"

struct request {
    const struct eki_exchange_format *format;
    bool list, help;
};

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"list", no_argument, NULL, 'L'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){0};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":f:Lh", options, NULL)) != -1;) {
        switch (option) {
        case 'f':
            request->format = eki_exchange_find(optarg);
            if (request->format && eki_exchange_is_read(request->format)) break;
            return eki_command_misused(&eki_command_import, "\"%s\" is no form that is read (see --list)",
                                       optarg);
        case 'L': request->list = true; return 0;
        case 'h': request->help = true; return 0;
        case ':': return eki_command_misused(&eki_command_import, "%s needs a value", arguments[optind - 1]);
        default: return eki_command_misused(&eki_command_import, "unknown option %s", arguments[optind - 1]);
        }
    }
    return optind < count ? 0 : eki_command_misused(&eki_command_import, "no file given");
}

/* Prints what one file holds. A screen is an exit too: those who sit at it are named. */
static int import(const char *path, const struct request *request)
{
    struct eki_incident *incident;
    if (!eki_exchange_file_read(path, request->format, &incident)) return EKI_EXIT_UNREADABLE;
    struct eki_tlp_request leaving = {.audience = EKI_AUDIENCE_NAMED};
    int status = eki_exchange_file_write(EKI_TLP_EXIT_IMPORT, eki_exchange_find("incident"), incident,
                                         &leaving, stdout);
    eki_incident_free(incident);
    return status;
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) fputs(eki_command_import.help, stdout);
    if (request.list) eki_exchange_file_list(stdout);
    if (request.help || request.list) return EKI_EXIT_NOTHING;
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
        "Usage: ekigaku import [OPTION...] FILE...\n\n"
        "Reads files of other teams and services (STIX, MISP, X-ARF, CSAF, IODEF, IntelMQ, KEV, EPSS, MyJVN, Shadowserver,\n"
        "security.txt, RFC 2350, ...; \"-\" for standard input), whose form is told from the content, and prints what each\n"
        "holds as one JSON object: hosts, who infected whom, indicators, techniques, vulnerabilities, teams, and the label.\n"
        "Document types of XML, and with them entities, are refused.\n\n"
        "  -f, --format FORM     take it for this form\n"
        "  -L, --list            list the forms\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file could not be read (the message names the place), 4 the output\n"
        "could not be written.\n\n"
        "Examples:\n"
        "  ekigaku import bundle.json | jq '.indicators[] | select(.detect) | .value'\n"
        "  ekigaku import known_exploited_vulnerabilities.json | jq '.vulnerabilities[] | select(.ransomware) | .id'\n",
    .run = run,
};
