/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: entries that each hold the hash of the one before, so that none can be changed, removed from
 * the middle or put in between without breaking the chain (Haber and Stornetta 1991). */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "store/work.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_audit, id, INTEGER),        EKI_COLUMN(eki_store_audit, at, INTEGER),
    EKI_COLUMN(eki_store_audit, account, INTEGER),   EKI_WORD(eki_store_audit, who, EKI_SEARCHED),
    EKI_WORD(eki_store_audit, what, EKI_SEARCHED),   EKI_WORD(eki_store_audit, table_name, EKI_SEARCHED),
    EKI_WORD(eki_store_audit, row, EKI_OPEN),        EKI_WHOLE(eki_store_audit, before, EKI_SEARCHED),
    EKI_WHOLE(eki_store_audit, after, EKI_SEARCHED), EKI_WORD(eki_store_audit, previous, EKI_OPEN),
    EKI_WORD(eki_store_audit, hash, EKI_OPEN),
};

const struct eki_table eki_table_audit = {
    .name = "audit",
    EKI_TABLE_OF(eki_store_audit, columns),
};

enum { LONG_TEXT = 1000 /* bytes; of longer ones the log keeps hash and length */ };

/* Each part ends with a NUL, which no text holds, so that no two entries are hashed alike. */
static void add(crypto_hash_sha256_state *state, const char *text)
{
    crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void add_number(crypto_hash_sha256_state *state, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    add(state, text);
}

void eki_audit_hash(const struct eki_store_audit *entry, char ret_hash[EKI_HASH_TEXT])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    add(&state, entry->previous);
    add_number(&state, entry->id);
    add_number(&state, entry->at);
    add_number(&state, entry->account);
    add(&state, entry->who);
    add(&state, entry->what);
    add(&state, entry->table_name);
    add(&state, entry->row);
    add(&state, entry->before);
    add(&state, entry->after);
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(ret_hash, EKI_HASH_TEXT, digest, sizeof digest);
}

static enum eki_error take_newest(void *user, const struct eki_value *values, size_t count)
{
    struct eki_store_work *work = user;
    if (count < 2 || values[1].kind != EKI_VALUE_TEXT) return EKI_ERROR_CORRUPT;
    work->audit_id = values[0].integer;
    snprintf(work->audit_hash, sizeof work->audit_hash, "%s", values[1].text);
    return EKI_OK;
}

/* Where the chain ends. Nobody else writes while this work does. */
static enum eki_error find_end(struct eki_store_work *work)
{
    if (work->chained) return EKI_OK;
    memset(work->audit_hash, '0', EKI_HASH_TEXT - 1);
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1");
    enum eki_error error = eki_work_run(work, &sql, take_newest, work, NULL);
    work->chained = !error;
    return error;
}

enum eki_error eki_audit_append(struct eki_store_work *work, struct eki_store_audit *entry)
{
    enum eki_error error = find_end(work);
    if (error) return error;
    char hash[EKI_HASH_TEXT];
    entry->id = work->audit_id + 1;
    entry->at = work->act.at;
    entry->account = work->act.account;
    entry->who = work->act.who;
    entry->previous = work->audit_hash;
    if (!entry->table_name) entry->table_name = "";
    if (!entry->row) entry->row = "";
    if (!entry->before) entry->before = "";
    if (!entry->after) entry->after = "";
    entry->hash = "";
    error = eki_table_validate(&eki_table_audit, entry, &work->fault);
    if (error) return eki_work_fail(work, error);
    eki_audit_hash(entry, hash);
    entry->hash = hash;
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "INSERT INTO audit (");
    eki_sql_columns(&sql, &eki_table_audit, 0);
    eki_sql_put(&sql, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < eki_table_audit.count; i++)
        eki_sql_value(&sql, eki_column_get(&eki_table_audit.columns[i], entry));
    error = eki_work_run(work, &sql, NULL, NULL, NULL);
    if (error) return error;
    work->audit_id = entry->id;
    memcpy(work->audit_hash, hash, sizeof work->audit_hash);
    return EKI_OK;
}

