/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/lookup_request.h"

#include <getopt.h>
#include <string.h>

#include "cli/directory_file.h"
#include "cli/output.h"
#include "cli/say.h"

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_lookup, what, which);
}

static int take_all(int count, char **arguments, struct eki_lookup_request *request, const char **now)
{
    static const struct option options[] = {{"directory", required_argument, NULL, 'd'},
                                            {"store", required_argument, NULL, 'u'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"table", no_argument, NULL, 't'},
                                            {"language", required_argument, NULL, 'l'},
                                            {"now", required_argument, NULL, 'n'},
                                            {"audience", required_argument, NULL, 'a'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct eki_lookup_request){.language = eki_output_language(), .audience = EKI_AUDIENCE_NAMED};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":d:jtl:n:h", options, NULL)) != -1;) {
        switch (option) {
        case 'd': request->file = optarg; break;
        case 'u': request->store = optarg; break;
        case 'j': request->form = EKI_LOOKUP_JSON; break;
        case 't': request->form = EKI_LOOKUP_TABLE; break;
        case 'n': *now = optarg; break;
        case 'a':
            if (!eki_tlp_audience_parse(optarg, &request->audience)) break;
            return misused("--audience is named, organisation, clients, community or world, not \"%s\"",
                           optarg);
        case 'h': request->help = true; return 0;
        case 'l':
            if (!eki_say_language(optarg, &request->language))
                return misused("--language is en or ja, not \"%s\"", optarg);
            break;
        case ':': return misused("%s needs a value", arguments[optind - 1]);
        default: return misused("unknown option %s", arguments[optind - 1]);
        }
    }
    return 0;
}

int eki_lookup_request_parse(int count, char **arguments, struct eki_lookup_request *ret_request)
{
    struct eki_lookup_request *request = ret_request;
    const char *now = NULL;
    int status = take_all(count, arguments, request, &now);
    if (status || request->help) return status;
    if (request->file && request->store) return misused("%s", "--directory or --store, not both");
    if (!request->store) request->file = eki_directory_file(request->file);
    if (!request->file && !request->store)
        return misused("%s", "which directory? --directory FILE, --store URL, or EKIGAKU_DIRECTORY");
    request->now = eki_directory_moment(now);
    return request->now == EKI_TIME_NONE ? misused("--now is no moment: \"%s\"", now ? now : "") : 0;
}
