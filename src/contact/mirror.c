/* SPDX-License-Identifier: Apache-2.0 */
/* Two directions become one conversation (see mirror.h). */
#include "contact/mirror.h"

#include "base/hash.h"
#include "base/memory.h"

enum {
    WAITING_LOG2 = 15,
    WAITING = 1 << WAITING_LOG2,
    FIN = 1,
    SYN = 2,
    RST = 4,
    ACK = 16,
    OPENING = 8, /* more options in SYN than in what follows: size, scale, SACK permitted */
    /* Nobody sends more than a first window without an answer (RFC 6928: ten segments, of some bytes). */
    FIRST_WINDOW = 10,
    BARE = 8 /* bytes of payload a packet; below that a series is one of repeated attempts */
};

/* Aggregation ends a record after ten minutes at the latest (VPC flow logs); what is further apart belongs to
 * another conversation. */
#define APART (600 * EKI_SECOND)

uint64_t eki_log_payload(uint8_t protocol, struct eki_address host, uint64_t packets, uint64_t bytes,
                         unsigned link)
{
    uint64_t headers = link + (eki_address_is_v4(host) ? 20 : 40);
    headers += protocol == EKI_PROTOCOL_TCP ? 32 : 8;
    if (protocol == EKI_PROTOCOL_TCP && packets < 3) return 0;
    if (packets > UINT32_MAX) return bytes;
    uint64_t all = headers * packets + (protocol == EKI_PROTOCOL_TCP ? OPENING : 0);
    return bytes > all ? bytes - all : 0;
}

bool eki_log_is_bare(struct eki_address host, uint64_t packets, uint64_t bytes)
{
    unsigned headers = eki_address_is_v4(host) ? 40 : 60;
    return packets && packets <= UINT32_MAX && bytes == packets * headers;
}

static int rank(uint16_t port)
{
    if (!port) return 0;
    return port < 1024 ? 3 : port < 32768 ? 2 : 1;
}

bool eki_log_service_is_target(uint16_t source_port, uint16_t target_port)
{
    int source = rank(source_port), target = rank(target_port);
    return source != target ? target > source : target_port <= source_port;
}

uint32_t eki_log_place(struct eki_field field)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < field.length && eki_field_there(field); i++)
        hash = eki_hash_two(hash, (unsigned char)field.at[i], i);
    return (uint32_t)hash;
}

/* The same for both directions. */
static uint64_t hash_of(const struct eki_log_half *h)
{
    uint64_t ports =
        (uint64_t)(h->source_port ^ h->target_port) << 16 | (uint16_t)(h->source_port + h->target_port);
    uint64_t one = eki_hash_address(h->source, 0, 0), other = eki_hash_address(h->target, 0, 0);
    return eki_hash_two(one ^ other, one + other, ports << 8 ^ h->protocol ^ (uint64_t)h->place << 32);
}

static bool is_same_way(const struct eki_log_half *a, const struct eki_log_half *b)
{
    return a->source_port == b->source_port && a->target_port == b->target_port &&
           eki_address_equal(a->source, b->source) && eki_address_equal(a->target, b->target);
}

static bool is_mirror(const struct eki_log_half *a, const struct eki_log_half *b)
{
    return a->source_port == b->target_port && a->target_port == b->source_port &&
           eki_address_equal(a->source, b->target) && eki_address_equal(a->target, b->source);
}

/* Did `h` come from the one who asked? Both directions may be there (`back`), or only one (NULL). */
static bool is_from_client(const struct eki_log_half *h, const struct eki_log_half *back, bool *ret_inferred)
{
    *ret_inferred = false;
    /* An answer can be held back too, where only questions are let through. */
    if (h->denied) return rank(h->source_port) < 3 || rank(h->target_port) > 1;
    if (h->tcp_flags & SYN)
        return !(h->tcp_flags & ACK) || (back && (back->tcp_flags & (SYN | ACK)) == (SYN | ACK));
    if (back && back->tcp_flags & SYN) return (back->tcp_flags & ACK) != 0;
    *ret_inferred = true;
    if (rank(h->source_port) != rank(h->target_port) || !back || back->first == h->first)
        return eki_log_service_is_target(h->source_port, h->target_port);
    return h->first < back->first;
}

static void judge_lone(const struct eki_log_half *h, struct eki_log_conversation *c, bool from_client)
{
    bool tcp = h->protocol == EKI_PROTOCOL_TCP;
    uint64_t each = h->packets ? h->bytes / h->packets : 0;
    if (!from_client) {
        bool refused = tcp && h->tcp_flags & RST && !(h->tcp_flags & SYN);
        c->outcome = refused ? EKI_OUTCOME_REFUSED : EKI_OUTCOME_ANSWERED;
        c->flags |= EKI_CONTACT_UNASKED;
    } else if (h->denied) {
        c->outcome = EKI_OUTCOME_NONE;
    } else if (!h->packets) {
        c->outcome = EKI_OUTCOME_ANSWERED; /* let through, and no more is told: nothing to hold against it */
    } else {
        bool talks = tcp && h->packets > FIRST_WINDOW && each >= BARE;
        c->outcome = talks ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_NONE;
    }
}

static void judge_pair(const struct eki_log_half *asked, const struct eki_log_half *answer,
                       struct eki_log_conversation *c)
{
    bool tcp = c->protocol == EKI_PROTOCOL_TCP;
    c->outcome = (uint8_t)eki_log_outcome(c);
    c->refused = tcp && (asked->tcp_flags | answer->tcp_flags) & RST;
    bool only_rst = tcp && answer->tcp_flags & RST && !(answer->tcp_flags & SYN);
    if (only_rst && c->outcome < EKI_OUTCOME_DATA) c->outcome = EKI_OUTCOME_REFUSED;
    /* Without flags: no SYN answered, nothing was carried, so it was RST. */
    bool bare = tcp && !answer->tcp_flags && answer->bare && !c->client_bytes;
    if (bare) c->outcome = EKI_OUTCOME_REFUSED;
}