static void write_text(struct eki_json *j, const char *text)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hash[EKI_HASH_TEXT];
    size_t length = strlen(text);
    if (length <= LONG_TEXT) {
        eki_json_text(j, text);
        return;
    }
    crypto_hash_sha256(digest, (const unsigned char *)text, length);
    sodium_bin2hex(hash, sizeof hash, digest, sizeof digest);
    eki_json_object(j);
    eki_json_key(j, "sha256");
    eki_json_text(j, hash);
    eki_json_key(j, "bytes");
    eki_json_unsigned(j, length);
    eki_json_end(j);
}

/* Settings whose name begins with "secret." hold a key or a password. */
static bool is_secret(const struct eki_table *table, const struct eki_column *column, const void *row)
{
    if (column->flags & EKI_SECRET) return true;
    if (table != &eki_table_setting || strcmp(column->name, "value") != 0) return false;
    const struct eki_store_setting *setting = row;
    return setting->name && !strncmp(setting->name, "secret.", 7);
}

static void write_value(struct eki_json *j, const struct eki_table *table, const struct eki_column *column,
                        const void *row)
{
    struct eki_value value = eki_column_get(column, row);
    eki_json_key(j, column->name);
    if (is_secret(table, column, row))
        eki_json_text(j, "(secret)");
    else if (value.kind == EKI_VALUE_TEXT)
        write_text(j, value.text);
    else if (value.kind == EKI_VALUE_REAL)
        eki_json_number(j, value.real);
    else if (column->kind == EKI_COLUMN_FLAG)
        eki_json_bool(j, value.integer != 0);
    else
        eki_json_integer(j, value.integer);
}

static bool column_differs(const struct eki_column *column, const void *a, const void *b)
{
    struct eki_table one = {.columns = column, .count = 1};
    return eki_row_differs(&one, a, b);
}

/* The columns of `row` that differ from `other`, all when that is NULL, as one JSON object. */
static const char *describe(struct eki_store_work *work, const struct eki_table *table, const void *row,
                            const void *other)
{
    if (!row) return "";
    size_t room = 16;
    for (size_t i = 0; i < table->count; i++) { /* a byte takes six at most: \u001f */
        struct eki_value value = eki_column_get(&table->columns[i], row);
        size_t length = value.kind == EKI_VALUE_TEXT ? strlen(value.text) : 0;
        room += strlen(table->columns[i].name) + 100 + (length < LONG_TEXT ? length : LONG_TEXT) * 6;
    }
    char *text = eki_arena_take(&work->arena, room, 1);
    if (!text) return NULL;
    struct eki_json j = eki_json_to_buffer(text, room);
    eki_json_object(&j);
    for (size_t i = 0; i < table->count; i++)
        if (!other || column_differs(&table->columns[i], row, other))
            write_value(&j, table, &table->columns[i], row);
    eki_json_end(&j);
    return j.failed ? NULL : text;
}

enum eki_error eki_audit_row(struct eki_store_work *work, const char *what, const struct eki_table *table,
                             const void *before, const void *after)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, eki_row_id(table, after ? after : before));
    struct eki_store_audit entry = {.what = what,
                                    .table_name = table->name,
                                    .row = id,
                                    .before = describe(work, table, before, after),
                                    .after = describe(work, table, after, before)};
    if (!entry.before || !entry.after) return eki_work_fail(work, EKI_ERROR_MEMORY);
    return eki_audit_append(work, &entry);
}

enum eki_error eki_store_note(struct eki_store_work *work, const char *what, const char *detail)
{
    enum eki_error error = eki_work_ready(work, true);
    if (error) return error;
    struct eki_store_audit entry = {.what = what, .after = detail};
    return eki_audit_append(work, &entry);
}
