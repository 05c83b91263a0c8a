/* SPDX-License-Identifier: Apache-2.0 */
/* One box for everything. Texts are looked through, the newest first, until enough are found; addresses,
 * which are most, by their beginning through an index. */
#include <stdio.h>
#include <string.h>

#include "store/work.h"

struct hits {
    struct eki_store_work *work;
    struct eki_store_hit *rows;
    size_t count;
    const char *kind;
};

static const char *copy(struct eki_store_work *work, const struct eki_value *value)
{
    if (value->kind != EKI_VALUE_TEXT) return "";
    return eki_arena_copy(&work->arena, value->text, strlen(value->text) + 1, 1);
}

/* id, title, host, and for some what it belongs to */
static enum eki_error take_hit(void *user, const struct eki_value *values, size_t count)
{
    struct hits *hits = user;
    if (count < 3 || hits->count == EKI_STORE_MOST_HITS) return EKI_OK;
    struct eki_store_hit *hit = &hits->rows[hits->count++];
    *hit = (struct eki_store_hit){.kind = hits->kind,
                                  .id = values[0].integer,
                                  .title = copy(hits->work, &values[1]),
                                  .host = copy(hits->work, &values[2]),
                                  .of = count > 3 ? values[3].integer : 0};
    return hit->title && hit->host ? EKI_OK : EKI_ERROR_MEMORY;
}

static bool looks_like_address(const char *text)
{
    return text[strspn(text, "0123456789abcdefABCDEF.:")] == '\0' && strpbrk(text, "0123456789:");
}

/* All texts with this beginning stand between it and this. */
static const char *last_with(struct eki_arena *arena, const char *text)
{
    static const char highest[] = "\xf4\x8f\xbf\xbf"; /* U+10FFFF */
    size_t length = strlen(text);
    char *made = eki_arena_take(arena, length + sizeof highest, 1);
    if (!made) return NULL;
    memcpy(made, text, length);
    memcpy(made + length, highest, sizeof highest);
    return made;
}

/* Where addresses stand; what follows each is a condition on the address, then an order. */
struct host_table {
    const char *kind, *sql, *exact, *beginning;
};

/* Subqueries and not joins: so the way is through the index on addresses whatever the database knows about
 * the sizes of tables, and ends at the limit. */
static const struct host_table host_tables[] = {
    {"infection",
     "SELECT outbreak, (SELECT title FROM outbreak WHERE id = infection.outbreak), host FROM infection WHERE "
     "(SELECT deleted FROM analysis WHERE id = (SELECT analysis FROM outbreak WHERE id = infection.outbreak)) = 0 AND ",
     "host = ? ORDER BY outbreak DESC LIMIT ?", "host > ? AND host < ? ORDER BY host, outbreak LIMIT ?"},
    {"scanner",
     "SELECT analysis, (SELECT title FROM analysis WHERE id = scanner.analysis), host FROM scanner WHERE "
     "(SELECT deleted FROM analysis WHERE id = scanner.analysis) = 0 AND ",
     "host = ? ORDER BY id DESC LIMIT ?", "host > ? AND host < ? ORDER BY host, id LIMIT ?"},
    {"case_host",
     "SELECT of_case, (SELECT title FROM \"case\" WHERE id = case_host.of_case), host FROM case_host WHERE ",
     "host = ? ORDER BY id DESC LIMIT ?", "host > ? AND host < ? ORDER BY host, id LIMIT ?"},
};

/* First the address itself, then, in the order of the index, those that begin so. */
static enum eki_error search_hosts(struct hits *hits, const struct host_table *table, const char *text,
                                   uint32_t limit)
{
    const char *last = last_with(&hits->work->arena, text);
    if (!last) return eki_work_fail(hits->work, EKI_ERROR_MEMORY);
    size_t before = hits->count;
    hits->kind = table->kind;
    struct eki_sql exact = eki_work_sql(hits->work), beginning = eki_work_sql(hits->work);
    eki_sql_put(&exact, table->sql);
    eki_sql_put(&exact, table->exact);
    eki_sql_text(&exact, text);
    eki_sql_integer(&exact, limit);
    enum eki_error error = eki_work_run(hits->work, &exact, take_hit, hits, NULL);
    if (error || hits->count - before >= limit) return error;
    eki_sql_put(&beginning, table->sql);
    eki_sql_put(&beginning, table->beginning);
    eki_sql_text(&beginning, text);
    eki_sql_text(&beginning, last);
    eki_sql_integer(&beginning, (int64_t)(limit - (hits->count - before)));
    return eki_work_run(hits->work, &beginning, take_hit, hits, NULL);
}

