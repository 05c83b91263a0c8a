/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* vsnprintf beside the strict standard */
#include "exchange/build.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fields.h"
#include "base/memory.h"
#include "ekigaku/exchange.h"

static struct eki_incident_memory *memory_of(const struct eki_builder *b)
{
    return b->incident->memory;
}

enum eki_error eki_build_begin(struct eki_builder *ret_builder, struct eki_fault *fault)
{
    struct eki_incident *incident = eki_allocate(1, sizeof *incident);
    if (!incident) return EKI_ERROR_MEMORY;
    incident->memory = eki_allocate(1, sizeof(struct eki_incident_memory));
    if (!incident->memory) {
        eki_free(incident);
        return EKI_ERROR_MEMORY;
    }
    incident->tlp = EKI_TLP_UNMARKED;
    incident->created = incident->modified = incident->first = incident->last = EKI_TIME_NONE;
    incident->reporter.updated = incident->reporter.expires = EKI_TIME_NONE;
    *ret_builder = (struct eki_builder){.incident = incident, .fault = fault};
    ret_builder->hosts = json_object();
    ret_builder->indicators = json_object();
    ret_builder->techniques = json_object();
    ret_builder->vulnerabilities = json_object();
    if (ret_builder->hosts && ret_builder->indicators && ret_builder->techniques &&
        ret_builder->vulnerabilities)
        return EKI_OK;
    eki_build_done(ret_builder);
    eki_incident_free(incident);
    return EKI_ERROR_MEMORY;
}

void eki_build_done(struct eki_builder *b)
{
    json_decref(b->hosts);
    json_decref(b->indicators);
    json_decref(b->techniques);
    json_decref(b->vulnerabilities);
}

void eki_build_fail(struct eki_builder *b, enum eki_error error, uint64_t offset, const char *what)
{
    if (b->error) return;
    b->error = eki_fault_set(b->fault, error, offset, "%s", what);
}

