/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_SANDBOX_H
#define EKI_CLI_WATCH_SANDBOX_H
/*
 * What a watch gives up once its inputs are open: another user's rights, all capabilities, all files but its
 * own (Landlock), all calls of the system but those it makes (seccomp). Whoever finds a hole in a decoder
 * then stands in an empty room.
 *
 * It holds for the thread that calls it and for those that this one begins: a watch of its own calls it
 * before there is a second one; beside the service (see serve_watch.h) the service's own threads keep what
 * they have, and so no other user's rights can be taken on, which are those of a whole program.
 */
#include "cli/watch_request.h"

/* Gives up and says in one line on standard error what is in force and what the kernel lacks. 0, or the exit
 * status after a message: only a user that does not exist, or rights that cannot be given up, are refused. */
int eki_watch_sandbox(const struct eki_watch_request *request);

#endif
