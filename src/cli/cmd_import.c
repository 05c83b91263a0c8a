/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/exchange_file.h"
#include "cli/import_request.h"
#include "cli/import_taxii.h"

/* Prints what one file holds. A screen is an exit too: those who sit at it are named. */
static int import(const char *path, const struct eki_import_request *request)
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
    struct eki_import_request request;
    if (eki_import_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) fputs(eki_command_import.help, stdout);
    if (request.list) eki_exchange_file_list(stdout);
    if (request.help || request.list) return EKI_EXIT_NOTHING;
    if (request.taxii) return eki_import_taxii(&request);
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
    .summary = "read what another team sent and print it, or make a case of it (--store)",
    .help =
        "Usage: ekigaku import [OPTION...] FILE...\n"
        "       ekigaku import --store URL [OPTION...] FILE...\n"
        "       ekigaku import --store URL --taxii URL [OPTION...]\n\n"
        "Reads files of other teams and services (STIX, MISP, X-ARF, CSAF, IODEF, IntelMQ, KEV, EPSS, MyJVN, Shadowserver,\n"
        "security.txt, RFC 2350, ...; \"-\" for standard input), whose form is told from the content, and prints what each\n"
        "holds as one JSON object: hosts, who infected whom, indicators, techniques, vulnerabilities, teams, and the label.\n"
        "Document types of XML, and with them entities, are refused.\n\n"
        "With --store it becomes a case of the desk instead, once, however often it comes: a later version updates the case,\n"
        "an earlier one is a replay and changes nothing, a label never gets wider. A bundle is taken in when a team of the\n"
        "directory signed it. Nobody is notified by this.\n\n"
        "With --taxii a TAXII 2.1 server is asked for what its collections got since the last time; the store keeps how far each was\n"
        "read. Certificates are verified; http:// goes to this machine only.\n\n"
        "  -f, --format FORM     take it for this form\n"
        "  -s, --store URL       put it into this store: a file, or postgresql://...\n"
        "  -d, --directory FILE  owners and keys out of this file instead of the store\n"
        "      --from TEAM       id of the team that it is from, as far as you know (a bundle proves it)\n"
        "      --as NAME         the account that acts\n"
        "      --now TIME        as if it were then\n"
        "      --taxii URL       API root or discovery of a server: https://host/api-root/\n"
        "      --collection ID   this collection alone, by id or alias; default: all that may be read\n"
        "      --since TIME      what was added after this time, instead of since the last run\n"
        "      --login FILE      two lines that nobody else may read: user and password, or the word Bearer and a token\n"
        "      --ca-file FILE    whom to trust (PEM) instead of the system's authorities\n"
        "      --language LANG   of what is shown to people: en or ja; else as the environment says\n"
        "  -j, --json            tell what became of each as one JSON object\n"
        "  -L, --list            list the forms\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file or server could not be read (the message names the place) or was refused,\n"
        "4 the output or the store could not be written, 130 interrupted.\n\n"
        "Examples:\n"
        "  ekigaku import bundle.json | jq '.indicators[] | select(.detect) | .value'\n"
        "  ekigaku import --store ekigaku-data/ekigaku.db --from kawa outbreak.json\n"
        "  ekigaku import --store ekigaku-data/ekigaku.db --from kawa --taxii https://desk.kawa.example/taxii2/ --login kawa.login\n"
        "  ekigaku import known_exploited_vulnerabilities.json | jq '.vulnerabilities[] | select(.ransomware) | .id'\n",
    .run = run,
};
