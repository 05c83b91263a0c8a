/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events, tasks and impacts. The outbreak is an event, and so is each infection and each search; the
 * sequences of the incident are its infection tree: what has to happen before what. What another team told
 * besides stands beside them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "exchange/stix/make.h"

/* Most hosts with an event of their own. An entry of a sequence has about 350 bytes and stands in one object,
 * which must go into a message of 8 MiB (TAXII). */
enum { HOST_EVENTS = 10000 };

/* The edges between hosts that have events, sorted by where they begin. */
struct sequence {
    size_t *first; /* of each host: its first place in `edges`; one more at the end */
    const struct eki_incident_edge **edges;
    uint32_t *waiting; /* hosts whose next steps are to be walked */
    bool *reached;
};

static bool is_told(const struct eki_incident_host *h)
{
    return h->role == EKI_ROLE_INFECTED || h->role == EKI_ROLE_SCANNER;
}

static size_t count_role(const struct eki_incident *incident, enum eki_incident_role role)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->host_count; i++) count += incident->hosts[i].role == role;
    return count;
}

static bool has_outbreak(const struct eki_incident *incident)
{
    return count_role(incident, EKI_ROLE_INFECTED) > 0;
}

static bool has_host_events(const struct eki_incident *incident)
{
    size_t told = count_role(incident, EKI_ROLE_INFECTED) + count_role(incident, EKI_ROLE_SCANNER);
    return told && told <= HOST_EVENTS;
}

static const char *event_id(const struct eki_stix_bundle *b, uint32_t host, char ret_id[EKI_STIX_ID])
{
    return eki_stix_make_id("event", b, b->incident->hosts[host].name, ret_id);
}

/* The id that its teller gave it, or one that follows from where it stands. */
static const char *own_id(const struct eki_stix_bundle *b, const char *type, const char *id, size_t position,
                          char ret_id[EKI_STIX_ID])
{
    char name[32];
    if (id && eki_build_is_uuid(id)) {
        snprintf(ret_id, EKI_STIX_ID, "%s--%.36s", type, id);
        return ret_id;
    }
    snprintf(name, sizeof name, " %zu", position);
    return eki_stix_make_id(type, b, name, ret_id);
}

static void put_times(struct eki_stix_bundle *b, eki_time first, eki_time last)
{
    eki_json_put_time(&b->j, "start_time", first);
    if (first == EKI_TIME_NONE || last > first) eki_json_put_time(&b->j, "end_time", last);
}

static void free_sequence(struct sequence *s)
{
    eki_free(s->first);
    eki_free(s->edges);
    eki_free(s->waiting);
    eki_free(s->reached);
}

/* What is not among the entries may not be a step of theirs. */
static bool joins_told(const struct eki_incident *incident, size_t edge)
{
    const struct eki_incident_edge *e = &incident->edges[edge];
    return is_told(&incident->hosts[e->from]) && is_told(&incident->hosts[e->to]);
}

static enum eki_error sort_edges(const struct eki_incident *incident, struct sequence *s)
{
    s->first = eki_allocate(incident->host_count + 2, sizeof *s->first);
    s->edges = eki_allocate(incident->edge_count + 1, sizeof *s->edges);
    s->waiting = eki_allocate(incident->host_count + 1, sizeof *s->waiting);
    s->reached = eki_allocate(incident->host_count + 1, sizeof *s->reached);
    if (!s->first || !s->edges || !s->waiting || !s->reached) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < incident->edge_count; i++)
        if (joins_told(incident, i)) s->first[incident->edges[i].from + 2]++;
    for (size_t i = 2; i < incident->host_count + 2; i++) s->first[i] += s->first[i - 1];
    for (size_t i = 0; i < incident->edge_count; i++)
        if (joins_told(incident, i)) s->edges[s->first[incident->edges[i].from + 1]++] = &incident->edges[i];
    return EKI_OK;
}

/* Marks what is reached from a host; its own place stays as it was. */
static void walk(struct sequence *s, uint32_t from)
{
    size_t count = 1;
    s->waiting[0] = from;
    while (count) {
        uint32_t at = s->waiting[--count];
        for (size_t i = s->first[at]; i < s->first[at + 1]; i++) {
            uint32_t to = s->edges[i]->to;
            if (s->reached[to] || to == from) continue;
            s->reached[to] = true;
            s->waiting[count++] = to;
        }
    }
}

