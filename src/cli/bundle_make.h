/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_BUNDLE_MAKE_H
#define EKI_CLI_BUNDLE_MAKE_H
/* `ekigaku bundle make`: an incident out of a file or the store, labelled, signed. */
#include "cli/bundle_request.h"

/* Writes the bundle; `path` is not looked at when a case is asked for. An exit status, after a message. */
int eki_bundle_make(const char *path, struct eki_bundle_request *request);

#endif
