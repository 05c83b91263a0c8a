/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An incident as a STIX 2.1 bundle:
 *
 *   identity              who tells it            infrastructure   each host, with its role as a label
 *   incident              with the core extension ipv4-addr, ...   its address (deterministic id)
 *   malware               the family              observed-data    when the address was seen
 *   attack-pattern        ATT&CK techniques       indicator        what to look for
 *   event, task, impact   what happened, what is done about it, what it did (suite_write.c)
 *   email-addr            of whom to ask (contact_write.c)
 *   relationship          consists-of: host and address; communicates-with: who infected whom;
 *                         hosts: infected host and malware; uses: malware and technique; indicates;
 *                         impacts: event and host; performed: malware and event; contact-for
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "exchange/json.h"
#include "exchange/stix/bundle.h"
#include "exchange/stix/make.h"
#include "exchange/stix/marking.h"
#include "exchange/uuid.h"

enum { PATTERN = 4096 };

const char *eki_stix_make_id(const char *type, const struct eki_stix_bundle *b, const char *name,
                             char ret_id[EKI_STIX_ID])
{
    return eki_stix_id_of(type, b->incident->id, name, ret_id);
}

static void write_marking_refs(struct eki_stix_bundle *b)
{
    if (b->marked) eki_stix_list(&b->j, "object_marking_refs", eki_stix_marking(b->label));
}

void eki_stix_begin(struct eki_stix_bundle *b, const char *type, const char *id)
{
    eki_json_object(&b->j);
    eki_json_put(&b->j, "type", type);
    eki_json_put(&b->j, "spec_version", "2.1");
    eki_json_put(&b->j, "id", id);
    if (strcmp(id, b->identity) != 0) eki_json_put(&b->j, "created_by_ref", b->identity);
    eki_json_put_time(&b->j, "created", b->incident->created);
    eki_json_put_time(&b->j, "modified", b->incident->created);
    write_marking_refs(b);
}

void eki_stix_extension(struct eki_stix_bundle *b, const char *id, const char *type)
{
    eki_json_key(&b->j, "extensions");
    eki_json_object(&b->j);
    eki_json_key(&b->j, id);
    eki_json_object(&b->j);
    eki_json_put(&b->j, "extension_type", type);
}

void eki_stix_extension_end(struct eki_stix_bundle *b)
{
    eki_json_end(&b->j);
    eki_json_end(&b->j);
}

bool eki_stix_is_new(struct eki_stix_bundle *b, const char *id)
{
    if (json_object_get(b->told, id)) return false;
    if (!json_object_set_new(b->told, id, json_true())) return true;
    b->j.failed = true;
    return false;
}

void eki_stix_list(struct eki_json *j, const char *key, const char *only)
{
    eki_json_key(j, key);
    eki_json_array(j);
    eki_json_text(j, only);
    eki_json_end(j);
}

static void write_marking(struct eki_stix_bundle *b)
{
    static const char *const words[] = {"clear", "green", "amber", "amber+strict", "red"};
    eki_json_object(&b->j);
    eki_json_put(&b->j, "type", "marking-definition");
    eki_json_put(&b->j, "spec_version", "2.1");
    eki_json_put(&b->j, "id", eki_stix_marking(b->label));
    eki_json_put(&b->j, "created", "2022-10-01T00:00:00.000Z");
    eki_json_put(&b->j, "name", eki_tlp_text(b->label));
    eki_stix_extension(b, EKI_STIX_TLP_EXTENSION, "property-extension");
    eki_json_put(&b->j, "tlp_2_0", words[b->label]);
    eki_stix_extension_end(b);
    eki_json_end(&b->j);
}

/* What it is called elsewhere, and what it comes from: by this it is known again when it comes back. */
static void write_references(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    bool open = false;
    for (size_t i = 0; i < incident->reference_count; i++) {
        const struct eki_incident_reference *r = &incident->references[i];
        if (!r->source || !r->id) continue;
        if (!open) {
            eki_json_key(&b->j, "external_references");
            eki_json_array(&b->j);
            open = true;
        }
        eki_json_object(&b->j);
        eki_json_put(&b->j, "source_name", r->source);
        eki_json_put(&b->j, "external_id", r->id);
        eki_json_end(&b->j);
    }
    if (open) eki_json_end(&b->j);
}

