/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CONTACT_H
#define EKIGAKU_CONTACT_H
/*
 * The contact: what crosses the border contact/ -> scan/, and the unit of exchange between sensors.
 *
 * Journey: each attempt opens a contact of (client, server, protocol, service). It is held for
 * EKI_CONTACT_HOLD of capture time, while its outcome is gathered from the steps that follow, and is then
 * handed on, in the order in which attempts were made. So a consumer sees every contact once, complete,
 * ordered by time of attempt, with a delay of EKI_CONTACT_HOLD, or up to a tenth of a second more, so that
 * many go on at once. Repeats within the hold are counted in
 * `attempts`; later ones are contacts of their own.
 *
 *     {"type":"contact","t":"2017-05-12T07:44:01.000123Z","client":"192.168.20.161","server":"192.168.20.30",
 *      "proto":"tcp","port":445,"outcome":"data","attempts":1,"packet":17}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/flow.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

/* Longer than two SYN retransmissions at 1 s and 3 s (RFC 6298), so that a slow answer still belongs to its
 * question. */
#define EKI_CONTACT_HOLD (3 * EKI_SECOND)

/* Ordered: a later value implies more success. */
enum eki_outcome {
    EKI_OUTCOME_NONE = 0,    /* no answer within the hold */
    EKI_OUTCOME_REFUSED,     /* RST or ICMP unreachable */
    EKI_OUTCOME_ANSWERED,    /* SYN-ACK, datagram, echo or ARP reply */
    EKI_OUTCOME_ESTABLISHED, /* handshake complete, or client data after an answer */
    EKI_OUTCOME_DATA         /* data both ways */
};

enum eki_contact_flag {
    EKI_CONTACT_INFERRED = 1, /* the start was missing: who asked was inferred from port numbers */
    EKI_CONTACT_SEQ_IS_TARGET =
        2, /* TCP sequence number equals the server's IPv4 address (Antonakakis 2017, on Mirai) */
    EKI_CONTACT_UNASKED = 4,  /* no attempt was seen: `server` sent an answer or refusal as if `client` had
                                 asked (backscatter) */
    EKI_CONTACT_ODD = 8,      /* the attempt was no ordinary opening: FIN, NULL, XMAS or ACK probe */
    EKI_CONTACT_FORCED = 16,  /* handed on before its hold was over, because the table was full */
    EKI_CONTACT_UPLOAD = 32,  /* the client sent payload in a TCP connection */
    EKI_CONTACT_DOWNLOAD = 64 /* the server did */
};

struct eki_contact {
    struct eki_address client, server;
    eki_time time;     /* of the first attempt */
    eki_time answered; /* of the first answer, EKI_TIME_NONE without one */
    uint64_t packet;   /* number of the first packet in its input */
    uint32_t attempts; /* how often within the hold, at least 1 */
    uint32_t payload;  /* bytes of the first payload the client sent, 0 when none */
    uint16_t client_port, service;
    uint16_t input;
    uint8_t protocol;
    uint8_t outcome; /* enum eki_outcome */
    uint8_t flags;   /* enum eki_contact_flag, or'ed */
};

/* "none", "refused", "answered", "established", "data"; "?" outside the list. Static. */
const char *eki_outcome_name(enum eki_outcome outcome);

/* "tcp", "udp", "icmp", "icmp6", "arp", or the number in `ret_text` (at least 4 bytes) for any other. Returns
 * the text. */
const char *eki_protocol_name(uint8_t protocol, char ret_text[4]);

/* The protocol of a name that eki_protocol_name gives; false for any other text. */
bool eki_protocol_read(const char *name, uint8_t *ret_protocol);

/* EKI_ERROR_ARGUMENT when a field holds what no reader may produce (attempts 0, outcome out of range, answer
 * before attempt...). */
EKI_MUST_USE enum eki_error eki_contact_validate(const struct eki_contact *contact);

enum { EKI_CONTACT_LINE = 512 };

/* Writes one JSON line with its newline; the length without NUL is returned, always below EKI_CONTACT_LINE.
 */
size_t eki_contact_write(const struct eki_contact *contact, char ret_line[EKI_CONTACT_LINE]);

/* Reads one JSON line (newline optional). EKI_ERROR_CORRUPT with the place in *ret_fault; *ret_contact
 * untouched then. */
EKI_MUST_USE enum eki_error eki_contact_read(const char *line, size_t length, struct eki_contact *ret_contact,
                                             struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
