/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/bank.h"

#include "base/hash.h"
#include "base/memory.h"
#include "scan/dark/live.h"
#include "scan/flood/flood.h"
#include "scan/outcome/outcome.h"
#include "scan/peers/peers.h"
#include "scan/state.h"
#include "scan/vertical/vertical.h"

enum eki_error eki_bank_new(uint64_t seed, const struct eki_bank_limits *limits, struct eki_bank **ret_bank)
{
    struct eki_bank *bank = eki_allocate(1, sizeof *bank);
    if (!bank) return EKI_ERROR_MEMORY;
    bank->seed = seed;
    bank->vacant_client = EKI_BANK_NOBODY;
    bank->limits = limits ? *limits : eki_bank_limits_for(0);
    bank->watch_chunks = eki_allocate(bank->limits.watches / EKI_BANK_CHUNK, sizeof *bank->watch_chunks);
    if (!bank->watch_chunks || eki_index_init(&bank->watch_index, 10) ||
        eki_index_init(&bank->client_index, 10) || eki_live_init(&bank->live, bank->limits.hosts, seed) ||
        eki_peers_init(&bank->peers) || eki_flood_init(&bank->flood, seed)) {
        eki_bank_free(bank);
        return EKI_ERROR_MEMORY;
    }
    *ret_bank = bank;
    return EKI_OK;
}

void eki_bank_release(struct eki_bank *bank)
{
    for (uint32_t i = 0; i < bank->watch_count; i++) eki_watch_done(eki_bank_watch(bank, i));
    for (uint32_t i = 0; bank->watch_chunks && i < bank->limits.watches / EKI_BANK_CHUNK; i++) {
        eki_free(bank->watch_chunks[i]);
        bank->watch_chunks[i] = NULL;
    }
    for (uint32_t i = 0; i < bank->client_count; i++) {
        if (bank->clients[i].vertical) eki_vertical_done(bank->clients[i].vertical);
        eki_free(bank->clients[i].vertical);
    }
    eki_free(bank->clients);
    bank->clients = NULL;
    bank->client_capacity = 0;
    bank->watch_count = bank->client_count = bank->hand = bank->idle_clients = 0;
    bank->vacant_client = EKI_BANK_NOBODY;
    bank->deep_bytes = 0;
    if (bank->watch_index.slots) eki_index_clear(&bank->watch_index);
    if (bank->client_index.slots) eki_index_clear(&bank->client_index);
}

void eki_bank_free(struct eki_bank *bank)
{
    if (!bank) return;
    eki_bank_release(bank);
    eki_free(bank->watch_chunks);
    eki_index_done(&bank->watch_index);
    eki_index_done(&bank->client_index);
    eki_live_done(&bank->live);
    eki_peers_done(&bank->peers);
    eki_flood_done(&bank->flood);
    eki_free(bank);
}

uint64_t eki_bank_hosts(const struct eki_bank *bank, bool *ret_estimated)
{
    return eki_live_count(&bank->live, ret_estimated);
}

struct eki_bank_losses eki_bank_losses(const struct eki_bank *bank)
{
    return (struct eki_bank_losses){bank->pushed_out, bank->thinned, bank->unwatched, bank->flood.replaced};
}

static uint64_t watch_hash(const struct eki_bank *bank, const struct eki_contact *c)
{
    return eki_hash_address(c->client, (uint64_t)c->protocol << 16 | c->service, bank->seed);
}

static bool is_watch_of(const struct eki_watch *w, const struct eki_contact *c)
{
    return w->service == c->service && w->protocol == c->protocol && eki_address_equal(w->client, c->client);
}

static struct eki_watch *find_watch(struct eki_bank *bank, const struct eki_contact *c, uint64_t hash)
{
    struct eki_index_probe probe = eki_index_find(&bank->watch_index, hash);
    while (eki_index_next(&bank->watch_index, &probe)) {
        struct eki_watch *w = eki_bank_watch(bank, probe.position);
        if (is_watch_of(w, c)) return w;
    }
    return NULL;
}

struct eki_watch *eki_bank_find(struct eki_bank *bank, struct eki_address client, uint8_t protocol,
                                uint16_t service)
{
    struct eki_contact c = {.client = client, .protocol = protocol, .service = service};
    return find_watch(bank, &c, watch_hash(bank, &c));
}

static uint64_t client_hash(const struct eki_bank *bank, struct eki_address address)
{
    return eki_hash_address(address, 0, bank->seed ^ 1);
}

struct eki_client *eki_bank_client(struct eki_bank *bank, struct eki_address address)
{
    struct eki_index_probe probe = eki_index_find(&bank->client_index, client_hash(bank, address));
    while (eki_index_next(&bank->client_index, &probe))
        if (eki_address_equal(bank->clients[probe.position].address, address))
            return &bank->clients[probe.position];
    return NULL;
}

