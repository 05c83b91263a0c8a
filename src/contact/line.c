/* SPDX-License-Identifier: Apache-2.0 */
/* The contact as one JSON line and back, and what may stand in it. */
#include <stdio.h>

#include "base/json_pick.h"
#include "base/json_write.h"
#include "ekigaku/contact.h"

static const char *const outcomes[] = {"none", "refused", "answered", "established", "data", NULL};

static const struct {
    uint8_t bit;
    const char *key;
} flags[] = {{EKI_CONTACT_INFERRED, "inferred"}, {EKI_CONTACT_SEQ_IS_TARGET, "seq_is_target"},
             {EKI_CONTACT_UNASKED, "unasked"},   {EKI_CONTACT_ODD, "odd"},
             {EKI_CONTACT_FORCED, "forced"},     {EKI_CONTACT_UPLOAD, "upload"},
             {EKI_CONTACT_DOWNLOAD, "download"}};

enum { FLAGS = sizeof flags / sizeof *flags };

const char *eki_outcome_name(enum eki_outcome outcome)
{
    return (unsigned)outcome <= EKI_OUTCOME_DATA ? outcomes[outcome] : "?";
}

const char *eki_protocol_name(uint8_t protocol, char ret_text[4])
{
    switch (protocol) {
    case EKI_PROTOCOL_TCP: return "tcp";
    case EKI_PROTOCOL_UDP: return "udp";
    case EKI_PROTOCOL_ICMP: return "icmp";
    case EKI_PROTOCOL_ICMP6: return "icmp6";
    case EKI_PROTOCOL_ARP: return "arp";
    default: snprintf(ret_text, 4, "%u", (unsigned)protocol); return ret_text;
    }
}

bool eki_protocol_read(const char *name, uint8_t *ret_protocol)
{
    for (unsigned protocol = 0; protocol <= UINT8_MAX; protocol++) {
        char text[4];
        const char *known = eki_protocol_name((uint8_t)protocol, text);
        for (size_t i = 0; known[i] == name[i]; i++) {
            if (known[i]) continue;
            *ret_protocol = (uint8_t)protocol;
            return true;
        }
    }
    return false;
}

enum eki_error eki_contact_validate(const struct eki_contact *c)
{
    bool fine = c->attempts >= 1 && c->outcome <= EKI_OUTCOME_DATA && c->packet >= 1 &&
                c->time != EKI_TIME_NONE && (c->answered == EKI_TIME_NONE || c->answered >= c->time) &&
                c->flags < 1u << FLAGS;
    return fine ? EKI_OK : EKI_ERROR_ARGUMENT;
}

size_t eki_contact_write(const struct eki_contact *c, char ret_line[EKI_CONTACT_LINE])
{
    char protocol[4];
    struct eki_json j = eki_json_to_buffer(ret_line, EKI_CONTACT_LINE - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, "contact");
    eki_json_key(&j, "t"), eki_json_time_exact(&j, c->time);
    eki_json_key(&j, "client"), eki_json_address(&j, c->client);
    eki_json_key(&j, "server"), eki_json_address(&j, c->server);
    eki_json_key(&j, "proto"), eki_json_text(&j, eki_protocol_name(c->protocol, protocol));
    eki_json_key(&j, "port"), eki_json_unsigned(&j, c->service);
    eki_json_key(&j, "client_port"), eki_json_unsigned(&j, c->client_port);
    eki_json_key(&j, "outcome"), eki_json_text(&j, eki_outcome_name(c->outcome));
    eki_json_key(&j, "attempts"), eki_json_unsigned(&j, c->attempts);
    if (c->answered != EKI_TIME_NONE) eki_json_key(&j, "answered"), eki_json_time_exact(&j, c->answered);
    if (c->payload) eki_json_key(&j, "payload"), eki_json_unsigned(&j, c->payload);
    for (int i = 0; i < FLAGS; i++)
        if (c->flags & flags[i].bit) eki_json_key(&j, flags[i].key), eki_json_bool(&j, true);
    eki_json_key(&j, "packet"), eki_json_unsigned(&j, c->packet);
    eki_json_key(&j, "input"), eki_json_unsigned(&j, c->input);
    eki_json_end(&j);
    ret_line[j.length] = '\n';
    ret_line[j.length + 1] = 0;
    return j.length + 1;
}

enum eki_error eki_contact_read(const char *line, size_t length, struct eki_contact *ret_contact,
                                struct eki_fault *ret_fault)
{
    struct eki_json_pick pick;
    struct eki_contact c = {.answered = EKI_TIME_NONE};
    char protocol[16];
    eki_json_pick_read(&pick, line, length);
    eki_json_pick_text(&pick, "proto", protocol, sizeof protocol);
    c.time = eki_json_pick_time(&pick, "t");
    c.client = eki_json_pick_address(&pick, "client");
    c.server = eki_json_pick_address(&pick, "server");
    c.service = (uint16_t)eki_json_pick_unsigned(&pick, "port", UINT16_MAX);
    c.outcome = (uint8_t)eki_json_pick_choice(&pick, "outcome", outcomes);
    c.attempts = 1;
    c.packet = 1;
    if (eki_json_pick_has(&pick, "attempts"))
        c.attempts = (uint32_t)eki_json_pick_unsigned(&pick, "attempts", UINT32_MAX);
    if (eki_json_pick_has(&pick, "client_port"))
        c.client_port = (uint16_t)eki_json_pick_unsigned(&pick, "client_port", UINT16_MAX);
    if (eki_json_pick_has(&pick, "answered")) c.answered = eki_json_pick_time(&pick, "answered");
    if (eki_json_pick_has(&pick, "payload"))
        c.payload = (uint32_t)eki_json_pick_unsigned(&pick, "payload", UINT32_MAX);
    if (eki_json_pick_has(&pick, "packet")) c.packet = eki_json_pick_unsigned(&pick, "packet", UINT64_MAX);
    if (eki_json_pick_has(&pick, "input"))
        c.input = (uint16_t)eki_json_pick_unsigned(&pick, "input", UINT16_MAX);
    for (int i = 0; i < FLAGS; i++)
        if (eki_json_pick_has(&pick, flags[i].key) && eki_json_pick_bool(&pick, flags[i].key))
            c.flags |= flags[i].bit;
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    if (!eki_protocol_read(protocol, &c.protocol))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "proto: unknown");
    if (eki_contact_validate(&c))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "fields contradict each other");
    *ret_contact = c;
    return EKI_OK;
}
