/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_LETTER_H
#define EKI_REPORT_LETTER_H
/*
 * Letters of untrusted text. File names and details of signs may hold anything; they reach a terminal and a
 * browser. So every text that is shown goes letter by letter through eki_report_letter(), which gives
 * harmless code points only.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The next code point of *text, which is moved on; 0 at the end. Bytes that are not UTF-8 (RFC 3629), control
 * characters (they steer terminals), line breaks and the marks that turn the direction of writing (they can
 * show a name as another one: Boucher and Anderson 2021, "Trojan Source") give U+FFFD, so that nothing
 * disappears silently. */
uint32_t eki_report_letter(const char **text);

/* Writes a code point as UTF-8; returns how many of the 4 bytes were used. */
size_t eki_report_encode(uint32_t letter, char ret_bytes[4]);

/* Columns of one code point in a terminal: 2 for wide and full-width (Unicode annex 11), 0 for combining
 * marks, else 1. */
unsigned eki_report_letter_columns(uint32_t letter);

/* Columns of a whole text, as it is shown. */
unsigned eki_report_columns(const char *text);

/* Appends as much of `more` as fits; the result is always ended by NUL, but may end inside a character: see
 * eki_report_trim. */
void eki_report_join(char *text, size_t capacity, const char *more);

/* Drops a character at the end of `text` of which bytes are missing. */
void eki_report_trim(char *text);

#endif
