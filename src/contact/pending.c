/* SPDX-License-Identifier: Apache-2.0 */
#include "contact/pending.h"

#include "base/archive.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/quad.h"

/*
 * Finds a held contact: four slots, each a 12-bit tag of the hash and the low bits of a running number, eight
 * times the ring. Nothing is ever removed: a slot whose number has left the ring is free. So a silent attempt
 * costs one cache line when it comes and none when it goes.
 */
enum { BUCKETS = 1 << 16, BUCKET_SLOTS = 4, NUMBER_BITS = 19 };
_Static_assert(EKI_PENDING_CONTACTS * 8 == 1 << NUMBER_BITS,
               "numbers that have left the ring are told from those in it");

struct bucket {
    uint32_t slot[BUCKET_SLOTS]; /* 0 is empty */
};

struct eki_pending {
    struct eki_contact *ring;
    eki_time *opened;    /* the clock when it was opened: never runs backwards, unlike contact.time */
    uint64_t head, tail; /* ring[head % size] is the oldest; tail - head are held */
    struct bucket *buckets;
    uint64_t seed, forced, late;
    uint32_t behind; /* packets in a row that lie FAR before the clock */
    eki_time now;
    eki_contact_sink *sink;
    void *user;
};

enum { RING_MASK = EKI_PENDING_CONTACTS - 1, NUMBER_MASK = (1 << NUMBER_BITS) - 1 };

enum eki_error eki_pending_new(uint64_t seed, eki_contact_sink *sink, void *user,
                               struct eki_pending **ret_pending)
{
    struct eki_pending *pending = eki_allocate(1, sizeof *pending);
    if (!pending) return EKI_ERROR_MEMORY;
    pending->seed = seed;
    pending->sink = sink;
    pending->user = user;
    pending->now = EKI_TIME_NONE;
    pending->ring = eki_allocate(EKI_PENDING_CONTACTS, sizeof *pending->ring);
    pending->buckets = eki_allocate(BUCKETS, sizeof *pending->buckets);
    pending->opened = eki_allocate(EKI_PENDING_CONTACTS, sizeof *pending->opened);
    if (!pending->ring || !pending->opened || !pending->buckets) {
        eki_pending_free(pending);
        return EKI_ERROR_MEMORY;
    }
    *ret_pending = pending;
    return EKI_OK;
}

void eki_pending_free(struct eki_pending *pending)
{
    if (!pending) return;
    eki_free(pending->ring);
    eki_free(pending->opened);
    eki_free(pending->buckets);
    eki_free(pending);
}

uint64_t eki_pending_forced(const struct eki_pending *pending)
{
    return pending->forced;
}

size_t eki_pending_held(const struct eki_pending *pending)
{
    return (size_t)(pending->tail - pending->head);
}

uint64_t eki_pending_late(const struct eki_pending *pending)
{
    return pending->late;
}

/* Hands the oldest `count` contacts on, which lie in one piece. */
static void release(struct eki_pending *pending, uint64_t count)
{
    struct eki_contact *first = &pending->ring[pending->head & RING_MASK];
    for (uint64_t i = 0; i < count; i++) {
        struct eki_contact *c = &first[i];
        if (!(c->flags & EKI_CONTACT_UNASKED) || c->outcome <= EKI_OUTCOME_ANSWERED) continue;
        /* Data followed, so somebody had asked: the request was lost, or never passed here. */
        c->flags &= (uint8_t)~EKI_CONTACT_UNASKED;
        c->flags |= EKI_CONTACT_INFERRED;
    }
    pending->head += count;
    pending->sink(pending->user, first, count);
}

/* How many of the oldest, up to a group, lie in one piece. */
static uint64_t piece(const struct eki_pending *pending)
{
    uint64_t held = pending->tail - pending->head,
             to_end = EKI_PENDING_CONTACTS - (pending->head & RING_MASK);
    uint64_t most = held < EKI_PENDING_GROUP ? held : EKI_PENDING_GROUP;
    return most < to_end ? most : to_end;
}

static bool is_over(const struct eki_pending *pending, uint64_t number)
{
    return pending->opened[number & RING_MASK] < pending->now - EKI_CONTACT_HOLD;
}

/* Contacts go on when the clock passes a tick, 2^26 ns or 67 ms: often enough to be no loss, seldom enough
 * for groups, for which those who take them fetch the memory before they look at the first. That depends on
 * the packets' times alone, not on how many were there at once. */
enum { TICK_BITS = 26 };

