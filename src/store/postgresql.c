/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of PostgreSQL 15 or later through libpq. Works that write take one lock in the database, so that
 * they come one after another as in SQLite, also those of other processes. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/postgresql.h"
#include "store/statements.h"

enum {
    COLUMNS_MOST = 64,
    NUMBER_TEXT = 32,     /* of any number as text */
    COPY_BYTES = 1 << 16, /* handed to the server at a time */
    MANY_ROWS = 10000, /* in bulk: the server is to look at the table now, not within a minute, or its plans
                          are bad */
    TYPE_INT8 = 20,    /* of pg_type.dat: bigint, smallint, integer; double precision, real */
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701
};

struct connection {
    PGconn *db;
    struct eki_statements statements;
    bool broken; /* the server said that it ends the connection, or nothing that could be understood */
};

/* What SQLSTATE stands for (PostgreSQL 15, appendix A): the longest beginning that fits. */
static enum eki_error error_of(const char *state)
{
    static const struct {
        const char *begin;
        enum eki_error error;
    } known[] = {
        {"23505", EKI_ERROR_CONFLICT}, {"23503", EKI_ERROR_CONFLICT}, {"23000", EKI_ERROR_CONFLICT},
        {"23", EKI_ERROR_ARGUMENT},    {"22", EKI_ERROR_ARGUMENT},    {"53200", EKI_ERROR_MEMORY},
        {"53300", EKI_ERROR_OPEN},     {"53", EKI_ERROR_WRITE},       {"54", EKI_ERROR_LIMIT},
        {"55P03", EKI_ERROR_LIMIT},    {"40", EKI_ERROR_LIMIT},       {"25006", EKI_ERROR_WRITE},
        {"42501", EKI_ERROR_WRITE},    {"XX001", EKI_ERROR_CORRUPT},  {"XX002", EKI_ERROR_CORRUPT},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strncmp(state, known[i].begin, strlen(known[i].begin))) return known[i].error;
    return EKI_ERROR_READ;
}

/* The first line of what the server or the library said. */
static enum eki_error say(enum eki_error error, const char *message, struct eki_fault *ret_fault)
{
    int length = (int)strcspn(message, "\n");
    if (!length) return eki_fault_set(ret_fault, error, 0, "PostgreSQL went away");
    return eki_fault_set(ret_fault, error, 0, "%.*s", length, message);
}

/* The error of a result that is not what was wanted; frees it. What libpq itself says has no state. */
static enum eki_error failed(struct connection *c, PGresult *result, struct eki_fault *ret_fault)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = state ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : PQerrorMessage(c->db);
    bool ends = !state || !strncmp(state, "57P", 3) || !strncmp(state, "08", 2);
    if (ends || PQstatus(c->db) == CONNECTION_BAD) c->broken = true;
    enum eki_error error = say(ends ? EKI_ERROR_READ : error_of(state), message ? message : "", ret_fault);
    PQclear(result);
    return error;
}

static bool good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static enum eki_error simple(struct connection *c, const char *sql, struct eki_fault *ret_fault)
{
    PGresult *result = PQexec(c->db, sql);
    if (!good(result)) return failed(c, result, ret_fault);
    PQclear(result);
    return EKI_OK;
}

static void drop(void *owner, void *prepared, uint32_t number)
{
    (void)prepared;
    struct connection *c = owner;
    char sql[40];
    snprintf(sql, sizeof sql, "DEALLOCATE s%" PRIu32, number);
    PQclear(PQexec(c->db, sql)); /* in a broken transaction it fails: the server then keeps one too many */
}

static void forget(void *owner, void *prepared, uint32_t number)
{
    (void)owner;
    (void)prepared;
    (void)number; /* the connection takes its statements along */
}

static void disconnect(void *connection)
{
    struct connection *c = connection;
    if (!c) return;
    c->statements.drop = forget;
    eki_statements_done(&c->statements);
    PQfinish(c->db);
    eki_free(c);
}

static void say_nothing(void *user, const PGresult *result)
{
    (void)user;
    (void)result;
}

