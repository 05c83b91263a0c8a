/* SPDX-License-Identifier: Apache-2.0 */
/* The facts become a result again. */
#include "ekigaku/facts.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "ekigaku/contact.h"
#include "ekigaku/sign.h"

enum { WORD = 60 /* longest id, name or class */, BEGINNING = 4096 };

struct eki_facts {
    struct eki_arena arena;
    struct eki_result result;
    enum eki_tlp label;
    bool labelled;
};

struct reading {
    struct eki_facts *facts;
    struct eki_fault *fault;
};

static enum eki_error wrong(const struct reading *r, const char *key, const char *why)
{
    return eki_fault_set(r->fault, EKI_ERROR_CORRUPT, 0, "%s: %s", key, why);
}

bool eki_facts_recognise(const char *bytes, size_t length)
{
    char text[BEGINNING + 1];
    if (length > BEGINNING) length = BEGINNING;
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text[strspn(text, " \t\r\n")] == '{' && strstr(text, "\"ekigaku.analysis/1\"");
}

/* A text of the facts that may stand in a column of words: copied; NULL without memory. */
static const char *copy(struct reading *r, const char *text)
{
    return eki_arena_copy(&r->facts->arena, text, strlen(text) + 1, 1);
}

/* A word of letters, digits and "-_. "; "" where null is allowed. */
static enum eki_error read_word(struct reading *r, const json_t *object, const char *key, bool nullable,
                                const char **ret_word)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    if (!text && nullable && (!value || json_is_null(value))) text = "";
    if (!text || (!nullable && !*text)) return wrong(r, key, "is no text");
    if (strlen(text) > WORD || json_string_length(value) != strlen(text) ||
        text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ")])
        return wrong(r, key, "is no word");
    *ret_word = copy(r, text);
    return *ret_word ? EKI_OK : EKI_ERROR_MEMORY;
}

static enum eki_error read_count(struct reading *r, const json_t *object, const char *key, uint64_t most,
                                 uint64_t *ret_count)
{
    const json_t *value = json_object_get(object, key);
    *ret_count = 0;
    if (!value || json_is_null(value)) return EKI_OK;
    json_int_t count = json_integer_value(value);
    if (!json_is_integer(value) || count < 0 || (uint64_t)count > most)
        return wrong(r, key, "is no count in its range");
    *ret_count = (uint64_t)count;
    return EKI_OK;
}

/* A number; NaN where there is none. */
static enum eki_error read_number(struct reading *r, const json_t *object, const char *key,
                                  double *ret_number)
{
    const json_t *value = json_object_get(object, key);
    *ret_number = NAN;
    if (!value || json_is_null(value)) return EKI_OK;
    if (!json_is_number(value)) return wrong(r, key, "is no number");
    *ret_number = json_number_value(value);
    return EKI_OK;
}

static enum eki_error read_moment(struct reading *r, const json_t *object, const char *key, bool nullable,
                                  eki_time *ret_time)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    *ret_time = EKI_TIME_NONE;
    if (nullable && (!value || json_is_null(value))) return EKI_OK;
    return text && !eki_time_parse(text, ret_time) ? EKI_OK : wrong(r, key, "is no time");
}

static enum eki_error read_host(struct reading *r, const json_t *object, const char *key,
                                struct eki_address *ret_host)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && !eki_address_parse(text, ret_host) ? EKI_OK : wrong(r, key, "is no address");
}

/* The position of a name in a list; -1. */
static int position_of(const char *name, const char *(*name_of)(int), int count)
{
    for (int i = 0; name && i < count; i++)
        if (!strcmp(name, name_of(i))) return i;
    return -1;
}

static const char *evidence_at(int i)
{
    return eki_evidence_name((enum eki_evidence)i);
}

static const char *grade_at(int i)
{
    return eki_grade_name((enum eki_grade)i);
}

static const char *verdict_at(int i)
{
    return eki_verdict_name((enum eki_verdict)i);
}

