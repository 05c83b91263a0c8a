/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/incident.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "exchange/build.h"
#include "exchange/uuid.h"

void eki_incident_free(struct eki_incident *incident)
{
    if (!incident) return;
    struct eki_incident_memory *memory = incident->memory;
    eki_arena_done(&memory->arena);
    eki_free(memory);
    eki_free(incident->hosts);
    eki_free(incident->edges);
    eki_free(incident->indicators);
    eki_free(incident->techniques);
    eki_free(incident->vulnerabilities);
    eki_free(incident->teams);
    eki_free(incident->references);
    eki_free(incident->events);
    eki_free(incident->tasks);
    eki_free(incident->impacts);
    eki_free(incident->notes);
    eki_free(incident);
}

static bool is_share(double value)
{
    return isnan(value) || (value >= 0 && value <= 1);
}

static bool is_ordered(eki_time first, eki_time last)
{
    return first == EKI_TIME_NONE || last == EKI_TIME_NONE || first <= last;
}

static enum eki_error wrong(struct eki_fault *fault, size_t at, const char *what)
{
    return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "%s %zu", what, at);
}

static enum eki_error validate_suite(const struct eki_incident *incident, struct eki_fault *fault)
{
    for (size_t i = 0; i < incident->event_count; i++)
        if (!is_ordered(incident->events[i].first, incident->events[i].last))
            return wrong(fault, i, "times of event");
    for (size_t i = 0; i < incident->task_count; i++)
        if (!is_ordered(incident->tasks[i].first, incident->tasks[i].last))
            return wrong(fault, i, "times of task");
    for (size_t i = 0; i < incident->impact_count; i++)
        if (!incident->impacts[i].category ||
            !is_ordered(incident->impacts[i].first, incident->impacts[i].last))
            return wrong(fault, i, "category or times of impact");
    return EKI_OK;
}

enum eki_error eki_incident_validate(const struct eki_incident *incident, struct eki_fault *ret_fault)
{
    if ((unsigned)incident->tlp >= EKI_TLP_COUNT)
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "the label");
    if (!is_ordered(incident->first, incident->last))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "the times of the incident");
    for (size_t i = 0; i < incident->host_count; i++) {
        const struct eki_incident_host *h = &incident->hosts[i];
        if (!h->name || (unsigned)h->role >= EKI_ROLE_COUNT)
            return wrong(ret_fault, i, "name or role of host");
        if (!is_ordered(h->first, h->last)) return wrong(ret_fault, i, "times of host");
        if (!is_share(h->confidence)) return wrong(ret_fault, i, "confidence of host");
    }
    for (size_t i = 0; i < incident->edge_count; i++) {
        const struct eki_incident_edge *e = &incident->edges[i];
        if (e->from >= incident->host_count || e->to >= incident->host_count || e->from == e->to)
            return wrong(ret_fault, i, "ends of edge");
        if (!is_share(e->confidence)) return wrong(ret_fault, i, "confidence of edge");
    }
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        if (!n->value || (unsigned)n->kind >= EKI_INDICATOR_KIND_COUNT || !is_ordered(n->first, n->last))
            return wrong(ret_fault, i, "indicator");
    }
    for (size_t i = 0; i < incident->vulnerability_count; i++)
        if (!incident->vulnerabilities[i].id) return wrong(ret_fault, i, "id of vulnerability");
    return validate_suite(incident, ret_fault);
}

void eki_incident_mark(struct eki_incident *incident, enum eki_tlp label)
{
    incident->tlp = (unsigned)label < EKI_TLP_COUNT ? label : EKI_TLP_RED;
    incident->marked = true;
}

static void widen(struct eki_incident *incident, eki_time first, eki_time last)
{
    if (first != EKI_TIME_NONE && (incident->first == EKI_TIME_NONE || first < incident->first))
        incident->first = first;
    if (last != EKI_TIME_NONE && (incident->last == EKI_TIME_NONE || last > incident->last))
        incident->last = last;
}

/* What tells this incident from others: title, times, service, how much it holds, and its first host. */
static const char *derive_id(const struct eki_incident *incident, char ret_text[EKI_UUID_TEXT])
{
    char key[512];
    snprintf(key, sizeof key, "%.100s|%" PRId64 "|%" PRId64 "|%u/%u|%zu|%zu|%zu|%.100s", incident->title,
             incident->first, incident->last, incident->protocol, incident->port, incident->host_count,
             incident->edge_count, incident->indicator_count,
             incident->host_count ? incident->hosts[0].name : "");
    return eki_uuid_derived("incident", key, ret_text);
}

/* Others number their incidents as they like: that stays as a reference, and the id follows from it. */
static void keep_number(struct eki_builder *b)
{
    struct eki_incident *incident = b->incident;
    char id[EKI_UUID_TEXT];
    const char *number = incident->id, *by = incident->reporter.name;
    if (!number || eki_build_is_uuid(number)) return;
    eki_build_reference(b, by, number, NULL);
    incident->id = eki_build_text(b, eki_uuid_derived(by, number, id));
}

