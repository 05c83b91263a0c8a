/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A STIX bundle becomes an incident. References are looked up in one index of ids and followed one step,
 * never on and on: objects that refer to each other in a circle are ordinary input.
 */
#include <math.h>
#include <string.h>

#include "exchange/json.h"
#include "exchange/stix/bundle.h"
#include "exchange/stix/marking.h"
#include "exchange/stix/suite.h"

enum { VALUE = 4096 };

struct reading {
    struct eki_builder *b;
    json_t *index;    /* id -> object */
    json_t *host_of;  /* id of an infrastructure or address -> position of its host */
    json_t *held;     /* id of an address that an infrastructure consists of -> true */
    bool told;        /* who created it was looked for: other identities are other teams */
    unsigned unknown; /* marking references that are no TLP label and not defined as a statement */
};

static bool is(const json_t *object, const char *key, const char *text)
{
    const char *value = eki_json_member(object, key);
    return value && !strcmp(value, text);
}

static uint32_t host_at(const struct reading *r, const char *id)
{
    const json_t *at = id ? json_object_get(r->host_of, id) : NULL;
    return at ? (uint32_t)json_integer_value(at) : EKI_NO_HOST;
}

static void remember(struct reading *r, const char *id, uint32_t host)
{
    if (!id || host == EKI_NO_HOST) return;
    if (json_object_set_new_nocheck(r->host_of, id, json_integer(host)))
        eki_build_fail(r->b, EKI_ERROR_MEMORY, 0, "the index");
}

/* A marking may be one of ours, a label by name under an invented id, or a statement, which is no label. */
static void read_marking(struct reading *r, const char *id)
{
    enum eki_tlp label;
    if (!id) return;
    if (eki_stix_label(id, &label)) {
        eki_build_mark(r->b, label);
        return;
    }
    const json_t *definition = json_object_get(r->index, id);
    if (is(definition, "definition_type", "statement")) return;
    const char *name = eki_json_member(definition, "name");
    if (!r->unknown++)
        eki_build_note(r->b, "marking %.64s (\"%.40s\") is none of TLP: taken for TLP:RED", id,
                       name ? name : "");
    eki_build_mark(r->b, EKI_TLP_RED);
}

static void read_markings(struct reading *r, const json_t *object)
{
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(object, "object_marking_refs"), i, id)
        read_marking(r, json_string_value(id));
    json_array_foreach(json_object_get(object, "granular_markings"), i, id)
        read_marking(r, eki_json_member(id, "marking_ref"));
}

static void read_references(struct reading *r, const json_t *object)
{
    size_t i;
    json_t *reference;
    json_array_foreach(json_object_get(object, "external_references"), i, reference)
    {
        const char *source = eki_json_member(reference, "source_name"),
                   *id = eki_json_member(reference, "external_id");
        if (source && id && !strcmp(source, "mitre-attack") && is(object, "type", "attack-pattern"))
            eki_build_technique(r->b, id, eki_json_member(object, "name"));
        else if (source && id && !strcmp(source, "cve"))
            eki_build_vulnerability(r->b, id);
        else
            eki_build_reference(r->b, source, id, eki_json_member(reference, "url"));
    }
}

static double confidence_of(const json_t *object)
{
    double value = eki_json_real(object, "confidence");
    return value >= 0 && value <= 100 ? value / 100 : NAN;
}

static enum eki_incident_role role_of(const json_t *object)
{
    size_t i;
    json_t *label;
    json_array_foreach(json_object_get(object, "labels"), i, label)
    {
        const char *text = json_string_value(label);
        for (unsigned k = 1; text && k < EKI_ROLE_COUNT; k++)
            if (!strcmp(text, eki_incident_role_name((enum eki_incident_role)k)))
                return (enum eki_incident_role)k;
    }
    json_array_foreach(json_object_get(object, "infrastructure_types"), i, label)
    {
        const char *text = json_string_value(label);
        if (text && (!strcmp(text, "command-and-control") || !strcmp(text, "staging")))
            return EKI_ROLE_SERVER;
        if (text && !strcmp(text, "reconnaissance")) return EKI_ROLE_SCANNER;
    }
    return EKI_ROLE_OTHER;
}

