/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_FRAME_H
#define EKI_TRAFFIC_FRAME_H
/*
 * Frames: Ethernet, IPv4 and TCP, UDP, ICMP or ARP headers, and the first bytes of a payload. All lengths in
 * the headers are those of the wire; `captured` says how much of it is here. Addresses are IPv4 in host
 * order.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_ROOM = 352, FRAME_ETHERNET = 14, FRAME_MTU_PAYLOAD = 1460 };

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

struct frame {
    uint16_t captured, wire;
    uint16_t headers;        /* bytes up to the transport payload */
    uint32_t source, target; /* again, for bookkeeping without parsing */
    uint8_t bytes[FRAME_ROOM];
};

struct path {
    uint32_t source, target;
    uint16_t source_port, target_port;
    uint8_t ttl; /* 0 stands for 128 */
};

struct tcp_fields {
    uint32_t sequence, acknowledgement;
    uint16_t window; /* 0 stands for 64,240 */
    uint8_t flags;
    bool bare; /* a SYN without options */
};

/* The first `captured` bytes of a payload of `wire` bytes. */
struct payload {
    const void *bytes;
    uint16_t captured, wire;
};

/* Fill *ret_frame. Payloads longer than the room are cut. The IPv4 header checksum is right; the transport
 * checksum is 0, as a sender with checksum offload shows it. */
void eki_frame_tcp(struct frame *ret_frame, const struct path *path, const struct tcp_fields *tcp,
                   struct payload payload);
void eki_frame_udp(struct frame *ret_frame, const struct path *path, struct payload payload);
/* An echo request (8) or answer (0), or "port unreachable" (3) about `quoted`, which may be NULL for the
 * other two. */
void eki_frame_icmp(struct frame *ret_frame, const struct path *path, uint8_t type,
                    const struct frame *quoted);
/* who-has path->target tell path->source, or the answer of path->source to path->target. */
void eki_frame_arp(struct frame *ret_frame, const struct path *path, bool answer);

/* Big-endian stores. */
static inline void put_be16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}
static inline void put_be32(uint8_t *at, uint32_t value)
{
    put_be16(at, (uint16_t)(value >> 16));
    put_be16(at + 2, (uint16_t)value);
}

#endif
