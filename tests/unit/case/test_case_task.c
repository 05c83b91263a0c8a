/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks: laid by playbooks that fit, once; set, taken up, done, told in the timeline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "desk.h"
#include "ekigaku/case_task.h"
#include "ekigaku/case_words.h"

static const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "tester"};
static struct eki_fault fault;

static struct eki_catalogue *catalogue_read(void)
{
    struct eki_catalogue *catalogue;
    const char *path;
    assert_int_equal(eki_catalogue_read(NULL, &catalogue, &path, &fault), EKI_OK);
    return catalogue;
}

static size_t tasks_of(struct eki_store_work *work, int64_t of_case, struct eki_store_task **ret_rows)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_CASE_TASKS};
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, &query, ret_rows, &page), EKI_OK);
    return page.count;
}

static struct eki_store_case_entry last_entry(struct eki_store_work *work, int64_t of_case)
{
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query last = {
        .where = {{.column = "of_case", .number = of_case}}, .descending = true, .limit = 1};
    assert_int_equal(eki_store_list(work, &last, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0];
}

/* desk_case() is of class I by air: containment, destruction, and the measures for all such. */
static void laid_once(void **state)
{
    struct eki_catalogue *catalogue = catalogue_read();
    int64_t of_case = desk_case(*state, NULL, 0);
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_task *rows;
    size_t laid = 0, expected = 0;
    for (size_t i = 0; i < catalogue->playbook_count; i++)
        if (eki_playbook_fits(&catalogue->playbooks[i], "I", "", "airborne"))
            expected += catalogue->playbooks[i].step_count;
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, &laid), EKI_OK);
    assert_true(laid > 15 && laid == expected);
    assert_int_equal(tasks_of(work, of_case, &rows), laid);
    for (size_t i = 0; i < laid; i++) {
        const struct eki_playbook_step *step = eki_catalogue_step(catalogue, rows[i].playbook, NULL);
        assert_non_null(step);
        assert_string_equal(rows[i].department, eki_department_role_name(step->role));
        assert_int_equal(rows[i].due, DESK_NOW / 1000 + (int64_t)step->hours * 3600 * 1000000);
        assert_string_equal(eki_case_task_title(&rows[i], catalogue, EKI_JAPANESE), step->title_ja);
        assert_string_equal(eki_case_task_text(&rows[i], NULL, EKI_JAPANESE), step->text);
    }
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, &laid), EKI_OK);
    assert_int_equal(laid, 0);
    assert_int_equal(eki_case_tasks_lay(work, &act, 99, catalogue, &laid), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_catalogue_free(catalogue);
}

static void which_fit(void **state)
{
    (void)state;
    const struct eki_playbook any = {0}, routed = {.routes = "droplet contact"},
                              either = {.classes = "II III", .families = "mirai"};
    assert_true(eki_playbook_fits(&any, "", "", ""));
    assert_true(eki_playbook_fits(&routed, "I", "", "contact"));
    assert_false(eki_playbook_fits(&routed, "I", "", "airborne"));
    assert_true(eki_playbook_fits(&either, "III", "", "airborne"));
    assert_true(eki_playbook_fits(&either, "I", "mirai", "airborne"));
    assert_false(eki_playbook_fits(&either, "I", "", "airborne")); /* "I" is not "II" */
    assert_false(eki_playbook_fits(&either, "IV", "mira", "airborne"));
}

