/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_BUNDLE_KEY_H
#define EKI_CLI_BUNDLE_KEY_H
/* The files that keys of bundles stand in: a line each, "ekigaku secret HEX" or "ekigaku public HEX". */
#include <stdbool.h>
#include <stdint.h>

#include "cli/bundle_request.h"

/* Reads the key of a file that `word` ("secret", "public") says it holds. False after a message. */
bool eki_bundle_key_read(const char *path, const char *word, uint8_t ret_key[EKI_BUNDLE_KEY]);

/* Makes a pair: `path` and `path`.pub, neither of which is there yet. An exit status, after a message. */
int eki_bundle_key_make(const char *path, struct eki_bundle_request *request);

#endif
