/* SPDX-License-Identifier: Apache-2.0 */
/* IPv4, IPv6 with its extension headers, and one level of IP in IP or GRE (see frame.h). */
#include "capture/frame.h"

enum {
    NEXT_HOP_BY_HOP = 0,
    NEXT_IPV4 = 4, /* RFC 2003 */
    NEXT_IPV6 = 41,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_GRE = 47,
    NEXT_AUTHENTICATION = 51,
    NEXT_DESTINATION = 60,
    /* RFC 8200, 4.1 foresees seven extension headers at most; a packet of nothing else must end. */
    EXTENSION_LIMIT = 8,
    /* One carrier around a packet; deeper nesting is not searched for hosts that spread. */
    TUNNEL_LIMIT = 1
};

static void malformed(struct eki_packet *packet)
{
    packet->flags |= EKI_PACKET_MALFORMED;
}

/* RFC 2784 and 2890: checksum, key and sequence number are four bytes each, when their bits are set. */
static void decode_gre(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 4);
    if (!p) return;
    uint16_t bits = eki_load_be16(p, 0), type = eki_load_be16(p, 2);
    if (bits & 0x4007) return; /* source routes, or another version */
    for (unsigned optional = bits & 0xb000; optional; optional &= optional - 1) eki_cursor_skip(&layer->c, 4);
    if (layer->c.failed) return;
    if (type == 0x0800) eki_network_v4(layer, packet);
    if (type == 0x86dd) eki_network_v6(layer, packet);
}

/* What an IP header carries, when it is not plain transport. */
static void decode_tunnel(struct eki_layer *layer, struct eki_packet *packet)
{
    if (layer->tunnels >= TUNNEL_LIMIT || layer->first_fragment) return;
    layer->tunnels++;
    switch (packet->protocol) {
    case NEXT_IPV4: eki_network_v4(layer, packet); break;
    case NEXT_IPV6: eki_network_v6(layer, packet); break;
    case NEXT_GRE: decode_gre(layer, packet); break;
    default: break;
    }
}

static void decode_carried(struct eki_layer *layer, struct eki_packet *packet)
{
    uint8_t protocol = packet->protocol;
    if (protocol == NEXT_IPV4 || protocol == NEXT_IPV6 || protocol == NEXT_GRE)
        decode_tunnel(layer, packet);
    else
        eki_transport_decode(layer, packet);
}

void eki_network_v4(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 20);
    if (!p) return;
    uint32_t header = (p[0] & 15u) * 4, length = eki_load_be16(p, 2);
    if (p[0] >> 4 != 4 || header < 20) {
        malformed(packet);
        return;
    }
    packet->source = eki_address_v4(eki_load_be32(p, 12));
    packet->target = eki_address_v4(eki_load_be32(p, 16));
    packet->ttl = p[8];
    packet->protocol = p[9];
    /* 0: the card cuts the packet up later (TSO), so the frame's length is the only one there is. */
    if (length != 0) {
        if (length < header) {
            malformed(packet);
            return;
        }
        eki_layer_limit(layer, length - 20, packet);
    }
    uint32_t fragment = eki_load_be16(p, 6);
    if (header > 20) eki_cursor_skip(&layer->c, header - 20);
    if (__builtin_expect((fragment & 0x3fff) != 0, 0)) {
        if (fragment & 0x1fff) {
            packet->kind = EKI_PACKET_FRAGMENT;
            return;
        }
        layer->first_fragment = true;
    }
    decode_carried(layer, packet);
}

/* One extension header; false when there is none or nothing behind it can be read. */
static bool pass_extension(struct eki_layer *layer, struct eki_packet *packet)
{
    uint8_t kind = packet->protocol;
    bool known = kind == NEXT_HOP_BY_HOP || kind == NEXT_ROUTING || kind == NEXT_DESTINATION ||
                 kind == NEXT_AUTHENTICATION || kind == NEXT_FRAGMENT;
    if (!known) return false;
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p) return false;
    packet->protocol = p[0];
    if (kind == NEXT_FRAGMENT) {
        uint16_t fragment = eki_load_be16(p, 2);
        if (fragment & 0xfff8) packet->kind = EKI_PACKET_FRAGMENT;
        layer->first_fragment = fragment & 1;
        return packet->kind != EKI_PACKET_FRAGMENT;
    }
    /* The length counts 8-byte units behind the first; for authentication (RFC 4302, 2.2) 4-byte units less
     * two. */
    size_t more = kind == NEXT_AUTHENTICATION ? p[1] * 4u : p[1] * 8u;
    if (more > eki_layer_wire(layer)) malformed(packet);
    eki_cursor_skip(&layer->c, more);
    return !layer->c.failed;
}

void eki_network_v6(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 40);
    if (!p) return;
    if (p[0] >> 4 != 6) {
        malformed(packet);
        return;
    }
    packet->source = eki_load_address_v6(p, 8);
    packet->target = eki_load_address_v6(p, 24);
    packet->ttl = p[7];
    packet->protocol = p[6];
    uint16_t length = eki_load_be16(p, 4);
    if (length != 0)
        eki_layer_limit(layer, length, packet); /* 0: a jumbogram (RFC 2675), or cut up later as above */
    for (int extension = 0; pass_extension(layer, packet);) {
        if (++extension < EXTENSION_LIMIT) continue;
        malformed(packet);
        return;
    }
    if (packet->kind != EKI_PACKET_FRAGMENT && !layer->c.failed) decode_carried(layer, packet);
}

void eki_network_any(struct eki_layer *layer, struct eki_packet *packet)
{
    if (layer->c.failed || layer->c.left == 0) return;
    uint8_t version = layer->c.at[0] >> 4;
    if (version == 4) eki_network_v4(layer, packet);
    if (version == 6) eki_network_v6(layer, packet);
}
