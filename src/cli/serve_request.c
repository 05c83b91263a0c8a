/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/serve_request.h"

#include <getopt.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/serve_watch.h"
#include "cli/size.h"
#include "cli/store_place.h"

enum { MOST_THREADS = 64, MOST_RATE = 1000000 };

/* Codes of options that have no letter. */
enum {
    PAGES = 256,
    HOST,
    THREADS,
    RATE,
    ACCESS_LOG,
    DEMO,
    WATCH,
    ALLOW,
    FILTER,
    CHECKPOINT,
    MEMORY,
    RELAY,
    FROM,
    MAILDIR,
    SIGNER,
    SMIME,
    KEYS,
    CA_FILE,
    TEMPLATES,
    PLAIN,
    RELAY_LOGIN,
    MAILBOX,
    MAILBOX_LOGIN
};

static bool read_count(const char *text, unsigned most, unsigned *ret_count)
{
    char *end;
    unsigned long count = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || count < 1 || count > most) return false;
    *ret_count = (unsigned)count;
    return true;
}

static int add_host(struct eki_serve_request *request, const char *name)
{
    for (int i = 0; i < EKI_SERVE_HOSTS; i++)
        if (!request->hosts[i]) {
            request->hosts[i] = name;
            return 0;
        }
    return eki_command_misused(&eki_command_serve, "at most %d times --host", EKI_SERVE_HOSTS);
}

static int set_watch(struct eki_serve_request *request)
{
    if (request->watch) return eki_command_misused(&eki_command_serve, "--watch, once");
    request->watch = optarg;
    if (eki_serve_watch_choose(&request->watching, optarg)) return 0;
    return eki_command_misused(
        &eki_command_serve,
        "--watch takes an interface, a file, a folder or udp:[ADDRESS:]PORT, and \"%s\" "
        "is none of these (a file that is not there yet needs its folder, as in ./%s)",
        optarg, optarg);
}

static int set_allowed(struct eki_watch_request *watch)
{
    if (watch->allowed_count == EKI_WATCH_ALLOWED_MOST)
        return eki_command_misused(&eki_command_serve, "--watch-allow more than %d times",
                                   EKI_WATCH_ALLOWED_MOST);
    if (eki_prefix_parse(optarg, &watch->allowed[watch->allowed_count]))
        return eki_command_misused(&eki_command_serve,
                                   "--watch-allow is an address or a prefix such as 192.0.2.0/24, not \"%s\"",
                                   optarg);
    watch->allowed_count++;
    return 0;
}

static int take_watch(struct eki_serve_request *request, int option)
{
    enum { MOST_CHECKPOINT_S = 86400 };
    struct eki_watch_request *watch = &request->watching;
    switch (option) {
    case WATCH: return set_watch(request);
    case ALLOW: return set_allowed(watch);
    case FILTER: watch->filter = optarg; return 0;
    case MEMORY: return eki_size_memory(&eki_command_serve, optarg, &watch->memory);
    default:
        if (read_count(optarg, MOST_CHECKPOINT_S, &watch->checkpoint_s)) return 0;
        return eki_command_misused(&eki_command_serve, "--watch-checkpoint takes 1 to %d seconds",
                                   MOST_CHECKPOINT_S);
    }
}

/* How notices leave and answers come in. */
static int take_mail(struct eki_serve_request *request, int option)
{
    struct eki_web_mail *mail = &request->mail;
    switch (option) {
    case RELAY: request->relay = optarg; break;
    case RELAY_LOGIN: request->relay_login = optarg; break;
    case MAILBOX: mail->mailbox = optarg; break;
    case MAILBOX_LOGIN: request->mailbox_login = optarg; break;
    case FROM: request->mail_from = optarg; break;
    case MAILDIR: mail->maildir = optarg; break;
    case SIGNER: mail->pgp_signer = optarg; break;
    case SMIME: mail->smime_signer = optarg; break;
    case KEYS: mail->keys = optarg; break;
    case CA_FILE: mail->ca_file = optarg; break;
    case TEMPLATES: mail->templates = optarg; break;
    default: mail->plain = true;
    }
    return 0;
}

