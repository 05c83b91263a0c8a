/* SPDX-License-Identifier: Apache-2.0 */
/* What a stranger can say of a list: the table, the order, a text to look for, a cursor. Whatever it is, the
 * answer is rows or a refusal, never an error of the database: no byte of it becomes SQL. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/store.h"
#include "store/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct eki_store *open_once(void)
{
    static struct eki_store *store;
    if (store) return store;
    char path[] = "/tmp/ekigaku-fuzz-XXXXXX";
    struct eki_store_act act = {.at = 1};
    struct eki_store_work *work;
    int file = mkstemp(path);
    if (file < 0 || eki_store_open(path, NULL, &store, NULL) || eki_store_begin(store, &act, &work, NULL))
        abort();
    close(file);
    for (int i = 0; i < 3; i++) {
        struct eki_store_account account = {.name = i ? i > 1 ? "b" : "a" : "%", .role = "viewer"};
        if (eki_store_add(work, &account)) abort();
    }
    if (eki_store_commit(work)) abort();
    eki_store_end(work);
    unlink(path);
    return store;
}

/* A cursor that is taken is what is written for the row it stands for. */
static void walk(struct eki_store_work *work, enum eki_store_table table, const struct eki_store_query *query)
{
    void *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list_rows(work, table, query, &rows, &page);
    if (error && error != EKI_ERROR_ARGUMENT && error != EKI_ERROR_LIMIT) abort();
    if (!error && page.count > 2) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char text[300];
    struct eki_store_work *work;
    if (length < 3 || length > sizeof text + 2) return 0;
    enum eki_store_table number = (enum eki_store_table)(bytes[0] % EKI_STORE_TABLES);
    const struct eki_table *table = eki_table_find(number);
    const char *column = table->columns[bytes[1] % table->count].name;
    memcpy(text, bytes + 3, length - 3);
    text[length - 3] = '\0';
    char *second = strchr(text, '\n');
    if (second) *second++ = '\0';
    struct eki_store_query query = {.limit = 2, .descending = bytes[2] & 1, .cursor = text, .text = second};
    if (bytes[2] & 2) query.sort = column;
    if (bytes[2] & 4) query.sort = second;
    if (bytes[2] & 8)
        query.where[0] = (struct eki_store_where){.column = column, .text = text, .number = bytes[1]};
    if (bytes[2] & 16)
        query.where[1] = (struct eki_store_where){.column = second ? second : "id", .is = (char)bytes[0]};
    if (eki_store_begin(open_once(), NULL, &work, NULL)) abort();
    walk(work, number, &query);
    eki_store_end(work);
    return 0;
}
