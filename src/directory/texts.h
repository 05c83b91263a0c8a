/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_TEXTS_H
#define EKI_DIRECTORY_TEXTS_H
/* Forms of values: what strangers write, checked. All take a text ended by NUL. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"

/* UTF-8 (RFC 3629) without control characters; line feeds and tabs only when `prose`. */
bool eki_text_is_plain(const char *text, size_t length, bool prose);

/* Letters, digits and ._-:@/+ of ASCII, at least one, at most 128. */
bool eki_text_is_id(const char *text);

/* Reads "192.0.2.0/24", "2001:db8::/32", an address alone, and takes host bits that are set as an error.
 * NULL or what is wrong: a static English phrase. */
const char *eki_prefix_read(const char *text, struct eki_prefix *ret_prefix);

/* "AS64500" or "64500" (also "1.5", RFC 5396); false for anything else and for 0. */
bool eki_asn_read(const char *text, uint32_t *ret_asn);

/* A whole number up to `most`; false for anything else. */
bool eki_count_read(const char *text, uint32_t most, uint32_t *ret_count);

/* Two letters, made upper case. */
bool eki_country_read(const char *text, char ret_country[4]);

/* 40 or 64 hexadecimal digits, blanks and colons between them allowed, made upper case. */
bool eki_fingerprint_read(const char *text, char ret_digits[68]);

/* The form of a handle: lower case, what is no letter or digit becomes one hyphen; "prefix:" before it. Cut
 * to 120 bytes. Returns ret_id. */
const char *eki_id_from(const char *prefix, const char *text, char ret_id[132]);

/* The prefixes that make up a range of addresses of one family, at most `room`; how many, 0 when first >
 * last or the families differ. */
size_t eki_range_prefixes(struct eki_address first, struct eki_address last, struct eki_prefix *ret_prefixes,
                          size_t room);

#endif
