/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include <stdio.h>
#include <string.h>

#include "ekigaku/version.h"

enum { COPIES_MOST = 100 /* of one schema: more show that something else is wrong */ };

static const struct eki_embedded *find_file(const char *name)
{
    for (const struct eki_embedded *file = eki_store_files; file->name; file++)
        if (!strcmp(file->name, name)) return file;
    return NULL;
}

static bool begins(const char *line, size_t length, const char *with)
{
    size_t wanted = strlen(with);
    return length >= wanted && !memcmp(line, with, wanted);
}

/* Length of a line without its comment. No text in schema.sql holds two dashes. */
static size_t code_length(const char *line, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (line[i] == '-' && line[i + 1] == '-') return i;
    return length;
}

char *eki_schema_filter(const char *sql, size_t size, const char *driver, struct eki_arena *arena)
{
    static const char only[] = "-- only: ";
    char *text = eki_arena_take(arena, size + 2, 1); /* the last line may come without its end */
    if (!text) return NULL;
    size_t used = 0;
    bool wanted = true;
    const char *line = sql, *end = sql + size;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((newline ? newline : end) - line);
        if (begins(line, length, only))
            wanted = length == strlen(only) + strlen(driver) &&
                     begins(line + strlen(only), length - strlen(only), driver);
        else if (begins(line, length, "-- all"))
            wanted = true;
        if (wanted) {
            size_t code = code_length(line, length);
            memcpy(text + used, line, code);
            used += code;
            text[used++] = '\n';
        }
        line += length + 1;
    }
    text[used] = '\0';
    return text;
}

static enum eki_error take_schema(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(int64_t *)user = values[0].integer;
    return EKI_OK;
}

enum eki_error eki_schema_look(const struct eki_driver *driver, void *connection, int64_t *ret_schema,
                               struct eki_fault *ret_fault)
{
    bool empty, ours;
    int64_t schema = 0;
    enum eki_error error = driver->look(connection, &empty, &ours, ret_fault);
    if (!error && !empty && !ours)
        error = eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "a database of another program");
    if (!error && !empty) {
        struct eki_statement newest = {
            .sql = "SELECT max(schema) FROM store", .sink = take_schema, .user = &schema};
        error = driver->run(connection, &newest, ret_fault);
        if (!error && schema < 1)
            error = eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "it does not say which schema it has");
    }
    if (!error) *ret_schema = schema;
    return error;
}

static enum eki_error play(const struct eki_driver *driver, void *connection, const char *name,
                           struct eki_fault *ret_fault)
{
    struct eki_arena arena = {0};
    const struct eki_embedded *file = find_file(name);
    if (!file) return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0, "there is no %s", name);
    char *sql = eki_schema_filter((const char *)file->bytes, file->length, driver->name, &arena);
    enum eki_error error = EKI_ERROR_MEMORY;
    if (sql) error = driver->script(connection, sql, ret_fault);
    eki_arena_done(&arena);
    return error;
}

static enum eki_error mark(const struct eki_driver *driver, void *connection, int64_t schema, int64_t now,
                           struct eki_fault *ret_fault)
{
    const struct eki_value values[] = {{.kind = EKI_VALUE_INTEGER, .integer = schema},
                                       {.kind = EKI_VALUE_INTEGER, .integer = now},
                                       {.kind = EKI_VALUE_TEXT, .text = EKI_VERSION}};
    struct eki_statement insert = {
        .sql = "INSERT INTO store (schema, at, program) VALUES (?, ?, ?)", .values = values, .count = 3};
    return driver->run(connection, &insert, ret_fault);
}

/* Copies it to the first name that is free: one that is there may be of an attempt that did not come to its
 * end. */
static enum eki_error save_before(const struct eki_driver *driver, void *connection,
                                  const struct eki_place *place, int64_t schema, struct eki_fault *ret_fault)
{
    char path[4096];
    enum eki_error error = EKI_OK;
    if (place->options.unsaved) return EKI_OK;
    for (int copy = 1; copy <= COPIES_MOST; copy++) {
        char number[16] = "";
        if (copy > 1) snprintf(number, sizeof number, ".%d", copy);
        int length = snprintf(path, sizeof path, "%s.schema-%lld%s", place->name, (long long)schema, number);
        if (length < 0 || (size_t)length >= sizeof path)
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the path is too long");
        error = driver->backup(connection, path, ret_fault);
        if (error != EKI_ERROR_CONFLICT) break;
    }
    if (error == EKI_ERROR_UNSUPPORTED)
        return eki_fault_set(ret_fault, error, 0,
                             "schema %lld has to be migrated: make a backup with pg_dump first, then say so",
                             (long long)schema);
    return error;
}

/* One number up, in a transaction. Another process may have been faster. */
static enum eki_error step_up(const struct eki_driver *driver, void *connection, int64_t from, int64_t now,
                              struct eki_fault *ret_fault)
{
    char name[64];
    int64_t schema = 0;
    enum eki_error error = driver->begin(connection, true, ret_fault);
    if (error) return error;
    error = eki_schema_look(driver, connection, &schema, ret_fault);
    if (!error && schema == from) {
        snprintf(name, sizeof name, "migration_%03lld.sql", (long long)from + 1);
        int64_t to = from ? from + 1 : EKI_STORE_SCHEMA;
        error = play(driver, connection, from ? name : "schema.sql", ret_fault);
        if (!error) error = mark(driver, connection, to, now, ret_fault);
    }
    if (!error) error = driver->commit(connection, ret_fault);
    if (error) driver->rollback(connection);
    return error;
}

enum eki_error eki_schema_settle(const struct eki_driver *driver, void *connection,
                                 const struct eki_place *place, struct eki_fault *ret_fault)
{
    int64_t schema = 0;
    enum eki_error error = eki_schema_look(driver, connection, &schema, ret_fault);
    if (error) return error;
    if (schema > EKI_STORE_SCHEMA)
        return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0,
                             "it has schema %lld, this program knows up to %d", (long long)schema,
                             EKI_STORE_SCHEMA);
    if (!schema && place->options.existing)
        return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "there is no store in it");
    if (schema && schema < EKI_STORE_SCHEMA && place->options.keep_schema)
        return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0,
                             "it has schema %lld, this program needs %d: migrate it", (long long)schema,
                             EKI_STORE_SCHEMA);
    error = driver->ready(connection, ret_fault);
    if (!error && schema && schema < EKI_STORE_SCHEMA)
        error = save_before(driver, connection, place, schema, ret_fault);
    while (!error && schema < EKI_STORE_SCHEMA) {
        error = step_up(driver, connection, schema, place->options.now, ret_fault);
        if (!error) error = eki_schema_look(driver, connection, &schema, ret_fault);
    }
    return error;
}
