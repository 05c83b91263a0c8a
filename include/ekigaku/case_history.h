/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_HISTORY_H
#define EKIGAKU_CASE_HISTORY_H
/*
 * The full history of a case: each change of a row that belongs to it, as the audit log has it.
 *
 * Journey: eki_case_history() reads the log from the opening of the case on, keeps account of which rows
 * belong to the case at that point (rows come and go by merging and splitting), and tells the entries of
 * those, the oldest first.
 *
 *     error = eki_case_history(store, 7, print_event, NULL, &fault);
 */
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

/* Told of each entry; its texts live until it returns. `label` is the strictest that the row ever bore of its
 * own, or the notice or indicator that it belongs to; CLEAR when they bore none. Where it is stricter than
 * whoever listens may hear, before and after must not be told, also not of the time before it was set.
 * Anything but EKI_OK ends the reading and is given back. */
typedef enum eki_error eki_case_event(void *user, const struct eki_store_audit *entry, enum eki_tlp label);

/* Tells the history of a case: its own row, hosts, entries, tasks, evidence with its custody, indicators,
 * notices with whom they name, enquiries with their entries. Reads in pieces, others may write meanwhile.
 * EKI_ERROR_MISSING, _MEMORY, those of reading. O(log entries since the case was opened), and a search for
 * each notice and indicator. */
EKI_MUST_USE enum eki_error eki_case_history(struct eki_store *store, int64_t of_case, eki_case_event *tell,
                                             void *user, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
