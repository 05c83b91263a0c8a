/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_ENQUIRY_ROW_H
#define EKI_CASE_ENQUIRY_ROW_H
/* An enquiry changes: its thread and the timeline of its case. */
#include "case/saying.h"
#include "ekigaku/enquiry.h"

/* Most bytes of the subject and of the asker: those of the store's lines, with room for what stands around
 * them in the timeline. */
enum { EKI_ENQUIRY_LINE = 400 };

/* Adds an entry to the thread; its id, time and account are filled in here, `tag` NULL for none. */
EKI_MUST_USE enum eki_error eki_enquiry_note(struct eki_store_work *work, const struct eki_store_act *act,
                                             struct eki_store_enquiry_entry entry);

/* Adds a sentence to the timeline of its case; nothing without a case. Its values are the enquiry, who, and
 * the text. O(length). */
EKI_MUST_USE enum eki_error eki_enquiry_log(struct eki_store_work *work, const struct eki_store_act *act,
                                            const struct eki_store_enquiry *enquiry, enum eki_saying saying,
                                            const char *const who_and_text[2]);

/* Adds the row of a new enquiry, its first entry and its line in the timeline. `row` comes with case, notice,
 * asker, subject and who has it. */
EKI_MUST_USE enum eki_error eki_enquiry_begin(struct eki_store_work *work, const struct eki_store_act *act,
                                              struct eki_store_enquiry *row,
                                              const struct eki_store_enquiry_entry *first);

#endif
