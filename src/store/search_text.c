/* SPDX-License-Identifier: Apache-2.0 */
#include "store/search.h"

#include <string.h>

#include "base/utf8.h"

enum {
    NEWEST = 1000,         /* looked through one by one, where the index gives no order */
    FEW_IN_ORDER = 200,    /* rows of a table that are sooner looked through than found by the index */
    FEW_BEGINNINGS = 8000, /* the same, where what other tables hold has to be passed over in it */
    GRAM = 3,              /* letters that SQLite's index knows together */
    GRAMS_MOST = 64        /* asked of the index; the rows are asked for the whole text */
};

/* Of 2^48 numbers each table has its share in SQLite's index. */
#define SHARE ((int64_t)1 << 48)

/* A table whose searched columns are looked through. */
struct looked {
    enum eki_store_table table;
    int64_t share;        /* which one, as in schema.sql */
    const char *title;    /* what is shown, in SQL */
    const char *of;       /* what the row belongs to, in SQL */
    const char *put_away; /* condition that leaves out what was */
};

static const struct looked looked_tables[] = {
    {EKI_STORE_OUTBREAK, 1, "title", "0", " AND analysis IN (SELECT id FROM analysis WHERE deleted = 0)"},
    {EKI_STORE_CASE, 2, "title", "0", ""},
    {EKI_STORE_ANALYSIS, 3, "title", "0", " AND deleted = 0"},
    {EKI_STORE_ENQUIRY, 4, "subject", "0", ""},
    {EKI_STORE_ENQUIRY_ENTRY, 5, "substr(text, 1, 200)", "enquiry", ""},
    {EKI_STORE_NOTICE, 6, "subject", "of_case", ""},
    {EKI_STORE_TASK, 7, "title", "of_case", ""},
    {EKI_STORE_INDICATOR, 8, "value", "of_case", ""},
    {EKI_STORE_CASE_ENTRY, 9, "substr(text, 1, 200)", "of_case", ""},
    {EKI_STORE_INPUT, 10, "name", "0", ""},
    {EKI_STORE_JOB, 11, "title", "0", ""},
    {EKI_STORE_SCENARIO, 12, "name", "0", ""},
    {EKI_STORE_SIMULATION, 13, "title", "0", " AND deleted = 0"},
};

/* One look at one table. */
struct look {
    struct eki_hits *hits;
    const struct looked *from;
    const struct eki_table *table;
    struct eki_store_query query; /* of its text alone */
    const char *small;            /* that, in small letters */
    size_t letters;
    int64_t before; /* rows of this id and later ones were looked through */
};

/* As SQLite's index has them: U+FFFE and U+FFFF, which are no letters, stand there as U+FFFD. */
static const char *in_small_letters(struct eki_arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *made = eki_arena_copy(arena, text, length + 1, 1);
    for (size_t i = 0; made && i < length; i++) {
        if (made[i] >= 'A' && made[i] <= 'Z') made[i] = (char)(made[i] - 'A' + 'a');
        if (!strncmp(made + i, "\xef\xbf", 2) && (unsigned char)made[i + 2] >= 0xbe) made[i + 2] = '\xbd';
    }
    return made;
}

/* The three letters at `text`, or as many as there are; their bytes. */
static size_t gram_length(const char *text)
{
    size_t length = 0;
    for (int i = 0; i < GRAM && text[length]; i++) {
        size_t step = eki_utf8_length((const unsigned char *)text + length);
        length += step ? step : 1;
    }
    return length;
}

static size_t letters_of(const char *text)
{
    size_t letters = 0;
    for (; *text; text++) letters += ((unsigned char)*text & 0xc0) != 0x80;
    return letters;
}

/* "abc" AND "bcd" ..., as FTS5 reads it. NULL without memory. */
static const char *match_of(struct eki_arena *arena, const char *small, size_t letters)
{
    static const char between[] = " AND ";
    size_t count = letters - (GRAM - 1) < GRAMS_MOST ? letters - (GRAM - 1) : GRAMS_MOST;
    char *made = eki_arena_take(arena, count * (sizeof between + 2 + 2 * GRAM * 4) + 1, 1), *to = made;
    if (!made) return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length = gram_length(small);
        if (i) {
            memcpy(to, between, sizeof between - 1);
            to += sizeof between - 1;
        }
        *to++ = '"';
        for (size_t j = 0; j < length; j++) {
            if (small[j] == '"') *to++ = '"';
            *to++ = small[j];
        }
        *to++ = '"';
        small += eki_utf8_length((const unsigned char *)small);
    }
    *to = '\0';
    return made;
}

