/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_PARAGRAPH_H
#define EKI_EXCHANGE_PARAGRAPH_H
/* Texts for people that are also read by machines: lines, bounded. */
#include <stdbool.h>
#include <stddef.h>

/* Takes the next line without its end and the blanks around it; false at the end. */
bool eki_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_length);

/* The line begins with this text, in any case. */
bool eki_line_begins(const char *line, size_t length, const char *text);

#endif
