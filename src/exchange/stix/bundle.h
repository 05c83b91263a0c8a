/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_STIX_BUNDLE_H
#define EKI_EXCHANGE_STIX_BUNDLE_H
/* The two directions of a STIX bundle, and the patterns both know. */
#include "exchange/format.h"

/* As the members of struct eki_exchange_format. */
enum eki_error eki_stix_write(const struct eki_exchange_output *output);
enum eki_error eki_stix_read(const struct eki_exchange_input *input, struct eki_builder *b,
                             struct eki_fault *ret_fault);

/* What a STIX comparison is about, as "ipv4-addr:value" or "file:hashes.'SHA-256'". NULL for kinds that have
 * none. Static. `value` tells IPv4 from IPv6. */
const char *eki_stix_path(enum eki_indicator_kind kind, const char *value);

/* The kind and value of a pattern that is one comparison, "[domain-name:value = 'x']", the value unescaped
 * into ret_value. False for all other patterns. */
bool eki_stix_comparison(const char *pattern, enum eki_indicator_kind *ret_kind, char *ret_value,
                         size_t capacity);

/* Writes the pattern of an indicator to ret_pattern; false when it has none or it does not fit. */
bool eki_stix_pattern(const struct eki_indicator *indicator, char *ret_pattern, size_t capacity);

#endif
