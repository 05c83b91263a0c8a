/* SPDX-License-Identifier: Apache-2.0 */
/* IntelMQ events, one a line, in its harmonised names and the classes of the reference taxonomy (RSIT). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/format.h"
#include "exchange/json.h"
#include "exchange/lines.h"

/* What a host of this role is called, and which side of the event it stands on. */
static const struct {
    enum eki_incident_role role;
    const char *taxonomy, *type;
    bool destination;
} classes[] = {
    {EKI_ROLE_INFECTED, "malicious-code", "infected-system", false},
    {EKI_ROLE_SCANNER, "information-gathering", "scanner", false},
    {EKI_ROLE_ATTACKED, "intrusion-attempts", "exploit", true},
    {EKI_ROLE_SERVER, "malicious-code", "c2-server", false},
    {EKI_ROLE_EXPOSED, "vulnerable", "vulnerable-system", false},
    {EKI_ROLE_OTHER, "other", "undetermined", false},
};
/* An infection that was seen on the wire: from the parent to the victim. */
#define EDGE_TYPE "malware-distribution"

static const struct {
    enum eki_indicator_kind kind;
    const char *key;
} indicators[] = {
    {EKI_INDICATOR_DOMAIN, "source.fqdn"},         {EKI_INDICATOR_URL, "source.url"},
    {EKI_INDICATOR_ADDRESS, "source.ip"},          {EKI_INDICATOR_NETWORK, "source.network"},
    {EKI_INDICATOR_MD5, "malware.hash.md5"},       {EKI_INDICATOR_SHA1, "malware.hash.sha1"},
    {EKI_INDICATOR_SHA256, "malware.hash.sha256"},
};

/* IntelMQ writes the zone as numbers. */
static void put_time(struct eki_json *j, const char *key, eki_time time)
{
    char text[EKI_TIME_TEXT + 8];
    if (time == EKI_TIME_NONE) return;
    eki_time_format(time, text);
    size_t length = strlen(text);
    memcpy(text + length - 1, "+00:00", 7);
    eki_json_put(j, key, text);
}

static struct eki_json begin(const struct eki_exchange_output *output, const char *taxonomy, const char *type)
{
    static const char *const words[] = {"WHITE", "GREEN", "AMBER", "RED", "RED"};
    struct eki_json j = eki_json_to_file(output->out, false);
    eki_json_object(&j);
    eki_json_put(&j, "__type", "Event");
    eki_json_put(&j, "classification.taxonomy", taxonomy);
    eki_json_put(&j, "classification.type", type);
    eki_json_put(&j, "feed.name", "ekigaku");
    eki_json_put(&j, "feed.provider", output->incident->reporter.name);
    if (output->label_written) eki_json_put(&j, "tlp", words[output->label]);
    put_time(&j, "time.observation", output->incident->created);
    eki_json_put(&j, "extra.incident", output->incident->id);
    return j;
}

static bool end(const struct eki_exchange_output *output, struct eki_json *j)
{
    eki_json_end(j);
    fputc('\n', output->out);
    return j->failed;
}

/* Lower case, as IntelMQ asks. */
static void put_family(struct eki_json *j, const char *family)
{
    char text[128];
    if (!family) return;
    snprintf(text, sizeof text, "%s", family);
    for (char *p = text; *p; p++) {
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
        if (*p < ' ' || *p > '~') *p = '-';
    }
    eki_json_put(j, "malware.name", text);
}

static void put_side(struct eki_json *j, bool destination, const char *name)
{
    struct eki_address address;
    bool is_address = !eki_address_parse(name, &address);
    eki_json_put(j,
                 destination ? (is_address ? "destination.ip" : "destination.fqdn")
                             : (is_address ? "source.ip" : "source.fqdn"),
                 name);
}

static bool write_host(const struct eki_exchange_output *output, const struct eki_incident_host *h)
{
    size_t c = 0;
    while (c + 1 < sizeof classes / sizeof *classes && classes[c].role != h->role) c++;
    struct eki_json j = begin(output, classes[c].taxonomy, classes[c].type);
    put_side(&j, classes[c].destination, h->name);
    put_time(&j, "time.source", h->first == EKI_TIME_NONE ? output->incident->first : h->first);
    put_time(&j, "extra.last_seen", h->last);
    eki_json_put(&j, "protocol.transport", eki_exchange_protocol(h->protocol));
    eki_json_put_count(&j, "destination.port", h->port);
    if (h->role == EKI_ROLE_INFECTED) put_family(&j, output->incident->family);
    eki_json_put(&j, "event_description.text", h->detail);
    eki_json_put(&j, "extra.evidence", h->evidence);
    eki_json_put_share(&j, "extra.confidence", h->confidence);
    return end(output, &j);
}

