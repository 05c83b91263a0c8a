/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_SHARD_H
#define EKI_SCAN_SHARD_H
/*
 * One part of the sources: all that is known of them, and of nobody else.
 *
 * A source belongs to the shard that a keyed hash of its address names. There are EKI_SHARDS of them, however
 * many threads there are, so what a shard knows does not depend on who works at it. What has to be known of
 * all sources at once, namely who is alive (dark/) and who are peers (peers/), the bank answers for each
 * contact before it comes here, and floods (flood/), which many sources make together, it counts afterwards:
 * a shard says which sources are new.
 *
 *     bank, in the order of contacts:    ask      -> weighing.answers
 *     shard of the client, in its order: weigh    -> weighing.outcome
 *     bank, in the order of contacts:    note     -> floods, the caller's `decided`
 *
 * A shard takes the contacts of its sources in their order, from one thread at a time; different shards may
 * be worked at the same time. Limits are a fixed share for each shard: which source gives way follows from
 * the contacts of its own shard alone.
 */
#include "base/hash.h"
#include "base/index.h"
#include "ekigaku/contact.h"
#include "scan/vertical/vertical.h"
#include "scan/watch.h"

/* Four bits of a hash: more than the cores of most machines that read one stream, few enough that each has
 * sources for a share of the memory (tests/unit/scan/test_shards.c). */
enum { EKI_SHARDS = 16, EKI_SHARD_BITS = 4 };

/* Watches stand in pieces of so many, which never move. */
enum { EKI_SHARD_CHUNK = 256 };
#define EKI_SHARD_NOBODY UINT32_MAX

/* A source that used more services than this on single targets gets no further watches: a port scan is
 * followed by target. */
enum { EKI_SHARD_SERVICES_A_CLIENT = 2048 };

/* The share of one shard. */
struct eki_shard_limits {
    uint32_t watches;      /* a multiple of EKI_SHARD_CHUNK */
    uint32_t idle_clients; /* sources whose watches made room but whose port scan is kept */
    uint64_t deep_bytes;
};

struct eki_client {
    struct eki_address address;
    struct eki_vertical *vertical; /* once it uses several services */
    uint32_t services;
    uint32_t watches; /* that it has now; the next vacant record when `vacant` */
    bool sweeps;      /* decided to sweep by ARP */
    bool vacant;
};

struct eki_shard {
    struct eki_watch **chunks; /* watches never move, so that growing needs no second copy of them */
    uint32_t watch_count, hand;
    struct eki_index watch_index;
    struct eki_client *clients;
    uint32_t client_count;
    size_t client_capacity;
    struct eki_index client_index;
    uint32_t vacant_client; /* head of a list, EKI_SHARD_NOBODY at its end */
    uint32_t idle_clients;  /* without a watch, kept for the ports that they scanned */
    struct eki_shard_limits limits;
    uint64_t deep_bytes; /* in use */
    uint64_t seed, pushed_out, thinned, unwatched;
};

/* What is known of a contact when it comes to its shard. */
enum eki_answer {
    EKI_ANSWER_ALIVE = 1, /* its server was seen sending before */
    EKI_ANSWER_PEERS = 2  /* the two have exchanged data before */
};

/* What came of it there. */
enum eki_weighed {
    EKI_WEIGHED_NEW = 1,     /* its client was not known */
    EKI_WEIGHED_DECIDED = 2, /* it settled that its client is searching */
    EKI_WEIGHED_SETTLED = 4  /* that had long been known: it was only counted */
};

/* A contact on its way through its shard. */
struct eki_weighing {
    const struct eki_contact *contact;
    uint64_t client, watch; /* hashes: of the client, of the client on its service */
    uint8_t answers;        /* enum eki_answer, or'ed */
    uint8_t outcome;        /* enum eki_weighed, or'ed */
};

/* The hash of a client: it says which shard is the client's, and with the service it gives that of the watch.
 */
static inline uint64_t eki_shard_hash(struct eki_address client, uint64_t seed)
{
    return eki_hash_address(client, 0, seed);
}

/* A contact with its hashes, as yet without answers. Field by field: it is read again before a copy would
 * have arrived in memory. */
static inline void eki_weighing_begin(struct eki_weighing *ret_item, const struct eki_contact *c,
                                      uint64_t seed)
{
    uint64_t service = (uint64_t)c->protocol << 16 | c->service;
    ret_item->contact = c;
    ret_item->client = eki_shard_hash(c->client, seed);
    ret_item->watch = eki_hash_fold(ret_item->client ^ 0x2d358dccaa6c78a5u, service ^ 0x8bb84b93962eacc9u);
    ret_item->answers = ret_item->outcome = 0;
}

/* The shard of a client, by its hash. */
static inline unsigned eki_shard_of(uint64_t client)
{
    return (unsigned)(client >> (64 - EKI_SHARD_BITS));
}

static inline struct eki_watch *eki_shard_watch(const struct eki_shard *shard, uint32_t position)
{
    return &shard->chunks[position / EKI_SHARD_CHUNK][position % EKI_SHARD_CHUNK];
}

/* An empty one, `seed` keys the hashing; pair with the _done below, which takes a zeroed one as well.
 * EKI_ERROR_MEMORY leaves something that only _done takes. */
EKI_MUST_USE enum eki_error eki_shard_init(struct eki_shard *ret_shard, const struct eki_shard_limits *limits,
                                           uint64_t seed);
/* Forgets all sources and gives the memory back; the counts of losses stay. O(watches). */
void eki_shard_release(struct eki_shard *shard);
void eki_shard_done(struct eki_shard *shard);

/* The record of a client by its hash, or NULL. O(1). */
struct eki_client *eki_shard_client(const struct eki_shard *shard, struct eki_address address, uint64_t hash);

/* The watch of the contact's client on its service, or NULL. O(1). */
struct eki_watch *eki_shard_find(const struct eki_shard *shard, const struct eki_weighing *weighing);

/* Is this the watch of that contact? */
static inline bool eki_shard_is_of(const struct eki_watch *w, const struct eki_contact *c)
{
    return w->service == c->service && w->protocol == c->protocol && eki_address_equal(w->client, c->client);
}

/* Takes a contact that was asked for and is not unasked; sets its outcome. EKI_ERROR_MEMORY loses its
 * evidence only. O(1). */
EKI_MUST_USE enum eki_error eki_shard_weigh(struct eki_shard *shard, struct eki_weighing *weighing);

/* budget.c: gives up what shows least until what is kept of busy sources fits again. */
void eki_shard_give_back(struct eki_shard *shard);
/* Frees what is known of the ports that a client tried, if anything. */
void eki_shard_drop_vertical(struct eki_shard *shard, struct eki_client *client);

/* Puts a client's record on the list of vacant ones; it holds nothing any more. */
void eki_shard_vacate(struct eki_shard *shard, uint32_t position);

struct eki_archive;
/* archive.c: written out, or read into one that is new: see base/archive.h. After an error it may only be
 * freed. */
void eki_shard_archive(struct eki_shard *shard, struct eki_archive *archive);

#endif
