/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: whatever the order, every row is on exactly one page; what is not asked for is not shown. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { ROWS = 250 };

/* Outbreaks with many equal values, so that ties matter. */
static void fill(struct eki_store *store)
{
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_analysis analysis = {.title = "a", .verdict = "spreading"};
    assert_int_equal(eki_store_add(work, &analysis), EKI_OK);
    for (int i = 0; i < ROWS; i++) {
        char title[40];
        snprintf(title, sizeof title, "%s %d", i % 7 ? "Office" : "100%_plant", i);
        struct eki_store_outbreak row = {.analysis = analysis.id,
                                         .number = i,
                                         .proto = i % 2 ? "tcp" : "udp",
                                         .port = i % 10,
                                         .infected = i * 7919 % 50,
                                         .started = (int64_t)i * 1000,
                                         .doubling_s = i % 9 / 3.0,
                                         .title = title};
        assert_int_equal(eki_store_add(work, &row), EKI_OK);
    }
    place_commit(work);
}

static bool in_order(const struct eki_store_outbreak *a, const struct eki_store_outbreak *b, const char *sort)
{
    int64_t by_id = b->id - a->id;
    if (!strcmp(sort, "infected"))
        return a->infected < b->infected || (a->infected == b->infected && by_id > 0);
    if (!strcmp(sort, "doubling_s"))
        return a->doubling_s < b->doubling_s || (!(a->doubling_s > b->doubling_s) && by_id > 0);
    if (!strcmp(sort, "proto"))
        return strcmp(a->proto, b->proto) < 0 || (!strcmp(a->proto, b->proto) && by_id > 0);
    if (!strcmp(sort, "title")) return strcmp(a->title, b->title) < 0;
    return by_id > 0;
}

/* Walks all pages; returns how many rows there were. */
static size_t walk(struct eki_store *store, struct eki_store_query query)
{
    struct eki_store_work *work = place_read(store);
    struct eki_store_outbreak *rows, last = {0};
    struct eki_store_page page;
    size_t seen = 0;
    do {
        assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
        for (size_t i = 0; i < page.count; i++, seen++) {
            const struct eki_store_outbreak *a = query.descending ? &rows[i] : &last;
            const struct eki_store_outbreak *b = query.descending ? &last : &rows[i];
            if (seen) assert_true(in_order(a, b, query.sort ? query.sort : "id"));
            last = rows[i];
        }
        assert_true(page.count == query.limit || !page.next);
        query.cursor = page.next;
        assert_true(seen <= ROWS);
    } while (page.next);
    eki_store_end(work);
    return seen;
}

static void every_row_is_on_one_page(void **state)
{
    static const char *const sorts[] = {NULL, "id", "infected", "doubling_s", "proto", "title"};
    static const uint32_t limits[] = {1, 7, 50, ROWS, 1000};
    struct eki_store *store = place_open(*state);
    fill(store);
    for (size_t s = 0; s < sizeof sorts / sizeof *sorts; s++)
        for (size_t l = s ? 1 : 0; l < sizeof limits / sizeof *limits; l++)
            for (int descending = 0; descending < 2; descending++)
                assert_int_equal(walk(store, (struct eki_store_query){.sort = sorts[s],
                                                                      .limit = limits[l],
                                                                      .descending = descending}),
                                 ROWS);
    eki_store_close(store);
}

static uint64_t count(struct eki_store *store, const struct eki_store_query *query)
{
    struct eki_store_work *work = place_read(store);
    uint64_t found = 0;
    assert_int_equal(eki_store_count(work, EKI_STORE_OUTBREAK, query, &found), EKI_OK);
    eki_store_end(work);
    struct eki_store_query listed = *query;
    listed.limit = 17;
    assert_int_equal(walk(store, listed), found);
    return found;
}

