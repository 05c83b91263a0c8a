/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include <string.h>

void eki_sql_put(struct eki_sql *sql, const char *text)
{
    size_t more = strlen(text);
    if (sql->failed) return;
    if (sql->length + more + 1 > sql->room) {
        size_t room = (sql->room + more + 1) * 2;
        char *moved = eki_arena_take(sql->arena, room, 1);
        if (!moved) {
            sql->failed = true;
            return;
        }
        if (sql->length) memcpy(moved, sql->text, sql->length);
        sql->text = moved;
        sql->room = room;
    }
    memcpy(sql->text + sql->length, text, more + 1);
    sql->length += more;
}

void eki_sql_name(struct eki_sql *sql, const char *name)
{
    eki_sql_put(sql, "\"");
    eki_sql_put(sql, name);
    eki_sql_put(sql, "\"");
}

void eki_sql_columns(struct eki_sql *sql, const struct eki_table *table, size_t first)
{
    for (size_t i = first; i < table->count; i++) {
        if (i > first) eki_sql_put(sql, ", ");
        eki_sql_name(sql, table->columns[i].name);
    }
}

void eki_sql_value(struct eki_sql *sql, struct eki_value value)
{
    if (sql->count == EKI_VALUES_MOST)
        sql->failed = true;
    else
        sql->values[sql->count++] = value;
}

void eki_sql_integer(struct eki_sql *sql, int64_t integer)
{
    eki_sql_value(sql, (struct eki_value){.kind = EKI_VALUE_INTEGER, .integer = integer});
}

void eki_sql_text(struct eki_sql *sql, const char *text)
{
    eki_sql_value(sql, (struct eki_value){.kind = EKI_VALUE_TEXT, .text = text});
}

struct eki_statement eki_sql_statement(const struct eki_sql *sql, eki_row_sink *sink, void *user)
{
    return (struct eki_statement){.sql = sql->failed ? NULL : sql->text,
                                  .values = sql->values,
                                  .count = sql->count,
                                  .sink = sink,
                                  .user = user};
}
