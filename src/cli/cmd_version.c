/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/command.h"
#include "ekigaku/ekigaku.h"

static int run(int count, char **arguments)
{
    if (count > 1)
        return eki_command_misused(&eki_command_version, "unexpected argument \"%s\"", arguments[1]);
    puts("ekigaku " EKI_VERSION);
    return EKI_EXIT_NOTHING;
}

const struct eki_command eki_command_version = {
    .name = "version",
    .summary = "print the version",
    .help = "Usage: ekigaku version\n\nPrints the version of the program.\n",
    .run = run,
};
