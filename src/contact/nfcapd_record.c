/* SPDX-License-Identifier: Apache-2.0 */
/* Records of nfcapd files. Layout 1: a fixed part, addresses, counts, and extensions in the order of a map
 * that was told before. Layout 2: elements that name themselves. Numbers are those of an Intel machine. */
#include "contact/nfcapd.h"

enum {
    RECORD_OLD = 1, /* of nfdump 1.6 before 1.6.16 */
    RECORD_MAP = 2,
    RECORD_FLOW = 10,
    RECORD_ELEMENTS = 11,
    FLAG_V6 = 1,
    FLAG_PACKETS_64 = 2,
    FLAG_BYTES_64 = 4,
    FLAG_SAMPLED = 4, /* of layout 2 */
    ELEMENT_FLOW = 1,
    ELEMENT_V4 = 2,
    ELEMENT_V6 = 3,
    ELEMENT_COUNTS = 5,
    FIRST_EXTENSION = 4,
    OUT_PACKETS_4 = 14,
    OUT_PACKETS_8 = 15,
    OUT_BYTES_4 = 16,
    OUT_BYTES_8 = 17
};

/* Bytes of the extensions 4 to 17. */
static const uint8_t extension_sizes[] = {4, 8, 4, 8, 4, 4, 16, 4, 16, 4, 4, 8, 4, 8};

static eki_time milliseconds(uint64_t ms)
{
    return ms > (uint64_t)EKI_TIME_LATEST / 1000000 ? EKI_TIME_LATEST : (eki_time)ms * 1000000;
}

static void set_back(struct eki_half *half, uint64_t packets, uint64_t bytes)
{
    /* As in NetFlow: equal counts are those of the same packets behind the router. */
    if (packets == half->packets && bytes == half->bytes) return;
    half->back_packets = packets ? packets : bytes > 0;
    half->back_bytes = bytes;
}

static void read_map(struct eki_cursor *c, struct eki_nfcapd_map maps[EKI_NFCAPD_MAPS])
{
    uint16_t id = eki_cursor_le16(c), at = 0;
    eki_cursor_le16(c); /* size of all extensions */
    if (id >= EKI_NFCAPD_MAPS) return;
    maps[id] = (struct eki_nfcapd_map){.packets_at = 0};
    while (c->left >= 2) {
        unsigned extension = eki_cursor_le16(c), index = extension - FIRST_EXTENSION;
        if (extension < FIRST_EXTENSION || index >= sizeof extension_sizes) return; /* the end, or unknown */
        uint8_t size = extension_sizes[index];
        if (extension == OUT_PACKETS_4 || extension == OUT_PACKETS_8)
            maps[id].packets_at = at, maps[id].packets_width = size;
        if (extension == OUT_BYTES_4 || extension == OUT_BYTES_8)
            maps[id].bytes_at = at, maps[id].bytes_width = size;
        at = (uint16_t)(at + size);
    }
}

static uint64_t number_at(struct eki_cursor c, size_t at, unsigned width)
{
    eki_cursor_skip(&c, at);
    if (!width) return 0;
    return width == 8 ? eki_cursor_le64(&c) : eki_cursor_le32(&c);
}

static struct eki_address address_of(struct eki_cursor *c, bool six)
{
    if (!six) return eki_address_v4(eki_cursor_le32(c));
    uint64_t hi = eki_cursor_le64(c);
    return (struct eki_address){hi, eki_cursor_le64(c)};
}

