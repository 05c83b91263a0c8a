/* SPDX-License-Identifier: Apache-2.0 */
/* From what a form of log tells to entries: checks, contacts, flows, rejections (see log_format.h). */
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "contact/log_format.h"

void eki_log_fail(struct eki_log_reading *r, enum eki_error error, size_t at, const char *what)
{
    if (r->error) return;
    r->error = eki_fault_set(&r->fault, error, r->offset + at, "%s", what);
}

void eki_log_reject(struct eki_log_reading *r, size_t at, const char *what)
{
    r->input.malformed++;
    if (r->input.place_count == EKI_INPUT_PLACES) return;
    struct eki_fault *place = &r->input.places[r->input.place_count++];
    eki_fault_set(place, EKI_ERROR_CORRUPT, r->offset + at, "record %llu: %s", (unsigned long long)r->record,
                  what);
}

static struct eki_log_entry *append(struct eki_log_reading *r)
{
    if (r->count == r->capacity) {
        struct eki_log_entry *entries =
            eki_array_reserve(r->entries, r->count, &r->capacity, sizeof *entries);
        if (!entries) {
            eki_log_fail(r, EKI_ERROR_MEMORY, 0, "entries");
            return NULL;
        }
        r->entries = entries;
    }
    return &r->entries[r->count++];
}

static void note_time(struct eki_input *input, eki_time first, eki_time last)
{
    if (input->first == EKI_TIME_NONE || first < input->first) input->first = first;
    if (input->last == EKI_TIME_NONE || last > input->last) input->last = last;
}

