/* SPDX-License-Identifier: Apache-2.0 */
/* An outbreak becomes a case: all its hosts, once, each with the owner that the look-up names. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_merge.h"
#include "outcome.h"

enum { HOSTS = 20 };

static struct eki_fault fault;
static const struct eki_store_act act = {.at = 50, .who = "tester"};

/* An outbreak of this many hosts, 10.0.0.1 and up, whose facts bear a label; its id. */
static int64_t add_labelled(struct eki_store_work *work, size_t count, const char *tlp)
{
    struct outcome outcome;
    struct eki_store_analysis analysis;
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    const struct eki_store_keeping keeping = {.title = "x", .facts_path = "x", .tlp = tlp};
    outcome_make(&outcome, count);
    assert_int_equal(eki_store_keep_result(work, &keeping, &outcome.result, &analysis), EKI_OK);
    outcome_done(&outcome);
    const struct eki_store_query of = {.where = {{"analysis", .number = analysis.id}}};
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0].id;
}

static int64_t add_outbreak(struct eki_store_work *work, size_t count)
{
    return add_labelled(work, count, NULL);
}

/* Kill switches and addresses of public networks; private ones say nothing to others. Only those that
 * searched for its service. */
static void indicators_of_the_outbreak(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct outcome outcome;
    struct eki_store_analysis analysis;
    struct eki_store_outbreak *outbreaks;
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    struct eki_case_news news;
    const struct eki_store_keeping keeping = {.title = "x", .facts_path = "x"};
    int64_t id;
    outcome_make(&outcome, 3);
    outcome.infections[2].host = eki_address_v4(0x08080808u);
    outcome.scanners[0].host = eki_address_v4(0x08080404u);
    outcome.scanners[1].host = eki_address_v4(0x01010101u);
    outcome.scanners[1].service = 23;
    assert_int_equal(eki_store_keep_result(work, &keeping, &outcome.result, &analysis), EKI_OK);
    outcome_done(&outcome);
    assert_int_equal(eki_store_list(work, &(struct eki_store_query){.limit = 10}, &outbreaks, &page), EKI_OK);
    const struct eki_case_opening opening = {.outbreak = outbreaks[0].id};
    assert_int_equal(eki_case_open(work, &act, &opening, &id, &fault), EKI_OK);
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_OK); /* nothing twice */
    const struct eki_store_query of = {.where = {{"of_case", .number = id}}, .sort = "value", .limit = 10};
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 4);
    assert_string_equal(rows[0].value, "8.8.4.4");
    assert_string_equal(rows[0].comment, "scanner");
    assert_string_equal(rows[1].value, "8.8.8.8");
    assert_string_equal(rows[1].comment, "infected");
    assert_string_equal(rows[2].value, OUTCOME_KILL_SWITCH);
    assert_string_equal(rows[3].value, OUTCOME_DROPPED);
    assert_string_equal(rows[3].kind, "file");
    assert_true(rows[2].detect && rows[2].sightings == 1 && rows[2].first == INT64_C(1494574800000000));
    eki_store_end(work);
    eki_store_close(store);
}

static void opened_once_and_brought_up_to_date(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_directory *directory = desk_directory(
        "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\"}\n"
        "{\"kind\":\"network\",\"prefix\":\"10.0.0.0/28\",\"team\":\"kawa\"}\n");
    struct eki_case_opening opening = {
        .outbreak = add_outbreak(work, HOSTS / 2), .directory = directory, .tlp = "RED"};
    struct eki_store_case row;
    struct eki_store_case_host *hosts;
    struct eki_store_page page;
    struct eki_case_news news;
    int64_t id, second;
    assert_int_equal(eki_case_open(work, &act, &opening, &id, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_string_equal(row.title, "wannacry tcp/445");
    assert_string_equal(row.state, "open");
    assert_string_equal(row.tlp, "RED");
    assert_int_equal(row.aware, 50);
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_OK);
    assert_int_equal(news.hosts, 0);
    opening.outbreak = add_outbreak(work, HOSTS);
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_OK);
    assert_int_equal(news.hosts, HOSTS / 2);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, id), HOSTS);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_ENTRY, id), 2);
    const struct eki_store_query all = {.where = {{.column = "of_case", .number = id}}};
    assert_int_equal(eki_store_list(work, &all, &hosts, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++)
        assert_string_equal(hosts[i].team,
                            strtol(strrchr(hosts[i].host, '.') + 1, NULL, 10) < 16 ? "kawa" : "");
    row.tlp = "AMBER+STRICT";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    news = (struct eki_case_news){0};
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_ERROR_CONFLICT); /* RED into it */
    assert_non_null(strstr(news.why, "stricter label"));
    row.tlp = ""; /* not marked: told as AMBER+STRICT */
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_ERROR_CONFLICT);
    opening.tlp = "AMBER";
    news = (struct eki_case_news){0};
    assert_int_equal(eki_case_update(work, &act, id, &opening, &news), EKI_OK);
    opening.tlp = "RED";
    assert_int_equal(eki_case_open(work, &act, &opening, &second, &fault), EKI_OK); /* another outbreak */
    assert_int_equal(eki_case_open(work, &act, &opening, &second, &fault), EKI_ERROR_CONFLICT);
    assert_non_null(strstr(fault.what, "is open for this outbreak"));
    eki_store_end(work);
    eki_directory_free(directory);
    eki_store_close(store);
}

static enum eki_tlp label_of(struct eki_store_work *work, int64_t outbreak)
{
    enum eki_tlp label = EKI_TLP_CLEAR;
    assert_int_equal(eki_outbreak_label(work, outbreak, &label), EKI_OK);
    return label;
}

