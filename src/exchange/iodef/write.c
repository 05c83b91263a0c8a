/* SPDX-License-Identifier: Apache-2.0 */
/* Elements come in the order of the schema of RFC 7970, 8. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/iodef/document.h"
#include "exchange/xml_write.h"

struct document {
    struct eki_xml_writer w;
    const struct eki_incident *incident;
    const char *restriction; /* NULL: its default is "private" */
};

static void put_time(struct eki_xml_writer *w, const char *name, eki_time time)
{
    char text[EKI_TIME_TEXT];
    if (time != EKI_TIME_NONE) eki_xml_leaf(w, name, eki_time_format(time, text));
}

static void put_extra(struct eki_xml_writer *w, const char *name, const char *type, const char *text)
{
    if (!text || !*text) return;
    eki_xml_open(w, "AdditionalData");
    eki_xml_put_attribute(w, "name", name);
    eki_xml_put_attribute(w, "dtype", type);
    eki_xml_put_text(w, text);
    eki_xml_close(w);
}

static void put_confidence(struct eki_xml_writer *w, double confidence)
{
    char text[32];
    if (!isfinite(confidence)) return;
    snprintf(text, sizeof text, "%.9g", confidence);
    put_extra(w, EKI_IODEF_CONFIDENCE, "real", text);
}

static void put_address(struct eki_xml_writer *w, const char *category, const char *text)
{
    eki_xml_open(w, "Address");
    eki_xml_put_attribute(w, "category", category);
    eki_xml_put_text(w, text);
    eki_xml_close(w);
}

static void put_domain(struct eki_xml_writer *w, const char *name)
{
    eki_xml_open(w, "DomainData");
    eki_xml_put_attribute(w, "system-status", "unknown");
    eki_xml_put_attribute(w, "domain-status", "unknown");
    eki_xml_leaf(w, "Name", name);
    eki_xml_close(w);
}

static void put_node(struct eki_xml_writer *w, const char *name)
{
    struct eki_address address;
    eki_xml_open(w, "Node");
    if (!eki_address_parse(name, &address))
        put_address(w, eki_address_is_v4(address) ? "ipv4-addr" : "ipv6-addr", name);
    else
        put_domain(w, name);
    eki_xml_close(w);
}

/* A system; closed by the caller. */
static void open_system(struct eki_xml_writer *w, const char *category, const char *name)
{
    eki_xml_open(w, "System");
    eki_xml_put_attribute(w, "category", category);
    put_node(w, name);
}

static void put_service(struct eki_xml_writer *w, uint8_t protocol, uint16_t port)
{
    char text[16];
    if (!protocol) return;
    eki_xml_open(w, "Service");
    snprintf(text, sizeof text, "%u", protocol);
    eki_xml_put_attribute(w, "ip-protocol", text);
    snprintf(text, sizeof text, "%u", port);
    if (port) eki_xml_leaf(w, "Port", text);
    eki_xml_close(w);
}

static void put_host(struct eki_xml_writer *w, const struct eki_incident_host *h)
{
    eki_xml_open(w, "EventData");
    eki_xml_leaf(w, "Description", h->detail);
    put_time(w, "StartTime", h->first);
    put_time(w, "EndTime", h->last);
    eki_xml_open(w, "Flow");
    open_system(w, h->role == EKI_ROLE_ATTACKED || h->role == EKI_ROLE_EXPOSED ? "target" : "source",
                h->name);
    put_service(w, h->protocol, h->port);
    put_extra(w, EKI_IODEF_ROLE, "string", eki_incident_role_name(h->role));
    put_extra(w, EKI_IODEF_EVIDENCE, "string", h->evidence);
    put_confidence(w, h->confidence);
    eki_xml_close(w);
    eki_xml_close(w);
    eki_xml_close(w);
}

static void put_edge(struct document *d, const struct eki_incident_edge *e)
{
    eki_xml_open(&d->w, "EventData");
    put_time(&d->w, "StartTime", e->at);
    eki_xml_open(&d->w, "Flow");
    open_system(&d->w, "source", d->incident->hosts[e->from].name);
    eki_xml_close(&d->w);
    open_system(&d->w, "target", d->incident->hosts[e->to].name);
    put_service(&d->w, d->incident->protocol, d->incident->port);
    eki_xml_close(&d->w);
    eki_xml_close(&d->w);
    put_confidence(&d->w, e->confidence);
    eki_xml_close(&d->w);
}

static void put_observable(struct eki_xml_writer *w, const struct eki_indicator *n)
{
    bool six = strchr(n->value, ':') != NULL;
    char name[64];
    switch (n->kind) {
    case EKI_INDICATOR_ADDRESS: put_address(w, six ? "ipv6-addr" : "ipv4-addr", n->value); break;
    case EKI_INDICATOR_NETWORK: put_address(w, six ? "ipv6-net" : "ipv4-net", n->value); break;
    case EKI_INDICATOR_URL: put_address(w, "site-uri", n->value); break;
    case EKI_INDICATOR_MAIL: put_address(w, "e-mail", n->value); break;
    case EKI_INDICATOR_AS: put_address(w, "asn", n->value); break;
    case EKI_INDICATOR_DOMAIN: put_domain(w, n->value); break;
    default:
        snprintf(name, sizeof name, EKI_IODEF_INDICATOR ".%s", eki_indicator_kind_name(n->kind));
        put_extra(w, name, "string", n->value);
    }
}

