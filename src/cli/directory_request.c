/* SPDX-License-Identifier: Apache-2.0 */
/* The options of ekigaku directory. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/directory_command.h"
#include "cli/output.h"
#include "cli/say.h"
#include "ekigaku/directory_report.h"

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_directory, what, which);
}

static int parse_kind(const char *word, struct eki_directory_request *request)
{
    unsigned kind = 0;
    while (kind < EKI_RECORD_KINDS && strcmp(eki_record_kind_name(kind), word) != 0) kind++;
    request->kind = kind;
    return kind == EKI_RECORD_KINDS ? misused("\"%s\" is no kind of record", word) : 0;
}

static int parse_chart(const char *word, struct eki_directory_request *request)
{
    request->chart = word;
    for (unsigned chart = 0; chart < EKI_MEMBERS_CHARTS; chart++)
        if (!strcmp(eki_members_chart_name(chart), word)) return 0;
    return misused("\"%s\" is no chart (growth, sectors, regions, years, health)", word);
}

static int parse_days(const char *word, struct eki_directory_request *request)
{
    char *end;
    unsigned long days = strtoul(word, &end, 10);
    request->every = (uint32_t)days;
    return *word < '0' || *word > '9' || *end || !days || days > 3650
               ? misused("--every is 1 to 3650 days, not \"%s\"", word)
               : 0;
}

static int take(int option, struct eki_directory_request *request)
{
    switch (option) {
    case 'd': request->file = optarg; return 0;
    case 'u': request->store = optarg; return 0;
    case 'n': request->now_text = optarg; return 0;
    case 's': request->source = optarg; return 0;
    case 't': request->team = optarg; return 0;
    case 'o': request->out = optarg; return 0;
    case 'j': request->json = true; return 0;
    case 'b': request->by_hand = true; return 0;
    case 'S': request->strict = true; return 0;
    case 'k': return parse_kind(optarg, request);
    case 'c': return parse_chart(optarg, request);
    case 'e': return parse_days(optarg, request);
    case 'L': request->tlp.labelled_outside = true; return 0;
    case 'a':
        if (!eki_tlp_audience_parse(optarg, &request->tlp.audience)) return 0;
        return misused("--audience is named, organisation, clients, community or world, not \"%s\"", optarg);
    case 'E':
        if (!eki_moment_parse(optarg, &request->expires)) return 0;
        return misused("--expires is no moment: \"%s\"", optarg);
    case 'f':
        request->card = !strcmp(optarg, "security.txt") ? EKI_CARD_SECURITY_TXT : EKI_CARD_TEXT;
        if (request->card || !strcmp(optarg, "rfc2350")) return 0;
        request->format = eki_roster_format_of(optarg);
        return request->format == EKI_ROSTER_FORMATS
                   ? misused("\"%s\" is no format (own, csv, first, ti, ripe, ipam)", optarg)
                   : 0;
    default:
        return eki_say_language(optarg, &request->language)
                   ? 0
                   : misused("--language is en or ja, not \"%s\"", optarg);
    }
}

int eki_directory_request_parse(int count, char **arguments, struct eki_directory_request *ret_request)
{
    struct eki_directory_request *request = ret_request;
    static const struct option options[] = {{"directory", required_argument, NULL, 'd'},
                                            {"store", required_argument, NULL, 'u'},
                                            {"now", required_argument, NULL, 'n'},
                                            {"source", required_argument, NULL, 's'},
                                            {"team", required_argument, NULL, 't'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"by-hand", no_argument, NULL, 'b'},
                                            {"strict", no_argument, NULL, 'S'},
                                            {"kind", required_argument, NULL, 'k'},
                                            {"chart", required_argument, NULL, 'c'},
                                            {"every", required_argument, NULL, 'e'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"language", required_argument, NULL, 'l'},
                                            {"audience", required_argument, NULL, 'a'},
                                            {"labelled-outside", no_argument, NULL, 'L'},
                                            {"expires", required_argument, NULL, 'E'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct eki_directory_request){.language = eki_output_language(),
                                              .kind = EKI_RECORD_TEAM,
                                              .tlp = {.audience = EKI_AUDIENCE_NAMED},
                                              .expires = EKI_TIME_NONE,
                                              .every = 90};
    opterr = 0;
    for (int option;
         (option = getopt_long(count, arguments, ":d:n:s:t:o:jk:c:e:f:l:h", options, NULL)) != -1;) {
        if (option == 'h') {
            request->help = true;
            return 0;
        }
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        int status = take(option, request);
        if (status) return status;
    }
    if (request->store && request->file) return misused("%s", "--directory or --store, not both");
    if (optind == count) return misused("%s", "import, export, stats, verify, card, due or sample?");
    request->now = eki_directory_moment(request->now_text);
    return request->now == EKI_TIME_NONE
               ? misused("--now is no moment: \"%s\"", request->now_text ? request->now_text : "")
               : 0;
}
