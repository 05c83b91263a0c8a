/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_SANDBOX_H
#define EKI_CLI_WATCH_SANDBOX_H
/*
 * What a watch gives up once its inputs are open: another user's rights, all capabilities, all files but its
 * own (Landlock), all calls of the system but those it makes (seccomp). Whoever finds a hole in a decoder
 * then stands in an empty room.
 *
 * Threads inherit what was given up before they began: this is called before there is a second one.
 */
#include "cli/watch_request.h"

/* Gives up and says in one line on standard error what is in force and what the kernel lacks. 0, or the exit
 * status after a message: only a user that does not exist, or rights that cannot be given up, are refused. */
int eki_watch_sandbox(const struct eki_watch_request *request);

#endif
