/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CAPTURE_FRAME_H
#define EKI_CAPTURE_FRAME_H
/*
 * The frame: what the pcap and pcapng readers cut out of the bytes, and the layer: what one decoder hands to
 * the next.
 *
 * Journey: frame -> eki_link_decode (link.c; wireless.c) -> eki_network_* (network.c; neighbour.c) ->
 * eki_transport_* (transport.c, control.c) -> struct eki_packet. Each decoder reads one header through the
 * cursor, writes what it learnt into the packet and passes the rest on; on anything it does not know it
 * returns, and the packet stays what it is (EKI_PACKET_OTHER at first). Checksums are not verified: captures
 * taken on the sending host hold none (checksum offloading).
 */
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ekigaku/packet.h"

/* The longest frame that is believed. Twice the longest packet a Linux host hands to a capture (512 KiB, "BIG
 * TCP"); a damaged length field is noticed instead of read on for gigabytes. */
enum { EKI_FRAME_LIMIT = 1024 * 1024 };

struct eki_frame {
    eki_time time;
    const uint8_t *bytes;
    uint32_t captured; /* bytes at `bytes` */
    uint32_t wire;     /* bytes the frame had on the wire */
    uint32_t link;     /* LINKTYPE_ number of the file format */
};

struct eki_layer {
    struct eki_cursor c; /* what is captured of the layer */
    uint32_t uncaptured; /* what was on the wire behind that */
    uint8_t tunnels;     /* how many IP headers are outside this one */
    bool has_llc;        /* an LLC header has been passed */
    bool first_fragment; /* more fragments follow, so length fields may announce more than is here */
};

/* Bytes of the layer on the wire. */
static inline uint32_t eki_layer_wire(const struct eki_layer *layer)
{
    return (uint32_t)layer->c.left + layer->uncaptured;
}

/* The layer's header announces that `length` bytes follow: what lies behind is padding. More than the wire
 * can hold is a contradiction, which is flagged; the announcement is believed nevertheless. */
static inline void eki_layer_limit(struct eki_layer *layer, uint32_t length, struct eki_packet *packet)
{
    if (length <= layer->c.left) {
        layer->c.left = length;
        layer->uncaptured = 0;
        return;
    }
    if (length > eki_layer_wire(layer)) packet->flags |= EKI_PACKET_MALFORMED;
    layer->uncaptured = length - (uint32_t)layer->c.left;
}

static inline struct eki_address eki_load_address_v6(const uint8_t *p, size_t at)
{
    return (struct eki_address){eki_load_be64(p, at), eki_load_be64(p, at + 8)};
}

/* What is left of the layer is the payload. */
static inline void eki_layer_payload(const struct eki_layer *layer, struct eki_packet *packet)
{
    packet->payload = layer->c.left ? layer->c.at : NULL;
    packet->payload_captured = (uint32_t)layer->c.left;
    packet->payload_wire = eki_layer_wire(layer);
}

/* Decodes a whole frame. Every field of *ret_packet is set, except that number is the caller's and flags
 * holds what the headers say; `input` is 0. Never fails. */
void eki_frame_decode(const struct eki_frame *frame, struct eki_packet *ret_packet);

/* Decodes by the LINKTYPE_ number; an unknown one leaves the packet EKI_PACKET_OTHER. */
void eki_link_decode(uint32_t link, struct eki_layer *layer, struct eki_packet *packet);

/* Behind an EtherType: VLAN tags, PPPoE, MPLS, IPv4, IPv6, ARP. Types below 0x0600 are 802.3 lengths. */
void eki_link_ethertype(uint16_t type, struct eki_layer *layer, struct eki_packet *packet);

/* IEEE 802.2: an LLC header that must be SNAP, then an EtherType. */
void eki_link_llc(struct eki_layer *layer, struct eki_packet *packet);

/* An IEEE 802.11 frame; only unprotected data frames are looked into. */
void eki_wireless_decode(struct eki_layer *layer, struct eki_packet *packet);

/* The same behind a radiotap header. */
void eki_wireless_radiotap(struct eki_layer *layer, struct eki_packet *packet);

/* An IPv4 header (RFC 791) and what it carries. */
void eki_network_v4(struct eki_layer *layer, struct eki_packet *packet);

/* An IPv6 header (RFC 8200), its extension headers and what they carry. */
void eki_network_v6(struct eki_layer *layer, struct eki_packet *packet);

/* IPv4 or IPv6 by the version in the first four bits. */
void eki_network_any(struct eki_layer *layer, struct eki_packet *packet);

/* ARP for IPv4 (RFC 826). */
void eki_neighbour_arp(struct eki_layer *layer, struct eki_packet *packet);

/* IPv6 neighbour solicitation and advertisement (RFC 4861), from the type byte on. */
void eki_neighbour_discovery(struct eki_layer *layer, struct eki_packet *packet);

/* The transport header of packet->protocol, when it is one that is read. */
void eki_transport_decode(struct eki_layer *layer, struct eki_packet *packet);

/* ICMP (RFC 792) and ICMPv6 (RFC 4443): echo, unreachable, neighbour discovery. */
void eki_control_v4(struct eki_layer *layer, struct eki_packet *packet);
void eki_control_v6(struct eki_layer *layer, struct eki_packet *packet);

#endif
