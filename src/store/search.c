/* SPDX-License-Identifier: Apache-2.0 */
/* One box for everything. Texts are found by any part of them (search_text.c); addresses, which are most, by
 * their beginning through an index. */
#include "store/search.h"

#include <stdio.h>
#include <string.h>

static const char *copy(struct eki_store_work *work, const struct eki_value *value)
{
    if (value->kind != EKI_VALUE_TEXT) return "";
    return eki_arena_copy(&work->arena, value->text, strlen(value->text) + 1, 1);
}

enum eki_error eki_hits_take(void *user, const struct eki_value *values, size_t count)
{
    struct eki_hits *hits = user;
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

const char *eki_text_last_with(struct eki_arena *arena, const char *text)
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
static enum eki_error search_hosts(struct eki_hits *hits, const struct host_table *table, const char *text,
                                   uint32_t limit)
{
    const char *last = eki_text_last_with(&hits->work->arena, text);
    if (!last) return eki_work_fail(hits->work, EKI_ERROR_MEMORY);
    size_t before = hits->count;
    hits->kind = table->kind;
    struct eki_sql exact = eki_work_sql(hits->work), beginning = eki_work_sql(hits->work);
    eki_sql_put(&exact, table->sql);
    eki_sql_put(&exact, table->exact);
    eki_sql_text(&exact, text);
    eki_sql_integer(&exact, limit);
    enum eki_error error = eki_work_run(hits->work, &exact, eki_hits_take, hits, NULL);
    if (error || hits->count - before >= limit) return error;
    eki_sql_put(&beginning, table->sql);
    eki_sql_put(&beginning, table->beginning);
    eki_sql_text(&beginning, text);
    eki_sql_text(&beginning, last);
    eki_sql_integer(&beginning, (int64_t)(limit - (hits->count - before)));
    return eki_work_run(hits->work, &beginning, eki_hits_take, hits, NULL);
}

enum eki_error eki_store_search(struct eki_store_work *work, const char *text, uint32_t limit,
                                const struct eki_store_hit **ret_hits, size_t *ret_count)
{
    struct eki_hits hits = {.work = work};
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    hits.rows = eki_arena_take(&work->arena, EKI_STORE_MOST_HITS, sizeof *hits.rows);
    if (!hits.rows) return eki_work_fail(work, EKI_ERROR_MEMORY);
    size_t hosts = looks_like_address(text) ? sizeof host_tables / sizeof *host_tables : 0;
    error = eki_search_outbreaks(&hits, text, limit);
    for (size_t i = 0; i < hosts && *text && !error; i++)
        error = search_hosts(&hits, &host_tables[i], text, limit);
    if (!error) error = eki_search_texts(&hits, text, limit);
    if (error) return error;
    *ret_hits = hits.rows;
    *ret_count = hits.count;
    return EKI_OK;
}
