/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/serve_relay.h"
#include "cli/serve_request.h"
#include "cli/serve_run.h"
#include "ekigaku/mail.h"
#include "ekigaku/store.h"
#include "ekigaku/web.h"

static struct eki_store *open_store(const struct eki_serve_request *request)
{
    struct eki_store *store = NULL;
    struct eki_fault fault = {0};
    struct eki_store_options options = {.now = eki_serve_now(NULL) / 1000};
    char *path = NULL;
    if (mkdir(request->data, 0700) && errno != EEXIST) {
        fprintf(stderr, "ekigaku serve: %s: %s\n", request->data, strerror(errno));
        return NULL;
    }
    if (!request->store && asprintf(&path, "%s/ekigaku.db", request->data) < 0) return NULL;
    const char *url = request->store ? request->store : path;
    enum eki_error error = eki_store_open(url, &options, &store, &fault);
    if (error) eki_inputs_complain_of(request->store ? "the store" : path, error, &fault);
    free(path);
    return store;
}

/* Of the mailbox; false after a message. */
static bool read_login(struct eki_serve_request *request, struct eki_mail_login *ret_login)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_mail_login_read(request->mailbox_login, ret_login, &fault);
    request->mail.mailbox_user = ret_login->user;
    request->mail.mailbox_password = ret_login->password;
    if (error) eki_inputs_complain_of(request->mailbox_login, error, &fault);
    return !error;
}

static int run(int count, char **arguments)
{
    struct eki_serve_request request;
    int status = eki_serve_request_parse(count, arguments, &request);
    if (status) return status;
    if (request.help) {
        fputs(eki_command_serve.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    umask(077); /* what a team keeps is nobody else's to read */
    FILE *log = request.access_log ? fopen(request.access_log, "ae") : stderr;
    if (!log) {
        fprintf(stderr, "ekigaku serve: %s: %s\n", request.access_log, strerror(errno));
        return EKI_EXIT_FAILED;
    }
    struct eki_mail_login login;
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an answer of write(), like a full disk */
    const volatile int *stop = eki_interrupt_watch();
    if (request.mailbox_login && !read_login(&request, &login)) status = EKI_EXIT_UNREADABLE;
    struct eki_store *store = status ? NULL : open_store(&request);
    if (!status && !store) status = EKI_EXIT_FAILED;
    if (!status) status = eki_serve_relay(&request, store, eki_serve_now(NULL) / 1000);
    if (!status) status = eki_serve_run(&request, store, log, stop);
    eki_store_close(store);
    if (log != stderr) fclose(log);
    return status;
}

const struct eki_command eki_command_serve = {
    .name = "serve",
    .summary = "the desk a team works at: uploads, analyses and outbreaks in a browser, one file of data",
    .help =
        "Usage: ekigaku serve [OPTION...]\n\n"
        "Serves pages and an API (/api/v1) until Ctrl-C. On its first start it makes the account \"admin\" and prints a link\n"
        "that sets its password, once. Nothing is fetched from elsewhere; nothing is sent until a relay is named.\n\n"
        "  -d, --data DIR          where all is kept: the store, inputs/, results/; default: ekigaku-data\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku.db in the data directory\n"
        "  -l, --listen ADDR:PORT  default 127.0.0.1:8417; port 0: any that is free\n"
        "  -c, --certificate FILE  PEM, with its chain: serve by TLS\n"
        "  -k, --key FILE          PEM, of the certificate\n"
        "      --host NAME         a further name by which browsers call it, on a loopback address; may be repeated\n"
        "      --rate N            requests a second that one address may make; default 400\n"
        "      --threads N         that serve requests; default 2\n"
        "      --access-log FILE   a JSON object a line for each request; default: standard error\n"
        "      --ui-dir DIR        serve the pages of this folder instead of those built in\n"
        "      --demo FILE         hand this file in on the first start\n"
        "      --relay URL         send released notices by it: smtp://HOST:PORT, smtps://HOST; kept in the store, empty: mail is off\n"
        "      --relay-login FILE  its user and password, a line each, in a file that nobody else may read; kept in the store\n"
        "      --mail-from ADDRESS who sends; kept in the store\n"
        "      --maildir DIR       file the answers that arrive here to their notices\n"
        "      --mailbox URL       or here: imaps://HOST/FOLDER; --mailbox-login FILE: its user and password\n"
        "      --mail-key KEY      sign by this OpenPGP key (GNUPGHOME); --mail-smime-key KEY: by S/MIME\n"
        "      --mail-keys DIR     encrypt to recipients whose key is here: FINGERPRINT.asc, FINGERPRINT.pem\n"
        "      --mail-ca-file FILE whom to trust; --mail-plain: without TLS, to this machine only\n"
        "      --mail-templates DIR  texts of notices of one's own\n"
        "      --watch INPUT       watch besides, as \"ekigaku watch\" does: an interface, a file that grows, a folder, or\n"
        "                          udp:[ADDRESS:]PORT for exporters of flows; what is found is kept in the store\n"
        "      --watch-allow PREFIX  take exports from these addresses only; several times\n"
        "      --watch-filter EXPR  take only packets that fit this libpcap expression\n"
        "      --watch-checkpoint SEC  how often what was found is kept; default 60, and at the end\n"
        "      --watch-memory SIZE  how much memory may be used before what shows least is forgotten\n"
        "  -q, --quiet             no log\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 after Ctrl-C or SIGTERM, 2 unusable arguments, 3 the certificate cannot be read, 4 it cannot start.\n\n"
        "Examples:\n"
        "  ekigaku serve\n"
        "  ekigaku serve --watch eth0\n"
        "  ekigaku serve --data /srv/desk --listen 0.0.0.0:443 --certificate desk.pem --key desk.key\n",
    .run = run,
};