static const char *shape_at(int i)
{
    return eki_shape_name((enum eki_shape)i);
}

static const char *strategy_at(int i)
{
    return eki_strategy_name((enum eki_strategy)i);
}

static enum eki_error read_protocol(struct reading *r, const json_t *object, uint8_t *ret_protocol,
                                    uint16_t *ret_port)
{
    uint64_t port = 0;
    const char *text = json_string_value(json_object_get(object, "proto"));
    enum eki_error error = read_count(r, object, "port", 65535, &port);
    if (error) return error;
    *ret_port = (uint16_t)port;
    if (text && eki_protocol_read(text, ret_protocol)) return EKI_OK;
    return wrong(r, "proto", "is no protocol");
}

static enum eki_error read_packets(struct reading *r, const json_t *object, uint64_t *ret_first,
                                   uint64_t *ret_last)
{
    const json_t *packets = json_object_get(object, "packets");
    *ret_first = *ret_last = 0;
    if (!packets || json_is_null(packets)) return EKI_OK;
    json_int_t first = json_integer_value(json_array_get(packets, 0)),
               last = json_integer_value(json_array_get(packets, 1));
    if (json_array_size(packets) != 2 || first < 1 || last < first) return wrong(r, "packets", "is no range");
    *ret_first = (uint64_t)first;
    *ret_last = (uint64_t)last;
    return EKI_OK;
}

static eki_time later(eki_time from, double seconds)
{
    eki_time at;
    if (from == EKI_TIME_NONE || !isfinite(seconds) || fabs(seconds) > 4e9) return EKI_TIME_NONE;
    return __builtin_add_overflow(from, (eki_time)(seconds * 1e9), &at) ? EKI_TIME_NONE : at;
}

static enum eki_error read_parent(struct reading *r, const json_t *object, struct eki_infection *infection)
{
    const json_t *parent = json_object_get(object, "parent");
    enum eki_error error = read_number(r, object, "parent_posterior", &infection->parent_posterior);
    infection->has_parent = parent && !json_is_null(parent);
    if (error || !infection->has_parent) return error;
    return read_host(r, object, "parent", &infection->parent);
}

static enum eki_error read_infection(struct reading *r, const json_t *object, struct eki_infection *infection)
{
    uint64_t generation = 0, input = 0;
    double scan = NAN;
    int evidence = position_of(json_string_value(json_object_get(object, "evidence")), evidence_at,
                               EKI_EVIDENCE_IMPLANT + 1);
    enum eki_error error = read_host(r, object, "host", &infection->host);
    if (!error) error = read_moment(r, object, "at", false, &infection->time);
    if (!error) error = read_number(r, object, "error_s", &infection->error_s);
    if (!error) error = read_parent(r, object, infection);
    if (!error) error = read_packets(r, object, &infection->packet_first, &infection->packet_last);
    if (!error) error = read_count(r, object, "generation", UINT32_MAX, &generation);
    if (!error) error = read_count(r, object, "input", UINT16_MAX, &input);
    if (!error) error = read_number(r, object, "scan_t", &scan);
    if (!error && evidence < 0) error = wrong(r, "evidence", "is no evidence");
    if (error) return error;
    infection->evidence = (enum eki_evidence)evidence;
    infection->generation = (uint32_t)generation;
    infection->input = (uint16_t)input;
    infection->scans = json_is_true(json_object_get(object, "scans"));
    infection->scan_start = later(r->facts->result.origin, scan);
    return EKI_OK;
}

static int by_time(const void *a, const void *b)
{
    const struct eki_infection *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return eki_address_compare(x->host, y->host);
}

static int by_host(const void *a, const void *b)
{
    const struct eki_address *x = a, *y = b;
    return eki_address_compare(*x, *y);
}

