/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_LINES_H
#define EKI_EXCHANGE_LINES_H
/* JSON as one object, a list of them, or one a line. */
#include "exchange/format.h"

/* Hands each object to `take`. A line that is no JSON is counted as passed over, unless it is the first: then
 * EKI_ERROR_CORRUPT with its place. */
enum eki_error eki_json_lines(const struct eki_exchange_input *input, struct eki_builder *b,
                              void (*take)(struct eki_builder *b, const json_t *object),
                              struct eki_fault *ret_fault);

/* The first object has this member. */
bool eki_json_lines_have(const struct eki_exchange_input *input, const char *member);

#endif
