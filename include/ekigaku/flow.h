/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_FLOW_H
#define EKIGAKU_FLOW_H
/*
 * The flow: what crosses the border flow/ -> contact/.
 *
 * Journey: the flow table takes batches of packets and says for each one which side asked (the client) and
 * what step of a conversation it is: an attempt, an answer, a refusal, data one way or the other. Those steps
 * go on to contact/. A conversation in which data moved is kept in the table and handed out once, when it
 * ends, as one struct eki_flow.
 *
 * A lone SYN (or a lone datagram) makes no table entry: a sweep of a million addresses costs the table
 * nothing. Who asked is known from the SYN, from the SYN-ACK, from who spoke first; when the start is missing
 * it is inferred from the port numbers and marked as inferred.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/packet.h"

#pragma GCC visibility push(default)

enum eki_step_kind {
    EKI_STEP_NONE = 0, /* says nothing new about a contact */
    EKI_STEP_ATTEMPT,  /* the client asks: SYN, first datagram, echo request, ARP request, odd-flag probe */
    EKI_STEP_ANSWER,   /* the server answers: SYN-ACK, datagram, echo reply, ARP reply */
    EKI_STEP_REFUSAL,  /* the server or a router says no: RST, ICMP unreachable */
    EKI_STEP_ESTABLISHED, /* the client completed the handshake */
    EKI_STEP_CLIENT_DATA, /* first payload client -> server */
    EKI_STEP_SERVER_DATA, /* first payload server -> client */
    EKI_STEP_UNASKED /* an answer or refusal that nobody was seen to ask for: backscatter, or a lost request
                      */
};

/* One step, oriented. `packet` is the packet it was read from and lives as long as that. */
struct eki_step {
    const struct eki_packet *packet;
    uint64_t conversation; /* number of the conversation that carries data, 0 when there is none */
    uint8_t kind;          /* enum eki_step_kind */
    bool from_client;
    bool inferred; /* who asked was inferred from port numbers */
    bool opens;    /* the first packet seen of a conversation whose start was missed */
    bool odd;      /* an attempt that is no ordinary opening: FIN, NULL, XMAS or ACK probe */
};

/* The client's or server's half of a step, whichever way its packet went. */
static inline struct eki_address eki_step_client(const struct eki_step *s)
{
    return s->from_client ? s->packet->source : s->packet->target;
}
static inline struct eki_address eki_step_server(const struct eki_step *s)
{
    return s->from_client ? s->packet->target : s->packet->source;
}
static inline uint16_t eki_step_client_port(const struct eki_step *s)
{
    return s->from_client ? s->packet->source_port : s->packet->target_port;
}
static inline uint16_t eki_step_service(const struct eki_step *s)
{
    return s->from_client ? s->packet->target_port : s->packet->source_port;
}

/* A conversation in which data moved, when it has ended (FIN both ways, RST, idle, end of input, pushed out).
 */
struct eki_flow {
    struct eki_address client, server;
    eki_time first, last;
    uint64_t packet_first, packet_last;
    uint64_t client_bytes, server_bytes; /* transport payload as announced by the headers */
    uint32_t client_packets, server_packets;
    uint16_t client_port, service;
    uint16_t input;
    uint8_t protocol;
    bool inferred; /* who asked was inferred */
    bool refused;  /* ended by RST */
};

enum { EKI_FLOW_LINE = 512 };

/* Writes one JSON line ("type":"flow") with its newline; returns its length, always below EKI_FLOW_LINE. */
size_t eki_flow_write(const struct eki_flow *flow, char ret_line[EKI_FLOW_LINE]);

/* Reads one JSON line (newline optional). EKI_ERROR_CORRUPT with the place in *ret_fault; *ret_flow untouched
 * then. */
EKI_MUST_USE enum eki_error eki_flow_read(const char *line, size_t length, struct eki_flow *ret_flow,
                                          struct eki_fault *ret_fault);

/* EKI_ERROR_ARGUMENT when a field holds what no reader may produce (last before first, no packet number...).
 */
EKI_MUST_USE enum eki_error eki_flow_validate(const struct eki_flow *flow);

#pragma GCC visibility pop

#endif