/* A host is infected once in an outbreak. */
static enum eki_error refuse_twice(struct reading *r, const struct eki_infection *infections, size_t count)
{
    struct eki_address *hosts = eki_allocate(count + 1, sizeof *hosts);
    enum eki_error error = hosts ? EKI_OK : EKI_ERROR_MEMORY;
    for (size_t i = 0; !error && i < count; i++) hosts[i] = infections[i].host;
    if (!error) qsort(hosts, count, sizeof *hosts, by_host);
    for (size_t i = 1; !error && i < count; i++)
        if (!eki_address_compare(hosts[i - 1], hosts[i]))
            error = wrong(r, "infections", "a host stands twice");
    eki_free(hosts);
    return error;
}

static enum eki_error read_infections(struct reading *r, const json_t *list, struct eki_outbreak *outbreak)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list)) return wrong(r, "infections", "is no list");
    if (count > EKI_FACTS_ROWS)
        return eki_fault_set(r->fault, EKI_ERROR_LIMIT, 0, "more than %d infections", EKI_FACTS_ROWS);
    struct eki_infection *infections = eki_arena_take(&r->facts->arena, count + 1, sizeof *infections);
    if (!infections) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        enum eki_error error = read_infection(r, json_array_get(list, i), &infections[i]);
        if (error) return error;
    }
    qsort(infections, count, sizeof *infections, by_time);
    outbreak->infections = infections;
    outbreak->infection_count = count;
    return refuse_twice(r, infections, count);
}

/* What the store keeps of the growth. */
static enum eki_error read_growth(struct reading *r, const json_t *growth, struct eki_growth *ret_growth)
{
    enum eki_error error = read_number(r, growth, "doubling_s", &ret_growth->doubling_s);
    if (!error) error = read_number(r, growth, "r", &ret_growth->r);
    ret_growth->known = isfinite(ret_growth->r) || isfinite(ret_growth->doubling_s);
    return error;
}

static enum eki_error read_outbreak(struct reading *r, const json_t *object, struct eki_outbreak *outbreak)
{
    const json_t *family = json_object_get(object, "family"), *zero = json_object_get(object, "patient_zero");
    const char *name = "";
    enum eki_error error = read_protocol(r, object, &outbreak->protocol, &outbreak->service);
    if (!error) error = read_word(r, object, "route", false, &outbreak->route);
    if (!error) error = read_word(r, object, "countermeasure_class", false, &outbreak->countermeasure_class);
    if (!error) error = read_word(r, object, "known", false, &outbreak->known);
    if (!error && json_is_object(family)) error = read_word(r, family, "name", true, &name);
    if (!error && json_is_object(family)) error = read_number(r, family, "score", &outbreak->family.score);
    if (!error) error = read_infections(r, json_object_get(object, "infections"), outbreak);
    if (!error) error = read_growth(r, json_object_get(object, "growth"), &outbreak->growth);
    outbreak->family.name = *name ? name : NULL;
    outbreak->has_patient_zero = json_is_string(json_object_get(zero, "host"));
    if (!error && outbreak->has_patient_zero) error = read_host(r, zero, "host", &outbreak->patient_zero);
    return error;
}

static enum eki_error read_outbreaks(struct reading *r, const json_t *list)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list)) return wrong(r, "outbreaks", "is no list");
    if (count > EKI_FACTS_OUTBREAKS)
        return eki_fault_set(r->fault, EKI_ERROR_LIMIT, 0, "more than %d outbreaks", EKI_FACTS_OUTBREAKS);
    struct eki_outbreak *outbreaks = eki_arena_take(&r->facts->arena, count + 1, sizeof *outbreaks);
    if (!outbreaks) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        enum eki_error error = read_outbreak(r, json_array_get(list, i), &outbreaks[i]);
        if (error) return error;
        outbreaks[i].id = (uint32_t)i + 1; /* the store wants them counted from 1 */
    }
    r->facts->result.outbreaks = outbreaks;
    r->facts->result.outbreak_count = count;
    return EKI_OK;
}

