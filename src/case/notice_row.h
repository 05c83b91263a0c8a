/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_NOTICE_ROW_H
#define EKI_CASE_NOTICE_ROW_H
/* A notice changes: its row and a line of the timeline of its case. */
#include "case/saying.h"
#include "ekigaku/notice.h"

/* The time after some hours, microseconds. */
int64_t eki_notice_later(int64_t at, int64_t seconds);

/* Takes out what is no whole character of UTF-8: a text that was cut to a number of bytes is whole again.
 * O(length).
 */
void eki_notice_whole(char *text);

/* The values of a sentence of notices that follow its number and address: at most four, ended by NULL. */
#define EKI_NOTICE_VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Whether the case of a notice is over (closed, or merged into another): nothing may leave for it any more.
 */
EKI_MUST_USE enum eki_error eki_notice_over(struct eki_store_work *work,
                                            const struct eki_store_notice *notice, bool *ret_over);

/* A notice that goes out again goes under the stricter of its own label and that of its case now; the row is
 * not written. */
EKI_MUST_USE enum eki_error eki_notice_tighten(struct eki_store_work *work, struct eki_store_notice *notice);

/* The label of a notice when it is stricter than that of its case, which is that of the timeline; else CLEAR.
 */
EKI_MUST_USE enum eki_error eki_notice_stricter(struct eki_store_work *work,
                                                const struct eki_store_notice *notice,
                                                enum eki_tlp *ret_label);

/* Adds an entry of kind "notice" to the timeline of the notice's case; `values` may be NULL. */
EKI_MUST_USE enum eki_error eki_notice_log(struct eki_store_work *work, const struct eki_store_act *act,
                                           const struct eki_store_notice *notice, enum eki_saying saying,
                                           const char *const *values);

/* Notes on the contact in the store's directory that it answered or that mail to it came back; a contact that
 * is not there (the directory came from a file) is no error. */
EKI_MUST_USE enum eki_error eki_notice_health(struct eki_store_work *work, const struct eki_store_act *act,
                                              const struct eki_store_notice *notice, bool answered);

/* Makes the part that composing needs of one notice only: a book of its own hosts. */
EKI_MUST_USE enum eki_error eki_notice_open_one(struct eki_store_work *work,
                                                const struct eki_store_notice *notice,
                                                const struct eki_notice_setup *setup,
                                                struct eki_notice_book **ret_book);

#endif
