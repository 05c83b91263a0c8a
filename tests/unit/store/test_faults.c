/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong around a store: killed programs, full disks, servers that go away, files of others. */
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool on_a_server(const struct place *place)
{
    return strstr(place->url, "://") != NULL;
}

static void unharmed(struct eki_store *store)
{
    struct eki_store_examination to = {0};
    assert_int_equal(eki_store_check(store, &to, NULL), EKI_OK);
    assert_int_equal(to.complaints, 0);
}

static enum eki_error add_account(struct eki_store *store, int number, struct eki_fault *ret_fault)
{
    struct eki_store_act act = {.at = 10, .who = "tester"};
    struct eki_store_work *work;
    char name[30];
    snprintf(name, sizeof name, "account %d", number);
    struct eki_store_account account = place_account(name);
    enum eki_error error = eki_store_begin(store, &act, &work, ret_fault);
    if (error) return error;
    error = eki_store_add(work, &account);
    if (!error) error = eki_store_commit(work);
    if (error) *ret_fault = *eki_store_why(work);
    eki_store_end(work);
    return error;
}

static bool has_account(struct eki_store *store, int number)
{
    struct eki_store_work *work = place_read(store);
    struct eki_store_account account;
    char name[30];
    snprintf(name, sizeof name, "account %d", number);
    enum eki_error error = eki_store_find(work, &account, "name", name);
    assert_true(!error || error == EKI_ERROR_MISSING);
    eki_store_end(work);
    return !error;
}