/* A sequence begins at hosts that nobody is known to have infected; in a circle, at the first of it. */
static void find_starts(const struct eki_incident *incident, struct sequence *s, bool *ret_starts)
{
    for (size_t i = 0; i < incident->host_count; i++) ret_starts[i] = true;
    for (size_t i = 0; i < incident->edge_count; i++)
        if (joins_told(incident, i)) ret_starts[incident->edges[i].to] = false;
    for (uint32_t i = 0; i < incident->host_count; i++)
        if (ret_starts[i]) walk(s, i);
    for (uint32_t i = 0; i < incident->host_count; i++) {
        if (ret_starts[i] || s->reached[i]) continue;
        ret_starts[i] = true;
        walk(s, i);
    }
}

static void write_steps(struct eki_stix_bundle *b, const struct sequence *s, uint32_t host)
{
    char id[EKI_STIX_ID];
    bool open = false;
    for (size_t i = s->first[host]; i < s->first[host + 1]; i++) {
        const struct eki_incident_edge *e = s->edges[i];
        if (!open) {
            eki_json_key(&b->j, "next_steps");
            eki_json_array(&b->j);
            open = true;
        }
        bool sure = isnan(e->confidence) || e->confidence >= 0.5;
        eki_json_object(&b->j);
        eki_json_put(&b->j, "event_ref", event_id(b, e->to, id));
        eki_json_put(&b->j, "condition_type", sure ? "required" : "unknown");
        eki_json_put(&b->j, "transition_type", sure ? "success" : "unknown");
        eki_json_end(&b->j);
    }
    if (open) eki_json_end(&b->j);
}

static void write_entry(struct eki_stix_bundle *b, const char *key, const char *id)
{
    eki_json_object(&b->j);
    eki_json_put(&b->j, key, id);
    eki_json_end(&b->j);
}

static enum eki_error write_host_entries(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    struct sequence s = {0};
    char id[EKI_STIX_ID];
    bool *starts = eki_allocate(incident->host_count + 1, sizeof *starts);
    enum eki_error error = starts ? sort_edges(incident, &s) : EKI_ERROR_MEMORY;
    if (!error) find_starts(incident, &s, starts);
    for (uint32_t i = 0; !error && i < incident->host_count; i++) {
        if (!is_told(&incident->hosts[i])) continue;
        eki_json_object(&b->j);
        eki_json_put(&b->j, "event_ref", event_id(b, i, id));
        eki_json_put_bool(&b->j, "sequence_start", starts[i]);
        write_steps(b, &s, i);
        eki_json_end(&b->j);
    }
    free_sequence(&s);
    eki_free(starts);
    return error;
}

static enum eki_error write_event_entries(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    enum eki_error error = EKI_OK;
    char id[EKI_STIX_ID];
    if (!has_outbreak(incident) && !has_host_events(incident) && !incident->event_count) return EKI_OK;
    eki_json_key(&b->j, "events");
    eki_json_array(&b->j);
    if (has_outbreak(incident))
        write_entry(b, "event_ref", eki_stix_make_id("event", b, EKI_STIX_OUTBREAK, id));
    if (has_host_events(incident)) error = write_host_entries(b);
    for (size_t i = 0; i < incident->event_count; i++)
        write_entry(b, "event_ref", own_id(b, "event", incident->events[i].id, i, id));
    eki_json_end(&b->j);
    return error;
}

static void write_other_entries(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    char id[EKI_STIX_ID];
    if (incident->task_count) {
        eki_json_key(&b->j, "tasks");
        eki_json_array(&b->j);
        for (size_t i = 0; i < incident->task_count; i++)
            write_entry(b, "task_ref", own_id(b, "task", incident->tasks[i].id, i, id));
        eki_json_end(&b->j);
    }
    if (!has_outbreak(incident) && !incident->impact_count) return;
    eki_json_key(&b->j, "impact_refs");
    eki_json_array(&b->j);
    if (has_outbreak(incident)) eki_json_text(&b->j, eki_stix_make_id("impact", b, EKI_STIX_INFECTION, id));
    for (size_t i = 0; i < incident->impact_count; i++)
        eki_json_text(&b->j, own_id(b, "impact", incident->impacts[i].id, i, id));
    eki_json_end(&b->j);
}

static void put_systems(struct eki_stix_bundle *b, uint64_t systems)
{
    if (!systems) return;
    eki_json_key(&b->j, "impacted_entity_counts");
    eki_json_object(&b->j);
    eki_json_put_count(&b->j, "system", systems);
    eki_json_end(&b->j);
}

/* Determination and investigation status are what it requires. Nobody's judgement is known here beyond that
 * something is suspected. */
