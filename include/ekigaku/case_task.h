/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_TASK_H
#define EKIGAKU_CASE_TASK_H
/*
 * What has to be done in a case, by whom, until when.
 *
 * Journey: opening a case lays the steps of the playbooks that fit its class, family and route
 * (catalogue/playbooks.yaml) as tasks, each with the role of the department that does it and a time. People
 * add their own, take them up, finish or drop them; the timeline tells what was finished, dropped or taken up
 * again. Measures that outlast the case stay open when it is closed.
 *
 *     error = eki_case_tasks_lay(work, &act, of_case, catalogue, &laid);
 *     const struct eki_case_task task = {.of_case = of_case, .title = "Call the works"};
 *     error = eki_case_task_add(work, &act, &task, &id, &fault);
 *     const struct eki_case_task_news news = {.of_case = of_case, .task = id, .state = "done"};
 *     error = eki_case_task_change(work, &act, &news, &fault);
 *
 * Errors are those of the work (ekigaku/store.h). Times are microseconds since 1970. A thread has one work.
 */
#include "ekigaku/catalogue.h"
#include "ekigaku/report.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

/* Tasks of one case at most: more than anybody works through, and a program that adds them in a loop is
 * stopped. */
enum { EKI_CASE_TASKS = 1000 };

/* A task that a person sets. Texts may be NULL but the title. */
struct eki_case_task {
    int64_t of_case;
    const char *title, *text;
    const char *department; /* a role of the playbooks or the name of a department; NULL or "": nobody yet */
    int64_t account, due;   /* 0: nobody, no date */
};

/* What becomes different. */
struct eki_case_task_news {
    int64_t of_case, task;
    const char *state;                     /* "open", "doing", "done", "dropped"; NULL: stays */
    const char *department;                /* NULL: stays */
    const struct eki_catalogue *catalogue; /* for the title of a step in Japanese; NULL: as it is kept */
    bool assign, date;                     /* the account, the time are set to those below */
    int64_t account, due;
};

/* Lays the steps of the playbooks that fit the case; those that it has already are not laid again, so that it
 * may be called after an update or for a case that was opened without. ret_laid may be NULL.
 * EKI_ERROR_MISSING, _LIMIT. O(steps + tasks). */
EKI_MUST_USE enum eki_error eki_case_tasks_lay(struct eki_store_work *work, const struct eki_store_act *act,
                                               int64_t of_case, const struct eki_catalogue *catalogue,
                                               size_t *ret_laid);

/* Adds a task. EKI_ERROR_MISSING for a case or account that is not there, _ARGUMENT for one without a title,
 * _CONFLICT when the case was merged into another, _LIMIT. */
EKI_MUST_USE enum eki_error eki_case_task_add(struct eki_store_work *work, const struct eki_store_act *act,
                                              const struct eki_case_task *task, int64_t *ret_task,
                                              struct eki_fault *ret_fault);

/* Changes a task of a case. Whoever takes one up that nobody has ("doing") gets it. EKI_ERROR_MISSING when
 * there is no such task of this case or no such account, _ARGUMENT for a state that is none, _CONFLICT when
 * the case was merged. */
EKI_MUST_USE enum eki_error eki_case_task_change(struct eki_store_work *work, const struct eki_store_act *act,
                                                 const struct eki_case_task_news *news,
                                                 struct eki_fault *ret_fault);

/* Title and text of a task in a language: out of the catalogue (may be NULL) for a step of a playbook, else
 * as they were written. They live as long as the row and the catalogue. Pure. */
const char *eki_case_task_title(const struct eki_store_task *task, const struct eki_catalogue *catalogue,
                                enum eki_language language);
const char *eki_case_task_text(const struct eki_store_task *task, const struct eki_catalogue *catalogue,
                               enum eki_language language);

#pragma GCC visibility pop

#endif
