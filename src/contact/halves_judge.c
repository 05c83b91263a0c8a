/* SPDX-License-Identifier: Apache-2.0 */
/* Who began, and how it ended, from the or'ed flags, times, sizes and ports of two directions. */
#include "contact/halves_judge.h"

/* Bytes of headers. TCP's options are 12 bytes in most packets (timestamps, RFC 7323) and up to 40 in a SYN.
 */
enum { IPV4 = 20, IPV6 = 40, TCP = 20, TIMESTAMPS = 12, SYN_OPTIONS = 40, DATAGRAM = 8, WELL_KNOWN = 1024 };

static bool is_icmp(uint8_t protocol)
{
    return protocol == EKI_PROTOCOL_ICMP || protocol == EKI_PROTOCOL_ICMP6;
}

static bool asks(const struct eki_halves_side *s)
{
    return s->flags & EKI_TCP_SYN && !(s->flags & EKI_TCP_ACK);
}

/* Nothing but a SYN-ACK, or nothing but a RST. */
static bool only_answers(const struct eki_halves_side *s)
{
    uint8_t kinds = s->flags & (EKI_TCP_SYN | EKI_TCP_ACK | EKI_TCP_RST | EKI_TCP_FIN | EKI_TCP_PSH);
    return kinds == (EKI_TCP_SYN | EKI_TCP_ACK) || kinds == EKI_TCP_RST ||
           kinds == (EKI_TCP_RST | EKI_TCP_ACK);
}

/* Which port is the service: well-known before others, then the lower number; equal ones tell nothing. */
static int client_by_ports(const struct eki_halves_pair *p)
{
    bool known_0 = p->ports[0] && p->ports[0] < WELL_KNOWN, known_1 = p->ports[1] && p->ports[1] < WELL_KNOWN;
    if (known_0 != known_1) return known_0;
    if (p->ports[0] != p->ports[1]) return p->ports[0] < p->ports[1];
    return p->sides[1].first < p->sides[0].first;
}

/* From a well-known port to one that is none: the answer to a question that was not seen. */
static bool leaves_a_service(const struct eki_halves_pair *p, int side)
{
    uint16_t source = p->ports[side], target = p->ports[!side];
    return source && source < WELL_KNOWN && target >= WELL_KNOWN;
}

/* The only direction seen. */
static int client_of_one(const struct eki_halves_pair *p, int side, uint8_t *flags)
{
    const struct eki_halves_side *s = &p->sides[side];
    bool flagged = p->flags_told && (p->protocol == EKI_PROTOCOL_TCP || is_icmp(p->protocol));
    if (flagged && asks(s)) return side;
    if (flagged && only_answers(s)) {
        *flags |= EKI_CONTACT_UNASKED;
        return !side;
    }
    if (leaves_a_service(p, side)) {
        *flags |= EKI_CONTACT_UNASKED;
        return !side;
    }
    if (flagged && !(s->flags & (EKI_TCP_SYN | EKI_TCP_ACK | EKI_TCP_RST)))
        *flags |= EKI_CONTACT_ODD;
    else if (flagged && !(s->flags & EKI_TCP_SYN))
        *flags |= EKI_CONTACT_INFERRED;
    return side;
}

static int client_of_both(const struct eki_halves_pair *p, uint8_t *flags)
{
    const struct eki_halves_side *a = &p->sides[0], *b = &p->sides[1];
    bool tcp = p->protocol == EKI_PROTOCOL_TCP;
    if (p->flags_told && (tcp || is_icmp(p->protocol))) {
        if (asks(a) != asks(b)) return asks(b);
        if (only_answers(a) != only_answers(b)) return only_answers(a);
    }
    bool began = !tcp || !p->flags_told || (a->flags | b->flags) & EKI_TCP_SYN;
    if (began && a->first != b->first) return b->first < a->first;
    *flags |= EKI_CONTACT_INFERRED;
    return client_by_ports(p);
}

/* Transport payload, estimated from bytes of IP: nothing unless PSH, or more bytes than headers with options
 * can be, show that there was some. */
static uint64_t payload_of(const struct eki_halves_pair *p, const struct eki_halves_side *s)
{
    uint64_t ip = eki_address_is_v4(p->ends[0]) ? IPV4 : IPV6;
    bool tcp = p->protocol == EKI_PROTOCOL_TCP;
    uint64_t headers = eki_halves_times(s->packets, ip + (tcp ? TCP : DATAGRAM));
    if (s->bytes <= headers) return 0;
    bool pushed = p->flags_told && s->flags & EKI_TCP_PSH;
    uint64_t options = eki_halves_times(s->packets, TIMESTAMPS) + SYN_OPTIONS;
    if (tcp && !pushed && s->bytes - headers <= options) return 0;
    return s->bytes - headers;
}

static uint8_t outcome_of(const struct eki_halves_pair *p, int client, const struct eki_log_conversation *c)
{
    const struct eki_halves_side *asked = &p->sides[client], *answered = &p->sides[!client];
    bool flagged = p->protocol == EKI_PROTOCOL_TCP && p->flags_told;
    if (!flagged) return (uint8_t)eki_log_outcome(c);
    if (!answered->seen) {
        /* One way only, but the client acknowledged something after its SYN. */
        bool went_on = asked->flags & EKI_TCP_SYN && asked->flags & EKI_TCP_ACK && asked->packets > 1;
        return went_on ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_NONE;
    }
    if (!(answered->flags & (EKI_TCP_SYN | EKI_TCP_PSH | EKI_TCP_FIN)) && answered->flags & EKI_TCP_RST &&
        (!asked->seen || !(asked->flags & EKI_TCP_PSH)))
        return EKI_OUTCOME_REFUSED;
    if (!asked->seen || (answered->flags & EKI_TCP_SYN && !(asked->flags & EKI_TCP_ACK)))
        return EKI_OUTCOME_ANSWERED;
    if (!(answered->flags & EKI_TCP_SYN)) return (uint8_t)eki_log_outcome(c);
    return c->client_bytes && c->server_bytes ? EKI_OUTCOME_DATA : EKI_OUTCOME_ESTABLISHED;
}

struct eki_log_conversation eki_halves_judge(const struct eki_halves_pair *p)
{
    const struct eki_halves_side *a = &p->sides[0], *b = &p->sides[1];
    uint8_t flags = 0;
    int client = a->seen && b->seen ? client_of_both(p, &flags) : client_of_one(p, b->seen, &flags);
    const struct eki_halves_side *asked = &p->sides[client], *answered = &p->sides[!client];
    struct eki_log_conversation c = {
        .client = p->ends[client],
        .server = p->ends[!client],
        .client_port = p->ports[client],
        .service = p->ports[!client],
        .protocol = p->protocol,
        .time = !b->seen || (a->seen && a->first < b->first) ? a->first : b->first,
        .end = !b->seen || (a->seen && a->last > b->last) ? a->last : b->last,
        .client_bytes = payload_of(p, asked),
        .server_bytes = payload_of(p, answered),
        .client_packets = asked->packets,
        .asked = asked->seen_packets,
        .server_packets = answered->packets,
        .flags = flags,
        .refused = p->flags_told && p->protocol == EKI_PROTOCOL_TCP && (a->flags | b->flags) & EKI_TCP_RST};
    c.outcome = outcome_of(p, client, &c);
    return c;
}
