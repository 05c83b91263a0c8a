/* SPDX-License-Identifier: Apache-2.0 */
/* The incident itself as JSON: everything the record holds, in its own words. */
#include <math.h>
#include <string.h>

#include "exchange/format.h"
#include "exchange/incident/suite.h"
#include "exchange/json.h"

#define SCHEMA "ekigaku.incident/1"

static void write_team(struct eki_json *j, const struct eki_incident_team *t)
{
    eki_json_object(j);
    eki_json_put(j, "name", t->name);
    eki_json_put(j, "mail", t->mail);
    eki_json_put(j, "domain", t->domain);
    eki_json_put(j, "url", t->url);
    eki_json_put(j, "phone", t->phone);
    eki_json_put(j, "country", t->country);
    eki_json_put(j, "constituency", t->constituency);
    eki_json_put(j, "key", t->key);
    eki_json_put(j, "hours", t->hours);
    eki_json_put(j, "languages", t->languages);
    eki_json_put(j, "policy", t->policy);
    eki_json_put_time(j, "updated", t->updated);
    eki_json_put_time(j, "expires", t->expires);
    eki_json_end(j);
}

static void write_hosts(struct eki_json *j, const struct eki_incident *incident)
{
    eki_json_key(j, "hosts");
    eki_json_array(j);
    for (size_t i = 0; i < incident->host_count; i++) {
        const struct eki_incident_host *h = &incident->hosts[i];
        eki_json_object(j);
        eki_json_put(j, "host", h->name);
        eki_json_put(j, "role", eki_incident_role_name(h->role));
        eki_json_put_time(j, "first", h->first);
        eki_json_put_time(j, "last", h->last);
        eki_json_put(j, "proto", eki_exchange_protocol(h->protocol));
        eki_json_put_count(j, "port", h->port);
        eki_json_put_share(j, "confidence", h->confidence);
        eki_json_put(j, "evidence", h->evidence);
        eki_json_put(j, "detail", h->detail);
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_key(j, "edges");
    eki_json_array(j);
    for (size_t i = 0; i < incident->edge_count; i++) {
        const struct eki_incident_edge *e = &incident->edges[i];
        eki_json_object(j);
        eki_json_put(j, "from", incident->hosts[e->from].name);
        eki_json_put(j, "to", incident->hosts[e->to].name);
        eki_json_put_time(j, "at", e->at);
        eki_json_put_share(j, "confidence", e->confidence);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void write_indicators(struct eki_json *j, const struct eki_incident *incident)
{
    eki_json_key(j, "indicators");
    eki_json_array(j);
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        eki_json_object(j);
        eki_json_put(j, "kind", eki_indicator_kind_name(n->kind));
        eki_json_put(j, "value", n->value);
        eki_json_put(j, "comment", n->comment);
        eki_json_put_time(j, "first", n->first);
        eki_json_put_time(j, "last", n->last);
        eki_json_put_bool(j, "detect", n->detect);
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_key(j, "techniques");
    eki_json_array(j);
    for (size_t i = 0; i < incident->technique_count; i++) {
        eki_json_object(j);
        eki_json_put(j, "id", incident->techniques[i].id);
        eki_json_put(j, "name", incident->techniques[i].name);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void write_vulnerabilities(struct eki_json *j, const struct eki_incident *incident)
{
    eki_json_key(j, "vulnerabilities");
    eki_json_array(j);
    for (size_t i = 0; i < incident->vulnerability_count; i++) {
        const struct eki_vulnerability *v = &incident->vulnerabilities[i];
        eki_json_object(j);
        eki_json_put(j, "id", v->id);
        eki_json_put(j, "title", v->title);
        eki_json_put(j, "summary", v->summary);
        eki_json_put(j, "vendor", v->vendor);
        eki_json_put(j, "product", v->product);
        eki_json_put(j, "action", v->action);
        eki_json_put(j, "url", v->url);
        eki_json_put_time(j, "published", v->published);
        eki_json_put_time(j, "due", v->due);
        eki_json_put_bool(j, "exploited", v->exploited);
        eki_json_put_bool(j, "ransomware", v->ransomware);
        eki_json_put_share(j, "score", v->score);
        eki_json_put_share(j, "epss", v->epss);
        eki_json_put_share(j, "epss_centile", v->epss_centile);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void write_rest(struct eki_json *j, const struct eki_incident *incident)
{
    eki_json_key(j, "teams");
    eki_json_array(j);
    for (size_t i = 0; i < incident->team_count; i++) write_team(j, &incident->teams[i]);
    eki_json_end(j);
    eki_json_key(j, "references");
    eki_json_array(j);
    for (size_t i = 0; i < incident->reference_count; i++) {
        eki_json_object(j);
        eki_json_put(j, "source", incident->references[i].source);
        eki_json_put(j, "id", incident->references[i].id);
        eki_json_put(j, "url", incident->references[i].url);
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_key(j, "notes");
    eki_json_array(j);
    for (size_t i = 0; i < incident->note_count; i++) eki_json_text(j, incident->notes[i]);
    eki_json_end(j);
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    const struct eki_incident *incident = output->incident;
    struct eki_json j = eki_json_to_file(output->out, true);
    eki_json_object(&j);
    eki_json_put(&j, "schema", SCHEMA);
    eki_json_put(&j, "id", incident->id);
    eki_json_put(&j, "title", incident->title);
    eki_json_put(&j, "summary", incident->summary);
    eki_json_key(&j, "tlp");
    eki_json_text(&j,
                  incident->marked || output->label != incident->tlp ? eki_tlp_text(output->label) : NULL);
    eki_json_put_time(&j, "created", incident->created);
    eki_json_put_time(&j, "modified", incident->modified);
    eki_json_put_time(&j, "first", incident->first);
    eki_json_put_time(&j, "last", incident->last);
    eki_json_put(&j, "family", incident->family);
    eki_json_put(&j, "vector", incident->vector);
    eki_json_put(&j, "route", incident->route);
    eki_json_put(&j, "stage", incident->stage);
    eki_json_put(&j, "proto", eki_exchange_protocol(incident->protocol));
    eki_json_put_count(&j, "port", incident->port);
    eki_json_key(&j, "reporter");
    write_team(&j, &incident->reporter);
    write_hosts(&j, incident);
    write_indicators(&j, incident);
    write_vulnerabilities(&j, incident);
    eki_incident_write_suite(&j, incident);
    write_rest(&j, incident);
    eki_json_end(&j);
    fputc('\n', output->out);
    return eki_exchange_end(output->out, j.failed);
}

static void read_team(struct eki_builder *b, const json_t *o, struct eki_incident_team *t)
{
    if (!t) return;
    *t = (struct eki_incident_team){.name = eki_build_text(b, eki_json_member(o, "name")),
                                    .mail = eki_build_text(b, eki_json_member(o, "mail")),
                                    .domain = eki_build_text(b, eki_json_member(o, "domain")),
                                    .url = eki_build_text(b, eki_json_member(o, "url")),
                                    .phone = eki_build_text(b, eki_json_member(o, "phone")),
                                    .country = eki_build_text(b, eki_json_member(o, "country")),
                                    .constituency = eki_build_text(b, eki_json_member(o, "constituency")),
                                    .key = eki_build_text(b, eki_json_member(o, "key")),
                                    .hours = eki_build_text(b, eki_json_member(o, "hours")),
                                    .languages = eki_build_text(b, eki_json_member(o, "languages")),
                                    .policy = eki_build_text(b, eki_json_member(o, "policy")),
                                    .updated = eki_json_when(o, "updated"),
                                    .expires = eki_json_when(o, "expires")};
}

/* A share, or NaN for what is none. */
static double share(const json_t *o, const char *key)
{
    double value = eki_json_real(o, key);
    return value >= 0 && value <= 1 ? value : NAN;
}

static void read_host(struct eki_builder *b, const json_t *o)
{
    const char *role = eki_json_member(o, "role");
    unsigned k = 0;
    while (role && k < EKI_ROLE_COUNT && strcmp(role, eki_incident_role_name((enum eki_incident_role)k)) != 0)
        k++;
    uint32_t at = eki_build_host(b, eki_json_member(o, "host"),
                                 role && k < EKI_ROLE_COUNT ? (enum eki_incident_role)k : EKI_ROLE_OTHER);
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) {
        b->passed++;
        return;
    }
    eki_build_seen(b, at, eki_json_when(o, "first"), eki_json_when(o, "last"));
    h->protocol = eki_json_protocol(o, "proto");
    h->port = eki_json_port(o, "port");
    h->confidence = share(o, "confidence");
    h->evidence = eki_build_text(b, eki_json_member(o, "evidence"));
    h->detail = eki_build_text(b, eki_json_member(o, "detail"));
}

static void read_indicator(struct eki_builder *b, const json_t *o)
{
    const char *kind = eki_json_member(o, "kind");
    unsigned k = 0;
    while (kind && k < EKI_INDICATOR_KIND_COUNT &&
           strcmp(kind, eki_indicator_kind_name((enum eki_indicator_kind)k)) != 0)
        k++;
    struct eki_indicator *n =
        kind && k < EKI_INDICATOR_KIND_COUNT
            ? eki_build_indicator(b, (enum eki_indicator_kind)k, eki_json_member(o, "value"))
            : NULL;
    if (!n) {
        b->passed++;
        return;
    }
    n->comment = eki_build_text(b, eki_json_member(o, "comment"));
    n->first = eki_json_when(o, "first");
    n->last = eki_json_when(o, "last");
    if (n->last != EKI_TIME_NONE && n->last < n->first) n->last = n->first;
    n->detect = json_is_true(json_object_get(o, "detect"));
}

static void read_vulnerability(struct eki_builder *b, const json_t *o)
{
    struct eki_vulnerability *v = eki_build_vulnerability(b, eki_json_member(o, "id"));
    if (!v) {
        b->passed++;
        return;
    }
    v->title = eki_build_text(b, eki_json_member(o, "title"));
    v->summary = eki_build_text(b, eki_json_member(o, "summary"));
    v->vendor = eki_build_text(b, eki_json_member(o, "vendor"));
    v->product = eki_build_text(b, eki_json_member(o, "product"));
    v->action = eki_build_text(b, eki_json_member(o, "action"));
    v->url = eki_build_text(b, eki_json_member(o, "url"));
    v->published = eki_json_when(o, "published");
    v->due = eki_json_when(o, "due");
    v->exploited = json_is_true(json_object_get(o, "exploited"));
    v->ransomware = json_is_true(json_object_get(o, "ransomware"));
    v->score = eki_json_real(o, "score");
    v->epss = share(o, "epss");
    v->epss_centile = share(o, "epss_centile");
}

static void read_head(struct eki_builder *b, const json_t *root)
{
    struct eki_incident *incident = b->incident;
    incident->id = eki_build_text(b, eki_json_member(root, "id"));
    incident->title = eki_build_text(b, eki_json_member(root, "title"));
    incident->summary = eki_build_text(b, eki_json_member(root, "summary"));
    incident->family = eki_build_text(b, eki_json_member(root, "family"));
    incident->vector = eki_build_text(b, eki_json_member(root, "vector"));
    incident->route = eki_build_text(b, eki_json_member(root, "route"));
    incident->stage = eki_build_text(b, eki_json_member(root, "stage"));
    incident->created = eki_json_when(root, "created");
    incident->modified = eki_json_when(root, "modified");
    incident->first = eki_json_when(root, "first");
    incident->last = eki_json_when(root, "last");
    if (incident->last != EKI_TIME_NONE && incident->last < incident->first) incident->last = incident->first;
    incident->protocol = eki_json_protocol(root, "proto");
    incident->port = eki_json_port(root, "port");
    eki_build_mark_text(b, eki_json_member(root, "tlp"));
    read_team(b, json_object_get(root, "reporter"), &incident->reporter);
}

static void read_items(struct eki_builder *b, const json_t *root)
{
    size_t i;
    json_t *o;
    json_array_foreach(json_object_get(root, "hosts"), i, o) read_host(b, o);
    json_array_foreach(json_object_get(root, "edges"), i, o)
    {
        uint32_t from = eki_build_host(b, eki_json_member(o, "from"), EKI_ROLE_OTHER);
        uint32_t to = eki_build_host(b, eki_json_member(o, "to"), EKI_ROLE_OTHER);
        eki_build_edge(b, from, to, eki_json_when(o, "at"), share(o, "confidence"));
    }
    json_array_foreach(json_object_get(root, "indicators"), i, o) read_indicator(b, o);
    json_array_foreach(json_object_get(root, "techniques"), i, o)
        eki_build_technique(b, eki_json_member(o, "id"), eki_json_member(o, "name"));
    json_array_foreach(json_object_get(root, "vulnerabilities"), i, o) read_vulnerability(b, o);
    json_array_foreach(json_object_get(root, "teams"), i, o)
        read_team(b, o, eki_build_team(b, eki_json_member(o, "name")));
    json_array_foreach(json_object_get(root, "references"), i, o) eki_build_reference(
        b, eki_json_member(o, "source"), eki_json_member(o, "id"), eki_json_member(o, "url"));
    json_array_foreach(json_object_get(root, "notes"), i, o)
    {
        const char *note = json_string_value(o);
        if (note) eki_build_note(b, "%.250s", note);
    }
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    if (!json_is_object(input->json)) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no JSON object");
    read_head(b, input->json);
    read_items(b, input->json);
    eki_incident_read_suite(b, input->json);
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    const char *schema = eki_json_member(input->json, "schema");
    return schema && !strcmp(schema, SCHEMA) ? 100 : 0;
}

const struct eki_exchange_format eki_exchange_format_incident = {
    .name = "incident",
    .title = SCHEMA ", the incident in this program's own words",
    .labels = EKI_TLP_ALL,
    .as_it_is = true,
    .detect = detect,
    .read = read,
    .write = write,
};
