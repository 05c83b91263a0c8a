/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICMP and ICMPv6: echo, and "unreachable", which quotes the head of the packet that could not be delivered.
 * The quotation is turned round, so that a refusal reads like an answer of the wished server: source and
 * ports swapped.
 */
#include "capture/frame.h"

/* Ports of a quoted transport header: the first four bytes of TCP and UDP alike. Others have none. */
static void read_quoted_ports(struct eki_cursor *quoted, struct eki_packet *packet)
{
    if (packet->protocol != EKI_PROTOCOL_TCP && packet->protocol != EKI_PROTOCOL_UDP) return;
    const uint8_t *p = eki_cursor_take(quoted, 4);
    if (!p) return;
    packet->target_port = eki_load_be16(p, 0);
    packet->source_port = eki_load_be16(p, 2);
}

static void decode_refusal_v4(struct eki_cursor quoted, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&quoted, 20);
    if (!p) return;
    uint32_t header = (p[0] & 15u) * 4;
    if (p[0] >> 4 != 4 || header < 20) {
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    packet->kind = EKI_PACKET_REFUSAL;
    packet->protocol = p[9];
    packet->target = eki_address_v4(eki_load_be32(p, 12));
    packet->source = eki_address_v4(eki_load_be32(p, 16));
    eki_cursor_skip(&quoted, header - 20);
    if ((eki_load_be16(p, 6) & 0x1fff) == 0) read_quoted_ports(&quoted, packet);
}

static void decode_refusal_v6(struct eki_cursor quoted, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&quoted, 40);
    if (!p) return;
    if (p[0] >> 4 != 6) {
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    packet->kind = EKI_PACKET_REFUSAL;
    packet->protocol = p[6];
    packet->target = eki_load_address_v6(p, 8);
    packet->source = eki_load_address_v6(p, 24);
    read_quoted_ports(&quoted, packet);
}

void eki_control_v4(struct eki_layer *layer, struct eki_packet *packet)
{
    enum { PONG = 0, UNREACHABLE = 3, PING = 8, FRAGMENTATION_NEEDED = 4 };
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p) return;
    if (p[0] == PING || p[0] == PONG) {
        packet->kind = p[0] == PING ? EKI_PACKET_PING : EKI_PACKET_PONG;
        eki_layer_payload(layer, packet);
    }
    /* "Too big" (RFC 1191) asks for smaller packets: nobody is refused. */
    if (p[0] == UNREACHABLE && p[1] != FRAGMENTATION_NEEDED) decode_refusal_v4(layer->c, packet);
}

void eki_control_v6(struct eki_layer *layer, struct eki_packet *packet)
{
    enum { UNREACHABLE = 1, PING = 128, PONG = 129, SOLICITATION = 135, ADVERTISEMENT = 136 };
    struct eki_cursor whole = layer->c;
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p) return;
    switch (p[0]) {
    case UNREACHABLE: decode_refusal_v6(layer->c, packet); break;
    case PING:
    case PONG:
        packet->kind = p[0] == PING ? EKI_PACKET_PING : EKI_PACKET_PONG;
        eki_layer_payload(layer, packet);
        break;
    case SOLICITATION:
    case ADVERTISEMENT:
        layer->c = whole;
        eki_neighbour_discovery(layer, packet);
        break;
    default: break;
    }
}