static enum eki_nfcapd_found read_flow_1(struct eki_cursor *c, bool old, const struct eki_nfcapd_map *maps,
                                         struct eki_half *half)
{
    unsigned flags = old ? eki_cursor_u8(c) : eki_cursor_le16(c);
    if (old) eki_cursor_u8(c);
    unsigned map = eki_cursor_le16(c), first_ms = eki_cursor_le16(c), last_ms = eki_cursor_le16(c);
    half->first = milliseconds((uint64_t)eki_cursor_le32(c) * 1000 + first_ms);
    half->last = milliseconds((uint64_t)eki_cursor_le32(c) * 1000 + last_ms);
    eki_cursor_u8(c);
    half->flags = eki_cursor_u8(c);
    half->protocol = eki_cursor_u8(c);
    eki_cursor_u8(c);
    half->source_port = eki_cursor_le16(c);
    half->target_port = eki_cursor_le16(c);
    eki_cursor_skip(c, old ? 0 : 4);
    half->source = address_of(c, flags & FLAG_V6);
    half->target = address_of(c, flags & FLAG_V6);
    half->packets = flags & FLAG_PACKETS_64 ? eki_cursor_le64(c) : eki_cursor_le32(c);
    half->bytes = flags & FLAG_BYTES_64 ? eki_cursor_le64(c) : eki_cursor_le32(c);
    if (c->failed) return EKI_NFCAPD_BROKEN;
    if (map < EKI_NFCAPD_MAPS)
        set_back(half, number_at(*c, maps[map].packets_at, maps[map].packets_width),
                 number_at(*c, maps[map].bytes_at, maps[map].bytes_width));
    return EKI_NFCAPD_FLOW;
}

enum eki_nfcapd_found eki_nfcapd_record_1(struct eki_cursor c, struct eki_nfcapd_map maps[EKI_NFCAPD_MAPS],
                                          struct eki_half *ret_half)
{
    unsigned type = eki_cursor_le16(&c);
    eki_cursor_le16(&c);
    *ret_half = (struct eki_half){.flags_told = true};
    if (type == RECORD_MAP) read_map(&c, maps);
    if (type != RECORD_FLOW && type != RECORD_OLD) return EKI_NFCAPD_OTHER;
    return read_flow_1(&c, type == RECORD_OLD, maps, ret_half);
}

static void read_flow_2(struct eki_cursor *c, struct eki_half *half)
{
    half->first = milliseconds(eki_cursor_le64(c));
    half->last = milliseconds(eki_cursor_le64(c));
    eki_cursor_le64(c); /* received */
    half->packets = eki_cursor_le64(c);
    half->bytes = eki_cursor_le64(c);
    half->source_port = eki_cursor_le16(c);
    half->target_port = eki_cursor_le16(c);
    half->protocol = eki_cursor_u8(c);
    half->flags = eki_cursor_u8(c);
}

enum eki_nfcapd_found eki_nfcapd_record_2(struct eki_cursor c, struct eki_half *ret_half, bool *ret_sampled)
{
    unsigned type = eki_cursor_le16(&c);
    eki_cursor_le16(&c);
    *ret_half = (struct eki_half){.flags_told = true};
    if (type != RECORD_ELEMENTS) return EKI_NFCAPD_OTHER;
    unsigned count = eki_cursor_le16(&c);
    eki_cursor_skip(&c, 4);
    *ret_sampled = eki_cursor_u8(&c) & FLAG_SAMPLED;
    eki_cursor_u8(&c);
    bool timed = false, addressed = false;
    uint64_t back_packets = 0, back_bytes = 0;
    for (unsigned i = 0; i < count && !c.failed; i++) {
        unsigned element = eki_cursor_le16(&c), length = eki_cursor_le16(&c);
        if (length < 4) return EKI_NFCAPD_BROKEN;
        struct eki_cursor part = eki_cursor_part(&c, length - 4u);
        if (element == ELEMENT_FLOW) read_flow_2(&part, ret_half);
        if (element == ELEMENT_V4 || element == ELEMENT_V6) {
            ret_half->source = address_of(&part, element == ELEMENT_V6);
            ret_half->target = address_of(&part, element == ELEMENT_V6);
        }
        if (element == ELEMENT_COUNTS) {
            eki_cursor_le64(&part); /* flows */
            back_packets = eki_cursor_le64(&part);
            back_bytes = eki_cursor_le64(&part);
        }
        if (part.failed) return EKI_NFCAPD_BROKEN;
        timed = timed || element == ELEMENT_FLOW;
        addressed = addressed || element == ELEMENT_V4 || element == ELEMENT_V6;
    }
    if (c.failed) return EKI_NFCAPD_BROKEN;
    set_back(ret_half, back_packets, back_bytes);
    return timed && addressed ? EKI_NFCAPD_FLOW : EKI_NFCAPD_OTHER;
}
