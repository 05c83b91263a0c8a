/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_ENTRY_LABEL_H
#define EKI_CASE_ENTRY_LABEL_H
/* An entry of the timeline that is about something with a label of its own: a notice, an enquiry about a
 * notice, an indicator. The timeline bears the label of the case, which may get wider than that. */
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

/* The notice that an entry is about, itself or by the enquiry about it; 0 for none. O(log rows). */
EKI_MUST_USE enum eki_error eki_case_entry_notice(struct eki_store_work *work,
                                                  const struct eki_store_case_entry *entry,
                                                  int64_t *ret_notice);

/* The indicator that an entry is about; 0 for none. O(1). */
int64_t eki_case_entry_indicator(const struct eki_store_case_entry *entry);

/* Entries of a case about what is for fewer than the label that the case has now keep their numbers and
 * states only. For a case that got wider; the enquiry, notice or indicator still has the words.
 * EKI_ERROR_LIMIT when the entries are more than can be read at once. O(entries log rows). */
EKI_MUST_USE enum eki_error eki_case_entries_hide(struct eki_store_work *work, int64_t of_case,
                                                  enum eki_tlp label);

#endif