enum eki_error eki_stix_write_core(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    eki_stix_extension(b, EKI_STIX_INCIDENT_CORE, "property-extension");
    eki_json_put(&b->j, "determination", "suspected");
    eki_json_put(&b->j, "investigation_status", eki_stix_is_stage(incident->stage) ? incident->stage : "new");
    eki_json_key(&b->j, "detection_methods");
    eki_json_array(&b->j);
    eki_json_text(&b->j, "automated-tool");
    eki_json_text(&b->j, "ekigaku");
    eki_json_end(&b->j);
    if (has_outbreak(incident)) eki_stix_list(&b->j, "incident_types", "worm-spreading");
    put_systems(b, count_role(incident, EKI_ROLE_INFECTED));
    enum eki_error error = write_event_entries(b);
    write_other_entries(b);
    eki_stix_extension_end(b);
    return error;
}

static void begin_event(struct eki_stix_bundle *b, const char *id, const char *name)
{
    eki_stix_begin(b, "event", id);
    eki_json_put(&b->j, "name", name);
}

static void end_new(struct eki_stix_bundle *b, const char *extension)
{
    eki_stix_extension(b, extension, "new-sdo");
    eki_stix_extension_end(b);
    eki_json_end(&b->j);
}

/* The outbreak as a whole, and that it is the cause of what the hosts suffer. */
static void write_outbreak(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    char id[EKI_STIX_ID], impact[EKI_STIX_ID], left[96];
    begin_event(b, eki_stix_make_id("event", b, EKI_STIX_OUTBREAK, id), "Outbreak");
    if (!has_host_events(incident)) {
        snprintf(left, sizeof left, "%zu infected and %zu searching hosts have no event of their own",
                 count_role(incident, EKI_ROLE_INFECTED), count_role(incident, EKI_ROLE_SCANNER));
        eki_json_put(&b->j, "description", left);
    }
    eki_stix_list(&b->j, "event_types", "worm-spreading");
    eki_json_put(&b->j, "status", "occurred");
    put_times(b, incident->first, incident->last);
    eki_json_key(&b->j, "changed_objects");
    eki_json_array(&b->j);
    eki_json_object(&b->j);
    eki_json_put(&b->j, "state_change_type", "caused");
    eki_json_put(&b->j, "result_ref", eki_stix_make_id("impact", b, EKI_STIX_INFECTION, impact));
    eki_json_end(&b->j);
    eki_json_end(&b->j);
    end_new(b, EKI_STIX_EVENT);
    if (incident->family) eki_stix_relate(b, "performed", b->malware, id);
}

static void write_host_event(struct eki_stix_bundle *b, uint32_t at)
{
    const struct eki_incident_host *h = &b->incident->hosts[at];
    char id[EKI_STIX_ID], host[EKI_STIX_ID], name[320];
    bool infected = h->role == EKI_ROLE_INFECTED;
    snprintf(name, sizeof name, infected ? "Infection of %.255s" : "Search by %.255s", h->name);
    begin_event(b, event_id(b, at, id), name);
    eki_json_key(&b->j, "event_types");
    eki_json_array(&b->j);
    eki_json_text(&b->j, infected ? "compromised-system" : "network-scanning");
    if (infected && b->incident->family) eki_json_text(&b->j, "infected-by-known-malware");
    eki_json_end(&b->j);
    eki_json_put(&b->j, "status", "occurred");
    put_times(b, h->first, h->last);
    end_new(b, EKI_STIX_EVENT);
    eki_stix_relate(b, "impacts", id, eki_stix_host_id(b, h, host));
}

/* What a worm does to a host for certain is that it runs there: the integrity of the system is in doubt. */
static void write_infection_impact(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    char id[EKI_STIX_ID];
    eki_stix_begin(b, "impact", eki_stix_make_id("impact", b, EKI_STIX_INFECTION, id));
    eki_json_put(&b->j, "impact_category", "integrity");
    put_systems(b, count_role(incident, EKI_ROLE_INFECTED));
    eki_json_key(&b->j, "impacted_refs");
    eki_json_array(&b->j);
    for (size_t i = 0; i < incident->host_count; i++)
        if (incident->hosts[i].role == EKI_ROLE_INFECTED)
            eki_json_text(&b->j, eki_stix_host_id(b, &incident->hosts[i], id));
    eki_json_end(&b->j);
    eki_json_put_time(&b->j, "start_time", incident->first);
    eki_json_key(&b->j, "extensions");
    eki_json_object(&b->j);
    eki_json_key(&b->j, EKI_STIX_IMPACT);
    eki_json_object(&b->j);
    eki_json_put(&b->j, "extension_type", "new-sdo");
    eki_json_end(&b->j);
    eki_json_key(&b->j, "integrity");
    eki_json_object(&b->j);
    eki_json_put(&b->j, "information_type", "system");
    eki_json_put(&b->j, "alteration", "potential-modification");
    eki_json_end(&b->j);
    eki_json_end(&b->j);
    eki_json_end(&b->j);
}

