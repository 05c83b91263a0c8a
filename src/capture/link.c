/* SPDX-License-Identifier: Apache-2.0 */
/* Link-layer headers down to an EtherType or straight to IP (see frame.h). Link type numbers are those of
 * tcpdump.org/linktypes.html. */
#include "capture/frame.h"

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_ARP = 0x0806,
    TYPE_VLAN = 0x8100,
    TYPE_IPV6 = 0x86dd,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_GROUP = 0x8848,
    TYPE_PPPOE_SESSION = 0x8864,
    TYPE_VLAN_PROVIDER = 0x88a8,
    TYPE_VLAN_OLD = 0x9100,
    TYPE_FIRST = 0x0600, /* IEEE 802.3, 3.2.6: below it is a length */
    TAG_LIMIT =
        8 /* tags or labels in a row; real networks stack two or three, and a frame of tags only must end */
};

static void decode_ppp(uint16_t protocol, struct eki_layer *layer, struct eki_packet *packet)
{
    if (protocol == 0x0021) eki_network_v4(layer, packet);
    if (protocol == 0x0057) eki_network_v6(layer, packet);
}

/* RFC 2516, 4: version and type 1, code 0 for session data. */
static void decode_pppoe(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p || p[0] != 0x11 || p[1] != 0) return;
    uint16_t length = eki_load_be16(p, 4); /* counts the PPP protocol field, which has been taken */
    if (length < 2) {
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    eki_layer_limit(layer, length - 2u, packet);
    decode_ppp(eki_load_be16(p, 6), layer, packet);
}

/* RFC 3032: four bytes a label, the bottom one marked; what follows is told by its first four bits only. */
static void decode_mpls(struct eki_layer *layer, struct eki_packet *packet)
{
    for (int label = 0; label < TAG_LIMIT; label++) {
        const uint8_t *p = eki_cursor_take(&layer->c, 4);
        if (!p) return;
        if (p[2] & 1) {
            eki_network_any(layer, packet);
            return;
        }
    }
}

void eki_link_llc(struct eki_layer *layer, struct eki_packet *packet)
{
    if (layer->has_llc) return; /* one a frame: a frame of tags and LLC headers only must end */
    layer->has_llc = true;
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p || p[0] != 0xaa || p[1] != 0xaa || p[2] != 3) return;
    uint32_t organisation = (uint32_t)p[3] << 16 | eki_load_be16(p, 4);
    uint16_t type = eki_load_be16(p, 6);
    /* 0: EtherType (RFC 1042); 0x0000f8: the same through bridges (802.1H). */
    if (organisation == 0 || organisation == 0xf8) eki_link_ethertype(type, layer, packet);
}

static bool is_vlan(uint16_t type)
{
    return type == TYPE_VLAN || type == TYPE_VLAN_PROVIDER || type == TYPE_VLAN_OLD;
}

void eki_link_ethertype(uint16_t type, struct eki_layer *layer, struct eki_packet *packet)
{
    for (int tag = 0; is_vlan(type) && tag < TAG_LIMIT; tag++) {
        const uint8_t *p = eki_cursor_take(&layer->c, 4);
        if (!p) return;
        type = eki_load_be16(p, 2);
    }
    if (type < TYPE_FIRST) {
        eki_layer_limit(layer, type, packet);
        eki_link_llc(layer, packet);
        return;
    }
    switch (type) {
    case TYPE_IPV4: eki_network_v4(layer, packet); break;
    case TYPE_IPV6: eki_network_v6(layer, packet); break;
    case TYPE_ARP: eki_neighbour_arp(layer, packet); break;
    case TYPE_PPPOE_SESSION: decode_pppoe(layer, packet); break;
    case TYPE_MPLS:
    case TYPE_MPLS_GROUP: decode_mpls(layer, packet); break;
    default: break;
    }
}

static void decode_ethernet(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 14);
    if (!p) return;
    uint16_t type = eki_load_be16(p, 12);
    if (__builtin_expect(type == TYPE_IPV4, 1)) {
        eki_network_v4(layer, packet);
        return;
    }
    eki_link_ethertype(type, layer, packet);
}

/* BSD loopback: an address family in the byte order of the machine that captured, which nothing tells; IPv6's
 * number differs by system. */
static void decode_loopback(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 4);
    if (!p) return;
    uint32_t family = eki_load_le32(p, 0);
    if (family > 0xffff) family = eki_load_be32(p, 0);
    if (family == 2) eki_network_v4(layer, packet);
    if (family == 10 || family == 24 || family == 28 || family == 30) eki_network_v6(layer, packet);
}

/* Linux "cooked" captures: `type` is an EtherType only for the ARPHRD_ kinds of device that use those. */
static void decode_cooked(uint16_t device, uint16_t type, struct eki_layer *layer, struct eki_packet *packet)
{
    enum { NETLINK = 824, WIFI = 801, WIFI_PRISM = 802, WIFI_RADIOTAP = 803, LLC = 4 };
    if (device == NETLINK) return;
    if (device == WIFI)
        eki_wireless_decode(layer, packet);
    else if (device == WIFI_RADIOTAP)
        eki_wireless_radiotap(layer, packet);
    else if (device == WIFI_PRISM)
        return;
    else if (type == LLC)
        eki_link_llc(layer, packet);
    else if (type >= TYPE_FIRST)
        eki_link_ethertype(type, layer, packet);
}

static void decode_sll(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 16);
    if (p) decode_cooked(eki_load_be16(p, 2), eki_load_be16(p, 14), layer, packet);
}

static void decode_sll2(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 20);
    if (p) decode_cooked(eki_load_be16(p, 8), eki_load_be16(p, 0), layer, packet);
}

/* PPP with or without its address and control bytes (RFC 1662), or Cisco's framing, which has an EtherType
 * there instead. */
static void decode_serial(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 2);
    if (!p) return;
    uint16_t first = eki_load_be16(p, 0);
    if (first == 0x0f00 || first == 0x8f00) {
        eki_link_ethertype(eki_cursor_be16(&layer->c), layer, packet);
        return;
    }
    decode_ppp(first == 0xff03 ? eki_cursor_be16(&layer->c) : first, layer, packet);
}

void eki_link_decode(uint32_t link, struct eki_layer *layer, struct eki_packet *packet)
{
    if (__builtin_expect(link == 1, 1)) {
        decode_ethernet(layer, packet);
        return;
    }
    switch (link) {
    case 0:
    case 108: decode_loopback(layer, packet); break;
    case 9:
    case 50:
    case 104: decode_serial(layer, packet); break;
    case 12:
    case 14:
    case 101: eki_network_any(layer, packet); break;
    case 105: eki_wireless_decode(layer, packet); break;
    case 113: decode_sll(layer, packet); break;
    case 127: eki_wireless_radiotap(layer, packet); break;
    case 228: eki_network_v4(layer, packet); break;
    case 229: eki_network_v6(layer, packet); break;
    case 276: decode_sll2(layer, packet); break;
    default: break;
    }
}

void eki_frame_decode(const struct eki_frame *frame, struct eki_packet *ret_packet)
{
    uint32_t wire = frame->wire > frame->captured ? frame->wire : frame->captured;
    static const struct eki_packet blank; /* copying it is faster than clearing the record */
    *ret_packet = blank;
    ret_packet->time = frame->time;
    ret_packet->wire_bytes = wire;
    if (frame->captured < wire) ret_packet->flags = EKI_PACKET_CUT;
    struct eki_layer layer = {
        .c = eki_cursor_over(frame->bytes, frame->captured),
        .uncaptured = wire - frame->captured,
    };
    eki_link_decode(frame->link, &layer, ret_packet);
}
