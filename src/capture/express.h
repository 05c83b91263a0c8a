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

/* Where the payload starts, counted from the start of the IP header; 0 when this is not a case for the
 * express lane. `p` holds the Ethernet, IP and TCP headers without options; `length` is the IP total length.
 */
static inline uint32_t eki_express_headers(const uint8_t *p, uint32_t length)
{
    if (p[23] == EKI_PROTOCOL_TCP) {
        uint32_t header = (p[46] >> 4) * 4u;
        return header >= EKI_EXPRESS_TCP && EKI_EXPRESS_IP + header <= length ? EKI_EXPRESS_IP + header : 0;
    }
    uint32_t headers = EKI_EXPRESS_IP + EKI_EXPRESS_UDP;
    if (p[23] == EKI_PROTOCOL_UDP && eki_load_be16(p, 38) + (uint32_t)EKI_EXPRESS_IP == length &&
        length >= headers)
        return headers;
    return 0;
}

/* Decodes the frame and returns true, or leaves *ret_packet untouched. Sets what eki_frame_decode sets. */
static inline bool eki_express_decode(const struct eki_frame *frame, struct eki_packet *ret_packet)
{
    if (frame->link != 1 || frame->captured > frame->wire) return false;
    struct eki_cursor c = eki_cursor_over(frame->bytes, frame->captured);
    const uint8_t *p = eki_cursor_take(&c, EKI_EXPRESS_ETHERNET + EKI_EXPRESS_IP + EKI_EXPRESS_TCP);
    if (!p) return false;
    uint32_t length = eki_load_be16(p, 16);
    /* EtherType 0x0800 and version 4, header of 20 bytes; neither an offset nor more fragments */
    bool plain = eki_load_be16(p, 12) == 0x0800 && p[14] == 0x45 && (eki_load_be16(p, 20) & 0x3fff) == 0;
    if (!plain || length > frame->wire - EKI_EXPRESS_ETHERNET) return false;
    uint32_t headers = eki_express_headers(p, length);
    if (headers == 0) return false;
    uint32_t there = frame->captured - EKI_EXPRESS_ETHERNET;
    if (there > length) there = length;
    there = there > headers ? there - headers : 0;
    bool tcp = p[23] == EKI_PROTOCOL_TCP;
    /* Field by field: a compound literal would first clear the whole record, which costs as much as all the
     * rest. */
    ret_packet->time = frame->time;
    ret_packet->source = eki_address_v4(eki_load_be32(p, 26));
    ret_packet->target = eki_address_v4(eki_load_be32(p, 30));
    ret_packet->payload = there ? p + EKI_EXPRESS_ETHERNET + headers : NULL;
    ret_packet->payload_captured = there;
    ret_packet->payload_wire = length - headers;
    ret_packet->wire_bytes = frame->wire;
    ret_packet->sequence = tcp ? eki_load_be32(p, 38) : 0;
    ret_packet->acknowledgement = tcp ? eki_load_be32(p, 42) : 0;
    ret_packet->source_port = eki_load_be16(p, 34);
    ret_packet->target_port = eki_load_be16(p, 36);
    ret_packet->window = tcp ? eki_load_be16(p, 48) : 0;
    ret_packet->kind = tcp ? EKI_PACKET_TCP : EKI_PACKET_UDP;
    ret_packet->protocol = p[23];
    ret_packet->tcp_flags = tcp ? p[47] & 0x3f : 0;
    ret_packet->flags = frame->captured < frame->wire ? EKI_PACKET_CUT : 0;
    ret_packet->ttl = p[22];
    ret_packet->input = 0;
    return true;
}

#endif
