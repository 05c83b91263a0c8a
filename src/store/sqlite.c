/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of SQLite: one file in WAL mode. A commit is on the disk when it returns (synchronous FULL). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/driver.h"
#include "store/statements.h"

enum {
    BUSY_MS = 10000,        /* another process writes: how long to wait for it */
    APPLICATION = 0x656b69, /* "eki": marks the file as ours (PRAGMA application_id) */
    COLUMNS_MOST = 64,
    BACKUP_PAGES = 1024 /* copied at a time */
};

struct connection {
    sqlite3 *db;
    struct eki_statements statements;
};

/* The error of a result code, and the words of SQLite for it. */
static enum eki_error failed(struct connection *c, int code, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_ERROR_READ;
    const char *what = c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_NOMEM: error = EKI_ERROR_MEMORY; break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: error = EKI_ERROR_OPEN; break;
    case SQLITE_NOTADB: error = EKI_ERROR_FORMAT; break;
    case SQLITE_CORRUPT: error = EKI_ERROR_CORRUPT; break;
    case SQLITE_FULL:
        return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0,
                             "the disk, or the size the store may have, is full");
    case SQLITE_READONLY: error = EKI_ERROR_WRITE; break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "another process keeps the store locked");
    case SQLITE_TOOBIG: error = EKI_ERROR_LIMIT; break;
    case SQLITE_IOERR: error = code == SQLITE_IOERR_READ ? EKI_ERROR_READ : EKI_ERROR_WRITE; break;
    case SQLITE_CONSTRAINT:
        error = code == SQLITE_CONSTRAINT_CHECK || code == SQLITE_CONSTRAINT_NOTNULL ||
                        code == SQLITE_CONSTRAINT_DATATYPE
                    ? EKI_ERROR_ARGUMENT
                    : EKI_ERROR_CONFLICT;
        break;
    default: break;
    }
    return eki_fault_set(ret_fault, error, 0, "%s", what);
}

static void drop(void *owner, void *prepared, uint32_t number)
{
    (void)owner;
    (void)number;
    sqlite3_finalize(prepared);
}

static void disconnect(void *connection)
{
    struct connection *c = connection;
    if (!c) return;
    eki_statements_done(&c->statements);
    sqlite3_close_v2(c->db);
    eki_free(c);
}

/* SQLite would make the file readable for everybody; it holds password hashes. A file that is there is never
 * opened here: to close any descriptor of it takes away the locks that other connections of this process hold
 * (fcntl(2), advisory record locks), and another process would then believe itself alone and put the
 * write-ahead log away under them. */
static enum eki_error make_file(const struct eki_place *place, struct eki_fault *ret_fault)
{
    struct stat about;
    if (!stat(place->name, &about)) {
        if (S_ISDIR(about.st_mode))
            return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(EISDIR));
        if (!access(place->name, R_OK | W_OK)) return EKI_OK;
    } else if (errno == ENOENT && !place->options.existing) {
        int file = open(place->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file >= 0) close(file);
        if (file >= 0 || errno == EEXIST) return EKI_OK;
    }
    return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
}

/* The schema is trusted as far as its triggers write to FTS5, which SQLite 3.40 does not yet call harmless.
 * No function of ours is to be called from it, extensions stay off, and the tables behind FTS5 cannot be
 * written by hand (defensive). */
static int settings(struct connection *c, const struct eki_place *place)
{
    char limit[64] = "";
    if (place->options.most_bytes)
        snprintf(limit, sizeof limit, "PRAGMA max_page_count = %lld;",
                 (long long)(place->options.most_bytes / 4096 > 0 ? place->options.most_bytes / 4096 : 1));
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, BUSY_MS);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int code = sqlite3_exec(
        c->db,
        "PRAGMA trusted_schema = ON; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864;",
        NULL, NULL, NULL);
    return code ? code : sqlite3_exec(c->db, limit, NULL, NULL, NULL);
}

static enum eki_error connect_to(const struct eki_place *place, void **ret_connection,
                                 struct eki_fault *ret_fault)
{
    enum eki_error error = make_file(place, ret_fault);
    if (error) return error;
    struct connection *c = eki_allocate(1, sizeof *c);
    if (!c) return EKI_ERROR_MEMORY;
    c->statements = (struct eki_statements){.drop = drop};
    int code = sqlite3_open_v2(place->name, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!code) code = settings(c, place);
    if (code) {
        error = failed(c, code, ret_fault);
        disconnect(c);
        return error;
    }
    *ret_connection = c;
    return EKI_OK;
}

static bool alive(void *connection)
{
    (void)connection; /* a file does not go away */
    return true;
}

static enum eki_error simple(struct connection *c, const char *sql, struct eki_fault *ret_fault)
{
    int code = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return code ? failed(c, code, ret_fault) : EKI_OK;
}

