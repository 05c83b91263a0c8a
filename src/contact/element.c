/* SPDX-License-Identifier: Apache-2.0 */
/* What the fields of flow records mean: IANA's registry "IPFIX Information Elements", of which NetFlow v9's
 * numbers are the first part, the reversed ones of RFC 5103, and Cisco's firewall events. */
#include "contact/export.h"

#define NTP_TO_UNIX INT64_C(2208988800) /* seconds from 1900 to 1970 (RFC 5905, figure 4) */

enum { REVERSED = 29305, LONGEST_NUMBER = 8, EVENT_DENIED = 3 };

/* Reduced-size encoding: any length up to eight bytes (RFC 7011, 6.2). */
static uint64_t number_of(struct eki_cursor c)
{
    uint64_t value = 0;
    if (c.left > LONGEST_NUMBER) return 0;
    while (c.left) value = value << 8 | eki_cursor_u8(&c);
    return value;
}

static struct eki_address address_of(struct eki_cursor c, struct eki_address otherwise)
{
    if (c.left == 4) return eki_address_v4(eki_cursor_be32(&c));
    if (c.left != 16) return otherwise;
    uint64_t hi = eki_cursor_be64(&c), lo = eki_cursor_be64(&c);
    /* Exporters fill the family that a flow is not of with zeros. */
    return hi || lo ? (struct eki_address){hi, lo} : otherwise;
}

static eki_time scaled(uint64_t value, uint64_t nanoseconds)
{
    return value > (uint64_t)EKI_TIME_LATEST / nanoseconds ? EKI_TIME_LATEST
                                                           : (eki_time)(value * nanoseconds);
}

static eki_time ntp_time(uint64_t value)
{
    int64_t seconds = (int64_t)(value >> 32) - NTP_TO_UNIX;
    return seconds < 0 ? 0 : seconds * EKI_SECOND + (eki_time)(((value & UINT32_MAX) * 1000000000u) >> 32);
}

static bool take_time(struct eki_export_record *e, uint16_t id, uint64_t v)
{
    switch (id) {
    case 21: e->up_last = (uint32_t)v, e->has_up_last = true; return true;
    case 22: e->up_first = (uint32_t)v, e->has_up_first = true; return true;
    case 150: e->start = scaled(v, 1000000000); return true;
    case 151: e->end = scaled(v, 1000000000); return true;
    case 152: e->start = scaled(v, 1000000); return true;
    case 153: e->end = scaled(v, 1000000); return true;
    case 154:
    case 156: e->start = ntp_time(v); return true;
    case 155:
    case 157: e->end = ntp_time(v); return true;
    case 158: e->start = -scaled(v, 1000) - 1; return true; /* before the export: see settle_times */
    case 159: e->end = -scaled(v, 1000) - 1; return true;
    case 160: e->booted = scaled(v, 1000000); return true;
    case 161: e->duration = (uint64_t)scaled(v, 1000000); return true;
    case 162: e->duration = (uint64_t)scaled(v, 1000); return true;
    case 322: e->seen = scaled(v, 1000000000); return true;
    case 323: e->seen = scaled(v, 1000000); return true;
    case 324:
    case 325: e->seen = ntp_time(v); return true;
    default: return false;
    }
}

static bool take_sampling(struct eki_export_record *e, uint16_t id, uint64_t v)
{
    switch (id) {
    case 34:
    case 50:
    case 305: e->interval = v; return true;
    case 306: e->space = v; return true;
    case 48:
    case 302: e->sampler = (uint32_t)v; return true;
    default: return false;
    }
}

static void take_icmp(struct eki_export_record *e, uint16_t id, uint64_t v)
{
    bool only_type = id == 176 || id == 178;
    if (id == 177 || id == 179) return; /* codes do not matter for echoes */
    e->half.target_port = (uint16_t)(only_type ? v << 8 : v);
    e->has_icmp_type = true;
}

static void take_count(struct eki_export_record *e, uint16_t id, uint64_t v)
{
    struct eki_half *h = &e->half;
    switch (id) {
    case 1:
    case 85:
    case 231:
    case 352: h->bytes = v; break;
    case 2:
    case 86:
    case 298: h->packets = v; break;
    case 232: h->back_bytes = v; break;
    case 299: h->back_packets = v; break;
    case 23: e->out_bytes = v; break;
    case 24: e->out_packets = v; break;
    default: break;
    }
}

static void take_reversed(struct eki_export_record *e, uint16_t id, uint64_t v)
{
    if (id == 1 || id == 85) e->half.back_bytes = v;
    if (id == 2 || id == 86) e->half.back_packets = v;
    if (id == 6) e->half.back_flags = (uint8_t)v;
}