/* Tables whose searched columns are looked through. */
struct title_table {
    enum eki_store_table table;
    const char *title;    /* what is shown, in SQL */
    const char *of;       /* what the row belongs to, in SQL */
    const char *put_away; /* condition that leaves out what was */
};

static const struct title_table title_tables[] = {
    {EKI_STORE_CASE, "title", "0", ""},
    {EKI_STORE_ANALYSIS, "title", "0", " AND deleted = 0"},
    {EKI_STORE_ENQUIRY, "subject", "0", ""},
    {EKI_STORE_ENQUIRY_ENTRY, "substr(text, 1, 200)", "enquiry", ""},
    {EKI_STORE_NOTICE, "subject", "of_case", ""},
    {EKI_STORE_TASK, "title", "of_case", ""},
    {EKI_STORE_INDICATOR, "value", "of_case", ""},
    {EKI_STORE_CASE_ENTRY, "substr(text, 1, 200)", "of_case", ""},
    {EKI_STORE_INPUT, "name", "0", ""},
    {EKI_STORE_JOB, "title", "0", ""},
    {EKI_STORE_SCENARIO, "name", "0", ""},
    {EKI_STORE_SIMULATION, "title", "0", " AND deleted = 0"},
};

static enum eki_error search_titles(struct hits *hits, const struct title_table *from,
                                    const struct eki_store_query *query)
{
    const struct eki_table *table = eki_table_find(from->table);
    struct eki_sql sql = eki_work_sql(hits->work);
    bool any = false;
    eki_sql_put(&sql, "SELECT id, ");
    eki_sql_put(&sql, from->title);
    eki_sql_put(&sql, ", '', ");
    eki_sql_put(&sql, from->of);
    eki_sql_put(&sql, " FROM ");
    eki_sql_name(&sql, table->name);
    enum eki_error error = eki_query_where(hits->work, table, query, &sql, &any);
    if (error) return error;
    eki_sql_put(&sql, from->put_away);
    eki_sql_put(&sql, " ORDER BY id DESC LIMIT ?");
    eki_sql_integer(&sql, query->limit);
    hits->kind = table->name;
    return eki_work_run(hits->work, &sql, take_hit, hits, NULL);
}

enum eki_error eki_store_search(struct eki_store_work *work, const char *text, uint32_t limit,
                                const struct eki_store_hit **ret_hits, size_t *ret_count)
{
    static const struct title_table outbreaks = {
        EKI_STORE_OUTBREAK, "title", "0", " AND analysis IN (SELECT id FROM analysis WHERE deleted = 0)"};
    const struct eki_store_query query = {.text = text, .limit = limit};
    struct hits hits = {.work = work};
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    hits.rows = eki_arena_take(&work->arena, EKI_STORE_MOST_HITS, sizeof *hits.rows);
    if (!hits.rows) return eki_work_fail(work, EKI_ERROR_MEMORY);
    size_t hosts = looks_like_address(text) ? sizeof host_tables / sizeof *host_tables : 0;
    size_t titles = *text ? sizeof title_tables / sizeof *title_tables : 0;
    if (*text) error = search_titles(&hits, &outbreaks, &query);
    for (size_t i = 0; i < hosts && *text && !error; i++)
        error = search_hosts(&hits, &host_tables[i], text, limit);
    for (size_t i = 0; i < titles && !error; i++) error = search_titles(&hits, &title_tables[i], &query);
    if (error) return error;
    *ret_hits = hits.rows;
    *ret_count = hits.count;
    return EKI_OK;
}
