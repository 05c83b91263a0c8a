/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_NOTIFY_REQUEST_H
#define EKI_CLI_NOTIFY_REQUEST_H
/* What `ekigaku notify` was asked for. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/report.h"
#include "ekigaku/time.h"

/* Texts are NULL when they were not given. */
struct eki_notify_request {
    const char *store, *directory, *templates;
    const char *dry_run, *relay, *login, *ca_file, *release, *pilot, *from, *format;
    const char *pgp_key, *smime_key, *keys;
    bool plain, json, help;
    enum eki_language language;
    eki_time now;
    int64_t of_case;
};

/* Returns 0, or an exit status after a message. */
int eki_notify_request_parse(int count, char **arguments, struct eki_notify_request *ret_request);

#endif
