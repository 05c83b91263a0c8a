/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/watch_request.h"
#include "cli/watch_session.h"

static int run(int count, char **arguments)
{
    struct eki_watch_request request;
    if (eki_watch_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_watch.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_watch_session session;
    int status = eki_watch_session_start(&session, &request);
    if (!status) status = eki_watch_session_run(&session);
    if (!status) status = eki_watch_session_finish(&session);
    eki_watch_session_done(&session);
    return status;
}

const struct eki_command eki_command_watch = {
    .name = "watch",
    .summary = "tell what is spreading while it spreads: an interface, a growing file, a folder, exporters",
    .help =
        "Usage: ekigaku watch (--interface NAME | --follow FILE | --directory DIR | --listen [ADDRESS:]PORT) [OPTION...]\n\n"
        "Takes what comes until Ctrl-C and prints a line when a source is decided to be searching, a host was infected, an\n"
        "outbreak begins or changes, or packets were lost. What it looks on is never touched, and nothing is ever sent.\n\n"
        "  -i, --interface NAME    look on a network interface (\"any\": all of them)\n"
        "  -F, --follow FILE       a capture or log that is still being written, also when it is renamed and made anew\n"
        "  -d, --directory DIR     captures and logs, each when it is closed or moved into the folder\n"
        "  -l, --listen [ADDRESS:]PORT  NetFlow v5 and v9, IPFIX and sFlow that exporters send to this UDP port\n"
        "      --allow PREFIX      take exports from these addresses only; several times\n"
        "  -s, --state FILE        go on from what was known, and keep it there\n"
        "      --checkpoint SEC    how often the state is kept; default 60, and always at the end\n"
        "  -j, --json              one JSON object a line instead of text\n"
        "      --facts FILE        at the end, what \"ekigaku analyze --json\" would print\n"
        "      --format FORMAT     of a log: \"auto\" (default) or one of \"ekigaku formats\"\n"
        "      --mapping FILE      of CSV logs\n"
        "  -f, --filter EXPR       take only packets that fit this libpcap expression\n"
        "      --user NAME         whose rights are kept once the inputs are open\n"
        "      --memory SIZE       how much memory may be used, such as 512M or 4G: what shows least is forgotten\n"
        "      --status SEC        a line of counts every so often\n"
        "      --no-sandbox        do not give up what the program needs no more\n"
        "  -q, --quiet             no lines of findings\n"
        "  -h, --help              this text\n\n"
        "Exit status, after Ctrl-C or SIGTERM: 0 nothing is spreading, 10 somebody searches, 20 an outbreak, 2 unusable\n"
        "arguments, 3 an input could not be read, 4 the state or the facts could not be written.\n\n"
        "Examples:\n"
        "  ekigaku watch --interface eth0 --state /var/lib/ekigaku/state --user nobody\n"
        "  ekigaku watch --listen 192.0.2.1:2055 --allow 192.0.2.0/24 --state /var/lib/ekigaku/flows\n"
        "  ekigaku watch --follow /opt/zeek/logs/current/conn.log --json | jq -r 'select(.type == \"infection\").host'\n",
    .run = run,
};
