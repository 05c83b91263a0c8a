/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/iodef/document.h"
#include "exchange/xml.h"

static bool is(const struct eki_xml_node *node, const char *name)
{
    return !strcmp(node->name, name);
}

static const char *extra(const struct eki_xml_node *node, const char *name)
{
    const struct eki_xml_node *data = eki_xml_child(node, "AdditionalData");
    for (; data; data = eki_xml_again(data)) {
        const char *there = eki_xml_attribute(data, "name");
        if (there && !strcmp(there, name)) return *data->text ? data->text : NULL;
    }
    return NULL;
}

static eki_time when(const struct eki_xml_node *node, const char *name)
{
    return eki_build_time(eki_xml_text(node, name));
}

/* TLP words, and the standard's own, which say less: what is neither public nor green counts as RED. */
static void read_restriction(struct eki_builder *b, const char *word)
{
    if (!word || !strcmp(word, "default") || !strcmp(word, "private")) return;
    if (!strcmp(word, "public"))
        eki_build_mark(b, EKI_TLP_CLEAR);
    else if (!strcmp(word, "partner"))
        eki_build_mark(b, EKI_TLP_AMBER);
    else
        eki_build_mark_text(b, word);
}

static const char *system_name(const struct eki_xml_node *system)
{
    const struct eki_xml_node *node = eki_xml_child(system, "Node");
    const char *name = eki_xml_text(node, "Address");
    return name ? name : eki_xml_text(eki_xml_child(node, "DomainData"), "Name");
}

static bool has_category(const struct eki_xml_node *system, const char *category)
{
    const char *there = eki_xml_attribute(system, "category");
    return there && !strcmp(there, category);
}

static enum eki_incident_role role_of(const struct eki_xml_node *system)
{
    const char *role = extra(system, EKI_IODEF_ROLE);
    for (unsigned i = 0; role && i < EKI_ROLE_COUNT; i++)
        if (!strcmp(role, eki_incident_role_name((enum eki_incident_role)i)))
            return (enum eki_incident_role)i;
    const char *node = eki_xml_attribute(eki_xml_child(system, "NodeRole"), "category");
    if (node && (!strcmp(node, "c2-server") || !strcmp(node, "malware-distribution"))) return EKI_ROLE_SERVER;
    return has_category(system, "target") ? EKI_ROLE_ATTACKED : EKI_ROLE_OTHER;
}

static uint32_t read_system(struct eki_builder *b, const struct eki_xml_node *event,
                            const struct eki_xml_node *system)
{
    uint32_t at = eki_build_host(b, system_name(system), role_of(system));
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) {
        b->passed++;
        return at;
    }
    const struct eki_xml_node *service = eki_xml_child(system, "Service");
    const char *protocol = eki_xml_attribute(service, "ip-protocol"),
               *evidence = extra(system, EKI_IODEF_EVIDENCE);
    if (protocol) h->protocol = (uint8_t)strtoul(protocol, NULL, 10);
    uint16_t port = eki_build_port(eki_xml_text(service, "Port"));
    if (port) h->port = port;
    if (evidence) h->evidence = eki_build_text(b, evidence);
    double confidence = eki_build_share(extra(system, EKI_IODEF_CONFIDENCE));
    if (isfinite(confidence)) h->confidence = confidence;
    const char *detail = eki_xml_text(event, "Description");
    if (detail) h->detail = eki_build_text(b, detail);
    return at;
}