static void hand_on(struct eki_log_reading *r, const struct eki_log_half *h, const struct eki_log_half *back)
{
    bool inferred, forward = is_from_client(h, back, &inferred);
    const struct eki_log_half *asked = forward ? h : back, *answer = forward ? back : h;
    struct eki_log_conversation c = {.client = forward ? h->source : h->target,
                                     .server = forward ? h->target : h->source,
                                     .client_port = forward ? h->source_port : h->target_port,
                                     .service = forward ? h->target_port : h->source_port,
                                     .time = back && back->first < h->first ? back->first : h->first,
                                     .end = back && back->last > h->last ? back->last : h->last,
                                     .client_bytes = asked ? asked->bytes : 0,
                                     .server_bytes = answer ? answer->bytes : 0,
                                     .client_packets = asked ? asked->packets : 0,
                                     .server_packets = answer ? answer->packets : 0,
                                     .protocol = h->protocol,
                                     .flags = inferred ? EKI_CONTACT_INFERRED : 0};
    if (back)
        judge_pair(asked, answer, &c);
    else
        judge_lone(h, &c, forward);
    uint64_t record = r->record;
    r->record = h->record;
    eki_log_conversation(r, &c);
    r->record = record;
}

static struct eki_log_half *find(struct eki_mirror *m, const struct eki_log_half *half, uint64_t hash)
{
    if (!m->waiting) return NULL;
    for (struct eki_index_probe p = eki_index_find(&m->index, hash); eki_index_next(&m->index, &p);) {
        struct eki_log_half *h = &m->waiting[p.position];
        if (h->protocol == half->protocol && h->place == half->place &&
            (is_same_way(h, half) || is_mirror(h, half)))
            return h;
    }
    return NULL;
}

/* An entry is free when nobody waits in it: then its record is 0. */
static void release(struct eki_mirror *m, struct eki_log_half *h, uint64_t hash)
{
    eki_index_remove(&m->index, hash, (uint32_t)(h - m->waiting));
    h->record = 0;
}

static bool is_ready(struct eki_log_reading *r, struct eki_mirror *m)
{
    if (m->waiting) return true;
    struct eki_log_half *waiting = eki_allocate(WAITING, sizeof *waiting);
    if (!waiting || eki_index_init(&m->index, WAITING_LOG2 + 1)) {
        eki_free(waiting);
        eki_log_fail(r, EKI_ERROR_MEMORY, 0, "records that wait for their mirror image");
        return false;
    }
    m->waiting = waiting;
    return true;
}

static void wait(struct eki_log_reading *r, struct eki_mirror *m, const struct eki_log_half *half,
                 uint64_t hash)
{
    struct eki_log_half *place = &m->waiting[m->next];
    if (place->record) {
        hand_on(r, place, NULL);
        release(m, place, hash_of(place));
    }
    *place = *half;
    if (!place->record) place->record = 1;
    eki_index_add(&m->index, hash, m->next);
    m->next = (m->next + 1) % WAITING;
}

static void add(struct eki_log_half *h, const struct eki_log_half *more)
{
    h->packets += more->packets;
    h->bytes += more->bytes;
    h->tcp_flags |= more->tcp_flags;
    if (more->first < h->first) h->first = more->first;
    if (more->last > h->last) h->last = more->last;
}

void eki_mirror_take(struct eki_log_reading *r, struct eki_mirror *mirror, const struct eki_log_half *half)
{
    struct eki_log_half given = *half;
    if (given.first == EKI_TIME_NONE || given.first < 0) {
        eki_log_reject(r, 0, given.first == EKI_TIME_NONE ? "it has no time" : "its time is before 1970");
        return;
    }
    given.first = eki_time_clamp(given.first);
    given.last = given.last < given.first ? given.first : eki_time_clamp(given.last);
    given.record = r->record;
    if (given.denied) {
        hand_on(r, &given, NULL);
        return;
    }
    if (!is_ready(r, mirror)) return;
    uint64_t hash = hash_of(&given);
    struct eki_log_half *other = find(mirror, &given, hash);
    bool apart = other && (given.first - other->last > APART || other->first - given.last > APART);
    if (other && !apart && is_same_way(other, &given)) {
        add(other, &given);
        return;
    }
    if (other) {
        hand_on(r, other, apart ? NULL : &given);
        release(mirror, other, hash);
        if (!apart) return;
    }
    wait(r, mirror, &given, hash);
}

bool eki_mirror_forget(struct eki_mirror *mirror, const struct eki_log_half *half, eki_time *ret_first)
{
    uint64_t hash = hash_of(half);
    struct eki_log_half *other = find(mirror, half, hash);
    if (!other) return false;
    *ret_first = other->first;
    release(mirror, other, hash);
    return true;
}

void eki_mirror_end(struct eki_log_reading *r, struct eki_mirror *mirror)
{
    for (uint32_t i = 0; i < WAITING && mirror->waiting && !r->error; i++) {
        struct eki_log_half *h = &mirror->waiting[(mirror->next + i) % WAITING];
        if (!h->record) continue;
        hand_on(r, h, NULL);
        h->record = 0;
    }
}

void eki_mirror_done(struct eki_mirror *mirror)
{
    eki_free(mirror->waiting);
    eki_index_done(&mirror->index);
    *mirror = (struct eki_mirror){.next = 0};
}