static void worked_on(void **state)
{
    struct eki_catalogue *catalogue = catalogue_read();
    int64_t of_case = desk_case(*state, NULL, 0), ada = desk_account(*state, "ada"), id;
    struct eki_store_act hers = {.at = act.at + 5, .account = ada, .who = "ada"};
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_task row, *rows;
    char room[EKI_CASE_WORDS];
    struct eki_case_task task = {
        .of_case = of_case, .title = "Call the works", .department = "works", .due = act.at + 9};
    assert_int_equal(eki_case_task_add(work, &act, &task, &id, &fault), EKI_OK);
    assert_string_equal(last_entry(work, of_case).text, "Task set: Call the works");
    assert_int_equal(
        eki_case_task_change(work, &hers,
                             &(struct eki_case_task_news){.of_case = of_case, .task = id, .state = "doing"},
                             &fault),
        EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_int_equal(row.account, ada);
    assert_int_equal(row.ended, 0);
    assert_int_equal(eki_case_task_change(work, &hers,
                                          &(struct eki_case_task_news){
                                              .of_case = of_case, .task = id, .state = "done", .date = true},
                                          &fault),
                     EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_int_equal(row.ended, hers.at);
    assert_int_equal(row.due, 0);
    assert_string_equal(last_entry(work, of_case).text, "Task done: Call the works");
    assert_int_equal(
        eki_case_task_change(
            work, &act,
            &(struct eki_case_task_news){.of_case = of_case, .task = id, .state = "open", .assign = true},
            &fault),
        EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_true(!row.ended && !row.account);
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, NULL), EKI_OK);
    tasks_of(work, of_case, &rows);
    const struct eki_case_task_news done = {
        .of_case = of_case, .task = rows[1].id, .state = "done", .catalogue = catalogue};
    assert_int_equal(eki_case_task_change(work, &hers, &done, &fault), EKI_OK);
    struct eki_store_case_entry entry = last_entry(work, of_case);
    assert_string_equal(entry.tags, rows[1].playbook);
    const char *japanese = eki_case_entry_words(&entry, EKI_JAPANESE, room);
    assert_non_null(strstr(japanese, eki_case_task_title(&rows[1], catalogue, EKI_JAPANESE)));
    assert_null(strstr(japanese, rows[1].title));
    assert_null(strchr(entry.text, 0x1e));
    eki_store_end(work);
    eki_catalogue_free(catalogue);
}

static void refused(void **state)
{
    int64_t of_case = desk_case(*state, NULL, 0), other = desk_case(*state, NULL, 0), id, none;
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_case row;
    struct eki_case_task_news done = {.state = "done"}, odd = {.of_case = of_case, .state = "nearly"},
                              stranger = {.of_case = of_case, .assign = true, .account = 77};
    assert_int_equal(eki_case_task_add(work, &act,
                                       &(struct eki_case_task){.of_case = of_case, .title = " \n"}, &id,
                                       &fault),
                     EKI_ERROR_ARGUMENT);
    assert_int_equal(
        eki_case_task_add(work, &act, &(struct eki_case_task){.of_case = 99, .title = "x"}, &id, &fault),
        EKI_ERROR_MISSING);
    assert_int_equal(eki_case_task_add(
                         work, &act, &(struct eki_case_task){.of_case = of_case, .title = "x", .account = 77},
                         &id, &fault),
                     EKI_ERROR_MISSING);
    assert_int_equal(
        eki_case_task_add(work, &act, &(struct eki_case_task){.of_case = of_case, .title = "x"}, &id, &fault),
        EKI_OK);
    done = (struct eki_case_task_news){.of_case = other, .task = id, .state = "done"};
    odd.task = stranger.task = id;
    assert_int_equal(eki_case_task_change(work, &act, &done, &fault), EKI_ERROR_MISSING);
    done = (struct eki_case_task_news){.of_case = of_case, .task = 99, .state = "done"};
    assert_int_equal(eki_case_task_change(work, &act, &done, &fault), EKI_ERROR_MISSING);
    assert_int_equal(eki_case_task_change(work, &act, &odd, &fault), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_case_task_change(work, &act, &stranger, &fault), EKI_ERROR_MISSING);
    for (int i = 1; i < EKI_CASE_TASKS; i++)
        assert_int_equal(eki_case_task_add(work, &act,
                                           &(struct eki_case_task){.of_case = of_case, .title = "x"}, &none,
                                           &fault),
                         EKI_OK);
    assert_int_equal(eki_case_task_add(work, &act, &(struct eki_case_task){.of_case = of_case, .title = "x"},
                                       &none, &fault),
                     EKI_ERROR_LIMIT);
    assert_int_equal(eki_store_get(work, &row, of_case), EKI_OK);
    row.state = "merged";
    row.merged_into = other;
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    done.task = id;
    assert_int_equal(eki_case_task_change(work, &act, &done, &fault), EKI_ERROR_CONFLICT);
    eki_store_end(work);
}

static struct eki_store_task task_of(struct eki_store_work *work, int64_t id)
{
    struct eki_store_task row;
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    return row;
}

/* Given up, taken up again by somebody, who stays the one that does it. */
static void given_up_and_taken_up(void **state)
{
    int64_t of_case = desk_case(*state, NULL, 0), id;
    struct eki_store_work *work = desk_write(*state);
    int64_t ada = desk_add_account(work, "ada", "analyst"), ben = desk_add_account(work, "ben", "analyst");
    const struct eki_store_act hers = {.at = act.at + 5, .account = ada, .who = "ada"},
                               his = {.at = act.at + 6, .account = ben, .who = "ben"};
    const struct eki_case_task task = {
        .of_case = of_case, .title = "Call", .text = "How", .department = "works", .due = act.at + 9};
    struct eki_case_task_news news = {
        .of_case = of_case, .state = "dropped", .department = "it", .date = true, .due = 99};
    assert_int_equal(eki_case_task_add(work, &act, &task, &id, &fault), EKI_OK);
    struct eki_store_task row = task_of(work, id);
    assert_string_equal(row.text, "How");
    assert_string_equal(row.department, "works");
    assert_int_equal(row.due, act.at + 9);
    news.task = id;
    assert_int_equal(eki_case_task_change(work, &hers, &news, &fault), EKI_OK);
    row = task_of(work, id);
    assert_string_equal(row.department, "it");
    assert_true(row.due == 99 && row.ended == hers.at && !row.account);
    assert_string_equal(last_entry(work, of_case).code, "task.dropped");
    int64_t told = last_entry(work, of_case).id;
    assert_int_equal(eki_case_task_change(work, &his, &news, &fault), EKI_OK); /* it was already */
    assert_int_equal(task_of(work, id).ended, hers.at);
    assert_int_equal(last_entry(work, of_case).id, told);
    news = (struct eki_case_task_news){.of_case = of_case, .task = id, .state = "doing"};
    assert_int_equal(eki_case_task_change(work, &hers, &news, &fault), EKI_OK);
    row = task_of(work, id);
    assert_true(row.account == ada && !row.ended);
    assert_string_equal(last_entry(work, of_case).code, "task.again");
    for (int i = 0; i < 2; i++) {
        news.state = i ? "doing" : "open";
        assert_int_equal(eki_case_task_change(work, &his, &news, &fault), EKI_OK);
        assert_int_equal(task_of(work, id).account, ada);
    }
    eki_store_end(work);
}

/* Only what is missing is laid again, up to the bound. */
static void laid_again(void **state)
{
    struct eki_catalogue *catalogue = catalogue_read();
    int64_t of_case = desk_case(*state, NULL, 0), id;
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_task *rows;
    size_t laid, count;
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, &laid), EKI_OK);
    count = tasks_of(work, of_case, &rows);
    assert_string_equal(eki_case_task_text(&rows[0], catalogue, EKI_JAPANESE),
                        eki_catalogue_step(catalogue, rows[0].playbook, NULL)->text_ja);
    assert_int_equal(eki_store_remove(work, &rows[2]), EKI_OK);
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, &laid), EKI_OK);
    assert_int_equal(laid, 1);
    count = tasks_of(work, of_case, &rows);
    for (size_t i = count - 1; i < EKI_CASE_TASKS; i++) {
        const struct eki_case_task task = {.of_case = of_case, .title = "x"};
        if (i == count - 1) assert_int_equal(eki_store_remove(work, &rows[2]), EKI_OK);
        assert_int_equal(eki_case_task_add(work, &act, &task, &id, &fault), EKI_OK);
    }
    assert_int_equal(eki_case_tasks_lay(work, &act, of_case, catalogue, &laid), EKI_ERROR_LIMIT);
    eki_store_end(work);
    eki_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_fit),      DESK_TEST(laid_once), DESK_TEST(worked_on), DESK_TEST(refused),
        DESK_TEST(given_up_and_taken_up), DESK_TEST(laid_again)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