static enum eki_error write_incident(struct eki_stix_bundle *b)
{
    eki_stix_begin(b, "incident", b->event);
    eki_json_put(&b->j, "name", b->incident->title);
    eki_json_put(&b->j, "description", b->incident->summary);
    write_references(b);
    enum eki_error error = eki_stix_write_core(b);
    eki_json_end(&b->j);
    return error;
}

static void write_malware(struct eki_stix_bundle *b)
{
    eki_stix_begin(b, "malware", b->malware);
    eki_json_put(&b->j, "name", b->incident->family);
    eki_stix_list(&b->j, "malware_types", "worm");
    eki_json_put_bool(&b->j, "is_family", true);
    eki_json_put_time(&b->j, "first_seen", b->incident->first);
    eki_json_put_time(&b->j, "last_seen", b->incident->last);
    eki_json_end(&b->j);
}

struct relation {
    const char *type, *from, *to;
    eki_time at;
    double confidence;
};

static void write_relation(struct eki_stix_bundle *b, const struct relation *r)
{
    char key[3 * EKI_STIX_ID], id[EKI_STIX_ID];
    snprintf(key, sizeof key, "%.30s %.90s %.90s %lld", r->type, r->from, r->to, (long long)r->at);
    eki_stix_begin(b, "relationship", eki_stix_make_id("relationship", b, key, id));
    eki_json_put(&b->j, "relationship_type", r->type);
    eki_json_put(&b->j, "source_ref", r->from);
    eki_json_put(&b->j, "target_ref", r->to);
    eki_json_put_time(&b->j, "start_time", r->at);
    if (isfinite(r->confidence)) {
        eki_json_key(&b->j, "confidence");
        eki_json_unsigned(&b->j, (uint64_t)lround(r->confidence * 100));
    }
    eki_json_end(&b->j);
}

void eki_stix_relate(struct eki_stix_bundle *b, const char *type, const char *from, const char *to)
{
    write_relation(b, &(struct relation){type, from, to, EKI_TIME_NONE, NAN});
}

static void write_technique(struct eki_stix_bundle *b, const struct eki_incident_technique *technique)
{
    char id[EKI_STIX_ID], url[128];
    eki_stix_begin(b, "attack-pattern", eki_stix_make_id("attack-pattern", b, technique->id, id));
    eki_json_put(&b->j, "name", technique->name ? technique->name : technique->id);
    snprintf(url, sizeof url, "https://attack.mitre.org/techniques/%.40s", technique->id);
    for (char *p = url + sizeof "https://" - 1; *p; p++)
        if (*p == '.' && strchr(p, '/') == NULL) *p = '/';
    eki_json_key(&b->j, "external_references");
    eki_json_array(&b->j);
    eki_json_object(&b->j);
    eki_json_put(&b->j, "source_name", "mitre-attack");
    if (technique->id[0] == 'T' && strspn(technique->id + 1, "0123456789.") + 1 == strlen(technique->id))
        eki_json_put(&b->j, "url", url);
    eki_json_put(&b->j, "external_id", technique->id);
    eki_json_end(&b->j);
    eki_json_end(&b->j);
    eki_json_end(&b->j);
    if (b->incident->family) eki_stix_relate(b, "uses", b->malware, id);
}

const char *eki_stix_observable_id(const char *type, const char *value, char ret_id[EKI_STIX_ID])
{
    char canonical[1024], uuid[EKI_UUID_TEXT];
    struct eki_json key = eki_json_to_buffer(canonical, sizeof canonical);
    eki_json_object(&key);
    eki_json_put(&key, "value", value);
    eki_json_end(&key);
    snprintf(ret_id, EKI_STIX_ID, "%s--%s", type, eki_uuid_observable(canonical, uuid));
    return ret_id;
}

