/* SPDX-License-Identifier: Apache-2.0 */
/* ARP and IPv6 neighbour discovery: who asks for whom on the local network, and who answers (see frame.h). */
#include "capture/frame.h"

void eki_neighbour_arp(struct eki_layer *layer, struct eki_packet *packet)
{
    enum { ASK = 1, ANSWER = 2, IPV4 = 0x0800 };
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p) return;
    if (eki_load_be16(p, 2) != IPV4) return;
    if (p[5] != 4) { /* an IPv4 address of another length */
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    uint8_t hardware = p[4];
    uint16_t operation = eki_load_be16(p, 6);
    eki_cursor_skip(&layer->c, hardware);
    uint32_t sender = eki_cursor_be32(&layer->c);
    eki_cursor_skip(&layer->c, hardware);
    uint32_t wanted = eki_cursor_be32(&layer->c);
    if (layer->c.failed) return;
    packet->protocol = EKI_PROTOCOL_ARP;
    packet->source = eki_address_v4(sender);
    packet->target = eki_address_v4(wanted);
    /* An announcement (sender == wanted) or a probe before taking an address (RFC 5227, sender 0) looks for
     * nobody. */
    if (sender == wanted || sender == 0) return;
    if (operation == ASK) packet->kind = EKI_PACKET_ARP_ASK;
    if (operation == ANSWER) packet->kind = EKI_PACKET_ARP_ANSWER;
}

void eki_neighbour_discovery(struct eki_layer *layer, struct eki_packet *packet)
{
    enum { SOLICITATION = 135 };
    const uint8_t *p = eki_cursor_take(&layer->c, 24);
    if (!p) return;
    struct eki_address about = eki_load_address_v6(p, 8);
    bool asks = p[0] == SOLICITATION;
    packet->protocol = EKI_PROTOCOL_ARP;
    if (asks) {
        packet->target = about;
        /* From the unspecified address: a probe before taking an address (RFC 4862, 5.4). */
        if (packet->source.hi != 0 || packet->source.lo != 0) packet->kind = EKI_PACKET_ARP_ASK;
        return;
    }
    packet->source = about;
    /* To a group: an announcement that nobody asked for. */
    if (!eki_address_is_group(packet->target)) packet->kind = EKI_PACKET_ARP_ANSWER;
}
