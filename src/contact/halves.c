/* SPDX-License-Identifier: Apache-2.0 */
#include "contact/halves.h"

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

struct eki_halves_slot {
    struct eki_halves_pair pair;
    uint64_t hash, record;
    eki_time changed; /* the clock at the last record */
    uint32_t older, newer;
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

static void hand_out(struct eki_halves *h, struct eki_log_reading *r, uint32_t name, uint8_t flags)
{
    struct eki_halves_slot *s = &h->slots[name - 1];
    struct eki_log_conversation c = eki_halves_judge(&s->pair);
    uint64_t record = r->record;
    c.flags |= flags;
    r->record = s->record;
    eki_log_conversation(r, &c);
    r->record = record;
    unlink_slot(h, name);
    eki_index_remove(&h->index, s->hash, name - 1);
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

/* One record as a pair in the order of its ends, with the direction that is its own. */
static struct eki_halves_pair pair_of(const struct eki_half *half, int *ret_side)
{
    int order = eki_address_compare(half->source, half->target);
    int side = order ? order > 0 : half->source_port > half->target_port;
    struct eki_halves_pair p = {.protocol = half->protocol, .flags_told = half->flags_told};
    p.ends[side] = half->source;
    p.ends[!side] = half->target;
    p.ports[side] = half->source_port;
    p.ports[!side] = half->target_port;
    p.sides[side] = (struct eki_halves_side){
        .packets = eki_halves_plus(half->packets, 0),
        .bytes = eki_halves_plus(half->bytes, 0),
        .seen_packets = eki_halves_plus(half->sampled ? half->sampled : half->packets, 0),
        .first = half->first,
        .last = half->last,
        .flags = half->flags,
        .seen = true};
    if (half->back_packets || half->back_bytes)
        p.sides[!side] =
            (struct eki_halves_side){.packets = eki_halves_plus(half->back_packets, 0),
                                     .bytes = eki_halves_plus(half->back_bytes, 0),
                                     .seen_packets = eki_halves_plus(half->back_packets, 0),
                                     .first = half->last > half->first ? half->first + 1 : half->first,
                                     .last = half->last,
                                     .flags = half->back_flags,
                                     .seen = true};
    *ret_side = side;
    return p;
}

static bool same_ends(const struct eki_halves_pair *a, const struct eki_halves_pair *b)
{
    return eki_address_equal(a->ends[0], b->ends[0]) && eki_address_equal(a->ends[1], b->ends[1]) &&
           a->ports[0] == b->ports[0] && a->ports[1] == b->ports[1] && a->protocol == b->protocol;
}

/* Does the record lie near enough in time to belong to the conversation? */
static bool is_near(const struct eki_halves_pair *held, eki_time first, eki_time last)
{
    for (int i = 0; i < 2; i++) {
        const struct eki_halves_side *s = &held->sides[i];
        if (s->seen && first <= s->last + EKI_HALVES_WAIT && last + EKI_HALVES_WAIT >= s->first) return true;
    }
    return false;
}

static void add_side(struct eki_halves_side *held, const struct eki_halves_side *more)
{
    if (!more->seen) return;
    if (!held->seen) {
        *held = *more;
        return;
    }
    held->packets = eki_halves_plus(held->packets, more->packets);
    held->bytes = eki_halves_plus(held->bytes, more->bytes);
    held->seen_packets = eki_halves_plus(held->seen_packets, more->seen_packets);
    held->flags |= more->flags;
    if (more->first < held->first) held->first = more->first;
    if (more->last > held->last) held->last = more->last;
}

static uint64_t hash_of(const struct eki_halves *h, const struct eki_halves_pair *p)
{
    uint64_t more = (uint64_t)p->ports[0] << 24 | (uint64_t)p->ports[1] << 8 | p->protocol;
    return eki_hash_pair(p->ends[0], p->ends[1], more, h->seed);
}

static uint32_t find(const struct eki_halves *h, const struct eki_halves_pair *p, uint64_t hash)
{
    for (struct eki_index_probe probe = eki_index_find(&h->index, hash); eki_index_next(&h->index, &probe);)
        if (same_ends(&h->slots[probe.position].pair, p)) return probe.position + 1;
    return 0;
}

static void insert(struct eki_halves *h, struct eki_log_reading *r, const struct eki_halves_pair *p,
                   uint64_t hash)
{
    bool grown = !eki_index_full(&h->index) || !eki_index_grow(&h->index);
    uint32_t name = grown ? take_slot(h, r) : 0;
    if (!name) {
        eki_log_fail(r, EKI_ERROR_MEMORY, 0, "one-way records");
        return;
    }
    h->slots[name - 1] = (struct eki_halves_slot){.pair = *p, .hash = hash, .record = r->record};
    eki_index_add(&h->index, hash, name - 1);
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

void eki_halves_archive(struct eki_halves *h, struct eki_log_reading *r, struct eki_archive *a)
{
    enum { HELD_BYTES = 138 };
    size_t count = 0;
    for (uint32_t name = h->oldest; name; name = h->slots[name - 1].newer) count++;
    eki_archive_size(a, &count, EKI_HALVES_MOST, HELD_BYTES);
    uint32_t next = h->oldest;
    for (size_t i = 0; i < count && !a->error; i++) {
        struct eki_halves_slot read = {.hash = 0}, *s = a->writing ? &h->slots[next - 1] : &read;
        archive_pair(a, &s->pair);
        eki_archive_u64(a, &s->record);
        eki_archive_time(a, &s->changed);
        if (a->writing) {
            next = s->newer;
            continue;
        }
        if (a->error) return;
        uint64_t record = r->record;
        r->record = read.record;
        insert(h, r, &read.pair, hash_of(h, &read.pair));
        r->record = record;
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

void eki_halves_take(struct eki_halves *h, struct eki_log_reading *r, const struct eki_half *given)
{
    struct eki_half half = *given;
    half.first = eki_time_clamp(half.first);
    half.last = half.last < half.first ? half.first : eki_time_clamp(half.last);
    /* Zero flags of a whole TCP conversation are those of an exporter that does not count them. */
    bool tcp = half.protocol == EKI_PROTOCOL_TCP, udp = half.protocol == EKI_PROTOCOL_UDP;
    half.flags_told = half.flags_told && tcp && half.flags;
    bool echo = !tcp && !udp && (half.protocol == EKI_PROTOCOL_ICMP || half.protocol == EKI_PROTOCOL_ICMP6) &&
                note_echo(&half);
    tell_time(h, r, half.last);
    if (!tcp && !udp && !echo) {
        pass_over(r, &half);
        return;
    }
    int side;
    struct eki_halves_pair p = pair_of(&half, &side);
    uint64_t hash = hash_of(h, &p);
    uint32_t name = find(h, &p, hash);
    if (name && !is_near(&h->slots[name - 1].pair, half.first, half.last)) {
        hand_out(h, r, name, 0);
        name = 0;
    }
    if (!name) {
        insert(h, r, &p, hash);
        return;
    }
    struct eki_halves_pair *held = &h->slots[name - 1].pair;
    for (int i = 0; i < 2; i++) add_side(&held->sides[i], &p.sides[i]);
    held->flags_told = held->flags_told && p.flags_told;
    unlink_slot(h, name);
    link_newest(h, name);
}