static enum eki_error connect_to(const struct eki_place *place, void **ret_connection,
                                 struct eki_fault *ret_fault)
{
    /* Those before "dbname" can be set otherwise by the URL, those after it cannot. A server that went away
     * is noticed within seconds and not after the hours of TCP. */
    static const char *const names[] = {"application_name", "connect_timeout",     "keepalives_idle",
                                        "keepalives_count", "keepalives_interval", "tcp_user_timeout",
                                        "dbname",           "client_encoding",     NULL};
    const char *const values[] = {"ekigaku", "5", "10", "3", "5", "10000", place->name, "UTF8", NULL};
    PQconninfoOption *parts = PQconninfoParse(place->name, NULL); /* its own words would show the password */
    if (!parts) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no URL that PostgreSQL understands");
    PQconninfoFree(parts);
    struct connection *c = eki_allocate(1, sizeof *c);
    if (!c) return EKI_ERROR_MEMORY;
    c->statements = (struct eki_statements){.drop = drop, .owner = c};
    c->db = PQconnectdbParams(names, values, 1);
    enum eki_error error = EKI_OK;
    if (!c->db)
        error = EKI_ERROR_MEMORY;
    else if (PQstatus(c->db) != CONNECTION_OK)
        error = say(EKI_ERROR_OPEN, PQerrorMessage(c->db), ret_fault);
    else if (PQserverVersion(c->db) < 150000)
        error = eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0, "PostgreSQL is older than 15");
    if (!error) {
        PQsetNoticeReceiver(c->db, say_nothing, NULL);
        error = simple(c, "SET lock_timeout = '10s'; SET standard_conforming_strings = on", ret_fault);
    }
    if (error) {
        disconnect(c);
        return error;
    }
    *ret_connection = c;
    return EKI_OK;
}

static bool alive(void *connection)
{
    struct connection *c = connection;
    return !c->broken && PQstatus(c->db) == CONNECTION_OK && PQtransactionStatus(c->db) != PQTRANS_UNKNOWN;
}

static enum eki_error ready(void *connection, struct eki_fault *ret_fault)
{
    (void)connection;
    (void)ret_fault;
    return EKI_OK;
}

static void rollback(void *connection)
{
    struct connection *c = connection;
    if (PQtransactionStatus(c->db) != PQTRANS_IDLE) PQclear(PQexec(c->db, "ROLLBACK"));
}

static enum eki_error begin(void *connection, enum eki_begin how, struct eki_fault *ret_fault)
{
    static const char *const words[] = {
        [EKI_BEGIN_READ] = "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ",
        [EKI_BEGIN_WRITE] = "BEGIN; SELECT pg_advisory_xact_lock(6646633)",
        [EKI_BEGIN_AT_ONCE] = "BEGIN; SET LOCAL lock_timeout = 1; SELECT pg_advisory_xact_lock(6646633)"};
    enum eki_error error = simple(connection, words[how], ret_fault);
    if (error) rollback(connection); /* the connection is used again */
    return error;
}

/* The server answers a COMMIT of a broken transaction with success and ROLLBACK. */
static enum eki_error commit(void *connection, struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    PGresult *result = PQexec(c->db, "COMMIT");
    if (!good(result) && PQstatus(c->db) == CONNECTION_BAD) {
        PQclear(result);
        c->broken = true;
        return eki_fault_set(ret_fault, EKI_ERROR_READ, 0,
                             "PostgreSQL went away while it was to keep the change: look whether it did");
    }
    if (!good(result)) return failed(c, result, ret_fault);
    bool kept = !strcmp(PQcmdStatus(result), "COMMIT");
    PQclear(result);
    return kept ? EKI_OK : eki_fault_set(ret_fault, EKI_ERROR_READ, 0, "the change was taken back");
}

/* "?" becomes "$1", "$2", ...; those in quotes stay. */
static char *with_numbers(const char *sql)
{
    char *made = eki_allocate(strlen(sql) * 4 + 1, 1), *to = made, quote = '\0';
    if (!made) return NULL;
    unsigned number = 0;
    for (; *sql; sql++) {
        if (quote ? *sql == quote : *sql == '\'' || *sql == '"') quote = quote ? '\0' : *sql;
        if (*sql == '?' && !quote && number < 999)
            to += snprintf(to, 5, "$%u", ++number);
        else
            *to++ = *sql;
    }
    return made;
}

static enum eki_error prepare(struct connection *c, const char *sql, char ret_name[NUMBER_TEXT],
                              struct eki_fault *ret_fault)
{
    int place = eki_statements_find(&c->statements, sql);
    bool known = place >= 0;
    if (!known) place = eki_statements_add(&c->statements, sql);
    if (place < 0) return EKI_ERROR_MEMORY;
    snprintf(ret_name, NUMBER_TEXT, "s%" PRIu32, c->statements.entries[place].number);
    if (known) return EKI_OK;
    char *numbered = with_numbers(sql);
    PGresult *result = numbered ? PQprepare(c->db, ret_name, numbered, 0, NULL) : NULL;
    enum eki_error error = EKI_OK;
    if (!numbered)
        error = EKI_ERROR_MEMORY;
    else if (!good(result))
        error = failed(c, result, ret_fault);
    else
        PQclear(result);
    eki_free(numbered);
    if (error)
        eki_statements_drop(&c->statements, place);
    else
        c->statements.entries[place].prepared = c; /* something: drop is called */
    return error;
}

