/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_UUID_H
#define EKI_EXCHANGE_UUID_H
/* Identifiers that follow from what they name, so that the same thing told twice has the same one. */
#include <stddef.h>

enum { EKI_UUID_TEXT = 37 };

/* UUIDv5 (RFC 4122, 4.3) of `name` in the namespace of STIX observables (STIX 2.1, 2.9). Returns ret_text. */
const char *eki_uuid_observable(const char *name, char ret_text[EKI_UUID_TEXT]);

/* For forms that ask for version 4: the same digest, in a namespace of this program, with that version in its
 * place (RFC 4122, 4.4: pseudo-random). `kind` and `name` are joined; NULL is "". Returns ret_text. */
const char *eki_uuid_derived(const char *kind, const char *name, char ret_text[EKI_UUID_TEXT]);

#endif
