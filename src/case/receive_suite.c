/* SPDX-License-Identifier: Apache-2.0 */
/* Events and impacts that another team tells as entries of the timeline, its tasks as tasks, each once. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case/case_move.h"
#include "case/receive_rows.h"
#include "case/receive_text.h"
#include "case/saying.h"
#include "ekigaku/case_task.h"

/* Of one thing: more entries than that nobody reads; what is more is counted as passed over. */
enum { EVENTS_MOST = 1000, LINE = 1000, TITLE = 300, TEXT = 4000, WORD = 60 };

static const char *plain(const struct eki_receive_into *into, const char *text, size_t most)
{
    const char *copy = eki_receive_plain(into->arena, text, most, true);
    return copy ? copy : "";
}

/* Nothing happened after it was told. */
static int64_t moment(const struct eki_receive_into *into, eki_time first, eki_time last)
{
    eki_time at = first != EKI_TIME_NONE ? first : last;
    int64_t micro = at != EKI_TIME_NONE && at > 0 ? at / 1000 : into->act->at;
    return micro > into->act->at ? into->act->at : micro;
}

static bool is_told(const struct eki_store_case_entry *rows, size_t count, const char *said)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].kind, "event") && !strcmp(rows[i].said, said)) return true;
    return false;
}

/* An empty text says as little as none. */
static bool says(const char *text)
{
    return text && *text;
}

struct telling {
    const struct eki_receive_into *into;
    const char *sender;
    const struct eki_store_case_entry *rows; /* of the timeline, as it was */
    size_t row_count, told;
    const char *said[EVENTS_MOST]; /* told now: one message may say a thing twice */
};

static enum eki_error tell(struct telling *t, int64_t at, const char *what)
{
    char said[2 * LINE];
    struct eki_store_act act = *t->into->act;
    snprintf(said, sizeof said, "%s\x1f%s", t->sender, what);
    if (is_told(t->rows, t->row_count, said)) return EKI_OK;
    for (size_t i = 0; i < t->told; i++)
        if (!strcmp(t->said[i], said)) return EKI_OK;
    t->said[t->told] = eki_arena_copy(t->into->arena, said, strlen(said) + 1, 1);
    if (!t->said[t->told++]) return EKI_ERROR_MEMORY;
    act.at = at;
    return eki_case_say(t->into->work, &act,
                        &(struct eki_case_saying){.of_case = t->into->of_case,
                                                  .kind = "event",
                                                  .saying = EKI_SAYING_TOLD_EVENT,
                                                  .values = {t->sender, what}});
}

static enum eki_error tell_event(struct telling *t, const struct eki_incident_event *e)
{
    char what[LINE];
    const char *name = plain(t->into, says(e->name) ? e->name : e->kind, TITLE),
               *detail = plain(t->into, e->detail, LINE / 2), *status = plain(t->into, e->status, WORD);
    snprintf(what, sizeof what, "%.300s%s%.500s%s%.60s%s", name, *name && *detail ? ": " : "", detail,
             *status ? " (" : "", status, *status ? ")" : "");
    return tell(t, moment(t->into, e->first, e->last), what);
}

static enum eki_error tell_impact(struct telling *t, const struct eki_incident_impact *m)
{
    char what[LINE], level[160] = "";
    const char *detail = plain(t->into, m->detail, LINE / 2);
    if (isfinite(m->level)) snprintf(level, sizeof level, " %.0f/100", m->level);
    if (isfinite(m->least) && isfinite(m->most))
        snprintf(level, sizeof level, " %.0f-%.0f", m->least < 1e15 ? m->least : 1e15,
                 m->most < 1e15 ? m->most : 1e15);
    snprintf(what, sizeof what, "%.60s%s%s%.60s%s%.60s%s%.500s", plain(t->into, m->category, WORD), level,
             m->what ? " " : "", plain(t->into, m->what, WORD), m->how ? " " : "",
             plain(t->into, m->how, WORD), *detail ? ": " : "", detail);
    return tell(t, moment(t->into, m->first, m->last), what);
}

static const char *state_of(const struct eki_incident_task *task)
{
    const char *outcome = task->outcome ? task->outcome : "";
    if (!strcmp(outcome, "successful")) return "done";
    return !strcmp(outcome, "cancelled") || !strcmp(outcome, "failed") ? "dropped" : "open";
}