static eki_time tick_of(eki_time now)
{
    return now & ~((INT64_C(1) << TICK_BITS) - 1);
}

bool eki_pending_ticks(const struct eki_pending *pending, eki_time time)
{
    return time > pending->now && (pending->now == EKI_TIME_NONE || tick_of(time) != tick_of(pending->now));
}

/* Hands on all whose hold was over at the last tick. */
static void release_due(struct eki_pending *pending)
{
    eki_time tick = tick_of(pending->now);
    for (;;) {
        uint64_t most = piece(pending), due = 0;
        while (due < most && pending->opened[(pending->head + due) & RING_MASK] < tick - EKI_CONTACT_HOLD)
            due++;
        if (!due) return;
        release(pending, due);
    }
}

void eki_pending_clock(struct eki_pending *pending, eki_time time)
{
    if (!eki_pending_ticks(pending, time)) return;
    pending->now = time;
    release_due(pending);
}

/* Makes room when the ring is full. */
static void release_early(struct eki_pending *pending)
{
    uint64_t count = piece(pending);
    for (uint64_t i = 0; i < count; i++) {
        if (is_over(pending, pending->head + i)) continue;
        pending->ring[(pending->head + i) & RING_MASK].flags |= EKI_CONTACT_FORCED;
        pending->forced++;
    }
    release(pending, count);
}

static uint64_t hash_of(const struct eki_pending *pending, const struct eki_step *s)
{
    const struct eki_packet *p = s->packet;
    uint64_t more = (uint64_t)p->protocol << 16;
    uint64_t seed = pending->seed ^ 0x9e3779b97f4a7c15u;
    return s->from_client ? eki_hash_pair(p->source, p->target, more | p->target_port, seed)
                          : eki_hash_pair(p->target, p->source, more | p->source_port, seed);
}

static bool is_of(const struct eki_contact *c, const struct eki_step *s)
{
    return c->service == eki_step_service(s) && c->protocol == s->packet->protocol &&
           eki_address_equal(c->client, eki_step_client(s)) &&
           eki_address_equal(c->server, eki_step_server(s));
}

static struct bucket *bucket_of(const struct eki_pending *pending, uint64_t hash)
{
    return &pending->buckets[hash % BUCKETS];
}

/* The upper part of a slot; never 0, so that no used slot looks empty. */
static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 52 | 1) << NUMBER_BITS;
}

/* How long ago, in contacts, the one of this slot was opened; what is not held any more is older than all
 * that are. */
static uint32_t age_of(const struct eki_pending *pending, uint32_t slot)
{
    return (uint32_t)(pending->tail - 1 - slot) & NUMBER_MASK;
}

static struct eki_contact *find(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    const struct bucket *bucket = bucket_of(pending, hash);
    uint64_t held = pending->tail - pending->head;
    uint32_t tag = tag_of(hash);
    if (!eki_quad_has(bucket->slot, tag, ~(uint32_t)NUMBER_MASK)) return NULL;
    for (int i = 0; i < BUCKET_SLOTS; i++) {
        uint32_t slot = bucket->slot[i];
        if ((slot ^ tag) > NUMBER_MASK || age_of(pending, slot) >= held || is_over(pending, slot)) continue;
        struct eki_contact *c = &pending->ring[slot & RING_MASK];
        if (is_of(c, s)) return c;
    }
    return NULL;
}

/* Puts a number in front of its bucket. The last one falls out: hardly ever one that is still held (mean load
 * one of four at worst). */
static void enter(struct eki_pending *pending, uint64_t hash, uint32_t number)
{
    uint32_t last = eki_quad_push(bucket_of(pending, hash)->slot, tag_of(hash) | (number & NUMBER_MASK));
    if (!last || age_of(pending, last) >= pending->tail - pending->head || is_over(pending, last)) return;
    pending->ring[last & RING_MASK].flags |= EKI_CONTACT_FORCED;
    pending->forced++;
}

static uint8_t flags_of(const struct eki_step *s)
{
    const struct eki_packet *p = s->packet;
    uint8_t flags = (s->inferred || s->opens ? EKI_CONTACT_INFERRED : 0) | (s->odd ? EKI_CONTACT_ODD : 0);
    bool bare_syn =
        p->protocol == EKI_PROTOCOL_TCP && (p->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK)) == EKI_TCP_SYN;
    if (bare_syn && eki_address_is_v4(p->target) && p->sequence == (uint32_t)p->target.lo)
        flags |= EKI_CONTACT_SEQ_IS_TARGET;
    return flags;
}

