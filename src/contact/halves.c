/* SPDX-License-Identifier: Apache-2.0 */
#include "contact/halves.h"

#include <string.h>

#include "base/archive.h"
#include "base/hash.h"
#include "base/memory.h"
#include "contact/halves_judge.h"

#define MOST_COUNTED (UINT64_C(1) << 56)

/* Active timeouts are up to an hour: what ends further from the others has a wrong clock, unless so many in a
 * row have it. */
#define FAR (6 * 3600 * EKI_SECOND)
enum { IN_A_ROW = 64 };

enum { FIRST_LOG2 = 10, ECHO_REPLY = 0, ECHO_REQUEST = 8, ECHO6_REQUEST = 128, ECHO6_REPLY = 129 };

/* What the records of one direction told, without its flags. */
struct counts {
    uint64_t packets, bytes, seen_packets;
    eki_time first, last;
};

/* Nearly all that wait have one direction only: the second one's counts stand elsewhere, so that a slot is
 * 112 bytes, and one that is looked up costs two cache lines. */
struct eki_halves_slot {
    struct eki_address ends[2];
    uint16_t ports[2];
    uint8_t protocol;
    uint8_t flags[2];
    bool flags_told : 1;
    bool side : 1; /* the direction that was seen first: `counts` are its own */
    struct counts counts;
    uint64_t record;
    eki_time changed; /* the clock at the last record */
    uint32_t older, newer;
    uint32_t tag;   /* of its hash */
    uint32_t other; /* place of the other direction's counts + 1, 0 when it was not seen */
};

struct eki_halves_other {
    struct counts counts;
    uint32_t next; /* free place + 1 */
};

uint64_t eki_halves_times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) || product > MOST_COUNTED ? MOST_COUNTED : product;
}

uint64_t eki_halves_plus(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) || sum > MOST_COUNTED ? MOST_COUNTED : sum;
}

enum eki_error eki_halves_init(struct eki_halves *ret_halves, uint64_t seed)
{
    *ret_halves = (struct eki_halves){.seed = seed, .clock = EKI_TIME_NONE};
    return eki_index_init(&ret_halves->index, FIRST_LOG2);
}

void eki_halves_done(struct eki_halves *h)
{
    eki_index_done(&h->index);
    eki_free(h->slots);
    eki_free(h->others);
    *h = (struct eki_halves){.clock = EKI_TIME_NONE};
}

static void unlink_slot(struct eki_halves *h, uint32_t name)
{
    struct eki_halves_slot *s = &h->slots[name - 1];
    if (s->older)
        h->slots[s->older - 1].newer = s->newer;
    else
        h->oldest = s->newer;
    if (s->newer)
        h->slots[s->newer - 1].older = s->older;
    else
        h->newest = s->older;
    s->older = s->newer = 0;
}

static void link_newest(struct eki_halves *h, uint32_t name)
{
    struct eki_halves_slot *s = &h->slots[name - 1];
    s->older = h->newest;
    s->newer = 0;
    if (h->newest)
        h->slots[h->newest - 1].newer = name;
    else
        h->oldest = name;
    h->newest = name;
    s->changed = h->clock;
}

static struct eki_halves_side side_of(const struct eki_halves *h, const struct eki_halves_slot *s, int side)
{
    const struct counts *c = NULL;
    if (side == s->side)
        c = &s->counts;
    else if (s->other)
        c = &h->others[s->other - 1].counts;
    if (!c) return (struct eki_halves_side){.seen = false};
    return (struct eki_halves_side){c->packets,     c->bytes, c->seen_packets, c->first, c->last,
                                    s->flags[side], true};
}

static struct eki_halves_pair pair_of(const struct eki_halves *h, const struct eki_halves_slot *s)
{
    return (struct eki_halves_pair){{s->ends[0], s->ends[1]},
                                    {s->ports[0], s->ports[1]},
                                    s->protocol,
                                    s->flags_told,
                                    {side_of(h, s, 0), side_of(h, s, 1)}};
}

/* What will be handed out soon: the slot of the fourth from now, and the place in the index of the second,
 * whose slot was fetched before. */
