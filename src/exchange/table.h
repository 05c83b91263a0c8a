/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_TABLE_H
#define EKI_EXCHANGE_TABLE_H
/*
 * Comma-separated values (RFC 4180) with a heading, a record a line; lines that begin with # come before it.
 *
 *     struct eki_table table;
 *     error = eki_table_open(bytes, length, &table);
 *     while (eki_table_next(&table)) use(eki_table_value(&table, "ip"));
 *     eki_table_done(&table);
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/fields.h"
#include "ekigaku/error.h"

/* Shadowserver's widest report has 140 columns; a longer line is no line of a table. */
enum { EKI_TABLE_COLUMNS = 256, EKI_TABLE_LINE = 1 << 16 };

struct eki_table {
    const char *at, *end;
    size_t line;            /* of the current record, from 1 */
    size_t columns;         /* of the heading */
    size_t fields;          /* of the current record */
    size_t broken;          /* lines that were too long */
    size_t cut, first_cut;  /* records with fewer fields than the heading; the line of the first */
    char *heading, *record; /* the texts, each ending with NUL */
    const char *names[EKI_TABLE_COLUMNS], *values[EKI_TABLE_COLUMNS];
};

/* EKI_ERROR_MEMORY, _FORMAT when there is no heading. */
enum eki_error eki_table_open(const char *bytes, size_t length, struct eki_table *ret_table);
/* False at the end. Empty lines are passed over. */
bool eki_table_next(struct eki_table *table);
/* The text in the column of this name; NULL when there is none or it is empty. */
const char *eki_table_value(const struct eki_table *table, const char *name);
/* Frees it. */
void eki_table_done(struct eki_table *table);

/* The heading of some bytes, if it is one, has a column of this name. Takes no memory. O(heading). */
bool eki_heading_has(const char *bytes, size_t length, const char *name);

/* The first line of some bytes holds this text. */
bool eki_first_line_has(const char *bytes, size_t length, const char *text);

#endif
