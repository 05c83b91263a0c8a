/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flow logs of Azure: of network security groups (versions 1 and 2) and of virtual networks. One JSON object
 * of any size nests rules, interfaces and groups; all that matters are the texts of the arrays "flowTuples"
 * (learn.microsoft.com, "Flow logging for network security groups", "Virtual network flow logs"):
 *
 *     1542110377,10.0.0.4,13.67.143.118,44931,443,T,O,A            version 1: decided only
 *     1542110377,10.0.0.4,13.67.143.118,44931,443,T,O,A,E,3,214,2,160   version 2: Begin, Continue, End;
 * counts 1663146003599,10.0.0.6,52.239.184.180,23956,443,6,O,E,NX,3,767,2,1580   virtual network
 *
 * So the text is walked token by token, and no object has to fit into memory.
 */
#include <string.h>

#include "contact/json_records.h"
#include "contact/mirror.h"
#include "contact/lacks.h"

enum {
    TUPLE_FIELDS = 13,
    DECIDED_FIELDS = 8,
    PROTO = 5,
    DECISION = 7,
    STATE = 8,
    COUNTS = 9,
    MILLISECONDS = 11
};

struct azure {
    struct eki_mirror beginnings;
    bool tuples; /* inside of an array of them */
    bool named;  /* its name was the last text */
};

static bool fits(const char *head, size_t length)
{
    const char *object;
    size_t whole;
    return eki_json_records_first(head, length, &object, &whole) &&
           eki_log_has(object, whole, "\"flowTuples\"");
}

/* What was let through and when, and how it stood then. */
struct tuple {
    struct eki_log_half half; /* as it went out */
    uint64_t back_packets, back_bytes;
    char state; /* B, C, E, or D for denied */
    bool counted, refused;
};

static bool is_letter(struct eki_field field, char letter)
{
    return field.length == 1 && *field.at == letter;
}

/* Seconds until the year 5138 have up to eleven digits, and milliseconds since 1973 at least twelve. */
static eki_time time_of(struct eki_field_reader *v, struct eki_field field)
{
    uint64_t number = eki_field_unsigned(v, field, (uint64_t)(EKI_TIME_LATEST / 1000000));
    bool fine = field.length > MILLISECONDS;
    if (!fine && number > (uint64_t)(EKI_TIME_LATEST / EKI_SECOND)) number = 0;
    return (eki_time)number * (fine ? 1000000 : EKI_SECOND);
}

static void read_counts(struct eki_field_reader *v, const struct eki_field *f, size_t count, struct tuple *t)
{
    struct eki_log_half *h = &t->half;
    t->counted = count >= TUPLE_FIELDS && f[COUNTS].length && t->state != 'B';
    for (size_t i = COUNTS; i < TUPLE_FIELDS && t->counted; i++) t->counted = f[i].length > 0;
    if (!t->counted) return;
    h->packets = eki_field_unsigned(v, f[COUNTS], UINT32_MAX);
    t->back_packets = eki_field_unsigned(v, f[COUNTS + 2], UINT32_MAX);
    uint64_t bytes = eki_field_unsigned(v, f[COUNTS + 1], UINT64_MAX / 2);
    uint64_t back = eki_field_unsigned(v, f[COUNTS + 3], UINT64_MAX / 2);
    h->bytes = eki_log_payload(h->protocol, h->source, h->packets, bytes, 0);
    t->refused =
        h->protocol == EKI_PROTOCOL_TCP && !h->bytes && eki_log_is_bare(h->source, t->back_packets, back);
    t->back_bytes = eki_log_payload(h->protocol, h->source, t->back_packets, back, 0);
}

