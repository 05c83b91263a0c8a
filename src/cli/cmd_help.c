/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/command.h"

static int list(void)
{
    puts(
        "ekigaku reads network traffic and says whether malware is spreading by itself, who infected whom and when.\n\n"
        "Usage: ekigaku COMMAND [OPTION...] [FILE...]\n");
    for (int i = 0; eki_commands[i]; i++)
        printf("  %-10s %s\n", eki_commands[i]->name, eki_commands[i]->summary);
    puts("\nekigaku help COMMAND tells more; ekigaku-COMMAND(1) is its manual page.");
    return EKI_EXIT_NOTHING;
}

static int run(int count, char **arguments)
{
    if (count < 2) return list();
    const struct eki_command *command = eki_command_find(arguments[1]);
    if (!command) return eki_command_misused(&eki_command_help, "there is no command \"%s\"", arguments[1]);
    fputs(command->help, stdout);
    return EKI_EXIT_NOTHING;
}

const struct eki_command eki_command_help = {
    .name = "help",
    .summary = "tell how a command is used",
    .help = "Usage: ekigaku help [COMMAND]\n\nLists the commands, or tells how one is used.\n",
    .run = run,
};