static bool write_edge(const struct eki_exchange_output *output, const struct eki_incident_edge *e)
{
    struct eki_json j = begin(output, "malicious-code", EDGE_TYPE);
    put_side(&j, false, output->incident->hosts[e->from].name);
    put_side(&j, true, output->incident->hosts[e->to].name);
    put_time(&j, "time.source", e->at);
    eki_json_put_count(&j, "destination.port", output->incident->port);
    put_family(&j, output->incident->family);
    eki_json_put_share(&j, "extra.confidence", e->confidence);
    return end(output, &j);
}

static bool write_indicator(const struct eki_exchange_output *output, const struct eki_indicator *n)
{
    for (size_t i = 0; i < sizeof indicators / sizeof *indicators; i++) {
        if (indicators[i].kind != n->kind) continue;
        struct eki_json j = begin(output, "other", "undetermined");
        eki_json_put(&j, indicators[i].key, n->value);
        put_time(&j, "time.source", n->first);
        eki_json_put(&j, "event_description.text", n->comment);
        eki_json_put(&j, "extra.indicator", n->detect ? "detect" : "seen");
        return end(output, &j);
    }
    return false;
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    const struct eki_incident *incident = output->incident;
    bool failed = false;
    for (size_t i = 0; i < incident->host_count; i++) failed |= write_host(output, &incident->hosts[i]);
    for (size_t i = 0; i < incident->edge_count; i++) failed |= write_edge(output, &incident->edges[i]);
    for (size_t i = 0; i < incident->indicator_count; i++)
        failed |= write_indicator(output, &incident->indicators[i]);
    return eki_exchange_end(output->out, failed);
}

static const char *side(const json_t *event, bool destination)
{
    const char *name = eki_json_member(event, destination ? "destination.ip" : "source.ip");
    return name ? name : eki_json_member(event, destination ? "destination.fqdn" : "source.fqdn");
}

static double confidence_of(const json_t *event)
{
    double value = eki_json_real(event, "extra.confidence");
    return value >= 0 && value <= 1 ? value : NAN;
}

static void read_indicator(struct eki_builder *b, const json_t *event, const char *what)
{
    for (size_t i = 0; i < sizeof indicators / sizeof *indicators; i++) {
        const char *value = eki_json_member(event, indicators[i].key);
        struct eki_indicator *n = value ? eki_build_indicator(b, indicators[i].kind, value) : NULL;
        if (!n) continue;
        n->detect = !strcmp(what, "detect");
        n->comment = eki_build_text(b, eki_json_member(event, "event_description.text"));
        n->first = eki_json_when(event, "time.source");
    }
}

static void read_host(struct eki_builder *b, const json_t *event, const char *type)
{
    size_t c = 0;
    while (c + 1 < sizeof classes / sizeof *classes && strcmp(classes[c].type, type) != 0) c++;
    const char *name = side(event, classes[c].destination);
    uint32_t at = eki_build_host(b, name ? name : side(event, !classes[c].destination), classes[c].role);
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) {
        b->passed++;
        return;
    }
    eki_build_seen(b, at, eki_json_when(event, "time.source"), eki_json_when(event, "extra.last_seen"));
    h->protocol = eki_json_protocol(event, "protocol.transport");
    h->port = eki_json_port(event, "destination.port");
    h->confidence = confidence_of(event);
    h->evidence = eki_build_text(b, eki_json_member(event, "extra.evidence"));
    h->detail = eki_build_text(b, eki_json_member(event, "event_description.text"));
    if (!b->incident->family) b->incident->family = eki_build_text(b, eki_json_member(event, "malware.name"));
}

static void read_event(struct eki_builder *b, const json_t *event)
{
    const char *type = eki_json_member(event, "classification.type");
    const char *indicator = eki_json_member(event, "extra.indicator");
    eki_build_mark_text(b, eki_json_member(event, "tlp"));
    if (!b->incident->id) b->incident->id = eki_build_text(b, eki_json_member(event, "extra.incident"));
    if (!b->incident->reporter.name)
        b->incident->reporter.name = eki_build_text(b, eki_json_member(event, "feed.provider"));
    if (indicator) {
        read_indicator(b, event, indicator);
    } else if (!type) {
        b->passed++;
    } else if (!strcmp(type, EDGE_TYPE) && side(event, true)) {
        uint32_t from = eki_build_host(b, side(event, false), EKI_ROLE_INFECTED);
        uint32_t to = eki_build_host(b, side(event, true), EKI_ROLE_OTHER);
        eki_build_edge(b, from, to, eki_json_when(event, "time.source"), confidence_of(event));
    } else {
        read_host(b, event, type);
    }
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    return eki_json_lines(input, b, read_event, ret_fault);
}

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_json_lines_have(input, "classification.type") ? 90 : 0;
}

const struct eki_exchange_format eki_exchange_format_intelmq = {
    .name = "intelmq",
    .title = "IntelMQ 3 events, one a line",
    .labels = EKI_TLP_FOUR,
    .detect = detect,
    .read = read,
    .write = write,
};
