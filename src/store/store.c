/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing, and the pool of connections. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "store/schema.h"
#include "store/work.h"

enum { CONNECTIONS = 8, NAME_MOST = 4000 };

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static enum eki_error choose(const char *url, const struct eki_driver **ret_driver, const char **ret_name,
                             struct eki_fault *ret_fault)
{
    if (!*url || strlen(url) > NAME_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the name of the store is empty or too long");
    *ret_driver = &eki_driver_postgresql;
    *ret_name = url;
    if (begins(url, "postgresql://") || begins(url, "postgres://")) return EKI_OK;
    *ret_driver = &eki_driver_sqlite;
    *ret_name = begins(url, "sqlite:") ? url + strlen("sqlite:") : url;
    if (!strstr(*ret_name, "://")) return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                         "a store is a path, sqlite:PATH or postgresql://HOST/DATABASE");
}

static void discard(struct eki_store *store)
{
    for (unsigned i = 0; i < store->slot_count; i++)
        if (store->slots[i].connection) store->driver->close(store->slots[i].connection);
    pthread_cond_destroy(&store->freed);
    pthread_mutex_destroy(&store->lock);
    eki_free((char *)store->place.name);
    eki_free(store);
}

static struct eki_store *make(const char *name, const struct eki_store_options *options,
                              const struct eki_driver *driver)
{
    struct eki_store *store = eki_allocate(1, sizeof *store);
    char *copy = eki_allocate(strlen(name) + 1, 1);
    if (!store || !copy) {
        eki_free(store);
        eki_free(copy);
        return NULL;
    }
    memcpy(copy, name, strlen(name) + 1);
    store->driver = driver;
    if (options) store->place.options = *options;
    store->place.name = copy;
    store->slot_count = options && options->connections ? options->connections : CONNECTIONS;
    if (store->slot_count > EKI_CONNECTIONS_MOST) store->slot_count = EKI_CONNECTIONS_MOST;
    pthread_mutex_init(&store->lock, NULL); /* with default attributes neither can fail on Linux */
    pthread_cond_init(&store->freed, NULL);
    return store;
}

enum eki_error eki_store_open(const char *url, const struct eki_store_options *options,
                              struct eki_store **ret_store, struct eki_fault *ret_fault)
{
    const struct eki_driver *driver = NULL;
    const char *name = url;
    enum eki_error error = choose(url, &driver, &name, ret_fault);
    if (error) return error;
    struct eki_store *store = make(name, options, driver);
    if (!store) return EKI_ERROR_MEMORY;
    error = driver->open(&store->place, &store->slots[0].connection, ret_fault);
    if (!error) error = eki_schema_settle(driver, store->slots[0].connection, &store->place, ret_fault);
    if (error) {
        discard(store);
        return error;
    }
    store->place.options.existing = true; /* for the connections to come */
    *ret_store = store;
    return EKI_OK;
}

void eki_store_close(struct eki_store *store)
{
    if (store) discard(store);
}

/* A connected slot is preferred. The lock is held. */
static struct eki_slot *free_slot(struct eki_store *store)
{
    struct eki_slot *found = NULL;
    for (unsigned i = 0; i < store->slot_count; i++) {
        if (store->slots[i].used) continue;
        if (store->slots[i].connection) return &store->slots[i];
        if (!found) found = &store->slots[i];
    }
    return found;
}

/* NULL when it would have to wait and must not. */
static struct eki_slot *borrow(struct eki_store *store, bool write, bool at_once)
{
    struct eki_slot *slot;
    pthread_mutex_lock(&store->lock);
    while ((write && store->writing) || !(slot = free_slot(store))) {
        if (at_once) {
            pthread_mutex_unlock(&store->lock);
            return NULL;
        }
        pthread_cond_wait(&store->freed, &store->lock);
    }
    slot->used = true;
    if (write) store->writing = true;
    pthread_mutex_unlock(&store->lock);
    return slot;
}

static void give_back(struct eki_store *store, struct eki_slot *slot, bool write)
{
    if (slot->connection && !store->driver->alive(slot->connection)) {
        store->driver->close(slot->connection);
        slot->connection = NULL;
    }
    pthread_mutex_lock(&store->lock);
    slot->used = false;
    if (write) store->writing = false;
    pthread_cond_broadcast(&store->freed);
    pthread_mutex_unlock(&store->lock);
}

