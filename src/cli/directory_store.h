/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DIRECTORY_STORE_H
#define EKI_CLI_DIRECTORY_STORE_H
/* The directory in the store of the desk, for the subcommands that otherwise read a file. */
#include "cli/command.h"
#include "ekigaku/desk_directory.h"
#include "ekigaku/directory_report.h"

/* Reads and settles the directory of the store at `url`, which must be there. Returns EKI_EXIT_NOTHING, or
 * another status after a message. */
int eki_directory_load_store(const char *url, eki_time now, struct eki_directory **ret_directory);

/* What a team shared with the desk whose store this is, as far as it is proven. Returns EKI_EXIT_NOTHING, or
 * another status after a message. */
int eki_directory_shared(const char *url, eki_time now, const char *team,
                         struct eki_report_shared *ret_shared);

/* Brings an import into the store, which is made when it is not there, and tells what happened. `now` is when
 * that is, `shown` names the import where something is wrong with it. Returns an exit status. */
int eki_directory_import_store(const char *url, eki_time now, const struct eki_desk_import *import,
                               const char *shown);

/* Tells on standard error what an import did. */
void eki_directory_tell_merge(const struct eki_merge_counts *counts);

#endif
