/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_CURSOR_H
#define EKI_STORE_CURSOR_H
/*
 * A place in a sorted list as a text for a URL: which column, which direction, the value there and the key of
 * the last row seen. The page after it begins behind that row, whatever was inserted or removed meanwhile.
 *
 *     <column><a or d>.<value>.<key>      value: a number, 16 digits of a double's bits, or a text in
 * hexadecimal
 */
#include "store/table.h"

/* The order of a list. */
struct eki_order {
    const struct eki_table *table;
    size_t column; /* position of the one sorted by; ties are broken by the key */
    bool descending;
};

struct eki_list_place {
    struct eki_value value; /* of the column sorted by */
    int64_t key;
};

/* The cursor after a row; NULL when there is no memory. */
const char *eki_cursor_write(const struct eki_order *order, const void *row, struct eki_arena *arena);

/* Reads what eki_cursor_write wrote for this order. EKI_ERROR_ARGUMENT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_cursor_read(const struct eki_order *order, const char *text,
                                            struct eki_arena *arena, struct eki_list_place *ret_place);

#endif
