/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of playbooks, the stage of a case and its owners, as other teams are told them. */
#include "case/case_told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_move.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/directory_label.h"

static bool is_over(const struct eki_store_case *row)
{
    return !strcmp(row->state, "closed") || !strcmp(row->state, "merged");
}

/* Whether one was taken up has no time, and a version of a case must not change without its time: what is not
 * over is to be done. */
static const char *outcome_of(const struct eki_store_task *task)
{
    if (!strcmp(task->state, "done")) return "successful";
    return strcmp(task->state, "dropped") ? "pending" : "cancelled";
}

static enum eki_error tell_task(const struct eki_store_task *row, struct eki_incident *incident)
{
    const struct eki_incident_task task = {.kind = "playbook-step-execution",
                                           .outcome = outcome_of(row),
                                           .name = row->title,
                                           .detail = row->text,
                                           .role = row->department,
                                           .first = row->created * 1000,
                                           .last =
                                               row->ended > row->created ? row->ended * 1000 : EKI_TIME_NONE};
    return eki_incident_add_task(incident, &task);
}

enum eki_error eki_case_tell_work(struct eki_store_work *work, const struct eki_store_case *row,
                                  struct eki_incident *incident)
{
    struct eki_store_task *tasks = NULL;
    size_t count = 0;
    enum eki_error error = eki_case_rows(work, row->id, &tasks, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (tasks[i].playbook[0]) error = tell_task(&tasks[i], incident);
    return error ? error : eki_incident_stage(incident, is_over(row) ? "closed" : "open");
}

enum eki_error eki_case_work_changed(struct eki_store_work *work, const struct eki_store_case *row,
                                     int64_t *ret_changed)
{
    const struct eki_store_query again = {
        .where = {{.column = "of_case", .number = row->id}, {.column = "code", .text = "case.reopened"}},
        .sort = "at",
        .descending = true,
        .limit = 1};
    struct eki_store_case_entry *entries = NULL;
    struct eki_store_task *tasks = NULL;
    struct eki_store_page page = {0};
    size_t count = 0;
    int64_t changed = is_over(row) ? row->closed : 0;
    enum eki_error error = eki_store_list(work, &again, &entries, &page);
    if (!error && page.count && entries[0].created > changed) changed = entries[0].created;
    if (!error) error = eki_case_rows(work, row->id, &tasks, &count);
    for (size_t i = 0; !error && i < count; i++) {
        if (!tasks[i].playbook[0]) continue;
        if (tasks[i].created > changed) changed = tasks[i].created;
        if (tasks[i].ended > changed) changed = tasks[i].ended;
    }
    if (!error) *ret_changed = changed;
    return error;
}

/* The first contact of a team in order of preference that is alive and for no fewer than the incident. */
static const char *contact_of(const struct eki_directory *directory, uint32_t team, enum eki_medium medium,
                              enum eki_tlp most)
{
    size_t count;
    const struct eki_contact_point *contacts = eki_directory_contacts(directory, &count), *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct eki_contact_point *c = &contacts[i];
        bool fits = c->team_at == team && c->department_at == EKI_NOWHERE && c->medium == medium &&
                    !c->disabled && eki_record_label(&c->record) <= most;
        if (fits && (!best || c->role < best->role)) best = c;
    }
    return best ? best->address : NULL;
}

static int by_team(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    return strcmp(x->team, y->team);
}

/* False when it is for fewer, or nobody is known by that id. */
static bool tell_owner(const struct eki_directory *directory, const char *id, struct eki_incident *incident,
                       enum eki_error *ret_error)
{
    size_t count;
    uint32_t at = eki_directory_team(directory, id);
    const struct eki_team *teams = eki_directory_teams(directory, &count);
    if (at == EKI_NOWHERE || eki_record_label(&teams[at].record) > incident->tlp) return false;
    const struct eki_incident_team team = {.name = teams[at].name,
                                           .mail = contact_of(directory, at, EKI_MEDIUM_EMAIL, incident->tlp),
                                           .phone =
                                               contact_of(directory, at, EKI_MEDIUM_PHONE, incident->tlp),
                                           .url = teams[at].website,
                                           .country = teams[at].country,
                                           .updated = EKI_TIME_NONE,
                                           .expires = EKI_TIME_NONE};
    *ret_error = eki_incident_add_team(incident, &team);
    return true;
}

enum eki_error eki_case_owners(struct eki_store_work *work, int64_t of_case,
                               const struct eki_directory *directory, struct eki_incident *incident,
                               size_t *ret_withheld)
{
    struct eki_store_case_host *hosts = NULL;
    size_t count = 0, withheld = 0;
    enum eki_error error = eki_case_rows(work, of_case, &hosts, &count);
    if (error) return error;
    if (count) qsort(hosts, count, sizeof *hosts, by_team);
    for (size_t i = 0; !error && i < count; i++) {
        if (!hosts[i].team[0] || (i && !strcmp(hosts[i - 1].team, hosts[i].team))) continue;
        withheld += !tell_owner(directory, hosts[i].team, incident, &error);
    }
    if (!error && ret_withheld) *ret_withheld = withheld;
    return error;
}
