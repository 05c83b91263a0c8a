/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/flood/flood.h"

#include "base/archive.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

enum { FLOOD_SOURCES = 64, BACKSCATTER_HOSTS = 10, BACKSCATTER_BITS = 8 };

struct eki_flood_row {
    struct eki_address host;
    eki_time first, last;
    uint64_t packet, hash;
    uint64_t seen; /* one of 64 bits for each client: linear counting (Whang 1990), enough to tell one client
                      from many */
    uint32_t sources, unfinished;
    uint16_t service, input;
    uint8_t protocol;
    bool unasked;
    bool services_vary;
    uint8_t life; /* second chances left */
};

enum eki_error eki_flood_init(struct eki_flood *ret_flood, uint64_t seed)
{
    struct eki_flood flood = {.seed = seed};
    flood.rows = eki_allocate(EKI_FLOOD_ROWS, sizeof *flood.rows);
    if (!flood.rows || eki_index_init(&flood.index, 15)) {
        eki_flood_done(&flood);
        return EKI_ERROR_MEMORY;
    }
    *ret_flood = flood;
    return EKI_OK;
}

void eki_flood_done(struct eki_flood *flood)
{
    eki_free(flood->rows);
    eki_index_done(&flood->index);
}

/* A free row; when all are taken, the first that the clock finds without a second chance. A row earns one for
 * each doubling. */
static struct eki_flood_row *make_room(struct eki_flood *flood)
{
    if (flood->used < EKI_FLOOD_ROWS) return &flood->rows[flood->used++];
    for (;;) {
        flood->hand = (flood->hand + 1) % EKI_FLOOD_ROWS;
        struct eki_flood_row *row = &flood->rows[flood->hand];
        if (row->life) {
            row->life--;
            continue;
        }
        eki_index_remove(&flood->index, row->hash, flood->hand);
        flood->replaced++;
        return row;
    }
}

static struct eki_flood_row *row_for(struct eki_flood *flood, const struct eki_contact *c, bool unasked)
{
    uint64_t hash = eki_hash_address(c->server, (uint64_t)c->protocol << 1 | unasked, flood->seed);
    struct eki_index_probe probe = eki_index_find(&flood->index, hash);
    while (eki_index_next(&flood->index, &probe)) {
        struct eki_flood_row *row = &flood->rows[probe.position];
        if (row->protocol == c->protocol && row->unasked == unasked &&
            eki_address_equal(row->host, c->server))
            return row;
    }
    struct eki_flood_row *row = make_room(flood);
    *row = (struct eki_flood_row){.host = c->server,
                                  .first = c->time,
                                  .packet = c->packet,
                                  .hash = hash,
                                  .service = c->service,
                                  .input = c->input,
                                  .protocol = c->protocol,
                                  .unasked = unasked};
    eki_index_add(&flood->index, hash, (uint32_t)(row - flood->rows));
    return row;
}

void eki_flood_feed(struct eki_flood *flood, const struct eki_contact *c)
{
    struct eki_flood_row *row = row_for(flood, c, c->flags & EKI_CONTACT_UNASKED);
    enum eki_outcome finished =
        c->protocol == EKI_PROTOCOL_TCP ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_ANSWERED;
    row->last = c->time;
    row->sources++;
    row->seen |= UINT64_C(1) << (eki_hash_address(c->client, 0, flood->seed) & 63);
    row->unfinished += c->outcome < finished;
    if (c->service != row->service) row->services_vary = true;
    if ((row->sources & (row->sources - 1)) == 0 && row->sources > 1) row->life++;
}

static void archive_row(struct eki_archive *a, struct eki_flood_row *row)
{
    eki_archive_address(a, &row->host);
    eki_archive_time(a, &row->first);
    eki_archive_time(a, &row->last);
    eki_archive_u64(a, &row->packet);
    eki_archive_u64(a, &row->hash);
    eki_archive_u64(a, &row->seen);
    eki_archive_u32(a, &row->sources);
    eki_archive_u32(a, &row->unfinished);
    eki_archive_u16(a, &row->service);
    eki_archive_u16(a, &row->input);
    eki_archive_u8(a, &row->protocol);
    eki_archive_bool(a, &row->unasked);
    eki_archive_bool(a, &row->services_vary);
    eki_archive_u8(a, &row->life);
}

void eki_flood_archive(struct eki_flood *flood, struct eki_archive *a)
{
    enum { ROW_BYTES = 64 };
    eki_archive_count(a, &flood->used, EKI_FLOOD_ROWS, ROW_BYTES);
    for (uint32_t i = 0; i < flood->used && !a->error; i++) archive_row(a, &flood->rows[i]);
    eki_archive_u32_up_to(a, &flood->hand, EKI_FLOOD_ROWS - 1);
    eki_archive_u64(a, &flood->replaced);
    eki_archive_index(a, &flood->index, flood->used);
}

static bool is_finding(const struct eki_flood_row *row)
{
    if (row->unasked)
        return row->sources >= BACKSCATTER_HOSTS && __builtin_popcountll(row->seen) >= BACKSCATTER_BITS;
    return row->sources >= FLOOD_SOURCES && row->unfinished >= row->sources / 10 * 9;
}

size_t eki_flood_count(const struct eki_flood *flood)
{
    size_t count = 0;
    for (uint32_t i = 0; i < flood->used; i++) count += is_finding(&flood->rows[i]);
    return count;
}

size_t eki_flood_findings(const struct eki_flood *flood, struct eki_scanner *ret_scanners, size_t capacity)
{
    size_t count = 0;
    for (uint32_t i = 0; i < flood->used && count < capacity; i++) {
        const struct eki_flood_row *row = &flood->rows[i];
        if (!is_finding(row)) continue;
        double seconds = eki_time_since(row->last, row->first);
        ret_scanners[count++] = (struct eki_scanner){
            .host = row->host,
            .victim = row->host,
            .protocol = row->protocol,
            .service = row->services_vary || row->unasked ? 0 : row->service,
            .verdict = row->unasked ? EKI_VERDICT_BACKSCATTER : EKI_VERDICT_FLOOD,
            .reason = row->unasked ? EKI_TEXT("answers many hosts that did not ask")
                                   : EKI_TEXT("many new sources, hardly one completes a handshake"),
            .first = row->first,
            .last = row->last,
            .since = row->first,
            .packet = row->packet,
            .input = row->input,
            .targets = row->sources,
            .answered = row->sources - row->unfinished,
            .rate_per_s = seconds > 0 ? row->sources / seconds : 0,
            .decided_after = row->unasked ? BACKSCATTER_HOSTS : FLOOD_SOURCES,
            .decided_at = row->last,
        };
    }
    return count;
}
