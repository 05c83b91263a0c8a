/* SPDX-License-Identifier: Apache-2.0 */
/* Some rows of a table: conditions, order, pages. */
#include <string.h>

#include "base/memory.h"
#include "store/cursor.h"
#include "store/work.h"

enum { LIMIT = 100 };

static enum eki_error refuse(struct eki_store_work *work, const struct eki_table *table, const char *what,
                             const char *which)
{
    enum eki_error error =
        eki_fault_set(&work->fault, EKI_ERROR_ARGUMENT, 0, "%s: %s %s", table->name, what, which);
    return eki_work_fail(work, error);
}

static void and_then(struct eki_sql *sql, bool *any)
{
    eki_sql_put(sql, *any ? " AND " : " WHERE ");
    *any = true;
}

static enum eki_error put_condition(struct eki_store_work *work, const struct eki_table *table,
                                    const struct eki_store_where *where, struct eki_sql *sql)
{
    const struct eki_column *column = eki_table_column(table, where->column);
    if (!column || column->flags & EKI_SECRET) return refuse(work, table, "no column", where->column);
    struct eki_value value = {.kind = EKI_VALUE_INTEGER, .integer = where->number};
    if (column->kind == EKI_COLUMN_REAL)
        value = (struct eki_value){.kind = EKI_VALUE_REAL, .real = where->real};
    if (column->kind == EKI_COLUMN_TEXT)
        value = (struct eki_value){.kind = EKI_VALUE_TEXT, .text = where->text ? where->text : ""};
    if (value.kind == EKI_VALUE_TEXT && !eki_column_fits(column, value.text))
        return refuse(work, table, "unusable text for", where->column);
    eki_sql_name(sql, column->name);
    if (column->kind == EKI_COLUMN_REFERENCE && !where->number && where->is != '<' && where->is != '>') {
        eki_sql_put(sql, where->is == '!' ? " IS NOT NULL" : " IS NULL");
        return EKI_OK;
    }
    switch (where->is) {
    case '\0':
    case '=': eki_sql_put(sql, " = ?"); break;
    case '<': eki_sql_put(sql, " < ?"); break;
    case '>': eki_sql_put(sql, " > ?"); break;
    case '!': eki_sql_put(sql, " <> ?"); break;
    default: return refuse(work, table, "no such comparison of", where->column);
    }
    eki_sql_value(sql, value);
    return EKI_OK;
}

/* "%text%" in small letters with the signs that LIKE knows escaped. The server would make letters small by
 * the rules of its own language, which are not those of the columns. */
static const char *pattern(struct eki_arena *arena, const char *text)
{
    char *made = eki_arena_take(arena, 2 * strlen(text) + 3, 1);
    if (!made) return NULL;
    char *to = made;
    *to++ = '%';
    for (; *text; text++) {
        if (*text == '%' || *text == '_' || *text == '\\') *to++ = '\\';
        *to++ = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
    }
    *to = '%';
    return made;
}

static enum eki_error put_text(struct eki_store_work *work, const struct eki_table *table, const char *text,
                               struct eki_sql *sql)
{
    static const struct eki_column typed = {.name = "text", .most = EKI_TEXT_WORD};
    if (!eki_column_fits(&typed, text)) return refuse(work, table, "unusable text to", "look for");
    const char *like = pattern(&work->arena, text);
    if (!like) return eki_work_fail(work, EKI_ERROR_MEMORY);
    const char *before = "(";
    bool any_case = work->store->driver->like_any_case;
    for (size_t i = 0; i < table->count; i++) {
        if (!(table->columns[i].flags & EKI_SEARCHED)) continue;
        eki_sql_put(sql, before);
        eki_sql_put(sql, any_case ? "" : "lower(");
        eki_sql_name(sql, table->columns[i].name);
        eki_sql_put(sql, any_case ? " LIKE ? ESCAPE '\\'" : ") LIKE ? ESCAPE '\\'");
        eki_sql_text(sql, like);
        before = " OR ";
    }
    if (before[0] == '(') return refuse(work, table, "holds no text to", "look for");
    eki_sql_put(sql, ")");
    return EKI_OK;
}

enum eki_error eki_query_where(struct eki_store_work *work, const struct eki_table *table,
                               const struct eki_store_query *query, struct eki_sql *sql, bool *ret_any)
{
    bool any = false, in_one = !table->within;
    for (size_t i = 0; i < EKI_STORE_CONDITIONS; i++) {
        const struct eki_store_where *where = &query->where[i];
        if (!where->column) continue;
        and_then(sql, &any);
        enum eki_error error = put_condition(work, table, where, sql);
        if (error) return error;
        in_one |= !strcmp(where->column, table->columns[0].name) && (!where->is || where->is == '=');
    }
    if (query->text && *query->text) {
        and_then(sql, &any);
        enum eki_error error = put_text(work, table, query->text, sql);
        if (error) return error;
    }
    if (!in_one && query->cursor && *query->cursor)
        return refuse(work, table, "pages need one", table->columns[0].name);
    *ret_any = any;
    return EKI_OK;
}

/* What a list is made from. */
struct listing {
    const struct eki_table *table;
    const struct eki_store_query *query;
    struct eki_order order;
    struct eki_store_work *work;
    char *rows;
    size_t count, capacity, wanted;
};

static void put_order(const struct listing *l, struct eki_sql *sql)
{
    const char *direction = l->query->descending ? " DESC" : "";
    eki_sql_put(sql, " ORDER BY ");
    eki_sql_name(sql, l->table->columns[l->order.column].name);
    eki_sql_put(sql, direction);
    if (l->order.column != l->table->key) {
        eki_sql_put(sql, ", ");
        eki_sql_name(sql, l->table->columns[l->table->key].name);
        eki_sql_put(sql, direction);
    }
    eki_sql_put(sql, " LIMIT ?");
    eki_sql_integer(sql, (int64_t)l->wanted + 1); /* one more tells whether there is a next page */
}