static enum eki_error read_strategies(struct reading *r, const json_t *list, struct eki_scanner *scanner)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        const char *scope = json_string_value(json_object_get(object, "scope"));
        uint64_t probes = 0;
        int name =
            position_of(json_string_value(json_object_get(object, "name")), strategy_at, EKI_STRATEGY_COUNT);
        enum eki_error error = read_count(r, object, "probes", INT64_MAX, &probes);
        if (error) return error;
        if (name < 0 || !scope) return wrong(r, "strategies", "is none");
        for (int k = 0; k < EKI_SCOPE_COUNT; k++) {
            if (strcmp(scope, eki_scope_name((enum eki_scope)k)) != 0) continue;
            scanner->strategies[k].name = (enum eki_strategy)name;
            scanner->strategies[k].probes = probes;
        }
    }
    return EKI_OK;
}

static enum eki_error read_scanner(struct reading *r, const json_t *object, struct eki_scanner *scanner)
{
    int verdict =
        position_of(json_string_value(json_object_get(object, "verdict")), verdict_at, EKI_VERDICT_FLOOD + 1);
    int shape =
        position_of(json_string_value(json_object_get(object, "shape")), shape_at, EKI_SHAPE_VERTICAL + 1);
    enum eki_error error = read_host(r, object, "host", &scanner->host);
    if (!error) error = read_protocol(r, object, &scanner->protocol, &scanner->service);
    if (!error) error = read_moment(r, object, "first", true, &scanner->first);
    if (!error) error = read_moment(r, object, "last", true, &scanner->last);
    if (!error) error = read_count(r, object, "targets", INT64_MAX, &scanner->targets);
    if (!error) error = read_count(r, object, "answered", INT64_MAX, &scanner->answered);
    if (!error) error = read_count(r, object, "decided_after", INT64_MAX, &scanner->decided_after);
    if (!error) error = read_number(r, object, "rate_per_s", &scanner->rate_per_s);
    if (!error) error = read_number(r, object, "evidence", &scanner->evidence);
    if (!error) error = read_strategies(r, json_object_get(object, "strategies"), scanner);
    if (!error && (verdict < 0 || shape < 0)) error = wrong(r, verdict < 0 ? "verdict" : "shape", "is none");
    if (error) return error;
    scanner->verdict = (enum eki_verdict)verdict;
    scanner->shape = (enum eki_shape)shape;
    return EKI_OK;
}

static enum eki_error read_scanners(struct reading *r, const json_t *list)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list)) return wrong(r, "scanners", "is no list");
    if (count > EKI_FACTS_ROWS)
        return eki_fault_set(r->fault, EKI_ERROR_LIMIT, 0, "more than %d sources", EKI_FACTS_ROWS);
    struct eki_scanner *scanners = eki_arena_take(&r->facts->arena, count + 1, sizeof *scanners);
    if (!scanners) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        enum eki_error error = read_scanner(r, json_array_get(list, i), &scanners[i]);
        if (error) return error;
    }
    r->facts->result.scanners = scanners;
    r->facts->result.scanner_count = count;
    return EKI_OK;
}

static enum eki_error read_sign(struct reading *r, const json_t *object, struct eki_sign *sign)
{
    const char *family = json_string_value(json_object_get(object, "family"));
    enum eki_error error = read_host(r, object, "source", &sign->source);
    if (!error) error = read_host(r, object, "target", &sign->target);
    if (!error) error = read_protocol(r, object, &sign->protocol, &sign->service);
    if (!error) error = read_moment(r, object, "first", false, &sign->first);
    if (!error) error = read_moment(r, object, "last", false, &sign->last);
    if (error) return error;
    return eki_sign_own_texts(sign, sign->name, family ? family : "", "")
               ? EKI_OK
               : wrong(r, "family", "is none of this sign");
}