/* NULL after *ret_error was set. */
static sqlite3_stmt *prepare(struct connection *c, const char *sql, enum eki_error *ret_error,
                             struct eki_fault *ret_fault)
{
    int place = eki_statements_find(&c->statements, sql);
    if (place >= 0) return c->statements.entries[place].prepared;
    sqlite3_stmt *made;
    int code = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);
    if (code) {
        *ret_error = failed(c, code, ret_fault);
        return NULL;
    }
    place = eki_statements_add(&c->statements, sql);
    if (place < 0) {
        sqlite3_finalize(made);
        *ret_error = EKI_ERROR_MEMORY;
        return NULL;
    }
    c->statements.entries[place].prepared = made;
    return made;
}

/* The same for what each work says: it is kept prepared. */
static enum eki_error again(struct connection *c, const char *sql, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    sqlite3_stmt *statement = prepare(c, sql, &error, ret_fault);
    if (!statement) return error;
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) error = failed(c, code, ret_fault);
    sqlite3_reset(statement);
    return error;
}

static enum eki_error begin(void *connection, enum eki_begin how, struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    if (how == EKI_BEGIN_READ) return again(c, "BEGIN", ret_fault);
    if (how == EKI_BEGIN_AT_ONCE) sqlite3_busy_timeout(c->db, 0);
    enum eki_error error = again(c, "BEGIN IMMEDIATE", ret_fault);
    if (how == EKI_BEGIN_AT_ONCE) sqlite3_busy_timeout(c->db, BUSY_MS);
    return error;
}

static enum eki_error commit(void *connection, struct eki_fault *ret_fault)
{
    return again(connection, "COMMIT", ret_fault);
}

static void rollback(void *connection)
{
    struct connection *c = connection;
    if (!sqlite3_get_autocommit(c->db) && again(c, "ROLLBACK", NULL))
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL); /* without memory for the other way */
}

/* The values outlive the run, so that SQLite need not copy texts. */
static int bind(sqlite3_stmt *statement, const struct eki_value *values, size_t count)
{
    int code = SQLITE_OK;
    for (size_t i = 0; i < count && !code; i++) {
        const struct eki_value *v = &values[i];
        int at = (int)i + 1;
        switch (v->kind) {
        case EKI_VALUE_INTEGER: code = sqlite3_bind_int64(statement, at, v->integer); break;
        case EKI_VALUE_REAL: code = sqlite3_bind_double(statement, at, v->real); break;
        case EKI_VALUE_TEXT: code = sqlite3_bind_text(statement, at, v->text, -1, SQLITE_STATIC); break;
        default: code = sqlite3_bind_null(statement, at); break;
        }
    }
    return code;
}

static void take_row(sqlite3_stmt *statement, struct eki_value *ret_values, int count)
{
    for (int i = 0; i < count; i++) {
        struct eki_value *v = &ret_values[i];
        *v = (struct eki_value){0};
        switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER:
            v->kind = EKI_VALUE_INTEGER;
            v->integer = sqlite3_column_int64(statement, i);
            break;
        case SQLITE_FLOAT:
            v->kind = EKI_VALUE_REAL;
            v->real = sqlite3_column_double(statement, i);
            break;
        case SQLITE_NULL: break;
        default:
            v->kind = EKI_VALUE_TEXT;
            v->text = (const char *)sqlite3_column_text(statement, i);
            if (!v->text) v->text = "";
            break;
        }
    }
}

static enum eki_error run(void *connection, struct eki_statement *s, struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    enum eki_error error = EKI_OK;
    sqlite3_stmt *statement = prepare(c, s->sql, &error, ret_fault);
    if (!statement) return error;
    struct eki_value values[COLUMNS_MOST];
    int columns = sqlite3_column_count(statement);
    if (columns > COLUMNS_MOST) columns = COLUMNS_MOST;
    int code = bind(statement, s->values, s->count);
    if (!code) code = SQLITE_ROW;
    while (code == SQLITE_ROW && !error) {
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW || !s->sink) continue;
        take_row(statement, values, columns);
        error = s->sink(s->user, values, (size_t)columns);
    }
    if (!error && code != SQLITE_DONE) error = failed(c, code, ret_fault);
    s->changed =
        code == SQLITE_DONE && !sqlite3_stmt_readonly(statement) ? (uint64_t)sqlite3_changes64(c->db) : 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return error;
}

static size_t put(char *text, size_t length, size_t room, const char *what)
{
    size_t more = strlen(what);
    if (length + more < room) memcpy(text + length, what, more + 1);
    return length + more;
}

static enum eki_error fill(void *connection, const struct eki_filling *f, struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    char sql[2048];
    struct eki_value values[COLUMNS_MOST];
    size_t length = put(sql, 0, sizeof sql, "INSERT INTO \"");
    length = put(sql, length, sizeof sql, f->table);
    length = put(sql, length, sizeof sql, "\" (\"");
    for (size_t i = 0; i < f->count; i++) {
        if (i) length = put(sql, length, sizeof sql, "\", \"");
        length = put(sql, length, sizeof sql, f->columns[i]);
    }
    length = put(sql, length, sizeof sql, "\") VALUES (?");
    for (size_t i = 1; i < f->count; i++) length = put(sql, length, sizeof sql, ", ?");
    length = put(sql, length, sizeof sql, ")");
    if (length >= sizeof sql || f->count > COLUMNS_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "too many columns");
    enum eki_error error = EKI_OK;
    sqlite3_stmt *statement = prepare(c, sql, &error, ret_fault);
    if (!statement) return error;
    int code = SQLITE_OK;
    while (!code && f->next(f->user, values)) {
        code = bind(statement, values, f->count);
        if (!code) code = sqlite3_step(statement);
        if (code == SQLITE_DONE) code = SQLITE_OK;
        if (code) error = failed(c, code, ret_fault);
        sqlite3_reset(statement);
    }
    sqlite3_clear_bindings(statement);
    return error;
}