/* A source and a target are an edge; a system alone is a host. */
static void read_event(struct eki_builder *b, const struct eki_xml_node *event)
{
    uint32_t source = EKI_NO_HOST, target = EKI_NO_HOST;
    const struct eki_xml_node *flow = eki_xml_child(event, "Flow");
    for (; flow; flow = eki_xml_again(flow)) {
        const struct eki_xml_node *system = eki_xml_child(flow, "System");
        for (; system; system = eki_xml_again(system)) {
            uint32_t at = read_system(b, event, system);
            if (has_category(system, "source")) source = at;
            if (has_category(system, "target")) target = at;
        }
    }
    if (source != EKI_NO_HOST && target != EKI_NO_HOST)
        eki_build_edge(b, source, target, when(event, "StartTime"),
                       eki_build_share(extra(event, EKI_IODEF_CONFIDENCE)));
    else
        eki_build_seen(b, source != EKI_NO_HOST ? source : target, when(event, "StartTime"),
                       when(event, "EndTime"));
}

/* What a category of addresses, or a type of a bulk of observables, is called here; NULL for others. */
static const char *kind_of_category(const char *category)
{
    static const struct {
        const char *category, *kind;
    } categories[] = {
        {"ipv4-addr", "address"},  {"ipv6-addr", "address"}, {"ipv4-net", "network"}, {"ipv6-net", "network"},
        {"site-uri", "url"},       {"e-mail", "mail"},       {"asn", "as"},           {"fqdn", "domain"},
        {"domain-name", "domain"}, {"file-name", "file"},    {"mutex", "mutex"}};
    for (size_t i = 0; category && i < sizeof categories / sizeof *categories; i++)
        if (!strcmp(categories[i].category, category)) return categories[i].kind;
    return NULL;
}

static const char *kind_name(const struct eki_xml_node *observable, const char **ret_value)
{
    const struct eki_xml_node *data = eki_xml_child(observable, "AdditionalData");
    const char *category = eki_xml_attribute(eki_xml_child(observable, "Address"), "category");
    *ret_value = eki_xml_text(observable, "Address");
    const char *known = kind_of_category(category);
    if (known) return known;
    *ret_value = eki_xml_text(eki_xml_child(observable, "DomainData"), "Name");
    if (*ret_value) return "domain";
    const char *name = eki_xml_attribute(data, "name");
    size_t head = sizeof EKI_IODEF_INDICATOR;
    if (!name || strncmp(name, EKI_IODEF_INDICATOR ".", head) != 0) return NULL;
    *ret_value = data->text;
    return name + head;
}

static void add_indicator(struct eki_builder *b, const struct eki_xml_node *indicator, const char *name,
                          const char *value)
{
    unsigned kind = 0;
    while (name && kind < EKI_INDICATOR_KIND_COUNT &&
           strcmp(name, eki_indicator_kind_name((enum eki_indicator_kind)kind)) != 0)
        kind++;
    struct eki_indicator *n = name && kind < EKI_INDICATOR_KIND_COUNT
                                  ? eki_build_indicator(b, (enum eki_indicator_kind)kind, value)
                                  : NULL;
    if (!n) {
        b->passed++;
        return;
    }
    const char *use = extra(indicator, EKI_IODEF_INDICATOR);
    n->detect = !use || strcmp(use, "seen") != 0;
    n->comment = eki_build_text(b, eki_xml_text(indicator, "Description"));
    n->first = when(indicator, "StartTime");
    n->last = when(indicator, "EndTime");
    if (n->last != EKI_TIME_NONE && n->last < n->first) n->last = n->first;
}

/* Many of one type, with blanks between them (RFC 7970, 3.29.4). */
static void read_bulk(struct eki_builder *b, const struct eki_xml_node *indicator,
                      const struct eki_xml_node *bulk)
{
    const char *type = eki_xml_attribute(bulk, "type"), *text = eki_xml_text(bulk, "BulkObservableList");
    bool hashes = type && !strcmp(type, "file-hash");
    const char *name = kind_of_category(type);
    while (text && !b->error) {
        text += strspn(text, " \t\r\n");
        size_t length = strcspn(text, " \t\r\n");
        const char *value = eki_build_bytes(b, text, length);
        if (!value) return;
        add_indicator(b, indicator, hashes ? eki_indicator_kind_name(eki_build_hash_kind(value)) : name,
                      value);
        text += length;
    }
}

