/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/frame.h"

#include <string.h>

enum { IP_HEADER = 20, TCP_HEADER = 20, SYN_OPTIONS = 8, UDP_HEADER = 8, ICMP_HEADER = 8, QUOTED = 28 };

/* A private (locally administered) hardware address made of the IPv4 address. */
static void put_hardware(uint8_t *at, uint32_t address)
{
    put_be16(at, 0x0200);
    put_be32(at + 2, address);
}

static void put_ethernet(struct frame *frame, const struct path *path, uint16_t type)
{
    put_hardware(frame->bytes, path->target);
    put_hardware(frame->bytes + 6, path->source);
    put_be16(frame->bytes + 12, type);
    frame->source = path->source;
    frame->target = path->target;
}

static void put_ip(struct frame *frame, const struct path *path, uint8_t protocol, uint16_t length)
{
    put_ethernet(frame, path, 0x0800);
    uint8_t *ip = frame->bytes + FRAME_ETHERNET;
    memset(ip, 0, IP_HEADER);
    ip[0] = 0x45;
    put_be16(ip + 2, (uint16_t)(IP_HEADER + length));
    put_be16(ip + 4, (uint16_t)(path->source * 40503u ^ path->source_port * 9973u ^ path->target));
    ip[6] = 0x40;
    ip[8] = path->ttl ? path->ttl : 128;
    ip[9] = protocol;
    put_be32(ip + 12, path->source);
    put_be32(ip + 16, path->target);
    uint32_t sum = 0;
    for (int i = 0; i < IP_HEADER; i += 2) sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    put_be16(ip + 10, (uint16_t) ~(sum + (sum >> 16)));
}

static void put_payload(struct frame *frame, size_t header, struct payload payload)
{
    size_t room = FRAME_ROOM - header;
    size_t captured = payload.captured < room ? payload.captured : room;
    if (captured) memcpy(frame->bytes + header, payload.bytes, captured);
    frame->headers = (uint16_t)header;
    frame->captured = (uint16_t)(header + captured);
    frame->wire = (uint16_t)(header + payload.wire);
}

void eki_frame_tcp(struct frame *ret_frame, const struct path *path, const struct tcp_fields *tcp,
                   struct payload payload)
{
    uint16_t options = (tcp->flags & TCP_SYN) && !tcp->bare ? SYN_OPTIONS : 0;
    uint16_t header = (uint16_t)(TCP_HEADER + options);
    put_ip(ret_frame, path, 6, (uint16_t)(header + payload.wire));
    uint8_t *at = ret_frame->bytes + FRAME_ETHERNET + IP_HEADER;
    memset(at, 0, header);
    put_be16(at, path->source_port);
    put_be16(at + 2, path->target_port);
    put_be32(at + 4, tcp->sequence);
    put_be32(at + 8, tcp->acknowledgement);
    at[12] = (uint8_t)(header / 4 << 4);
    at[13] = tcp->flags;
    put_be16(at + 14, tcp->window ? tcp->window : 64240);
    if (options) {
        put_be32(at + 20, 0x02040000 | FRAME_MTU_PAYLOAD);
        put_be32(at + 24, 0x01010402);
    }
    put_payload(ret_frame, (size_t)FRAME_ETHERNET + IP_HEADER + header, payload);
}

void eki_frame_udp(struct frame *ret_frame, const struct path *path, struct payload payload)
{
    put_ip(ret_frame, path, 17, (uint16_t)(UDP_HEADER + payload.wire));
    uint8_t *at = ret_frame->bytes + FRAME_ETHERNET + IP_HEADER;
    put_be16(at, path->source_port);
    put_be16(at + 2, path->target_port);
    put_be16(at + 4, (uint16_t)(UDP_HEADER + payload.wire));
    put_be16(at + 6, 0);
    put_payload(ret_frame, FRAME_ETHERNET + IP_HEADER + UDP_HEADER, payload);
}

void eki_frame_icmp(struct frame *ret_frame, const struct path *path, uint8_t type,
                    const struct frame *quoted)
{
    uint16_t body = quoted ? QUOTED : 32;
    put_ip(ret_frame, path, 1, (uint16_t)(ICMP_HEADER + body));
    uint8_t *at = ret_frame->bytes + FRAME_ETHERNET + IP_HEADER;
    memset(at, 0, ICMP_HEADER);
    at[0] = type;
    if (type == 3)
        at[1] = 3;
    else
        put_be16(at + 4, path->source_port);
    uint8_t filler[QUOTED] = {0};
    struct payload payload = {quoted ? quoted->bytes + FRAME_ETHERNET : filler, QUOTED, body};
    put_payload(ret_frame, FRAME_ETHERNET + IP_HEADER + ICMP_HEADER, payload);
}

void eki_frame_arp(struct frame *ret_frame, const struct path *path, bool answer)
{
    put_ethernet(ret_frame, path, 0x0806);
    if (!answer) memset(ret_frame->bytes, 0xff, 6);
    uint8_t *at = ret_frame->bytes + FRAME_ETHERNET;
    put_be32(at, 0x00010800);
    put_be32(at + 4, 0x06040000 | (answer ? 2u : 1u));
    put_hardware(at + 8, path->source);
    put_be32(at + 14, path->source);
    memset(at + 18, 0, 6);
    if (answer) put_hardware(at + 18, path->target);
    put_be32(at + 24, path->target);
    memset(at + 28, 0, 18);
    ret_frame->headers = ret_frame->captured = ret_frame->wire = 60;
}