void eki_element_take(struct eki_export_record *e, const struct eki_template_field *field,
                      struct eki_cursor c)
{
    struct eki_half *h = &e->half;
    if (!c.left) return;
    if (field->enterprise == REVERSED) take_reversed(e, field->id, number_of(c));
    if (field->enterprise) return;
    switch (field->id) {
    case 4: h->protocol = (uint8_t)number_of(c); break;
    case 6:
        h->flags = (uint8_t)number_of(c);
        h->flags_told = true;
        break;
    case 7: h->source_port = (uint16_t)number_of(c); break;
    case 11:
        if (!e->has_icmp_type) h->target_port = (uint16_t)number_of(c);
        break;
    case 8:
    case 27: h->source = address_of(c, h->source); break;
    case 12:
    case 28: h->target = address_of(c, h->target); break;
    case 32:
    case 139:
    case 176:
    case 177:
    case 178:
    case 179:
        if (h->protocol == EKI_PROTOCOL_ICMP || h->protocol == EKI_PROTOCOL_ICMP6 || number_of(c))
            take_icmp(e, field->id, number_of(c));
        break;
    case 233:
    case 40005: e->event = (uint8_t)number_of(c); break;
    default:
        if (!take_time(e, field->id, number_of(c)) && !take_sampling(e, field->id, number_of(c)))
            take_count(e, field->id, number_of(c));
    }
}

/* A time that was told as microseconds before the export. */
static eki_time absolute(eki_time time, const struct eki_export_header *header)
{
    if (time == EKI_TIME_NONE || time >= 0) return time;
    return header->exported + (time + 1);
}

static eki_time from_uptime(const struct eki_export_record *e, const struct eki_export_header *header,
                            uint32_t uptime)
{
    if (header->version == EKI_EXPORT_V9) return eki_export_time(header, uptime);
    eki_time booted = e->booted == EKI_TIME_NONE ? header->booted : e->booted;
    if (booted != EKI_TIME_NONE) {
        /* 32 bits of milliseconds wrap: the reading that is nearest to the export. */
        eki_time running = (header->exported - booted) / (EKI_SECOND / 1000);
        return header->exported - (eki_time)(int32_t)((uint32_t)running - uptime) * (EKI_SECOND / 1000);
    }
    /* IPFIX headers tell no uptime: the end of the flow is taken for the export. */
    uint32_t before = e->has_up_last ? e->up_last - uptime : 0;
    return header->exported - (eki_time)before * (EKI_SECOND / 1000);
}

static void settle_times(struct eki_export_record *e, const struct eki_export_header *header)
{
    eki_time start = absolute(e->start, header), end = absolute(e->end, header);
    if (start == EKI_TIME_NONE && e->has_up_first) start = from_uptime(e, header, e->up_first);
    if (end == EKI_TIME_NONE && e->has_up_last) end = from_uptime(e, header, e->up_last);
    if (end == EKI_TIME_NONE && start == EKI_TIME_NONE) end = e->seen;
    if (end == EKI_TIME_NONE && start == EKI_TIME_NONE) end = header->exported;
    start = start == EKI_TIME_NONE ? eki_time_clamp(eki_time_clamp(end) - (eki_time)e->duration)
                                   : eki_time_clamp(start);
    bool fits = e->duration <= (uint64_t)(EKI_TIME_LATEST - start);
    if (end == EKI_TIME_NONE) end = fits ? start + (eki_time)e->duration : start;
    e->half.first = start;
    e->half.last = end;
}

bool eki_element_settle(struct eki_export_record *e, const struct eki_export_header *header)
{
    struct eki_half *h = &e->half;
    if (!h->protocol) return false;
    if (!(h->source.hi | h->source.lo) || !(h->target.hi | h->target.lo)) return false;
    bool counted = h->packets || h->bytes;
    if (!counted) {
        h->packets = e->out_packets;
        h->bytes = e->out_bytes;
    } else if (header->version == EKI_EXPORT_V9 && (e->out_packets || e->out_bytes) &&
               (e->out_packets != h->packets || e->out_bytes != h->bytes)) {
        /* nProbe's and Linux exporters' OUT_ counts are those of the other direction; a router's are those of
         * the same packets behind it, which are as many. */
        h->back_packets = e->out_packets;
        h->back_bytes = e->out_bytes;
    }
    if (!h->packets) h->packets = 1;
    if (!h->back_packets && h->back_bytes) h->back_packets = 1;
    /* A firewall's word: nothing was let through to answer. */
    if (e->event == EVENT_DENIED) h->back_packets = h->back_bytes = 0;
    settle_times(e, header);
    return true;
}