static void read_infrastructure(struct reading *r, const json_t *object, const char *address)
{
    const char *name = address ? address : eki_json_member(object, "name");
    uint32_t at = eki_build_host(r->b, name, role_of(object));
    struct eki_incident_host *h = eki_build_at(r->b, at);
    if (!h) return;
    eki_build_seen(r->b, at, eki_json_when(object, "first_seen"), eki_json_when(object, "last_seen"));
    h->confidence = confidence_of(object);
    h->detail = eki_build_text(r->b, eki_json_member(object, "description"));
    /* The second label of what this program writes: by what it was told. */
    const char *evidence = json_string_value(json_array_get(json_object_get(object, "labels"), 1));
    if (evidence) h->evidence = eki_build_text(r->b, evidence);
    remember(r, eki_json_member(object, "id"), at);
}

static void read_consists_of(struct reading *r, const json_t *relation)
{
    const char *from = eki_json_member(relation, "source_ref"), *to = eki_json_member(relation, "target_ref");
    const json_t *object = from ? json_object_get(r->index, from) : NULL;
    const json_t *part = to ? json_object_get(r->index, to) : NULL;
    const char *value = eki_json_member(part, "value");
    if (!is(object, "type", "infrastructure") || !value) return;
    if (host_at(r, from) == EKI_NO_HOST) read_infrastructure(r, object, value);
    if (json_object_set_new_nocheck(r->held, to, json_true()))
        eki_build_fail(r->b, EKI_ERROR_MEMORY, 0, "the index");
    remember(r, to, host_at(r, from));
}

static void read_indicator(struct reading *r, const json_t *object)
{
    char value[VALUE];
    enum eki_indicator_kind kind = EKI_INDICATOR_PATTERN;
    const char *pattern = eki_json_member(object, "pattern");
    if (!pattern) {
        r->b->passed++;
        return;
    }
    bool simple =
        is(object, "pattern_type", "stix") && eki_stix_comparison(pattern, &kind, value, sizeof value);
    struct eki_indicator *n = eki_build_indicator(r->b, kind, simple ? value : pattern);
    if (!n) return;
    n->comment = eki_build_text(r->b, eki_json_member(object, "description"));
    n->first = eki_json_when(object, "valid_from");
    n->last = eki_json_when(object, "valid_until");
    if (n->last != EKI_TIME_NONE && n->last < n->first) n->last = n->first;
    n->detect = true;
    const char *type = json_string_value(json_array_get(json_object_get(object, "indicator_types"), 0));
    if (type && (!strcmp(type, "benign") || !strcmp(type, "unknown"))) n->detect = false;
}

static void read_file(struct reading *r, const json_t *object)
{
    static const struct {
        const char *name;
        enum eki_indicator_kind kind;
    } hashes[] = {
        {"MD5", EKI_INDICATOR_MD5}, {"SHA-1", EKI_INDICATOR_SHA1}, {"SHA-256", EKI_INDICATOR_SHA256}};
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        eki_build_indicator(r->b, hashes[i].kind,
                            eki_json_member(json_object_get(object, "hashes"), hashes[i].name));
    eki_build_indicator(r->b, EKI_INDICATOR_FILE, eki_json_member(object, "name"));
}

/* Observables that no host is made of are only seen, not meant for detection. */
static void read_observable(struct reading *r, const json_t *object, const char *type)
{
    static const struct {
        const char *type, *key;
        enum eki_indicator_kind kind;
    } kinds[] = {{"ipv4-addr", "value", EKI_INDICATOR_ADDRESS},
                 {"ipv6-addr", "value", EKI_INDICATOR_ADDRESS},
                 {"domain-name", "value", EKI_INDICATOR_DOMAIN},
                 {"url", "value", EKI_INDICATOR_URL},
                 {"email-addr", "value", EKI_INDICATOR_MAIL},
                 {"mutex", "name", EKI_INDICATOR_MUTEX},
                 {"windows-registry-key", "key", EKI_INDICATOR_REGISTRY}};
    const char *id = eki_json_member(object, "id");
    if (id && json_object_get(r->held, id)) return;
    if (!strcmp(type, "file")) {
        read_file(r, object);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *value = eki_json_member(object, kinds[i].key);
        if (strcmp(kinds[i].type, type) != 0 || !value) continue;
        bool network = kinds[i].kind == EKI_INDICATOR_ADDRESS && strchr(value, '/');
        eki_build_indicator(r->b, network ? EKI_INDICATOR_NETWORK : kinds[i].kind, value);
        return;
    }
    r->b->passed++;
}

