/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_TEXT_H
#define EKI_REPORT_TEXT_H
/* The parts of the terminal summary, called in order by text.c; each adds its sections to the sheet, or none
 * when it has nothing to say. */
#include "report/sheet.h"

/* Who searches, where, how fast and how (text_source.c). */
void eki_report_text_sources(struct eki_sheet *sheet, const struct eki_result *result);

/* The infection tree and the epidemic curve of one outbreak (text_tree.c). */
void eki_report_text_outbreak(struct eki_sheet *sheet, const struct eki_result *result,
                              const struct eki_outbreak *outbreak);

/* The signs seen, by name (text_sign.c). */
void eki_report_text_signs(struct eki_sheet *sheet, const struct eki_result *result);

#endif