static void read_indicator(struct eki_builder *b, const struct eki_xml_node *indicator)
{
    const struct eki_xml_node *observable = eki_xml_child(indicator, "Observable");
    const struct eki_xml_node *bulk = eki_xml_child(observable, "BulkObservable");
    const char *value = NULL;
    if (bulk) {
        read_bulk(b, indicator, bulk);
        return;
    }
    const char *name = kind_name(observable, &value);
    add_indicator(b, indicator, name, value);
}

/* "T1210 Exploitation of Remote Services", or what its address ends with. */
static void read_reference(struct eki_builder *b, const struct eki_xml_node *reference)
{
    static const char place[] = "https://attack.mitre.org/techniques/";
    const char *url = eki_xml_text(reference, "URL"), *text = eki_xml_text(reference, "Description");
    size_t length = text ? strcspn(text, " ") : 0;
    if (text && *text == 'T' && length < 16 && strspn(text + 1, "0123456789.") == length - 1 && length > 4) {
        const char *id = eki_build_bytes(b, text, length);
        eki_build_technique(b, id, text[length] ? text + length + 1 : NULL);
    } else if (url && !strncmp(url, place, sizeof place - 1)) {
        eki_build_technique(b, url + sizeof place - 1, text);
    } else {
        eki_build_reference(b, "iodef", eki_xml_text(reference, "ReferenceName"), url);
    }
}

static void read_head(struct eki_builder *b, const struct eki_xml_node *node)
{
    struct eki_incident *incident = b->incident;
    const struct eki_xml_node *title = eki_xml_child(node, "Description"), *contact;
    const struct eki_xml_node *summary = title ? eki_xml_again(title) : NULL;
    incident->id = eki_build_text(b, eki_xml_text(node, "IncidentID"));
    incident->title = eki_build_text(b, title ? title->text : NULL);
    incident->summary = eki_build_text(b, summary ? summary->text : NULL);
    incident->first = when(node, "StartTime");
    incident->last = when(node, "EndTime");
    if (incident->last != EKI_TIME_NONE && incident->last < incident->first) incident->last = incident->first;
    incident->created = when(node, "GenerationTime");
    incident->family = eki_build_text(b, extra(node, EKI_IODEF_FAMILY));
    contact = eki_xml_child(node, "Contact");
    incident->reporter.name = eki_build_text(b, eki_xml_text(contact, "ContactName"));
    const char *mail = eki_xml_text(eki_xml_child(contact, "Email"), "EmailTo");
    incident->reporter.mail = eki_build_text(b, mail);
}

static enum eki_error read_document(struct eki_builder *b, const struct eki_xml_node *root,
                                    struct eki_fault *ret_fault)
{
    const struct eki_xml_node *incident = eki_xml_child(root, "Incident");
    if (!is(root, "IODEF-Document") || !incident)
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no IODEF document with an incident");
    read_head(b, incident);
    if (eki_xml_again(incident)) eki_build_note(b, "it holds several incidents: shown as one");
    for (const struct eki_xml_node *n = root; n && !b->error; n = eki_xml_walk(root, n)) {
        read_restriction(b, eki_xml_attribute(n, "restriction"));
        if (is(n, "EventData")) read_event(b, n);
        if (is(n, "Indicator")) read_indicator(b, n);
        if (is(n, "Reference")) read_reference(b, n);
    }
    return EKI_OK;
}

enum eki_error eki_iodef_read(const struct eki_exchange_input *input, struct eki_builder *b,
                              struct eki_fault *ret_fault)
{
    struct eki_arena arena = {0};
    struct eki_xml_node *root = NULL;
    enum eki_error error = eki_xml_load(input->bytes, input->length, &arena, &root, ret_fault);
    if (!error) error = read_document(b, root, ret_fault);
    eki_arena_done(&arena);
    return error;
}
