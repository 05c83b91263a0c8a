/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_STORE_ACT_H
#define EKI_CLI_STORE_ACT_H
/* What `ekigaku store` does: each act prints what it found and gives an exit status, after a message on
 * standard error when it is neither EKI_EXIT_NOTHING nor that something wrong was found. */
#include <stdbool.h>

enum { EKI_STORE_URL_MOST = 4096 };

struct eki_store_request {
    const char *data, *store, *holds;
    bool unsaved, help;
    const char *action, *file; /* file NULL: not given */
    char url[EKI_STORE_URL_MOST];
};

/* Copies the store to `file`, which is not there yet, while others use it, and examines the copy. */
int eki_store_act_backup(const struct eki_store_request *request);

/* Makes a store where there is none from `file`, and examines it. */
int eki_store_act_restore(const struct eki_store_request *request);

/* Looks for damage, follows the audit log, and looks for the hash `holds` in it unless that is NULL. */
int eki_store_act_check(const struct eki_store_request *request);

/* Brings the store to this version, after a backup beside it unless `unsaved`; makes one where there is none.
 */
int eki_store_act_migrate(const struct eki_store_request *request);

#endif
