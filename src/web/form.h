/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_FORM_H
#define EKI_WEB_FORM_H
/* Bodies of plain HTML forms (application/x-www-form-urlencoded, WHATWG URL, 5.1) as strangers send them. */
#include <stdbool.h>
#include <stddef.h>

enum { EKI_FORM_BYTES = 16 << 10 /* two texts of 1,500 letters of nine encoded bytes fit */ };

/* The decoded value of a field, "" when it is not there. False when it is there twice, longer than the room,
 * not UTF-8 or holds a NUL. O(length). */
bool eki_form_value(const char *body, size_t length, const char *name, char *ret_value, size_t room);

#endif
