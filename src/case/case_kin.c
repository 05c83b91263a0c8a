/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_kin.h"

#include <string.h>

#include "case/case_move.h"

enum { STEPS = 1000 /* merges in a row: a chain that is longer is a circle, which no call makes */ };

enum eki_error eki_case_follow(struct eki_store_work *work, int64_t of_case, struct eki_store_case *ret_case)
{
    struct eki_store_case row;
    enum eki_error error = eki_store_get(work, &row, of_case);
    for (int i = 0; !error && i < STEPS && !strcmp(row.state, "merged") && row.merged_into; i++)
        error = eki_store_get(work, &row, row.merged_into);
    if (!error) *ret_case = row;
    return error;
}

static enum eki_error tell_hosts(struct eki_store_work *work, int64_t of_case, eki_case_host_told *tell,
                                 void *user)
{
    struct eki_store_case_host *rows;
    size_t count = 0;
    enum eki_error error = eki_case_rows(work, of_case, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) error = tell(user, rows[i].host);
    return error;
}

enum eki_error eki_case_kin_hosts(struct eki_store_work *work, int64_t of_case, eki_case_host_told *tell,
                                  void *user)
{
    struct eki_store_case row, now;
    struct eki_store_case *kin;
    struct eki_store_page page;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (error) return error;
    int64_t first = row.split_from ? row.split_from : row.id;
    const struct eki_store_query query = {.where = {{.column = "split_from", .number = first}},
                                          .limit = EKI_STORE_MOST_ROWS};
    error = eki_store_list(work, &query, &kin, &page);
    if (!error) error = tell_hosts(work, of_case, tell, user);
    if (!error && first != of_case) {
        error = eki_case_follow(work, first, &now);
        if (!error) error = tell_hosts(work, now.id, tell, user);
    }
    for (size_t i = 0; !error && i < page.count; i++) {
        if (kin[i].id == of_case) continue;
        error = eki_case_follow(work, kin[i].id, &now);
        if (!error && now.id != of_case) error = tell_hosts(work, now.id, tell, user);
    }
    return error;
}
