/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CAPTURE_EXPRESS_H
#define EKI_CAPTURE_EXPRESS_H
/*
 * The express lane: Ethernet, IPv4 without options or fragments, then TCP or UDP, nothing contradictory, no
 * header cut. That is nearly every packet of nearly every capture; one bounds check covers all its headers
 * and everything is decoded in one function. The result is exactly that of eki_frame_decode (the tests
 * compare both on every packet they have), which takes all other frames.
 */
#include "capture/frame.h"

enum { EKI_EXPRESS_ETHERNET = 14, EKI_EXPRESS_IP = 20, EKI_EXPRESS_TCP = 20, EKI_EXPRESS_UDP = 8 };

/* Writes what all frames of the lane have; `headers` is where the payload starts, counted from the start of
 * the IP header. Field by field: a compound literal would first clear the whole record, which costs as much
 * as all the rest. */
static inline void eki_express_common(const struct eki_frame *frame, const uint8_t *p, uint32_t headers,
                                      struct eki_packet *packet)
{
    uint32_t length = eki_load_be16(p, 16), there = frame->captured - EKI_EXPRESS_ETHERNET;
    if (there > length) there = length;
    there = there > headers ? there - headers : 0;
    packet->time = frame->time;
    packet->source = eki_address_v4(eki_load_be32(p, 26));
    packet->target = eki_address_v4(eki_load_be32(p, 30));
    packet->payload = there ? p + EKI_EXPRESS_ETHERNET + headers : NULL;
    packet->payload_captured = there;
    packet->payload_wire = length - headers;
    packet->wire_bytes = frame->wire;
    packet->source_port = eki_load_be16(p, 34);
    packet->target_port = eki_load_be16(p, 36);
    packet->flags = frame->captured < frame->wire; /* EKI_PACKET_CUT */
    packet->ttl = p[22];
    packet->input = 0;
}

static inline bool eki_express_tcp(const struct eki_frame *frame, const uint8_t *p, struct eki_packet *packet)
{
    uint32_t headers = EKI_EXPRESS_IP + (p[46] >> 4) * 4u;
    if (headers < EKI_EXPRESS_IP + EKI_EXPRESS_TCP || headers > eki_load_be16(p, 16)) return false;
    eki_express_common(frame, p, headers, packet);
    packet->sequence = eki_load_be32(p, 38);
    packet->acknowledgement = eki_load_be32(p, 42);
    packet->window = eki_load_be16(p, 48);
    packet->kind = EKI_PACKET_TCP;
    packet->protocol = EKI_PROTOCOL_TCP;
    packet->tcp_flags = p[47] & 0x3f;
    return true;
}

static inline bool eki_express_udp(const struct eki_frame *frame, const uint8_t *p, struct eki_packet *packet)
{
    uint32_t headers = EKI_EXPRESS_IP + EKI_EXPRESS_UDP, length = eki_load_be16(p, 16);
    if (eki_load_be16(p, 38) + (uint32_t)EKI_EXPRESS_IP != length || length < headers) return false;
    eki_express_common(frame, p, headers, packet);
    packet->sequence = packet->acknowledgement = 0;
    packet->window = 0;
    packet->kind = EKI_PACKET_UDP;
    packet->protocol = EKI_PROTOCOL_UDP;
    packet->tcp_flags = 0;
    return true;
}

_Static_assert(EKI_PACKET_CUT == 1, "eki_express_common writes it as a truth value");

/* Decodes the frame and returns true, or returns false with *ret_packet in any state. Sets what
 * eki_frame_decode sets. */
static inline bool eki_express_decode(const struct eki_frame *frame, struct eki_packet *ret_packet)
{
    if (frame->link != 1 || frame->captured > frame->wire) return false;
    struct eki_cursor c = eki_cursor_over(frame->bytes, frame->captured);
    const uint8_t *p = eki_cursor_take(&c, EKI_EXPRESS_ETHERNET + EKI_EXPRESS_IP + EKI_EXPRESS_TCP);
    if (!p) return false;
    /* EtherType 0x0800 and version 4, header of 20 bytes; neither an offset nor more fragments */
    bool plain = eki_load_be16(p, 12) == 0x0800 && p[14] == 0x45 && (eki_load_be16(p, 20) & 0x3fff) == 0;
    if (!plain || eki_load_be16(p, 16) > frame->wire - EKI_EXPRESS_ETHERNET) return false;
    if (__builtin_expect(p[23] == EKI_PROTOCOL_TCP, 1)) return eki_express_tcp(frame, p, ret_packet);
    return p[23] == EKI_PROTOCOL_UDP && eki_express_udp(frame, p, ret_packet);
}

#endif
