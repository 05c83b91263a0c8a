/* SPDX-License-Identifier: Apache-2.0 */
#include "contact/pending.h"

#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"

struct held {
    struct eki_contact contact;
    eki_time opened; /* the clock when it was opened: never runs backwards, unlike contact.time */
    uint64_t hash;
};

struct eki_pending {
    struct held *ring;
    uint64_t head, tail; /* ring[head % size] is the oldest; tail - head are held */
    struct eki_index index;
    uint64_t seed, forced;
    eki_time now;
    eki_contact_sink *sink;
    void *user;
};

enum { RING_MASK = EKI_PENDING_CONTACTS - 1 };

enum eki_error eki_pending_new(uint64_t seed, eki_contact_sink *sink, void *user, struct eki_pending **ret_pending)
{
    struct eki_pending *pending = eki_allocate(1, sizeof *pending);
    if (!pending) return EKI_ERROR_MEMORY;
    pending->seed = seed;
    pending->sink = sink;
    pending->user = user;
    pending->now = EKI_TIME_NONE;
    pending->ring = eki_allocate(EKI_PENDING_CONTACTS, sizeof *pending->ring);
    if (!pending->ring || eki_index_init(&pending->index, 18)) {
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
    eki_index_done(&pending->index);
    eki_free(pending);
}

uint64_t eki_pending_forced(const struct eki_pending *pending)
{
    return pending->forced;
}

/* Hands the oldest contact on. */
static void release(struct eki_pending *pending)
{
    uint32_t position = (uint32_t)(pending->head++ & RING_MASK);
    struct held *h = &pending->ring[position];
    eki_index_remove(&pending->index, h->hash, position);
    if ((h->contact.flags & EKI_CONTACT_UNASKED) && h->contact.outcome > EKI_OUTCOME_ANSWERED) {
        /* Data followed, so somebody had asked: the request was lost, or never passed here. */
        h->contact.flags &= (uint8_t)~EKI_CONTACT_UNASKED;
        h->contact.flags |= EKI_CONTACT_INFERRED;
    }
    pending->sink(pending->user, &h->contact);
}

static void move_clock(struct eki_pending *pending, eki_time time)
{
    if (time <= pending->now) return;
    pending->now = time;
    while (pending->head != pending->tail && pending->ring[pending->head & RING_MASK].opened < time - EKI_CONTACT_HOLD) release(pending);
}

static uint64_t hash_of(const struct eki_pending *pending, const struct eki_step *s)
{
    uint64_t more = (uint64_t)s->packet->protocol << 16 | eki_step_service(s);
    return eki_hash_pair(eki_step_client(s), eki_step_server(s), more, pending->seed ^ 0x9e3779b97f4a7c15u);
}

static bool is_of(const struct eki_contact *c, const struct eki_step *s)
{
    return c->service == eki_step_service(s) && c->protocol == s->packet->protocol && eki_address_equal(c->client, eki_step_client(s)) &&
           eki_address_equal(c->server, eki_step_server(s));
}

static struct eki_contact *find(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    struct eki_index_probe probe = eki_index_find(&pending->index, hash);
    while (eki_index_next(&pending->index, &probe)) {
        struct eki_contact *c = &pending->ring[probe.position].contact;
        if (is_of(c, s)) return c;
    }
    return NULL;
}

static uint8_t flags_of(const struct eki_step *s)
{
    const struct eki_packet *p = s->packet;
    uint8_t flags = (s->inferred || s->opens ? EKI_CONTACT_INFERRED : 0) | (s->odd ? EKI_CONTACT_ODD : 0);
    bool bare_syn = p->protocol == EKI_PROTOCOL_TCP && (p->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK)) == EKI_TCP_SYN;
    if (bare_syn && eki_address_is_v4(p->target) && p->sequence == (uint32_t)p->target.lo) flags |= EKI_CONTACT_SEQ_IS_TARGET;
    return flags;
}

static struct eki_contact *open_contact(struct eki_pending *pending, const struct eki_step *s, uint64_t hash)
{
    if (pending->tail - pending->head == EKI_PENDING_CONTACTS) {
        pending->ring[pending->head & RING_MASK].contact.flags |= EKI_CONTACT_FORCED;
        pending->forced++;
        release(pending);
    }
    const struct eki_packet *p = s->packet;
    uint32_t position = (uint32_t)(pending->tail++ & RING_MASK);
    struct held *h = &pending->ring[position];
    h->contact = (struct eki_contact){.client = eki_step_client(s),
                                      .server = eki_step_server(s),
                                      .time = p->time,
                                      .answered = EKI_TIME_NONE,
                                      .packet = p->number,
                                      .attempts = 1,
                                      .client_port = eki_step_client_port(s),
                                      .service = eki_step_service(s),
                                      .input = p->input,
                                      .protocol = p->protocol,
                                      .flags = flags_of(s)};
    h->opened = pending->now;
    h->hash = hash;
    eki_index_add(&pending->index, hash, position);
    return &h->contact;
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

/* Payload in a TCP connection proves it established; payload both ways is EKI_OUTCOME_DATA. A datagram back is an answer. */
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

void eki_pending_batch(struct eki_pending *pending, const struct eki_step *steps, size_t count)
{
    uint64_t hashes[EKI_PACKET_BATCH];
    for (size_t i = 0; i < count; i++) {
        if (steps[i].kind == EKI_STEP_NONE) continue;
        hashes[i] = hash_of(pending, &steps[i]);
        eki_index_prefetch(&pending->index, hashes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        move_clock(pending, steps[i].packet->time);
        if (steps[i].kind == EKI_STEP_NONE) continue;
        /* One packet for many is no attempt to reach one. */
        if (eki_address_is_group(steps[i].packet->target)) continue;
        take(pending, &steps[i], hashes[i]);
    }
}

void eki_pending_finish(struct eki_pending *pending)
{
    while (pending->head != pending->tail) release(pending);
}