/* The tasks of the case as they were, and the titles of those that are added now. */
struct taking {
    const struct eki_receive_into *into;
    struct eki_store_task *rows;
    size_t row_count, added, passed;
    const char *titles[EKI_CASE_TASKS];
};

/* One of the same title that somebody else than a playbook set is the same; what is over there is over here,
 * unless a person of this desk has begun with it. What one message names twice is taken once. */
static enum eki_error take_task(struct taking *t, const struct eki_incident_task *task)
{
    const struct eki_receive_into *into = t->into;
    struct eki_store_task *rows = t->rows;
    const char *title = plain(into, says(task->name) ? task->name : task->detail, TITLE),
               *state = state_of(task);
    bool over = strcmp(state, "open") != 0;
    for (size_t i = 0; i < t->row_count; i++) {
        if (rows[i].playbook[0] || strcmp(rows[i].title, title) != 0) continue;
        if (!over || strcmp(rows[i].state, "open") != 0) return EKI_OK;
        rows[i].state = state;
        rows[i].ended = moment(into, task->last, task->first);
        return eki_store_change(into->work, &rows[i]);
    }
    for (size_t i = 0; i < t->added; i++)
        if (!strcmp(t->titles[i], title)) return EKI_OK;
    if (t->row_count + t->added >= EKI_CASE_TASKS) {
        t->passed++;
        return EKI_OK;
    }
    struct eki_store_task row = {.of_case = into->of_case,
                                 .title = title,
                                 .text = says(task->name) ? plain(into, task->detail, TEXT) : "",
                                 .playbook = "",
                                 .department = plain(into, task->role, WORD),
                                 .state = state,
                                 .created = into->act->at,
                                 .ended = over ? moment(into, task->last, task->first) : 0};
    t->titles[t->added++] = title;
    return eki_store_add(into->work, &row);
}

static enum eki_error take_tasks(const struct eki_receive_into *into, size_t *added, size_t *passed)
{
    const struct eki_incident *incident = into->incident;
    struct taking t = {.into = into};
    enum eki_error error = eki_case_rows(into->work, into->of_case, &t.rows, &t.row_count);
    for (size_t i = 0; !error && i < incident->task_count; i++) {
        const struct eki_incident_task *task = &incident->tasks[i];
        if (says(task->name) || says(task->detail))
            error = take_task(&t, task);
        else
            t.passed++;
    }
    *added += t.added;
    *passed += t.passed;
    return error;
}

static enum eki_error take_events(struct telling *t, size_t *passed)
{
    const struct eki_incident *incident = t->into->incident;
    enum eki_error error = EKI_OK;
    for (size_t i = 0; !error && i < incident->event_count; i++) {
        const struct eki_incident_event *e = &incident->events[i];
        if ((!says(e->name) && !says(e->detail) && !says(e->kind)) || t->told >= EVENTS_MOST)
            (*passed)++;
        else
            error = tell_event(t, e);
    }
    for (size_t i = 0; !error && i < incident->impact_count; i++) {
        if (t->told >= EVENTS_MOST)
            (*passed)++;
        else
            error = tell_impact(t, &incident->impacts[i]);
    }
    return error;
}

enum eki_error eki_receive_suite(const struct eki_receive_into *into, const char *sender, size_t *ret_passed)
{
    const struct eki_incident *incident = into->incident;
    struct telling t = {.into = into, .sender = sender};
    struct eki_store_case_entry *rows = NULL;
    size_t tasks = 0, passed = 0;
    char counts[2][24];
    if (!incident->event_count && !incident->task_count && !incident->impact_count) return EKI_OK;
    enum eki_error error = eki_case_rows(into->work, into->of_case, &rows, &t.row_count);
    t.rows = rows;
    if (!error) error = take_events(&t, &passed);
    if (!error) error = take_tasks(into, &tasks, &passed);
    if (error) return error;
    *ret_passed += passed;
    if (!t.told && !tasks) return EKI_OK;
    snprintf(counts[0], sizeof counts[0], "%zu", tasks);
    snprintf(counts[1], sizeof counts[1], "%zu", t.told);
    return eki_case_say(into->work, into->act,
                        &(struct eki_case_saying){.of_case = into->of_case,
                                                  .kind = "received",
                                                  .saying = EKI_SAYING_RECEIVED_WORK,
                                                  .values = {sender, counts[0], counts[1]}});
}
