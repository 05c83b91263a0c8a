/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/bank.h"

#include "base/hash.h"
#include "base/memory.h"
#include "scan/state.h"

static struct eki_shard_limits share_of(const struct eki_bank_limits *limits)
{
    return (struct eki_shard_limits){.watches = limits->watches / EKI_SHARDS,
                                     .idle_clients = EKI_BANK_IDLE_CLIENTS / EKI_SHARDS,
                                     .deep_bytes = limits->deep_bytes / EKI_SHARDS};
}

enum eki_error eki_bank_new(uint64_t seed, const struct eki_bank_limits *limits, struct eki_bank **ret_bank)
{
    struct eki_bank *bank = eki_allocate(1, sizeof *bank);
    if (!bank) return EKI_ERROR_MEMORY;
    bank->seed = seed;
    bank->limits = limits ? *limits : eki_bank_limits_for(0);
    struct eki_shard_limits share = share_of(&bank->limits);
    enum eki_error error = eki_live_init(&bank->live, bank->limits.hosts);
    if (!error) error = eki_peers_init(&bank->peers);
    if (!error) error = eki_flood_init(&bank->flood, seed);
    for (int i = 0; i < EKI_SHARDS && !error; i++) error = eki_shard_init(&bank->shards[i], &share, seed);
    if (error) {
        eki_bank_free(bank);
        return EKI_ERROR_MEMORY;
    }
    *ret_bank = bank;
    return EKI_OK;
}

void eki_bank_release(struct eki_bank *bank)
{
    for (int i = 0; i < EKI_SHARDS; i++) eki_shard_release(&bank->shards[i]);
}

void eki_bank_free(struct eki_bank *bank)
{
    if (!bank) return;
    for (int i = 0; i < EKI_SHARDS; i++) eki_shard_done(&bank->shards[i]);
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
    struct eki_bank_losses losses = {.flood_rows = bank->flood.replaced};
    for (int i = 0; i < EKI_SHARDS; i++) {
        losses.pushed_out += bank->shards[i].pushed_out;
        losses.thinned += bank->shards[i].thinned;
        losses.unwatched += bank->shards[i].unwatched;
    }
    return losses;
}

uint64_t eki_bank_settled(const struct eki_bank *bank)
{
    return bank->settled;
}

static struct eki_shard *shard_of(struct eki_bank *bank, const struct eki_weighing *item)
{
    return &bank->shards[eki_shard_of(item->client)];
}

struct eki_client *eki_bank_client(struct eki_bank *bank, struct eki_address address)
{
    uint64_t hash = eki_shard_hash(address, bank->seed);
    return eki_shard_client(&bank->shards[eki_shard_of(hash)], address, hash);
}

struct eki_watch *eki_bank_find(struct eki_bank *bank, struct eki_address client, uint8_t protocol,
                                uint16_t service)
{
    struct eki_contact c = {.client = client, .protocol = protocol, .service = service};
    struct eki_weighing item;
    eki_weighing_begin(&item, &c, bank->seed);
    return eki_shard_find(shard_of(bank, &item), &item);
}

static bool is_unasked(const struct eki_contact *c)
{
    return c->flags & EKI_CONTACT_UNASKED;
}

static bool moves_data(const struct eki_contact *c)
{
    return c->protocol == EKI_PROTOCOL_TCP || c->protocol == EKI_PROTOCOL_UDP;
}

/* What is asked about one contact, by the hashes of its server and of the pair. */
struct question {
    uint64_t server, pair;
};

static struct question question_of(const struct eki_bank *bank, const struct eki_contact *c)
{
    return (struct question){eki_hash_address(c->server, 0, bank->seed),
                             eki_peers_hash(c->client, c->server)};
}

static void fetch_answers(const struct eki_bank *bank, const struct eki_weighing *item,
                          const struct question *q)
{
    eki_live_prefetch(&bank->live, item->client);
    eki_live_prefetch(&bank->live, q->server);
    eki_peers_prefetch(&bank->peers, q->pair);
}