static void read_vulnerability(struct reading *r, const json_t *object)
{
    const char *name = eki_json_member(object, "name");
    struct eki_vulnerability *v = eki_build_vulnerability(r->b, name);
    if (v && !v->summary) v->summary = eki_build_text(r->b, eki_json_member(object, "description"));
}

/* An incident, or else what holds the others together: report, grouping, campaign. */
static void read_container(struct reading *r, const json_t *object, const char *type)
{
    struct eki_incident *incident = r->b->incident;
    const char *id = eki_json_member(object, "id");
    bool proper = !strcmp(type, "incident");
    if (incident->title && !(proper && !incident->id)) return;
    incident->title = eki_build_text(r->b, eki_json_member(object, "name"));
    incident->summary = eki_build_text(r->b, eki_json_member(object, "description"));
    incident->created = eki_json_when(object, "created");
    incident->modified = eki_json_when(object, "modified");
    if (proper && id && strlen(id) > 10) incident->id = eki_build_text(r->b, id + 10);
}

static void read_malware(struct reading *r, const json_t *object)
{
    struct eki_incident *incident = r->b->incident;
    if (incident->family) return;
    incident->family = eki_build_text(r->b, eki_json_member(object, "name"));
    if (incident->first == EKI_TIME_NONE) incident->first = eki_json_when(object, "first_seen");
    if (incident->last == EKI_TIME_NONE) incident->last = eki_json_when(object, "last_seen");
    if (incident->last != EKI_TIME_NONE && incident->last < incident->first) incident->last = incident->first;
}

static const json_t *contact_of(const json_t *identity)
{
    return json_object_get(json_object_get(identity, "extensions"), EKI_STIX_CONTACT);
}

/* Addresses of mail by which a team is asked are no indicators. */
static void hold_mail(struct reading *r, const json_t *identity)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(contact_of(identity), "email_addresses"), i, one)
    {
        const char *id = eki_json_member(one, "email_address_ref");
        if (id && json_object_set_new_nocheck(r->held, id, json_true()))
            eki_build_fail(r->b, EKI_ERROR_MEMORY, 0, "the index");
    }
}

static const char *mail_of(const struct reading *r, const json_t *identity)
{
    const json_t *list = json_object_get(contact_of(identity), "email_addresses");
    const char *id = eki_json_member(json_array_get(list, 0), "email_address_ref");
    const char *mail = id ? eki_json_member(json_object_get(r->index, id), "value") : NULL;
    return mail ? mail : eki_json_member(identity, "contact_information");
}

/* One address and one number are kept; what there is more is told. */
static void count_ways(struct reading *r, const json_t *identity)
{
    const json_t *contact = contact_of(identity);
    const char *name = eki_json_member(identity, "name");
    size_t ways = json_array_size(json_object_get(contact, "email_addresses")),
           numbers = json_array_size(json_object_get(contact, "contact_numbers")),
           accounts = json_array_size(json_object_get(contact, "social_media_accounts"));
    size_t more = (ways ? ways - 1 : 0) + (numbers ? numbers - 1 : 0) + accounts;
    if (more) eki_build_note(r->b, "%zu more ways to reach %.60s are not kept", more, name ? name : "a team");
}

static const char *phone_of(const json_t *identity)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(contact_of(identity), "contact_numbers"), i, one)
    {
        const char *type = eki_json_member(one, "contact_number_type");
        if (!type || !strstr(type, "fax")) return eki_json_member(one, "contact_number");
    }
    return NULL;
}

static void read_identity(struct reading *r, const json_t *object)
{
    struct eki_incident_team *reporter = &r->b->incident->reporter;
    struct eki_incident_team team = {.name = eki_build_text(r->b, eki_json_member(object, "name")),
                                     .mail = eki_build_text(r->b, mail_of(r, object)),
                                     .phone = eki_build_text(r->b, phone_of(object)),
                                     .updated = EKI_TIME_NONE,
                                     .expires = EKI_TIME_NONE};
    if (!r->told && !reporter->name) {
        *reporter = team;
        return;
    }
    if (team.name && reporter->name && !strcmp(team.name, reporter->name)) return;
    struct eki_incident_team *other = eki_build_team(r->b, team.name);
    if (other) *other = team;
}

