/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_request.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/size.h"
#include "ekigaku/log.h"

enum { CHECKPOINT_S = 60, MOST_SECONDS = 86400 };

static int set_input(struct eki_watch_request *request, enum eki_watch_kind kind)
{
    if (request->kind)
        return eki_command_misused(&eki_command_watch,
                                   "one of --interface, --follow, --directory and --listen, once");
    request->kind = kind;
    request->path = optarg;
    return 0;
}

static int set_seconds(const char *option, unsigned least, unsigned *ret_seconds)
{
    char *end;
    unsigned long seconds = strtoul(optarg, &end, 10);
    if (*optarg < '0' || *optarg > '9' || *end || seconds < least || seconds > MOST_SECONDS)
        return eki_command_misused(&eki_command_watch, "%s is %u to %d seconds, not \"%s\"", option, least,
                                   MOST_SECONDS, optarg);
    *ret_seconds = (unsigned)seconds;
    return 0;
}

/* "192.0.2.0/24", "2001:db8::/32", or one address. */
static int set_allowed(struct eki_watch_request *request)
{
    if (request->allowed_count == EKI_WATCH_ALLOWED_MOST)
        return eki_command_misused(&eki_command_watch, "--allow more than %d times", EKI_WATCH_ALLOWED_MOST);
    if (!eki_prefix_parse(optarg, &request->allowed[request->allowed_count])) {
        request->allowed_count++;
        return 0;
    }
    return eki_command_misused(&eki_command_watch,
                               "--allow is an address or a prefix such as 192.0.2.0/24, not \"%s\"", optarg);
}

static int set_format(struct eki_watch_request *request)
{
    const struct eki_log_kind *kind;
    if (!strcmp(optarg, "auto")) return 0;
    request->format = optarg;
    for (size_t i = 0; (kind = eki_log_kind_at(i)); i++)
        if (!strcmp(kind->name, optarg)) return 0;
    return eki_command_misused(&eki_command_watch,
                               "--format is \"auto\" or one of \"ekigaku formats\", not \"%s\"", optarg);
}

static int set_value(int option, struct eki_watch_request *request)
{
    switch (option) {
    case 'i': return set_input(request, EKI_WATCH_INTERFACE);
    case 'F': return set_input(request, EKI_WATCH_FILE);
    case 'd': return set_input(request, EKI_WATCH_FOLDER);
    case 'l': return set_input(request, EKI_WATCH_SOCKET);
    case 'A': return set_allowed(request);
    case 'c': return set_seconds("--checkpoint", 1, &request->checkpoint_s);
    case 'S': return set_seconds("--status", 1, &request->status_s);
    case 'M': return eki_size_memory(&eki_command_watch, optarg, &request->memory);
    default: return set_format(request);
    }
}

/* Does a file to be written lie in the folder that is watched? It would be read as input. */
static bool lies_in(const char *path, const char *folder)
{
    char above[PATH_MAX], real_above[PATH_MAX], real_folder[PATH_MAX];
    if (!path || snprintf(above, sizeof above, "%s", path) >= (int)sizeof above) return false;
    char *slash = strrchr(above, '/');
    if (slash) slash[slash == above] = 0;
    return realpath(slash ? above : ".", real_above) && realpath(folder, real_folder) &&
           !strcmp(real_above, real_folder);
}

static int finish(int count, char **arguments, const struct eki_watch_request *request)
{
    if (optind < count)
        return eki_command_misused(&eki_command_watch, "\"%s\" is no option: name the input by one",
                                   arguments[optind]);
    if (!request->kind)
        return eki_command_misused(&eki_command_watch,
                                   "nothing to watch: --interface, --follow, --directory or --listen");
    bool inside = request->kind == EKI_WATCH_FOLDER &&
                  (lies_in(request->state, request->path) || lies_in(request->facts, request->path));
    bool listens = request->kind == EKI_WATCH_SOCKET;
    if (listens && (request->format || request->mapping || request->filter))
        return eki_command_misused(&eki_command_watch,
                                   "--format, --mapping and --filter are not of --listen");
    if (!listens && request->allowed_count)
        return eki_command_misused(&eki_command_watch, "--allow is of --listen");
    if (inside)
        return eki_command_misused(&eki_command_watch,
                                   "the state and the facts must not lie in the folder that is watched");
    return 0;
}

struct eki_watch_request eki_watch_request_usual(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct eki_watch_request){.checkpoint_s = CHECKPOINT_S, .threads = cores > 1 ? 2 : 1};
}

int eki_watch_request_parse(int count, char **arguments, struct eki_watch_request *request)
{
    static const struct option options[] = {{"interface", required_argument, NULL, 'i'},
                                            {"follow", required_argument, NULL, 'F'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"allow", required_argument, NULL, 'A'},
                                            {"state", required_argument, NULL, 's'},
                                            {"checkpoint", required_argument, NULL, 'c'},
                                            {"facts", required_argument, NULL, 'o'},
                                            {"format", required_argument, NULL, 'm'},
                                            {"mapping", required_argument, NULL, 'p'},
                                            {"filter", required_argument, NULL, 'f'},
                                            {"user", required_argument, NULL, 'u'},
                                            {"memory", required_argument, NULL, 'M'},
                                            {"status", required_argument, NULL, 'S'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"no-sandbox", no_argument, NULL, 'n'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = eki_watch_request_usual();
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":i:F:d:l:s:jf:qh", options, NULL)) != -1;) {
        switch (option) {
        case 's': request->state = optarg; break;
        case 'o': request->facts = optarg; break;
        case 'p': request->mapping = optarg; break;
        case 'f': request->filter = optarg; break;
        case 'u': request->user = optarg; break;
        case 'j': request->json = true; break;
        case 'n': request->no_sandbox = true; break;
        case 'q': request->quiet = true; break;
        case 'h': request->help = true; return 0;
        case ':': return eki_command_misused(&eki_command_watch, "%s needs a value", arguments[optind - 1]);
        case '?': return eki_command_misused(&eki_command_watch, "unknown option %s", arguments[optind - 1]);
        default:
            if (set_value(option, request)) return EKI_EXIT_USAGE;
        }
    }
    return finish(count, arguments, request);
}