static void conditions(void **state)
{
    struct eki_store *store = place_open(*state);
    fill(store);
    assert_int_equal(count(store, &(struct eki_store_query){0}), ROWS);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"proto", .text = "tcp"}}}), ROWS / 2);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"port", '>', .number = 8}}}),
                     ROWS / 10);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"port", '!', .number = 8}}}),
                     ROWS - ROWS / 10);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"proto", .text = "udp"},
                                                                      {"port", '<', .number = 2}}}),
                     ROWS / 10);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"doubling_s", '<', .real = 0.1}}}),
                     28);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"analysis", .number = 2}}}), 0);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"analysis", .number = 0}}}), 0);
    assert_int_equal(count(store, &(struct eki_store_query){.where = {{"analysis", '!', .number = 0}}}),
                     ROWS);
    assert_int_equal(count(store, &(struct eki_store_query){.text = "oFFice"}), ROWS - 36);
    assert_int_equal(count(store, &(struct eki_store_query){.text = "0%_p"}), 36);
    assert_int_equal(count(store, &(struct eki_store_query){.text = "%"}), 36); /* no sign of LIKE */
    assert_int_equal(count(store, &(struct eki_store_query){.text = "_f"}), 0);
    assert_int_equal(count(store, &(struct eki_store_query){.text = "\\"}), 0);
    assert_int_equal(
        count(store, &(struct eki_store_query){.text = "office 8", .where = {{"port", .number = 8}}}),
        2); /* 8 and 88 */
    eki_store_close(store);
}

static void refused(struct eki_store *store, const struct eki_store_query *query)
{
    struct eki_store_work *work = place_read(store);
    struct eki_store_outbreak *rows = NULL;
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, query, &rows, &page), EKI_ERROR_ARGUMENT);
    assert_null(rows);
    assert_true(strlen(eki_store_why(work)->what) > 5);
    eki_store_end(work);
}

static void what_cannot_be_asked(void **state)
{
    static const char *const cursors[] = {"x",
                                          "0a",
                                          "0a.",
                                          "0a.1",
                                          "0a.1.",
                                          "0a..1",
                                          "0d.1.1",
                                          "1a.1.1",
                                          "0a. 1.1",
                                          "0a.1.1 ",
                                          "0a.1.1.1",
                                          "0a.0x1.1",
                                          "0a.9223372036854775808.1",
                                          "0a.1.1'--",
                                          "15a.4.1",
                                          "15a.zz.1"};
    struct eki_store *store = place_open(*state);
    fill(store);
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++)
        refused(store, &(struct eki_store_query){.cursor = cursors[i]});
    static const char *const texts[] = {"15a.4.1", "15a.zz.1", "15a.ff.1", "15a.00.1", "15a.4f"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refused(store, &(struct eki_store_query){.cursor = texts[i], .sort = "title"});
    static const char *const reals[] = {"13a.1.1", "13a.7ff0000000000000.1", "13a.7ff000000000000g.1"};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        refused(store, &(struct eki_store_query){.cursor = reals[i], .sort = "doubling_s"});
    refused(store, &(struct eki_store_query){.sort = "title; DROP TABLE outbreak"});
    refused(store, &(struct eki_store_query){.sort = "analysis"});
    refused(store, &(struct eki_store_query){.where = {{"no", .number = 1}}});
    refused(store, &(struct eki_store_query){.where = {{"port", '%', .number = 1}}});
    refused(store, &(struct eki_store_query){.where = {{"title", .text = "\xc3"}}});
    refused(store, &(struct eki_store_query){.text = "\xc3"});
    struct eki_store_work *work = place_read(store);
    struct eki_store_account *accounts;
    struct eki_store_page page;
    const struct eki_store_query secret = {.where = {{"password_hash", '>', .text = "$"}}};
    assert_int_equal(eki_store_list(work, &secret, &accounts, &page), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    eki_store_close(store);
}

/* A page follows the last row seen, not a number of rows: what is removed or added before it moves nothing.
 */
static void pages_do_not_slip(void **state)
{
    struct eki_store *store = place_open(*state);
    fill(store);
    struct eki_store_work *work = place_write(store, 20);
    struct eki_store_outbreak *rows, *next;
    struct eki_store_page page, second;
    struct eki_store_query query = {.limit = 10};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++) assert_int_equal(eki_store_remove(work, &rows[i]), EKI_OK);
    query.cursor = page.next;
    assert_int_equal(eki_store_list(work, &query, &next, &second), EKI_OK);
    assert_int_equal(next[0].id, rows[9].id + 1);
    place_commit(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(every_row_is_on_one_page),
        PLACE_BOTH(conditions),
        PLACE_BOTH(what_cannot_be_asked),
        PLACE_BOTH(pages_do_not_slip),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
