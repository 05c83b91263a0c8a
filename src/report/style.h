/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_STYLE_H
#define EKI_REPORT_STYLE_H
/* The style sheet of the page in parts, ended by a null pointer. Holds neither '<' nor '&', so that it can stand in the page as it is. */
extern const char *const eki_report_style[];
#endif
