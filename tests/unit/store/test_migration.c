/* SPDX-License-Identifier: Apache-2.0 */
/* A store of each earlier schema becomes one of this: its rows stay, a copy is made before, and what comes
 * out is the same as a new store. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/postgresql.h"
#include "store/schema.h"

enum { TEXT = 1 << 17 };

static bool on_a_server(const struct place *place)
{
    return strstr(place->url, "://") != NULL;
}

static int append(void *user, int count, char **values, char **names)
{
    (void)names;
    char *all = user;
    size_t length = strlen(all);
    for (int i = 0; i < count && length < TEXT - 300; i++)
        length += (size_t)snprintf(all + length, TEXT - length, "%s ", values[i] ? values[i] : "-");
    snprintf(all + length, TEXT - length, "\n");
    return 0;
}

/* Runs SQL behind the store's back; rows are appended to `ret_rows` (TEXT bytes), which may be NULL. */
static void execute(const struct place *place, const char *sql, char *ret_rows)
{
    static char nowhere[TEXT];
    if (!ret_rows) *(ret_rows = nowhere) = '\0';
    if (!on_a_server(place)) {
        sqlite3 *db;
        assert_int_equal(sqlite3_open(place->url, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql, append, ret_rows, NULL), SQLITE_OK);
        sqlite3_close(db);
        return;
    }
    PGconn *db = PQconnectdb(place->url);
    PGresult *result = PQexec(db, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!good) fail_msg("%s", PQerrorMessage(db));
    for (int row = 0; row < PQntuples(result); row++)
        for (int i = 0; i < PQnfields(result); i++)
            append(ret_rows, 1, (char *[]){PQgetvalue(result, row, i)}, NULL);
    PQclear(result);
    PQfinish(db);
}

/* A store as the program of that time left it, with an account in it. */
static void make_old(const struct place *place, int schema)
{
    char path[100], insert[100];
    static char file_text[TEXT];
    snprintf(path, sizeof path, "tests/unit/store/schema_%03d.sql",
             schema); /* from the root of the project */
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s is not there: run it from the root of the project", path);
    size_t length = fread(file_text, 1, sizeof file_text, file);
    fclose(file);
    struct eki_arena arena = {0};
    char *sql = eki_schema_filter(file_text, length, on_a_server(place) ? "postgresql" : "sqlite", &arena);
    char *translated = on_a_server(place) ? eki_postgresql_translate(sql) : NULL;
    execute(place, translated ? translated : sql, NULL);
    eki_free(translated);
    eki_arena_done(&arena);
    snprintf(insert, sizeof insert, "INSERT INTO store (schema, at, program) VALUES (%d, 1, '0.0.9')",
             schema);
    execute(place, insert, NULL);
    execute(place,
            "INSERT INTO account (name, display, password_hash, role, language, disabled, created, failed, "
            "locked_until) VALUES ('ada', '', '', 'viewer', '', 0, 0, 0, 0); "
            "INSERT INTO scenario (name, yaml, created, changed) VALUES ('a drill', '', 0, 0)",
            NULL);
}

/* Every column, index, trigger and reference of a database, sorted. */
static void describe(const struct place *place, char *ret_text)
{
    *ret_text = '\0';
    if (!on_a_server(place)) {
        execute(
            place,
            "SELECT m.name, p.name, p.type, p.\"notnull\", p.pk FROM sqlite_master m, pragma_table_info(m.name) p "
            "ORDER BY 1, 2; SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2, 3; SELECT sql FROM sqlite_master "
            "WHERE type IN ('trigger', 'view') ORDER BY name; SELECT m.name, f.* "
            "FROM sqlite_master m, pragma_foreign_key_list(m.name) f ORDER BY 1, 2, 3",
            ret_text);
        return;
    }
    execute(
        place,
        "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() ORDER BY 1, 2",
        ret_text);
    execute(
        place,
        "SELECT indexname, replace(indexdef, current_schema(), '') FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1",
        ret_text);
    execute(
        place,
        "SELECT relname, attstattarget FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relkind = 'i' "
        "AND relnamespace = current_schema()::regnamespace ORDER BY 1, attnum",
        ret_text);
    execute(place,
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = "
            "current_schema()::regnamespace ORDER BY 1",
            ret_text);
    execute(place,
            "SELECT tgname, proname, prosrc FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
            "WHERE NOT tgisinternal AND pronamespace = current_schema()::regnamespace ORDER BY 1",
            ret_text);
}