/* A value as the server reads it; `room` holds numbers. NULL for NULL. */
static const char *as_text(const struct eki_value *value, char room[NUMBER_TEXT])
{
    switch (value->kind) {
    case EKI_VALUE_INTEGER: snprintf(room, NUMBER_TEXT, "%" PRId64, value->integer); return room;
    case EKI_VALUE_REAL: snprintf(room, NUMBER_TEXT, "%.17g", value->real); return room;
    case EKI_VALUE_TEXT: return value->text;
    default: return NULL;
    }
}

static struct eki_value take_value(const PGresult *result, int row, int column)
{
    const char *text = PQgetvalue(result, row, column);
    if (PQgetisnull(result, row, column)) return (struct eki_value){0};
    switch (PQftype(result, column)) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8: return (struct eki_value){.kind = EKI_VALUE_INTEGER, .integer = strtoll(text, NULL, 10)};
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: return (struct eki_value){.kind = EKI_VALUE_REAL, .real = strtod(text, NULL)};
    default: return (struct eki_value){.kind = EKI_VALUE_TEXT, .text = text};
    }
}

static enum eki_error hand_out(const struct eki_statement *s, const PGresult *result)
{
    struct eki_value values[COLUMNS_MOST];
    int columns = PQnfields(result), rows = PQntuples(result);
    if (columns > COLUMNS_MOST) columns = COLUMNS_MOST;
    enum eki_error error = EKI_OK;
    for (int row = 0; row < rows && s->sink && !error; row++) {
        for (int i = 0; i < columns; i++) values[i] = take_value(result, row, i);
        error = s->sink(s->user, values, (size_t)columns);
    }
    return error;
}

static enum eki_error run(void *connection, struct eki_statement *s, struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    char name[NUMBER_TEXT], numbers[EKI_VALUES_MOST][NUMBER_TEXT];
    const char *texts[EKI_VALUES_MOST];
    if (s->count > EKI_VALUES_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "a statement of too many values");
    enum eki_error error = prepare(c, s->sql, name, ret_fault);
    if (error) return error;
    for (size_t i = 0; i < s->count; i++) texts[i] = as_text(&s->values[i], numbers[i]);
    PGresult *result = PQexecPrepared(c->db, name, (int)s->count, texts, NULL, NULL, 0);
    if (!good(result)) return failed(c, result, ret_fault);
    s->changed = strtoull(PQcmdTuples(result), NULL, 10);
    error = hand_out(s, result);
    PQclear(result);
    return error;
}

/* Rows on their way to COPY, gathered so that not each costs a call. */
struct copy {
    struct connection *c;
    char *bytes;
    size_t length, room, rows;
    bool failed;
};

static void flush(struct copy *copy)
{
    if (copy->length && PQputCopyData(copy->c->db, copy->bytes, (int)copy->length) != 1) copy->failed = true;
    copy->length = 0;
}

static void put_bytes(struct copy *copy, const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length) {
        if (copy->length == copy->room) flush(copy);
        size_t part = copy->room - copy->length < length ? copy->room - copy->length : length;
        memcpy(copy->bytes + copy->length, from, part);
        copy->length += part;
        from += part;
        length -= part;
    }
}

/* The highest byte first, as the binary form has it. */
static void put_number(struct copy *copy, uint64_t number, size_t size)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++) bytes[i] = (unsigned char)(number >> 8 * (size - 1 - i));
    put_bytes(copy, bytes, size);
}

/* A value with its length before it. All columns are BIGINT, DOUBLE PRECISION or TEXT (postgresql_words.c).
 */
static void put_value(struct copy *copy, const struct eki_value *value)
{
    uint64_t bits;
    switch (value->kind) {
    case EKI_VALUE_INTEGER:
        put_number(copy, sizeof bits, 4);
        put_number(copy, (uint64_t)value->integer, sizeof bits);
        break;
    case EKI_VALUE_REAL:
        memcpy(&bits, &value->real, sizeof bits);
        put_number(copy, sizeof bits, 4);
        put_number(copy, bits, sizeof bits);
        break;
    case EKI_VALUE_TEXT:
        put_number(copy, strlen(value->text), 4);
        put_bytes(copy, value->text, strlen(value->text));
        break;
    default: put_number(copy, UINT32_MAX, 4); /* NULL */
    }
}

/* The binary form of COPY (PostgreSQL 15, "COPY", Binary Format): a fifth less work for the server than the
 * text form, which it must read digit by digit. */
static void copy_rows(struct copy *copy, const struct eki_filling *f)
{
    static const char mark[] = "PGCOPY\n\377\r\n"; /* and its NUL */
    struct eki_value values[COLUMNS_MOST];
    put_bytes(copy, mark, sizeof mark);
    put_number(copy, 0, 8); /* no flags, no extension */
    for (; !copy->failed && f->next(f->user, values); copy->rows++) {
        put_number(copy, f->count, 2);
        for (size_t i = 0; i < f->count; i++) put_value(copy, &values[i]);
    }
    put_number(copy, UINT16_MAX, 2);
    flush(copy);
}

