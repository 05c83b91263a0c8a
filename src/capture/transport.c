/* SPDX-License-Identifier: Apache-2.0 */
/* TCP (RFC 9293) and UDP (RFC 768) headers; ICMP goes on to control.c (see frame.h). */
#include "capture/frame.h"

/* The header needs `n` bytes: when even the wire held fewer, the IP length contradicts the protocol. */
static void flag_short(const struct eki_layer *layer, uint32_t n, struct eki_packet *packet)
{
    if (eki_layer_wire(layer) < n && !layer->first_fragment) packet->flags |= EKI_PACKET_MALFORMED;
}

static void decode_tcp(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 20);
    if (!p) {
        flag_short(layer, 20, packet);
        return;
    }
    packet->kind = EKI_PACKET_TCP;
    packet->source_port = eki_load_be16(p, 0);
    packet->target_port = eki_load_be16(p, 2);
    packet->sequence = eki_load_be32(p, 4);
    packet->acknowledgement = eki_load_be32(p, 8);
    packet->tcp_flags = p[13] & 0x3f;
    packet->window = eki_load_be16(p, 14);
    uint32_t header = (p[12] >> 4) * 4u, options = header - 20;
    if (header < 20 || (options > eki_layer_wire(layer) && !layer->first_fragment)) {
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    if (options <= layer->c.left) {
        layer->c.at += options;
        layer->c.left -= options;
        eki_layer_payload(layer, packet);
        return;
    }
    packet->payload_wire = eki_layer_wire(layer) - options; /* cut inside the options */
}

static void decode_udp(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p) {
        flag_short(layer, 8, packet);
        return;
    }
    packet->kind = EKI_PACKET_UDP;
    packet->source_port = eki_load_be16(p, 0);
    packet->target_port = eki_load_be16(p, 2);
    uint16_t length = eki_load_be16(p, 4);
    bool too_long = length > eki_layer_wire(layer) + 8 && !layer->first_fragment;
    if (length < 8 || too_long)
        packet->flags |= EKI_PACKET_MALFORMED;
    else if (!layer->first_fragment)
        eki_layer_limit(layer, length - 8u, packet);
    eki_layer_payload(layer, packet);
}

void eki_transport_decode(struct eki_layer *layer, struct eki_packet *packet)
{
    if (layer->c.failed) return;
    switch (packet->protocol) {
    case EKI_PROTOCOL_TCP: decode_tcp(layer, packet); break;
    case EKI_PROTOCOL_UDP: decode_udp(layer, packet); break;
    case EKI_PROTOCOL_ICMP: eki_control_v4(layer, packet); break;
    case EKI_PROTOCOL_ICMP6: eki_control_v6(layer, packet); break;
    default: break;
    }
}
