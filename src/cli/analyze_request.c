/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/analyze_request.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/say.h"
#include "cli/size.h"
#include "ekigaku/log.h"

enum { MOST_THREADS = 64 };

enum { WITH_SENSOR = 256, WITH_OFFSET, WITH_SCREEN, WITH_MEMORY, WITH_LABEL };

static bool is_format(const char *name)
{
    const struct eki_log_kind *kind;
    for (size_t i = 0; (kind = eki_log_kind_at(i)); i++)
        if (!strcmp(kind->name, name)) return true;
    return !strcmp(name, "contacts");
}

static int parse_value(int option, struct eki_analyze_request *request)
{
    char *end;
    switch (option) {
    case 'F':
        request->format = strcmp(optarg, "auto") ? optarg : NULL;
        if (!request->format || is_format(optarg)) return 0;
        return eki_command_misused(
            &eki_command_analyze,
            "--format is \"auto\", \"contacts\" or one of \"ekigaku formats\", not \"%s\"", optarg);
    case 'l':
        if (eki_say_language(optarg, &request->language)) return 0;
        return eki_command_misused(&eki_command_analyze, "--language is \"en\" or \"ja\", not \"%s\"",
                                   optarg);
    case WITH_MEMORY: return eki_size_memory(&eki_command_analyze, optarg, &request->memory);
    case WITH_LABEL:
        request->labelled = true;
        if (!eki_tlp_parse(optarg, &request->label)) return 0;
        return eki_command_misused(&eki_command_analyze,
                                   "--tlp is red, amber+strict, amber, green or clear, not \"%s\"", optarg);
    default:
        request->threads = (unsigned)strtoul(optarg, &end, 10);
        if (*optarg >= '0' && *optarg <= '9' && !*end && request->threads >= 1 &&
            request->threads <= MOST_THREADS)
            return 0;
        return eki_command_misused(&eki_command_analyze, "--threads is 1 to %d, not \"%s\"", MOST_THREADS,
                                   optarg);
    }
}

/* Reading ahead, following conversations and judging are three works; more cores have nothing to do. */
static unsigned useful_threads(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > 3 ? 3 : (unsigned)cores;
}

static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                        {"html", required_argument, NULL, 'o'},
                                        {"format", required_argument, NULL, 'F'},
                                        {"filter", required_argument, NULL, 'f'},
                                        {"mapping", required_argument, NULL, 'm'},
                                        {"sensor", required_argument, NULL, WITH_SENSOR},
                                        {"clock-offset", required_argument, NULL, WITH_OFFSET},
                                        {"screen", required_argument, NULL, WITH_SCREEN},
                                        {"memory", required_argument, NULL, WITH_MEMORY},
                                        {"tlp", required_argument, NULL, WITH_LABEL},
                                        {"language", required_argument, NULL, 'l'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"no-colour", no_argument, NULL, 'n'},
                                        {"no-color", no_argument, NULL, 'n'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};
static const char short_options[] = ":jo:f:l:t:qh";

static int parse_options(int count, char **arguments, struct eki_analyze_request *request)
{
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, short_options, options, NULL)) != -1;) {
        switch (option) {
        case 'j': request->json = true; break;
        case 'o': request->html = optarg; break;
        case 'f': request->filter = optarg; break;
        case 'm': request->mapping = optarg; break;
        case 'n': request->no_colour = true; break;
        case 'q': request->quiet = true; break;
        case 'h': request->help = true; return 0;
        case WITH_SCREEN: request->screen = optarg; break;
        case WITH_SENSOR: request->sensors = true; break;
        case WITH_OFFSET: request->offsets = true; break;
        case ':': return eki_command_misused(&eki_command_analyze, "%s needs a value", arguments[optind - 1]);
        case '?':
            return eki_command_misused(&eki_command_analyze, "unknown option %s", arguments[optind - 1]);
        default:
            if (parse_value(option, request)) return EKI_EXIT_USAGE;
        }
    }
    return 0;
}

/* The options once more, for what names inputs: their form is known now, and all sensors when offsets come.
 */
static bool collect(int count, char **arguments, struct eki_analyze_request *request, int wanted)
{
    bool good = true;
    optind = 0;
    for (int option; good && (option = getopt_long(count, arguments, short_options, options, NULL)) != -1;) {
        if (option != wanted) continue;
        good = wanted == WITH_SENSOR ? eki_inputs_add(&request->inputs, optarg, true)
                                     : eki_inputs_offset(&request->inputs, optarg);
    }
    return good;
}

static bool collect_inputs(int count, char **arguments, struct eki_analyze_request *request)
{
    bool good = true;
    request->inputs.format = request->format;
    if (request->sensors) good = collect(count, arguments, request, WITH_SENSOR);
    for (int i = optind; i < count && good; i++) good = eki_inputs_add(&request->inputs, arguments[i], false);
    if (good && request->offsets) good = collect(count, arguments, request, WITH_OFFSET);
    if (good) eki_inputs_settle(&request->inputs);
    return good;
}

int eki_analyze_request_parse(int count, char **arguments, struct eki_analyze_request *request)
{
    *request = (struct eki_analyze_request){.language = eki_output_language(), .threads = useful_threads()};
    int status = parse_options(count, arguments, request);
    if (status || request->help) return status;
    if (optind == count && !request->sensors)
        return eki_command_misused(&eki_command_analyze, "no capture or log given (\"-\" is standard input)");
    if (collect_inputs(count, arguments, request)) return 0;
    eki_inputs_done(&request->inputs);
    return EKI_EXIT_USAGE;
}