void eki_bank_vacate(struct eki_bank *bank, uint32_t position)
{
    bank->clients[position] = (struct eki_client){.watches = bank->vacant_client, .vacant = true};
    bank->vacant_client = position;
}

/* A record that nobody has. */
static bool room_for_client(struct eki_bank *bank, uint32_t *ret_position)
{
    if (bank->vacant_client != EKI_BANK_NOBODY) {
        *ret_position = bank->vacant_client;
        bank->vacant_client = bank->clients[*ret_position].watches;
        return true;
    }
    struct eki_client *clients =
        eki_array_reserve(bank->clients, bank->client_count, &bank->client_capacity, sizeof *clients);
    if (!clients) return false;
    bank->clients = clients;
    if (eki_index_full(&bank->client_index) && eki_index_grow(&bank->client_index)) return false;
    *ret_position = bank->client_count++;
    return true;
}

/* The record of a client; a new one when it has none. NULL without memory. There are at most as many as
 * watches, the idle ones and one more, because who has lost the last watch loses the record too. */
static struct eki_client *client_for(struct eki_bank *bank, struct eki_address address, bool *ret_new)
{
    struct eki_client *client = eki_bank_client(bank, address);
    uint32_t position;
    if (client) return client;
    if (!room_for_client(bank, &position)) return NULL;
    eki_index_add(&bank->client_index, client_hash(bank, address), position);
    bank->clients[position] = (struct eki_client){.address = address};
    *ret_new = true;
    return &bank->clients[position];
}

/* The client has no watch any more: its record is given back, unless its port scan is yet to be told. */
static void leave_client(struct eki_bank *bank, uint32_t position)
{
    struct eki_client *client = &bank->clients[position];
    bool tells = client->vertical && eki_vertical_has_finding(client->vertical);
    if (tells && bank->idle_clients < EKI_BANK_IDLE_CLIENTS) {
        bank->idle_clients++;
        return;
    }
    eki_index_remove(&bank->client_index, client_hash(bank, client->address), position);
    eki_bank_drop_vertical(bank, client);
    eki_bank_vacate(bank, position);
}

/* Gives up one watch that shows nothing: undecided, not touched since the clock hand last passed, and of the
 * next two such ones that with less evidence. So a scan of a probe an hour outlives the many that tried
 * one target and were answered. */
static struct eki_watch *push_out(struct eki_bank *bank, uint32_t *ret_position)
{
    enum { CANDIDATES = 2 };
    uint32_t best = EKI_BANK_NOBODY;
    double least = 0;
    int seen = 0;
    for (uint32_t tries = 0; tries < 2 * bank->limits.watches && seen < CANDIDATES; tries++) {
        bank->hand = (bank->hand + 1) % bank->watch_count;
        struct eki_watch *w = eki_bank_watch(bank, bank->hand);
        if (w->reason || (w->full && tries < bank->limits.watches)) continue;
        if (w->recent) {
            w->recent = false;
            continue;
        }
        double evidence = eki_watch_evidence(w);
        if (!seen++ || evidence < least) {
            best = bank->hand;
            least = evidence;
        }
        if (evidence <= 0) break;
    }
    if (best == EKI_BANK_NOBODY) return NULL;
    struct eki_watch *w = eki_bank_watch(bank, best);
    eki_index_remove(&bank->watch_index, w->hash, best);
    bank->deep_bytes -= eki_watch_bytes(w);
    eki_watch_done(w);
    bank->pushed_out++;
    if (!--bank->clients[w->client_position].watches) leave_client(bank, w->client_position);
    *ret_position = best;
    return w;
}

static struct eki_watch *room_for_watch(struct eki_bank *bank, uint32_t *ret_position)
{
    if (bank->watch_count >= bank->limits.watches) return push_out(bank, ret_position);
    struct eki_watch **chunk = &bank->watch_chunks[bank->watch_count / EKI_BANK_CHUNK];
    if (!*chunk) *chunk = eki_allocate(EKI_BANK_CHUNK, sizeof **chunk);
    if (!*chunk) return NULL;
    *ret_position = bank->watch_count++;
    return eki_bank_watch(bank, *ret_position);
}

