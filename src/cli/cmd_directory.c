/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/directory_command.h"

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_directory, what, which);
}

static int do_verb(struct eki_directory_request *request, int count, char **words)
{
    const char *verb = words[0];
    static const char *const alone[] = {"export", "stats", "verify", "due", "sample"};
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (!strcmp(verb, alone[i]) && count > 1) return misused("unexpected argument \"%s\"", words[1]);
    if (!strcmp(verb, "sample")) return eki_directory_write_sample(request);
    request->file = request->store ? NULL : eki_directory_file(request->file);
    if (!request->file && !request->store)
        return misused("%s", "which directory? --directory FILE, --store URL, or EKIGAKU_DIRECTORY");
    if (!strcmp(verb, "import"))
        return count > 1 ? eki_directory_import_files(request, count - 1, words + 1)
                         : misused("%s", "import which files?");
    if (!strcmp(verb, "card"))
        return count > 1 ? eki_directory_cards(request, count - 1, words + 1)
                         : misused("%s", "the card of which team?");
    if (!strcmp(verb, "export")) return eki_directory_export_file(request);
    if (!strcmp(verb, "stats")) return eki_directory_tell(request);
    if (!strcmp(verb, "verify")) return eki_directory_check(request);
    if (!strcmp(verb, "due")) return eki_directory_list_due(request);
    return misused("\"%s\" is not one of import, export, stats, verify, card, due, sample", verb);
}

static int run(int count, char **arguments)
{
    struct eki_directory_request request;
    int status = eki_directory_request_parse(count, arguments, &request);
    if (status) return status;
    if (!request.help) return do_verb(&request, count - optind, arguments + optind);
    fputs(eki_command_directory.help, stdout);
    return EKI_EXIT_NOTHING;
}

const struct eki_command eki_command_directory = {
    .name = "directory",
    .summary = "the address book of teams: import, export, stats, verify, card, due, sample",
    .help =
        "Usage: ekigaku directory [OPTION...] import FILE...\n"
        "       ekigaku directory [OPTION...] export|stats|verify|due|sample\n"
        "       ekigaku directory [OPTION...] card TEAM...\n\n"
        "Keeps the directory that \"ekigaku lookup\" asks. import brings a list of others in: everything of the same source is\n"
        "replaced, nothing entered by hand is touched, and differences are told. export writes it in another format. stats shows\n"
        "growth with a projection, sectors, tiers and health of contacts. verify tells what is contradictory or out of date. card\n"
        "prints teams in the form of RFC 2350. due lists the contacts whose check is due. sample writes 262 invented teams.\n\n"
        "  -d, --directory FILE  the directory; else what EKIGAKU_DIRECTORY names\n"
        "      --store URL       the directory of a desk instead: its store, a file or postgresql://...; sample goes there too\n"
        "  -f, --format FORMAT   of the list: own, csv, first, ti, ripe or ipam; default own; of a card: rfc2350 (default) or\n"
        "                        security.txt\n"
        "      --audience WHO    export, card: who is told: named (default), organisation, clients, community or world; records whose\n"
        "                        label does not permit that are withheld; one without a label counts as TLP:AMBER+STRICT\n"
        "      --labelled-outside\n"
        "                        export: the recipient gets the label beside the file: first, ti, ripe and ipam have no place for it\n"
        "      --expires TIME    security.txt: until when it holds; default 180 days\n"
        "  -s, --source NAME     import: the name its records get; default the format\n"
        "      --by-hand         import: as if entered by hand, added to what is there\n"
        "  -t, --team TEAM       import: whose prefixes these are (ipam, csv)\n"
        "      --strict          import: nothing is taken when an entry is wrong\n"
        "  -k, --kind KIND       export as csv: the kind of record; default team\n"
        "  -c, --chart CHART     stats: one chart as SVG: growth, sectors, regions, years or health\n"
        "  -j, --json            stats: as JSON\n"
        "  -e, --every DAYS      due: days between two checks of a contact; default 90\n"
        "  -o, --out FILE        write there, not to standard output\n"
        "  -l, --language LANG   en or ja; else as the environment says\n"
        "  -n, --now TIME        as of this moment, not of today\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 1 verify found something wrong, 2 unusable arguments, 3 a file cannot be read (the message names line\n"
        "and key), 4 the output could not be written, 5 no label permits it.\n\n"
        "Examples:\n"
        "  ekigaku directory sample > directory.jsonl\n"
        "  ekigaku directory -d directory.jsonl -f ripe import ripe.db.organisation.gz ripe.db.role.gz ripe.db.inetnum.gz\n"
        "  ekigaku directory -d directory.jsonl -c growth stats > growth.svg\n"
        "  ekigaku directory --store ekigaku-data/ekigaku.db import directory.jsonl\n",
    .run = run,
};
