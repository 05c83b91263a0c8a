/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_SHOW_H
#define EKI_WEB_SHOW_H
/* Rows of the store as JSON, as the API shows them. Each call returns a new reference; NULL without memory.
 * Times are RFC 3339 with microseconds, null for never; references are ids, null for none. */
#include <jansson.h>

#include "ekigaku/store.h"

/* Pieces that all rows are made of. */
json_t *eki_show_time(int64_t microseconds);
json_t *eki_show_id(int64_t id);
json_t *eki_show_text(const char *text); /* "" is null */
json_t *eki_show_number(double value);   /* 0 is null: not known */

/* Rows. What is secret in them is left out. */
json_t *eki_show_account(const struct eki_store_account *account);
json_t *eki_show_token(const struct eki_store_token *token);
json_t *eki_show_input(const struct eki_store_input *input);
json_t *eki_show_analysis(const struct eki_store_analysis *analysis);
json_t *eki_show_outbreak(const struct eki_store_outbreak *outbreak);
json_t *eki_show_scanner(const struct eki_store_scanner *scanner);
json_t *eki_show_infection(const struct eki_store_infection *infection);

/* A notice without the hash of its token. */
json_t *eki_show_notice(const struct eki_store_notice *notice);

#endif
