/* SPDX-License-Identifier: Apache-2.0 */
/* Which open cases have a host of an outbreak. Through the index on the hosts of cases, so that what it costs
 * follows from the outbreak and the cases that share a host with it, not from all that is open. */
#include "store/work.h"

struct sharing {
    struct eki_store_sharing *rows;
    size_t count;
};

/* case, first and last time of its hosts that have one */
static enum eki_error take(void *user, const struct eki_value *values, size_t count)
{
    struct sharing *s = user;
    if (count < 3 || s->count == EKI_STORE_MOST_SHARING) return EKI_ERROR_LIMIT;
    s->rows[s->count++] = (struct eki_store_sharing){values[0].integer, values[1].integer, values[2].integer};
    return EKI_OK;
}

enum eki_error eki_store_share(struct eki_store_work *work, int64_t outbreak,
                               const struct eki_store_sharing **ret_rows, size_t *ret_count)
{
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    struct sharing s = {eki_arena_take(&work->arena, EKI_STORE_MOST_SHARING, sizeof *s.rows), 0};
    if (!s.rows) return eki_work_fail(work, EKI_ERROR_MEMORY);
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(
        &sql,
        "SELECT of_case, MIN(at), MAX(at) FROM case_host WHERE at > 0 AND of_case IN "
        "(SELECT of_case FROM case_host WHERE host IN (SELECT host FROM infection WHERE outbreak = ?)) AND of_case IN (SELECT id FROM \"case\" WHERE state NOT IN ('closed', 'merged')) "
        "GROUP BY of_case ORDER BY of_case");
    eki_sql_integer(&sql, outbreak);
    error = eki_work_run(work, &sql, take, &s, NULL);
    if (error) return error;
    *ret_rows = s.rows;
    *ret_count = s.count;
    return EKI_OK;
}
