/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "ekigaku/score.h"

struct request {
    double least; /* precision and recall of edges; 0: any */
    bool json, help;
};

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"least", required_argument, NULL, 'l'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){0};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":l:jh", options, NULL)) != -1;) {
        char *end;
        switch (option) {
        case 'j': request->json = true; break;
        case 'h': request->help = true; return 0;
        case 'l':
            request->least = strtod(optarg, &end);
            if (*optarg && !*end && request->least >= 0 && request->least <= 1) break;
            return eki_command_misused(&eki_command_score, "--least is between 0 and 1, not \"%s\"", optarg);
        case ':': return eki_command_misused(&eki_command_score, "%s needs a value", arguments[optind - 1]);
        default: return eki_command_misused(&eki_command_score, "unknown option %s", arguments[optind - 1]);
        }
    }
    if (count - optind == 2) return 0;
    return eki_command_misused(&eki_command_score, "a truth and a result are needed");
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_score.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_score score;
    struct eki_fault fault = {0};
    const char *path = "";
    enum eki_error error = eki_score_files(arguments[optind], arguments[optind + 1], &score, &path, &fault);
    if (error) {
        eki_inputs_complain_of(path, error, &fault);
        return EKI_EXIT_UNREADABLE;
    }
    error = request.json ? eki_score_write_json(&score, stdout) : eki_score_write_text(&score, stdout);
    if (error) {
        fprintf(stderr, "ekigaku: the score: %s\n", eki_error_text(error));
        return EKI_EXIT_FAILED;
    }
    bool kept = eki_score_share(score.edges_right, score.edges_given) >= request.least &&
                eki_score_share(score.edges_right, score.edges_true) >= request.least;
    return kept ? EKI_EXIT_NOTHING : EKI_EXIT_BELOW;
}

const struct eki_command eki_command_score = {
    .name = "score",
    .summary = "compare a result with what is known to have happened",
    .help =
        "Usage: ekigaku score [OPTION...] TRUTH RESULT\n\n"
        "Compares the facts of \"ekigaku analyze --json\" with a truth (truth.json, as written beside simulated traffic):\n"
        "infected hosts, who infected whom, patient zero, times, sources and strategies, and whether the probabilities of\n"
        "parents are right as often as they say.\n\n"
        "      --least SHARE     exit with 1 when precision or recall of the edges is below this\n"
        "  -j, --json            print the score as one JSON object\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 1 below --least, 2 unusable arguments, 3 a file could not be read, 4 the output could not be\n"
        "written.\n\n"
        "Example:\n"
        "  ekigaku analyze --json traffic.pcap > result.json; ekigaku score truth.json result.json\n",
    .run = run,
};
