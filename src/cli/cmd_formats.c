/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "ekigaku/log.h"

static void print_kind(const char *name, const char *what, const char *lacks)
{
    printf("  %-18s %s\n", name, what);
    if (*lacks) printf("  %-18s   cannot tell: %s\n", "", lacks);
}

static int run(int count, char **arguments)
{
    bool help = count == 2 && (!strcmp(arguments[1], "-h") || !strcmp(arguments[1], "--help"));
    if (help) {
        fputs(eki_command_formats.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    if (count > 1) return eki_command_misused(&eki_command_formats, "it takes no argument: %s", arguments[1]);
    puts("Told from the content, plain or packed by gzip, zstd or xz:");
    print_kind("pcap, pcapng", "packets, with all that they show", "");
    print_kind("contacts", "what \"ekigaku contacts\" writes", "");
    const struct eki_log_kind *kind;
    for (size_t i = 0; (kind = eki_log_kind_at(i)); i++) print_kind(kind->name, kind->what, kind->lacks);
    return EKI_EXIT_NOTHING;
}

const struct eki_command eki_command_formats = {
    .name = "formats",
    .summary = "list the forms of captures and logs that are read",
    .help =
        "Usage: ekigaku formats\n\n"
        "Lists every form of input that \"analyze\" and \"contacts\" read, by the name that --format takes, and what each\n"
        "cannot tell. The form is told from the content, never from the name of a file.\n\n"
        "  -h, --help            this text\n",
    .run = run,
};
