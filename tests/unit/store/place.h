/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_STORE_PLACE_H
#define TEST_STORE_PLACE_H
/* A folder of a test's own, the databases in it, and what every test of the store begins with. */
#include <stdbool.h>
#include <stdint.h>

#include "cluster.h"
#include "ekigaku/store.h"

enum { PLACE_URL = 300 };

struct place {
    char folder[100];
    char url[PLACE_URL]; /* of the database of the test that runs; each test gets an empty one */
    unsigned count;
    struct cluster cluster; /* once a test asked for it */
};

/* cmocka's setup and teardown: of the whole group, and of one test. *state is a struct place. */
int place_make(void **state);
int place_remove(void **state);
int place_next(void **state);
int place_next_postgresql(void **state); /* skips the test when PostgreSQL is not installed */

/* A test against both databases: two entries of the table of tests. */
#define PLACE_BOTH(test)                                                                                     \
    {.name = #test ", sqlite", .test_func = test, .setup_func = place_next},                                 \
    {                                                                                                        \
        .name = #test ", postgresql", .test_func = test, .setup_func = place_next_postgresql                 \
    }

/* Opens the database of this test; begins a work at a time, as "tester". */
struct eki_store *place_open(const struct place *place);
struct eki_store_work *place_write(struct eki_store *store, int64_t at);
struct eki_store_work *place_read(struct eki_store *store);
/* Commits and ends. */
void place_commit(struct eki_store_work *work);

/* An account that can be added. */
struct eki_store_account place_account(const char *name);

#endif
