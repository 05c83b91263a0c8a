/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 802.11 data frames down to LLC/SNAP (see frame.h). Byte order is little-endian there. */
#include "capture/frame.h"

void eki_wireless_decode(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 24);
    if (!p) return;
    /* IEEE 802.11-2020, 9.2.4.1: version 0, type 2 (data); subtype bit 2: no body, bit 3: QoS field; second
     * byte: to and from the distribution system (both: a fourth address), 0x40 protected, 0x80 a HT field
     * behind the QoS field. */
    if ((p[0] & 0x0f) != 0x08 || (p[0] & 0x40) || (p[1] & 0x40)) return;
    bool quality = p[0] & 0x80, four_addresses = (p[1] & 3) == 3, high_throughput = p[1] & 0x80;
    if (four_addresses) eki_cursor_skip(&layer->c, 6);
    if (quality) {
        uint16_t control = eki_cursor_le16(&layer->c);
        if (control & 0x80) return; /* several frames in one (A-MSDU) */
        if (high_throughput) eki_cursor_skip(&layer->c, 4);
    }
    eki_link_llc(layer, packet);
}

void eki_wireless_radiotap(struct eki_layer *layer, struct eki_packet *packet)
{
    const uint8_t *p = eki_cursor_take(&layer->c, 8);
    if (!p || p[0] != 0) return;
    uint16_t length = eki_load_le16(p, 2);
    if (length < 8) {
        packet->flags |= EKI_PACKET_MALFORMED;
        return;
    }
    eki_cursor_skip(&layer->c, length - 8u);
    eki_wireless_decode(layer, packet);
}
