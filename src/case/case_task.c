/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks: laid out of playbooks, set by people, done. */
#include "ekigaku/case_task.h"

#include <stdio.h>
#include <string.h>

#include "case/case_kin.h"
#include "case/saying.h"

#define HOUR INT64_C(3600000000)

static const struct eki_playbook_step *step_of(const struct eki_store_task *task,
                                               const struct eki_catalogue *catalogue)
{
    return catalogue && task->playbook[0] ? eki_catalogue_step(catalogue, task->playbook, NULL) : NULL;
}

const char *eki_case_task_title(const struct eki_store_task *task, const struct eki_catalogue *catalogue,
                                enum eki_language language)
{
    const struct eki_playbook_step *step = step_of(task, catalogue);
    return step && language == EKI_JAPANESE ? step->title_ja : task->title;
}

const char *eki_case_task_text(const struct eki_store_task *task, const struct eki_catalogue *catalogue,
                               enum eki_language language)
{
    const struct eki_playbook_step *step = step_of(task, catalogue);
    return step && language == EKI_JAPANESE ? step->text_ja : task->text;
}

static enum eki_error tasks_of(struct eki_store_work *work, int64_t of_case, struct eki_store_task **ret_rows,
                               size_t *ret_count)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_CASE_TASKS + 1};
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, ret_rows, &page);
    if (!error) *ret_count = page.count;
    return error;
}

static bool has_step(const struct eki_store_task *tasks, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(tasks[i].playbook, name)) return true;
    return false;
}

static enum eki_error lay_step(struct eki_store_work *work, const struct eki_store_act *act,
                               const struct eki_store_case *row, const struct eki_playbook_step *step,
                               const char *name)
{
    struct eki_store_task task = {.of_case = row->id,
                                  .title = step->title,
                                  .text = step->text,
                                  .playbook = name,
                                  .department = eki_department_role_name(step->role),
                                  .state = "open",
                                  .due = row->created + (int64_t)step->hours * HOUR,
                                  .created = act->at};
    return eki_store_add(work, &task);
}

/* What another team said that it is. */
static enum eki_error family_told(struct eki_store_work *work, int64_t of_case, const char **ret_family)
{
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "answer", .text = "opened"}},
        .limit = 1};
    struct eki_store_received *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && page.count) *ret_family = rows[0].family;
    return error;
}

static enum eki_error family_of(struct eki_store_work *work, const struct eki_store_case *row,
                                const char **ret_family)
{
    struct eki_store_outbreak outbreak;
    *ret_family = "";
    if (!row->outbreak) return family_told(work, row->id, ret_family);
    enum eki_error error = eki_store_get(work, &outbreak, row->outbreak);
    if (!error) *ret_family = outbreak.family;
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}

enum eki_error eki_case_tasks_lay(struct eki_store_work *work, const struct eki_store_act *act,
                                  int64_t of_case, const struct eki_catalogue *catalogue, size_t *ret_laid)
{
    struct eki_store_case row;
    struct eki_store_task *tasks;
    const char *family;
    char name[120];
    size_t count = 0, laid = 0;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (!error) error = family_of(work, &row, &family);
    if (!error) error = tasks_of(work, of_case, &tasks, &count);
    for (size_t i = 0; !error && i < catalogue->playbook_count; i++) {
        const struct eki_playbook *p = &catalogue->playbooks[i];
        if (!eki_playbook_fits(p, row.class, family, row.route)) continue;
        for (size_t k = 0; !error && k < p->step_count; k++) {
            snprintf(name, sizeof name, "%.50s/%.50s", p->id, p->steps[k].id);
            if (has_step(tasks, count, name)) continue;
            if (count + laid >= EKI_CASE_TASKS) return EKI_ERROR_LIMIT;
            error = lay_step(work, act, &row, &p->steps[k], name);
            laid += !error;
        }
    }
    if (!error && ret_laid) *ret_laid = laid;
    return error;
}

static enum eki_error check_account(struct eki_store_work *work, int64_t id)
{
    struct eki_store_account account;
    return id ? eki_store_get(work, &account, id) : EKI_OK;
}