static void fetch_oldest(const struct eki_halves *h)
{
    enum { INDEX_AHEAD = 2, SLOT_AHEAD = 4 };
    uint32_t name = h->oldest;
    for (int i = 1; name && i < SLOT_AHEAD; i++) {
        const struct eki_halves_slot *s = &h->slots[name - 1];
        if (i == INDEX_AHEAD) eki_index_prefetch(&h->index, s->tag);
        name = s->newer;
    }
    if (!name) return;
    const char *slot = (const char *)&h->slots[name - 1];
    __builtin_prefetch(slot, 1);
    __builtin_prefetch(slot + 64, 1);
}

static void hand_out(struct eki_halves *h, struct eki_log_reading *r, uint32_t name, uint8_t flags)
{
    struct eki_halves_slot *s = &h->slots[name - 1];
    struct eki_halves_pair pair = pair_of(h, s);
    struct eki_log_conversation c = eki_halves_judge(&pair);
    uint64_t record = r->record;
    c.flags |= flags;
    r->record = s->record;
    eki_log_conversation(r, &c);
    r->record = record;
    unlink_slot(h, name);
    fetch_oldest(h);
    eki_index_remove(&h->index, s->tag, name - 1);
    if (s->other) {
        h->others[s->other - 1].next = h->free_other;
        h->free_other = s->other;
    }
    s->newer = h->free;
    h->free = name;
}

void eki_halves_finish(struct eki_halves *h, struct eki_log_reading *r)
{
    /* Also after an input that ended too early. */
    while (h->oldest && r->error != EKI_ERROR_MEMORY) hand_out(h, r, h->oldest, 0);
}

static void expire(struct eki_halves *h, struct eki_log_reading *r)
{
    while (h->oldest && h->slots[h->oldest - 1].changed < h->clock - EKI_HALVES_WAIT && !r->error)
        hand_out(h, r, h->oldest, 0);
}

/* One wild date must neither end all that is held nor keep it for ever. */
static void tell_time(struct eki_halves *h, struct eki_log_reading *r, eki_time last)
{
    bool far = h->clock != EKI_TIME_NONE && (last > h->clock + FAR || last < h->clock - FAR);
    h->elsewhere = far ? h->elsewhere + 1 : 0;
    if (far && h->elsewhere < IN_A_ROW) return;
    if (far) eki_halves_finish(h, r);
    h->elsewhere = 0;
    if (far || last > h->clock) h->clock = last;
    expire(h, r);
}

/* The place for a new conversation: position + 1, 0 without memory. */
static uint32_t take_slot(struct eki_halves *h, struct eki_log_reading *r)
{
    if (!h->free && h->used == EKI_HALVES_MOST) {
        h->forced++;
        hand_out(h, r, h->oldest, EKI_CONTACT_FORCED);
    }
    uint32_t name = h->free;
    if (name) {
        h->free = h->slots[name - 1].newer;
        return name;
    }
    struct eki_halves_slot *slots = eki_array_reserve(h->slots, h->used, &h->capacity, sizeof *slots);
    if (!slots) return 0;
    h->slots = slots;
    return (uint32_t)++h->used;
}

/* The place for a second direction's counts: position + 1, 0 without memory. There are never more than
 * slots. */
static uint32_t take_other(struct eki_halves *h)
{
    uint32_t name = h->free_other;
    if (name) {
        h->free_other = h->others[name - 1].next;
        return name;
    }
    struct eki_halves_other *others =
        eki_array_reserve(h->others, h->others_used, &h->others_capacity, sizeof *others);
    if (!others) return 0;
    h->others = others;
    return (uint32_t)++h->others_used;
}

static void fail(struct eki_log_reading *r)
{
    eki_log_fail(r, EKI_ERROR_MEMORY, 0, "one-way records");
}

/* A record with its ends in order; `side` is the direction that is its own. */
struct work {
    struct eki_half half;
    struct eki_address ends[2];
    uint16_t ports[2];
    uint64_t hash;
    bool side;
    bool carries; /* else it can be no contact */
};

static struct counts own_counts(const struct eki_half *half)
{
    return (struct counts){.packets = eki_halves_plus(half->packets, 0),
                           .bytes = eki_halves_plus(half->bytes, 0),
                           .seen_packets = eki_halves_plus(half->sampled ? half->sampled : half->packets, 0),
                           .first = half->first,
                           .last = half->last};
}