static enum eki_error connect_and_begin(struct eki_store *store, struct eki_slot *slot, enum eki_begin how,
                                        struct eki_fault *ret_fault)
{
    const struct eki_driver *driver = store->driver;
    enum eki_error error = EKI_OK;
    if (!slot->connection) {
        error = driver->open(&store->place, &slot->connection, ret_fault);
        if (!error) error = driver->ready(slot->connection, ret_fault);
    }
    return error ? error : driver->begin(slot->connection, how, ret_fault);
}

/* A connection that lay idle may have died since: nothing is lost yet, so a new one is tried once. */
static enum eki_error start(struct eki_store *store, struct eki_slot *slot, enum eki_begin how,
                            struct eki_fault *ret_fault)
{
    bool idle = slot->connection != NULL;
    enum eki_error error = connect_and_begin(store, slot, how, ret_fault);
    if (!error || !idle || store->driver->alive(slot->connection)) return error;
    store->driver->close(slot->connection);
    slot->connection = NULL;
    return connect_and_begin(store, slot, how, ret_fault);
}

enum eki_error eki_store_begin(struct eki_store *store, const struct eki_store_act *act,
                               struct eki_store_work **ret_work, struct eki_fault *ret_fault)
{
    struct eki_store_work *work = eki_allocate(1, sizeof *work);
    if (!work) return EKI_ERROR_MEMORY;
    const char *who = act && act->who ? act->who : "";
    work->store = store;
    work->write = act != NULL;
    if (act) work->act = *act;
    work->act.who = eki_arena_copy(&work->arena, who, strlen(who) + 1, 1);
    enum eki_error error = EKI_ERROR_MEMORY;
    if (work->act.who) {
        enum eki_begin how = !act ? EKI_BEGIN_READ : act->at_once ? EKI_BEGIN_AT_ONCE : EKI_BEGIN_WRITE;
        work->slot = borrow(store, work->write, how == EKI_BEGIN_AT_ONCE);
        error = work->slot ? start(store, work->slot, how, ret_fault)
                           : eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "somebody else is writing");
    }
    if (error) {
        eki_store_end(work);
        return error;
    }
    work->open = true;
    *ret_work = work;
    return EKI_OK;
}

enum eki_error eki_store_commit(struct eki_store_work *work)
{
    enum eki_error error = eki_work_ready(work, false);
    if (error) return error;
    error = work->store->driver->commit(work->slot->connection, &work->fault);
    if (error) return eki_work_fail(work, error);
    work->open = false;
    give_back(work->store, work->slot, work->write);
    work->slot = NULL;
    return EKI_OK;
}

void eki_store_end(struct eki_store_work *work)
{
    if (!work) return;
    if (work->open) work->store->driver->rollback(work->slot->connection);
    if (work->slot) give_back(work->store, work->slot, work->write);
    eki_arena_done(&work->arena);
    eki_free(work);
}

const struct eki_fault *eki_store_why(const struct eki_store_work *work)
{
    return &work->fault;
}

enum eki_error eki_work_fail(struct eki_store_work *work, enum eki_error error)
{
    if (error && error != EKI_ERROR_MISSING && !work->failed) work->failed = error;
    return error;
}

enum eki_error eki_work_ready(struct eki_store_work *work, bool write)
{
    if (work->failed) return work->failed;
    const char *what = !work->open             ? "the work is over"
                       : write && !work->write ? "the work reads only"
                                               : NULL;
    if (!what) return EKI_OK;
    return eki_work_fail(work, eki_fault_set(&work->fault, EKI_ERROR_ARGUMENT, 0, "%s", what));
}

struct eki_sql eki_work_sql(struct eki_store_work *work)
{
    return (struct eki_sql){.arena = &work->arena};
}

enum eki_error eki_work_run(struct eki_store_work *work, const struct eki_sql *sql, eki_row_sink *sink,
                            void *user, uint64_t *ret_changed)
{
    struct eki_statement statement = eki_sql_statement(sql, sink, user);
    if (!statement.sql) return eki_work_fail(work, EKI_ERROR_MEMORY);
    enum eki_error error = work->store->driver->run(work->slot->connection, &statement, &work->fault);
    if (!error && ret_changed) *ret_changed = statement.changed;
    return eki_work_fail(work, error);
}
