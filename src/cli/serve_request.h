/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SERVE_REQUEST_H
#define EKI_CLI_SERVE_REQUEST_H
/* What `ekigaku serve` was asked for. */
#include "ekigaku/web.h"
#include <stdbool.h>

#include "cli/watch_request.h"

enum { EKI_SERVE_HOSTS = 16 };

struct eki_serve_request {
    const char *data, *store, *listen, *certificate, *key, *pages, *access_log, *demo;
    const char *hosts[EKI_SERVE_HOSTS + 1]; /* ended by NULL */
    const char *relay, *relay_login,
        *mail_from;            /* settings of the store, written at the start; NULL: leave it */
    const char *mailbox_login; /* file of user and password of mail.mailbox */
    struct eki_web_mail mail;
    const char *watch;                 /* input of the watch beside it, or NULL */
    struct eki_watch_request watching; /* what that means */
    unsigned threads, rate;
    bool quiet, help;
};

/* Reads the arguments; 0, or EKI_EXIT_USAGE after a message. */
int eki_serve_request_parse(int count, char **arguments, struct eki_serve_request *ret_request);

#endif
