/* SPDX-License-Identifier: Apache-2.0 */
/* How much the bank keeps, and what a shard gives up when its share of that is used up. */
#include "base/memory.h"
#include "scan/state.h"

enum {
    LEAST_BYTES = 8 * 1024 * 1024,
    /* A watch, its client's record, and their places in two indexes that are a third full at worst. */
    WATCH_COST = sizeof(struct eki_watch) + sizeof(struct eki_client) + 2 * 26,
    HOST_COST = sizeof(struct eki_address) + 26,
    STEP = EKI_SHARDS * EKI_SHARD_CHUNK /* each shard has whole chunks */
};

struct eki_bank_limits eki_bank_limits_for(uint64_t bytes)
{
    if (!bytes) return (struct eki_bank_limits){EKI_BANK_WATCHES, EKI_LIVE_EXACT, EKI_BANK_DEEP_BYTES};
    if (bytes < LEAST_BYTES) bytes = LEAST_BYTES;
    /* Six parts for sources, three for what those that try much need, one for the addresses of hosts. */
    uint64_t watches = bytes / 10 * 6 / WATCH_COST, hosts = bytes / 10 / HOST_COST;
    if (watches > EKI_BANK_WATCHES_MOST) watches = EKI_BANK_WATCHES_MOST;
    if (hosts > EKI_LIVE_MOST) hosts = EKI_LIVE_MOST;
    return (struct eki_bank_limits){
        .watches = (uint32_t)(watches / STEP * STEP), .hosts = (uint32_t)hosts, .deep_bytes = bytes / 10 * 3};
}

void eki_shard_drop_vertical(struct eki_shard *shard, struct eki_client *client)
{
    if (!client->vertical) return;
    shard->deep_bytes -= eki_vertical_bytes(client->vertical);
    eki_vertical_done(client->vertical);
    eki_free(client->vertical);
    client->vertical = NULL;
}

/* Gives up a port scan that is none. */
static bool give_vertical(struct eki_shard *shard, const struct eki_watch *w, bool needs)
{
    struct eki_client *client = &shard->clients[w->client_position];
    if (!client->vertical || (!needs && eki_vertical_has_finding(client->vertical))) return false;
    eki_shard_drop_vertical(shard, client);
    return true;
}

static void forget(struct eki_shard *shard, struct eki_watch *w)
{
    shard->deep_bytes -= eki_watch_bytes(w);
    eki_watch_forget(w);
    shard->pushed_out++;
}

/* The dots of a raster, not the finding. */
static bool give_sample(struct eki_shard *shard, struct eki_watch *w)
{
    size_t before = eki_watch_bytes(w);
    if (!eki_watch_thin(w)) return false;
    shard->deep_bytes -= before - eki_watch_bytes(w);
    shard->thinned++;
    return true;
}

/* Of the undecided, the one with less evidence goes; `other` is the one met before it, or NULL. */
static void give_weaker(struct eki_shard *shard, struct eki_watch *w, struct eki_watch *other)
{
    bool first = !other || eki_watch_evidence(w) <= eki_watch_evidence(other);
    forget(shard, first ? w : other);
}

/*
 * The clock hand passes over the watches. In its first round it spares those that were touched since it
 * came by last; what it gives up first is the sample of a decided source, then an undecided one of two. When
 * two rounds gave nothing, the next source that holds anything is forgotten, decided or not.
 */
static void give_once(struct eki_shard *shard)
{
    struct eki_watch *other = NULL;
    for (uint64_t tries = 0; tries < 3 * (uint64_t)shard->watch_count; tries++) {
        bool needs = tries >= 2 * (uint64_t)shard->watch_count;
        shard->hand = (shard->hand + 1) % shard->watch_count;
        struct eki_watch *w = eki_shard_watch(shard, shard->hand);
        if (w->recent && !needs) {
            w->recent = false;
            continue;
        }
        if (give_vertical(shard, w, needs)) return;
        if (!w->full) continue;
        if (w->reason && give_sample(shard, w)) return;
        if (w->reason && !needs) continue;
        if (needs || other) {
            give_weaker(shard, w, w->reason ? NULL : other);
            return;
        }
        other = w;
    }
    if (other) forget(shard, other);
}

void eki_shard_give_back(struct eki_shard *shard)
{
    enum { MOST = 64 }; /* a contact adds no more than what a few give back; the next one goes on */
    for (int i = 0; i < MOST && shard->deep_bytes > shard->limits.deep_bytes && shard->watch_count; i++)
        give_once(shard);
}
