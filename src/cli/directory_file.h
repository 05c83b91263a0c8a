/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DIRECTORY_FILE_H
#define EKI_CLI_DIRECTORY_FILE_H
/* What `lookup` and `directory` share: where the directory file is, and the moment that counts as now. */
#include "cli/command.h"
#include "ekigaku/directory.h"

/* The file named by an option, else by EKIGAKU_DIRECTORY; NULL when neither names one. */
const char *eki_directory_file(const char *named);

/* The moment named by an option ("2026-04-01" or with a time), else the system's clock; EKI_TIME_NONE when
 * what is named is no moment. */
eki_time eki_directory_moment(const char *named);

/* Reads and settles the file. Returns EKI_EXIT_NOTHING, or another status after a message. */
int eki_directory_load(const char *path, eki_time now, struct eki_directory **ret_directory);

#endif
