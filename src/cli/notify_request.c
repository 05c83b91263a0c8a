/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/notify_request.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/store_place.h"

/* Codes of options that have no letter. */
enum { DRY_RUN = 256, RELAY, LOGIN, CA_FILE, PLAIN, RELEASE, PILOT, FROM, SMIME, KEYS, TEMPLATES, NOW };

static const struct option options[] = {{"store", required_argument, NULL, 's'},
                                        {"directory", required_argument, NULL, 'd'},
                                        {"format", required_argument, NULL, 'f'},
                                        {"key", required_argument, NULL, 'k'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"language", required_argument, NULL, 'l'},
                                        {"help", no_argument, NULL, 'h'},
                                        {"dry-run", required_argument, NULL, DRY_RUN},
                                        {"relay", required_argument, NULL, RELAY},
                                        {"relay-login", required_argument, NULL, LOGIN},
                                        {"ca-file", required_argument, NULL, CA_FILE},
                                        {"plain", no_argument, NULL, PLAIN},
                                        {"release", required_argument, NULL, RELEASE},
                                        {"pilot", required_argument, NULL, PILOT},
                                        {"from", required_argument, NULL, FROM},
                                        {"smime-key", required_argument, NULL, SMIME},
                                        {"keys", required_argument, NULL, KEYS},
                                        {"templates", required_argument, NULL, TEMPLATES},
                                        {"now", required_argument, NULL, NOW},
                                        {NULL, 0, NULL, 0}};

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_notify, what, which);
}

static int take(struct eki_notify_request *r, int option, const char *word)
{
    static const char *const formats[] = {"text", "csv", "xarf", "stix", "csaf", "iodef"};
    switch (option) {
    case 's': r->store = optarg; return 0;
    case 'd': r->directory = optarg; return 0;
    case 'k': r->pgp_key = optarg; return 0;
    case 'j': r->json = true; return 0;
    case 'h': r->help = true; return 0;
    case DRY_RUN: r->dry_run = optarg; return 0;
    case RELAY: r->relay = optarg; return 0;
    case LOGIN: r->login = optarg; return 0;
    case CA_FILE: r->ca_file = optarg; return 0;
    case PLAIN: r->plain = true; return 0;
    case RELEASE: r->release = optarg; return 0;
    case PILOT: r->pilot = optarg; return 0;
    case FROM: r->from = optarg; return 0;
    case SMIME: r->smime_key = optarg; return 0;
    case KEYS: r->keys = optarg; return 0;
    case TEMPLATES: r->templates = optarg; return 0;
    case NOW:
        r->now = eki_directory_moment(optarg);
        return r->now == EKI_TIME_NONE ? misused("--now is no moment: \"%s\"", optarg) : 0;
    case 'l':
        if (!eki_say_language(optarg, &r->language))
            return misused("--language is en or ja, not \"%s\"", optarg);
        return 0;
    case 'f':
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            if (!strcmp(optarg, formats[i])) r->format = formats[i];
        return r->format ? 0
                         : misused("--format is text, csv, xarf, stix, csaf or iodef, not \"%s\"", optarg);
    case ':': return misused("%s needs a value", word);
    default: return misused("unknown option %s", word);
    }
}

/* What does not go together. */
static int check(struct eki_notify_request *r)
{
    if (r->dry_run && (r->relay || r->release))
        return misused("%s", "a dry run changes nothing: --relay and --release do not go with it");
    if (!r->relay && (r->login || r->ca_file || r->plain))
        return misused("%s", "--relay-login, --ca-file and --plain belong to --relay");
    return 0;
}

int eki_notify_request_parse(int count, char **arguments, struct eki_notify_request *ret_request)
{
    char *end = NULL;
    *ret_request = (struct eki_notify_request){
        .store = eki_store_place(), .language = eki_output_language(), .now = eki_directory_moment(NULL)};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":s:d:f:k:jl:h", options, NULL)) != -1;) {
        int status = take(ret_request, option, arguments[optind - 1]);
        if (status || ret_request->help) return status;
    }
    if (optind == count) return misused("%s", "which case? ekigaku case list shows them");
    if (optind + 1 < count) return misused("unexpected argument \"%s\"", arguments[optind + 1]);
    ret_request->of_case = strtoll(arguments[optind], &end, 10);
    if (*end || ret_request->of_case < 1) return misused("\"%s\" is no number of a case", arguments[optind]);
    return check(ret_request);
}
