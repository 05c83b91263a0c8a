/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_COLUMNS_H
#define EKI_DIRECTORY_COLUMNS_H
/* Tables with a header line, in CSV (RFC 4180): separated by comma, semicolon or tab, whichever the header
 * has most of. */
#include "base/fields.h"
#include "base/source.h"
#include "ekigaku/directory.h"

enum { EKI_COLUMNS_MOST = 64, EKI_COLUMNS_NAME = 48 };

struct eki_columns {
    struct eki_source *source;
    uint32_t line;  /* where the row begins */
    uint32_t lines; /* so far */
    char separator;
    size_t columns;
    char names[EKI_COLUMNS_MOST][EKI_COLUMNS_NAME]; /* lower case; what is no letter or digit is '_' */
    struct eki_field fields[EKI_COLUMNS_MOST];
    size_t count; /* fields of the row */
};

/* Reads the header. EKI_ERROR_FORMAT when it has no or too many columns or one twice, EKI_ERROR_EMPTY. */
EKI_MUST_USE enum eki_error eki_columns_open(struct eki_source *source, struct eki_columns *ret_row,
                                             struct eki_fault *ret_fault);

/* The next row that is not empty; false at the end or on an error, which is in *ret_error. */
bool eki_columns_next(struct eki_columns *row, enum eki_error *ret_error);

/* The position of a column by one of several names separated by blanks, -1 when there is none. */
int eki_columns_find(const struct eki_columns *row, const char *names);

/* The value of a column with its quotes undone and blanks at the ends dropped; "" for column -1 or a short
 * row. Returns ret_text; NULL when it is longer than a text may be. */
const char *eki_columns_value(const struct eki_columns *row, int column,
                              char ret_text[EKI_DIRECTORY_TEXT + 1]);

#endif