/* Answers for one contact, then notes what it tells. */
static void ask(struct eki_bank *bank, struct eki_weighing *item, const struct question *q)
{
    const struct eki_contact *c = item->contact;
    if (is_unasked(c)) {
        eki_live_add(&bank->live, c->server, q->server);
        return;
    }
    if (eki_live_has(&bank->live, c->server, q->server)) item->answers |= EKI_ANSWER_ALIVE;
    if (eki_peers_has(&bank->peers, q->pair)) item->answers |= EKI_ANSWER_PEERS;
    eki_live_add(&bank->live, c->client, item->client);
    if (c->outcome >= EKI_OUTCOME_REFUSED) eki_live_add(&bank->live, c->server, q->server);
    if (c->outcome >= EKI_OUTCOME_ANSWERED && moves_data(c)) eki_peers_add(&bank->peers, q->pair);
}

void eki_bank_ask(struct eki_bank *bank, const struct eki_contact *contacts, size_t count,
                  struct eki_weighing *ret_items)
{
    struct question questions[EKI_BANK_GROUP];
    for (size_t i = 0; i < count; i++) {
        eki_weighing_begin(&ret_items[i], &contacts[i], bank->seed);
        questions[i] = question_of(bank, &contacts[i]);
        fetch_answers(bank, &ret_items[i], &questions[i]);
    }
    for (size_t i = 0; i < count; i++) ask(bank, &ret_items[i], &questions[i]);
}

/* Contacts that are weighed together, and what was found out about them ahead. */
struct group {
    struct eki_weighing items[EKI_BANK_GROUP];
    size_t count, open_count;
    struct eki_shard *shards[EKI_BANK_GROUP];
    struct eki_watch *watches[EKI_BANK_GROUP];
    uint32_t tags[EKI_BANK_GROUP]; /* where the watch is settled, else 0 */
    uint8_t open[EKI_BANK_GROUP];  /* those whose source is not settled */
};

/* Fetches the watches that are probably those of the contacts, whose places were fetched before. */
static void fetch_watches(struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct eki_shard *shard = group->shards[i];
        struct eki_index_probe probe = eki_index_find(&shard->watch_index, group->items[i].watch);
        group->watches[i] = NULL;
        if (!eki_index_next(&shard->watch_index, &probe)) continue;
        group->watches[i] = eki_shard_watch(shard, probe.position);
        __builtin_prefetch(group->watches[i], 1);
        __builtin_prefetch((const char *)group->watches[i] + 64, 1);
    }
}

/* The watch of the i-th contact, which is the one that was fetched or lies behind it. */
static struct eki_watch *watch_of(const struct group *group, size_t i)
{
    struct eki_watch *w = group->watches[i];
    if (!w || is_unasked(group->items[i].contact)) return NULL;
    return eki_shard_is_of(w, group->items[i].contact) ? w
                                                       : eki_shard_find(group->shards[i], &group->items[i]);
}

/* Finds the watches; of settled ones fetches what counting takes, of the others what follows next. */
static void find_watches(struct group *group)
{
    group->open_count = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct eki_contact *c = group->items[i].contact;
        const struct eki_shard *shard = group->shards[i];
        struct eki_watch *w = group->watches[i] = watch_of(group, i);
        group->tags[i] = 0;
        if (w && w->settled) {
            group->tags[i] = eki_reach_tag(c->server);
            eki_reach_prefetch_sketch(w->registers, group->tags[i]);
            continue;
        }
        group->open[group->open_count++] = (uint8_t)i;
        if (w) __builtin_prefetch(&shard->clients[w->client_position], 1);
        if (w) eki_watch_prefetch(w);
    }
}

/* What lies behind the pointers that find_watches has fetched. */
static void fetch_details(const struct group *group)
{
    for (size_t k = 0; k < group->open_count; k++) {
        size_t i = group->open[k];
        const struct eki_watch *w = group->watches[i];
        if (!w) continue;
        eki_watch_prefetch_details(w, eki_reach_tag(group->items[i].contact->server));
        const char *vertical = (const char *)group->shards[i]->clients[w->client_position].vertical;
        for (size_t at = 0; vertical && at < sizeof(struct eki_vertical); at += 64)
            __builtin_prefetch(vertical + at, 1);
    }
}

/* Is the i-th contact one of a source that is known to be searching? A watch that was there before the group
 * is there still, unless a full table gave it to somebody else; it may have been settled in this group. */
static bool is_settled(const struct group *group, size_t i)
{
    const struct eki_watch *w = group->watches[i];
    return w && w->settled && eki_shard_is_of(w, group->items[i].contact);
}

