/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/evidence_act.h"
#include "cli/store_place.h"

static int run(int count, char **arguments)
{
    struct eki_evidence_request r = {.call = {.command = &eki_command_evidence}, .data = EKI_DATA_FOLDER};
    const struct eki_desk_option own[] = {{"data", &r.data, NULL},   {"class", &r.class, NULL},
                                          {"name", &r.name, NULL},   {"from", &r.from, NULL},
                                          {"why", &r.why, NULL},     {"keep", NULL, &r.keep},
                                          {"thing", NULL, &r.thing}, {NULL, NULL, NULL}};
    int status = eki_desk_parse(&r.call, count, arguments, own);
    if (!status && r.call.help) {
        fputs(eki_command_evidence.help, stdout);
    } else if (!status) {
        status = eki_evidence_act(&r);
        eki_desk_close(&r.call);
    }
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku evidence: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return !status && r.changed ? EKI_EXIT_BELOW : status;
}

const struct eki_command eki_command_evidence = {
    .name = "evidence",
    .summary = "evidence of a case and its chain of custody",
    .help =
        "Usage: ekigaku evidence [OPTION...] add CASE FILE\n"
        "       ekigaku evidence [OPTION...] add --thing CASE WHAT\n"
        "       ekigaku evidence [OPTION...] list CASE\n"
        "       ekigaku evidence [OPTION...] give EVIDENCE TAKER\n"
        "       ekigaku evidence [OPTION...] verify EVIDENCE [FILE]\n\n"
        "\"add\" enters a file by its SHA-256 and size, and keeps a copy with --keep; \"give\" adds a step to its chain of custody and\n"
        "looks at the file again; \"verify\" only looks: at the copy, or at FILE. Class 1 is never kept, class 2 only by a coordinator\n"
        "(--as), class 3 only in an encrypted archive.\n\n"
        "      --class NUMBER      add: handling class 1 to 4 (ekigaku catalogue show); default: 4\n"
        "      --keep              add: keep a copy in the data folder of the service\n"
        "      --thing             add: no file, but a disk, a sheet of paper\n"
        "      --name TEXT         add: what it is called; default: the name of the file\n"
        "      --from NAME         add: from whom; give: who gives it, when that is to be checked\n"
        "      --why TEXT          to what end, and where it is kept\n"
        "      --data DIR          the data folder; default: ekigaku-data\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "  -l, --language en|ja    of what is shown to people; else as the environment says\n"
        "  -j, --json              one JSON object a line\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 1 a file changed or is gone, or the one given is another, 2 unusable arguments or not permitted, 3 a file\n"
        "or the store cannot be read, 4 something could not be written, 5 a label does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku evidence --as ada --keep --from \"the works\" add 1 server.pcap\n"
        "  ekigaku evidence --as ada --why \"to be imaged\" give 1 laboratory\n",
    .run = run,
};