void eki_stix_observable(struct eki_stix_bundle *b, const char *type, const char *value, const char *id)
{
    eki_json_object(&b->j);
    eki_json_put(&b->j, "type", type);
    eki_json_put(&b->j, "spec_version", "2.1");
    eki_json_put(&b->j, "id", id);
    write_marking_refs(b);
    eki_json_put(&b->j, "value", value);
    eki_json_end(&b->j);
}

/* Writes the address or name of a host as an observable; its id follows from its value. */
static void write_observable(struct eki_stix_bundle *b, const struct eki_incident_host *h,
                             char ret_id[EKI_STIX_ID])
{
    struct eki_address address;
    const char *type = "domain-name";
    if (!eki_address_parse(h->name, &address)) type = eki_address_is_v4(address) ? "ipv4-addr" : "ipv6-addr";
    eki_stix_observable(b, type, h->name, eki_stix_observable_id(type, h->name, ret_id));
}

static void write_observed(struct eki_stix_bundle *b, const struct eki_incident_host *h,
                           const char *observable)
{
    char id[EKI_STIX_ID];
    if (h->first == EKI_TIME_NONE || h->last == EKI_TIME_NONE) return;
    eki_stix_begin(b, "observed-data", eki_stix_make_id("observed-data", b, h->name, id));
    eki_json_put_time(&b->j, "first_observed", h->first);
    eki_json_put_time(&b->j, "last_observed", h->last);
    eki_json_put_count(&b->j, "number_observed", 1);
    eki_stix_list(&b->j, "object_refs", observable);
    eki_json_end(&b->j);
}

const char *eki_stix_host_id(const struct eki_stix_bundle *b, const struct eki_incident_host *host,
                             char ret_id[EKI_STIX_ID])
{
    return eki_stix_make_id("infrastructure", b, host->name, ret_id);
}

static void write_host(struct eki_stix_bundle *b, const struct eki_incident_host *h)
{
    char id[EKI_STIX_ID], observable[EKI_STIX_ID];
    write_observable(b, h, observable);
    write_observed(b, h, observable);
    eki_stix_begin(b, "infrastructure", eki_stix_host_id(b, h, id));
    eki_json_put(&b->j, "name", h->name);
    eki_json_put(&b->j, "description", h->detail);
    eki_stix_list(&b->j, "infrastructure_types",
                  h->role == EKI_ROLE_SCANNER  ? "reconnaissance"
                  : h->role == EKI_ROLE_SERVER ? "command-and-control"
                                               : "unknown");
    eki_json_key(&b->j, "labels");
    eki_json_array(&b->j);
    eki_json_text(&b->j, eki_incident_role_name(h->role));
    if (h->evidence) eki_json_text(&b->j, h->evidence);
    eki_json_end(&b->j);
    if (isfinite(h->confidence)) {
        eki_json_key(&b->j, "confidence");
        eki_json_unsigned(&b->j, (uint64_t)lround(h->confidence * 100));
    }
    eki_json_put_time(&b->j, "first_seen", h->first);
    eki_json_put_time(&b->j, "last_seen", h->last);
    eki_json_end(&b->j);
    eki_stix_relate(b, "consists-of", id, observable);
    eki_stix_relate(b, "related-to", b->event, id);
    if (h->role == EKI_ROLE_INFECTED && b->incident->family) eki_stix_relate(b, "hosts", id, b->malware);
}

static void write_indicator(struct eki_stix_bundle *b, const struct eki_indicator *n)
{
    char id[EKI_STIX_ID], pattern[PATTERN];
    bool own = n->kind == EKI_INDICATOR_PATTERN;
    if (!own && !eki_stix_pattern(n, pattern, sizeof pattern)) return;
    eki_stix_begin(b, "indicator", eki_stix_make_id("indicator", b, n->value, id));
    eki_json_put(&b->j, "name", n->value);
    eki_json_put(&b->j, "description", n->comment);
    eki_stix_list(&b->j, "indicator_types", n->detect ? "malicious-activity" : "unknown");
    eki_json_put(&b->j, "pattern", own ? n->value : pattern);
    eki_json_put(&b->j, "pattern_type", "stix");
    eki_json_put_time(&b->j, "valid_from", n->first == EKI_TIME_NONE ? b->incident->first : n->first);
    if (n->last != EKI_TIME_NONE && n->last > n->first) eki_json_put_time(&b->j, "valid_until", n->last);
    eki_json_end(&b->j);
    if (b->incident->family) eki_stix_relate(b, "indicates", id, b->malware);
}