/* Written field by field, in place: a sweep writes one for each probe. */
static struct eki_contact *open_contact(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    if (pending->tail - pending->head == EKI_PENDING_CONTACTS) release_early(pending);
    const struct eki_packet *p = s->packet;
    uint64_t number = pending->tail++;
    struct eki_contact *c = &pending->ring[number & RING_MASK];
    c->client = s->from_client ? p->source : p->target;
    c->server = s->from_client ? p->target : p->source;
    c->time = p->time;
    c->answered = EKI_TIME_NONE;
    c->packet = p->number;
    c->attempts = 1;
    c->payload = 0;
    c->client_port = s->from_client ? p->source_port : p->target_port;
    c->service = s->from_client ? p->target_port : p->source_port;
    c->input = p->input;
    c->protocol = p->protocol;
    c->outcome = EKI_OUTCOME_NONE;
    c->flags = flags_of(s);
    pending->opened[number & RING_MASK] = pending->now;
    enter(pending, hash, (uint32_t)number);
    return c;
}

static void raise_outcome(struct eki_contact *c, const struct eki_step *s, enum eki_outcome outcome)
{
    bool answer = !s->from_client && c->answered == EKI_TIME_NONE;
    if (answer) c->answered = s->packet->time > c->time ? s->packet->time : c->time;
    if (c->outcome < outcome) c->outcome = (uint8_t)outcome;
}

static void attempt(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    struct eki_contact *c = find(pending, s, hash);
    if (c) {
        if (c->attempts < UINT32_MAX) c->attempts++;
        c->flags &= (uint8_t)~EKI_CONTACT_UNASKED;
    } else {
        c = open_contact(pending, s, hash);
    }
    if (!c->payload) c->payload = s->packet->payload_wire;
}

/* Payload in a TCP connection proves it established; payload both ways is EKI_OUTCOME_DATA. A datagram back
 * is an answer. */
static void data(struct eki_contact *c, const struct eki_step *s)
{
    if (s->from_client && !c->payload) c->payload = s->packet->payload_wire;
    if (c->protocol != EKI_PROTOCOL_TCP) {
        if (!s->from_client) raise_outcome(c, s, EKI_OUTCOME_ANSWERED);
        return;
    }
    c->flags |= s->from_client ? EKI_CONTACT_UPLOAD : EKI_CONTACT_DOWNLOAD;
    bool both = (c->flags & EKI_CONTACT_UPLOAD) && (c->flags & EKI_CONTACT_DOWNLOAD);
    raise_outcome(c, s, both ? EKI_OUTCOME_DATA : EKI_OUTCOME_ESTABLISHED);
}

static void unasked(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    struct eki_contact *c = find(pending, s, hash);
    bool refused = s->packet->kind == EKI_PACKET_REFUSAL || (s->packet->tcp_flags & EKI_TCP_RST);
    if (!c) {
        c = open_contact(pending, s, hash);
        c->flags |= EKI_CONTACT_UNASKED;
    }
    raise_outcome(c, s, refused ? EKI_OUTCOME_REFUSED : EKI_OUTCOME_ANSWERED);
}

static void take(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    if (s->kind == EKI_STEP_ATTEMPT) {
        attempt(pending, s, hash);
        return;
    }
    if (s->kind == EKI_STEP_UNASKED) {
        unasked(pending, s, hash);
        return;
    }
    struct eki_contact *c = find(pending, s, hash);
    if (!c && s->opens) c = open_contact(pending, s, hash);
    if (!c) return; /* its hold was over: what it became is told by the flow */
    switch (s->kind) {
    case EKI_STEP_ANSWER: raise_outcome(c, s, EKI_OUTCOME_ANSWERED); break;
    case EKI_STEP_REFUSAL: raise_outcome(c, s, EKI_OUTCOME_REFUSED); break;
    case EKI_STEP_ESTABLISHED: raise_outcome(c, s, EKI_OUTCOME_ESTABLISHED); break;
    case EKI_STEP_CLIENT_DATA:
    case EKI_STEP_SERVER_DATA: data(c, s); break;
    default: break;
    }
}

/* A step that says something, and the clock at its packet. */
struct work {
    const struct eki_step *step;
    uint64_t hash;
    eki_time now;
};

/* A capture's clock that is set back stays so: when so many packets in a row are so much older than the
 * newest, they tell the time. */
#define FAR (60 * EKI_SECOND)
enum { IN_A_ROW = 64 };

