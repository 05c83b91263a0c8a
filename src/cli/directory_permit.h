/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DIRECTORY_PERMIT_H
#define EKI_CLI_DIRECTORY_PERMIT_H
/* The directory as an audience may see it, for the subcommands that let it out. */
#include "cli/command.h"
#include "ekigaku/directory_label.h"

struct eki_directory_permit {
    struct eki_directory_asked asked;
    const char *store; /* whose audit log a refusal is noted in; NULL: none */
    eki_time now;
};

/* Takes out of *directory what may not leave, and says how much that is; the directory may be replaced by
 * another one. Returns EKI_EXIT_NOTHING, or EKI_EXIT_REFUSED when nothing is left, or EKI_EXIT_FAILED, after
 * a message; the directory is freed then. */
int eki_directory_permit(const struct eki_directory_permit *permit, struct eki_directory **directory);

#endif