/* The extension that a category needs. What its teller did not say in words of the suite is told as loosely
 * as the suite has words for it. */
static void write_category(struct eki_stix_bundle *b, const struct eki_incident_impact *m,
                           const struct eki_stix_category *category)
{
    bool sum = isfinite(m->least) && isfinite(m->most) && m->what;
    if (!category->how) {
        eki_json_key(&b->j, "availability_impact");
        eki_json_integer(&b->j, m->level >= 0 && m->level <= 100 ? lround(m->level) : 0);
        return;
    }
    const char *what = m->what ? m->what : "system", *how = m->how;
    if (!eki_stix_is_how(category, how)) how = category->words ? category->words[0] : "uncategorized";
    eki_json_put(&b->j, category->how, how);
    if (category->what && (sum || strcmp(category->what, "currency") != 0))
        eki_json_put(&b->j, category->what, what);
    if (!sum) return;
    eki_json_put_share(&b->j, "min_amount", m->least);
    eki_json_put_share(&b->j, "max_amount", m->most);
}

static void write_impact(struct eki_stix_bundle *b, size_t at)
{
    const struct eki_incident_impact *m = &b->incident->impacts[at];
    const struct eki_stix_category *category = eki_stix_category(m->category);
    char id[EKI_STIX_ID];
    eki_stix_begin(b, "impact", own_id(b, "impact", m->id, at, id));
    eki_json_put(&b->j, "impact_category", m->category);
    eki_json_put(&b->j, "description", m->detail);
    put_systems(b, m->systems);
    put_times(b, m->first, m->last);
    eki_json_key(&b->j, "extensions");
    eki_json_object(&b->j);
    eki_json_key(&b->j, EKI_STIX_IMPACT);
    eki_json_object(&b->j);
    eki_json_put(&b->j, "extension_type", "new-sdo");
    eki_json_end(&b->j);
    eki_json_key(&b->j, m->category);
    eki_json_object(&b->j);
    if (category) write_category(b, m, category);
    eki_json_end(&b->j);
    eki_json_end(&b->j);
    eki_json_end(&b->j);
}

static void write_event(struct eki_stix_bundle *b, size_t at)
{
    const struct eki_incident_event *e = &b->incident->events[at];
    char id[EKI_STIX_ID];
    begin_event(b, own_id(b, "event", e->id, at, id), e->name);
    eki_json_put(&b->j, "description", e->detail);
    if (e->kind) eki_stix_list(&b->j, "event_types", e->kind);
    eki_json_put(&b->j, "status", eki_stix_is_status(e->status) ? e->status : "undetermined");
    put_times(b, e->first, e->last);
    end_new(b, EKI_STIX_EVENT);
}

static void write_task(struct eki_stix_bundle *b, size_t at)
{
    const struct eki_incident_task *t = &b->incident->tasks[at];
    char id[EKI_STIX_ID];
    eki_stix_begin(b, "task", own_id(b, "task", t->id, at, id));
    if (t->role) eki_stix_list(&b->j, "labels", t->role);
    eki_json_put(&b->j, "name", t->name);
    eki_json_put(&b->j, "description", t->detail);
    if (t->kind) eki_stix_list(&b->j, "task_types", t->kind);
    eki_json_put(&b->j, "outcome", eki_stix_is_outcome(t->outcome) ? t->outcome : "unknown");
    put_times(b, t->first, t->last);
    end_new(b, EKI_STIX_TASK);
}

void eki_stix_write_suite(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    if (has_outbreak(incident)) {
        write_outbreak(b);
        write_infection_impact(b);
    }
    for (uint32_t i = 0; has_host_events(incident) && i < incident->host_count; i++)
        if (is_told(&incident->hosts[i])) write_host_event(b, i);
    for (size_t i = 0; i < incident->event_count; i++) write_event(b, i);
    for (size_t i = 0; i < incident->task_count; i++) write_task(b, i);
    for (size_t i = 0; i < incident->impact_count; i++) write_impact(b, i);
}
