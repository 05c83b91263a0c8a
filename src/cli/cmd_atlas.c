/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "ekigaku/atlas.h"
#include "ekigaku/error.h"

struct request {
    uint64_t seed;
    bool json, help;
};

struct listing {
    bool json, any;
    unsigned counts[3]; /* by verdict */
};

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"seed", required_argument, NULL, 's'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){.seed = 1};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":s:jh", options, NULL)) != -1;) {
        char *end;
        switch (option) {
        case 'j': request->json = true; break;
        case 'h': request->help = true; return 0;
        case 's':
            request->seed = strtoull(optarg, &end, 10);
            if (*optarg >= '0' && *optarg <= '9' && !*end) break;
            return eki_command_misused(&eki_command_atlas, "--seed is a whole number, not \"%s\"", optarg);
        case ':': return eki_command_misused(&eki_command_atlas, "%s needs a value", arguments[optind - 1]);
        default: return eki_command_misused(&eki_command_atlas, "unknown option %s", arguments[optind - 1]);
        }
    }
    if (optind == count) return 0;
    return eki_command_misused(&eki_command_atlas, "unexpected argument \"%s\"", arguments[optind]);
}

static void print_number(const char *key, double value)
{
    if (isnan(value) || isinf(value))
        printf(", \"%s\": null", key);
    else
        printf(", \"%s\": %.9g", key, value);
}

/* The texts of the rows are ours and hold nothing that JSON would escape. */
static void print_json(const struct listing *listing, const struct eki_atlas_row *row)
{
    printf("%s\n  {\"id\": \"%s\", \"what\": \"%s\", \"unit\": \"%s\"", listing->any ? "," : "[", row->id,
           row->what, row->unit);
    print_number("published", row->published);
    print_number("low", row->low);
    print_number("high", row->high);
    print_number("ours", row->ours);
    print_number("standard_error", row->error);
    printf(", \"verdict\": \"%s\", \"source\": \"%s\", \"note\": \"%s\"}",
           eki_atlas_verdict_name(row->verdict), row->source, row->note);
}

static void print_text(const struct eki_atlas_row *row)
{
    printf("%-5s %-9s %s\n", row->id, eki_atlas_verdict_name(row->verdict), row->what);
    if (row->verdict == EKI_ATLAS_NOT_BUILT)
        printf("      %s; source: %s\n", row->note, row->source);
    else
        printf("      ours %.5g %s, published %.5g, allowed %.5g to %.5g; source: %s\n", row->ours, row->unit,
               row->published, row->low, row->high, row->source);
    if (row->note[0] && row->verdict != EKI_ATLAS_NOT_BUILT) printf("      note: %s\n", row->note);
}

static int show(void *user, const struct eki_atlas_row *row)
{
    struct listing *listing = user;
    if (listing->json)
        print_json(listing, row);
    else
        print_text(row);
    listing->any = true;
    listing->counts[row->verdict]++;
    return fflush(stdout);
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_atlas.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct listing listing = {.json = request.json};
    enum eki_error error = eki_atlas_run(request.seed, eki_interrupt_watch(), show, &listing);
    if (listing.json)
        puts(listing.any ? "\n]" : "[]");
    else
        printf("%u inside, %u outside, %u not built\n", listing.counts[0], listing.counts[1],
               listing.counts[2]);
    if (error) fprintf(stderr, "ekigaku atlas: %s\n", eki_error_text(error));
    if (error || fflush(stdout)) return EKI_EXIT_FAILED;
    return listing.counts[EKI_ATLAS_OUTSIDE] ? EKI_EXIT_BELOW : EKI_EXIT_NOTHING;
}

const struct eki_command eki_command_atlas = {
    .name = "atlas",
    .summary = "play published outbreaks and show published beside simulated figures",
    .help =
        "Usage: ekigaku atlas [OPTION...]\n\n"
        "Plays the outbreaks of the literature and prints, for each figure, what was published, what the simulation gives, the\n"
        "band that is allowed, and the source. Contradictions between sources are shown; what has no model yet is listed as\n"
        "not built. Takes some seconds.\n\n"
        "  -s, --seed N          of all randomness; default 1\n"
        "  -j, --json            print the rows as a JSON array\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 every figure inside its band, 1 some outside, 2 unusable arguments, 4 interrupted or not written.\n",
    .run = run,
};