/* What came back, when the record tells both. */
static struct counts back_counts(const struct eki_half *half)
{
    return (struct counts){.packets = eki_halves_plus(half->back_packets, 0),
                           .bytes = eki_halves_plus(half->back_bytes, 0),
                           .seen_packets = eki_halves_plus(half->back_packets, 0),
                           .first = half->last > half->first ? half->first + 1 : half->first,
                           .last = half->last};
}

static bool tells_both(const struct eki_half *half)
{
    return half->back_packets || half->back_bytes;
}

static bool same_ends(const struct eki_halves_slot *s, const struct work *w)
{
    return eki_address_equal(s->ends[0], w->ends[0]) && eki_address_equal(s->ends[1], w->ends[1]) &&
           s->ports[0] == w->ports[0] && s->ports[1] == w->ports[1] && s->protocol == w->half.protocol;
}

static bool is_near_counts(const struct counts *c, eki_time first, eki_time last)
{
    return first <= c->last + EKI_HALVES_WAIT && last + EKI_HALVES_WAIT >= c->first;
}

/* Does the record lie near enough in time to belong to the conversation? */
static bool is_near(const struct eki_halves *h, const struct eki_halves_slot *s, const struct eki_half *half)
{
    return is_near_counts(&s->counts, half->first, half->last) ||
           (s->other && is_near_counts(&h->others[s->other - 1].counts, half->first, half->last));
}

static void add_counts(struct counts *held, const struct counts *more)
{
    held->packets = eki_halves_plus(held->packets, more->packets);
    held->bytes = eki_halves_plus(held->bytes, more->bytes);
    held->seen_packets = eki_halves_plus(held->seen_packets, more->seen_packets);
    if (more->first < held->first) held->first = more->first;
    if (more->last > held->last) held->last = more->last;
}

/* Adds to one direction of a conversation; false without memory. */
static bool add_side(struct eki_halves *h, struct eki_halves_slot *s, bool side, const struct counts *more)
{
    if (side == s->side) {
        add_counts(&s->counts, more);
    } else if (s->other) {
        add_counts(&h->others[s->other - 1].counts, more);
    } else {
        s->other = take_other(h);
        if (s->other) h->others[s->other - 1].counts = *more;
        return s->other != 0;
    }
    return true;
}

static uint64_t hash_of(const struct eki_halves *h, const struct eki_address ends[2], const uint16_t ports[2],
                        uint8_t protocol)
{
    uint64_t more = (uint64_t)ports[0] << 24 | (uint64_t)ports[1] << 8 | protocol;
    return eki_hash_pair(ends[0], ends[1], more, h->seed);
}

static uint32_t find(const struct eki_halves *h, const struct work *w)
{
    struct eki_index_probe probe = eki_index_find(&h->index, w->hash);
    while (eki_index_next(&h->index, &probe))
        if (same_ends(&h->slots[probe.position], w)) return probe.position + 1;
    return 0;
}

/* A new conversation with its ends and nothing told yet, as the newest; NULL without memory. */
static struct eki_halves_slot *insert(struct eki_halves *h, struct eki_log_reading *r, uint64_t hash)
{
    bool grown = !eki_index_full(&h->index) || !eki_index_grow(&h->index);
    uint32_t name = grown ? take_slot(h, r) : 0;
    if (!name) {
        fail(r);
        return NULL;
    }
    struct eki_halves_slot *s = &h->slots[name - 1];
    s->tag = eki_index_tag(hash);
    s->other = 0;
    eki_index_add(&h->index, hash, name - 1);
    link_newest(h, name);
    return s;
}

static void begin(struct eki_halves *h, struct eki_log_reading *r, const struct work *w)
{
    struct eki_halves_slot *s = insert(h, r, w->hash);
    if (!s) return;
    memcpy(s->ends, w->ends, sizeof s->ends);
    memcpy(s->ports, w->ports, sizeof s->ports);
    s->protocol = w->half.protocol;
    s->flags[w->side] = w->half.flags;
    s->flags[!w->side] = 0;
    s->flags_told = w->half.flags_told;
    s->side = w->side;
    s->counts = own_counts(&w->half);
    s->record = w->half.record;
    if (!tells_both(&w->half)) return;
    struct counts back = back_counts(&w->half);
    s->flags[!w->side] = w->half.back_flags;
    if (!add_side(h, s, !w->side, &back)) fail(r);
}

