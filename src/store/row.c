/* SPDX-License-Identifier: Apache-2.0 */
/* One row: the same for every table. */
#include <string.h>

#include "store/work.h"

int64_t eki_row_id(const struct eki_table *table, const void *row)
{
    return eki_column_get(&table->columns[table->key], row).integer;
}

bool eki_row_take(const struct eki_table *table, const struct eki_value *values, struct eki_arena *arena,
                  void *ret_row)
{
    for (size_t i = 0; i < table->count; i++)
        if (!eki_column_put(&table->columns[i], &values[i], arena, ret_row)) return false;
    return true;
}

bool eki_row_differs(const struct eki_table *table, const void *a, const void *b)
{
    for (size_t i = 0; i < table->count; i++) {
        struct eki_value x = eki_column_get(&table->columns[i], a);
        struct eki_value y = eki_column_get(&table->columns[i], b);
        bool same = x.kind == EKI_VALUE_TEXT
                        ? !strcmp(x.text, y.text)
                        : x.integer == y.integer && !(x.real < y.real || x.real > y.real);
        if (!same) return true;
    }
    return false;
}

struct one {
    const struct eki_table *table;
    struct eki_arena *arena;
    void *row;
    bool found;
};

static enum eki_error take_one(void *user, const struct eki_value *values, size_t count)
{
    struct one *one = user;
    if (count < one->table->count) return EKI_ERROR_CORRUPT;
    one->found = true;
    return eki_row_take(one->table, values, one->arena, one->row) ? EKI_OK : EKI_ERROR_MEMORY;
}

enum eki_error eki_row_select(struct eki_store_work *work, const struct eki_table *table,
                              const struct eki_column *column, struct eki_value value, void *ret_row)
{
    struct eki_sql sql = eki_work_sql(work);
    void *row = eki_arena_take(&work->arena, 1, table->size);
    if (!row) return eki_work_fail(work, EKI_ERROR_MEMORY);
    eki_sql_put(&sql, "SELECT ");
    eki_sql_columns(&sql, table, 0);
    eki_sql_put(&sql, " FROM ");
    eki_sql_name(&sql, table->name);
    eki_sql_put(&sql, " WHERE ");
    eki_sql_name(&sql, column->name);
    eki_sql_put(&sql, " = ? ORDER BY ");
    eki_sql_name(&sql, table->columns[table->key].name);
    eki_sql_put(&sql, " LIMIT 1");
    eki_sql_value(&sql, value);
    struct one one = {table, &work->arena, row, false};
    enum eki_error error = eki_work_run(work, &sql, take_one, &one, NULL);
    if (error) return error;
    if (!one.found) return eki_fault_set(&work->fault, EKI_ERROR_MISSING, 0, "no such %s", table->name);
    memcpy(ret_row, row, table->size);
    return EKI_OK;
}

static enum eki_error take_id(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(struct eki_value *)user = values[0];
    return EKI_OK;
}

enum eki_error eki_row_insert(struct eki_store_work *work, const struct eki_table *table, void *row)
{
    enum eki_error error = eki_table_validate(table, row, &work->fault);
    if (error) return eki_work_fail(work, error);
    struct eki_sql sql = eki_work_sql(work);
    struct eki_value id = {0};
    eki_sql_put(&sql, "INSERT INTO ");
    eki_sql_name(&sql, table->name);
    eki_sql_put(&sql, " (");
    eki_sql_columns(&sql, table, 1);
    eki_sql_put(&sql, ") VALUES (");
    for (size_t i = 1; i < table->count; i++) {
        eki_sql_put(&sql, i > 1 ? ", ?" : "?");
        eki_sql_value(&sql, eki_column_get(&table->columns[i], row));
    }
    eki_sql_put(&sql, ") RETURNING ");
    eki_sql_name(&sql, table->columns[0].name);
    error = eki_work_run(work, &sql, take_id, &id, NULL);
    if (!error) memcpy((char *)row + table->columns[0].offset, &id.integer, sizeof id.integer);
    return error;
}

/* The table when single rows of it can be read, or written; NULL after an error that is now the work's. */
static const struct eki_table *choose(struct eki_store_work *work, enum eki_store_table number, bool write)
{
    if (eki_work_ready(work, write)) return NULL;
    const struct eki_table *table = eki_table_find(number);
    if (table && !table->within && !(write && number == EKI_STORE_AUDIT)) return table;
    eki_work_fail(work, eki_fault_set(&work->fault, EKI_ERROR_ARGUMENT, 0,
                                      "%s has no rows that can be %s one by one",
                                      eki_store_table_name(number), write ? "written" : "read"));
    return NULL;
}

