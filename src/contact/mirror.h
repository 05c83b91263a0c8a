/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_MIRROR_H
#define EKI_CONTACT_MIRROR_H
/*
 * Joins the two directions of a conversation where a log writes a record for each (VPC flow logs, Suricata's
 * netflow events): a record waits for its mirror image; both together are one conversation with an outcome, a
 * record that stays alone is an attempt without an answer. A record of the same direction is added to the one
 * that waits.
 *
 *     eki_mirror_take(r, &mirror, &half);    for each record
 *     eki_mirror_end(r, &mirror);            in `end`
 *     eki_mirror_done(&mirror);              in `stop`
 */
#include "base/index.h"
#include "contact/log_format.h"

/* What one record tells: `source` sent to `target`. */
struct eki_log_half {
    struct eki_address source, target;
    eki_time first, last;
    uint64_t packets, bytes; /* bytes: of payload; see eki_log_payload */
    uint64_t record;
    uint32_t place;    /* where it was seen: only records of one place are joined */
    uint8_t tcp_flags; /* of all packets, as in the header; 0: not told */
    uint16_t source_port, target_port;
    uint8_t protocol;
    bool denied; /* a firewall held it back */
    bool bare;   /* see eki_log_is_bare */
};

/* Zeroed is empty. At most 2^15 records wait (4 MB): then the one that has waited longest goes on alone. */
struct eki_mirror {
    struct eki_index index;
    struct eki_log_half *waiting;
    uint32_t next; /* the oldest: a new record takes its place */
};

/* Takes one record; hands on a conversation when its mirror image had come. Amortised O(1). */
void eki_mirror_take(struct eki_log_reading *r, struct eki_mirror *mirror, const struct eki_log_half *half);

/* Drops what waits between these hosts and ports, because a better record came; true when there was one,
 * whose beginning is put into *ret_first then. */
bool eki_mirror_forget(struct eki_mirror *mirror, const struct eki_log_half *half, eki_time *ret_first);

/* Hands on what still waits, in the order in which it came. */
void eki_mirror_end(struct eki_log_reading *r, struct eki_mirror *mirror);

/* Frees the table; it is empty again. */
void eki_mirror_done(struct eki_mirror *mirror);

/*
 * The nearest to transport payload, where a log counts whole packets: without the headers of `link` bytes, of
 * IP, and of UDP or of TCP with timestamps (RFC 7323, 3.2: else it would be too much). Of fewer than three
 * packets of TCP it is 0: they are a handshake, whose options differ.
 */
uint64_t eki_log_payload(uint8_t protocol, struct eki_address host, uint64_t packets, uint64_t bytes,
                         unsigned link);

/* Packets of TCP that are nothing but two headers, where a log counts them from IP on: SYN has options, so
 * they are RST, or ACK and FIN of what went on before. False where nothing is told. */
bool eki_log_is_bare(struct eki_address host, uint64_t packets, uint64_t bytes);

/* Which of two ports is the service, when a log does not tell who asked: a well-known port beats a registered
 * one beats one of the range that clients use; then the lower. */
bool eki_log_service_is_target(uint16_t source_port, uint16_t target_port);

/* A short name (an interface) as a number for `place`; names may collide. */
uint32_t eki_log_place(struct eki_field field);

#endif
