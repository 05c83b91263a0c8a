/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_DRIVER_H
#define EKI_STORE_DRIVER_H
/*
 * What a database must do for the store. A driver knows connections, statements and errors of its database;
 * it knows no table. SQL uses what all drivers speak, with '?' for values.
 *
 * A connection is used by one thread at a time. Every call fills the fault when it fails. After
 * EKI_ERROR_OPEN, _READ and _WRITE a connection may be dead: `alive` tells.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "ekigaku/store.h"

enum eki_value_kind { EKI_VALUE_NULL = 0, EKI_VALUE_INTEGER, EKI_VALUE_REAL, EKI_VALUE_TEXT };

/* One value that goes into a statement or comes out of it. Texts end with a NUL and hold none. */
struct eki_value {
    enum eki_value_kind kind;
    int64_t integer;
    double real;
    const char *text;
};

/* Called with each row of a statement; values and their texts live until it returns. An error ends the
 * statement. */
typedef enum eki_error eki_row_sink(void *user, const struct eki_value *values, size_t count);

enum { EKI_VALUES_MOST = 96 /* of one statement: all columns of any table twice */ };

struct eki_statement {
    const char *sql; /* one statement; it is kept prepared */
    const struct eki_value *values;
    size_t count;
    eki_row_sink *sink; /* NULL: rows are of no interest */
    void *user;
    uint64_t changed; /* set: rows that were inserted, changed or removed */
};

/* Many rows for one table. `next` fills values for the columns in order; false after the last. */
struct eki_filling {
    const char *table;
    const char *const *columns; /* names */
    size_t count;
    bool (*next)(void *user, struct eki_value *ret_values);
    void *user;
};

/* Where a store is, and what its opener wants of it. */
struct eki_place {
    const char *name; /* path or URL */
    struct eki_store_options options;
};

/* Told of each thing that is wrong with a database; the text lives until it returns. */
typedef eki_store_complaint eki_complaint;

enum eki_begin {
    EKI_BEGIN_READ = 0,
    EKI_BEGIN_WRITE,  /* waits for other processes that write */
    EKI_BEGIN_AT_ONCE /* writes, or EKI_ERROR_LIMIT while another process does */
};

/* How rows are found by what their texts hold (search.h). */
enum eki_text_index { EKI_INDEX_MATCH = 0, EKI_INDEX_GRAMS };

struct eki_driver {
    const char *name; /* "sqlite", "postgresql": also the mark in schema.sql */
    enum eki_text_index index;
    bool like_any_case; /* LIKE takes letters of ASCII in any case by itself */
    /* Connects. EKI_ERROR_OPEN, _FORMAT, _CORRUPT, _MEMORY. */
    enum eki_error (*open)(const struct eki_place *place, void **ret_connection, struct eki_fault *ret_fault);
    void (*close)(void *connection);
    /* False when it must be closed and opened anew. */
    bool (*alive)(void *connection);
    /* Called once the database is known to be ours. */
    enum eki_error (*ready)(void *connection, struct eki_fault *ret_fault);
    /* Reading works see the store as it was at their first read; writing ones have it for themselves. */
    enum eki_error (*begin)(void *connection, enum eki_begin how, struct eki_fault *ret_fault);
    enum eki_error (*commit)(void *connection, struct eki_fault *ret_fault);
    void (*rollback)(void *connection);
    enum eki_error (*run)(void *connection, struct eki_statement *statement, struct eki_fault *ret_fault);
    enum eki_error (*fill)(void *connection, const struct eki_filling *filling, struct eki_fault *ret_fault);
    /* Several statements without values, in schema.sql's words. The text is changed. */
    enum eki_error (*script)(void *connection, char *sql, struct eki_fault *ret_fault);
    /* Does the database hold no table; is it ours? */
    enum eki_error (*look)(void *connection, bool *ret_empty, bool *ret_ours, struct eki_fault *ret_fault);
    /* Writes a whole copy to a new file. EKI_ERROR_UNSUPPORTED where that is another program's business. */
    enum eki_error (*backup)(void *connection, const char *path, struct eki_fault *ret_fault);
    /* Looks for damage of the database itself. */
    enum eki_error (*check)(void *connection, eki_complaint *complain, void *user,
                            struct eki_fault *ret_fault);
};

extern const struct eki_driver eki_driver_sqlite, eki_driver_postgresql;

#endif