static void write_vulnerability(struct eki_stix_bundle *b, const struct eki_vulnerability *v)
{
    char id[EKI_STIX_ID];
    eki_stix_begin(b, "vulnerability", eki_stix_make_id("vulnerability", b, v->id, id));
    eki_json_put(&b->j, "name", v->id);
    eki_json_put(&b->j, "description", v->summary ? v->summary : v->title);
    if (!strncmp(v->id, "CVE-", 4)) {
        eki_json_key(&b->j, "external_references");
        eki_json_array(&b->j);
        eki_json_object(&b->j);
        eki_json_put(&b->j, "source_name", "cve");
        eki_json_put(&b->j, "external_id", v->id);
        eki_json_end(&b->j);
        eki_json_end(&b->j);
    }
    eki_json_end(&b->j);
    if (b->incident->family) eki_stix_relate(b, "exploits", b->malware, id);
}

static void write_edge(struct eki_stix_bundle *b, const struct eki_incident_edge *e)
{
    char from[EKI_STIX_ID], to[EKI_STIX_ID];
    eki_stix_host_id(b, &b->incident->hosts[e->from], from);
    eki_stix_host_id(b, &b->incident->hosts[e->to], to);
    write_relation(b, &(struct relation){"communicates-with", from, to, e->at, e->confidence});
}

static enum eki_error write_objects(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    if (b->marked) write_marking(b);
    eki_stix_write_teams(b);
    enum eki_error error = write_incident(b);
    if (error) return error;
    if (incident->family) {
        write_malware(b);
        eki_stix_relate(b, "related-to", b->event, b->malware);
    }
    for (size_t i = 0; i < incident->technique_count; i++) write_technique(b, &incident->techniques[i]);
    for (size_t i = 0; i < incident->host_count; i++) write_host(b, &incident->hosts[i]);
    for (size_t i = 0; i < incident->edge_count; i++) write_edge(b, &incident->edges[i]);
    for (size_t i = 0; i < incident->indicator_count; i++) write_indicator(b, &incident->indicators[i]);
    for (size_t i = 0; i < incident->vulnerability_count; i++)
        write_vulnerability(b, &incident->vulnerabilities[i]);
    eki_stix_write_suite(b);
    return EKI_OK;
}

enum eki_error eki_stix_write(const struct eki_exchange_output *output)
{
    struct eki_stix_bundle b = {.j = eki_json_to_file(output->out, true),
                                .incident = output->incident,
                                .label = output->label,
                                .marked = output->label_written,
                                .told = json_object()};
    char id[EKI_STIX_ID], uuid[EKI_UUID_TEXT];
    if (!b.told) return EKI_ERROR_MEMORY;
    snprintf(b.identity, sizeof b.identity, "identity--%s",
             eki_uuid_derived("identity", output->incident->reporter.name, uuid));
    snprintf(b.event, sizeof b.event, "incident--%s", output->incident->id);
    eki_stix_make_id("malware", &b, output->incident->family, b.malware);
    eki_json_object(&b.j);
    eki_json_put(&b.j, "type", "bundle");
    eki_json_put(&b.j, "id", eki_stix_make_id("bundle", &b, "", id));
    eki_json_key(&b.j, "objects");
    eki_json_array(&b.j);
    enum eki_error error = write_objects(&b);
    eki_json_end(&b.j);
    eki_json_end(&b.j);
    fputc('\n', output->out);
    json_decref(b.told);
    return error ? error : eki_exchange_end(output->out, b.j.failed);
}
