/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_H
#define DESK_H
/* A store with a case in it, and directories, for the tests of notices. All calls assert that all went well.
 */
#include "base/random.h"
#include "ekigaku/notice.h"

#define DESK_NOW (INT64_C(1795800000) * EKI_SECOND) /* 2026-11-27T17:20:00Z */

struct desk {
    char folder[64];
    struct eki_store *store;
};

/* cmocka's fixture: a new store; removed afterwards. */
int desk_make(void **state);
int desk_remove(void **state);

struct eki_store_work *desk_write(struct desk *desk);
struct eki_store_work *desk_read(struct desk *desk);
void desk_commit(struct eki_store_work *work);

/* A settled directory out of JSON lines. */
struct eki_directory *desk_directory(const char *lines);

/* Networks inside each other of some teams with departments, contacts dead and alive, mail and telephone, a
 * country and an AS: drawn at random. */
struct eki_directory *desk_random_directory(struct eki_random *random);

/* In a work of any store: a case that was opened and became known then (microseconds), an account. */
int64_t desk_add_case(struct eki_store_work *work, int64_t created, int64_t aware);
int64_t desk_add_account(struct eki_store_work *work, const char *name, const char *role);

/* A case with these hosts; returns it. */
int64_t desk_case(struct desk *desk, const char *const *hosts, size_t count);

/* Adds a host to a case. */
void desk_host(struct eki_store_work *work, int64_t of_case, const char *host);

/* The row of a case, and how many rows of a table belong to it; column of_case. */
struct eki_store_case desk_row(struct eki_store_work *work, int64_t of_case);
uint64_t desk_count(struct eki_store_work *work, enum eki_store_table table, int64_t of_case);

/* All rows of a table. */
uint64_t desk_count_all(struct eki_store_work *work, enum eki_store_table table);

/* A test whose state is a struct desk. */
#define DESK_TEST(test) cmocka_unit_test_setup_teardown(test, desk_make, desk_remove)

/* An account of this name. */
int64_t desk_account(struct desk *desk, const char *name);

#endif
