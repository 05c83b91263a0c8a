/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/shard.h"

#include "base/memory.h"
#include "scan/outcome/outcome.h"

enum { FIRST_LOG2_SLOTS = 8 };

enum eki_error eki_shard_init(struct eki_shard *ret_shard, const struct eki_shard_limits *limits,
                              uint64_t seed)
{
    *ret_shard = (struct eki_shard){.limits = *limits, .seed = seed, .vacant_client = EKI_SHARD_NOBODY};
    ret_shard->chunks = eki_allocate(limits->watches / EKI_SHARD_CHUNK, sizeof *ret_shard->chunks);
    if (!ret_shard->chunks || eki_index_init(&ret_shard->watch_index, FIRST_LOG2_SLOTS) ||
        eki_index_init(&ret_shard->client_index, FIRST_LOG2_SLOTS))
        return EKI_ERROR_MEMORY;
    return EKI_OK;
}

void eki_shard_release(struct eki_shard *shard)
{
    for (uint32_t i = 0; i < shard->watch_count; i++) eki_watch_done(eki_shard_watch(shard, i));
    for (uint32_t i = 0; shard->chunks && i < shard->limits.watches / EKI_SHARD_CHUNK; i++) {
        eki_free(shard->chunks[i]);
        shard->chunks[i] = NULL;
    }
    for (uint32_t i = 0; i < shard->client_count; i++) {
        if (shard->clients[i].vertical) eki_vertical_done(shard->clients[i].vertical);
        eki_free(shard->clients[i].vertical);
    }
    eki_free(shard->clients);
    shard->clients = NULL;
    shard->client_capacity = 0;
    shard->watch_count = shard->client_count = shard->hand = shard->idle_clients = 0;
    shard->vacant_client = EKI_SHARD_NOBODY;
    shard->deep_bytes = 0;
    if (shard->watch_index.slots) eki_index_clear(&shard->watch_index);
    if (shard->client_index.slots) eki_index_clear(&shard->client_index);
}

void eki_shard_done(struct eki_shard *shard)
{
    eki_shard_release(shard);
    eki_free(shard->chunks);
    eki_index_done(&shard->watch_index);
    eki_index_done(&shard->client_index);
}

struct eki_watch *eki_shard_find(const struct eki_shard *shard, const struct eki_weighing *item)
{
    struct eki_index_probe probe = eki_index_find(&shard->watch_index, item->watch);
    while (eki_index_next(&shard->watch_index, &probe)) {
        struct eki_watch *w = eki_shard_watch(shard, probe.position);
        if (eki_shard_is_of(w, item->contact)) return w;
    }
    return NULL;
}

struct eki_client *eki_shard_client(const struct eki_shard *shard, struct eki_address address, uint64_t hash)
{
    struct eki_index_probe probe = eki_index_find(&shard->client_index, hash);
    while (eki_index_next(&shard->client_index, &probe))
        if (eki_address_equal(shard->clients[probe.position].address, address))
            return &shard->clients[probe.position];
    return NULL;
}

void eki_shard_vacate(struct eki_shard *shard, uint32_t position)
{
    shard->clients[position] = (struct eki_client){.watches = shard->vacant_client, .vacant = true};
    shard->vacant_client = position;
}

/* A record that nobody has. */
static bool room_for_client(struct eki_shard *shard, uint32_t *ret_position)
{
    if (shard->vacant_client != EKI_SHARD_NOBODY) {
        *ret_position = shard->vacant_client;
        shard->vacant_client = shard->clients[*ret_position].watches;
        return true;
    }
    struct eki_client *clients =
        eki_array_reserve(shard->clients, shard->client_count, &shard->client_capacity, sizeof *clients);
    if (!clients) return false;
    shard->clients = clients;
    if (eki_index_full(&shard->client_index) && eki_index_grow(&shard->client_index)) return false;
    *ret_position = shard->client_count++;
    return true;
}

