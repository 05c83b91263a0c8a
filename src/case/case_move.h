/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_MOVE_H
#define EKI_CASE_CASE_MOVE_H
/* What merging and splitting share: notices and the hosts they name. */
#include "ekigaku/notice.h"
#include "ekigaku/store.h"

/* The rows of a table that belong to a case, of the struct that `ret_rows` points to. */
#define eki_case_rows(work, of, ret_rows, ret_count)                                                         \
    eki_case_rows_of(work, EKI_STORE_TABLE_OF(*(ret_rows)), of, ret_rows, ret_count)

/* Behind the macro. EKI_ERROR_LIMIT when they are more than can be read at once. O(rows). */
EKI_MUST_USE enum eki_error eki_case_rows_of(struct eki_store_work *work, enum eki_store_table table,
                                             int64_t of_case, void *ret_rows, size_t *ret_count);

/* The rows that say whom a notice names. */
EKI_MUST_USE enum eki_error eki_notice_names(struct eki_store_work *work, int64_t notice,
                                             struct eki_store_notice_host **ret_rows, size_t *ret_count);

/* It may still be changed: nothing of it left. */
bool eki_notice_unsent(const struct eki_store_notice *notice);

/* It speaks for its hosts: neither withdrawn nor "not ours". */
bool eki_notice_lives(const struct eki_store_notice *notice);

/* Takes a name out of a notice that was not sent; one that names nobody any more is withdrawn. */
EKI_MUST_USE enum eki_error eki_notice_forget(struct eki_store_work *work, struct eki_store_notice *notice,
                                              struct eki_store_notice_host *name);

/* EKI_ERROR_CONFLICT when a notice of the case is on its way at this moment: its outcome would be written to
 * where it was. */
EKI_MUST_USE enum eki_error eki_case_still(struct eki_store_work *work, int64_t of_case,
                                           struct eki_fault *ret_fault);

#endif
