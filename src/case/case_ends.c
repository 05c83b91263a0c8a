/* SPDX-License-Identifier: Apache-2.0 */
/* What of a case is not done yet. */
#include <stdio.h>
#include <string.h>

#include "case/saying.h"
#include "ekigaku/case_task.h"
#include "ekigaku/deadline.h"

struct looking {
    struct eki_store_work *work;
    struct eki_store_query query; /* rows of the case */
    eki_case_end_told *tell;
    void *user;
    struct eki_case_ends found;
};

static void note(struct looking *l, enum eki_case_end_kind kind, const struct eki_case_open_end *end)
{
    l->found.counts[kind]++;
    if (l->tell) l->tell(l->user, kind, end);
}

static bool is_any(const char *state, const char *const *states)
{
    while (*states && strcmp(*states, state) != 0) states++;
    return *states != NULL;
}

static enum eki_error look_at_tasks(struct looking *l)
{
    static const char *const ended[] = {"done", "dropped", NULL};
    struct eki_store_task *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(l->work, &l->query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (!is_any(rows[i].state, ended))
            note(l, EKI_CASE_END_TASK,
                 &(struct eki_case_open_end){.id = rows[i].id, .name = rows[i].title, .task = &rows[i]});
    return error;
}

static enum eki_error look_at_notices(struct looking *l)
{
    /* What an owner said, or nobody has to say any more. */
    static const char *const answered[] = {"received", "handling", "done", "disputed", "withdrawn", NULL};
    struct eki_store_notice *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(l->work, &l->query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (!is_any(rows[i].state, answered))
            note(l, EKI_CASE_END_NOTICE, &(struct eki_case_open_end){.id = rows[i].id, .name = rows[i].team});
    return error;
}

static enum eki_error look_at_enquiries(struct looking *l)
{
    static const char *const ended[] = {"answered", "closed", NULL};
    struct eki_store_enquiry *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(l->work, &l->query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (!is_any(rows[i].state, ended))
            note(l, EKI_CASE_END_ENQUIRY,
                 &(struct eki_case_open_end){.id = rows[i].id, .name = rows[i].subject});
    return error;
}

static enum eki_error look_at_deadlines(struct looking *l, int64_t of_case)
{
    struct eki_deadline all[EKI_DEADLINES];
    size_t count = 0;
    enum eki_error error = eki_case_deadlines(l->work, of_case, all, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (!all[i].met)
            note(l, EKI_CASE_END_DEADLINE,
                 &(struct eki_case_open_end){.clock = all[i].id, .name = all[i].title});
    return error;
}

enum eki_error eki_case_ends(struct eki_store_work *work, int64_t of_case, eki_case_end_told *tell,
                             void *user, struct eki_case_ends *ret_ends)
{
    struct eki_store_case row;
    struct looking l = {
        .work = work,
        .query = {.where = {{.column = "of_case", .number = of_case}}, .limit = EKI_STORE_MOST_ROWS},
        .tell = tell,
        .user = user};
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (!error) error = look_at_tasks(&l);
    if (!error) error = look_at_notices(&l);
    if (!error) error = look_at_deadlines(&l, of_case);
    if (!error) error = look_at_enquiries(&l);
    for (int i = 0; i < EKI_CASE_ENDS; i++) l.found.all += l.found.counts[i];
    if (!error) *ret_ends = l.found;
    return error;
}

enum eki_error eki_case_leave_open(struct eki_store_work *work, const struct eki_store_act *act,
                                   int64_t of_case, const struct eki_case_ends *ends, const char *reason)
{
    char counts[EKI_CASE_ENDS][24];
    for (int i = 0; i < EKI_CASE_ENDS; i++) snprintf(counts[i], sizeof counts[i], "%zu", ends->counts[i]);
    return eki_case_say(work, act,
                        &(struct eki_case_saying){
                            .of_case = of_case,
                            .kind = "decision",
                            .saying = EKI_SAYING_LEFT_OPEN,
                            .values = {counts[EKI_CASE_END_TASK], counts[EKI_CASE_END_NOTICE],
                                       counts[EKI_CASE_END_DEADLINE], counts[EKI_CASE_END_ENQUIRY], reason}});
}
