/* SPDX-License-Identifier: Apache-2.0 */
/* Exporters' datagrams, one behind the other in a file or as the payloads of a capture. */
#include "contact/export.h"
#include "contact/lacks.h"

#include "base/memory.h"

#define WEEK (7 * 24 * 3600 * EKI_SECOND)

/* The limits are the same whether counts were multiplied or not: only the texts differ. */
#define NETFLOW EKI_LACKS_SIZES "; " EKI_LACKS_FLAGS
#define SAMPLED "; " EKI_LACKS_UNSAMPLED
#define SHIFTED "; " EKI_LACKS_DATES

/* Where collectors listen by custom: NetFlow, IPFIX, sFlow. */
static bool is_collector(uint16_t port)
{
    static const uint16_t ports[] = {2055, 2056, 4739, 6343, 9995, 9996};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port) return true;
    return false;
}

void eki_export_reject(struct eki_exports *x, struct eki_log_reading *r, const char *what)
{
    r->record++;
    eki_log_reject(r, x->at, what);
}

eki_time eki_export_time(const struct eki_export_header *header, uint32_t uptime)
{
    /* 32 bits of milliseconds wrap after 49.7 days: the nearer of the two readings is right. */
    eki_time age = (eki_time)(int32_t)(header->uptime - header->skew - uptime) * (EKI_SECOND / 1000);
    return age > WEEK || age < -WEEK ? header->exported : header->exported - age;
}

void eki_export_scale(struct eki_exports *x, struct eki_half *half, uint64_t interval)
{
    if (interval <= 1) return;
    x->sampled = true;
    half->sampled = half->packets;
    half->packets = eki_halves_times(half->packets, interval);
    half->bytes = eki_halves_times(half->bytes, interval);
    half->back_packets = eki_halves_times(half->back_packets, interval);
    half->back_bytes = eki_halves_times(half->back_bytes, interval);
}

void eki_export_take(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                     struct eki_cursor c)
{
    header->version = eki_cursor_be16(&c);
    if (header->version == EKI_EXPORT_V5) {
        eki_export_v5(x, r, header, &c);
    } else if (header->version == EKI_EXPORT_V9 || header->version == EKI_EXPORT_IPFIX) {
        eki_export_sets(x, r, header, &c);
    } else if (header->version == EKI_EXPORT_SFLOW && eki_cursor_be16(&c) == 5) {
        eki_export_sflow(x, r, header, &c);
    } else {
        eki_export_reject(x, r, "no datagram of NetFlow v5, v9, IPFIX or sFlow v5");
    }
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct eki_exports *x = r->state;
    /* Where the state lies is what a stranger does not know (address space randomisation). */
    x->seed = (uint64_t)(uintptr_t)x * 0x9e3779b97f4a7c15u;
    return eki_halves_init(&x->halves, x->seed);
}

/* Passes over what is no datagram, to the next beginning of one. */
static void resynchronise(struct eki_cursor *c, bool ended)
{
    bool open = false;
    do {
        eki_cursor_skip(c, 1);
    } while (c->left && !eki_export_length(c->at, c->left, ended, &open) && !open);
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct eki_exports *x = r->state;
    struct eki_cursor c = eki_cursor_over(bytes, length);
    while (c.left && !r->error) {
        bool open;
        size_t whole = eki_export_length(c.at, c.left, ended, &open);
        x->at = length - c.left;
        if (open && !ended) break;
        if (!whole && !open) {
            eki_export_reject(x, r, "no beginning of a datagram: passed over to the next one");
            resynchronise(&c, ended);
            continue;
        }
        struct eki_export_header header = {.exported = EKI_TIME_NONE};
        eki_export_take(x, r, &header, eki_cursor_part(&c, whole ? whole : c.left));
        if (!open) continue;
        r->input.truncated = true;
        eki_log_fail(r, EKI_ERROR_TRUNCATED, x->at, "ends inside a datagram");
    }
    return length - c.left;
}