/* Not in the middle of a UTF-8 sequence. */
static size_t cut(const char *text, size_t length)
{
    if (length <= EKI_EXCHANGE_TEXT) return length;
    length = EKI_EXCHANGE_TEXT;
    while (length && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
    return length;
}

const char *eki_build_bytes(struct eki_builder *b, const char *text, size_t length)
{
    if (b->error || !text || !length) return NULL;
    length = cut(text, length);
    char *copy = eki_arena_take(&memory_of(b)->arena, length + 1, 1);
    if (!copy) {
        eki_build_fail(b, EKI_ERROR_MEMORY, 0, "a text");
        return NULL;
    }
    memcpy(copy, text, length);
    return copy;
}

const char *eki_build_text(struct eki_builder *b, const char *text)
{
    return text ? eki_build_bytes(b, text, strlen(text)) : NULL;
}

/* Room for one more; the zeroed new object, or NULL with the error set. */
static void *append(struct eki_builder *b, void **array, size_t *count, size_t *capacity, size_t size)
{
    if (b->error) return NULL;
    if (*count >= EKI_EXCHANGE_ITEMS) {
        eki_build_fail(b, EKI_ERROR_LIMIT, 0, "more than a million things of one kind");
        return NULL;
    }
    void *grown = eki_array_reserve(*array, *count, capacity, size);
    if (!grown) {
        eki_build_fail(b, EKI_ERROR_MEMORY, 0, "what the file holds");
        return NULL;
    }
    *array = grown;
    void *item = (char *)grown + *count * size;
    memset(item, 0, size);
    (*count)++;
    return item;
}

#define APPEND(b, name)                                                                                      \
    append(b, (void **)&(b)->incident->name##s, &(b)->incident->name##_count,                                \
           &memory_of(b)->name##_capacity, sizeof *(b)->incident->name##s)

/* True with *ret_position when the key is there; otherwise remembers `next` for it. */
static bool is_known(struct eki_builder *b, json_t *index, const char *key, size_t next, size_t *ret_position)
{
    const json_t *there = json_object_get(index, key);
    if (there) {
        *ret_position = (size_t)json_integer_value(there);
        return true;
    }
    if (json_object_set_new_nocheck(index, key, json_integer((json_int_t)next)))
        eki_build_fail(b, EKI_ERROR_MEMORY, 0, "the index");
    return false;
}

/* A host told as infected stays so, whatever else is told of it. */
static int weight(enum eki_incident_role role)
{
    static const int weights[EKI_ROLE_COUNT] = {[EKI_ROLE_EXPOSED] = 1,
                                                [EKI_ROLE_ATTACKED] = 2,
                                                [EKI_ROLE_SCANNER] = 3,
                                                [EKI_ROLE_INFECTED] = 4,
                                                [EKI_ROLE_SERVER] = 5};
    return weights[role];
}

uint32_t eki_build_host(struct eki_builder *b, const char *name, enum eki_incident_role role)
{
    struct eki_address address = {0};
    char text[EKI_ADDRESS_TEXT];
    size_t at;
    if (b->error || !name || !*name) return EKI_NO_HOST;
    if (!eki_address_parse(name, &address)) name = eki_address_format(address, text);
    name = eki_build_text(b, name);
    if (!name) return EKI_NO_HOST;
    if (is_known(b, b->hosts, name, b->incident->host_count, &at)) {
        struct eki_incident_host *known = &b->incident->hosts[at];
        if (weight(role) > weight(known->role)) known->role = role;
        return (uint32_t)at;
    }
    struct eki_incident_host *host = APPEND(b, host);
    if (!host) return EKI_NO_HOST;
    *host = (struct eki_incident_host){.name = name,
                                       .address = address,
                                       .role = role,
                                       .first = EKI_TIME_NONE,
                                       .last = EKI_TIME_NONE,
                                       .confidence = NAN};
    return (uint32_t)(b->incident->host_count - 1);
}

struct eki_incident_host *eki_build_at(struct eki_builder *b, uint32_t host)
{
    return host < b->incident->host_count ? &b->incident->hosts[host] : NULL;
}

void eki_build_seen(struct eki_builder *b, uint32_t host, eki_time first, eki_time last)
{
    struct eki_incident_host *h = eki_build_at(b, host);
    if (!h) return;
    if (last == EKI_TIME_NONE) last = first;
    if (first != EKI_TIME_NONE && (h->first == EKI_TIME_NONE || first < h->first)) h->first = first;
    if (last != EKI_TIME_NONE && (h->last == EKI_TIME_NONE || last > h->last)) h->last = last;
    if (h->first != EKI_TIME_NONE && h->last < h->first) h->last = h->first;
}

void eki_build_edge(struct eki_builder *b, uint32_t from, uint32_t to, eki_time at, double confidence)
{
    if (from == EKI_NO_HOST || to == EKI_NO_HOST || from == to) return;
    struct eki_incident_edge *edge = APPEND(b, edge);
    if (edge) *edge = (struct eki_incident_edge){from, to, at, confidence};
}

struct eki_indicator *eki_build_indicator(struct eki_builder *b, enum eki_indicator_kind kind,
                                          const char *value)
{
    size_t at;
    if (b->error || !value || !*value) return NULL;
    size_t length = cut(value, strlen(value)), room = length + 32;
    char *key = eki_allocate(room, 1);
    if (!key) {
        eki_build_fail(b, EKI_ERROR_MEMORY, 0, "an indicator");
        return NULL;
    }
    snprintf(key, room, "%s %.*s", eki_indicator_kind_name(kind), (int)length, value);
    bool known = is_known(b, b->indicators, key, b->incident->indicator_count, &at);
    eki_free(key);
    if (known) return &b->incident->indicators[at];
    const char *copy = eki_build_text(b, value);
    struct eki_indicator *indicator = copy ? APPEND(b, indicator) : NULL;
    if (!indicator) return NULL;
    *indicator =
        (struct eki_indicator){.kind = kind, .value = copy, .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    return indicator;
}

struct eki_vulnerability *eki_build_vulnerability(struct eki_builder *b, const char *id)
{
    size_t at;
    const char *copy = id && *id ? eki_build_text(b, id) : NULL;
    if (!copy) return NULL;
    if (is_known(b, b->vulnerabilities, copy, b->incident->vulnerability_count, &at))
        return &b->incident->vulnerabilities[at];
    struct eki_incident_memory *m = memory_of(b);
    struct eki_vulnerability *v =
        append(b, (void **)&b->incident->vulnerabilities, &b->incident->vulnerability_count,
               &m->vulnerability_capacity, sizeof *v);
    if (!v) return NULL;
    *v = (struct eki_vulnerability){.id = copy,
                                    .published = EKI_TIME_NONE,
                                    .due = EKI_TIME_NONE,
                                    .score = NAN,
                                    .epss = NAN,
                                    .epss_centile = NAN};
    return v;
}

struct eki_incident_team *eki_build_team(struct eki_builder *b, const char *name)
{
    struct eki_incident_team *team = APPEND(b, team);
    if (!team) return NULL;
    const char *copy = eki_build_text(b, name);
    *team = (struct eki_incident_team){.name = copy, .updated = EKI_TIME_NONE, .expires = EKI_TIME_NONE};
    return team;
}

struct eki_incident_event *eki_build_event(struct eki_builder *b)
{
    struct eki_incident_event *event = APPEND(b, event);
    if (event) event->first = event->last = EKI_TIME_NONE;
    return event;
}

struct eki_incident_task *eki_build_task(struct eki_builder *b)
{
    struct eki_incident_task *task = APPEND(b, task);
    if (task) task->first = task->last = EKI_TIME_NONE;
    return task;
}

struct eki_incident_impact *eki_build_impact(struct eki_builder *b)
{
    struct eki_incident_impact *impact = APPEND(b, impact);
    if (!impact) return NULL;
    impact->first = impact->last = EKI_TIME_NONE;
    impact->level = impact->least = impact->most = NAN;
    return impact;
}

void eki_build_technique(struct eki_builder *b, const char *id, const char *name)
{
    size_t at;
    const char *copy = id && *id ? eki_build_text(b, id) : NULL;
    if (!copy || is_known(b, b->techniques, copy, b->incident->technique_count, &at)) return;
    struct eki_incident_technique *technique = APPEND(b, technique);
    if (technique) *technique = (struct eki_incident_technique){copy, eki_build_text(b, name)};
}

void eki_build_reference(struct eki_builder *b, const char *source, const char *id, const char *url)
{
    if (!id && !url) return;
    struct eki_incident_reference *r = APPEND(b, reference);
    if (r)
        *r = (struct eki_incident_reference){eki_build_text(b, source), eki_build_text(b, id),
                                             eki_build_text(b, url)};
}

void eki_build_note(struct eki_builder *b, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char **note = APPEND(b, note);
    if (note) *note = eki_build_text(b, text);
}

void eki_build_mark(struct eki_builder *b, enum eki_tlp label)
{
    struct eki_incident *incident = b->incident;
    incident->tlp = incident->marked ? eki_tlp_stricter(incident->tlp, label) : label;
    incident->marked = true;
}

void eki_build_mark_text(struct eki_builder *b, const char *label)
{
    enum eki_tlp known;
    if (!label || !*label) return;
    if (!eki_tlp_parse(label, &known)) {
        eki_build_mark(b, known);
        return;
    }
    eki_build_mark(b, EKI_TLP_RED);
    eki_build_note(b, "\"%.40s\" is no label of TLP: taken for TLP:RED", label);
}

void eki_build_cut(struct eki_builder *b, size_t count, size_t first_line)
{
    if (count) eki_build_note(b, "line %zu is cut%s", first_line, count > 1 ? ", and others are" : "");
}

eki_time eki_build_time(const char *text)
{
    struct eki_field_reader r = {0};
    char day[32];
    if (!text || !*text) return EKI_TIME_NONE;
    if (strlen(text) == 10) {
        snprintf(day, sizeof day, "%sT00:00:00Z", text);
        text = day;
    }
    struct eki_field field = {text, (uint32_t)strlen(text), EKI_FIELD_TEXT, false};
    eki_time time = strlen(text) < 64 ? eki_field_date(&r, field) : EKI_TIME_NONE;
    return r.wrong ? EKI_TIME_NONE : time;
}

bool eki_build_is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof shape - 1) return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'x' ? !strchr("0123456789abcdefABCDEF", text[i]) : text[i] != '-') return false;
    return true;
}

