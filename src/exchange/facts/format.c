/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of an analysis become an incident: who was infected, by whom, when, and what shows it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/format.h"
#include "ekigaku/sign.h"
#include "exchange/json.h"

struct reading {
    struct eki_builder *b;
    const json_t *facts;
    json_t *signs; /* target -> the gravest sign against it */
    eki_time origin;
};

static int grade_of(const json_t *sign)
{
    static const char *const grades[] = {"note", "check", "attempt", "access", "exploit", "implant"};
    const char *grade = eki_json_member(sign, "grade");
    for (int i = 0; grade && i < 6; i++)
        if (!strcmp(grades[i], grade)) return i;
    return -1;
}

static bool is_public(const char *host)
{
    struct eki_address address;
    return host && !eki_address_parse(host, &address) && !eki_address_is_private(address);
}

/* What others can look for: the name whose answer stops it, the program that was put there. */
static void read_shown(struct reading *r, const json_t *sign)
{
    struct eki_sign_shown shown;
    const char *detail = eki_json_member(sign, "detail");
    int grade = grade_of(sign);
    struct eki_sign of = {.name = eki_json_member(sign, "name"),
                          .grade = (uint8_t)(grade > 0 ? grade : 0),
                          .automated = json_is_true(json_object_get(sign, "automated"))};
    snprintf(of.detail, sizeof of.detail, "%s", detail ? detail : "");
    if (!eki_sign_shows(&of, &shown)) return;
    struct eki_indicator *i = eki_build_indicator(
        r->b, !strcmp(shown.kind, "file") ? EKI_INDICATOR_FILE : EKI_INDICATOR_DOMAIN, shown.value);
    if (!i) return;
    eki_time first = eki_json_when(sign, "first"), last = eki_json_when(sign, "last");
    i->detect = true;
    i->comment = shown.comment;
    if (i->first == EKI_TIME_NONE || first < i->first) i->first = first;
    if (last > i->last) i->last = last;
    if (i->last < i->first) i->last = i->first;
}

