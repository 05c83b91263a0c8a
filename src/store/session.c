/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "store/work.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_session, id, INTEGER),        EKI_WORD(eki_store_session, token_hash, EKI_SECRET),
    EKI_COLUMN(eki_store_session, account, REFERENCE), EKI_COLUMN(eki_store_session, created, INTEGER),
    EKI_COLUMN(eki_store_session, seen, INTEGER),      EKI_COLUMN(eki_store_session, expires, INTEGER),
    EKI_WORD(eki_store_session, csrf, EKI_SECRET),     EKI_LINE(eki_store_session, agent, EKI_OPEN),
};

const struct eki_table eki_table_session = {
    .name = "session",
    EKI_TABLE_OF(eki_store_session, columns),
};

/* `statement` sets one time of one row. */
static enum eki_error touch(struct eki_store_work *work, const char *statement, int64_t time, int64_t id)
{
    enum eki_error error = eki_work_ready(work, true);
    if (error) return error;
    struct eki_sql sql = eki_work_sql(work);
    uint64_t changed = 0;
    eki_sql_put(&sql, statement);
    eki_sql_integer(&sql, time);
    eki_sql_integer(&sql, id);
    error = eki_work_run(work, &sql, NULL, NULL, &changed);
    if (error || changed) return error;
    return eki_fault_set(&work->fault, EKI_ERROR_MISSING, 0, "it ended or was taken back");
}

enum eki_error eki_store_touch_session(struct eki_store_work *work, int64_t id, int64_t seen)
{
    return touch(work, "UPDATE session SET seen = ? WHERE id = ?", seen, id);
}

enum eki_error eki_store_touch_token(struct eki_store_work *work, int64_t id, int64_t used)
{
    return touch(work, "UPDATE token SET used = ? WHERE id = ?", used, id);
}

enum eki_error eki_store_end_sessions(struct eki_store_work *work, int64_t account, int64_t but,
                                      uint64_t *ret_ended)
{
    uint64_t ended = 0;
    enum eki_error error = eki_work_ready(work, true);
    if (error) return error;
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "DELETE FROM session WHERE account = ? AND id <> ?");
    eki_sql_integer(&sql, account);
    eki_sql_integer(&sql, but);
    error = eki_work_run(work, &sql, NULL, NULL, &ended);
    if (!error && ended) {
        char detail[100];
        snprintf(detail, sizeof detail, "{\"account\":%" PRId64 ",\"sessions\":%" PRIu64 "}", account, ended);
        error = eki_store_note(work, "end sessions", detail);
    }
    if (!error) *ret_ended = ended;
    return error;
}

enum eki_error eki_store_sweep(struct eki_store_work *work, uint64_t *ret_removed)
{
    static const char *const statements[] = {"DELETE FROM session WHERE expires > 0 AND expires <= ?",
                                             "DELETE FROM invitation WHERE expires > 0 AND expires <= ?"};
    uint64_t removed[2] = {0};
    enum eki_error error = eki_work_ready(work, true);
    for (int i = 0; i < 2 && !error; i++) {
        struct eki_sql sql = eki_work_sql(work);
        eki_sql_put(&sql, statements[i]);
        eki_sql_integer(&sql, work->act.at);
        error = eki_work_run(work, &sql, NULL, NULL, &removed[i]);
    }
    if (!error && removed[0] + removed[1]) {
        char detail[100];
        snprintf(detail, sizeof detail, "{\"sessions\":%" PRIu64 ",\"invitations\":%" PRIu64 "}", removed[0],
                 removed[1]);
        error = eki_store_note(work, "sweep", detail);
    }
    if (!error) *ret_removed = removed[0] + removed[1];
    return error;
}
