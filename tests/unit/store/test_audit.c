/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: what it says, what it does not say, and that nobody can change it unseen. */
#include "outcome.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Changes a database behind the store's back, as somebody with the file or the server's password could. */
static bool tamper(const struct place *place, const char *sql)
{
    if (strstr(place->url, "://")) {
        PGconn *db = PQconnectdb(place->url);
        PGresult *result = PQexec(db, sql);
        bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        PQfinish(db);
        return done;
    }
    sqlite3 *db;
    assert_int_equal(sqlite3_open(place->url, &db), SQLITE_OK);
    bool done = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(db);
    return done;
}

static void collect(void *user, const char *text)
{
    char *all = user;
    size_t length = strlen(all);
    snprintf(all + length, 2000 - length, "%s\n", text);
}

/* How many complaints there are; their text in `said` (2,000 bytes). */
static uint64_t examine(struct eki_store *store, const char *holds, char *said, char head[65])
{
    struct eki_store_examination to = {.holds = holds, .complain = collect, .user = said};
    struct eki_fault fault = {0};
    *said = '\0';
    enum eki_error error = eki_store_check(store, &to, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    assert_int_equal(to.schema, EKI_STORE_SCHEMA);
    if (head) memcpy(head, to.head, 65);
    return to.complaints;
}

/* Some changes of every kind; 7 entries. */
static void live(struct eki_store *store)
{
    struct eki_store_work *work = place_write(store, 100);
    struct eki_store_account account = place_account("ada");
    account.password_hash = "$argon2id$very-secret";
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    struct eki_store_token token = {.account = account.id, .name = "sensor", .token_hash = "hash-of-token"};
    assert_int_equal(eki_store_add(work, &token), EKI_OK);
    place_commit(work);
    work = place_write(store, 200);
    account.password_hash = "$argon2id$another-secret";
    account.disabled = true;
    assert_int_equal(eki_store_change(work, &account), EKI_OK);
    assert_int_equal(eki_store_change(work, &account), EKI_OK); /* nothing changed: nothing is said */
    assert_int_equal(eki_store_note(work, "sign-in failed", "{\"name\":\"ada\"}"), EKI_OK);
    assert_int_equal(eki_store_remove(work, &token), EKI_OK);
    struct outcome outcome;
    struct eki_store_analysis analysis;
    outcome_make(&outcome, 20);
    assert_int_equal(
        eki_store_keep_result(work, &(struct eki_store_keeping){.title = "t"}, &outcome.result, &analysis),
        EKI_OK);
    outcome_done(&outcome);
    assert_int_equal(eki_store_choose(work, "retention", "30"), EKI_OK);
    place_commit(work);
}

static void who_what_when(void **state)
{
    struct eki_store *store = place_open(*state);
    live(store);
    struct eki_store_work *work = place_read(store);
    struct eki_store_audit *e;
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, NULL, &e, &page), EKI_OK);
    assert_int_equal(page.count, 7);
    static const char *const what[] = {"add", "add", "change", "sign-in failed", "remove", "add", "add"};
    static const char *const table[] = {"account", "token", "account", "", "token", "analysis", "setting"};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(e[i].id, i + 1);
        assert_int_equal(e[i].at, i < 2 ? 100 : 200);
        assert_string_equal(e[i].who, "tester");
        assert_string_equal(e[i].what, what[i]);
        assert_string_equal(e[i].table_name, table[i]);
        if (i) assert_string_equal(e[i].previous, e[i - 1].hash);
        assert_null(strstr(e[i].before, "argon"));
        assert_null(strstr(e[i].after, "argon"));
        assert_null(strstr(e[i].after, "hash-of-token"));
    }
    assert_string_equal(e[2].before, "{\"password_hash\":\"(secret)\",\"disabled\":false}");
    assert_string_equal(e[2].after, "{\"password_hash\":\"(secret)\",\"disabled\":true}");
    assert_string_equal(e[0].before, "");
    assert_string_equal(e[4].after, "");
    assert_non_null(strstr(e[4].before, "\"name\":\"sensor\""));
    assert_non_null(strstr(e[5].after, "\"infections\":20"));
    const struct eki_store_query of = {.where = {{"table_name", .text = "account"}, {"row", .text = "1"}}};
    assert_int_equal(eki_store_list(work, &of, &e, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    eki_store_end(work);
    eki_store_close(store);
}

static void long_texts_are_named_by_hash(void **state)
{
    static char yaml[5001];
    memset(yaml, 'y', sizeof yaml - 1);
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 100);
    struct eki_store_scenario scenario = {.name = "office", .yaml = yaml};
    assert_int_equal(eki_store_add(work, &scenario), EKI_OK);
    struct eki_store_audit *e;
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, NULL, &e, &page), EKI_OK);
    assert_true(strlen(e[0].after) < 300);
    assert_non_null(strstr(e[0].after, "\"bytes\":5000"));
    place_commit(work);
    eki_store_close(store);
}

struct lie {
    const char *sql, *said;
};

static bool on_a_server(const struct place *place)
{
    return strstr(place->url, "://") != NULL;
}

/* The database itself refuses to change the log, until somebody who may takes its triggers away. */
static void tell(const struct place *place, const struct lie *lie)
{
    if (tamper(place, lie->sql)) {
        assert_true(!strncmp(lie->sql, "INSERT", 6) || strstr(lie->sql, "infection"));
        return;
    }
    assert_true(tamper(place, on_a_server(place)
                                  ? "DROP TRIGGER audit_unchanged ON audit"
                                  : "DROP TRIGGER audit_unchanged; DROP TRIGGER audit_unremoved"));
    assert_true(tamper(place, lie->sql));
}

static void a_lie_is_found(void **state)
{
    static const struct lie lies[] = {
        {"UPDATE audit SET who = 'nobody' WHERE id = 3", "entry 3 of the audit log was changed"},
        {"UPDATE audit SET at = at + 1 WHERE id = 1", "entry 1 of the audit log was changed"},
        {"UPDATE audit SET after = '' WHERE id = 6", "entry 6 of the audit log was changed"},
        {"UPDATE audit SET account = 2 WHERE id = 4", "entry 4 of the audit log was changed"},
        {"UPDATE audit SET hash = previous WHERE id = 4", "entry 5 of the audit log does not follow"},
        {"DELETE FROM audit WHERE id = 2", "entry 3 of the audit log does not follow"},
        {"DELETE FROM audit WHERE id = 1", "entry 2 of the audit log does not follow"},
        {"DELETE FROM audit WHERE id = 7", "does not hold the noted hash"},
        {"DELETE FROM audit", "does not hold the noted hash"},
        {"INSERT INTO audit SELECT 8, at, account, who, what, '', '', '', after, previous, hash FROM audit "
         "WHERE id = 7",
         "entry 8 of the audit log was changed"},
        {"DELETE FROM infection WHERE number = 7", "says 20 infected and has 19"},
    };
    struct place *place = *state;
    char said[2000], head[65];
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        if (i) assert_int_equal(on_a_server(place) ? place_next_postgresql(state) : place_next(state), 0);
        struct eki_store *store = place_open(place);
        live(store);
        assert_int_equal(examine(store, NULL, said, head), 0);
        assert_int_equal(examine(store, head, said, NULL), 0);
        tell(place, &lies[i]);
        assert_true(examine(store, head, said, NULL) > 0);
        if (!strstr(said, lies[i].said)) fail_msg("%s: %s", lies[i].sql, said);
        eki_store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(who_what_when),
        PLACE_BOTH(long_texts_are_named_by_hash),
        PLACE_BOTH(a_lie_is_found),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
