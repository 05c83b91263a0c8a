/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_WORK_H
#define EKI_STORE_WORK_H
/* A piece of work from the inside, and the connections that works borrow. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/driver.h"
#include "store/sql.h"
#include "store/table.h"

enum { EKI_CONNECTIONS_MOST = 64, EKI_HASH_TEXT = 65 };

struct eki_slot {
    void *connection; /* NULL: not connected yet, or lost */
    bool used;
};

struct eki_store {
    const struct eki_driver *driver;
    struct eki_place place; /* name owned */
    pthread_mutex_t lock;   /* of all below */
    pthread_cond_t freed;   /* a slot, or the right to write */
    struct eki_slot slots[EKI_CONNECTIONS_MOST];
    unsigned slot_count;
    bool writing;
};

struct eki_store_work {
    struct eki_store *store;
    struct eki_slot *slot;
    struct eki_arena arena;
    struct eki_store_act act;
    struct eki_fault fault;
    enum eki_error failed; /* the first error after which there is no going on */
    bool write, open;      /* open: in a transaction */
    bool chained;          /* the two below are known */
    int64_t audit_id;      /* of the newest entry */
    char audit_hash[EKI_HASH_TEXT];
};

/* Keeps an error as the work's; returns it. */
enum eki_error eki_work_fail(struct eki_store_work *work, enum eki_error error);

/* EKI_OK when the work can still be used, and, with `write`, may write. */
EKI_MUST_USE enum eki_error eki_work_ready(struct eki_store_work *work, bool write);

/* A statement in the work's memory, empty. */
struct eki_sql eki_work_sql(struct eki_store_work *work);

/* Runs a statement; errors become the work's. `ret_changed` may be NULL. */
EKI_MUST_USE enum eki_error eki_work_run(struct eki_store_work *work, const struct eki_sql *sql,
                                         eki_row_sink *sink, void *user, uint64_t *ret_changed);

/* Inserts a row without a word in the audit log; the id is put into the row. */
EKI_MUST_USE enum eki_error eki_row_insert(struct eki_store_work *work, const struct eki_table *table,
                                           void *row);

/* Reads the first row whose column is this value. EKI_ERROR_MISSING. */
EKI_MUST_USE enum eki_error eki_row_select(struct eki_store_work *work, const struct eki_table *table,
                                           const struct eki_column *column, struct eki_value value,
                                           void *ret_row);

/* Takes the values of a SELECT of all columns into a row. False when there is no memory. */
bool eki_row_take(const struct eki_table *table, const struct eki_value *values, struct eki_arena *arena,
                  void *ret_row);

/* The id of a row. */
int64_t eki_row_id(const struct eki_table *table, const void *row);

/* Appends " WHERE ..." for the conditions and the text of a query; *ret_any says whether there was any.
 * EKI_ERROR_ARGUMENT. */
EKI_MUST_USE enum eki_error eki_query_where(struct eki_store_work *work, const struct eki_table *table,
                                            const struct eki_store_query *query, struct eki_sql *sql,
                                            bool *ret_any);

/* Appends what changed; one of the rows is NULL for an added or removed one. */
EKI_MUST_USE enum eki_error eki_audit_row(struct eki_store_work *work, const char *what,
                                          const struct eki_table *table, const void *before,
                                          const void *after);

/* Appends an entry with the act's time and account; fills its id and hashes. Texts may be NULL. */
EKI_MUST_USE enum eki_error eki_audit_append(struct eki_store_work *work, struct eki_store_audit *entry);

/* The hash that belongs to an entry: docs/formats/store.md says over what. */
void eki_audit_hash(const struct eki_store_audit *entry, char ret_hash[EKI_HASH_TEXT]);

/* Do two rows differ in any column? */
bool eki_row_differs(const struct eki_table *table, const void *a, const void *b);

#endif
