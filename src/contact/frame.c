/* SPDX-License-Identifier: Apache-2.0 */
/* The first bytes of a sampled packet, down to its ports. The capture stage's decoders are private to it and
 * want whole captures; a sample needs addresses, ports, flags and a length only. */
#include "contact/export.h"

enum {
    MACS = 12,
    TYPE_V4 = 0x0800,
    TYPE_V6 = 0x86dd,
    TAGS_MOST = 4,       /* VLAN in VLAN is two */
    EXTENSIONS_MOST = 8, /* RFC 8200, 4.1 lists seven */
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    TARGET_OPTIONS = 60,
    V6_HEADER = 40
};

static bool is_tag(unsigned type)
{
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

static void read_ports(struct eki_cursor c, struct eki_half *half)
{
    if (half->protocol == EKI_PROTOCOL_ICMP || half->protocol == EKI_PROTOCOL_ICMP6) {
        half->target_port = eki_cursor_be16(&c);
        return;
    }
    if (half->protocol != EKI_PROTOCOL_TCP && half->protocol != EKI_PROTOCOL_UDP) return;
    half->source_port = eki_cursor_be16(&c);
    half->target_port = eki_cursor_be16(&c);
    if (half->protocol != EKI_PROTOCOL_TCP) return;
    eki_cursor_skip(&c, 9);
    half->flags = eki_cursor_u8(&c);
    half->flags_told = !c.failed;
}

static bool read_v4(struct eki_cursor c, struct eki_half *half)
{
    const uint8_t *p = eki_cursor_take(&c, 20);
    if (!p || p[0] >> 4 != 4 || (p[0] & 15) < 5) return false;
    half->bytes = eki_load_be16(p, 2);
    half->protocol = p[9];
    half->source = eki_address_v4(eki_load_be32(p, 12));
    half->target = eki_address_v4(eki_load_be32(p, 16));
    eki_cursor_skip(&c, (size_t)((p[0] & 15) - 5) * 4);
    bool later_fragment = eki_load_be16(p, 6) & 0x1fff;
    if (!later_fragment) read_ports(c, half);
    return !later_fragment;
}

static bool read_v6(struct eki_cursor c, struct eki_half *half)
{
    const uint8_t *p = eki_cursor_take(&c, V6_HEADER);
    if (!p || p[0] >> 4 != 6) return false;
    half->bytes = V6_HEADER + (uint64_t)eki_load_be16(p, 4);
    half->source = (struct eki_address){eki_load_be64(p, 8), eki_load_be64(p, 16)};
    half->target = (struct eki_address){eki_load_be64(p, 24), eki_load_be64(p, 32)};
    unsigned next = p[6];
    for (int i = 0; i < EXTENSIONS_MOST; i++) {
        if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT && next != TARGET_OPTIONS) break;
        unsigned kind = next;
        next = eki_cursor_u8(&c);
        unsigned length = eki_cursor_u8(&c);
        uint16_t offset = eki_cursor_be16(&c);
        eki_cursor_skip(&c, kind == FRAGMENT ? 4 : (size_t)length * 8 + 4);
        if (c.failed || (kind == FRAGMENT && offset & 0xfff8)) return false;
    }
    half->protocol = (uint8_t)next;
    read_ports(c, half);
    return true;
}

bool eki_frame_read(struct eki_cursor c, bool ethernet, struct eki_half *half)
{
    unsigned type = 0;
    if (ethernet) {
        eki_cursor_skip(&c, MACS);
        type = eki_cursor_be16(&c);
        for (int i = 0; i < TAGS_MOST && is_tag(type); i++) {
            eki_cursor_skip(&c, 2);
            type = eki_cursor_be16(&c);
        }
    } else {
        struct eki_cursor first = c;
        type = eki_cursor_u8(&first) >> 4 == 6 ? TYPE_V6 : TYPE_V4;
    }
    if (c.failed || (type != TYPE_V4 && type != TYPE_V6)) return false;
    return type == TYPE_V4 ? read_v4(c, half) : read_v6(c, half);
}