static void take_datagram(struct eki_log_reading *r, const struct eki_log_datagram *datagram)
{
    struct eki_exports *x = r->state;
    /* Other traffic in the same capture. */
    bool known = datagram->meant || is_collector(datagram->port) ||
                 eki_export_is_netflow(datagram->bytes, datagram->length, datagram->cut) ||
                 eki_export_is_sflow(datagram->bytes, datagram->length, datagram->cut);
    if (!known) return;
    struct eki_export_header header = {.exporter = datagram->source, .exported = datagram->time};
    eki_export_take(x, r, &header, eki_cursor_over(datagram->bytes, datagram->length));
}

static void end(struct eki_log_reading *r)
{
    struct eki_exports *x = r->state;
    for (size_t i = 0; i < x->waiting_count; i++)
        eki_export_reject(x, r, "a data set whose template never came");
    static const char *const lacks[2][2] = {{NETFLOW, NETFLOW SHIFTED},
                                            {NETFLOW SAMPLED, NETFLOW SAMPLED SHIFTED}};
    if (r->input.lacks == eki_log_netflow.kind.lacks) r->input.lacks = lacks[x->sampled][x->shifted];
    eki_halves_finish(&x->halves, r);
}

static void stop(struct eki_log_reading *r)
{
    struct eki_exports *x = r->state;
    if (!x) return;
    for (size_t i = 0; i < x->waiting_count; i++) eki_free(x->waiting[i].bytes);
    eki_free(x->exporters);
    eki_free(x->samplers);
    eki_template_done(x);
    eki_halves_done(&x->halves);
}

static bool fits_bare(const char *head, size_t length, bool sflow)
{
    bool open;
    struct eki_cursor c = eki_cursor_over(head, length);
    const uint8_t *bytes = c.at;
    bool whole = length < EKI_LOG_WINDOW;
    unsigned version = eki_cursor_be16(&c);
    bool is_netflow = version == EKI_EXPORT_V5 || version == EKI_EXPORT_V9 || version == EKI_EXPORT_IPFIX;
    if (c.failed || !(sflow ? version == EKI_EXPORT_SFLOW : is_netflow)) return false;
    size_t first = eki_export_length(bytes, length, whole, &open);
    return first || (open && length >= 48);
}

static bool fits_netflow(const char *head, size_t length)
{
    return fits_bare(head, length, false);
}

static bool fits_sflow(const char *head, size_t length)
{
    return fits_bare(head, length, true);
}

static bool netflow_datagram(const struct eki_log_datagram *d)
{
    return eki_export_is_netflow(d->bytes, d->length, d->cut || is_collector(d->port));
}

static bool sflow_datagram(const struct eki_log_datagram *d)
{
    return eki_export_is_sflow(d->bytes, d->length, d->cut || is_collector(d->port));
}

const struct eki_log_format eki_log_netflow = {
    .kind = {.name = "netflow",
             .what = "NetFlow v5, v9 and IPFIX: a file of datagrams, or a capture of them",
             .lacks = NETFLOW},
    .fits = fits_netflow,
    .state_size = sizeof(struct eki_exports),
    .start = start,
    .take = take,
    .fits_datagram = netflow_datagram,
    .datagram = take_datagram,
    .archive = eki_export_archive,
    .end = end,
    .stop = stop};

const struct eki_log_format eki_log_sflow = {
    .kind = {.name = "sflow",
             .what = "sFlow v5: a file of datagrams, or a capture of them",
             .lacks = EKI_LACKS_UNSAMPLED
             "; " EKI_TEXT("the time of day in a file of bare datagrams") "; " EKI_TEXT(
                 "most answers, as each packet is sampled alone")},
    .fits = fits_sflow,
    .state_size = sizeof(struct eki_exports),
    .start = start,
    .take = take,
    .fits_datagram = sflow_datagram,
    .datagram = take_datagram,
    .archive = eki_export_archive,
    .end = end,
    .stop = stop};
