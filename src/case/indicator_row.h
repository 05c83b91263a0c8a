/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_INDICATOR_ROW_H
#define EKI_CASE_INDICATOR_ROW_H
/*
 * Rows of indicators come and go, their labels stay: one that was taken out with a label of its own and is
 * entered again, by hand or by what another team tells, bears that label again. To widen it is for
 * coordinators, by a change of the label.
 */
#include "ekigaku/store.h"

/* Adds a row, under the label that its kind and value bore when they were taken out of the case. O(log rows).
 */
EKI_MUST_USE enum eki_error eki_indicator_enter(struct eki_store_work *work, struct eki_store_indicator *row);

/* Did a person take it out of this case, and nobody enter it again? O(log rows). */
EKI_MUST_USE enum eki_error eki_indicator_was_taken_out(struct eki_store_work *work, int64_t of_case,
                                                        const char *kind, const char *value, bool *ret_was);

/* Takes a row out; the store keeps that it was there, and the label of its own, where it has one. O(log
 * rows). */
EKI_MUST_USE enum eki_error eki_indicator_take_out(struct eki_store_work *work,
                                                   const struct eki_store_act *act,
                                                   struct eki_store_indicator *row);

/* The two halves, for a row that gets another kind: its label is kept for what it was, and what was kept for
 * what it is now goes to the row, which the caller then writes. O(log rows). */
EKI_MUST_USE enum eki_error eki_indicator_label_keep(struct eki_store_work *work,
                                                     const struct eki_store_act *act,
                                                     const struct eki_store_indicator *row);
EKI_MUST_USE enum eki_error eki_indicator_label_take(struct eki_store_work *work,
                                                     struct eki_store_indicator *row);

/* Labels that were kept for one case are kept for another that goes on in its place; indicators that it has
 * bear the stricter one. For merging, after the indicators were moved. O(kept log rows). */
EKI_MUST_USE enum eki_error eki_indicator_labels_move(struct eki_store_work *work, int64_t from,
                                                      int64_t into);

#endif