/* The record of a client; a new one when it has none. NULL without memory. There are at most as many as
 * watches, the idle ones and one more, because who has lost the last watch loses the record too. */
static struct eki_client *client_for(struct eki_shard *shard, const struct eki_weighing *item, bool *ret_new)
{
    struct eki_address address = item->contact->client;
    struct eki_client *client = eki_shard_client(shard, address, item->client);
    uint32_t position;
    if (client) return client;
    if (!room_for_client(shard, &position)) return NULL;
    eki_index_add(&shard->client_index, item->client, position);
    shard->clients[position] = (struct eki_client){.address = address};
    *ret_new = true;
    return &shard->clients[position];
}

/* The client has no watch any more: its record is given back, unless its port scan is yet to be told. */
static void leave_client(struct eki_shard *shard, uint32_t position)
{
    struct eki_client *client = &shard->clients[position];
    bool tells = client->vertical && eki_vertical_has_finding(client->vertical);
    if (tells && shard->idle_clients < shard->limits.idle_clients) {
        shard->idle_clients++;
        return;
    }
    eki_index_remove(&shard->client_index, eki_shard_hash(client->address, shard->seed), position);
    eki_shard_drop_vertical(shard, client);
    eki_shard_vacate(shard, position);
}

/* Gives up one watch that shows nothing: undecided, not touched since the clock hand last passed, and of the
 * next two such ones that with less evidence. So a scan of a probe an hour outlives the many that tried
 * one target and were answered. */
static struct eki_watch *push_out(struct eki_shard *shard, uint32_t *ret_position)
{
    enum { CANDIDATES = 2 };
    uint32_t best = EKI_SHARD_NOBODY;
    double least = 0;
    int seen = 0;
    for (uint32_t tries = 0; tries < 2 * shard->limits.watches && seen < CANDIDATES; tries++) {
        shard->hand = (shard->hand + 1) % shard->watch_count;
        struct eki_watch *w = eki_shard_watch(shard, shard->hand);
        if (w->reason || (w->full && tries < shard->limits.watches)) continue;
        if (w->recent) {
            w->recent = false;
            continue;
        }
        double evidence = eki_watch_evidence(w);
        if (!seen++ || evidence < least) {
            best = shard->hand;
            least = evidence;
        }
        if (evidence <= 0) break;
    }
    if (best == EKI_SHARD_NOBODY) return NULL;
    struct eki_watch *w = eki_shard_watch(shard, best);
    eki_index_remove(&shard->watch_index, w->hash, best);
    shard->deep_bytes -= eki_watch_bytes(w);
    eki_watch_done(w);
    shard->pushed_out++;
    if (!--shard->clients[w->client_position].watches) leave_client(shard, w->client_position);
    *ret_position = best;
    return w;
}

static struct eki_watch *room_for_watch(struct eki_shard *shard, uint32_t *ret_position)
{
    if (shard->watch_count >= shard->limits.watches) return push_out(shard, ret_position);
    struct eki_watch **chunk = &shard->chunks[shard->watch_count / EKI_SHARD_CHUNK];
    if (!*chunk) *chunk = eki_allocate(EKI_SHARD_CHUNK, sizeof **chunk);
    if (!*chunk) return NULL;
    *ret_position = shard->watch_count++;
    return eki_shard_watch(shard, *ret_position);
}

