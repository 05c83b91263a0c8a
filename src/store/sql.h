/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_SQL_H
#define EKI_STORE_SQL_H
/*
 * Builds one statement in an arena: text with the values that stand for its '?'. Names come from the tables
 * of this program only, never from outside.
 *
 *     struct eki_sql sql = {.arena = arena};
 *     eki_sql_put(&sql, "SELECT ");
 *     eki_sql_columns(&sql, table, 0);
 *     eki_sql_put(&sql, " FROM ");
 *     eki_sql_name(&sql, table->name);
 *     eki_sql_put(&sql, " WHERE id = ?");
 *     eki_sql_value(&sql, value);
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "store/driver.h"
#include "store/table.h"

struct eki_sql {
    struct eki_arena *arena;
    char *text;
    size_t length, room;
    struct eki_value values[EKI_VALUES_MOST];
    size_t count;
    bool failed; /* no memory, or too many values */
};

/* Appends text; a name in double quotes; the names of columns from `first` on, with commas between. */
void eki_sql_put(struct eki_sql *sql, const char *text);
void eki_sql_name(struct eki_sql *sql, const char *name);
void eki_sql_columns(struct eki_sql *sql, const struct eki_table *table, size_t first);

/* A value for the next '?'; its text must live until the statement has run. */
void eki_sql_value(struct eki_sql *sql, struct eki_value value);
void eki_sql_integer(struct eki_sql *sql, int64_t integer);
void eki_sql_text(struct eki_sql *sql, const char *text);

/* The statement so far. Its text is NULL when building it failed. */
struct eki_statement eki_sql_statement(const struct eki_sql *sql, eki_row_sink *sink, void *user);

#endif
