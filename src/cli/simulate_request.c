/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/simulate_request.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/say.h"
#include "ekigaku/simulation.h"

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret_value)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > most) return false;
    *ret_value = value;
    return true;
}

static int parse_value(int option, struct eki_simulate_request *request)
{
    uint64_t number;
    char *end;
    switch (option) {
    case 'o': request->out = optarg; return 0;
    case 'r':
        if (parse_number(optarg, 1, EKI_SIM_MOST_RUNS, &request->runs)) return 0;
        return eki_command_misused(&eki_command_simulate, "--runs is 1 to %d, not \"%s\"", EKI_SIM_MOST_RUNS,
                                   optarg);
    case 's':
        request->seeded = true;
        if (parse_number(optarg, 0, UINT64_MAX, &request->seed)) return 0;
        return eki_command_misused(&eki_command_simulate, "--seed is a whole number, not \"%s\"", optarg);
    case 'l':
        if (eki_say_language(optarg, &request->language)) return 0;
        return eki_command_misused(&eki_command_simulate, "--language is \"en\" or \"ja\", not \"%s\"",
                                   optarg);
    case 'L':
        request->loss = strtod(optarg, &end);
        if (*optarg && !*end && request->loss >= 0 && request->loss <= 1) return 0;
        return eki_command_misused(&eki_command_simulate, "--loss is between 0 and 1, not \"%s\"", optarg);
    case 'S':
        if (parse_number(optarg, 1, 1000, &number)) return request->sensors = (uint32_t)number, 0;
        return eki_command_misused(&eki_command_simulate, "--sensors is 1 to 1000, not \"%s\"", optarg);
    default:
        if (parse_number(optarg, 1, 256, &number)) return request->threads = (unsigned)number, 0;
        return eki_command_misused(&eki_command_simulate, "--threads is 1 to 256, not \"%s\"", optarg);
    }
}

int eki_simulate_request_parse(int count, char **arguments, struct eki_simulate_request *request)
{
    static const struct option options[] = {
        {"runs", required_argument, NULL, 'r'},    {"seed", required_argument, NULL, 's'},
        {"threads", required_argument, NULL, 't'}, {"out", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, 'j'},          {"quiet", no_argument, NULL, 'q'},
        {"loss", required_argument, NULL, 'L'},    {"sensors", required_argument, NULL, 'S'},
        {"headers-only", no_argument, NULL, 'H'},  {"language", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *request = (struct eki_simulate_request){.threads = cores > 0 ? (unsigned)cores : 1,
                                             .language = eki_output_language()};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":r:s:t:o:l:jqh", options, NULL)) != -1;) {
        switch (option) {
        case 'j': request->json = true; break;
        case 'q': request->quiet = true; break;
        case 'H': request->headers_only = true; break;
        case 'h': request->help = true; return 0;
        case ':':
            return eki_command_misused(&eki_command_simulate, "%s needs a value", arguments[optind - 1]);
        case '?':
            return eki_command_misused(&eki_command_simulate, "unknown option %s", arguments[optind - 1]);
        default:
            if (parse_value(option, request)) return EKI_EXIT_USAGE;
        }
    }
    if (optind == count) return eki_command_misused(&eki_command_simulate, "no scenario given");
    if (optind + 1 < count) return eki_command_misused(&eki_command_simulate, "one scenario at a time");
    request->path = arguments[optind];
    return 0;
}