/* Lists the steps of a batch that have work to do, without a branch for each: which ones do follows no
 * pattern that a processor could guess. Leaves the clock at the last packet. */
static size_t list_work(struct eki_pending *pending, const struct eki_step *steps, size_t count,
                        struct work ret_work[EKI_PACKET_BATCH])
{
    eki_time now = pending->now;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct eki_packet *p = steps[i].packet;
        now = p->time > now ? p->time : now;
        pending->late += p->time < now - EKI_CONTACT_HOLD;
        pending->behind = p->time < now - FAR ? pending->behind + 1 : 0;
        ret_work[used].step = &steps[i];
        ret_work[used].now = now;
        /* One packet for many is no attempt to reach one. */
        used += (steps[i].kind != EKI_STEP_NONE) & !eki_address_is_group(p->target);
    }
    pending->now = now;
    return used;
}

/* Fetches what will be written behind the newest contact, and what will be handed on next. */
static void fetch_ends(const struct eki_pending *pending, size_t count)
{
    enum { LINE = 64 };
    for (size_t at = 0; at < count * sizeof *pending->ring; at += LINE) {
        const char *next = (const char *)&pending->ring[pending->tail & RING_MASK] + at;
        const char *oldest = (const char *)&pending->ring[pending->head & RING_MASK] + at;
        const char *end = (const char *)(pending->ring + EKI_PENDING_CONTACTS);
        __builtin_prefetch(next < end ? next : next - EKI_PENDING_CONTACTS * sizeof *pending->ring, 1);
        __builtin_prefetch(oldest < end ? oldest : oldest - EKI_PENDING_CONTACTS * sizeof *pending->ring);
    }
}

void eki_pending_batch(struct eki_pending *pending, const struct eki_step *steps, size_t count)
{
    struct work work[EKI_PACKET_BATCH];
    size_t used = list_work(pending, steps, count, work);
    eki_time end = pending->now;
    for (size_t i = 0; i < used; i++) {
        work[i].hash = hash_of(pending, work[i].step);
        __builtin_prefetch(bucket_of(pending, work[i].hash), 1);
    }
    fetch_ends(pending, used);
    for (size_t i = 0; i < used; i++) {
        pending->now = work[i].now;
        take(pending, work[i].step, work[i].hash);
    }
    pending->now = end;
    release_due(pending);
    if (pending->behind < IN_A_ROW || !count) return;
    eki_pending_finish(pending);
    pending->now = steps[count - 1].packet->time;
    pending->behind = 0;
}

void eki_pending_finish(struct eki_pending *pending)
{
    while (pending->head != pending->tail) release(pending, piece(pending));
}

void eki_contact_archive(struct eki_contact *c, struct eki_archive *a)
{
    eki_archive_address(a, &c->client);
    eki_archive_address(a, &c->server);
    eki_archive_time(a, &c->time);
    eki_archive_time(a, &c->answered);
    eki_archive_u64(a, &c->packet);
    eki_archive_u32(a, &c->attempts);
    eki_archive_u32(a, &c->payload);
    eki_archive_u16(a, &c->client_port);
    eki_archive_u16(a, &c->service);
    eki_archive_u16(a, &c->input);
    eki_archive_u8(a, &c->protocol);
    eki_archive_u8_up_to(a, &c->outcome, EKI_OUTCOME_DATA);
    eki_archive_u8(a, &c->flags);
    if (c->time == EKI_TIME_NONE) eki_archive_refuse(a);
}

void eki_pending_archive(struct eki_pending *pending, struct eki_archive *a)
{
    enum { CONTACT_BYTES = 80 };
    uint32_t held = (uint32_t)(pending->tail - pending->head);
    eki_archive_u64(a, &pending->head);
    eki_archive_count(a, &held, EKI_PENDING_CONTACTS, CONTACT_BYTES);
    if (pending->head >> 62) eki_archive_refuse(a);
    pending->tail = pending->head + (a->error ? 0 : held);
    eki_archive_time(a, &pending->now);
    if (held && pending->now == EKI_TIME_NONE) eki_archive_refuse(a);
    for (uint64_t i = pending->head; i != pending->tail && !a->error; i++) {
        eki_contact_archive(&pending->ring[i & RING_MASK], a);
        eki_archive_time(a, &pending->opened[i & RING_MASK]);
    }
    eki_archive_sparse(a, pending->buckets, BUCKETS * sizeof *pending->buckets);
    eki_archive_u64(a, &pending->forced);
    eki_archive_u64(a, &pending->late);
    eki_archive_u32(a, &pending->behind);
}
