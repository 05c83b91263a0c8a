/* SPDX-License-Identifier: Apache-2.0 */
/* The evidence bank as bytes and back. */
#include "base/archive.h"

#include "base/memory.h"
#include "scan/state.h"

/* At least so many bytes stand in the file for each: see eki_archive_count. */
enum { WATCH_BYTES = 60, CLIENT_BYTES = 20, ADDRESS_BYTES = 16 };

static void archive_early(struct eki_archive *a, struct eki_early *e)
{
    uint64_t packed = (uint64_t)e->ticks | (uint64_t)e->step << 44 | (uint64_t)e->answered << 56 |
                      (uint64_t)e->known_peer << 57 | (uint64_t)e->busy << 58;
    eki_archive_u64(a, &e->number);
    eki_archive_u64(a, &packed);
    eki_archive_u32(a, &e->packet);
    eki_archive_u16(a, &e->input);
    e->ticks = packed & ((UINT64_C(1) << 44) - 1);
    e->step = packed >> 44 & 0xfff;
    e->answered = packed >> 56 & 1;
    e->known_peer = packed >> 57 & 1;
    e->busy = packed >> 58 & 1;
}

static void archive_order(struct eki_archive *a, struct eki_order *o)
{
    for (int i = 0; i < EKI_ORDER_HEADS; i++) eki_archive_u64(a, &o->heads[i]);
    eki_archive_u64(a, &o->last);
    eki_archive_i64(a, &o->delta);
    eki_archive_u64(a, &o->low);
    eki_archive_u64(a, &o->high);
    eki_archive_time(a, &o->first);
    eki_archive_time(a, &o->latest);
    eki_archive_u32(a, &o->probes);
    eki_archive_u64(a, &o->passed);
    eki_archive_u32(a, &o->repeats);
    for (int i = 0; i < EKI_ORDER_KINDS; i++) {
        eki_archive_u32(a, &o->matches[i]);
        eki_archive_u32(a, &o->exact[i]);
        eki_archive_float(a, &o->run[i]);
    }
    for (int i = 0; i < 2; i++) {
        eki_archive_u32(a, &o->newest_matches[i]);
        eki_archive_u32(a, &o->newest_exact[i]);
        eki_archive_u32(a, &o->ahead[i]);
        eki_archive_u32(a, &o->ahead_bits[i]);
    }
    eki_archive_u32(a, &o->same_16);
    eki_archive_u32(a, &o->same_8);
    eki_archive_u32(a, &o->known);
    eki_archive_u32(a, &o->clustered);
    eki_archive_u8_up_to(a, &o->head_count, EKI_ORDER_HEADS);
}

/* What is optional: whether it is there, and when reading the memory for it. */
static bool archive_presence(struct eki_archive *a, void **object, size_t count, size_t size)
{
    bool present = *object;
    eki_archive_bool(a, &present);
    if (a->writing || !present || a->error) return present && !a->error;
    *object = eki_allocate(count, size);
    if (!*object) a->error = EKI_ERROR_MEMORY;
    return *object;
}

static void archive_deep(struct eki_archive *a, struct eki_deep *d)
{
    for (int i = 0; i < EKI_SCOPE_COUNT; i++)
        if (archive_presence(a, (void **)&d->order[i], 1, sizeof *d->order[i])) archive_order(a, d->order[i]);
    eki_reach_archive(&d->reach, a);
    eki_archive_time(a, &d->since);
    eki_archive_time(a, &d->decided_at);
    eki_archive_u64(a, &d->since_packet);
    eki_archive_u32(a, &d->run_probes);
    eki_archive_u32(a, &d->decided_after);
    eki_archive_float(a, &d->run);
    eki_archive_float(a, &d->half);
    eki_archive_float(a, &d->burst);
    eki_archive_float(a, &d->fast);
    eki_archive_float(a, &d->slow);
    eki_archive_time(a, &d->clock);
    eki_archive_u16(a, &d->since_input);
    eki_archive_span(a, &d->pause);
    eki_archive_time(a, &d->resumed);
    eki_archive_u64(a, &d->resumed_packet);
    eki_archive_u32(a, &d->resumed_probes);
    eki_archive_u16(a, &d->resumed_input);
    eki_archive_time(a, &d->pace_since);
    eki_archive_u64(a, &d->pace_packet);
    eki_archive_u32(a, &d->pace_probes);
    eki_archive_u16(a, &d->pace_input);
}

