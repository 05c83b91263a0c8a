/* SPDX-License-Identifier: Apache-2.0 */
/* The index of texts finds what a plain look at all rows finds: random texts of few letters, of one to four
 * bytes, in rows that come, change and go, more of them than are looked through one by one. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum {
    NOTES = 8400,
    FEWER_NOTES = 2000,
    MESSAGES = 1300,
    INDICATORS = 60,
    TEXTS = 3,
    TEXT = 80,
    LOOKS = 400,
    LIMIT = 20
};

/* The last ones stand in old rows only, so that they are not among the newest. */
static const char *const letters[] = {
    "a",      "A",      "b",      "k",          ".",  "0", "1",      "7",      " ",      "\"",
    "%",      "_",      "\\",     "'",          "\n", "{", "\u00e9", "\u00c9", "\u611f", "\u67d3",
    "\u30a2", "\uff21", "\uffff", "\U0001d538", "z",  "Z", "\u9694", "\u212a"};
enum { LETTERS = sizeof letters / sizeof *letters, RARE = 4 };

struct row {
    int64_t id; /* 0: gone */
    char texts[TEXTS][TEXT];
};

struct kind {
    const char *name;
    struct row *rows;
    size_t count;
};

struct model {
    struct eki_store *store;
    struct eki_random random;
    struct eki_store_case of, other; /* the other one goes, with its notes */
    struct eki_store_enquiry enquiry;
    struct kind notes, messages, indicators;
};

static void make_text(struct eki_random *random, size_t most, bool rare, char ret_text[TEXT])
{
    size_t count = eki_random_below(random, most + 1);
    *ret_text = '\0';
    for (size_t i = 0; i < count; i++) {
        bool one = rare && !eki_random_below(random, 60);
        size_t which =
            one ? LETTERS - RARE + eki_random_below(random, RARE) : eki_random_below(random, LETTERS - RARE);
        strcat(ret_text, letters[which]);
    }
}

static void make_row(struct model *m, bool rare, struct row *ret_row)
{
    for (int i = 0; i < TEXTS; i++) make_text(&m->random, i == 2 ? 16 : 3, rare, ret_row->texts[i]);
}

static struct eki_store_case_entry note_of(const struct model *m, const struct row *row, size_t number)
{
    return (struct eki_store_case_entry){.id = row->id,
                                         .of_case = number % 10 == 3 ? m->other.id : m->of.id,
                                         .kind = "note",
                                         .host = row->texts[0],
                                         .tags = row->texts[1],
                                         .text = row->texts[2]};
}

static struct eki_store_enquiry_entry message_of(const struct model *m, const struct row *row)
{
    return (struct eki_store_enquiry_entry){
        .id = row->id, .enquiry = m->enquiry.id, .kind = "question", .text = row->texts[2]};
}

static struct eki_store_indicator indicator_of(const struct model *m, const struct row *row)
{
    return (struct eki_store_indicator){.id = row->id,
                                        .of_case = m->of.id,
                                        .kind = "domain",
                                        .value = row->texts[2],
                                        .comment = row->texts[1]};
}

static void add_all(struct model *m)
{
    struct eki_store_work *work = place_write(m->store, 1);
    m->of = m->other = (struct eki_store_case){.title = "?", .state = "open", .handling_class = 3};
    m->enquiry = (struct eki_store_enquiry){.subject = "?", .state = "open"};
    assert_int_equal(eki_store_add(work, &m->of), EKI_OK);
    assert_int_equal(eki_store_add(work, &m->other), EKI_OK);
    assert_int_equal(eki_store_add(work, &m->enquiry), EKI_OK);
    for (size_t i = 0; i < m->notes.count; i++) {
        make_row(m, i < 300, &m->notes.rows[i]);
        struct eki_store_case_entry note = note_of(m, &m->notes.rows[i], i);
        assert_int_equal(eki_store_add(work, &note), EKI_OK);
        m->notes.rows[i].id = note.id;
    }
    for (size_t i = 0; i < m->messages.count; i++) {
        make_row(m, i < 100, &m->messages.rows[i]);
        m->messages.rows[i].texts[0][0] = m->messages.rows[i].texts[1][0] = '\0';
        struct eki_store_enquiry_entry message = message_of(m, &m->messages.rows[i]);
        assert_int_equal(eki_store_add(work, &message), EKI_OK);
        m->messages.rows[i].id = message.id;
    }
    for (size_t i = 0; i < m->indicators.count; i++) {
        make_row(m, true, &m->indicators.rows[i]);
        m->indicators.rows[i].texts[0][0] = '\0';
        snprintf(m->indicators.rows[i].texts[2] + strlen(m->indicators.rows[i].texts[2]), 24, "~%zu", i);
        struct eki_store_indicator indicator = indicator_of(m, &m->indicators.rows[i]);
        assert_int_equal(eki_store_add(work, &indicator), EKI_OK);
        m->indicators.rows[i].id = indicator.id;
    }
    place_commit(work);
}

/* Some rows get other texts, some go, in one work that is taken back or in one that is not. */
static void change_some(struct model *m, bool keep)
{
    struct eki_store_work *work = place_write(m->store, 2);
    for (size_t i = 0; i < m->notes.count; i += 7) {
        struct row row = m->notes.rows[i];
        if (!row.id) continue;
        bool goes = !eki_random_below(&m->random, 3);
        if (!goes) make_row(m, i < 300, &row);
        struct eki_store_case_entry note = note_of(m, &row, i);
        assert_int_equal(goes ? eki_store_remove(work, &note) : eki_store_change(work, &note), EKI_OK);
        if (goes) row.id = 0;
        if (keep) m->notes.rows[i] = row;
    }
    if (keep) place_commit(work);
    if (!keep) eki_store_end(work);
}