static void put_wanted(const struct look *l, struct eki_sql *sql)
{
    eki_sql_put(sql, "SELECT id, ");
    eki_sql_put(sql, l->from->title);
    eki_sql_put(sql, ", '', ");
    eki_sql_put(sql, l->from->of);
    eki_sql_put(sql, " FROM ");
}

/* The condition on the rows themselves. */
static enum eki_error put_texts(const struct look *l, struct eki_sql *sql)
{
    bool any = false;
    enum eki_error error = eki_query_where(l->hits->work, l->table, &l->query, sql, &any);
    if (!error) eki_sql_put(sql, l->from->put_away);
    return error;
}

static enum eki_error run(const struct look *l, struct eki_sql *sql, const char *order)
{
    eki_sql_put(sql, order);
    eki_sql_integer(sql, l->query.limit);
    return eki_work_run(l->hits->work, sql, eki_hits_take, l->hits, NULL);
}

static enum eki_error look_through(const struct look *l, int64_t newest)
{
    struct eki_sql sql = eki_work_sql(l->hits->work);
    put_wanted(l, &sql);
    eki_sql_put(&sql, "(SELECT * FROM ");
    eki_sql_name(&sql, l->table->name);
    eki_sql_put(&sql, " ORDER BY id DESC LIMIT ?) AS newest");
    eki_sql_integer(&sql, newest);
    enum eki_error error = put_texts(l, &sql);
    return error ? error : run(l, &sql, " ORDER BY id DESC LIMIT ?");
}

static enum eki_error take_id(void *user, const struct eki_value *values, size_t count)
{
    if (count) *(int64_t *)user = values[0].integer;
    return EKI_OK;
}

/* The oldest of so many rows, the newest ones; 0 when there are fewer. */
static enum eki_error find_oldest(const struct look *l, int64_t newest, int64_t *ret_id)
{
    struct eki_sql sql = eki_work_sql(l->hits->work);
    *ret_id = 0;
    eki_sql_put(&sql, "SELECT id FROM ");
    eki_sql_name(&sql, l->table->name);
    eki_sql_put(&sql, " ORDER BY id DESC LIMIT 1 OFFSET ?");
    eki_sql_integer(&sql, newest - 1);
    return eki_work_run(l->hits->work, &sql, take_id, ret_id, NULL);
}

/* The rows' numbers in SQLite's index. */
static void put_share(const struct look *l, struct eki_sql *sql)
{
    eki_sql_integer(sql, l->from->share * SHARE);
    eki_sql_integer(sql, l->from->share * SHARE + l->before - 1);
}

static enum eki_error look_up_match(const struct look *l)
{
    struct eki_sql sql = eki_work_sql(l->hits->work);
    const char *match = match_of(&l->hits->work->arena, l->small, l->letters);
    if (!match) return eki_work_fail(l->hits->work, EKI_ERROR_MEMORY);
    put_wanted(l, &sql);
    eki_sql_put(&sql, "search CROSS JOIN ");
    eki_sql_name(&sql, l->table->name);
    eki_sql_put(&sql, " ON id = search.rowid - ?");
    eki_sql_integer(&sql, l->from->share * SHARE);
    enum eki_error error = put_texts(l, &sql);
    if (error) return error;
    eki_sql_put(&sql, " AND search MATCH ? AND search.rowid BETWEEN ? AND ?");
    eki_sql_text(&sql, match);
    put_share(l, &sql);
    return run(l, &sql, " ORDER BY search.rowid DESC LIMIT ?");
}

