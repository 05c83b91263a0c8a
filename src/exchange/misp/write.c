/* SPDX-License-Identifier: Apache-2.0 */
/* Ids, times and distributions of MISP are texts, not numbers. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/json.h"
#include "exchange/misp/event.h"
#include "exchange/uuid.h"

struct event {
    struct eki_json j;
    const struct eki_incident *incident;
    enum eki_tlp label;
    bool marked;
};

/* What an attribute says. */
struct attribute {
    const char *type, *category, *value, *comment, *relation; /* relation: of one in an object */
    const char *tags[2];                                      /* first part of a machine tag */
    const char *words[2];                                     /* and its value */
    eki_time first, last;
    bool detect;
};

static void put_epoch(struct eki_json *j, const char *key, eki_time time)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, time / EKI_SECOND);
    eki_json_put(j, key, text);
}

static void put_uuid(struct event *e, const char *kind, const char *name)
{
    char uuid[EKI_UUID_TEXT], key[64];
    snprintf(key, sizeof key, "%.20s %.36s", kind, e->incident->id);
    eki_json_put(&e->j, "uuid", eki_uuid_derived(key, name, uuid));
}

static void put_tag(struct event *e, const char *prefix, const char *word, const char *end)
{
    char text[256];
    snprintf(text, sizeof text, "%s%.180s%s", prefix, word, end);
    eki_json_object(&e->j);
    eki_json_put(&e->j, "name", text);
    eki_json_end(&e->j);
}

static void put_attribute(struct event *e, const struct attribute *a, const char *place)
{
    char name[1024];
    snprintf(name, sizeof name, "%.300s %.40s %.600s", place, a->type, a->value);
    eki_json_object(&e->j);
    put_uuid(e, "attribute", name);
    eki_json_put(&e->j, "type", a->type);
    eki_json_put(&e->j, "category", a->category);
    eki_json_put(&e->j, "object_relation", a->relation);
    eki_json_put(&e->j, "value", a->value);
    eki_json_put_bool(&e->j, "to_ids", a->detect);
    eki_json_put(&e->j, "distribution", "5"); /* that of the event */
    put_epoch(&e->j, "timestamp", e->incident->created);
    eki_json_key(&e->j, "comment");
    eki_json_text(&e->j, a->comment ? a->comment : "");
    eki_json_put_time(&e->j, "first_seen", a->first);
    eki_json_put_time(&e->j, "last_seen", a->last);
    if (a->tags[0]) {
        eki_json_key(&e->j, "Tag");
        eki_json_array(&e->j);
        for (int i = 0; i < 2; i++)
            if (a->tags[i] && a->words[i]) put_tag(e, a->tags[i], a->words[i], "\"");
        eki_json_end(&e->j);
    }
    eki_json_end(&e->j);
}

static void put_host(struct event *e, const struct eki_incident_host *h)
{
    struct eki_address address;
    bool named = eki_address_parse(h->name, &address) != EKI_OK;
    put_attribute(e,
                  &(struct attribute){.type = named                          ? "hostname"
                                              : h->role == EKI_ROLE_ATTACKED ? "ip-dst"
                                                                             : "ip-src",
                                      .category = "Network activity",
                                      .value = h->name,
                                      .comment = h->detail,
                                      .tags = {EKI_MISP_ROLE, EKI_MISP_EVIDENCE},
                                      .words = {eki_incident_role_name(h->role), h->evidence},
                                      .first = h->first,
                                      .last = h->last},
                  "host");
}

static void put_attributes(struct event *e)
{
    const struct eki_incident *incident = e->incident;
    struct attribute a = {.first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    for (size_t i = 0; i < incident->host_count; i++) put_host(e, &incident->hosts[i]);
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        const struct eki_misp_kind *kind = eki_misp_kind_of(n->kind);
        put_attribute(e,
                      &(struct attribute){.type = kind->type,
                                          .category = kind->category,
                                          .value = n->value,
                                          .comment = n->comment,
                                          .first = n->first,
                                          .last = n->last,
                                          .detect = n->detect},
                      "indicator");
    }
    a.type = "vulnerability";
    a.category = "External analysis";
    for (size_t i = 0; i < incident->vulnerability_count; i++) {
        a.value = incident->vulnerabilities[i].id;
        put_attribute(e, &a, "vulnerability");
    }
    a.type = "link";
    for (size_t i = 0; i < incident->reference_count; i++) {
        char place[32]; /* the same address may be told twice, for two reasons */
        a.value = incident->references[i].url;
        snprintf(place, sizeof place, "reference %zu", i);
        if (a.value) put_attribute(e, &a, place);
    }
    a.type = "text";
    a.category = "Payload type";
    a.value = incident->family;
    if (a.value) put_attribute(e, &a, "family");
}