/* The reason as its number; 0: undecided. */
static void archive_reason(struct eki_archive *a, struct eki_watch *w)
{
    uint8_t number = 0;
    for (uint8_t i = 0; a->writing && w->reason && i < EKI_REASON_COUNT; i++)
        if (w->reason == eki_watch_reasons[i]) number = (uint8_t)(i + 1);
    eki_archive_u8_up_to(a, &number, EKI_REASON_COUNT);
    if (!a->writing) w->reason = number ? eki_watch_reasons[number - 1] : NULL;
}

static void archive_watch(struct eki_archive *a, struct eki_watch *w, uint32_t client_count)
{
    bool full = w->full;
    eki_archive_address(a, &w->client);
    eki_archive_u64(a, &w->hash);
    eki_archive_time(a, &w->first);
    eki_archive_time(a, &w->last);
    eki_archive_u64(a, &w->first_packet);
    archive_reason(a, w);
    eki_archive_u32(a, &w->attempts);
    eki_archive_u32(a, &w->unfinished);
    eki_archive_u32(a, &w->targets);
    eki_archive_u32(a, &w->answered);
    eki_archive_u32(a, &w->refused);
    eki_archive_u32_up_to(a, &w->client_position, client_count ? client_count - 1 : 0);
    eki_archive_u32(a, &w->last_tag);
    eki_archive_u16(a, &w->service);
    eki_archive_u16(a, &w->first_input);
    eki_archive_u8(a, &w->protocol);
    eki_archive_bool(a, &w->used);
    eki_archive_bool(a, &w->recent);
    eki_archive_bool(a, &full);
    if ((!full && (w->targets > EKI_WATCH_EARLY || w->reason)) || w->first == EKI_TIME_NONE) {
        eki_archive_refuse(a);
        w->targets = 0;
    }
    if (!full) {
        for (uint32_t i = 0; i < w->targets && i < EKI_WATCH_EARLY; i++) archive_early(a, &w->early[i]);
        return;
    }
    if (!a->writing) w->deep = a->error ? NULL : eki_allocate(1, sizeof *w->deep);
    if (!w->deep && !a->error) a->error = EKI_ERROR_MEMORY;
    w->full = w->deep;
    if (w->full) archive_deep(a, w->deep);
    if (!a->writing && !a->error) eki_watch_settle(w);
}

static void archive_watches(struct eki_archive *a, struct eki_shard *shard)
{
    uint32_t count = shard->watch_count;
    eki_archive_count(a, &count, shard->limits.watches, WATCH_BYTES);
    for (uint32_t i = 0; i < count && !a->error; i++) {
        struct eki_watch **chunk = &shard->chunks[i / EKI_SHARD_CHUNK];
        if (!*chunk) *chunk = eki_allocate(EKI_SHARD_CHUNK, sizeof **chunk);
        if (!*chunk) {
            a->error = EKI_ERROR_MEMORY;
            return;
        }
        if (!a->writing) shard->watch_count = i + 1;
        archive_watch(a, eki_shard_watch(shard, i), shard->client_count);
    }
    eki_archive_u32_up_to(a, &shard->hand, count);
    eki_archive_index(a, &shard->watch_index, count);
}

