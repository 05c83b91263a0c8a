/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "exchange/table.h"

#include <string.h>

#include "base/memory.h"

static bool next_line(struct eki_table *t, const char **ret_line, size_t *ret_length)
{
    if (t->at >= t->end) return false;
    const char *line = t->at, *newline = memchr(line, '\n', (size_t)(t->end - line));
    size_t length = (size_t)((newline ? newline : t->end) - line);
    t->at = newline ? newline + 1 : t->end;
    t->line++;
    if (length && line[length - 1] == '\r') length--;
    *ret_line = line;
    *ret_length = length;
    return true;
}

/* The fields with their doubled quotes undone, one after the other into `text`. */
static size_t split(const char *line, size_t length, char *text, const char **values)
{
    struct eki_field fields[EKI_TABLE_COLUMNS];
    size_t count = eki_fields_csv(line, length, ',', fields, EKI_TABLE_COLUMNS);
    if (count > EKI_TABLE_COLUMNS) count = EKI_TABLE_COLUMNS;
    for (size_t i = 0; i < count; i++) {
        values[i] = text;
        for (uint32_t k = 0; k < fields[i].length; k++) {
            if (fields[i].escaped && fields[i].at[k] == '"' && k + 1 < fields[i].length &&
                fields[i].at[k + 1] == '"')
                k++;
            *text++ = fields[i].at[k] ? fields[i].at[k] : ' ';
        }
        *text++ = '\0';
    }
    return count;
}

enum eki_error eki_table_open(const char *bytes, size_t length, struct eki_table *ret_table)
{
    const char *line;
    size_t size;
    *ret_table = (struct eki_table){.at = bytes, .end = bytes + length};
    do
        if (!next_line(ret_table, &line, &size) || size > EKI_TABLE_LINE) return EKI_ERROR_FORMAT;
    while (!size || *line == '#');
    ret_table->heading = eki_allocate(EKI_TABLE_LINE + EKI_TABLE_COLUMNS, 1);
    ret_table->record = eki_allocate(EKI_TABLE_LINE + EKI_TABLE_COLUMNS, 1);
    if (!ret_table->heading || !ret_table->record) {
        eki_table_done(ret_table);
        return EKI_ERROR_MEMORY;
    }
    ret_table->columns = split(line, size, ret_table->heading, ret_table->names);
    return EKI_OK;
}

bool eki_table_next(struct eki_table *table)
{
    const char *line;
    size_t size;
    for (;;) {
        if (!next_line(table, &line, &size)) return false;
        if (!size) continue;
        if (size <= EKI_TABLE_LINE) break;
        table->broken++;
    }
    table->fields = split(line, size, table->record, table->values);
    if (table->fields < table->columns && !table->cut++) table->first_cut = table->line;
    return true;
}

const char *eki_table_value(const struct eki_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns && i < table->fields; i++)
        if (!strcmp(table->names[i], name)) return *table->values[i] ? table->values[i] : NULL;
    return NULL;
}

bool eki_heading_has(const char *bytes, size_t length, const char *name)
{
    struct eki_table t = {.at = bytes, .end = bytes + length};
    struct eki_field fields[EKI_TABLE_COLUMNS];
    const char *line;
    size_t size;
    if (!length || strchr("{[<", *bytes)) return false;
    do
        if (!next_line(&t, &line, &size) || size > EKI_TABLE_LINE) return false;
    while (!size || *line == '#');
    size_t count = eki_fields_csv(line, size, ',', fields, EKI_TABLE_COLUMNS);
    for (size_t i = 0; i < count && i < EKI_TABLE_COLUMNS; i++)
        if (eki_field_is(fields[i], name)) return true;
    return false;
}

void eki_table_done(struct eki_table *table)
{
    eki_free(table->heading);
    eki_free(table->record);
    table->heading = table->record = NULL;
}

bool eki_first_line_has(const char *bytes, size_t length, const char *text)
{
    const char *newline = memchr(bytes, '\n', length);
    return memmem(bytes, newline ? (size_t)(newline - bytes) : length, text, strlen(text));
}
