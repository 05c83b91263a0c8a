/* SPDX-License-Identifier: Apache-2.0 */
/* sFlow v5 (sflow.org, "sFlow Version 5", 2004): each flow sample holds the head of one packet in so many. */
#include "contact/export.h"

enum {
    FLOW_SAMPLE = 1,
    FLOW_SAMPLE_EXPANDED = 3,
    RAW_HEADER = 1,
    IPV4_DATA = 3,
    IPV6_DATA = 4,
    HEADER_ETHERNET = 1,
    HEADER_IPV4 = 11,
    HEADER_IPV6 = 12,
    RECORDS_MOST = 64 /* in a sample: the specification names about 20 kinds */
};

/* The fields of a packet that was decoded by the switch. */
static bool read_fields(struct eki_cursor *c, struct eki_half *half, bool four)
{
    half->bytes = eki_cursor_be32(c);
    half->protocol = (uint8_t)eki_cursor_be32(c);
    struct eki_address ends[2];
    for (int i = 0; i < 2; i++) {
        uint64_t hi = four ? 0 : eki_cursor_be64(c);
        ends[i] = four ? eki_address_v4(eki_cursor_be32(c)) : (struct eki_address){hi, eki_cursor_be64(c)};
    }
    half->source = ends[0];
    half->target = ends[1];
    half->source_port = (uint16_t)eki_cursor_be32(c);
    half->target_port = (uint16_t)eki_cursor_be32(c);
    half->flags = (uint8_t)eki_cursor_be32(c);
    half->flags_told = true;
    return !c->failed;
}

static bool read_raw(struct eki_cursor *c, struct eki_half *half)
{
    uint32_t protocol = eki_cursor_be32(c);
    eki_cursor_skip(c, 8); /* length of the frame, bytes stripped */
    uint32_t length = eki_cursor_be32(c);
    if (c->failed || (protocol != HEADER_ETHERNET && protocol != HEADER_IPV4 && protocol != HEADER_IPV6))
        return false;
    eki_cursor_limit(c, length);
    return eki_frame_read(*c, protocol == HEADER_ETHERNET, half);
}

/* The first record of a sample that tells a packet. */
static bool read_records(struct eki_cursor *c, uint32_t records, struct eki_half *half)
{
    bool found = false;
    for (uint32_t i = 0; i < records && i < RECORDS_MOST && !c->failed; i++) {
        uint32_t kind = eki_cursor_be32(c), length = eki_cursor_be32(c);
        struct eki_cursor part = eki_cursor_part(c, length);
        if (found || part.failed) continue;
        struct eki_half read = {.packets = 1};
        if (kind == RAW_HEADER) found = read_raw(&part, &read);
        if (kind == IPV4_DATA || kind == IPV6_DATA) found = read_fields(&part, &read, kind == IPV4_DATA);
        if (found) *half = read;
    }
    return found;
}

/* False when the sample is cut. */
static bool take_sample(struct eki_exports *x, struct eki_log_reading *r,
                        const struct eki_export_header *header, struct eki_cursor c, bool expanded)
{
    eki_cursor_skip(&c, expanded ? 12 : 8); /* sequence, source */
    uint32_t rate = eki_cursor_be32(&c);
    eki_cursor_skip(&c, expanded ? 24 : 16); /* pool, drops, interfaces */
    uint32_t records = eki_cursor_be32(&c);
    struct eki_half half = {.packets = 0};
    bool found = read_records(&c, records, &half);
    r->record++;
    if (found) {
        half.first = half.last = header->exported;
        eki_export_scale(x, &half, rate);
        half.record = r->record;
        eki_halves_take(&x->halves, r, &half, 1);
    }
    return !c.failed;
}

void eki_export_sflow(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                      struct eki_cursor *c)
{
    uint32_t family = eki_cursor_be32(c);
    eki_cursor_skip(c, family == 2 ? 16 : 4);
    header->domain = eki_cursor_be32(c); /* sub-agent */
    uint32_t sequence = eki_cursor_be32(c);
    header->uptime = eki_cursor_be32(c);
    uint32_t samples = eki_cursor_be32(c);
    if (!c->failed) eki_export_sequence(x, r, header, sequence, (const uint32_t[2]){1, 1});
    /* The datagram tells no time of day: in a capture that of its packet, in a file that since the start. */
    if (header->exported == EKI_TIME_NONE) header->exported = (eki_time)header->uptime * (EKI_SECOND / 1000);
    for (uint32_t i = 0; i < samples && !c->failed && !r->error; i++) {
        uint32_t kind = eki_cursor_be32(c), length = eki_cursor_be32(c);
        struct eki_cursor part = eki_cursor_part(c, length);
        if (part.failed || (kind != FLOW_SAMPLE && kind != FLOW_SAMPLE_EXPANDED)) continue;
        if (!take_sample(x, r, header, part, kind == FLOW_SAMPLE_EXPANDED))
            eki_export_reject(x, r, "a sample shorter than it says");
    }
    if (c->failed) eki_export_reject(x, r, "fewer samples than the header tells");
}