static void put_indicators(struct document *d)
{
    const struct eki_incident *incident = d->incident;
    char id[32];
    if (!incident->indicator_count) return;
    eki_xml_open(&d->w, "IndicatorData");
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        eki_xml_open(&d->w, "Indicator");
        eki_xml_open(&d->w, "IndicatorID");
        eki_xml_put_attribute(&d->w, "name", incident->reporter.name);
        eki_xml_put_attribute(&d->w, "version", "1");
        snprintf(id, sizeof id, "i%zu", i + 1);
        eki_xml_put_text(&d->w, id);
        eki_xml_close(&d->w);
        eki_xml_leaf(&d->w, "Description", n->comment);
        put_time(&d->w, "StartTime", n->first);
        put_time(&d->w, "EndTime", n->last);
        eki_xml_open(&d->w, "Observable");
        put_observable(&d->w, n);
        eki_xml_close(&d->w);
        put_extra(&d->w, EKI_IODEF_INDICATOR, "string", n->detect ? "detect" : "seen");
        eki_xml_close(&d->w);
    }
    eki_xml_close(&d->w);
}

static void put_methods(struct document *d)
{
    for (size_t i = 0; i < d->incident->technique_count; i++) {
        const struct eki_incident_technique *t = &d->incident->techniques[i];
        char url[128], text[256];
        snprintf(url, sizeof url, "https://attack.mitre.org/techniques/%.60s", t->id);
        snprintf(text, sizeof text, "%.60s%s%.180s", t->id, t->name ? " " : "", t->name ? t->name : "");
        eki_xml_open(&d->w, "Method");
        eki_xml_open(&d->w, "Reference");
        if (strspn(t->id, "T0123456789.") == strlen(t->id)) eki_xml_leaf(&d->w, "URL", url);
        eki_xml_leaf(&d->w, "Description", text);
        eki_xml_close(&d->w);
        eki_xml_close(&d->w);
    }
}

static void put_head(struct document *d)
{
    const struct eki_incident *incident = d->incident;
    eki_xml_open(&d->w, "IncidentID");
    eki_xml_put_attribute(&d->w, "name", incident->reporter.name);
    eki_xml_put_text(&d->w, incident->id);
    eki_xml_close(&d->w);
    put_time(&d->w, "StartTime", incident->first);
    put_time(&d->w, "EndTime", incident->last);
    put_time(&d->w, "GenerationTime", incident->created);
    eki_xml_leaf(&d->w, "Description", incident->title);
    eki_xml_leaf(&d->w, "Description", incident->summary);
    eki_xml_open(&d->w, "Assessment");
    eki_xml_put_attribute(&d->w, "occurrence", "actual");
    eki_xml_open(&d->w, "SystemImpact");
    eki_xml_put_attribute(&d->w, "completion", incident->edge_count ? "succeeded" : NULL);
    eki_xml_put_attribute(&d->w, "type", "takeover-system");
    eki_xml_close(&d->w);
    eki_xml_close(&d->w);
    put_methods(d);
    eki_xml_open(&d->w, "Contact");
    eki_xml_put_attribute(&d->w, "role", "creator");
    eki_xml_put_attribute(&d->w, "type", "organization");
    eki_xml_leaf(&d->w, "ContactName", incident->reporter.name);
    if (incident->reporter.mail) {
        eki_xml_open(&d->w, "Email");
        eki_xml_leaf(&d->w, "EmailTo", incident->reporter.mail);
        eki_xml_close(&d->w);
    }
    eki_xml_close(&d->w);
}

enum eki_error eki_iodef_write(const struct eki_exchange_output *output)
{
    static const char *const words[] = {"white", "green", "amber", NULL, "red"};
    const struct eki_incident *incident = output->incident;
    struct document d = {.w = {.out = output->out},
                         .incident = incident,
                         .restriction = output->label_written ? words[output->label] : NULL};
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", output->out);
    eki_xml_open(&d.w, "IODEF-Document");
    eki_xml_put_attribute(&d.w, "version", "2.00");
    eki_xml_put_attribute(&d.w, "xml:lang", "en");
    eki_xml_put_attribute(&d.w, "xmlns", "urn:ietf:params:xml:ns:iodef-2.0");
    eki_xml_put_attribute(&d.w, "xmlns:ds", "http://www.w3.org/2000/09/xmldsig#");
    eki_xml_open(&d.w, "Incident");
    eki_xml_put_attribute(&d.w, "purpose", "reporting");
    eki_xml_put_attribute(&d.w, "restriction", d.restriction);
    put_head(&d);
    for (size_t i = 0; i < incident->host_count; i++) put_host(&d.w, &incident->hosts[i]);
    for (size_t i = 0; i < incident->edge_count; i++) put_edge(&d, &incident->edges[i]);
    put_indicators(&d);
    put_extra(&d.w, EKI_IODEF_FAMILY, "string", incident->family);
    eki_xml_close(&d.w);
    eki_xml_close(&d.w);
    fputc('\n', output->out);
    return eki_exchange_end(output->out, d.w.failed);
}
