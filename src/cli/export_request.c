/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_request.h"

#include <getopt.h>
#include <stddef.h>

#include "cli/command.h"
#include "cli/desk_call.h"

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_export, format, what);
}

static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                        {"tlp", required_argument, NULL, 't'},
                                        {"audience", required_argument, NULL, 'a'},
                                        {"tighten", no_argument, NULL, 'T'},
                                        {"labelled-outside", no_argument, NULL, 'l'},
                                        {"only", required_argument, NULL, 'O'},
                                        {"case", required_argument, NULL, 'c'},
                                        {"store", required_argument, NULL, 's'},
                                        {"title", required_argument, NULL, 'n'},
                                        {"by", required_argument, NULL, 'b'},
                                        {"mail", required_argument, NULL, 'm'},
                                        {"domain", required_argument, NULL, 'd'},
                                        {"time", required_argument, NULL, 'w'},
                                        {"output", required_argument, NULL, 'o'},
                                        {"list", no_argument, NULL, 'L'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static int take(int option, struct eki_export_request *r)
{
    switch (option) {
    case 'f':
        r->format = eki_exchange_find(optarg);
        if (r->format && eki_exchange_is_written(r->format)) return 0;
        return misused("\"%s\" is no form that is written (see --list)", optarg);
    case 't':
        r->labelled = true;
        if (!eki_tlp_parse(optarg, &r->label)) return 0;
        return misused("--tlp is red, amber+strict, amber, green or clear, not \"%s\"", optarg);
    case 'a':
        if (!eki_tlp_audience_parse(optarg, &r->tlp.audience)) return 0;
        return misused("--audience is named, organisation, clients, community or world, not \"%s\"", optarg);
    case 'T': r->tlp.tighten = true; return 0;
    case 'l': r->tlp.labelled_outside = true; return 0;
    case 'O':
        if (eki_exchange_only_add(&r->only, optarg)) return 0;
        return misused("--only is a network like 192.0.2.0/24, not \"%s\" (64 at most)", optarg);
    case 'c':
        r->of_case = eki_desk_number(optarg);
        if (r->of_case) return 0;
        return misused("--case is the number of a case, not \"%s\"", optarg);
    case 's': r->store = optarg; return 0;
    case 'n': r->title = optarg; return 0;
    case 'b': r->name = optarg; return 0;
    case 'm': r->mail = optarg; return 0;
    case 'd': r->domain = optarg; return 0;
    case 'w': r->time = optarg; return 0;
    case 'o': r->output = optarg; return 0;
    case 'L': r->list = true; return 0;
    default: r->help = true; return 0;
    }
}

int eki_export_request_parse(int count, char **arguments, struct eki_export_request *ret_request)
{
    struct eki_export_request *request = ret_request;
    *request = (struct eki_export_request){.tlp = {.audience = EKI_AUDIENCE_NAMED}};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":f:o:s:Lh", options, NULL)) != -1;) {
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        if (take(option, request)) return EKI_EXIT_USAGE;
    }
    if (request->help || request->list) return 0;
    if (!request->format) return misused("--format is needed%s (see --list)", "");
    if (request->of_case && count == optind) return 0;
    if (request->of_case)
        return misused("--case stands in the place of a file, not beside %s", arguments[optind]);
    if (count - optind == 1) return 0;
    return misused("one file is needed%s: facts, or a capture", "");
}