static uint32_t at_most(uint64_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static struct eki_contact contact_of(const struct eki_log_reading *r, const struct eki_log_conversation *c)
{
    bool silent = c->outcome <= EKI_OUTCOME_REFUSED, tcp = c->protocol == EKI_PROTOCOL_TCP;
    uint64_t asked = c->asked ? c->asked : c->client_packets;
    if (!silent || !asked) asked = 1;
    return (struct eki_contact){
        .client = c->client,
        .server = c->server,
        .time = c->time,
        .answered = c->outcome == EKI_OUTCOME_NONE ? EKI_TIME_NONE : c->time,
        .packet = r->record,
        .attempts = at_most(asked),
        .payload =
            c->client_packets == 1 || !tcp
                ? at_most(c->client_packets > 1 ? c->client_bytes / c->client_packets : c->client_bytes)
                : 0,
        .client_port = c->client_port,
        .service = c->service,
        .protocol = c->protocol,
        .outcome = c->outcome,
        .flags = (uint8_t)(c->flags | (tcp && c->client_bytes ? EKI_CONTACT_UPLOAD : 0) |
                           (tcp && c->server_bytes ? EKI_CONTACT_DOWNLOAD : 0))};
}

static struct eki_flow flow_of(const struct eki_log_reading *r, const struct eki_log_conversation *c,
                               eki_time end)
{
    return (struct eki_flow){.client = c->client,
                             .server = c->server,
                             .first = c->time,
                             .last = end,
                             .packet_first = r->record,
                             .packet_last = r->record,
                             .client_bytes = c->client_bytes,
                             .server_bytes = c->server_bytes,
                             .client_packets = at_most(c->client_packets),
                             .server_packets = at_most(c->server_packets),
                             .client_port = c->client_port,
                             .service = c->service,
                             .protocol = c->protocol,
                             .inferred = c->flags & EKI_CONTACT_INFERRED,
                             .refused = c->refused};
}

/* Packets skip these too: nobody answers for them. */
static bool is_between_hosts(const struct eki_log_conversation *c)
{
    return !eki_address_equal(c->client, c->server) && !eki_address_is_group(c->server) &&
           !eki_address_is_group(c->client) && !eki_address_is_special(c->client) &&
           (c->server.hi || c->server.lo);
}

void eki_log_conversation(struct eki_log_reading *r, const struct eki_log_conversation *given)
{
    struct eki_log_conversation c = *given;
    if (c.time == EKI_TIME_NONE || c.time < 0) {
        eki_log_reject(r, 0, c.time == EKI_TIME_NONE ? "it has no time" : "its time is before 1970");
        return;
    }
    c.time = eki_time_clamp(c.time);
    eki_time end = c.end == EKI_TIME_NONE || c.end < c.time ? c.time : eki_time_clamp(c.end);
    note_time(&r->input, c.time, end);
    r->input.flows++;
    r->input.packets += c.client_packets + c.server_packets;
    if (!c.protocol || !is_between_hosts(&c)) return;
    bool carries = c.protocol == EKI_PROTOCOL_TCP || c.protocol == EKI_PROTOCOL_UDP;
    if (!carries) c.client_port = c.service = 0;
    struct eki_log_entry *entry = append(r);
    if (!entry) return;
    entry->contact = contact_of(r, &c);
    entry->sign = NULL;
    entry->flow.packet_first = 0;
    if (carries && (c.client_bytes || c.server_bytes) && c.outcome >= EKI_OUTCOME_ANSWERED)
        entry->flow = flow_of(r, &c, end);
}

void eki_log_sign(struct eki_log_reading *r, const struct eki_sign *sign)
{
    struct eki_sign *copy = eki_arena_copy(&r->signs, sign, 1, sizeof *sign);
    struct eki_log_entry *entry = copy ? append(r) : NULL;
    if (!entry) {
        eki_log_fail(r, EKI_ERROR_MEMORY, 0, "signs");
        return;
    }
    copy->packet_last = r->record;
    if (!copy->packet_first || copy->packet_first > r->record) copy->packet_first = r->record;
    note_time(&r->input, copy->first, copy->last);
    *entry = (struct eki_log_entry){.sign = copy};
}

enum eki_outcome eki_log_outcome(const struct eki_log_conversation *c)
{
    bool answered = c->server_packets || c->server_bytes;
    if (!answered) return EKI_OUTCOME_NONE;
    if (c->protocol != EKI_PROTOCOL_TCP) return EKI_OUTCOME_ANSWERED;
    if (c->client_bytes && c->server_bytes) return EKI_OUTCOME_DATA;
    return c->client_packets > 1 && c->server_packets > 1 ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_ANSWERED;
}

uint8_t eki_log_protocol(struct eki_field field)
{
    static const struct {
        const char *name;
        uint8_t number;
    } known[] = {{"tcp", EKI_PROTOCOL_TCP},         {"udp", EKI_PROTOCOL_UDP},
                 {"icmp", EKI_PROTOCOL_ICMP},       {"6", EKI_PROTOCOL_TCP},
                 {"17", EKI_PROTOCOL_UDP},          {"1", EKI_PROTOCOL_ICMP},
                 {"58", EKI_PROTOCOL_ICMP6},        {"icmp6", EKI_PROTOCOL_ICMP6},
                 {"ipv6-icmp", EKI_PROTOCOL_ICMP6}, {"icmpv6", EKI_PROTOCOL_ICMP6}};
    if (eki_field_is(field, "tcp") || eki_field_is(field, "TCP")) return EKI_PROTOCOL_TCP;
    for (size_t i = 0; i < sizeof known / sizeof *known && eki_field_there(field); i++)
        if (strlen(known[i].name) == field.length && !strncasecmp(field.at, known[i].name, field.length))
            return known[i].number;
    return 0;
}

bool eki_log_has_line(const char *head, size_t length, const char *text)
{
    size_t wanted = strlen(text);
    while (length >= wanted) {
        if (!memcmp(head, text, wanted)) return true;
        const char *end = memchr(head, '\n', length);
        if (!end) return false;
        length -= (size_t)(end + 1 - head);
        head = end + 1;
    }
    return false;
}

bool eki_log_first_line_has(const char *head, size_t length, const char *text)
{
    for (;;) {
        const char *end = memchr(head, '\n', length);
        size_t line = end ? (size_t)(end - head) : length;
        if (line && head[0] != '#' && head[0] != '\r') return memmem(head, line, text, strlen(text)) != NULL;
        if (!end) return false;
        length -= line + 1;
        head = end + 1;
    }
}

bool eki_log_has(const char *head, size_t length, const char *text)
{
    return memmem(head, length, text, strlen(text)) != NULL;
}
