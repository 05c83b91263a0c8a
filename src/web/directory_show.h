/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_DIRECTORY_SHOW_H
#define EKI_WEB_DIRECTORY_SHOW_H
/* Records of the directory as JSON, as the API shows them. Each call returns a new reference; NULL without
 * memory. `row` is the id in the store, to propose a change of. */
#include <jansson.h>

#include "web/desk.h"

/* The line of the list, the whole card, a network, a due check. */
json_t *eki_show_team(const struct eki_desk_view *view, uint32_t at);
json_t *eki_show_card(const struct eki_desk_view *view, uint32_t at, bool japanese);
json_t *eki_show_network(const struct eki_desk_view *view, uint32_t at);
json_t *eki_show_due(const struct eki_desk_view *view, const struct eki_due *due);

/* The record of a line as an object; null for "". */
json_t *eki_show_line(const char *line);

#endif
