/* SPDX-License-Identifier: Apache-2.0 */
/* NetFlow v5: records of 48 bytes at fixed places (Cisco, "NetFlow Export Datagram Format"). */
#include "contact/export.h"

enum { RECORD = 48, MOST = 30, INTERVAL_BITS = 0x3fff };

/* One record, from 48 bytes that are there. */
static struct eki_half read_record(const uint8_t *p, const struct eki_export_header *header)
{
    return (struct eki_half){.source = eki_address_v4(eki_load_be32(p, 0)),
                             .target = eki_address_v4(eki_load_be32(p, 4)),
                             .packets = eki_load_be32(p, 16),
                             .bytes = eki_load_be32(p, 20),
                             .first = eki_export_time(header, eki_load_be32(p, 24)),
                             .last = eki_export_time(header, eki_load_be32(p, 28)),
                             .source_port = eki_load_be16(p, 32),
                             .target_port = eki_load_be16(p, 34),
                             .flags = p[37],
                             .flags_told = true,
                             .protocol = p[38]};
}

void eki_export_v5(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                   struct eki_cursor *c)
{
    unsigned count = eki_cursor_be16(c);
    header->uptime = eki_cursor_be32(c);
    uint32_t seconds = eki_cursor_be32(c), nanoseconds = eki_cursor_be32(c);
    header->exported = (eki_time)seconds * EKI_SECOND + (nanoseconds < EKI_SECOND ? nanoseconds : 0);
    uint32_t sequence = eki_cursor_be32(c);
    header->domain = eki_cursor_be16(c); /* engine */
    unsigned interval = eki_cursor_be16(c) & INTERVAL_BITS;
    if (c->failed || !count || count > MOST) {
        eki_export_reject(x, r,
                          c->failed ? "a datagram is cut in its header" : "more than 30 records, or none");
        return;
    }
    eki_export_sequence(x, r, header, sequence, (const uint32_t[2]){count, 1});
    for (unsigned i = 0; i < count && !r->error; i++) {
        const uint8_t *p = eki_cursor_take(c, RECORD);
        if (!p) {
            eki_export_reject(x, r, "fewer records than the header tells");
            return;
        }
        eki_export_align(x, header, eki_load_be32(p, 28));
        struct eki_half half = read_record(p, header);
        r->record++;
        if (!half.packets) half.packets = 1;
        eki_export_scale(x, &half, interval);
        half.record = r->record;
        eki_halves_take(&x->halves, r, &half, 1);
    }
}