/* The label under which a result was kept, and the one that somebody gave the case of an outbreak, hold for
 * whoever makes or fills another case of it later and says no label at all, or a wider one. */
static void a_label_stays_with_what_is_kept(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    int64_t red = add_labelled(work, HOSTS, "RED"), green = add_labelled(work, HOSTS, "GREEN");
    struct eki_case_opening opening = {.outbreak = green, .tlp = "CLEAR"};
    struct eki_case_news news = {0};
    struct eki_store_case row;
    int64_t wide, narrow;
    assert_int_equal(label_of(work, red), EKI_TLP_RED); /* no case is made of it yet */
    assert_int_equal(label_of(work, green), EKI_TLP_UNMARKED);
    assert_int_equal(eki_case_open(work, &act, &opening, &wide, &fault), EKI_ERROR_CONFLICT);
    assert_non_null(strstr(fault.what, "TLP:CLEAR reaches further than TLP:GREEN"));
    opening.tlp = NULL;
    assert_int_equal(eki_case_open(work, &act, &opening, &wide, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, wide), EKI_OK);
    assert_string_equal(row.tlp, "GREEN");
    opening = (struct eki_case_opening){.outbreak = red};
    assert_int_equal(eki_case_update(work, &act, wide, &opening, &news), EKI_ERROR_CONFLICT);
    assert_non_null(strstr(news.why, "stricter label"));
    assert_int_equal(eki_case_open(work, &act, &opening, &narrow, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, narrow), EKI_OK);
    assert_string_equal(row.tlp, "RED");
    news = (struct eki_case_news){0};
    opening.outbreak = green;
    assert_int_equal(eki_case_update(work, &act, narrow, &opening, &news), EKI_OK); /* into a stricter one */
    opening = (struct eki_case_opening){.outbreak = add_outbreak(work, HOSTS), .tlp = "RED"};
    assert_int_equal(eki_case_open(work, &act, &opening, &narrow, &fault), EKI_OK);
    opening.tlp = NULL;
    assert_int_equal(eki_case_update(work, &act, wide, &opening, &news),
                     EKI_ERROR_CONFLICT); /* by its case */
    news = (struct eki_case_news){0};
    assert_int_equal(eki_case_update(work, &act, narrow, &opening, &news), EKI_OK); /* its own says nothing */
    eki_store_end(work);
    eki_store_close(store);
}

/* Split, merged, split and merged again: what is somewhere among the kin is new to none. */
static void kin_over_many_steps(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    const struct eki_case_opening opening = {.outbreak = add_outbreak(work, HOSTS)};
    static const char *const third[] = {"10.0.0.3"}, *const fourth[] = {"10.0.0.4"};
    struct eki_case_news news;
    int64_t a, b, c, d[3], alone;
    assert_int_equal(eki_case_open(work, &act, &opening, &a, &fault), EKI_OK);
    struct eki_case_splitting splitting = {.of_case = a, .hosts = third, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &b, &fault), EKI_OK);
    for (int i = 0; i < 3; i++) {
        struct eki_store_case row = {.title = "d", .state = "open", .handling_class = 3, .created = 1};
        assert_int_equal(eki_store_add(work, &row), EKI_OK);
        d[i] = row.id;
    }
    assert_int_equal(eki_case_merge(work, &act, a, d[0], &fault), EKI_OK);
    assert_int_equal(eki_case_update(work, &act, d[0], &opening, &news), EKI_OK);
    assert_int_equal(news.hosts, 0);
    splitting = (struct eki_case_splitting){.of_case = d[0], .hosts = fourth, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &c, &fault), EKI_OK);
    assert_int_equal(eki_case_merge(work, &act, d[0], d[1], &fault), EKI_OK);
    assert_int_equal(eki_case_merge(work, &act, c, d[2], &fault), EKI_OK);
    const int64_t kin[] = {b, d[1], d[2]};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(eki_case_update(work, &act, kin[i], &opening, &news), EKI_OK);
        assert_int_equal(news.hosts, 0);
        assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, kin[i]), i == 1 ? HOSTS - 2 : 1);
    }
    struct eki_store_case other = {.title = "o", .state = "open", .handling_class = 3, .created = 1};
    assert_int_equal(eki_store_add(work, &other), EKI_OK); /* hangs together with none of them */
    alone = other.id;
    assert_int_equal(eki_case_update(work, &act, alone, &opening, &news), EKI_OK);
    assert_int_equal(news.hosts, HOSTS);
    struct eki_store_case circle; /* which no call makes */
    assert_int_equal(eki_store_get(work, &circle, d[1]), EKI_OK);
    circle.merged_into = a;
    assert_int_equal(eki_store_change(work, &circle), EKI_OK);
    assert_int_equal(eki_case_update(work, &act, b, &opening, &news), EKI_OK);
    assert_int_equal(news.hosts, 0);
    eki_store_end(work);
    eki_store_close(store);
}

static void of_nothing(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    const struct eki_case_opening opening = {.outbreak = 9};
    struct eki_case_news news;
    int64_t id;
    assert_int_equal(eki_case_open(work, &act, &opening, &id, &fault), EKI_ERROR_MISSING);
    assert_int_equal(eki_case_update(work, &act, 1, &opening, &news), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(opened_once_and_brought_up_to_date), PLACE_BOTH(a_label_stays_with_what_is_kept),
        PLACE_BOTH(indicators_of_the_outbreak), PLACE_BOTH(kin_over_many_steps), PLACE_BOTH(of_nothing)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