static struct eki_watch *make_watch(struct eki_bank *bank, const struct eki_contact *c, uint64_t hash)
{
    bool new_client = false;
    struct eki_client *client = client_for(bank, c->client, &new_client);
    if (new_client && c->protocol != EKI_PROTOCOL_ARP) eki_flood_feed(&bank->flood, c);
    if (!client) return NULL;
    if (client->services >= EKI_BANK_SERVICES_A_CLIENT) return NULL;
    uint32_t position, client_position = (uint32_t)(client - bank->clients);
    bool idle = !new_client && !client->watches;
    client->watches++; /* now, so that it is not given back if the watch that makes room is its own */
    bool room = !eki_index_full(&bank->watch_index) || !eki_index_grow(&bank->watch_index);
    struct eki_watch *w = room ? room_for_watch(bank, &position) : NULL;
    if (idle) bank->idle_clients--;
    if (!w && !--client->watches) leave_client(bank, client_position);
    if (!w) return NULL;
    client->services++;
    *w = (struct eki_watch){.client = c->client,
                            .hash = hash,
                            .first = c->time,
                            .last = c->time,
                            .first_packet = c->packet,
                            .first_input = c->input,
                            .client_position = client_position,
                            .service = c->service,
                            .protocol = c->protocol,
                            .used = true};
    eki_index_add(&bank->watch_index, hash, position);
    return w;
}

/* A source of several services is followed by target too: once it uses more than two, as long as the service
 * is not itself a sweep. */
static bool feed_vertical(struct eki_bank *bank, uint32_t client_position, const struct eki_contact *c,
                          double step)
{
    struct eki_client *client = &bank->clients[client_position];
    if (client->services <= 2) return true;
    size_t before = client->vertical ? eki_vertical_bytes(client->vertical) : 0;
    if (!client->vertical) client->vertical = eki_allocate(1, sizeof *client->vertical);
    if (!client->vertical) return false;
    bool fed = eki_vertical_feed(client->vertical, c, step);
    bank->deep_bytes += eki_vertical_bytes(client->vertical) - before;
    return fed;
}

static void note_hosts(struct eki_bank *bank, const struct eki_contact *c)
{
    eki_live_add(&bank->live, c->client);
    if (c->outcome >= EKI_OUTCOME_REFUSED) eki_live_add(&bank->live, c->server);
}

enum { VERTICAL_TARGETS_A_SERVICE = 64 };

/* A source past its cap of services: only the follow-up by target goes on. */
static enum eki_error unwatched(struct eki_bank *bank, const struct eki_contact *c, double step)
{
    const struct eki_client *client = eki_bank_client(bank, c->client);
    bank->unwatched++;
    if (!client) return EKI_OK; /* a full table of busier ones */
    return feed_vertical(bank, (uint32_t)(client - bank->clients), c, step) ? EKI_OK : EKI_ERROR_MEMORY;
}

/* A source that is known to be searching: the hosts that answer it are noted, the rest is counted. */
static enum eki_error count_settled(struct eki_bank *bank, struct eki_watch *w, const struct eki_contact *c,
                                    uint32_t tag)
{
    if (c->outcome >= EKI_OUTCOME_REFUSED) note_hosts(bank, c);
    if (c->outcome >= EKI_OUTCOME_ANSWERED) eki_peers_add(&bank->peers, c->client, c->server);
    return eki_watch_count(w, c, tag);
}

/* A contact of a source that is not, or not yet, known to be searching. */
static enum eki_error weigh(struct eki_bank *bank, const struct eki_contact *c, uint64_t hash,
                            bool *ret_decided)
{
    bool known_peer = eki_peers_has(&bank->peers, c->client, c->server);
    struct eki_first first = {
        .target = c->server,
        .time = c->time,
        .packet = c->packet,
        .input = c->input,
        .step = (float)eki_outcome_step(c, eki_live_has(&bank->live, c->server), known_peer),
        .answered = c->outcome >= EKI_OUTCOME_ANSWERED,
        .known_peer = known_peer,
        .busy = c->outcome >= EKI_OUTCOME_ANSWERED && eki_live_has(&bank->live, c->server)};
    note_hosts(bank, c);
    bool data_moves = c->protocol == EKI_PROTOCOL_TCP || c->protocol == EKI_PROTOCOL_UDP;
    if (first.answered && data_moves) eki_peers_add(&bank->peers, c->client, c->server);
    struct eki_watch *w = find_watch(bank, c, hash);
    if (!w) w = make_watch(bank, c, hash);
    if (!w) return unwatched(bank, c, (double)first.step);
    bool ok = w->targets > VERTICAL_TARGETS_A_SERVICE ||
              feed_vertical(bank, w->client_position, c, (double)first.step);
    struct eki_client *client = &bank->clients[w->client_position];
    bool before = w->reason;
    size_t bytes = eki_watch_bytes(w);
    enum eki_error error = eki_watch_feed(w, c, &first, client->sweeps && c->protocol != EKI_PROTOCOL_ARP);
    bank->deep_bytes += eki_watch_bytes(w) - bytes;
    *ret_decided = w->reason && !before;
    if (w->protocol == EKI_PROTOCOL_ARP && w->reason) client->sweeps = true;
    if (bank->deep_bytes > bank->limits.deep_bytes) eki_bank_give_back(bank);
    return ok ? error : EKI_ERROR_MEMORY;
}

