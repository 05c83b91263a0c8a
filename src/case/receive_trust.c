/* SPDX-License-Identifier: Apache-2.0 */
/* Who gives gains: what a team has shared is counted. */
#include <string.h>

#include "ekigaku/case_receive.h"

static void count(struct eki_receive_trust *trust, const struct eki_store_received *row)
{
    bool opened = !strcmp(row->answer, "opened"), updated = !strcmp(row->answer, "updated");
    trust->incidents += opened;
    trust->updates += updated;
    trust->refused += !opened && !updated;
    if (!opened && !updated) return;
    trust->hosts += (uint64_t)row->hosts;
    trust->indicators += (uint64_t)row->indicators;
    if (!trust->first || row->at < trust->first) trust->first = row->at;
    if (row->at > trust->last) trust->last = row->at;
}

enum eki_error eki_receive_trust(struct eki_store_work *work, const char *team,
                                 struct eki_receive_trust *ret_trust)
{
    const struct eki_store_query query = {
        .where = {{.column = "team", .text = team}, {.column = "proven", .number = 1}},
        .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_received *rows;
    struct eki_store_page page;
    struct eki_receive_trust trust = {0};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count; i++) count(&trust, &rows[i]);
    *ret_trust = trust;
    return EKI_OK;
}
