/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/enquiry_command.h"

static int run(int count, char **arguments)
{
    struct eki_enquiry_request r = {.call = {.command = &eki_command_enquiry}};
    const struct eki_desk_option own[] = {
        {"asker", &r.asker, NULL},           {"subject", &r.subject, NULL}, {"case", &r.of_case, NULL},
        {"notice", &r.notice, NULL},         {"state", &r.state, NULL},     {"to", &r.to, NULL},
        {"department", &r.department, NULL}, {"days", &r.days, NULL},       {NULL, NULL, NULL}};
    int status = eki_desk_parse(&r.call, count, arguments, own);
    if (!status && r.call.help) {
        fputs(eki_command_enquiry.help, stdout);
    } else if (!status) {
        status = eki_enquiry_act(&r);
        eki_desk_close(&r.call);
    }
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku enquiry: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status;
}

const struct eki_command eki_command_enquiry = {
    .name = "enquiry",
    .summary = "technical enquiries: who judged them, through how many hands they went",
    .help =
        "Usage: ekigaku enquiry [OPTION...] open --asker WHO QUESTION\n"
        "       ekigaku enquiry [OPTION...] list | show ENQUIRY | stats\n"
        "       ekigaku enquiry [OPTION...] judge|request|question|answer ENQUIRY TEXT\n"
        "       ekigaku enquiry [OPTION...] handover ENQUIRY --to NAME|--department ID [WHY]\n"
        "       ekigaku enquiry [OPTION...] close ENQUIRY [WHY]\n\n"
        "What somebody outside asks: a thread of what was asked, judged, handed over (which is counted) and answered. \"request\" asks\n"
        "back, and the enquiry waits; \"question\" is what the asker says further. The first answer shows who the right person was, and so\n"
        "how long it took to come there: \"stats\" tells the medians. A text \"-\" is read from standard input.\n\n"
        "      --asker WHO         open: a name or an address\n"
        "      --subject TEXT      open: one line; default: the first line of the question\n"
        "      --case NUMBER       open: it is about; list: only those of it\n"
        "      --notice NUMBER     open: the notice that it is about\n"
        "      --state STATE       list: open, waiting, answered or closed\n"
        "      --to NAME           handover: to this account\n"
        "      --department ID     handover: to this department of the directory\n"
        "      --days NUMBER       stats: those that came within so many days\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "  -l, --language en|ja    of what is shown to people; else as the environment says\n"
        "  -j, --json              one JSON object a line\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 2 unusable arguments or not possible in this state, 3 the store cannot be used, 4 the output could not be\n"
        "written, 5 a label does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku enquiry --as ada open --asker noc@kawa.example --case 1 \"Which ports do you see?\"\n"
        "  ekigaku enquiry --as ada handover 1 --to ben \"knows the domain controllers\"\n",
    .run = run,
};