enum eki_error eki_store_get_row(struct eki_store_work *work, enum eki_store_table number, int64_t id,
                                 void *ret_row)
{
    const struct eki_table *table = choose(work, number, false);
    if (!table) return work->failed;
    struct eki_value value = {.kind = EKI_VALUE_INTEGER, .integer = id};
    return eki_row_select(work, table, &table->columns[0], value, ret_row);
}

enum eki_error eki_store_find_row(struct eki_store_work *work, enum eki_store_table number,
                                  const char *column_name, const char *text, void *ret_row)
{
    const struct eki_table *table = choose(work, number, false);
    if (!table) return work->failed;
    const struct eki_column *column = eki_table_column(table, column_name);
    if (!column || column->kind != EKI_COLUMN_TEXT)
        return eki_work_fail(work, eki_fault_set(&work->fault, EKI_ERROR_ARGUMENT, 0, "%s has no text %s",
                                                 table->name, column_name));
    if (!eki_column_fits(column, text))
        return eki_fault_set(&work->fault, EKI_ERROR_MISSING, 0, "no such %s", table->name);
    struct eki_value value = {.kind = EKI_VALUE_TEXT, .text = text};
    return eki_row_select(work, table, column, value, ret_row);
}

enum eki_error eki_store_add_row(struct eki_store_work *work, enum eki_store_table number, void *row)
{
    const struct eki_table *table = choose(work, number, true);
    if (!table) return work->failed;
    enum eki_error error = eki_row_insert(work, table, row);
    return error ? error : eki_audit_row(work, "add", table, NULL, row);
}

static enum eki_error update(struct eki_store_work *work, const struct eki_table *table, const void *row)
{
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "UPDATE ");
    eki_sql_name(&sql, table->name);
    eki_sql_put(&sql, " SET ");
    for (size_t i = 1; i < table->count; i++) {
        if (i > 1) eki_sql_put(&sql, ", ");
        eki_sql_name(&sql, table->columns[i].name);
        eki_sql_put(&sql, " = ?");
        eki_sql_value(&sql, eki_column_get(&table->columns[i], row));
    }
    eki_sql_put(&sql, " WHERE id = ?");
    eki_sql_integer(&sql, eki_row_id(table, row));
    return eki_work_run(work, &sql, NULL, NULL, NULL);
}

/* The row as it is now, by the id of `row`. */
static enum eki_error before(struct eki_store_work *work, const struct eki_table *table, const void *row,
                             void **ret_before)
{
    *ret_before = eki_arena_take(&work->arena, 1, table->size);
    if (!*ret_before) return eki_work_fail(work, EKI_ERROR_MEMORY);
    struct eki_value id = {.kind = EKI_VALUE_INTEGER, .integer = eki_row_id(table, row)};
    return eki_row_select(work, table, &table->columns[0], id, *ret_before);
}

enum eki_error eki_store_change_row(struct eki_store_work *work, enum eki_store_table number, const void *row)
{
    const struct eki_table *table = choose(work, number, true);
    void *old;
    if (!table) return work->failed;
    enum eki_error error = eki_table_validate(table, row, &work->fault);
    if (error) return eki_work_fail(work, error);
    error = before(work, table, row, &old);
    if (error || !eki_row_differs(table, old, row)) return error;
    error = update(work, table, row);
    return error ? error : eki_audit_row(work, "change", table, old, row);
}

enum eki_error eki_store_remove_row(struct eki_store_work *work, enum eki_store_table number, const void *row)
{
    const struct eki_table *table = choose(work, number, true);
    void *old;
    if (!table) return work->failed;
    enum eki_error error = before(work, table, row, &old);
    if (error) return error;
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "DELETE FROM ");
    eki_sql_name(&sql, table->name);
    eki_sql_put(&sql, " WHERE id = ?");
    eki_sql_integer(&sql, eki_row_id(table, row));
    error = eki_work_run(work, &sql, NULL, NULL, NULL);
    return error ? error : eki_audit_row(work, "remove", table, old, NULL);
}