static void archive_clients(struct eki_archive *a, struct eki_shard *shard)
{
    uint32_t count = shard->client_count, watches = shard->watch_count;
    eki_archive_u32(a, &watches);
    /* Kept by a run that was allowed more memory. */
    if (!a->error && watches > shard->limits.watches) a->error = EKI_ERROR_LIMIT;
    eki_archive_count(a, &count, shard->limits.watches + shard->limits.idle_clients + 1, CLIENT_BYTES);
    if (!a->writing && count && !a->error) {
        shard->clients = eki_allocate(count, sizeof *shard->clients);
        shard->client_capacity = shard->clients ? count : 0;
        if (!shard->clients) a->error = EKI_ERROR_MEMORY;
    }
    for (uint32_t i = 0; i < count && !a->error; i++) {
        struct eki_client *client = &shard->clients[i];
        shard->client_count = a->writing ? count : i + 1;
        eki_archive_address(a, &client->address);
        eki_archive_u32(a, &client->services);
        eki_archive_bool(a, &client->sweeps);
        eki_archive_bool(a, &client->vacant);
        if (archive_presence(a, (void **)&client->vertical, 1, sizeof *client->vertical))
            eki_vertical_archive(client->vertical, a);
    }
    eki_archive_index(a, &shard->client_index, count);
}

static void archive_live(struct eki_archive *a, struct eki_live *live)
{
    uint32_t count = live->count, kept = live->count;
    eki_archive_u32(a, &kept);
    if (!a->error && kept > live->most) a->error = EKI_ERROR_LIMIT; /* kept by a run that was allowed more */
    eki_archive_count(a, &count, live->most, ADDRESS_BYTES);
    while (live->capacity < count && !a->error) {
        struct eki_address *hosts =
            eki_reallocate(live->hosts, live->capacity, (size_t)live->capacity * 2, sizeof *hosts);
        if (!hosts) {
            a->error = EKI_ERROR_MEMORY;
            break;
        }
        live->hosts = hosts;
        live->capacity *= 2;
    }
    for (uint32_t i = 0; i < count && !a->error; i++) eki_archive_address(a, &live->hosts[i]);
    if (!a->error) live->count = count;
    eki_archive_index(a, &live->index, count);
    eki_archive_sparse(a, live->registers, EKI_LIVE_REGISTERS);
    for (int i = 0; i < EKI_LIVE_REGISTERS; i++)
        if (live->registers[i] > 64) eki_archive_refuse(a);
    eki_archive_bool(a, &live->overflowed);
}

static void archive_peers(struct eki_archive *a, struct eki_peers *peers)
{
    bool young = peers->young;
    eki_archive_sparse(a, peers->blocks, EKI_PEERS_BLOCKS * sizeof *peers->blocks);
    eki_archive_u32(a, &peers->count);
    eki_archive_bool(a, &young);
    peers->young = young;
}

/* What follows from the rest: how many watches each client has, and which records are vacant. */
static void count_watches(struct eki_shard *shard)
{
    for (uint32_t i = 0; i < shard->watch_count; i++) {
        shard->deep_bytes += eki_watch_bytes(eki_shard_watch(shard, i));
        shard->clients[eki_shard_watch(shard, i)->client_position].watches++;
    }
    for (uint32_t i = 0; i < shard->client_count; i++) {
        const struct eki_client *client = &shard->clients[i];
        if (client->vertical) shard->deep_bytes += eki_vertical_bytes(client->vertical);
        if (client->vacant && !client->watches && !client->vertical)
            eki_shard_vacate(shard, i);
        else
            shard->idle_clients += !client->watches;
    }
}

void eki_shard_archive(struct eki_shard *shard, struct eki_archive *a)
{
    archive_clients(a, shard);
    archive_watches(a, shard);
    if (!a->writing && shard->watch_count && !shard->client_count) eki_archive_refuse(a);
    if (!a->writing && !a->error) count_watches(shard);
    eki_archive_u64(a, &shard->pushed_out);
    eki_archive_u64(a, &shard->thinned);
    eki_archive_u64(a, &shard->unwatched);
}

void eki_bank_archive(struct eki_bank *bank, struct eki_archive *a)
{
    for (int i = 0; i < EKI_SHARDS; i++) eki_shard_archive(&bank->shards[i], a);
    archive_live(a, &bank->live);
    archive_peers(a, &bank->peers);
    eki_flood_archive(&bank->flood, a);
}