static int take(struct eki_serve_request *request, int option)
{
    const struct eki_command *command = &eki_command_serve;
    switch (option) {
    case 'd': request->data = optarg; break;
    case 's': request->store = optarg; break;
    case 'l': request->listen = optarg; break;
    case 'c': request->certificate = optarg; break;
    case 'k': request->key = optarg; break;
    case PAGES: request->pages = optarg; break;
    case ACCESS_LOG: request->access_log = optarg; break;
    case DEMO: request->demo = optarg; break;
    case HOST: return add_host(request, optarg);
    case WATCH:
    case ALLOW:
    case FILTER:
    case CHECKPOINT:
    case MEMORY: return take_watch(request, option);
    case RELAY:
    case FROM:
    case MAILDIR:
    case SIGNER:
    case SMIME:
    case KEYS:
    case CA_FILE:
    case TEMPLATES:
    case RELAY_LOGIN:
    case MAILBOX:
    case MAILBOX_LOGIN:
    case PLAIN: return take_mail(request, option);
    case THREADS:
        if (!read_count(optarg, MOST_THREADS, &request->threads))
            return eki_command_misused(command, "--threads takes 1 to %d", MOST_THREADS);
        break;
    case RATE:
        if (!read_count(optarg, MOST_RATE, &request->rate))
            return eki_command_misused(command, "--rate takes 1 to %d requests a second", MOST_RATE);
        break;
    case 'q': request->quiet = true; break;
    case 'h': request->help = true; break;
    default: return eki_command_misused(command, "there is no such option, or its value is missing");
    }
    return 0;
}

int eki_serve_request_parse(int count, char **arguments, struct eki_serve_request *ret_request)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"store", required_argument, NULL, 's'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"certificate", required_argument, NULL, 'c'},
                                            {"key", required_argument, NULL, 'k'},
                                            {"ui-dir", required_argument, NULL, PAGES},
                                            {"host", required_argument, NULL, HOST},
                                            {"threads", required_argument, NULL, THREADS},
                                            {"rate", required_argument, NULL, RATE},
                                            {"access-log", required_argument, NULL, ACCESS_LOG},
                                            {"demo", required_argument, NULL, DEMO},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"watch", required_argument, NULL, WATCH},
                                            {"watch-allow", required_argument, NULL, ALLOW},
                                            {"watch-filter", required_argument, NULL, FILTER},
                                            {"watch-checkpoint", required_argument, NULL, CHECKPOINT},
                                            {"watch-memory", required_argument, NULL, MEMORY},
                                            {"relay", required_argument, NULL, RELAY},
                                            {"relay-login", required_argument, NULL, RELAY_LOGIN},
                                            {"mailbox", required_argument, NULL, MAILBOX},
                                            {"mailbox-login", required_argument, NULL, MAILBOX_LOGIN},
                                            {"mail-from", required_argument, NULL, FROM},
                                            {"maildir", required_argument, NULL, MAILDIR},
                                            {"mail-key", required_argument, NULL, SIGNER},
                                            {"mail-smime-key", required_argument, NULL, SMIME},
                                            {"mail-keys", required_argument, NULL, KEYS},
                                            {"mail-ca-file", required_argument, NULL, CA_FILE},
                                            {"mail-templates", required_argument, NULL, TEMPLATES},
                                            {"mail-plain", no_argument, NULL, PLAIN},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_request =
        (struct eki_serve_request){.listen = "127.0.0.1:8417", .watching = eki_watch_request_usual()};
    opterr = 0;
    optind = 1;
    for (int option; (option = getopt_long(count, arguments, "d:s:l:c:k:qh", options, NULL)) != -1;) {
        int status = take(ret_request, option);
        if (status) return status;
    }
    if (!ret_request->data && !ret_request->store) ret_request->store = eki_store_named();
    if (!ret_request->data) ret_request->data = EKI_DATA_FOLDER;
    if (optind < count)
        return eki_command_misused(&eki_command_serve, "\"%s\" is no option", arguments[optind]);
    if (ret_request->relay_login && !ret_request->relay)
        return eki_command_misused(&eki_command_serve, "--relay-login goes with --relay");
    if (!ret_request->mail.mailbox != !ret_request->mailbox_login)
        return eki_command_misused(&eki_command_serve, "--mailbox and --mailbox-login go together");
    const struct eki_watch_request *watch = &ret_request->watching;
    if (!ret_request->watch && (watch->allowed_count || watch->filter || watch->memory))
        return eki_command_misused(&eki_command_serve, "--watch-... go with --watch");
    if (watch->allowed_count && watch->kind != EKI_WATCH_SOCKET)
        return eki_command_misused(&eki_command_serve, "--watch-allow is of udp:[ADDRESS:]PORT");
    if (watch->filter && watch->kind == EKI_WATCH_SOCKET)
        return eki_command_misused(&eki_command_serve, "--watch-filter is not of udp:[ADDRESS:]PORT");
    if (!ret_request->certificate != !ret_request->key)
        return eki_command_misused(&eki_command_serve, "--certificate and --key go together");
    return 0;
}
