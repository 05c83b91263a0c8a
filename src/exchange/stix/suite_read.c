/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events, tasks and impacts of others. What only says again what hosts and edges say is known by its id and
 * left; the rest is kept as it is told. Also read: the activities of attackers and defenders that version 1
 * of the incident core extension held within the incident.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/json.h"
#include "exchange/stix/make.h"

struct suite {
    struct eki_builder *b;
    const json_t *index, *host_of;
    json_t *besides; /* ids of what is told of hosts besides */
    size_t steps;    /* of sequences between what others tell: not kept */
    size_t other;    /* impacts of no category of the suite */
    size_t members;  /* that have no place in the record: goals, changed objects, priorities, ... */
};

static bool is(const json_t *object, const char *key, const char *text)
{
    const char *value = eki_json_member(object, key);
    return value && !strcmp(value, text);
}

static const char *take(struct suite *s, const json_t *object, const char *key)
{
    return eki_build_text(s->b, eki_json_member(object, key));
}

static const char *first_of(struct suite *s, const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);
    if (json_array_size(list) > 1) s->members += json_array_size(list) - 1;
    return eki_build_text(s->b, json_string_value(json_array_get(list, 0)));
}

static const char *uuid_of(struct suite *s, const json_t *object)
{
    const char *id = eki_json_member(object, "id"), *tail = id ? strstr(id, "--") : NULL;
    return tail && eki_build_is_uuid(tail + 2) ? eki_build_text(s->b, tail + 2) : NULL;
}

/* An end without a beginning stays; one before it is none. */
static void read_times(const json_t *object, eki_time *ret_first, eki_time *ret_last)
{
    *ret_first = eki_json_when(object, "start_time");
    *ret_last = eki_json_when(object, "end_time");
    if (*ret_first != EKI_TIME_NONE && *ret_last != EKI_TIME_NONE && *ret_last < *ret_first)
        *ret_last = *ret_first;
}

static void count_members(struct suite *s, const json_t *object, const char *const *names)
{
    for (; *names; names++) s->members += json_object_get(object, *names) != NULL;
}

static void remember(struct suite *s, const char *type, const char *name)
{
    char id[EKI_STIX_ID];
    if (json_object_set_new(s->besides, eki_stix_id_of(type, s->b->incident->id, name, id), json_true()))
        eki_build_fail(s->b, EKI_ERROR_MEMORY, 0, "the index");
}

/* As suite_write.c makes them. */
static void remember_all(struct suite *s)
{
    const struct eki_incident *incident = s->b->incident;
    if (!incident->id) return;
    remember(s, "event", EKI_STIX_OUTBREAK);
    remember(s, "impact", EKI_STIX_INFECTION);
    for (size_t i = 0; i < incident->host_count; i++) remember(s, "event", incident->hosts[i].name);
}

static bool is_besides(const struct suite *s, const json_t *object)
{
    const char *id = eki_json_member(object, "id");
    return id && json_object_get(s->besides, id);
}

static void read_event(struct suite *s, const json_t *object)
{
    static const char *const rest[] = {
        "goal", "changed_objects", "subevents", "start_time_fidelity", "end_time_fidelity", NULL};
    struct eki_incident_event *e = eki_build_event(s->b);
    if (!e) return;
    e->id = uuid_of(s, object);
    e->kind = first_of(s, object, "event_types");
    e->status = take(s, object, "status");
    e->name = take(s, object, "name");
    e->detail = take(s, object, "description");
    read_times(object, &e->first, &e->last);
    count_members(s, object, rest);
}

static void read_task(struct suite *s, const json_t *object)
{
    static const char *const rest[] = {
        "changed_objects",        "subtasks", "error", "priority", "start_time_fidelity", "end_time_fidelity",
        "impacted_entity_counts", NULL};
    struct eki_incident_task *t = eki_build_task(s->b);
    if (!t) return;
    t->id = uuid_of(s, object);
    t->kind = first_of(s, object, "task_types");
    t->role = first_of(s, object, "labels");
    t->outcome = take(s, object, "outcome");
    t->name = take(s, object, "name");
    t->detail = take(s, object, "description");
    read_times(object, &t->first, &t->last);
    count_members(s, object, rest);
}

/* How many things it says that it was on, whatever they are called. */
static uint64_t count_entities(const json_t *counts)
{
    const char *key;
    json_t *value;
    uint64_t sum = 0;
    json_object_foreach((json_t *)counts, key, value)
    {
        json_int_t number = json_integer_value(value);
        if (number > 0 && number < INT64_C(1) << 40) sum += (uint64_t)number;
    }
    return sum;
}

/* The extension of a category: "availability", in some examples of the suite "availability-impact". */
static const json_t *extension_of(const json_t *object, const char *category)
{
    char longer[64];
    const json_t *extensions = json_object_get(object, "extensions");
    const json_t *found = json_object_get(extensions, category);
    if (found) return found;
    snprintf(longer, sizeof longer, "%.40s-impact", category);
    return json_object_get(extensions, longer);
}

