/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/export_case.h"
#include "cli/output.h"

/* What the arguments say about it. A label that is given never widens one that was there. */
static enum eki_error describe(struct eki_incident *incident, const struct eki_export_request *request,
                               eki_time now)
{
    if (request->labelled)
        eki_incident_mark(incident, incident->marked ? eki_tlp_stricter(incident->tlp, request->label)
                                                     : request->label);
    else
        eki_incident_mark(incident, incident->tlp);
    enum eki_error error = eki_incident_entitle(incident, request->title);
    if (!error) error = eki_incident_report_by(incident, request->name, request->mail, request->domain);
    return error ? error : eki_incident_complete(incident, now);
}

/* Lists of weaknesses and of teams are no outbreaks, and need no warning. */
static bool spreads(const struct eki_incident *incident)
{
    for (size_t i = 0; i < incident->host_count; i++)
        if (incident->hosts[i].role == EKI_ROLE_INFECTED) return true;
    return incident->edge_count || incident->indicator_count || incident->vulnerability_count ||
           incident->team_count;
}

static int export(struct eki_incident *incident, struct eki_export_request *request)
{
    struct eki_output output = {.file = stdout};
    if (request->labelled && incident->tlp > request->label)
        fprintf(stderr, "ekigaku: it came as %s and stays so\n", eki_tlp_text(incident->tlp));
    if (request->output && !eki_output_open(request->output, &output)) return EKI_EXIT_FAILED;
    if (!spreads(incident))
        fputs("ekigaku: nothing is spreading in it: what is written names no infected host\n", stderr);
    int status =
        eki_exchange_file_write(EKI_TLP_EXIT_EXPORT, request->format, incident, &request->tlp, output.file);
    if (request->output && !eki_output_close(&output, !status) && !status) status = EKI_EXIT_FAILED;
    return status;
}

static int read_source(const struct eki_export_request *request, const char *path, eki_time now,
                       struct eki_incident **ret_incident)
{
    if (request->of_case) return eki_export_case(request, now, ret_incident);
    return eki_exchange_file_analyze(path, ret_incident) ? EKI_EXIT_NOTHING : EKI_EXIT_UNREADABLE;
}

static int run(int count, char **arguments)
{
    struct eki_export_request request;
    struct eki_incident *incident;
    eki_time now;
    if (eki_export_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) fputs(eki_command_export.help, stdout);
    if (request.list) eki_exchange_file_list(stdout);
    if (request.help || request.list) return EKI_EXIT_NOTHING;
    if (!eki_exchange_file_time(request.time, &now))
        return eki_command_misused(&eki_command_export, "--time is like 2017-05-12T07:44:00Z, not \"%s\"",
                                   request.time);
    int status = read_source(&request, arguments[optind], now, &incident);
    if (status) return status;
    if (!eki_exchange_only_keep(&request.only, &incident)) {
        eki_incident_free(incident);
        return EKI_EXIT_FAILED;
    }
    enum eki_error error = describe(incident, &request, now);
    if (error) fprintf(stderr, "ekigaku: %s\n", eki_error_text(error));
    status = error ? EKI_EXIT_FAILED : export(incident, &request);
    if (request.of_case && status == EKI_EXIT_REFUSED) eki_export_case_refused(&request, now);
    eki_incident_free(incident);
    return status;
}

const struct eki_command eki_command_export = {
    .name = "export",
    .summary = "write an outbreak in the form another team reads",
    .help =
        "Usage: ekigaku export --format FORM [OPTION...] FILE\n"
        "       ekigaku export --format FORM --case CASE [OPTION...]\n\n"
        "Writes what FILE holds in a standard form of exchange: STIX, MISP, X-ARF, CSAF, IODEF, IntelMQ, CSV (--list names\n"
        "all). FILE holds the facts of \"ekigaku analyze --json\", or anything that \"ekigaku import\" reads, or is a capture or\n"
        "log, which is analysed. The label of the Traffic Light Protocol decides whether it may leave; it never gets wider.\n\n"
        "  -f, --format FORM     the form to write\n"
        "      --tlp LABEL       red, amber+strict (default), amber, green or clear; one that was there stays when it is\n"
        "                        stricter\n"
        "      --audience WHO    who gets it: named (default), organisation, clients, community or world\n"
        "      --tighten         write a stricter label where the form has no word for this one\n"
        "      --labelled-outside\n"
        "                        the recipient gets the label beside the file, as in the text of the mail\n"
        "      --only NETWORK    tell only of hosts in this network, and nothing of others; may be given several times\n"
        "      --case CASE       a case of the store instead of FILE, with the steps of its playbooks and the owners of its hosts\n"
        "  -s, --store URL       the store; default: ekigaku-data/ekigaku.db\n"
        "      --title TEXT      what it is called\n"
        "      --by NAME         who tells it\n"
        "      --mail ADDRESS    how to reach them\n"
        "      --domain NAME     their domain\n"
        "      --time TIME       when it is told (2017-05-12T07:44:00Z) instead of now: the same input gives the same output\n"
        "  -o, --output FILE     write there instead of standard output\n"
        "  -L, --list            list the forms\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 the file could not be read, 4 the output could not be written, 5 the label\n"
        "does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku analyze --json office.pcap > facts.json; ekigaku export --format stix --tlp amber facts.json > bundle.json\n"
        "  ekigaku export --format iodef --tlp amber+strict --tighten office.pcap -o incident.xml\n",
    .run = run,
};