static enum eki_error take(struct eki_bank *bank, const struct eki_contact *c, uint64_t hash,
                           bool *ret_decided)
{
    *ret_decided = false;
    if (!(c->flags & EKI_CONTACT_UNASKED)) return weigh(bank, c, hash, ret_decided);
    eki_live_add(&bank->live, c->server);
    eki_flood_feed(&bank->flood, c);
    return EKI_OK;
}

/* The contacts of one call, and what was found out about them ahead. */
struct group {
    const struct eki_contact *contacts;
    size_t count, open_count;
    uint64_t hashes[EKI_BANK_GROUP];
    uint32_t tags[EKI_BANK_GROUP]; /* where the watch is settled, else 0 */
    struct eki_watch *watches[EKI_BANK_GROUP];
    uint8_t open[EKI_BANK_GROUP]; /* those whose source is not settled */
};

/* Fetches the watches that are probably those of the contacts. */
static void fetch_watches(struct eki_bank *bank, struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        group->hashes[i] = watch_hash(bank, &group->contacts[i]);
        eki_index_prefetch(&bank->watch_index, group->hashes[i]);
    }
    for (size_t i = 0; i < group->count; i++) {
        struct eki_index_probe probe = eki_index_find(&bank->watch_index, group->hashes[i]);
        if (!eki_index_next(&bank->watch_index, &probe)) continue;
        const char *w = (const char *)eki_bank_watch(bank, probe.position);
        __builtin_prefetch(w, 1);
        __builtin_prefetch(w + 64, 1);
    }
}

/* Finds the watches; of settled ones fetches what counting takes, of the others what follows next. */
static void find_watches(struct eki_bank *bank, struct group *group)
{
    group->open_count = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct eki_contact *c = &group->contacts[i];
        bool unasked = c->flags & EKI_CONTACT_UNASKED;
        struct eki_watch *w = unasked ? NULL : find_watch(bank, c, group->hashes[i]);
        group->watches[i] = w;
        group->tags[i] = 0;
        if (w && w->settled) {
            group->tags[i] = eki_reach_tag(c->server);
            eki_reach_prefetch_sketch(w->registers, group->tags[i]);
            continue;
        }
        group->open[group->open_count++] = (uint8_t)i;
        eki_live_prefetch(&bank->live, c->server);
        eki_live_prefetch(&bank->live, c->client);
        eki_peers_prefetch(&bank->peers, c->client, c->server);
        if (w) __builtin_prefetch(&bank->clients[w->client_position], 1);
        if (w) eki_watch_prefetch(w);
    }
}

/* What lies behind the pointers that find_watches has fetched. */
static void fetch_details(const struct eki_bank *bank, const struct group *group)
{
    for (size_t k = 0; k < group->open_count; k++) {
        const struct eki_watch *w = group->watches[group->open[k]];
        if (!w) continue;
        eki_watch_prefetch_details(w, eki_reach_tag(group->contacts[group->open[k]].server));
        const char *vertical = (const char *)bank->clients[w->client_position].vertical;
        for (size_t at = 0; vertical && at < sizeof(struct eki_vertical); at += 64)
            __builtin_prefetch(vertical + at, 1);
    }
}

enum eki_error eki_bank_contacts(struct eki_bank *bank, const struct eki_contact *contacts, size_t count,
                                 bool ret_decided[EKI_BANK_GROUP])
{
    struct group group;
    group.contacts = contacts;
    group.count = count;
    enum eki_error error = EKI_OK;
    uint64_t pushed_out = bank->pushed_out;
    fetch_watches(bank, &group);
    find_watches(bank, &group);
    fetch_details(bank, &group);
    for (size_t i = 0; i < count; i++) {
        const struct eki_contact *c = &contacts[i];
        struct eki_watch *w = group.watches[i];
        ret_decided[i] = false;
        /* A watch that was there before the group is there still, unless a full table gave it to somebody
         * else. */
        bool settled = w && w->settled && (bank->pushed_out == pushed_out || is_watch_of(w, c));
        if (settled && !group.tags[i]) group.tags[i] = eki_reach_tag(c->server); /* settled in this group */
        enum eki_error one = settled ? count_settled(bank, w, c, group.tags[i])
                                     : take(bank, c, group.hashes[i], &ret_decided[i]);
        if (!error) error = one;
    }
    return error;
}