static enum eki_error put_cursor(const struct listing *l, struct eki_sql *sql, bool *any)
{
    struct eki_list_place place;
    enum eki_error error = eki_cursor_read(&l->order, l->query->cursor, &l->work->arena, &place);
    if (error == EKI_ERROR_ARGUMENT)
        return refuse(l->work, l->table, "the cursor belongs to", "another list");
    if (error) return eki_work_fail(l->work, error);
    and_then(sql, any);
    bool two = l->order.column != l->table->key;
    eki_sql_put(sql, "(");
    eki_sql_name(sql, l->table->columns[l->order.column].name);
    if (two) {
        eki_sql_put(sql, ", ");
        eki_sql_name(sql, l->table->columns[l->table->key].name);
    }
    eki_sql_put(sql, l->query->descending ? ") < (?" : ") > (?");
    eki_sql_put(sql, two ? ", ?)" : ")");
    eki_sql_value(sql, place.value);
    if (two) eki_sql_integer(sql, place.key);
    return EKI_OK;
}

static enum eki_error take_row(void *user, const struct eki_value *values, size_t count)
{
    struct listing *l = user;
    if (count < l->table->count) return EKI_ERROR_CORRUPT;
    char *rows = eki_array_reserve(l->rows, l->count, &l->capacity, l->table->size);
    if (!rows) return EKI_ERROR_MEMORY;
    l->rows = rows;
    void *row = rows + l->count * l->table->size;
    if (!eki_row_take(l->table, values, &l->work->arena, row)) return EKI_ERROR_MEMORY;
    l->count++;
    return EKI_OK;
}

/* Which column; references and secrets cannot be sorted by, because NULL has no one place. */
static enum eki_error choose_sort(struct listing *l)
{
    const char *name = l->query->sort;
    l->order = (struct eki_order){l->table, l->table->key, l->query->descending};
    if (!name) return EKI_OK;
    const struct eki_column *column = eki_table_column(l->table, name);
    bool reference =
        column && column->kind == EKI_COLUMN_REFERENCE && !(l->table->within && column == l->table->columns);
    if (!column || reference || column->flags & EKI_SECRET)
        return refuse(l->work, l->table, "cannot be sorted by", name);
    l->order.column = (size_t)(column - l->table->columns);
    return EKI_OK;
}

static enum eki_error build(struct listing *l, struct eki_sql *sql)
{
    bool any = false;
    eki_sql_put(sql, "SELECT ");
    eki_sql_columns(sql, l->table, 0);
    eki_sql_put(sql, " FROM ");
    eki_sql_name(sql, l->table->name);
    enum eki_error error = eki_query_where(l->work, l->table, l->query, sql, &any);
    if (!error && l->query->cursor && *l->query->cursor) error = put_cursor(l, sql, &any);
    put_order(l, sql);
    return error;
}

/* Moves the rows into the work's memory, drops the one too many and makes the cursor of the next page. */
static enum eki_error hand_over(struct listing *l, void *ret_rows, struct eki_store_page *ret_page)
{
    struct eki_store_page page = {.count = l->count < l->wanted ? l->count : l->wanted};
    void *rows = eki_arena_copy(&l->work->arena, l->rows, page.count, l->table->size);
    if (!rows) return EKI_ERROR_MEMORY;
    if (l->count > l->wanted) {
        page.next =
            eki_cursor_write(&l->order, (char *)rows + (page.count - 1) * l->table->size, &l->work->arena);
        if (!page.next) return EKI_ERROR_MEMORY;
    }
    memcpy(ret_rows, &rows, sizeof rows);
    *ret_page = page;
    return EKI_OK;
}

enum eki_error eki_store_list_rows(struct eki_store_work *work, enum eki_store_table number,
                                   const struct eki_store_query *query, void *ret_rows,
                                   struct eki_store_page *ret_page)
{
    static const struct eki_store_query first = {0};
    struct listing l = {.table = eki_table_find(number), .query = query ? query : &first, .work = work};
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    if (!l.table) return eki_work_fail(work, EKI_ERROR_ARGUMENT);
    l.wanted = l.query->limit ? l.query->limit : LIMIT;
    if (l.wanted > EKI_STORE_MOST_ROWS) l.wanted = EKI_STORE_MOST_ROWS;
    struct eki_sql sql = eki_work_sql(work);
    error = choose_sort(&l);
    if (!error) error = build(&l, &sql);
    if (!error) error = eki_work_run(work, &sql, take_row, &l, NULL);
    if (!error) error = eki_work_fail(work, hand_over(&l, ret_rows, ret_page));
    eki_free(l.rows);
    return error;
}

static enum eki_error take_count(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(uint64_t *)user = (uint64_t)values[0].integer;
    return EKI_OK;
}

enum eki_error eki_store_count(struct eki_store_work *work, enum eki_store_table number,
                               const struct eki_store_query *query, uint64_t *ret_count)
{
    const struct eki_table *table = eki_table_find(number);
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    if (!table) return eki_work_fail(work, EKI_ERROR_ARGUMENT);
    struct eki_sql sql = eki_work_sql(work);
    bool any = false;
    uint64_t count = 0;
    eki_sql_put(&sql, "SELECT count(*) FROM ");
    eki_sql_name(&sql, table->name);
    if (query) error = eki_query_where(work, table, query, &sql, &any);
    if (!error) error = eki_work_run(work, &sql, take_count, &count, NULL);
    if (!error) *ret_count = count;
    return error;
}