static int next(void **state, bool server)
{
    return server ? place_next_postgresql(state) : place_next(state);
}

static void an_old_store_becomes_a_new_one(void **state)
{
    struct place *place = *state;
    static char fresh[TEXT], migrated[TEXT];
    eki_store_close(place_open(place));
    describe(place, fresh);
    assert_true(strlen(fresh) > 5000);
    bool server = on_a_server(place);
    for (int schema = 1; schema < EKI_STORE_SCHEMA; schema++) {
        assert_int_equal(next(state, server), 0);
        make_old(place, schema);
        struct eki_store *store = NULL;
        struct eki_fault fault = {0};
        const struct eki_store_options keep = {.keep_schema = true};
        assert_int_equal(eki_store_open(place->url, &keep, &store, &fault), EKI_ERROR_UNSUPPORTED);
        if (server) {
            assert_int_equal(eki_store_open(place->url, NULL, &store, &fault), EKI_ERROR_UNSUPPORTED);
            assert_non_null(strstr(fault.what, "pg_dump"));
        }
        const struct eki_store_options options = {.unsaved = server, .now = 5};
        assert_int_equal(eki_store_open(place->url, &options, &store, &fault), EKI_OK);
        struct eki_store_work *work = place_read(store);
        struct eki_store_account account;
        assert_int_equal(eki_store_find(work, &account, "name", "ada"), EKI_OK);
        eki_store_end(work);
        struct eki_store_examination to = {0};
        assert_int_equal(eki_store_check(store, &to, NULL), EKI_OK);
        assert_true(!to.complaints && to.schema == EKI_STORE_SCHEMA);
        eki_store_close(store);
        describe(place, migrated);
        assert_string_equal(migrated, fresh);
        if (server) continue;
        snprintf(place->url + strlen(place->url), 20, ".schema-%d", schema); /* the copy, as it was */
        assert_int_equal(eki_store_open(place->url, &keep, &store, &fault), EKI_ERROR_UNSUPPORTED);
    }
}

static void a_copy_is_not_written_over(void **state)
{
    struct place *place = *state;
    struct eki_store *store = NULL;
    struct eki_fault fault = {0};
    char copy[PLACE_URL + 20];
    make_old(place, 1);
    snprintf(copy, sizeof copy, "%s.schema-1", place->url);
    FILE *file = fopen(copy, "w");
    fputs("somebody's", file);
    fclose(file);
    assert_int_equal(eki_store_open(place->url, NULL, &store, &fault), EKI_OK);
    eki_store_close(store);
    char text[20] = "";
    file = fopen(copy, "r");
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "somebody's");
    strcat(copy, ".2");
    assert_int_equal(access(copy, F_OK), 0);
}

/* Killed at any moment, a migration was done or was not begun. */
static void killed_on_its_way(void **state)
{
    struct place *place = *state;
    for (int round = 0; round < 8; round++) {
        if (round) assert_int_equal(place_next(state), 0);
        make_old(place, 1);
        pid_t child = fork();
        if (!child) {
            struct eki_store *store;
            _exit(eki_store_open(place->url, NULL, &store, NULL) != EKI_OK);
        }
        nanosleep(&(struct timespec){.tv_nsec = round * 2500000}, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct eki_store *store = NULL;
        struct eki_fault fault = {0};
        assert_int_equal(eki_store_open(place->url, NULL, &store, &fault), EKI_OK);
        struct eki_store_examination to = {0};
        assert_int_equal(eki_store_check(store, &to, NULL), EKI_OK);
        assert_true(!to.complaints && to.schema == EKI_STORE_SCHEMA);
        eki_store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(an_old_store_becomes_a_new_one),
        cmocka_unit_test_setup(a_copy_is_not_written_over, place_next),
        cmocka_unit_test_setup(killed_on_its_way, place_next),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
