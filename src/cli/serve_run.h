/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SERVE_RUN_H
#define EKI_CLI_SERVE_RUN_H
/* The service of `ekigaku serve` from its start to its end, with the watch beside it. */
#include <stdio.h>

#include "cli/serve_request.h"
#include "ekigaku/store.h"
#include "ekigaku/time.h"

/* The time of the machine, nanoseconds since 1970; `user` is not looked at. */
eki_time eki_serve_now(void *user);

/* Serves out of an open store until *stop is set; lines of the access log go to `log` unless it is to be
 * quiet. An exit status, after a message on standard error unless it is EKI_EXIT_NOTHING. */
int eki_serve_run(const struct eki_serve_request *request, struct eki_store *store, FILE *log,
                  const volatile int *stop);

#endif
