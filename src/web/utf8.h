/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_UTF8_H
#define EKI_WEB_UTF8_H
/* Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates). */
#include <stdbool.h>
#include <stddef.h>

/* True for well-formed text; an empty one is. O(length). */
bool eki_utf8_valid(const char *bytes, size_t length);

/* How many code points a well-formed text has. O(length). */
size_t eki_utf8_count(const char *text);

#endif
