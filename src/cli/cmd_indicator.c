/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/indicator_act.h"

static int run(int count, char **arguments)
{
    struct eki_indicator_request r = {.call = {.command = &eki_command_indicator}};
    const char *audience = NULL;
    const struct eki_desk_option own[] = {{"audience", &audience, NULL},
                                          {"comment", &r.comment, NULL},
                                          {"kind", &r.kind, NULL},
                                          {"tlp", &r.tlp, NULL},
                                          {"detect", &r.detect, NULL},
                                          {"from", &r.from, NULL},
                                          {NULL, NULL, NULL}};
    int status = eki_desk_parse(&r.call, count, arguments, own);
    if (!status && r.call.help) {
        fputs(eki_command_indicator.help, stdout);
    } else if (!status && audience && eki_tlp_audience_parse(audience, &r.audience)) {
        status = eki_desk_misused(
            &r.call, "--audience is named, organisation, clients, community or world, not \"%s\"", audience);
    } else if (!status) {
        status = eki_indicator_act(&r);
        eki_desk_close(&r.call);
    }
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku indicator: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status;
}

const struct eki_command eki_command_indicator = {
    .name = "indicator",
    .summary = "indicators of a case: pasted, explained, taken out",
    .help =
        "Usage: ekigaku indicator [OPTION...] add CASE [TEXT]\n"
        "       ekigaku indicator [OPTION...] list CASE\n"
        "       ekigaku indicator [OPTION...] change INDICATOR\n"
        "       ekigaku indicator [OPTION...] remove INDICATOR\n\n"
        "\"add\" reads addresses, networks, domains, pages, mail addresses, AS numbers, hashes and names of programs out of a text (without\n"
        "TEXT: standard input) or a file (--from), defanged or not: each is kept once and counted. \"change\" says what is known about one.\n\n"
        "      --from FILE         add: out of this file\n"
        "      --comment TEXT      change: for people\n"
        "      --kind KIND         change: address, network, domain, url, mail, as, md5, sha1, sha256, file, ...\n"
        "      --tlp LABEL         change: stricter than the case: it then leaves with nothing that bears a wider label; \"\": as the case\n"
        "      --audience WHO      list: for named (default), organisation, clients, community or world; what is for fewer is left out\n"
        "      --detect yes|no     change: meant for detection, or only seen beside\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "  -l, --language en|ja    of what is shown to people; else as the environment says\n"
        "  -j, --json              one JSON object a line\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, no indicator in the text, or not permitted, 3 the store or the text cannot be read, 4 the output could not be\n"
        "written, 5 a label does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku indicator --as ada add 1 --from mail.txt\n"
        "  ekigaku indicator --as ada change 3 --comment \"first stage\" --tlp RED\n",
    .run = run,
};
