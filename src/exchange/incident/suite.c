/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/incident/suite.h"

#include <math.h>

static void write_times(struct eki_json *j, eki_time first, eki_time last)
{
    eki_json_put_time(j, "first", first);
    eki_json_put_time(j, "last", last);
    eki_json_end(j);
}

static void begin_list(struct eki_json *j, const char *key)
{
    eki_json_key(j, key);
    eki_json_array(j);
}

static void write_events(struct eki_json *j, const struct eki_incident *incident)
{
    begin_list(j, "events");
    for (size_t i = 0; i < incident->event_count; i++) {
        const struct eki_incident_event *e = &incident->events[i];
        eki_json_object(j);
        eki_json_put(j, "id", e->id);
        eki_json_put(j, "kind", e->kind);
        eki_json_put(j, "status", e->status);
        eki_json_put(j, "name", e->name);
        eki_json_put(j, "detail", e->detail);
        write_times(j, e->first, e->last);
    }
    eki_json_end(j);
}

static void write_tasks(struct eki_json *j, const struct eki_incident *incident)
{
    begin_list(j, "tasks");
    for (size_t i = 0; i < incident->task_count; i++) {
        const struct eki_incident_task *t = &incident->tasks[i];
        eki_json_object(j);
        eki_json_put(j, "id", t->id);
        eki_json_put(j, "kind", t->kind);
        eki_json_put(j, "outcome", t->outcome);
        eki_json_put(j, "name", t->name);
        eki_json_put(j, "detail", t->detail);
        eki_json_put(j, "role", t->role);
        write_times(j, t->first, t->last);
    }
    eki_json_end(j);
}

static void write_impacts(struct eki_json *j, const struct eki_incident *incident)
{
    begin_list(j, "impacts");
    for (size_t i = 0; i < incident->impact_count; i++) {
        const struct eki_incident_impact *m = &incident->impacts[i];
        eki_json_object(j);
        eki_json_put(j, "id", m->id);
        eki_json_put(j, "category", m->category);
        eki_json_put(j, "what", m->what);
        eki_json_put(j, "how", m->how);
        eki_json_put(j, "detail", m->detail);
        eki_json_put_share(j, "level", m->level);
        eki_json_put_share(j, "least", m->least);
        eki_json_put_share(j, "most", m->most);
        eki_json_put_count(j, "systems", m->systems);
        write_times(j, m->first, m->last);
    }
    eki_json_end(j);
}

void eki_incident_write_suite(struct eki_json *j, const struct eki_incident *incident)
{
    if (incident->event_count) write_events(j, incident);
    if (incident->task_count) write_tasks(j, incident);
    if (incident->impact_count) write_impacts(j, incident);
}

static void read_times(const json_t *o, eki_time *ret_first, eki_time *ret_last)
{
    *ret_first = eki_json_when(o, "first");
    *ret_last = eki_json_when(o, "last");
    if (*ret_last != EKI_TIME_NONE && *ret_first != EKI_TIME_NONE && *ret_last < *ret_first)
        *ret_last = *ret_first;
}

static const char *take(struct eki_builder *b, const json_t *o, const char *key)
{
    return eki_build_text(b, eki_json_member(o, key));
}

static void read_event(struct eki_builder *b, const json_t *o)
{
    struct eki_incident_event *e = eki_build_event(b);
    if (!e) return;
    e->id = take(b, o, "id");
    e->kind = take(b, o, "kind");
    e->status = take(b, o, "status");
    e->name = take(b, o, "name");
    e->detail = take(b, o, "detail");
    read_times(o, &e->first, &e->last);
}

static void read_task(struct eki_builder *b, const json_t *o)
{
    struct eki_incident_task *t = eki_build_task(b);
    if (!t) return;
    t->id = take(b, o, "id");
    t->kind = take(b, o, "kind");
    t->outcome = take(b, o, "outcome");
    t->name = take(b, o, "name");
    t->detail = take(b, o, "detail");
    t->role = take(b, o, "role");
    read_times(o, &t->first, &t->last);
}

static void read_impact(struct eki_builder *b, const json_t *o)
{
    const char *category = take(b, o, "category");
    struct eki_incident_impact *m = category ? eki_build_impact(b) : NULL;
    double systems = eki_json_real(o, "systems");
    if (!m) {
        b->passed++;
        return;
    }
    m->id = take(b, o, "id");
    m->category = category;
    m->what = take(b, o, "what");
    m->how = take(b, o, "how");
    m->detail = take(b, o, "detail");
    m->level = eki_json_real(o, "level");
    m->least = eki_json_real(o, "least");
    m->most = eki_json_real(o, "most");
    m->systems = systems >= 0 && systems < 1e15 ? (uint64_t)systems : 0;
    read_times(o, &m->first, &m->last);
}

void eki_incident_read_suite(struct eki_builder *b, const json_t *root)
{
    size_t i;
    json_t *o;
    json_array_foreach(json_object_get(root, "events"), i, o) read_event(b, o);
    json_array_foreach(json_object_get(root, "tasks"), i, o) read_task(b, o);
    json_array_foreach(json_object_get(root, "impacts"), i, o) read_impact(b, o);
}