static void drop_other(struct model *m)
{
    struct eki_store_work *work = place_write(m->store, 3);
    assert_int_equal(eki_store_remove(work, &m->other), EKI_OK);
    place_commit(work);
    for (size_t i = 3; i < m->notes.count; i += 10) m->notes.rows[i].id = 0;
}

static void in_small_letters(const char *text, char ret_text[TEXT])
{
    do *ret_text++ = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
    while (*text++);
}

static bool holds(const struct row *row, const char *small)
{
    for (int i = 0; i < TEXTS; i++) {
        char text[TEXT];
        in_small_letters(row->texts[i], text);
        if (strstr(text, small)) return true;
    }
    return false;
}

/* The hits of one kind are the newest rows that hold the text, and no others. Returns how many. */
static size_t compare(const struct kind *kind, const char *text, const struct eki_store_hit *hits,
                      size_t count)
{
    char small[TEXT];
    size_t at = 0, found = 0;
    in_small_letters(text, small);
    while (at < count && strcmp(hits[at].kind, kind->name) != 0) at++;
    for (size_t i = kind->count; i-- > 0 && found < LIMIT;) {
        if (!kind->rows[i].id || !holds(&kind->rows[i], small)) continue;
        if (at == count || strcmp(hits[at].kind, kind->name) != 0 || hits[at].id != kind->rows[i].id)
            fail_msg("%s %zu is not found by \"%s\"", kind->name, i, text);
        at++;
        found++;
    }
    if (at < count && !strcmp(hits[at].kind, kind->name))
        fail_msg("%s %lld is found by \"%s\"", kind->name, (long long)hits[at].id, text);
    return found;
}

/* A part of some row's text, or any text. */
static void choose(struct model *m, char ret_text[TEXT])
{
    const struct kind *kinds[] = {&m->notes, &m->messages, &m->indicators};
    const struct kind *kind = kinds[eki_random_below(&m->random, 3)];
    const struct row *row = &kind->rows[eki_random_below(&m->random, kind->count)];
    const char *from = row->texts[eki_random_below(&m->random, TEXTS)];
    make_text(&m->random, 4, true, ret_text);
    if (!*from || !eki_random_below(&m->random, 4)) return;
    size_t begin = eki_random_below(&m->random, strlen(from)), end;
    while ((from[begin] & 0xc0) == 0x80) begin--;
    end = begin + 1 + eki_random_below(&m->random, strlen(from) - begin);
    while ((from[end] & 0xc0) == 0x80) end++;
    snprintf(ret_text, TEXT, "%.*s", (int)(end - begin), from + begin);
}

/* How many looks found something. */
static size_t look(struct model *m)
{
    size_t good = 0;
    for (int i = 0; i < LOOKS; i++) {
        char text[TEXT];
        const struct eki_store_hit *hits;
        size_t count;
        choose(m, text);
        if (i < RARE) snprintf(text, sizeof text, "%s", letters[LETTERS - RARE + i]);
        if (!*text) continue;
        struct eki_store_work *work = place_read(m->store);
        assert_int_equal(eki_store_search(work, text, LIMIT, &hits, &count), EKI_OK);
        size_t found = compare(&m->notes, text, hits, count) + compare(&m->messages, text, hits, count) +
                       compare(&m->indicators, text, hits, count);
        good += found > 0;
        eki_store_end(work);
    }
    return good;
}

static uint64_t complaints(struct eki_store *store)
{
    struct eki_store_examination to = {0};
    assert_int_equal(eki_store_check(store, &to, NULL), EKI_OK);
    return to.complaints;
}

static void found_as_by_a_plain_look(void **state)
{
    static struct row notes[NOTES], messages[MESSAGES], indicators[INDICATORS];
    struct model m = {.store = place_open(*state),
                      .random = eki_random_from(20),
                      .notes = {"case_entry", notes, NOTES},
                      .messages = {"enquiry_entry", messages, MESSAGES},
                      .indicators = {"indicator", indicators, INDICATORS}};
    memset(notes, 0, sizeof notes);
    if (strstr(((struct place *)*state)->url, "://"))
        m.notes.count = FEWER_NOTES; /* its index is asked sooner */
    add_all(&m);
    assert_true(look(&m) > LOOKS / 2);
    change_some(&m, true);
    change_some(&m, false);
    look(&m);
    drop_other(&m);
    assert_true(look(&m) > LOOKS / 2);
    assert_int_equal(complaints(m.store), 0);
    eki_store_close(m.store);
}

/* Behind the store's back. */
static void execute(const struct place *place, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(place->url, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_row_beside_the_index_is_told(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    struct eki_store_scenario first = {.name = "first"}, second = {.name = "second"};
    assert_int_equal(eki_store_add(work, &first), EKI_OK);
    assert_int_equal(eki_store_add(work, &second), EKI_OK);
    place_commit(work);
    assert_int_equal(complaints(store), 0);
    execute(
        *state,
        "INSERT INTO search (search, rowid, looked) VALUES ('delete', (12 << 48) + 1, 'first' || char(10, 10))");
    assert_int_equal(complaints(store), 1);
    execute(*state, "INSERT INTO search (search) VALUES ('rebuild')");
    assert_int_equal(complaints(store), 0);
    execute(*state, "DROP TRIGGER scenario_taken");
    work = place_write(store, 2);
    assert_int_equal(eki_store_remove(work, &second), EKI_OK);
    place_commit(work);
    assert_int_equal(complaints(store), 1);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(found_as_by_a_plain_look),
        cmocka_unit_test_setup(a_row_beside_the_index_is_told, place_next),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