static struct eki_watch *make_watch(struct eki_shard *shard, struct eki_weighing *item)
{
    const struct eki_contact *c = item->contact;
    bool new_client = false;
    struct eki_client *client = client_for(shard, item, &new_client);
    if (new_client) item->outcome |= EKI_WEIGHED_NEW;
    if (!client) return NULL;
    if (client->services >= EKI_SHARD_SERVICES_A_CLIENT) return NULL;
    uint32_t position, client_position = (uint32_t)(client - shard->clients);
    bool idle = !new_client && !client->watches;
    client->watches++; /* now, so that it is not given back if the watch that makes room is its own */
    bool room = !eki_index_full(&shard->watch_index) || !eki_index_grow(&shard->watch_index);
    struct eki_watch *w = room ? room_for_watch(shard, &position) : NULL;
    if (idle) shard->idle_clients--;
    if (!w && !--client->watches) leave_client(shard, client_position);
    if (!w) return NULL;
    client->services++;
    *w = (struct eki_watch){.client = c->client,
                            .hash = item->watch,
                            .first = c->time,
                            .last = c->time,
                            .first_packet = c->packet,
                            .first_input = c->input,
                            .client_position = client_position,
                            .service = c->service,
                            .protocol = c->protocol,
                            .used = true};
    eki_index_add(&shard->watch_index, item->watch, position);
    return w;
}

/* A source of several services is followed by target too: once it uses more than two, as long as the service
 * is not itself a sweep. */
static bool feed_vertical(struct eki_shard *shard, uint32_t client_position, const struct eki_contact *c,
                          double step)
{
    struct eki_client *client = &shard->clients[client_position];
    if (client->services <= 2) return true;
    size_t before = client->vertical ? eki_vertical_bytes(client->vertical) : 0;
    if (!client->vertical) client->vertical = eki_allocate(1, sizeof *client->vertical);
    if (!client->vertical) return false;
    bool fed = eki_vertical_feed(client->vertical, c, step);
    shard->deep_bytes += eki_vertical_bytes(client->vertical) - before;
    return fed;
}

enum { VERTICAL_TARGETS_A_SERVICE = 64 };

/* A source past its cap of services: only the follow-up by target goes on. */
static enum eki_error unwatched(struct eki_shard *shard, const struct eki_weighing *item, double step)
{
    const struct eki_client *client = eki_shard_client(shard, item->contact->client, item->client);
    shard->unwatched++;
    if (!client) return EKI_OK; /* a full table of busier ones */
    bool fed = feed_vertical(shard, (uint32_t)(client - shard->clients), item->contact, step);
    return fed ? EKI_OK : EKI_ERROR_MEMORY;
}

static struct eki_first first_of(const struct eki_weighing *item)
{
    const struct eki_contact *c = item->contact;
    bool alive = item->answers & EKI_ANSWER_ALIVE, peers = item->answers & EKI_ANSWER_PEERS;
    return (struct eki_first){.target = c->server,
                              .time = c->time,
                              .packet = c->packet,
                              .input = c->input,
                              .step = (float)eki_outcome_step(c, alive, peers),
                              .answered = c->outcome >= EKI_OUTCOME_ANSWERED,
                              .known_peer = peers,
                              .busy = c->outcome >= EKI_OUTCOME_ANSWERED && alive};
}

enum eki_error eki_shard_weigh(struct eki_shard *shard, struct eki_weighing *item)
{
    const struct eki_contact *c = item->contact;
    struct eki_first first = first_of(item);
    struct eki_watch *w = eki_shard_find(shard, item);
    if (!w) w = make_watch(shard, item);
    if (!w) return unwatched(shard, item, (double)first.step);
    bool ok = w->targets > VERTICAL_TARGETS_A_SERVICE ||
              feed_vertical(shard, w->client_position, c, (double)first.step);
    struct eki_client *client = &shard->clients[w->client_position];
    bool before = w->reason;
    size_t bytes = eki_watch_bytes(w);
    enum eki_error error = eki_watch_feed(w, c, &first, client->sweeps && c->protocol != EKI_PROTOCOL_ARP);
    shard->deep_bytes += eki_watch_bytes(w) - bytes;
    if (w->reason && !before) item->outcome |= EKI_WEIGHED_DECIDED;
    if (w->protocol == EKI_PROTOCOL_ARP && w->reason) client->sweeps = true;
    if (shard->deep_bytes > shard->limits.deep_bytes) eki_shard_give_back(shard);
    return ok ? error : EKI_ERROR_MEMORY;
}