static void go_on(struct eki_halves *h, struct eki_log_reading *r, uint32_t name, const struct work *w)
{
    struct eki_halves_slot *s = &h->slots[name - 1];
    struct counts own = own_counts(&w->half), back = back_counts(&w->half);
    bool added = add_side(h, s, w->side, &own);
    s->flags[w->side] |= w->half.flags;
    if (tells_both(&w->half)) {
        added = add_side(h, s, !w->side, &back) && added;
        s->flags[!w->side] |= w->half.back_flags;
    }
    if (!added) fail(r);
    s->flags_told = s->flags_told && w->half.flags_told;
    unlink_slot(h, name);
    link_newest(h, name);
}

static void archive_side(struct eki_archive *a, struct eki_halves_side *s)
{
    eki_archive_u64(a, &s->packets);
    eki_archive_u64(a, &s->bytes);
    eki_archive_u64(a, &s->seen_packets);
    eki_archive_time(a, &s->first);
    eki_archive_time(a, &s->last);
    eki_archive_u8(a, &s->flags);
    eki_archive_bool(a, &s->seen);
    bool sane = !s->seen || (s->first >= 0 && s->first <= s->last);
    if (!sane || s->packets > MOST_COUNTED || s->bytes > MOST_COUNTED || s->seen_packets > MOST_COUNTED)
        eki_archive_refuse(a);
}

static void archive_pair(struct eki_archive *a, struct eki_halves_pair *p)
{
    for (int i = 0; i < 2; i++) {
        eki_archive_address(a, &p->ends[i]);
        eki_archive_u16(a, &p->ports[i]);
        archive_side(a, &p->sides[i]);
    }
    eki_archive_u8(a, &p->protocol);
    eki_archive_bool(a, &p->flags_told);
    if (!p->sides[0].seen && !p->sides[1].seen) eki_archive_refuse(a);
}

/* A conversation as it was written. */
static void restore(struct eki_halves *h, struct eki_log_reading *r, const struct eki_halves_pair *p,
                    uint64_t record)
{
    struct eki_halves_slot *s = insert(h, r, hash_of(h, p->ends, p->ports, p->protocol));
    if (!s) return;
    memcpy(s->ends, p->ends, sizeof s->ends);
    memcpy(s->ports, p->ports, sizeof s->ports);
    s->protocol = p->protocol;
    s->flags_told = p->flags_told;
    s->side = !p->sides[0].seen;
    s->record = record;
    for (int i = 0; i < 2; i++) {
        const struct eki_halves_side *t = &p->sides[i];
        struct counts c = {t->packets, t->bytes, t->seen_packets, t->first, t->last};
        s->flags[i] = t->flags;
        if (t->seen && i == s->side) s->counts = c;
        if (t->seen && i != s->side && !add_side(h, s, i, &c)) fail(r);
    }
}

void eki_halves_archive(struct eki_halves *h, struct eki_log_reading *r, struct eki_archive *a)
{
    enum { HELD_BYTES = 138 };
    size_t count = 0;
    for (uint32_t name = h->oldest; name; name = h->slots[name - 1].newer) count++;
    eki_archive_size(a, &count, EKI_HALVES_MOST, HELD_BYTES);
    uint32_t next = h->oldest;
    for (size_t i = 0; i < count && !a->error; i++) {
        struct eki_halves_slot read = {.tag = 0}, *s = a->writing ? &h->slots[next - 1] : &read;
        struct eki_halves_pair pair = {.protocol = 0};
        if (a->writing) pair = pair_of(h, s);
        archive_pair(a, &pair);
        eki_archive_u64(a, &s->record);
        eki_archive_time(a, &s->changed);
        if (a->writing) {
            next = s->newer;
            continue;
        }
        if (a->error) return;
        restore(h, r, &pair, read.record);
        if (h->newest) h->slots[h->newest - 1].changed = read.changed;
        if (r->error) a->error = r->error;
    }
    eki_archive_time(a, &h->clock);
    eki_archive_u32(a, &h->elsewhere);
    eki_archive_u64(a, &h->forced);
}