static enum eki_error count(struct group *group, size_t i)
{
    const struct eki_contact *c = group->items[i].contact;
    uint32_t tag = group->tags[i] ? group->tags[i] : eki_reach_tag(c->server);
    group->items[i].outcome |= EKI_WEIGHED_SETTLED;
    return eki_watch_count(group->watches[i], c, tag);
}

/* The i-th contact of a source that is not, or not yet, known to be searching. */
static enum eki_error weigh(struct group *group, size_t i)
{
    struct eki_weighing *item = &group->items[i];
    return is_unasked(item->contact) ? EKI_OK : eki_shard_weigh(group->shards[i], item);
}

/* At most EKI_BANK_GROUP items of one shard. */
static enum eki_error weigh_group(struct eki_shard *shard, struct eki_weighing *const *items,
                                  struct group *group)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < group->count; i++) {
        group->items[i] = *items[i];
        group->shards[i] = shard;
        eki_index_prefetch(&shard->watch_index, group->items[i].watch);
    }
    fetch_watches(group);
    find_watches(group);
    fetch_details(group);
    for (size_t i = 0; i < group->count; i++) {
        enum eki_error one = is_settled(group, i) ? count(group, i) : weigh(group, i);
        items[i]->outcome = group->items[i].outcome;
        if (!error) error = one;
    }
    return error;
}

enum eki_error eki_bank_weigh(struct eki_bank *bank, struct eki_weighing *const *items, size_t count)
{
    struct group group;
    enum eki_error error = EKI_OK;
    for (size_t at = 0; at < count; at += group.count) {
        group.count = count - at < EKI_BANK_GROUP ? count - at : EKI_BANK_GROUP;
        enum eki_error one = weigh_group(shard_of(bank, items[0]), items + at, &group);
        if (!error) error = one;
    }
    return error;
}

void eki_bank_note(struct eki_bank *bank, const struct eki_weighing *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct eki_contact *c = items[i].contact;
        bank->settled += (items[i].outcome & EKI_WEIGHED_SETTLED) != 0;
        bool fresh = items[i].outcome & EKI_WEIGHED_NEW && c->protocol != EKI_PROTOCOL_ARP;
        if (fresh || is_unasked(c)) eki_flood_feed(&bank->flood, c);
    }
}

/*
 * All three steps of one contact. The answers for a source that is known to be searching would not be used,
 * and a sweep is nothing but such contacts: they are only asked for the others. What it tells is noted all
 * the same: its client was noted before, when it was not known yet.
 */
static enum eki_error take(struct eki_bank *bank, struct group *group, size_t i, const struct question *asked)
{
    struct eki_weighing *item = &group->items[i];
    bool settled = is_settled(group, i);
    if (settled && item->contact->outcome < EKI_OUTCOME_REFUSED) return count(group, i);
    struct question fresh;
    const struct question *q = asked;
    if (group->tags[i]) {
        fresh = question_of(bank, item->contact);
        q = &fresh;
    }
    ask(bank, item, q);
    if (settled) return count(group, i);
    enum eki_error error = weigh(group, i);
    eki_bank_note(bank, item, 1);
    return error;
}

enum eki_error eki_bank_contacts(struct eki_bank *bank, const struct eki_contact *contacts, size_t count,
                                 bool ret_decided[EKI_BANK_GROUP])
{
    struct group group;
    struct question questions[EKI_BANK_GROUP];
    enum eki_error error = EKI_OK;
    group.count = count;
    for (size_t i = 0; i < count; i++) {
        eki_weighing_begin(&group.items[i], &contacts[i], bank->seed);
        group.shards[i] = shard_of(bank, &group.items[i]);
        eki_index_prefetch(&group.shards[i]->watch_index, group.items[i].watch);
    }
    fetch_watches(&group);
    find_watches(&group);
    for (size_t k = 0; k < group.open_count; k++) {
        size_t i = group.open[k];
        questions[i] = question_of(bank, &contacts[i]);
        fetch_answers(bank, &group.items[i], &questions[i]);
    }
    fetch_details(&group);
    for (size_t i = 0; i < count; i++) {
        enum eki_error one = take(bank, &group, i, &questions[i]);
        ret_decided[i] = group.items[i].outcome & EKI_WEIGHED_DECIDED;
        bank->settled += (group.items[i].outcome & EKI_WEIGHED_SETTLED) != 0;
        if (!error) error = one;
    }
    return error;
}
