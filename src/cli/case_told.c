/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_told.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"

static void put(const struct eki_case_desk *desk, const char *english, int64_t first, int64_t second)
{
    eki_case_tell(desk, english, EKI_VALUES(eki_say_number(first).text, eki_say_number(second).text));
}

/* Open tasks that are due come first; of those without a date the first that was set. */
static bool is_before(const struct eki_store_task *a, const struct eki_store_task *b)
{
    if (!b) return true;
    if ((a->due != 0) != (b->due != 0)) return a->due != 0;
    return a->due != b->due ? a->due < b->due : a->id < b->id;
}

static void put_task(const struct eki_case_desk *desk, const struct eki_store_task *task)
{
    eki_output_plain(stdout, eki_case_task_title(task, desk->catalogue, desk->request->language));
}

static enum eki_error put_next(const struct eki_case_desk *desk, struct eki_store_work *work, int64_t of_case)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_CASE_TASKS};
    struct eki_store_task *rows;
    struct eki_store_page page;
    const struct eki_store_task *next = NULL;
    char due[EKI_TIME_TEXT];
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count; i++)
        if ((!strcmp(rows[i].state, "open") || !strcmp(rows[i].state, "doing")) && is_before(&rows[i], next))
            next = &rows[i];
    putchar(' ');
    put(desk, next ? EKI_TEXT("Next: task {1}: ") : EKI_TEXT("No task is open."), next ? next->id : 0, 0);
    if (next) put_task(desk, next);
    if (next && next->due) printf(" (%.19sZ)", eki_time_format(next->due * 1000, due));
    putchar('\n');
    return EKI_OK;
}

enum eki_error eki_case_told_act(const struct eki_case_desk *desk, struct eki_store_work *work,
                                 int64_t of_case)
{
    static const char *const sentences[EKI_CASE_ACTIONS] = {
        [EKI_CASE_NOTE] = EKI_TEXT("Case {1}: the note stands in its timeline."),
        [EKI_CASE_CLOSE] = EKI_TEXT("Case {1} is closed."),
        [EKI_CASE_REOPEN] = EKI_TEXT("Case {1} is open again."),
        [EKI_CASE_MARK] = EKI_TEXT("Case {1} bears its new label, and so do its drafts."),
        [EKI_CASE_MERGE] = EKI_TEXT("Case {2} is a part of case {1} now."),
        [EKI_CASE_SPLIT] = EKI_TEXT("Case {1} has the hosts that were in case {2}."),
    };
    put(desk, sentences[desk->request->action], of_case, desk->request->of_case);
    return put_next(desk, work, of_case);
}

enum eki_error eki_case_told_task(const struct eki_case_desk *desk, struct eki_store_work *work, int64_t task)
{
    static const char *const sentences[][2] = {
        {"add", EKI_TEXT("Task {1} is set: ")},          {"start", EKI_TEXT("Task {1} is begun: ")},
        {"done", EKI_TEXT("Task {1} is done: ")},        {"drop", EKI_TEXT("Task {1} is dropped: ")},
        {"again", EKI_TEXT("Task {1} is open again: ")}, {"set", EKI_TEXT("Task {1} is changed: ")},
    };
    struct eki_store_task row;
    enum eki_error error = eki_store_get(work, &row, task);
    if (error) return error;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strcmp(desk->request->verb, sentences[i][0])) put(desk, sentences[i][1], task, 0);
    put_task(desk, &row);
    putchar('.');
    return put_next(desk, work, row.of_case);
}