enum eki_error eki_incident_complete(struct eki_incident *incident, eki_time now)
{
    struct eki_builder b = {.incident = incident};
    char title[160], id[EKI_UUID_TEXT];
    if (incident->first == EKI_TIME_NONE || incident->last == EKI_TIME_NONE)
        for (size_t i = 0; i < incident->host_count; i++)
            widen(incident, incident->hosts[i].first, incident->hosts[i].last);
    if (incident->first == EKI_TIME_NONE) incident->first = incident->last;
    if (incident->first == EKI_TIME_NONE) incident->first = now;
    if (incident->last == EKI_TIME_NONE || incident->last < incident->first) incident->last = incident->first;
    if (incident->created == EKI_TIME_NONE) incident->created = now;
    if (!incident->title) {
        if (incident->family)
            snprintf(title, sizeof title, "Outbreak of %.60s", incident->family);
        else
            snprintf(title, sizeof title, "Incident");
        incident->title = eki_build_text(&b, title);
    }
    keep_number(&b);
    if (!b.error && !incident->id) incident->id = eki_build_text(&b, derive_id(incident, id));
    if (!b.error && !incident->reporter.name)
        b.error = eki_incident_report_by(incident, "unknown", NULL, NULL);
    return b.error;
}

enum eki_error eki_incident_entitle(struct eki_incident *incident, const char *title)
{
    struct eki_builder b = {.incident = incident};
    if (title) incident->title = eki_build_text(&b, title);
    return b.error;
}

enum eki_error eki_incident_number(struct eki_incident *incident, const char *number)
{
    struct eki_builder b = {.incident = incident};
    incident->id = eki_build_text(&b, number);
    return b.error;
}

enum eki_error eki_incident_refer(struct eki_incident *incident, const char *source, const char *id)
{
    struct eki_builder b = {.incident = incident};
    for (size_t i = 0; i < incident->reference_count; i++) {
        const struct eki_incident_reference *known = &incident->references[i];
        if (known->source && known->id && !strcmp(known->source, source) && !strcmp(known->id, id))
            return EKI_OK;
    }
    eki_build_reference(&b, source, id, NULL);
    return b.error;
}

enum eki_error eki_incident_add_event(struct eki_incident *incident, const struct eki_incident_event *event)
{
    struct eki_builder b = {.incident = incident};
    struct eki_incident_event *made = eki_build_event(&b);
    if (!made) return b.error;
    made->id = eki_build_text(&b, event->id);
    made->kind = eki_build_text(&b, event->kind);
    made->status = eki_build_text(&b, event->status);
    made->name = eki_build_text(&b, event->name);
    made->detail = eki_build_text(&b, event->detail);
    made->first = event->first;
    made->last = event->last;
    return b.error;
}

enum eki_error eki_incident_add_task(struct eki_incident *incident, const struct eki_incident_task *task)
{
    struct eki_builder b = {.incident = incident};
    struct eki_incident_task *made = eki_build_task(&b);
    if (!made) return b.error;
    made->id = eki_build_text(&b, task->id);
    made->kind = eki_build_text(&b, task->kind);
    made->outcome = eki_build_text(&b, task->outcome);
    made->name = eki_build_text(&b, task->name);
    made->detail = eki_build_text(&b, task->detail);
    made->role = eki_build_text(&b, task->role);
    made->first = task->first;
    made->last = task->last;
    return b.error;
}

enum eki_error eki_incident_add_team(struct eki_incident *incident, const struct eki_incident_team *team)
{
    struct eki_builder b = {.incident = incident};
    struct eki_incident_team *made = eki_build_team(&b, team->name);
    if (!made) return b.error;
    made->mail = eki_build_text(&b, team->mail);
    made->phone = eki_build_text(&b, team->phone);
    made->url = eki_build_text(&b, team->url);
    made->country = eki_build_text(&b, team->country);
    made->updated = team->updated;
    made->expires = team->expires;
    return b.error;
}

enum eki_error eki_incident_stage(struct eki_incident *incident, const char *stage)
{
    struct eki_builder b = {.incident = incident};
    incident->stage = eki_build_text(&b, stage);
    return b.error;
}

enum eki_error eki_incident_report_by(struct eki_incident *incident, const char *name, const char *mail,
                                      const char *domain)
{
    struct eki_builder b = {.incident = incident};
    if (name) incident->reporter.name = eki_build_text(&b, name);
    if (mail) incident->reporter.mail = eki_build_text(&b, mail);
    if (domain) incident->reporter.domain = eki_build_text(&b, domain);
    return b.error;
}

const char *eki_incident_role_name(enum eki_incident_role role)
{
    static const char *const names[EKI_ROLE_COUNT] = {"other",    "infected", "scanner",
                                                      "attacked", "server",   "exposed"};
    return (unsigned)role < EKI_ROLE_COUNT ? names[role] : "?";
}

const char *eki_indicator_kind_name(enum eki_indicator_kind kind)
{
    static const char *const names[EKI_INDICATOR_KIND_COUNT] = {
        "address", "network", "domain", "url",   "mail",     "as",     "md5",
        "sha1",    "sha256",  "file",   "mutex", "registry", "pattern"};
    return (unsigned)kind < EKI_INDICATOR_KIND_COUNT ? names[kind] : "?";
}