static void read_impact(struct suite *s, const json_t *object)
{
    static const char *const rest[] = {"criticality",
                                       "recoverability",
                                       "superseded_by_ref",
                                       "start_time_fidelity",
                                       "end_time_fidelity",
                                       "impacted_refs",
                                       NULL};
    const struct eki_stix_category *category = eki_stix_category(eki_json_member(object, "impact_category"));
    struct eki_incident_impact *m = category ? eki_build_impact(s->b) : NULL;
    if (!m) {
        s->other += !category;
        return;
    }
    const json_t *extension = extension_of(object, category->name);
    m->id = uuid_of(s, object);
    m->category = category->name;
    m->detail = take(s, object, "description");
    if (category->what) m->what = take(s, extension, category->what);
    if (category->how) m->how = take(s, extension, category->how);
    m->level = eki_json_real(extension, "availability_impact");
    m->least = eki_json_real(extension, "min_amount");
    m->most = eki_json_real(extension, "max_amount");
    m->systems = count_entities(json_object_get(object, "impacted_entity_counts"));
    read_times(object, &m->first, &m->last);
    count_members(s, object, rest);
}

/* A host that an event of a compromised system impacts is infected, since the event began. */
static void read_impacts(struct suite *s, const json_t *relation)
{
    const char *from = eki_json_member(relation, "source_ref"), *to = eki_json_member(relation, "target_ref");
    const json_t *event = from ? json_object_get(s->index, from) : NULL;
    const json_t *at = to ? json_object_get(s->host_of, to) : NULL;
    size_t i;
    json_t *type;
    bool infected = false;
    if (!is(event, "type", "event") || !at || is_besides(s, event)) return;
    json_array_foreach(json_object_get(event, "event_types"), i, type)
    {
        const char *word = json_string_value(type);
        infected |= word && (!strcmp(word, "compromised-system") ||
                             !strcmp(word, "infected-by-known-malware") || !strcmp(word, "worm-spreading"));
    }
    uint32_t host = (uint32_t)json_integer_value(at);
    if (!infected || host >= s->b->incident->host_count) return;
    eki_build_host(s->b, s->b->incident->hosts[host].name, EKI_ROLE_INFECTED);
    eki_build_seen(s->b, host, eki_json_when(event, "start_time"), eki_json_when(event, "start_time"));
}

static const json_t *core_of(const json_t *incident)
{
    return json_object_get(json_object_get(incident, "extensions"), EKI_STIX_INCIDENT_CORE);
}

/* Version 1: what the attacker did, by which technique, and what was done about it. */
static void read_activities(struct suite *s, const json_t *core)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(core, "attacker_activities"), i, one)
    {
        const char *pattern = eki_json_member(one, "pattern_ref");
        struct eki_incident_event *e = eki_build_event(s->b);
        if (!e) return;
        e->name = pattern ? take(s, json_object_get(s->index, pattern), "name") : NULL;
        e->detail = take(s, one, "description");
        e->status = eki_build_text(s->b, "occurred");
        read_times(one, &e->first, &e->last);
    }
    json_array_foreach(json_object_get(core, "defender_activities"), i, one)
    {
        struct eki_incident_task *t = eki_build_task(s->b);
        if (!t) return;
        t->kind = take(s, one, "type");
        t->detail = take(s, one, "description");
        t->outcome = eki_build_text(s->b, "unknown");
        t->first = eki_json_when(one, "time");
    }
}

/* Steps from or to what is kept; those of the infection tree are edges already. */
static void count_steps(struct suite *s, const json_t *entries, const char *key)
{
    size_t i, k;
    json_t *entry, *step;
    json_array_foreach(entries, i, entry)
    {
        json_array_foreach(json_object_get(entry, "next_steps"), k, step)
        {
            const char *id = eki_json_member(step, key);
            s->steps += id && !json_object_get(s->besides, id);
        }
    }
}

static void read_core(struct suite *s, const json_t *incident)
{
    const json_t *core = core_of(incident);
    const char *stage = eki_json_member(core, "investigation_status");
    if (!s->b->incident->stage && eki_stix_is_stage(stage))
        s->b->incident->stage = eki_build_text(s->b, stage);
    count_steps(s, json_object_get(core, "events"), "event_ref");
    count_steps(s, json_object_get(core, "tasks"), "task_ref");
    read_activities(s, core);
}

static void tell_left(struct suite *s)
{
    if (s->steps)
        eki_build_note(s->b, "%zu steps of sequences of events and tasks are not kept: their times are",
                       s->steps);
    if (s->other) eki_build_note(s->b, "%zu impacts are of no category of the suite: passed over", s->other);
    if (s->members)
        eki_build_note(s->b,
                       "%zu members of events, tasks and impacts have no place here (goals, priorities, more "
                       "types, what was changed): passed over",
                       s->members);
}

void eki_stix_read_suite(struct eki_builder *b, const json_t *objects, const json_t *index,
                         const json_t *host_of)
{
    struct suite s = {.b = b, .index = index, .host_of = host_of, .besides = json_object()};
    size_t i;
    json_t *object;
    if (!s.besides) {
        eki_build_fail(b, EKI_ERROR_MEMORY, 0, "the index");
        return;
    }
    remember_all(&s);
    json_array_foreach(objects, i, object)
    {
        if (is(object, "type", "incident")) read_core(&s, object);
        if (is(object, "relationship_type", "impacts")) read_impacts(&s, object);
        if (is_besides(&s, object)) continue;
        if (is(object, "type", "event")) read_event(&s, object);
        if (is(object, "type", "task")) read_task(&s, object);
        if (is(object, "type", "impact")) read_impact(&s, object);
    }
    tell_left(&s);
    json_decref(s.besides);
}
