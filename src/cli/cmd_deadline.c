/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/deadline_act.h"

static int run(int count, char **arguments)
{
    const char *of_case = NULL;
    struct eki_desk_call call = {.command = &eki_command_deadline};
    const struct eki_desk_option own[] = {{"case", &of_case, NULL}, {NULL, NULL, NULL}};
    int status = eki_desk_parse(&call, count, arguments, own);
    if (!status && call.help) {
        fputs(eki_command_deadline.help, stdout);
    } else if (!status) {
        status = eki_deadline_act(&call, of_case);
        eki_desk_close(&call);
    }
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku deadline: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status;
}

const struct eki_command eki_command_deadline = {
    .name = "deadline",
    .summary = "profiles of deadlines: until when somebody must be told",
    .help =
        "Usage: ekigaku deadline [OPTION...] [list]\n"
        "       ekigaku deadline [OPTION...] keep PROFILE \"NAME HOURS WHAT FOR\"...\n"
        "       ekigaku deadline [OPTION...] drop PROFILE\n"
        "       ekigaku deadline [OPTION...] choose NAMES\n"
        "       ekigaku deadline [OPTION...] met CASE DEADLINE\n\n"
        "Three profiles come along and stay as they are: own, nis2, appi. \"keep\" makes one of your own, or replaces its steps; hours\n"
        "count from when the team knew. \"choose\" says which run: for the desk, or with --case for one case; \"-\" is none, \"\" what holds\n"
        "otherwise. \"ekigaku case show\" tells the clocks of a case; \"met\" notes that one was kept.\n\n"
        "      --case NUMBER       choose: for this case\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "  -l, --language en|ja    of what is shown to people; else as the environment says\n"
        "  -j, --json              list: one JSON object a step; otherwise what was done, as one object\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 2 unusable arguments or not possible, 3 the store cannot be used, 4 the output could not be written.\n\n"
        "Examples:\n"
        "  ekigaku deadline --as ada keep factory \"works 4 The works are told\" \"report 72 Report to the board\"\n"
        "  ekigaku deadline --as ada --case 1 choose \"factory nis2\"\n",
    .run = run,
};