/* Echo requests and replies as an ask and an answer; both without ports, so that they mirror each other. */
static bool note_echo(struct eki_half *half)
{
    unsigned type = half->target_port >> 8;
    bool four = half->protocol == EKI_PROTOCOL_ICMP;
    bool request = type == (four ? ECHO_REQUEST : ECHO6_REQUEST),
         reply = type == (four ? ECHO_REPLY : ECHO6_REPLY);
    half->source_port = half->target_port = 0;
    half->flags_told = true;
    half->flags = request ? EKI_TCP_SYN : EKI_TCP_SYN | EKI_TCP_ACK;
    half->back_flags = request ? EKI_TCP_SYN | EKI_TCP_ACK : EKI_TCP_SYN;
    return request || reply;
}

/* What can be no contact is counted at once. */
static void pass_over(struct eki_log_reading *r, const struct eki_half *half)
{
    struct eki_log_conversation c = {.client = half->source,
                                     .server = half->target,
                                     .time = half->first,
                                     .end = half->last,
                                     .client_packets = eki_halves_plus(half->packets, 0)};
    eki_log_conversation(r, &c);
}

/* The record in the form in which all are compared, with its ends in order. */
static void prepare(const struct eki_halves *h, const struct eki_half *given, struct work *ret_work)
{
    struct eki_half *half = &ret_work->half;
    *half = *given;
    half->first = eki_time_clamp(half->first);
    half->last = half->last < half->first ? half->first : eki_time_clamp(half->last);
    /* Zero flags of a whole TCP conversation are those of an exporter that does not count them. */
    bool tcp = half->protocol == EKI_PROTOCOL_TCP, udp = half->protocol == EKI_PROTOCOL_UDP;
    half->flags_told = half->flags_told && tcp && half->flags;
    ret_work->carries =
        tcp || udp ||
        ((half->protocol == EKI_PROTOCOL_ICMP || half->protocol == EKI_PROTOCOL_ICMP6) && note_echo(half));
    int order = eki_address_compare(half->source, half->target);
    bool side = order ? order > 0 : half->source_port > half->target_port;
    ret_work->side = side;
    ret_work->ends[side] = half->source;
    ret_work->ends[!side] = half->target;
    ret_work->ports[side] = half->source_port;
    ret_work->ports[!side] = half->target_port;
    ret_work->hash = hash_of(h, ret_work->ends, ret_work->ports, half->protocol);
    eki_index_prefetch(&h->index, ret_work->hash);
}

/* Fetches the conversation that is probably the record's. */
static void fetch(const struct eki_halves *h, const struct work *w)
{
    struct eki_index_probe probe = eki_index_find(&h->index, w->hash);
    if (!eki_index_next(&h->index, &probe)) return;
    const char *slot = (const char *)&h->slots[probe.position];
    __builtin_prefetch(slot, 1);
    __builtin_prefetch(slot + 64, 1);
}

static void take(struct eki_halves *h, struct eki_log_reading *r, const struct work *w)
{
    tell_time(h, r, w->half.last);
    if (!w->carries) {
        pass_over(r, &w->half);
        return;
    }
    uint32_t name = find(h, w);
    if (name && !is_near(h, &h->slots[name - 1], &w->half)) {
        hand_out(h, r, name, 0);
        name = 0;
    }
    if (name)
        go_on(h, r, name, w);
    else
        begin(h, r, w);
}

void eki_halves_take(struct eki_halves *h, struct eki_log_reading *r, const struct eki_half *halves,
                     size_t count)
{
    struct work work[EKI_HALVES_GROUP];
    uint64_t record = r->record;
    for (size_t i = 0; i < count; i++) prepare(h, &halves[i], &work[i]);
    for (size_t i = 0; i < count; i++) fetch(h, &work[i]);
    for (size_t i = 0; i < count && !r->error; i++) {
        r->record = work[i].half.record;
        take(h, r, &work[i]);
    }
    r->record = record;
}