static struct tuple read_tuple(struct eki_field_reader *v, const struct eki_field *f, size_t count)
{
    struct tuple t = {.half = {.source = eki_field_address(v, f[1]),
                               .target = eki_field_address(v, f[2]),
                               .source_port = (uint16_t)eki_field_unsigned(v, f[3], UINT16_MAX),
                               .target_port = (uint16_t)eki_field_unsigned(v, f[4], UINT16_MAX),
                               .first = time_of(v, f[0])}};
    struct eki_log_half *h = &t.half;
    h->last = h->first;
    h->protocol = is_letter(f[PROTO], 'T')   ? EKI_PROTOCOL_TCP
                  : is_letter(f[PROTO], 'U') ? EKI_PROTOCOL_UDP
                                             : eki_log_protocol(f[PROTO]);
    /* Virtual networks tell the state where groups tell the decision. */
    bool allowed = is_letter(f[DECISION], 'A');
    struct eki_field told = f[allowed && count > STATE ? STATE : DECISION];
    t.state = told.length == 1 ? *told.at : 'A';
    h->denied = t.state == 'D';
    if (!h->denied) read_counts(v, f, count, &t);
    return t;
}

static void take_tuple(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    struct azure *a = r->state;
    struct eki_field f[TUPLE_FIELDS] = {{.kind = EKI_FIELD_ABSENT}};
    struct eki_field_reader v = {0};
    size_t count = eki_fields_split(text, length, ',', f, TUPLE_FIELDS);
    r->record++;
    if (count < DECIDED_FIELDS || count > TUPLE_FIELDS) {
        eki_log_reject(r, at, "a flow tuple has eight to thirteen fields");
        return;
    }
    struct tuple t = read_tuple(&v, f, count);
    if (v.wrong) {
        eki_log_reject(r, at, v.wrong);
        return;
    }
    if (!t.counted) {
        eki_mirror_take(r, &a->beginnings, &t.half);
        return;
    }
    eki_time first = t.half.first;
    if (eki_mirror_forget(&a->beginnings, &t.half, &first) && first < t.half.first) t.half.first = first;
    struct eki_log_conversation c = {.client = t.half.source,
                                     .server = t.half.target,
                                     .client_port = t.half.source_port,
                                     .service = t.half.target_port,
                                     .time = t.half.first,
                                     .end = t.half.last,
                                     .client_packets = t.half.packets,
                                     .server_packets = t.back_packets,
                                     .client_bytes = t.half.bytes,
                                     .server_bytes = t.back_bytes,
                                     .protocol = t.half.protocol};
    c.outcome = (uint8_t)(t.refused ? EKI_OUTCOME_REFUSED : eki_log_outcome(&c));
    eki_log_conversation(r, &c);
}

/* One text; its bytes without quotes. An array of tuples is known by the name before it. */
static void take_text(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    static const char name[] = "flowTuples";
    struct azure *a = r->state;
    if (a->tuples) take_tuple(r, text, length, at);
    a->named = length == sizeof name - 1 && !memcmp(text, name, length);
}

/* The length of a text with its quotes; 0 when it does not end. */
static size_t text_length(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == '"')
            return i + 1;
    }
    return 0;
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct azure *a = r->state;
    const char *text = (const char *)bytes;
    size_t used = 0;
    (void)ended;
    while (used < length && used < EKI_LOG_WINDOW && !r->error) {
        char c = text[used];
        if (c == '"') {
            size_t whole = text_length(text + used, length - used);
            if (!whole) return used;
            take_text(r, text + used + 1, whole - 2, used);
            used += whole;
            continue;
        }
        if (c == '[') a->tuples = a->named;
        if (c == ']') a->tuples = false;
        used++;
    }
    return used;
}

/* What began and was never heard of again: nothing can be said about its answer. */
static void end(struct eki_log_reading *r)
{
    struct azure *a = r->state;
    eki_mirror_end(r, &a->beginnings);
}

static void stop(struct eki_log_reading *r)
{
    struct azure *a = r->state;
    if (a) eki_mirror_done(&a->beginnings);
}

const struct eki_log_format eki_log_vpc_azure = {
    .kind = {"vpc-azure", "Azure flow logs of security groups (versions 1 and 2) and virtual networks, JSON",
             EKI_TEXT("in version 1, whether what was let through was answered: it counts as answered")},
    .fits = fits,
    .state_size = sizeof(struct azure),
    .take = take,
    .end = end,
    .stop = stop,
};