uint8_t eki_build_protocol(const char *name)
{
    if (!name) return 0;
    return !strcasecmp(name, "tcp")        ? 6
           : !strcasecmp(name, "udp")      ? 17
           : !strncasecmp(name, "icmp", 4) ? 1
                                           : 0;
}

uint16_t eki_build_port(const char *text)
{
    char *end;
    unsigned long port = text ? strtoul(text, &end, 10) : 0;
    return text && !*end && port <= UINT16_MAX ? (uint16_t)port : 0;
}

double eki_build_share(const char *text)
{
    char *end;
    double value = text && *text ? strtod(text, &end) : NAN;
    return text && *text && !*end && value >= 0 && value <= 1 ? value : NAN;
}

enum eki_indicator_kind eki_build_hash_kind(const char *hex)
{
    size_t length = strlen(hex);
    if (strspn(hex, "0123456789abcdefABCDEF") != length) return EKI_INDICATOR_PATTERN;
    return length == 32   ? EKI_INDICATOR_MD5
           : length == 40 ? EKI_INDICATOR_SHA1
           : length == 64 ? EKI_INDICATOR_SHA256
                          : EKI_INDICATOR_PATTERN;
}

const char *eki_attack_name(const char *id)
{
    static const struct {
        const char *id, *name;
    } names[] = {{"T1018", "Remote System Discovery"},
                 {"T1021.002", "SMB/Windows Admin Shares"},
                 {"T1046", "Network Service Discovery"},
                 {"T1047", "Windows Management Instrumentation"},
                 {"T1053.002", "At"},
                 {"T1053.005", "Scheduled Task"},
                 {"T1078", "Valid Accounts"},
                 {"T1080", "Taint Shared Content"},
                 {"T1105", "Ingress Tool Transfer"},
                 {"T1110", "Brute Force"},
                 {"T1110.001", "Password Guessing"},
                 {"T1190", "Exploit Public-Facing Application"},
                 {"T1210", "Exploitation of Remote Services"},
                 {"T1486", "Data Encrypted for Impact"},
                 {"T1489", "Service Stop"},
                 {"T1490", "Inhibit System Recovery"},
                 {"T1543.003", "Windows Service"},
                 {"T1569.002", "Service Execution"},
                 {"T1570", "Lateral Tool Transfer"},
                 {"T1595.002", "Vulnerability Scanning"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i].id, id)) return names[i].name;
    return NULL;
}