/* The title both ways: what the playbook's step is called, or what a person wrote. */
static enum eki_error tell(struct eki_store_work *work, const struct eki_store_act *act,
                           const struct eki_store_task *task, const struct eki_catalogue *catalogue,
                           enum eki_saying saying)
{
    char title[EKI_SAYING_BOTH];
    eki_saying_both(task->title, eki_case_task_title(task, catalogue, EKI_JAPANESE), title);
    return eki_case_say(work, act,
                        &(struct eki_case_saying){.of_case = task->of_case,
                                                  .kind = "task",
                                                  .tags = task->playbook,
                                                  .saying = saying,
                                                  .values = {title}});
}

enum eki_error eki_case_task_add(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_case_task *task, int64_t *ret_task,
                                 struct eki_fault *ret_fault)
{
    int64_t of_case = task->of_case;
    uint64_t count;
    const struct eki_store_query all = {.where = {{.column = "of_case", .number = of_case}}};
    if (!task->title || !task->title[strspn(task->title, " \t\r\n")])
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "a task needs a title");
    struct eki_store_task row = {.of_case = of_case,
                                 .title = task->title,
                                 .text = task->text,
                                 .playbook = "",
                                 .department = task->department,
                                 .state = "open",
                                 .account = task->account,
                                 .due = task->due,
                                 .created = act->at};
    enum eki_error error = eki_case_takes(work, of_case, NULL, ret_fault);
    if (!error) error = check_account(work, task->account);
    if (!error) error = eki_store_count(work, EKI_STORE_TASK, &all, &count);
    if (!error && count >= EKI_CASE_TASKS)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "a case has %d tasks at most", EKI_CASE_TASKS);
    if (!error) error = eki_store_add(work, &row);
    if (!error) error = tell(work, act, &row, NULL, EKI_SAYING_TASK_ADDED);
    if (!error) *ret_task = row.id;
    return error;
}

static bool is_over(const char *state)
{
    return !strcmp(state, "done") || !strcmp(state, "dropped");
}

/* Sets the state; *ret_saying is what the timeline tells, EKI_SAYINGS nothing. */
static enum eki_error become(struct eki_store_task *task, const struct eki_store_act *act, const char *state,
                             enum eki_saying *ret_saying, struct eki_fault *fault)
{
    static const char *const states[] = {"open", "doing", "done", "dropped"};
    size_t i = 0;
    while (i < 4 && strcmp(states[i], state) != 0) i++;
    if (i == 4) return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "a task is open, doing, done or dropped");
    if (!strcmp(task->state, state)) return EKI_OK;
    if (is_over(state))
        *ret_saying = i == 2 ? EKI_SAYING_TASK_DONE : EKI_SAYING_TASK_DROPPED;
    else if (is_over(task->state))
        *ret_saying = EKI_SAYING_TASK_AGAIN;
    task->state = states[i];
    task->ended = is_over(state) ? act->at : 0;
    if (i == 1 && !task->account) task->account = act->account;
    return EKI_OK;
}

enum eki_error eki_case_task_change(struct eki_store_work *work, const struct eki_store_act *act,
                                    const struct eki_case_task_news *news, struct eki_fault *ret_fault)
{
    int64_t of_case = news->of_case, id = news->task;
    struct eki_store_task task;
    enum eki_saying saying = EKI_SAYINGS;
    enum eki_error error = eki_case_takes(work, of_case, NULL, ret_fault);
    if (!error) error = eki_store_get(work, &task, id);
    if (!error && task.of_case != of_case)
        error =
            eki_fault_set(ret_fault, EKI_ERROR_MISSING, 0, "task %lld is not of this case", (long long)id);
    if (!error && news->assign) error = check_account(work, news->account);
    if (error) return error;
    if (news->department) task.department = news->department;
    if (news->assign) task.account = news->account;
    if (news->date) task.due = news->due;
    if (news->state) error = become(&task, act, news->state, &saying, ret_fault);
    if (!error) error = eki_store_change(work, &task);
    if (!error && saying != EKI_SAYINGS) error = tell(work, act, &task, news->catalogue, saying);
    return error;
}
