/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SERVE_RELAY_H
#define EKI_CLI_SERVE_RELAY_H
/* `serve --relay` and `--mail-from` are settings of the store: they are written there before the service
 * starts. */
#include "cli/serve_request.h"
#include "ekigaku/store.h"

/* Writes what was given; the rest stays. `now` in microseconds. An exit status, after a message unless it is
 * EKI_EXIT_NOTHING. */
int eki_serve_relay(const struct eki_serve_request *request, struct eki_store *store, int64_t now);

#endif