/* Adds accounts from `first` on and says each number once it is kept, until it is killed or cannot. */
static void add_until_killed(const struct place *place, int first, int out)
{
    struct eki_store *store;
    struct eki_fault fault;
    if (eki_store_open(place->url, NULL, &store, &fault)) _exit(1);
    for (int n = first; !add_account(store, n, &fault); n++)
        if (write(out, &n, sizeof n) != sizeof n) _exit(2);
    _exit(3);
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* The program, or the server below it, is killed while it writes; every number that was said must be there.
 */
static void what_was_acknowledged_stays(void **state)
{
    struct place *place = *state;
    eki_store_close(place_open(place)); /* skips when there is no server */
    int next = 0;
    for (int round = 0; round < 6; round++) {
        int ends[2], said = next - 1;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (!child) add_until_killed(place, next, ends[1]);
        close(ends[1]);
        assert_int_equal(read(ends[0], &said, sizeof said), sizeof said); /* it writes */
        pause_ms(5 + 13 * round);
        if (on_a_server(place)) {
            cluster_kill(&place->cluster);
            cluster_start(&place->cluster);
        } else {
            kill(child, SIGKILL);
        }
        while (read(ends[0], &said, sizeof said) == (ssize_t)sizeof said) {
        }
        close(ends[0]);
        waitpid(child, NULL, 0);
        struct eki_store *store = place_open(place);
        for (int n = 0; n <= said; n++) assert_true(has_account(store, n));
        next = said + 2; /* the one after may have been kept without being said */
        struct eki_fault fault;
        if (!has_account(store, said + 1)) assert_int_equal(add_account(store, said + 1, &fault), EKI_OK);
        unharmed(store);
        eki_store_close(store);
    }
    assert_true(next > 6);
}

static enum eki_error fill_up(struct eki_store *store, int *ret_count, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    for (*ret_count = 0; !error && *ret_count < 100000; (*ret_count)++)
        error = add_account(store, *ret_count, ret_fault);
    (*ret_count)--;
    return error;
}

/* Bytes of an empty store, which is made. */
static int64_t empty_size(const struct place *place)
{
    struct stat size;
    eki_store_close(place_open(place));
    assert_int_equal(stat(place->url, &size), 0);
    return size.st_size;
}

static void a_full_store_says_so(void **state)
{
    struct place *place = *state;
    struct eki_store *store;
    struct eki_fault fault = {0};
    const struct eki_store_options options = {.most_bytes = empty_size(place) + 200000};
    int count;
    assert_int_equal(eki_store_open(place->url, &options, &store, &fault), EKI_OK);
    assert_int_equal(fill_up(store, &count, &fault), EKI_ERROR_WRITE);
    assert_non_null(strstr(fault.what, "full"));
    assert_true(count > 50);
    assert_true(has_account(store, count - 1));
    assert_false(has_account(store, count));
    unharmed(store);
    eki_store_close(store);
    store = place_open(place); /* with more room it goes on */
    assert_int_equal(add_account(store, count, &fault), EKI_OK);
    eki_store_close(store);
}

/* In a process of its own, because the limit is one of the process. */
static void write_beyond_limit(const struct place *place, rlim_t room)
{
    struct eki_fault fault = {0};
    int count;
    signal(SIGXFSZ, SIG_IGN);
    struct eki_store *store = place_open(place);
    const struct rlimit limit = {room, room};
    if (setrlimit(RLIMIT_FSIZE, &limit)) _exit(1);
    if (fill_up(store, &count, &fault) != EKI_ERROR_WRITE || count < 10) _exit(2);
    if (!*fault.what || !has_account(store, count - 1)) _exit(3);
    _exit(0); /* without closing: as a crash */
}

static void a_file_that_cannot_grow_says_so(void **state)
{
    int status;
    rlim_t room = (rlim_t)empty_size(*state) + 200000;
    pid_t child = fork();
    if (!child) write_beyond_limit(*state, room);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    struct eki_store *store = place_open(*state);
    unharmed(store);
    eki_store_close(store);
}

static void execute(const struct place *place, const char *sql)
{
    if (on_a_server(place)) {
        PGconn *db = PQconnectdb(place->url);
        PGresult *result = PQexec(db, sql);
        assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
        PQclear(result);
        PQfinish(db);
        return;
    }
    sqlite3 *db;
    assert_int_equal(sqlite3_open(place->url, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void refused(const struct place *place, const struct eki_store_options *options, enum eki_error wanted)
{
    struct eki_store *store = NULL;
    struct eki_fault fault = {0};
    assert_int_equal(eki_store_open(place->url, options, &store, &fault), wanted);
    assert_null(store);
    assert_true(strlen(fault.what) > 5);
}

static void a_later_schema_is_refused(void **state)
{
    struct place *place = *state;
    eki_store_close(place_open(place));
    execute(place, "INSERT INTO store (schema, at, program) VALUES (99, 1, '9.9')");
    refused(place, NULL, EKI_ERROR_UNSUPPORTED);
    execute(place, "DELETE FROM store");
    refused(place, NULL, EKI_ERROR_CORRUPT);
}

static void the_database_of_others_is_refused(void **state)
{
    struct place *place = *state;
    if (!*place->url) skip();
    refused(place, &(struct eki_store_options){.existing = true},
            on_a_server(place) ? EKI_ERROR_EMPTY : EKI_ERROR_OPEN);
    execute(place, "CREATE TABLE theirs (x INTEGER)");
    refused(place, NULL, EKI_ERROR_FORMAT);
    execute(place, "CREATE TABLE store (x INTEGER)");
    refused(place, NULL, EKI_ERROR_FORMAT);
}

static void other_files_are_refused(void **state)
{
    static const char text[] = "Dear diary, this is no database, and it should stay as it is.";
    struct place *place = *state;
    FILE *file = fopen(place->url, "wb");
    assert_non_null(file);
    for (int i = 0; i < 100; i++) fputs(text, file);
    fclose(file);
    refused(place, NULL, EKI_ERROR_FORMAT);
    struct stat after;
    assert_int_equal(stat(place->url, &after), 0);
    assert_int_equal(after.st_size, 100 * (sizeof text - 1));
    unlink(place->url);
    assert_int_equal(mkdir(place->url, 0700), 0);
    refused(place, NULL, EKI_ERROR_OPEN);
    rmdir(place->url);
    snprintf(place->url, sizeof place->url, "%s/no/such/folder.db", place->folder);
    refused(place, NULL, EKI_ERROR_OPEN);
    static const char *const urls[] = {"mysql://localhost/desk", ""};
    for (size_t i = 0; i < 2; i++) {
        snprintf(place->url, sizeof place->url, "%s", urls[i]);
        refused(place, NULL, EKI_ERROR_ARGUMENT);
    }
    snprintf(place->url, sizeof place->url, "postgresql:///desk?host=%s", place->folder); /* nobody listens */
    refused(place, NULL, EKI_ERROR_OPEN);
}

/* Every page of the file in turn becomes noise: an error or a complaint, never a crash. */
static void damage_is_noticed(void **state)
{
    struct place *place = *state;
    struct eki_store *store = place_open(place);
    struct eki_fault fault = {0};
    for (int n = 0; n < 100; n++) assert_int_equal(add_account(store, n, &fault), EKI_OK);
    eki_store_close(store);
    static uint8_t whole[1 << 20];
    FILE *file = fopen(place->url, "rb");
    size_t size = fread(whole, 1, sizeof whole, file), noticed = 0, pages = size / 4096;
    fclose(file);
    for (size_t page = 0; page < pages; page++) {
        file = fopen(place->url, "r+b");
        fseek(file, (long)page * 4096, SEEK_SET);
        for (int i = 0; i < 4096; i++) fputc((i * 197 + (int)page * 31) & 255, file);
        fclose(file);
        struct eki_store_examination to = {0};
        enum eki_error error = eki_store_open(place->url, NULL, &store, &fault);
        if (!error) {
            error = eki_store_check(store, &to, &fault);
            eki_store_close(store);
        }
        noticed += error || to.complaints;
        file = fopen(place->url, "wb");
        assert_int_equal(fwrite(whole, 1, size, file), size);
        fclose(file);
    }
    assert_int_equal(noticed, pages);
}

static void a_server_that_restarts(void **state)
{
    struct place *place = *state;
    struct eki_store *store = place_open(place);
    struct eki_fault fault = {0};
    assert_int_equal(add_account(store, 1, &fault), EKI_OK);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account account = place_account("lost");
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    cluster_kill(&place->cluster);
    account = place_account("lost too");
    assert_int_equal(eki_store_add(work, &account), EKI_ERROR_READ); /* in the middle */
    assert_true(strlen(eki_store_why(work)->what) > 5);
    assert_int_equal(eki_store_commit(work), EKI_ERROR_READ);
    eki_store_end(work);
    assert_int_equal(add_account(store, 2, &fault), EKI_ERROR_OPEN); /* while it is away */
    assert_true(strlen(fault.what) > 5);
    cluster_start(&place->cluster);
    assert_int_equal(add_account(store, 3, &fault), EKI_OK);
    assert_true(has_account(store, 1) && !has_account(store, 2) && has_account(store, 3));
    cluster_kill(&place->cluster);
    cluster_start(&place->cluster);
    assert_true(has_account(store, 3)); /* an idle connection that died is not noticed at all */
    unharmed(store);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(what_was_acknowledged_stays),
        cmocka_unit_test_setup(a_full_store_says_so, place_next),
        cmocka_unit_test_setup(a_file_that_cannot_grow_says_so, place_next),
        PLACE_BOTH(a_later_schema_is_refused),
        PLACE_BOTH(the_database_of_others_is_refused),
        cmocka_unit_test_setup(other_files_are_refused, place_next),
        cmocka_unit_test_setup(damage_is_noticed, place_next),
        cmocka_unit_test_setup(a_server_that_restarts, place_next_postgresql),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
