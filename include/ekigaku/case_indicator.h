/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_INDICATOR_H
#define EKIGAKU_CASE_INDICATOR_H
/*
 * Indicators of a case, one at a time: what a person knows about one, and taking one out.
 *
 * Journey: a paste made the rows (eki_case_indicators of ekigaku/case.h); a person then says what one means,
 * that it is only seen beside and not for detection, that it may be told to fewer than the case, or that it
 * was none:
 *
 *     const struct eki_indicator_change change = {.comment = "first stage", .detect = -1};
 *     error = eki_indicator_change(work, &act, id, &change, &fault);
 *
 * An indicator that bears a label of its own never leaves with what bears a wider one: exports, TAXII and
 * notices leave it out. Errors are those of the work (ekigaku/store.h). A thread has one work.
 */
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum { EKI_INDICATOR_COMMENT = 1000 /* bytes */ };

/* What is to change; NULL and -1 leave as it is. */
struct eki_indicator_change {
    const char *comment;
    const char *kind; /* a name of eki_indicator_kind_name that fits the value (eki_indicator_fits) */
    const char *tlp;  /* "RED", ...; "": that of the case */
    int detect;       /* 0 or 1 */
};

/* Changes one and says so in the timeline. EKI_ERROR_MISSING, _ARGUMENT for a kind or label that is none, a
 * kind that does not fit the value, a comment too long, or a label wider than the case's, _CONFLICT when the
 * case has this value of this kind already; the fault says why. O(log rows). */
EKI_MUST_USE enum eki_error eki_indicator_change(struct eki_store_work *work, const struct eki_store_act *act,
                                                 int64_t indicator, const struct eki_indicator_change *change,
                                                 struct eki_fault *ret_fault);

/* Takes one out of its case and says so in the timeline. A label of its own is kept: when the same comes to
 * the case again, pasted or from another team, it bears it again. EKI_ERROR_MISSING. O(log rows). */
EKI_MUST_USE enum eki_error eki_indicator_remove(struct eki_store_work *work, const struct eki_store_act *act,
                                                 int64_t indicator);

/* The label of an indicator: its own, or the case's when that is stricter or it has none. O(1). */
enum eki_tlp eki_indicator_label(const struct eki_store_indicator *row, enum eki_tlp of_case);

/* Would the change let more people know of the indicator than now? That is for coordinators to say; who calls
 * asks before changing. EKI_ERROR_MISSING. O(log rows). */
EKI_MUST_USE enum eki_error eki_indicator_widens(struct eki_store_work *work, int64_t indicator,
                                                 const struct eki_indicator_change *change, bool *ret_widens);

#pragma GCC visibility pop

#endif