/* Who tells it: whom an incident or report, or else the first object that says so, was created by. */
static void read_creator(struct reading *r, const json_t *objects)
{
    size_t i;
    json_t *object;
    const char *creator = NULL;
    bool proper = false;
    json_array_foreach(objects, i, object)
    {
        const char *id = eki_json_member(object, "created_by_ref");
        bool container = is(object, "type", "incident") || is(object, "type", "report");
        if (!id || (creator && (proper || !container))) continue;
        creator = id;
        proper = container;
    }
    const json_t *identity = creator ? json_object_get(r->index, creator) : NULL;
    if (is(identity, "type", "identity")) read_identity(r, identity);
}

/* First pass: what stands by itself. */
static void read_object(struct reading *r, const json_t *object)
{
    const char *type = eki_json_member(object, "type");
    read_markings(r, object);
    if (!type || !strcmp(type, "relationship") || !strcmp(type, "marking-definition") ||
        !strcmp(type, "infrastructure") || !strcmp(type, "observed-data") ||
        !strcmp(type, "extension-definition"))
        return;
    if (!strcmp(type, "event") || !strcmp(type, "task") || !strcmp(type, "impact")) return; /* suite_read.c */
    read_references(r, object);
    if (!strcmp(type, "indicator"))
        read_indicator(r, object);
    else if (!strcmp(type, "malware"))
        read_malware(r, object);
    else if (!strcmp(type, "identity")) {
        count_ways(r, object);
        read_identity(r, object);
    } else if (!strcmp(type, "vulnerability"))
        read_vulnerability(r, object);
    else if (!strcmp(type, "incident") || !strcmp(type, "report") || !strcmp(type, "grouping"))
        read_container(r, object, type);
    else if (strcmp(type, "attack-pattern") != 0)
        read_observable(r, object, type);
}

static void read_relation(struct reading *r, const json_t *object)
{
    if (!is(object, "type", "relationship") || !is(object, "relationship_type", "communicates-with")) return;
    eki_build_edge(r->b, host_at(r, eki_json_member(object, "source_ref")),
                   host_at(r, eki_json_member(object, "target_ref")), eki_json_when(object, "start_time"),
                   confidence_of(object));
}

static void read_observed(struct reading *r, const json_t *object)
{
    size_t i;
    json_t *id;
    if (!is(object, "type", "observed-data")) return;
    json_array_foreach(json_object_get(object, "object_refs"), i, id)
        eki_build_seen(r->b, host_at(r, json_string_value(id)), eki_json_when(object, "first_observed"),
                       eki_json_when(object, "last_observed"));
}

static enum eki_error index_objects(struct reading *r, const json_t *objects)
{
    size_t i, twice = 0;
    json_t *object;
    json_array_foreach(objects, i, object)
    {
        const char *id = eki_json_member(object, "id");
        if (!id) {
            r->b->passed++;
            continue;
        }
        twice += json_object_get(r->index, id) != NULL;
        if (json_object_set_nocheck(r->index, id, object)) return EKI_ERROR_MEMORY;
    }
    if (twice) eki_build_note(r->b, "%zu objects have the id of an earlier one: the last counts", twice);
    return EKI_OK;
}

static void read_all(struct reading *r, const json_t *objects)
{
    size_t i;
    json_t *object;
    json_array_foreach(objects, i, object) if (is(object, "type", "identity")) hold_mail(r, object);
    read_creator(r, objects);
    r->told = true;
    json_array_foreach(objects, i, object) if (is(object, "relationship_type", "consists-of"))
        read_consists_of(r, object);
    json_array_foreach(objects, i, object) if (is(object, "type", "infrastructure") &&
                                               host_at(r, eki_json_member(object, "id")) == EKI_NO_HOST)
        read_infrastructure(r, object, NULL);
    json_array_foreach(objects, i, object)
    {
        if (r->b->error) return;
        read_object(r, object);
        read_relation(r, object);
        read_observed(r, object);
    }
    eki_stix_read_suite(r->b, objects, r->index, r->host_of);
}

enum eki_error eki_stix_read(const struct eki_exchange_input *input, struct eki_builder *b,
                             struct eki_fault *ret_fault)
{
    struct reading r = {.b = b, .index = json_object(), .host_of = json_object(), .held = json_object()};
    const json_t *objects = json_object_get(input->json, "objects");
    enum eki_error error = EKI_OK;
    if (!r.index || !r.host_of || !r.held)
        error = EKI_ERROR_MEMORY;
    else if (!json_is_array(objects))
        error = eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "\"objects\" is no list");
    if (!error) error = index_objects(&r, objects);
    if (!error) read_all(&r, objects);
    json_decref(r.index);
    json_decref(r.host_of);
    json_decref(r.held);
    return error;
}
