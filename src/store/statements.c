/* SPDX-License-Identifier: Apache-2.0 */
#include "store/statements.h"

#include <string.h>

#include "base/memory.h"

/* FNV-1a (Fowler, Noll, Vo 1991): the texts are this program's own. */
static uint64_t hash_of(const char *sql)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *sql; sql++) hash = (hash ^ (unsigned char)*sql) * 0x100000001b3u;
    return hash;
}

int eki_statements_find(struct eki_statements *statements, const char *sql)
{
    uint64_t hash = hash_of(sql);
    for (int i = 0; i < EKI_STATEMENTS; i++) {
        if (!statements->entries[i].sql || statements->entries[i].hash != hash ||
            strcmp(statements->entries[i].sql, sql) != 0)
            continue;
        statements->entries[i].used = ++statements->clock;
        return i;
    }
    return -1;
}

void eki_statements_drop(struct eki_statements *statements, int place)
{
    if (!statements->entries[place].sql) return;
    if (statements->entries[place].prepared)
        statements->drop(statements->owner, statements->entries[place].prepared,
                         statements->entries[place].number);
    eki_free(statements->entries[place].sql);
    memset(&statements->entries[place], 0, sizeof statements->entries[place]);
}

int eki_statements_add(struct eki_statements *statements, const char *sql)
{
    int place = 0;
    for (int i = 1; i < EKI_STATEMENTS; i++) /* free ones were used at 0 */
        if (statements->entries[i].used < statements->entries[place].used) place = i;
    size_t size = strlen(sql) + 1;
    char *copy = eki_allocate(1, size);
    if (!copy) return -1;
    memcpy(copy, sql, size);
    eki_statements_drop(statements, place);
    statements->entries[place].sql = copy;
    statements->entries[place].hash = hash_of(sql);
    statements->entries[place].used = ++statements->clock;
    statements->entries[place].number = ++statements->numbers;
    return place;
}

void eki_statements_done(struct eki_statements *statements)
{
    for (int i = 0; i < EKI_STATEMENTS; i++) eki_statements_drop(statements, i);
}
