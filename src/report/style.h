/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_STYLE_H
#define EKI_REPORT_STYLE_H
/* The style sheet of the page, in pieces ended by NULL: a compiler need not take a longer literal than 4095
 * bytes (C17 5.2.4.1). */
extern const char *const eki_report_style[];

/* What the page does when scripts are allowed: a click or Enter on a heading sorts its table. Without it
 * everything can be read as well. No '<' or
 * '&', so that the page stays well-formed XML. */
extern const char eki_report_script[];
#endif