static enum eki_error read_signs(struct reading *r)
{
    size_t i;
    json_t *sign;
    json_array_foreach(json_object_get(r->facts, "signs"), i, sign)
    {
        const char *target = eki_json_member(sign, "target"), *id = eki_json_member(sign, "technique");
        read_shown(r, sign);
        if (id && grade_of(sign) > 0) eki_build_technique(r->b, id, eki_attack_name(id));
        if (!target || grade_of(sign) <= grade_of(json_object_get(r->signs, target))) continue;
        if (json_object_set(r->signs, target, sign)) return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

/* "implant doublepulsar: detail (packets 795 to 12598 of office.pcap)". */
static const char *evidence_line(struct reading *r, const char *host, const json_t *packets, size_t input)
{
    const json_t *sign = json_object_get(r->signs, host);
    const char *name = eki_json_member(sign, "name"), *detail = eki_json_member(sign, "detail");
    const char *path = eki_json_member(json_array_get(json_object_get(r->facts, "inputs"), input), "path");
    const char *slash = path ? strrchr(path, '/') : NULL; /* folders of this machine are nobody's business */
    char text[1024];
    snprintf(text, sizeof text, "%.60s%s%.600s%spackets %lld to %lld of %.100s", name ? name : "",
             name ? ": " : "", detail ? detail : "", name ? "; " : "",
             (long long)json_integer_value(json_array_get(packets, 0)),
             (long long)json_integer_value(json_array_get(packets, 1)),
             slash  ? slash + 1
             : path ? path
                    : "?");
    return eki_build_text(r->b, text);
}

static void read_infection(struct reading *r, const json_t *infection, uint16_t port, uint8_t protocol)
{
    const char *name = eki_json_member(infection, "host"), *parent = eki_json_member(infection, "parent");
    eki_time at = eki_json_when(infection, "at");
    uint32_t from = eki_build_host(r->b, parent, EKI_ROLE_INFECTED);
    uint32_t host = eki_build_host(r->b, name, EKI_ROLE_INFECTED);
    struct eki_incident_host *h = eki_build_at(r->b, host);
    if (!h) {
        r->b->passed++;
        return;
    }
    h->port = port;
    h->protocol = protocol;
    h->evidence = eki_build_text(r->b, eki_json_member(infection, "evidence"));
    h->detail = evidence_line(r, name, json_object_get(infection, "packets"),
                              (size_t)json_integer_value(json_object_get(infection, "input")));
    eki_build_seen(r->b, host, at, at);
    double posterior = eki_json_real(infection, "parent_posterior");
    if (!(posterior >= 0 && posterior <= 1)) posterior = NAN;
    eki_build_edge(r->b, from, host, at, posterior);
}

static void read_failed(struct reading *r, const json_t *attempt)
{
    uint32_t host = eki_build_host(r->b, eki_json_member(attempt, "target"), EKI_ROLE_ATTACKED);
    double first = eki_json_real(attempt, "first_t"), last = eki_json_real(attempt, "last_t");
    if (r->origin == EKI_TIME_NONE || !(fabs(first) < 1e9) || !(fabs(last) < 1e9)) return;
    eki_build_seen(r->b, host, r->origin + (eki_time)(first * 1e9), r->origin + (eki_time)(last * 1e9));
}

/* Which technique a vector is depends on the side of the wall it came from (design: 5-csirt). */
static void read_vector(struct reading *r, const char *vector, bool from_outside)
{
    if (!vector) return;
    const char *id = strstr(vector, "exploit")      ? (from_outside ? "T1190" : "T1210")
                     : strstr(vector, "credential") ? "T1021.002"
                     : strstr(vector, "dictionary") ? "T1110"
                                                    : NULL;
    if (id) eki_build_technique(r->b, id, eki_attack_name(id));
    if (!r->b->incident->vector) r->b->incident->vector = eki_build_text(r->b, vector);
}

static void read_outbreak(struct reading *r, const json_t *outbreak, bool largest)
{
    struct eki_incident *incident = r->b->incident;
    uint16_t port = eki_json_port(outbreak, "port");
    uint8_t protocol = eki_json_protocol(outbreak, "proto");
    const char *zero = eki_json_member(json_object_get(outbreak, "patient_zero"), "host");
    size_t i;
    json_t *item;
    if (largest) {
        incident->family = eki_build_text(r->b, eki_json_member(json_object_get(outbreak, "family"), "name"));
        incident->route = eki_build_text(r->b, eki_json_member(outbreak, "route"));
        incident->port = port;
        incident->protocol = protocol;
    }
    json_array_foreach(json_object_get(outbreak, "vectors"), i, item)
        read_vector(r, json_string_value(item), is_public(zero));
    json_array_foreach(json_object_get(outbreak, "infections"), i, item)
        read_infection(r, item, port, protocol);
    json_array_foreach(json_object_get(outbreak, "failed_attempts"), i, item) read_failed(r, item);
}

static void read_outbreaks(struct reading *r)
{
    const json_t *outbreaks = json_object_get(r->facts, "outbreaks");
    size_t i, largest = 0, most = 0;
    json_t *outbreak;
    json_array_foreach(outbreaks, i, outbreak)
    {
        size_t size = json_array_size(json_object_get(outbreak, "infections"));
        if (size > most) most = size, largest = i;
    }
    json_array_foreach(outbreaks, i, outbreak) read_outbreak(r, outbreak, i == largest);
}

static void read_scanner(struct reading *r, const json_t *scanner)
{
    const char *name = eki_json_member(scanner, "host"), *verdict = eki_json_member(scanner, "verdict");
    char detail[256];
    if (!name || !verdict || strcmp(verdict, "scanner") != 0) return;
    uint32_t host = eki_build_host(r->b, name, EKI_ROLE_SCANNER);
    struct eki_incident_host *h = eki_build_at(r->b, host);
    const char *technique = is_public(name) ? "T1595.002" : "T1046";
    eki_build_technique(r->b, technique, eki_attack_name(technique));
    if (!h) return;
    /* Of an infected host the time of infection is known better; what it did before was its work. */
    eki_time last = eki_json_when(scanner, "last"), first = eki_json_when(scanner, "first");
    double since = eki_json_real(scanner, "since_t");
    if (fabs(since) < 1e9 && r->origin != EKI_TIME_NONE) first = r->origin + (eki_time)(since * 1e9);
    eki_build_seen(r->b, host, h->first == EKI_TIME_NONE ? first : last, last);
    if (!h->port) h->port = eki_json_port(scanner, "port");
    if (!h->protocol) h->protocol = eki_json_protocol(scanner, "proto");
    if (!h->evidence) h->evidence = "scan";
    if (h->detail) return;
    const char *reason = eki_json_member(scanner, "reason");
    snprintf(detail, sizeof detail, "searched: %.0f targets, %.3g a second; %.100s",
             eki_json_real(scanner, "targets"), eki_json_real(scanner, "rate_per_s"), reason ? reason : "");
    h->detail = eki_build_text(r->b, detail);
}

/* An address says something to others only when it is not one of a private network. */
static void tell_addresses(struct eki_builder *b)
{
    for (size_t i = 0; i < b->incident->host_count; i++) {
        const struct eki_incident_host *h = &b->incident->hosts[i];
        if (h->role == EKI_ROLE_ATTACKED || !is_public(h->name)) continue;
        struct eki_indicator *n = eki_build_indicator(b, EKI_INDICATOR_ADDRESS, h->name);
        if (!n) continue;
        n->first = h->first;
        n->last = h->last;
        n->detect = true;
        n->comment = eki_incident_role_name(h->role);
    }
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct reading r = {.b = b, .facts = input->json, .signs = json_object()};
    size_t i;
    json_t *scanner;
    if (!r.signs) return EKI_ERROR_MEMORY;
    if (!json_is_object(r.facts)) {
        json_decref(r.signs);
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no JSON object");
    }
    eki_build_mark_text(b, eki_json_member(r.facts, "tlp"));
    r.origin = eki_json_when(r.facts, "origin");
    b->incident->first = r.origin;
    b->incident->last = eki_json_when(r.facts, "end");
    if (b->incident->last < b->incident->first) b->incident->last = b->incident->first;
    b->incident->summary = eki_build_text(b, eki_json_member(json_object_get(r.facts, "verdict"), "text"));
    enum eki_error error = read_signs(&r);
    if (!error) {
        read_outbreaks(&r);
        json_array_foreach(json_object_get(r.facts, "scanners"), i, scanner) read_scanner(&r, scanner);
        tell_addresses(b);
    }
    json_decref(r.signs);
    return error;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    const char *schema = eki_json_member(input->json, "schema");
    return schema && !strcmp(schema, "ekigaku.analysis/1") ? 100 : 0;
}

const struct eki_exchange_format eki_exchange_format_facts = {
    .name = "facts",
    .title = "ekigaku.analysis/1, what ekigaku analyze --json prints",
    .labels = 0,
    .detect = detect,
    .read = read,
};
