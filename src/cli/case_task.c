/* SPDX-License-Identifier: Apache-2.0 */
/* The tasks of a case: shown by department, set, changed. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/case_told.h"
#include "cli/command.h"
#include "cli/output.h"

static json_t *time_of(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    return microseconds ? json_string(eki_time_format(microseconds * 1000, text)) : json_null();
}

static void print_json(const struct eki_store_task *t)
{
    json_t *object = json_pack("{s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:I,s:o,s:o,s:o}", "type", "task", "case",
                               (json_int_t)t->of_case, "id", (json_int_t)t->id, "title", t->title, "text",
                               t->text, "playbook", t->playbook, "department", t->department, "state",
                               t->state, "account", (json_int_t)t->account, "due", time_of(t->due), "created",
                               time_of(t->created), "ended", time_of(t->ended));
    if (object) json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(object);
}

static void print_line(const struct eki_case_desk *desk, const struct eki_store_task *t)
{
    char due[EKI_TIME_TEXT];
    bool ended = t->ended != 0, late = t->due && (ended ? t->ended : desk->act.at) > t->due;
    const char *lateness = !late ? "" : ended ? EKI_TEXT("late") : EKI_TEXT("OVER");
    printf("    %5lld  ", (long long)t->id);
    eki_say_column(eki_case_called(desk, "task", t->state), 10);
    eki_say_column(eki_report_text_in(desk->request->language, lateness), 9);
    if (t->due)
        printf("%.19sZ", eki_time_format(t->due * 1000, due));
    else
        printf("%20s", "");
    printf("  ");
    eki_output_plain(stdout, eki_case_task_title(t, desk->catalogue, desk->request->language));
    putchar('\n');
}

enum eki_error eki_case_show_tasks(const struct eki_case_desk *desk, struct eki_store_work *work,
                                   int64_t of_case)
{
    struct eki_store_task *rows;
    struct eki_store_page page;
    const char *department = NULL;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}}, .sort = "department", .limit = EKI_CASE_TASKS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && page.count && !desk->request->json)
        printf("\n%s\n", eki_report_text_in(desk->request->language, EKI_TEXT("Tasks")));
    for (size_t i = 0; !error && i < page.count; i++) {
        if (desk->request->json) {
            print_json(&rows[i]);
            continue;
        }
        if (!department || strcmp(department, rows[i].department) != 0) {
            printf("  ");
            eki_output_plain(stdout, eki_case_called(desk, "department", rows[i].department));
            putchar('\n');
        }
        department = rows[i].department;
        print_line(desk, &rows[i]);
    }
    return error;
}

/* The account that --assignee names; 0 for "none". */
static enum eki_error find_assignee(const struct eki_case_desk *desk, struct eki_store_work *work,
                                    int64_t *ret_account, struct eki_fault *fault)
{
    struct eki_store_account account;
    const char *name = desk->request->assignee;
    *ret_account = 0;
    if (!name || !strcmp(name, "none")) return EKI_OK;
    enum eki_error error = eki_store_find(work, &account, "name", name);
    if (error == EKI_ERROR_MISSING) eki_fault_set(fault, error, 0, "account %.100s", name);
    if (!error) *ret_account = account.id;
    return error;
}

static enum eki_error change(const struct eki_case_desk *desk, struct eki_store_work *work, int64_t *ret_task,
                             struct eki_fault *fault)
{
    static const char *const states[][2] = {
        {"start", "doing"}, {"done", "done"}, {"drop", "dropped"}, {"again", "open"}};
    const struct eki_case_request *r = desk->request;
    struct eki_case_task_news news = {.of_case = r->of_case,
                                      .task = r->task,
                                      .catalogue = desk->catalogue,
                                      .department = r->department,
                                      .assign = r->assignee != NULL,
                                      .date = r->dated,
                                      .due = r->due == EKI_TIME_NONE ? 0 : r->due / 1000};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(r->verb, states[i][0])) news.state = states[i][1];
    enum eki_error error = find_assignee(desk, work, &news.account, fault);
    if (error) return error;
    *ret_task = r->task;
    error = eki_case_task_change(work, &desk->act, &news, fault);
    if (error == EKI_ERROR_MISSING && !*fault->what)
        eki_fault_set(fault, error, 0, "task %lld of case %lld", (long long)r->task, (long long)r->of_case);
    return error;
}

static enum eki_error add(const struct eki_case_desk *desk, struct eki_store_work *work, int64_t *ret_task,
                          struct eki_fault *fault)
{
    const struct eki_case_request *r = desk->request;
    struct eki_case_task task = {.of_case = r->of_case,
                                 .title = r->text,
                                 .department = r->department,
                                 .due = r->dated && r->due != EKI_TIME_NONE ? r->due / 1000 : 0};
    enum eki_error error = find_assignee(desk, work, &task.account, fault);
    if (!error) error = eki_case_task_add(work, &desk->act, &task, ret_task, fault);
    return error;
}

/* What was done: a line, or, for machines, the task as it is then. */
static enum eki_error tell(const struct eki_case_desk *desk, struct eki_store_work *work, int64_t task)
{
    struct eki_store_task row;
    if (!desk->request->json) return eki_case_told_task(desk, work, task);
    enum eki_error error = eki_store_get(work, &row, task);
    if (!error) print_json(&row);
    return error;
}

int eki_case_tasks(const struct eki_case_desk *desk)
{
    int64_t task = 0;
    struct eki_store_case row;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, desk->request->of_case);
    if (error == EKI_ERROR_MISSING)
        eki_fault_set(&fault, error, 0, "case %lld", (long long)desk->request->of_case);
    if (!error && !strcmp(desk->request->verb, "add"))
        error = add(desk, work, &task, &fault);
    else if (!error && strcmp(desk->request->verb, "list") != 0)
        error = change(desk, work, &task, &fault);
    if (!error)
        error = task ? tell(desk, work, task) : eki_case_show_tasks(desk, work, desk->request->of_case);
    return eki_case_end(desk, work, error, &fault);
}
