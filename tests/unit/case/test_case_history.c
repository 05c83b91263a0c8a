/* SPDX-License-Identifier: Apache-2.0 */
/* Under which labels the history of a case is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_history.h"
#include "ekigaku/case_indicator.h"

static const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "ada"};
static struct eki_fault fault;

/* The labels of all entries: "notice RED|". */
static enum eki_error take(void *user, const struct eki_store_audit *entry, enum eki_tlp label)
{
    char *text = user;
    size_t length = strlen(text);
    if (label != EKI_TLP_CLEAR)
        snprintf(text + length, 1000 - length, "%s %s|", entry->table_name, eki_tlp_word(label));
    return EKI_OK;
}

static void assert_labels(struct desk *desk, int64_t of_case, const char *labels)
{
    char told[1000] = "";
    assert_int_equal(eki_case_history(desk->store, of_case, take, told, &fault), EKI_OK);
    assert_string_equal(told, labels);
}

static int64_t add_notice(struct eki_store_work *work, int64_t of_case, const char *tlp)
{
    struct eki_store_notice row = {.of_case = of_case,
                                   .team = "kawa",
                                   .address = "poc@kawa.example",
                                   .language = "en",
                                   .format = "text",
                                   .tlp = tlp,
                                   .state = "draft"};
    struct eki_store_case_host *hosts;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}, .limit = 1};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
    assert_int_equal(eki_store_list(work, &query, &hosts, &page), EKI_OK);
    struct eki_store_notice_host named = {.notice = row.id, .case_host = hosts[0].id};
    assert_int_equal(eki_store_add(work, &named), EKI_OK);
    struct eki_store_enquiry enquiry = {.of_case = of_case,
                                        .notice = row.id,
                                        .subject = "why?",
                                        .asker = "poc@kawa.example",
                                        .state = "open"};
    assert_int_equal(eki_store_add(work, &enquiry), EKI_OK);
    struct eki_store_enquiry_entry entry = {
        .enquiry = enquiry.id, .at = act.at, .kind = "question", .text = "?"};
    assert_int_equal(eki_store_add(work, &entry), EKI_OK);
    row.state = "released"; /* of this the log has the state alone */
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    return row.id;
}

static void notices_have_their_own(void **state)
{
    struct desk *desk = *state;
    int64_t of_case = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1);
    struct eki_store_work *work = desk_write(desk);
    struct eki_store_notice row;
    int64_t strict = add_notice(work, of_case, "RED");
    add_notice(work, of_case, "");
    desk_commit(work);
    assert_labels(desk, of_case, "notice RED|notice_host RED|enquiry RED|enquiry_entry RED|notice RED|");
    work = desk_write(desk);
    assert_int_equal(eki_store_get(work, &row, strict), EKI_OK);
    row.tlp = "GREEN"; /* what the log has of the time before stays RED */
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
    assert_labels(desk, of_case,
                  "notice RED|notice_host RED|enquiry RED|enquiry_entry RED|notice RED|notice RED|");
}

/* What was entered under the label of the case and is for fewer now is told to fewer from its beginning. */
static void indicators_have_their_own(void **state)
{
    struct desk *desk = *state;
    int64_t of_case = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1);
    struct eki_indicator_list *list;
    struct eki_case_sightings sightings;
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}, .limit = 2};
    const struct eki_indicator_change change = {.tlp = "RED", .detect = -1};
    assert_int_equal(eki_indicator_list_read("a.example b.example", 19, &list, &fault), EKI_OK);
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(
        eki_case_indicators(work, &act, &(struct eki_case_paste){of_case, list}, &sightings, &fault), EKI_OK);
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    assert_int_equal(eki_indicator_change(work, &act, rows[0].id, &change, &fault), EKI_OK);
    assert_int_equal(eki_indicator_remove(work, &act, rows[0].id), EKI_OK);
    desk_commit(work);
    eki_indicator_list_free(list);
    assert_labels(desk, of_case, "indicator RED|indicator RED|case_entry RED|indicator RED|case_entry RED|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(notices_have_their_own),
                                       DESK_TEST(indicators_have_their_own)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
