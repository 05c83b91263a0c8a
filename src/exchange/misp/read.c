/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/json.h"
#include "exchange/misp/event.h"

const json_t *eki_misp_event_of(const json_t *root)
{
    const json_t *event = json_object_get(root, "Event");
    if (!event) event = json_object_get(json_array_get(json_object_get(root, "response"), 0), "Event");
    if (!event) event = json_object_get(json_array_get(root, 0), "Event");
    if (!event && json_is_array(json_object_get(root, "Attribute"))) event = root;
    return json_is_string(json_object_get(event, "info")) ? event : NULL;
}

/* The value of a machine tag, up to its closing quote; false when no tag begins so. */
static bool find_tag(const json_t *object, const char *prefix, char *ret_value, size_t capacity)
{
    size_t i, length = strlen(prefix);
    json_t *tag;
    json_array_foreach(json_object_get(object, "Tag"), i, tag)
    {
        const char *name = eki_json_member(tag, "name");
        if (!name || strncmp(name, prefix, length) != 0) continue;
        snprintf(ret_value, capacity, "%s", name + length);
        char *quote = strchr(ret_value, '"');
        if (quote) *quote = '\0';
        return true;
    }
    return false;
}

static void read_tags(struct eki_builder *b, const json_t *event)
{
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(event, "Tag"), i, tag)
    {
        const char *name = eki_json_member(tag, "name");
        char word[256];
        if (name && !strncmp(name, "tlp:", 4)) eki_build_mark_text(b, name);
        if (!name || strncmp(name, EKI_MISP_TECHNIQUE, sizeof EKI_MISP_TECHNIQUE - 1) != 0) continue;
        snprintf(word, sizeof word, "%s", name + sizeof EKI_MISP_TECHNIQUE - 1);
        char *quote = strchr(word, '"'), *dash = strstr(word, " - T");
        if (quote) *quote = '\0';
        if (!dash) continue;
        *dash = '\0';
        eki_build_technique(b, dash + 3, word);
    }
}

/* An attribute that bears a role is a host. False when it bears none. */
static bool read_host(struct eki_builder *b, const json_t *a)
{
    char word[64];
    if (!find_tag(a, EKI_MISP_ROLE, word, sizeof word)) return false;
    unsigned role = 0;
    while (role < EKI_ROLE_COUNT && strcmp(word, eki_incident_role_name((enum eki_incident_role)role)) != 0)
        role++;
    uint32_t at = eki_build_host(b, eki_json_member(a, "value"),
                                 role < EKI_ROLE_COUNT ? (enum eki_incident_role)role : EKI_ROLE_OTHER);
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) return false;
    eki_build_seen(b, at, eki_json_when(a, "first_seen"), eki_json_when(a, "last_seen"));
    h->detail = eki_build_text(b, eki_json_member(a, "comment"));
    if (find_tag(a, EKI_MISP_EVIDENCE, word, sizeof word)) h->evidence = eki_build_text(b, word);
    return true;
}

static void read_indicator(struct eki_builder *b, const json_t *a, const struct eki_misp_kind *kind,
                           const char *value)
{
    bool network = kind->kind == EKI_INDICATOR_ADDRESS && strchr(value, '/');
    struct eki_indicator *n = eki_build_indicator(b, network ? EKI_INDICATOR_NETWORK : kind->kind, value);
    if (!n) return;
    n->comment = eki_build_text(b, eki_json_member(a, "comment"));
    n->first = eki_json_when(a, "first_seen");
    n->last = eki_json_when(a, "last_seen");
    if (n->last != EKI_TIME_NONE && n->last < n->first) n->last = n->first;
    n->detect = json_is_true(json_object_get(a, "to_ids"));
}