/* Threes that begin so stand together in the index. */
static enum eki_error look_up_beginnings(const struct look *l)
{
    struct eki_sql sql = eki_work_sql(l->hits->work);
    const char *last = eki_text_last_with(&l->hits->work->arena, l->small);
    if (!last) return eki_work_fail(l->hits->work, EKI_ERROR_MEMORY);
    put_wanted(l, &sql);
    eki_sql_put(
        &sql, "(SELECT DISTINCT doc FROM search_gram WHERE term >= ? AND term <= ? AND doc BETWEEN ? AND ?) "
              "AS found CROSS JOIN ");
    eki_sql_text(&sql, l->small);
    eki_sql_text(&sql, last);
    put_share(l, &sql);
    eki_sql_name(&sql, l->table->name);
    eki_sql_put(&sql, " ON id = found.doc - ?");
    eki_sql_integer(&sql, l->from->share * SHARE);
    enum eki_error error = put_texts(l, &sql);
    return error ? error : run(l, &sql, " ORDER BY id DESC LIMIT ?");
}

/* What stands in the index of PostgreSQL, word for word. */
static void put_indexed(const struct look *l, struct eki_sql *sql)
{
    const char *before = "search_grams(";
    for (size_t i = 0; i < l->table->count; i++) {
        if (!(l->table->columns[i].flags & EKI_SEARCHED)) continue;
        eki_sql_put(sql, before);
        eki_sql_name(sql, l->table->columns[i].name);
        before = " || chr(10) || ";
    }
    eki_sql_put(sql, ")");
}

/* First the index, whatever the server believes of its sizes: it would else read the table backwards. */
static enum eki_error look_up_grams(const struct look *l)
{
    struct eki_sql sql = eki_work_sql(l->hits->work);
    eki_sql_put(&sql, "WITH found AS MATERIALIZED (SELECT id FROM ");
    eki_sql_name(&sql, l->table->name);
    eki_sql_put(&sql, " WHERE ");
    put_indexed(l, &sql);
    eki_sql_put(&sql, " @> search_grams(?)) ");
    eki_sql_text(&sql, l->query.text);
    put_wanted(l, &sql);
    eki_sql_name(&sql, l->table->name);
    enum eki_error error = put_texts(l, &sql);
    if (error) return error;
    eki_sql_put(&sql, " AND id < ? AND id IN (SELECT id FROM found)");
    eki_sql_integer(&sql, l->before);
    return run(l, &sql, " ORDER BY id DESC LIMIT ?");
}

/* Where the index gives no order. */
static enum eki_error look_through_and_up(struct look *l)
{
    size_t count = l->hits->count;
    uint32_t limit = l->query.limit;
    enum eki_error error = look_through(l, NEWEST);
    if (error || l->hits->count - count >= limit) return error;
    error = find_oldest(l, NEWEST, &l->before);
    if (error || !l->before) return error;
    l->query.limit = (uint32_t)(limit - (l->hits->count - count));
    return l->hits->work->store->driver->index == EKI_INDEX_GRAMS ? look_up_grams(l) : look_up_beginnings(l);
}

static enum eki_error search_in(struct eki_hits *hits, const struct looked *from, const char *text,
                                uint32_t limit)
{
    struct look l = {.hits = hits,
                     .from = from,
                     .table = eki_table_find(from->table),
                     .query = {.text = text, .limit = limit},
                     .small = in_small_letters(&hits->work->arena, text),
                     .letters = letters_of(text),
                     .before = SHARE};
    int64_t oldest = 0;
    if (!l.small) return eki_work_fail(hits->work, EKI_ERROR_MEMORY);
    hits->kind = l.table->name;
    if (hits->work->store->driver->index == EKI_INDEX_GRAMS) return look_through_and_up(&l);
    int64_t few = l.letters < GRAM ? FEW_BEGINNINGS : FEW_IN_ORDER;
    enum eki_error error = find_oldest(&l, few, &oldest);
    if (error) return error;
    if (!oldest) return look_through(&l, few);
    return l.letters < GRAM ? look_through_and_up(&l) : look_up_match(&l);
}

enum eki_error eki_search_outbreaks(struct eki_hits *hits, const char *text, uint32_t limit)
{
    return *text ? search_in(hits, &looked_tables[0], text, limit) : EKI_OK;
}

enum eki_error eki_search_texts(struct eki_hits *hits, const char *text, uint32_t limit)
{
    size_t count = *text ? sizeof looked_tables / sizeof *looked_tables : 0;
    enum eki_error error = EKI_OK;
    for (size_t i = 1; i < count && !error; i++) error = search_in(hits, &looked_tables[i], text, limit);
    return error;
}