/* Template "network-connection": who reached whom, and when. */
static void put_edge(struct event *e, const struct eki_incident_edge *edge)
{
    const char *from = e->incident->hosts[edge->from].name, *to = e->incident->hosts[edge->to].name;
    char place[256], at[EKI_TIME_TEXT], port[8];
    snprintf(place, sizeof place, "edge %.100s %.100s %" PRId64, from, to, edge->at);
    snprintf(port, sizeof port, "%u", e->incident->port);
    eki_json_object(&e->j);
    put_uuid(e, "object", place);
    eki_json_put(&e->j, "name", "network-connection");
    eki_json_put(&e->j, "meta-category", "network");
    eki_json_put(&e->j, "description", "A local or remote network connection.");
    eki_json_put(&e->j, "template_uuid", "af16764b-f8e5-4603-9de1-de34d272f80b");
    eki_json_put(&e->j, "template_version", "3");
    eki_json_put(&e->j, "distribution", "5");
    put_epoch(&e->j, "timestamp", e->incident->created);
    eki_json_put(&e->j, "comment", "infection");
    eki_json_key(&e->j, "Attribute");
    eki_json_array(&e->j);
    struct attribute a = {"ip-src",     "Network activity", from,          NULL,          "ip-src",
                          {NULL, NULL}, {NULL, NULL},       EKI_TIME_NONE, EKI_TIME_NONE, false};
    put_attribute(e, &a, place);
    a.type = a.relation = "ip-dst";
    a.value = to;
    put_attribute(e, &a, place);
    if (e->incident->port) {
        a.type = "port";
        a.relation = "dst-port";
        a.value = port;
        put_attribute(e, &a, place);
    }
    if (edge->at != EKI_TIME_NONE) {
        a.type = "datetime";
        a.category = "Other";
        a.relation = "first-packet-seen";
        a.value = eki_time_format(edge->at, at);
        put_attribute(e, &a, place);
    }
    eki_json_end(&e->j);
    eki_json_end(&e->j);
}

static void put_tags(struct event *e)
{
    static const char *const labels[] = {"tlp:clear", "tlp:green", "tlp:amber", "tlp:amber+strict",
                                         "tlp:red"};
    eki_json_key(&e->j, "Tag");
    eki_json_array(&e->j);
    if (e->marked) put_tag(e, labels[e->label], "", "");
    for (size_t i = 0; i < e->incident->technique_count; i++) {
        const struct eki_incident_technique *t = &e->incident->techniques[i];
        char word[180];
        snprintf(word, sizeof word, "%.100s - %.40s", t->name ? t->name : t->id, t->id);
        put_tag(e, EKI_MISP_TECHNIQUE, word, "\"");
    }
    eki_json_end(&e->j);
}

static void put_head(struct event *e)
{
    const struct eki_incident *incident = e->incident;
    char day[EKI_TIME_TEXT], uuid[EKI_UUID_TEXT];
    eki_time_format(incident->first, day);
    day[10] = '\0';
    eki_json_put(&e->j, "uuid", incident->id);
    eki_json_put(&e->j, "info", incident->title);
    eki_json_put(&e->j, "date", day);
    eki_json_put(&e->j, "threat_level_id", incident->edge_count ? "1" : "4"); /* high; undefined */
    eki_json_put(&e->j, "analysis", "0");                                     /* initial */
    /* Its own organisation; this community; all: never wider than the label. */
    eki_json_put(&e->j, "distribution",
                 e->label >= EKI_TLP_AMBER   ? "0"
                 : e->label == EKI_TLP_GREEN ? "1"
                                             : "3");
    eki_json_put_bool(&e->j, "published", false);
    put_epoch(&e->j, "timestamp", incident->created);
    eki_json_put(&e->j, "publish_timestamp", "0");
    eki_json_put(&e->j, "sharing_group_id", "0");
    eki_json_key(&e->j, "Orgc");
    eki_json_object(&e->j);
    eki_json_put(&e->j, "name", incident->reporter.name);
    eki_json_put(&e->j, "uuid", eki_uuid_derived("identity", incident->reporter.name, uuid));
    eki_json_end(&e->j);
}

enum eki_error eki_misp_write(const struct eki_exchange_output *output)
{
    struct event e = {.j = eki_json_to_file(output->out, true),
                      .incident = output->incident,
                      .label = output->label,
                      .marked = output->label_written};
    eki_json_object(&e.j);
    eki_json_key(&e.j, "Event");
    eki_json_object(&e.j);
    put_head(&e);
    put_tags(&e);
    eki_json_key(&e.j, "Attribute");
    eki_json_array(&e.j);
    put_attributes(&e);
    eki_json_end(&e.j);
    eki_json_key(&e.j, "Object");
    eki_json_array(&e.j);
    for (size_t i = 0; i < e.incident->edge_count; i++) put_edge(&e, &e.incident->edges[i]);
    eki_json_end(&e.j);
    eki_json_end(&e.j);
    eki_json_end(&e.j);
    fputc('\n', output->out);
    return eki_exchange_end(output->out, e.j.failed);
}