/* "filename|sha1": two values in one. Parts of a type that says nothing by itself (a port) are left out. */
static void read_parts(struct eki_builder *b, const json_t *a, const char *type, const char *value)
{
    size_t known = 0;
    while (*type) {
        size_t length = strcspn(type, "|"), part = type[length] ? strcspn(value, "|") : strlen(value);
        const struct eki_misp_kind *kind = eki_misp_type(type, length);
        const char *copy = kind ? eki_build_bytes(b, value, part) : NULL;
        if (copy) read_indicator(b, a, kind, copy);
        known += kind != NULL;
        type += length + (type[length] == '|');
        value += part + (value[part] == '|');
    }
    b->passed += !known;
}

static void read_attribute(struct eki_builder *b, const json_t *a)
{
    const char *type = eki_json_member(a, "type"), *value = eki_json_member(a, "value");
    const char *category = eki_json_member(a, "category");
    if (!type || !value || json_is_true(json_object_get(a, "deleted"))) {
        b->passed++;
        return;
    }
    read_tags(b, a); /* a label on one attribute counts for the whole */
    if (read_host(b, a)) return;
    if (!strcmp(type, "vulnerability"))
        eki_build_vulnerability(b, value);
    else if (!strcmp(type, "link"))
        eki_build_reference(b, "link", NULL, value);
    else if (!strcmp(type, "text") && category && !strcmp(category, "Payload type")) {
        if (!b->incident->family) b->incident->family = eki_build_text(b, value);
    } else if (!strcmp(type, "other") && category && !strcmp(category, "Other"))
        eki_build_indicator(b, EKI_INDICATOR_PATTERN, value);
    else
        read_parts(b, a, type, value);
}

static const json_t *related(const json_t *object, const char *relation)
{
    size_t i;
    json_t *a;
    json_array_foreach(json_object_get(object, "Attribute"), i, a)
    {
        const char *name = eki_json_member(a, "object_relation");
        if (name && !strcmp(name, relation)) return a;
    }
    return NULL;
}

static void read_object(struct eki_builder *b, const json_t *object)
{
    const char *name = eki_json_member(object, "name"), *comment = eki_json_member(object, "comment");
    size_t i;
    json_t *a;
    if (name && !strcmp(name, "network-connection") && comment && !strcmp(comment, "infection")) {
        uint32_t from =
            eki_build_host(b, eki_json_member(related(object, "ip-src"), "value"), EKI_ROLE_OTHER);
        uint32_t to = eki_build_host(b, eki_json_member(related(object, "ip-dst"), "value"), EKI_ROLE_OTHER);
        eki_build_edge(b, from, to, eki_json_when(related(object, "first-packet-seen"), "value"), NAN);
        return;
    }
    json_array_foreach(json_object_get(object, "Attribute"), i, a) read_attribute(b, a);
}

static eki_time epoch_of(const json_t *object, const char *key)
{
    double seconds = eki_json_real(object, key);
    return seconds > 0 && seconds < 9e9 ? (eki_time)seconds * EKI_SECOND : EKI_TIME_NONE;
}

enum eki_error eki_misp_read(const struct eki_exchange_input *input, struct eki_builder *b,
                             struct eki_fault *ret_fault)
{
    const json_t *event = eki_misp_event_of(input->json);
    size_t i;
    json_t *item;
    if (!event) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no event with an \"info\"");
    b->incident->id = eki_build_text(b, eki_json_member(event, "uuid"));
    b->incident->title = eki_build_text(b, eki_json_member(event, "info"));
    b->incident->created = epoch_of(event, "timestamp");
    b->incident->reporter.name = eki_build_text(b, eki_json_member(json_object_get(event, "Orgc"), "name"));
    read_tags(b, event);
    json_array_foreach(json_object_get(event, "Attribute"), i, item) read_attribute(b, item);
    json_array_foreach(json_object_get(event, "Object"), i, item) read_object(b, item);
    /* Its day is all there is to know only when nothing in it tells the time. */
    bool timed = false;
    for (i = 0; i < b->incident->host_count; i++) timed |= b->incident->hosts[i].first != EKI_TIME_NONE;
    if (!timed) b->incident->first = eki_json_when(event, "date");
    return EKI_OK;
}