/* Of the signs those that show what others can look for: an outbreak keeps that. */
static enum eki_error read_signs(struct reading *r, const json_t *list)
{
    size_t count = json_array_size(list), kept = 0;
    struct eki_sign *signs = eki_arena_take(&r->facts->arena, count + 1, sizeof *signs);
    if (!signs) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct eki_sign_shown shown;
        const json_t *object = json_array_get(list, i);
        const char *detail = json_string_value(json_object_get(object, "detail"));
        int grade =
            position_of(json_string_value(json_object_get(object, "grade")), grade_at, EKI_GRADE_IMPLANT + 1);
        struct eki_sign *sign = &signs[kept];
        *sign = (struct eki_sign){.name = json_string_value(json_object_get(object, "name")),
                                  .grade = (uint8_t)(grade > 0 ? grade : 0),
                                  .automated = json_is_true(json_object_get(object, "automated"))};
        snprintf(sign->detail, sizeof sign->detail, "%s", detail ? detail : "");
        if (!eki_sign_shows(sign, &shown)) continue;
        enum eki_error error = read_sign(r, object, sign);
        if (error) return error;
        kept++;
    }
    r->facts->result.signs = signs;
    r->facts->result.sign_count = kept;
    return EKI_OK;
}

static enum eki_error read_whole(struct reading *r, const json_t *root)
{
    struct eki_result *result = &r->facts->result;
    const json_t *counts = json_object_get(root, "counts");
    const char *schema = json_string_value(json_object_get(root, "schema")),
               *label = json_string_value(json_object_get(root, "tlp"));
    if (!schema || strcmp(schema, "ekigaku.analysis/1") != 0)
        return eki_fault_set(r->fault, EKI_ERROR_FORMAT, 0, "no facts of schema ekigaku.analysis/1");
    if (label && eki_tlp_parse(label, &r->facts->label)) return wrong(r, "tlp", "is no label");
    r->facts->labelled = label != NULL;
    enum eki_error error = read_moment(r, root, "origin", true, &result->origin);
    if (!error) error = read_moment(r, root, "end", true, &result->end);
    if (!error) error = read_count(r, counts, "packets", INT64_MAX, &result->packets);
    if (!error) error = read_count(r, counts, "flows", INT64_MAX, &result->flows);
    if (!error) error = read_count(r, counts, "contacts", INT64_MAX, &result->contacts);
    if (!error) error = read_count(r, counts, "hosts", INT64_MAX, &result->hosts);
    if (!error) error = read_scanners(r, json_object_get(root, "scanners"));
    if (!error) error = read_signs(r, json_object_get(root, "signs"));
    return error ? error : read_outbreaks(r, json_object_get(root, "outbreaks"));
}

enum eki_error eki_facts_read(const char *bytes, size_t length, struct eki_facts **ret_facts,
                              struct eki_fault *ret_fault)
{
    json_error_t place;
    struct reading r = {.facts = eki_allocate(1, sizeof *r.facts), .fault = ret_fault};
    if (!r.facts) return EKI_ERROR_MEMORY;
    if (length > EKI_FACTS_BYTES) {
        eki_facts_free(r.facts);
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "facts of more than %d bytes", EKI_FACTS_BYTES);
    }
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &place);
    enum eki_error error = root ? read_whole(&r, root)
                                : eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, (uint64_t)place.position,
                                                "line %d: %.120s", place.line, place.text);
    json_decref(root);
    if (error)
        eki_facts_free(r.facts);
    else
        *ret_facts = r.facts;
    return error;
}

const struct eki_result *eki_facts_result(const struct eki_facts *facts)
{
    return &facts->result;
}

bool eki_facts_label(const struct eki_facts *facts, enum eki_tlp *ret_label)
{
    if (facts->labelled) *ret_label = facts->label;
    return facts->labelled;
}

void eki_facts_free(struct eki_facts *facts)
{
    if (!facts) return;
    eki_arena_done(&facts->arena);
    eki_free(facts);
}
