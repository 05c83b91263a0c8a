/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_STATEMENTS_H
#define EKI_STORE_STATEMENTS_H
/* The prepared statements of one connection, by their text. When there are too many the one that was not
 * used for longest goes. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EKI_STATEMENTS =
        128 /* the store itself has about 90, a search 40 of them; lists with odd filters make the rest */
};

struct eki_statements {
    struct {
        char *sql;     /* owned; NULL for a free place */
        uint64_t hash; /* of it: many begin alike */
        uint64_t used;
        void *prepared;
        uint32_t number; /* 1, 2, ...: never given again */
    } entries[EKI_STATEMENTS];
    uint64_t clock;
    uint32_t numbers;
    void (*drop)(void *owner, void *prepared, uint32_t number); /* called for those that go */
    void *owner;
};

/* The place of a text, or -1. O(EKI_STATEMENTS). */
int eki_statements_find(struct eki_statements *statements, const char *sql);

/* A place for a new text, with its number; `prepared` is NULL. -1 when there is no memory. */
int eki_statements_add(struct eki_statements *statements, const char *sql);

/* Drops one, or all. */
void eki_statements_drop(struct eki_statements *statements, int place);
void eki_statements_done(struct eki_statements *statements);

#endif