/* The answer to what was copied. */
static enum eki_error end_copy(struct copy *copy, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    PQputCopyEnd(copy->c->db, copy->failed ? "given up" : NULL);
    for (PGresult *result; (result = PQgetResult(copy->c->db));) {
        if (!error && !good(result))
            error = failed(copy->c, result, ret_fault);
        else
            PQclear(result);
    }
    if (!error && copy->failed) error = say(EKI_ERROR_READ, PQerrorMessage(copy->c->db), ret_fault);
    return error;
}

static enum eki_error fill(void *connection, const struct eki_filling *f, struct eki_fault *ret_fault)
{
    struct copy copy = {.c = connection, .room = COPY_BYTES};
    char sql[2048];
    int length = snprintf(sql, sizeof sql, "COPY \"%s\" (", f->table);
    for (size_t i = 0; i < f->count && (size_t)length < sizeof sql; i++)
        length +=
            snprintf(sql + length, sizeof sql - (size_t)length, "%s\"%s\"", i ? ", " : "", f->columns[i]);
    if ((size_t)length < sizeof sql)
        length += snprintf(sql + length, sizeof sql - (size_t)length, ") FROM STDIN (FORMAT binary)");
    if ((size_t)length >= sizeof sql || f->count > COLUMNS_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "too many columns");
    PGresult *result = PQexec(copy.c->db, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN) return failed(copy.c, result, ret_fault);
    PQclear(result);
    copy.bytes = eki_allocate(COPY_BYTES, 1);
    if (copy.bytes)
        copy_rows(&copy, f);
    else
        copy.failed = true;
    enum eki_error error = end_copy(&copy, ret_fault);
    if (!copy.bytes) return EKI_ERROR_MEMORY;
    eki_free(copy.bytes);
    snprintf(sql, sizeof sql, "SET LOCAL default_statistics_target = 10; ANALYZE \"%s\"", f->table);
    return error || copy.rows < MANY_ROWS ? error : simple(copy.c, sql, ret_fault);
}

static enum eki_error script(void *connection, char *sql, struct eki_fault *ret_fault)
{
    char *translated = eki_postgresql_translate(sql);
    if (!translated) return EKI_ERROR_MEMORY;
    enum eki_error error = simple(connection, translated, ret_fault);
    eki_free(translated);
    return error;
}

static enum eki_error first_integer(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(int64_t *)user = values[0].integer;
    return EKI_OK;
}

static enum eki_error look(void *connection, bool *ret_empty, bool *ret_ours, struct eki_fault *ret_fault)
{
    int64_t tables = 0, columns = 0;
    struct eki_statement all = {.sql = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
                                .sink = first_integer,
                                .user = &tables};
    struct eki_statement ours = {
        .sql =
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND "
            "(table_name, column_name) IN (('store', 'schema'), ('store', 'program'), ('audit', 'previous'))",
        .sink = first_integer,
        .user = &columns};
    enum eki_error error = run(connection, &all, ret_fault);
    if (!error) error = run(connection, &ours, ret_fault);
    if (error) return error;
    *ret_empty = !tables;
    *ret_ours = columns == 3;
    return EKI_OK;
}

static enum eki_error backup(void *connection, const char *path, struct eki_fault *ret_fault)
{
    (void)connection;
    (void)path;
    return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0, "pg_dump makes backups of PostgreSQL");
}

/* The server keeps its own rules; what is left is whether every row can still be read. */
static enum eki_error take_name(void *user, const struct eki_value *values, size_t count)
{
    struct eki_names *names = user;
    if (count && names->count < EKI_NAMES_MOST)
        snprintf(names->names[names->count++], sizeof names->names[0], "%s", values[0].text);
    return EKI_OK;
}

static enum eki_error check(void *connection, eki_complaint *complain, void *user,
                            struct eki_fault *ret_fault)
{
    struct connection *c = connection;
    struct eki_names tables = {0};
    struct eki_statement all = {
        .sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
        .sink = take_name,
        .user = &tables};
    enum eki_error error = run(connection, &all, ret_fault);
    for (size_t i = 0; i < tables.count && !error; i++) {
        char sql[200];
        struct eki_fault damage = {0};
        snprintf(sql, sizeof sql, "SELECT max(length(t::text)) FROM \"%s\" t", tables.names[i]);
        error = simple(c, sql, &damage);
        if (!error) continue;
        complain(user, damage.what);
        if (ret_fault) *ret_fault = damage;
    }
    return error;
}

const struct eki_driver eki_driver_postgresql = {
    .name = "postgresql",
    .index = EKI_INDEX_GRAMS,
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