static enum eki_error script(void *connection, char *sql, struct eki_fault *ret_fault)
{
    return simple(connection, sql, ret_fault);
}

static enum eki_error first_integer(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(int64_t *)user = values[0].integer;
    return EKI_OK;
}

static enum eki_error look(void *connection, bool *ret_empty, bool *ret_ours, struct eki_fault *ret_fault)
{
    int64_t tables = 0, application = 0;
    struct eki_statement count = {
        .sql = "SELECT count(*) FROM sqlite_master", .sink = first_integer, .user = &tables};
    struct eki_statement mark = {.sql = "PRAGMA application_id", .sink = first_integer, .user = &application};
    enum eki_error error = run(connection, &count, ret_fault);
    if (!error) error = run(connection, &mark, ret_fault);
    if (error) return error;
    *ret_empty = !tables;
    *ret_ours = application == APPLICATION;
    return EKI_OK;
}

static enum eki_error ready(void *connection, struct eki_fault *ret_fault)
{
    return simple(connection, "PRAGMA journal_mode = WAL", ret_fault);
}

static enum eki_error copy_to(struct connection *c, sqlite3 *target, struct eki_fault *ret_fault)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", c->db, "main");
    if (!backup) return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%s", sqlite3_errmsg(target));
    int code;
    do {
        code = sqlite3_backup_step(backup, BACKUP_PAGES);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(10);
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    int end = sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE && !end) return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%s", sqlite3_errmsg(target));
}

static enum eki_error write_copy(struct connection *c, const char *path, struct eki_fault *ret_fault)
{
    unlink(path); /* of a copy that was killed on its way */
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%s: %s", path, strerror(errno));
    sqlite3 *target = NULL;
    enum eki_error error = EKI_OK;
    if (sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        error = eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%s cannot be opened", path);
    if (!error) error = copy_to(c, target, ret_fault);
    sqlite3_close_v2(target);
    if (!error && fsync(file)) error = eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%s", strerror(errno));
    close(file);
    return error;
}

/* A file that is there is not written over, and one that carries the name is a whole copy. */
static enum eki_error backup(void *connection, const char *path, struct eki_fault *ret_fault)
{
    char part[4096];
    int length = snprintf(part, sizeof part, "%s.part", path);
    if (length < 0 || (size_t)length >= sizeof part)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the path is too long");
    if (!access(path, F_OK))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "there is such a file already");
    enum eki_error error = write_copy(connection, part, ret_fault);
    if (!error && renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE))
        error = eki_fault_set(ret_fault, errno == EEXIST ? EKI_ERROR_CONFLICT : EKI_ERROR_WRITE, 0, "%s",
                              strerror(errno));
    if (error) unlink(part);
    return error;
}

struct complaints {
    eki_complaint *complain;
    void *user;
};

static enum eki_error integrity(void *user, const struct eki_value *values, size_t count)
{
    const struct complaints *to = user;
    if (count && values[0].kind == EKI_VALUE_TEXT && strcmp(values[0].text, "ok") != 0)
        to->complain(to->user, values[0].text);
    return EKI_OK;
}

static enum eki_error dangling(void *user, const struct eki_value *values, size_t count)
{
    const struct complaints *to = user;
    char text[160];
    snprintf(text, sizeof text, "a row of %s refers to a row of %s that is not there",
             count > 0 && values[0].text ? values[0].text : "?",
             count > 2 && values[2].text ? values[2].text : "?");
    to->complain(to->user, text);
    return EKI_OK;
}

static enum eki_error check(void *connection, eki_complaint *complain, void *user,
                            struct eki_fault *ret_fault)
{
    struct complaints to = {complain, user};
    struct eki_statement whole = {.sql = "PRAGMA integrity_check", .sink = integrity, .user = &to};
    struct eki_statement keys = {.sql = "PRAGMA foreign_key_check", .sink = dangling, .user = &to};
    enum eki_error error = run(connection, &whole, ret_fault);
    return error ? error : run(connection, &keys, ret_fault);
}

const struct eki_driver eki_driver_sqlite = {
    .name = "sqlite",
    .index = EKI_INDEX_MATCH,
    .like_any_case = true,
    .open = connect_to,
    .close = disconnect,
    .alive = alive,
    .ready = ready,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .fill = fill,
    .script = script,
    .look = look,
    .backup = backup,
    .check = check,
};
