/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int place_make(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place) return -1;
    snprintf(place->folder, sizeof place->folder, "/tmp/ekigaku-store-XXXXXX");
    if (!mkdtemp(place->folder)) return -1;
    *state = place;
    return 0;
}

int place_remove(void **state)
{
    struct place *place = *state;
    DIR *folder = opendir(place->folder);
    if (!folder) return -1;
    for (struct dirent *entry; (entry = readdir(folder));) unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(place->folder);
    cluster_remove(&place->cluster);
    free(place);
    return 0;
}

int place_next(void **state)
{
    struct place *place = *state;
    snprintf(place->url, sizeof place->url, "%s/%u.db", place->folder, ++place->count);
    return 0;
}

/* Each test gets a schema of its own. */
int place_next_postgresql(void **state)
{
    struct place *place = *state;
    char base[200], sql[100];
    if (!*place->cluster.folder && !cluster_make(&place->cluster)) {
        place->url[0] = '\0';
        return 0;
    }
    snprintf(base, sizeof base, "postgresql:///postgres?host=%s&user=desk", place->cluster.folder);
    snprintf(sql, sizeof sql, "CREATE SCHEMA t%u", ++place->count);
    PGconn *db = PQconnectdb(base);
    PGresult *result = PQexec(db, sql);
    bool made = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    PQfinish(db);
    snprintf(place->url, sizeof place->url, "%s&options=-csearch_path%%3Dt%u", base, place->count);
    return made ? 0 : -1;
}

struct eki_store *place_open(const struct place *place)
{
    struct eki_store *store;
    struct eki_fault fault = {0};
    if (!*place->url) skip();
    enum eki_error error = eki_store_open(place->url, NULL, &store, &fault);
    if (error) fail_msg("%s: %s: %s", place->url, eki_error_text(error), fault.what);
    return store;
}

static struct eki_store_work *begin(struct eki_store *store, const struct eki_store_act *act)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(store, act, &work, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return work;
}

struct eki_store_work *place_write(struct eki_store *store, int64_t at)
{
    return begin(store, &(struct eki_store_act){.at = at, .who = "tester"});
}

struct eki_store_work *place_read(struct eki_store *store)
{
    return begin(store, NULL);
}

void place_commit(struct eki_store_work *work)
{
    enum eki_error error = eki_store_commit(work);
    if (error) fail_msg("%s: %s", eki_error_text(error), eki_store_why(work)->what);
    eki_store_end(work);
}

struct eki_store_account place_account(const char *name)
{
    return (struct eki_store_account){.name = name, .role = "viewer", .created = 5};
}
