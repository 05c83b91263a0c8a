/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle_request.h"

#include "cli/bundle_key.h"
#include "cli/command.h"
#include "cli/say.h"
#include "cli/store_place.h"

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_bundle, format, what);
}

static int take_case(struct eki_bundle_request *r)
{
    char *end;
    r->of_case = strtoll(optarg, &end, 10);
    return *end || r->of_case < 1 ? misused("--case is the number of a case, not \"%s\"", optarg) : 0;
}

static int take(int option, struct eki_bundle_request *r)
{
    enum eki_language language; /* of the run: nothing else asks for it */
    switch (option) {
    case 'l':
        return eki_say_language(optarg, &language) ? 0
                                                   : misused("--language is en or ja, not \"%s\"", optarg);
    case 's': r->store = optarg; return 0;
    case 'd': r->directory = optarg; return 0;
    case 'j': r->json = true; return 0;
    case 'A': r->as = optarg; return 0;
    case 'O': r->to = optarg; return 0;
    case 'R': r->records = optarg; return 0;
    case 'C': return take_case(r);
    case 'k': r->key = optarg; return 0;
    case 'b': r->by = optarg; return 0;
    case 'o': r->output = optarg; return 0;
    case 'w': r->time = optarg; return 0;
    case 't':
        r->labelled = true;
        if (!eki_tlp_parse(optarg, &r->label)) return 0;
        return misused("--tlp is red, amber+strict, amber, green or clear, not \"%s\"", optarg);
    case 'a':
        if (!eki_tlp_audience_parse(optarg, &r->audience)) return 0;
        return misused("--audience is named, organisation, clients, community or world, not \"%s\"", optarg);
    case 'T':
        if (r->trusted_count == EKI_BUNDLE_TRUSTED)
            return misused("--trust: %s is one too many (256)", optarg);
        if (!eki_bundle_key_read(optarg, "public", r->trusted + r->trusted_count * EKI_BUNDLE_KEY))
            return EKI_EXIT_UNREADABLE;
        r->trusted_count++;
        return 0;
    default: r->help = true; return 0;
    }
}

int eki_bundle_request_parse(int count, char **arguments, struct eki_bundle_request *request)
{
    static const struct option options[] = {{"key", required_argument, NULL, 'k'},
                                            {"trust", required_argument, NULL, 'T'},
                                            {"tlp", required_argument, NULL, 't'},
                                            {"audience", required_argument, NULL, 'a'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"time", required_argument, NULL, 'w'},
                                            {"output", required_argument, NULL, 'o'},
                                            {"store", required_argument, NULL, 's'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"language", required_argument, NULL, 'l'},
                                            {"as", required_argument, NULL, 'A'},
                                            {"to", required_argument, NULL, 'O'},
                                            {"records", required_argument, NULL, 'R'},
                                            {"case", required_argument, NULL, 'C'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct eki_bundle_request){.audience = EKI_AUDIENCE_NAMED, .store = eki_store_place()};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":k:o:s:d:l:jh", options, NULL)) != -1;) {
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        int status = take(option, request);
        if (status) return status;
    }
    int operands = count - optind, wanted = request->of_case ? 1 : 2;
    if (request->of_case && optind < count && strcmp(arguments[optind], "make") != 0)
        return misused("--case goes with make%s", "");
    if (request->help || operands == wanted) return 0;
    return misused("key, make, read, verify, receive or us, and one operand are needed%s", "");
}
