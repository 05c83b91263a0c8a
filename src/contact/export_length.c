/* SPDX-License-Identifier: Apache-2.0 */
/* Where a datagram of an exporter ends, and whether bytes are one. Nothing but sFlow's samples and IPFIX
 * tells its length: v5 tells records, v9 is walked set by set until something else begins. */
#include "contact/export.h"

enum {
    V5_HEADER = 24,
    V5_RECORD = 48,
    V5_MOST = 30, /* records in a datagram (Cisco, NetFlow Export Datagram Format) */
    V9_HEADER = 20,
    V9_OPTIONS = 1,
    DATA_SETS = 256,
    IPFIX_HEADER = 16,
    SET_HEADER = 4,
    SFLOW_VERSION = 5,
    SFLOW_MOST = 2048 /* samples in a datagram: one of eight bytes fills 64 KiB 8,192 times */
};

/* What was found about the end: walked as far as the bytes reach. */
struct walk {
    struct eki_cursor c;
    size_t whole;
    bool open;  /* the end is behind the bytes */
    bool sound; /* what was read is right */
};

static struct walk of_length(struct walk w, size_t length)
{
    w.sound = true;
    w.open = length > w.whole;
    w.c.left = w.open ? 0 : w.whole - length;
    return w;
}

static struct walk walk_v5(struct walk w)
{
    unsigned count = eki_cursor_be16(&w.c);
    if (w.c.failed || !count || count > V5_MOST) return w;
    return of_length(w, V5_HEADER + (size_t)count * V5_RECORD);
}

static struct walk walk_ipfix(struct walk w)
{
    uint16_t length = eki_cursor_be16(&w.c);
    eki_cursor_skip(&w.c, 12);
    struct eki_cursor first = w.c;
    uint16_t id = eki_cursor_be16(&first), set = eki_cursor_be16(&first);
    if (w.c.failed || length < IPFIX_HEADER) return w;
    bool good = length == IPFIX_HEADER || (!first.failed && (id == 2 || id == 3 || id >= DATA_SETS) &&
                                           set >= SET_HEADER && set <= length - IPFIX_HEADER);
    return good ? of_length(w, length) : w;
}

/* Passes over zeros that fill a datagram up. */
static void pass_zeros(struct eki_cursor *c)
{
    struct eki_cursor next = *c;
    while (next.left >= SET_HEADER && !eki_cursor_be32(&next)) *c = next;
}

static struct walk walk_v9(struct walk w)
{
    unsigned count = eki_cursor_be16(&w.c), sets = 0;
    eki_cursor_skip(&w.c, V9_HEADER - 4);
    if (w.c.failed || !count) return w;
    while (w.c.left >= SET_HEADER) {
        struct eki_cursor next = w.c;
        uint16_t id = eki_cursor_be16(&next), length = eki_cursor_be16(&next);
        if (id > V9_OPTIONS && id < DATA_SETS) break; /* the next datagram, or rubbish */
        if (!id && !length) {
            pass_zeros(&w.c);
            break;
        }
        if (length < SET_HEADER) break; /* so every walk uses up what it has walked */
        w.sound = true;
        if ((size_t)(length - SET_HEADER) > next.left) {
            w.open = true;
            w.c.left = 0;
            return w;
        }
        eki_cursor_skip(&next, (size_t)(length - SET_HEADER));
        w.c = next;
        sets++;
    }
    w.open = w.c.left < SET_HEADER;
    w.sound = sets > 0;
    return w;
}

static struct walk walk_sflow(struct walk w)
{
    if (eki_cursor_be16(&w.c) != SFLOW_VERSION) return w;
    uint32_t family = eki_cursor_be32(&w.c);
    if (family != 1 && family != 2) return w;
    eki_cursor_skip(&w.c, (family == 1 ? 4 : 16) + 12);
    uint32_t samples = eki_cursor_be32(&w.c);
    if (w.c.failed || samples > SFLOW_MOST) return w;
    w.sound = true;
    for (uint32_t i = 0; i < samples; i++) {
        eki_cursor_be32(&w.c);
        uint32_t length = eki_cursor_be32(&w.c);
        if (!w.c.failed && (length > EKI_EXPORT_DATAGRAM || length % 4)) {
            w.sound = false;
            return w;
        }
        eki_cursor_skip(&w.c, length);
    }
    w.open = w.c.failed;
    if (w.open) w.c.left = 0;
    return w;
}

static struct walk walk(const uint8_t *bytes, size_t length, bool sflow)
{
    struct walk w = {.c = eki_cursor_over(bytes, length), .whole = length};
    unsigned version = eki_cursor_be16(&w.c);
    if (w.c.failed) return w;
    if (sflow) return version == EKI_EXPORT_SFLOW ? walk_sflow(w) : w;
    switch (version) {
    case EKI_EXPORT_V5: return walk_v5(w);
    case EKI_EXPORT_V9: return walk_v9(w);
    case EKI_EXPORT_IPFIX: return walk_ipfix(w);
    default: return w;
    }
}

size_t eki_export_length(const uint8_t *bytes, size_t length, bool ended, bool *ret_open)
{
    *ret_open = false;
    size_t most = length < EKI_EXPORT_DATAGRAM ? length : EKI_EXPORT_DATAGRAM;
    bool sflow = length >= 2 && !eki_load_be16(bytes, 0);
    struct walk w = walk(bytes, most, sflow);
    if (!w.sound && length < V5_HEADER + V5_RECORD) *ret_open = true;
    if (!w.sound) return 0;
    /* A v9 datagram that goes on to the end of the file ends there. */
    bool v9 = !sflow && eki_load_be16(bytes, 0) == EKI_EXPORT_V9;
    if (v9 && w.open && (ended || most == EKI_EXPORT_DATAGRAM)) return most - w.c.left;
    *ret_open = w.open;
    return w.open ? 0 : most - w.c.left;
}

static bool fills(struct walk w, bool cut)
{
    return w.sound && (w.open ? cut : w.c.left < SET_HEADER);
}

bool eki_export_is_netflow(const uint8_t *bytes, size_t length, bool cut)
{
    struct walk w = walk(bytes, length, false);
    bool v9 = length >= 2 && eki_load_be16(bytes, 0) == EKI_EXPORT_V9;
    if (v9 && w.sound && w.c.left < SET_HEADER && !cut) return length <= EKI_EXPORT_DATAGRAM;
    return fills(w, cut);
}

bool eki_export_is_sflow(const uint8_t *bytes, size_t length, bool cut)
{
    return fills(walk(bytes, length, true), cut);
}
