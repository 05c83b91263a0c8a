/* SPDX-License-Identifier: Apache-2.0 */
#include "outbreak/inbound.h"

#include "base/hash.h"
#include "base/memory.h"
#include "outbreak/vector.h"

enum eki_error eki_inbound_init(struct eki_inbound *ret_inbound, uint64_t seed)
{
    struct eki_inbound inbound = {.seed = seed ^ 0x8cb92ba72f3d8dd7u};
    enum eki_error error = eki_index_init(&inbound.index, 10);
    if (!error) error = eki_index_init(&inbound.touch_index, 10);
    *ret_inbound = inbound;
    return error;
}

void eki_inbound_done(struct eki_inbound *inbound)
{
    eki_free(inbound->touches);
    eki_free(inbound->servers);
    eki_index_done(&inbound->index);
    eki_index_done(&inbound->touch_index);
}

static uint64_t hash_of(const struct eki_inbound *inbound, struct eki_address server, uint8_t protocol,
                        uint16_t vector)
{
    return eki_hash_address(server, (uint64_t)protocol << 16 | vector, inbound->seed);
}

static struct eki_inbound_server *find(const struct eki_inbound *inbound, struct eki_address server,
                                       uint8_t protocol, uint16_t vector)
{
    struct eki_index_probe probe =
        eki_index_find(&inbound->index, hash_of(inbound, server, protocol, vector));
    while (eki_index_next(&inbound->index, &probe)) {
        struct eki_inbound_server *s = &inbound->servers[probe.position];
        if (s->vector == vector && s->protocol == protocol && eki_address_equal(s->server, server)) return s;
    }
    return NULL;
}

const struct eki_inbound_server *eki_inbound_find(const struct eki_inbound *inbound,
                                                  struct eki_address server, uint8_t protocol,
                                                  uint16_t vector)
{
    return find(inbound, server, protocol, vector);
}

void eki_inbound_freeze(struct eki_inbound *inbound, struct eki_address host, uint8_t protocol,
                        uint16_t service)
{
    struct eki_inbound_server *s = find(inbound, host, protocol, eki_vector_of(protocol, service));
    if (!s || s->frozen) return;
    s->frozen = true;
    inbound->frozen_touches += s->count;
}

/* Takes the oldest touch out of its server's list. */
static void pop(struct eki_inbound *inbound, struct eki_inbound_server *s)
{
    struct eki_touch *oldest = &inbound->touches[s->first];
    eki_index_remove(&inbound->touch_index, oldest->hash, s->first);
    oldest->server = EKI_INBOUND_END;
    s->first = oldest->next;
    if (--s->count == 0) s->first = s->last = EKI_INBOUND_END;
}

static bool may_go(const struct eki_inbound_server *s, uint32_t tries)
{
    enum { CHOOSY_TRIES = 16 };
    return tries < CHOOSY_TRIES ? !s->frozen && s->count <= 1 : !s->frozen || tries >= 2 * CHOOSY_TRIES;
}

/* A place for one more server: grown, or one that the hand finds, rather one with a single touch (a sweep's
 * silent target). */
static struct eki_inbound_server *room_for_server(struct eki_inbound *inbound)
{
    if (inbound->server_count < EKI_INBOUND_SERVERS) {
        struct eki_inbound_server *servers = eki_array_reserve(inbound->servers, inbound->server_count,
                                                               &inbound->server_capacity, sizeof *servers);
        if (!servers) return NULL;
        inbound->servers = servers;
        if (eki_index_full(&inbound->index) && eki_index_grow(&inbound->index)) return NULL;
        return &servers[inbound->server_count++];
    }
    struct eki_inbound_server *s;
    uint32_t tries = 0;
    do {
        inbound->hand = (inbound->hand + 1) % EKI_INBOUND_SERVERS;
        s = &inbound->servers[inbound->hand];
    } while (!may_go(s, tries++));
    eki_index_remove(&inbound->index, s->hash, inbound->hand);
    if (s->frozen) inbound->frozen_touches -= s->count;
    while (s->count) pop(inbound, s);
    inbound->forgotten++;
    return s;
}

static struct eki_inbound_server *server_for(struct eki_inbound *inbound, struct eki_address server,
                                             uint8_t protocol, uint16_t service)
{
    uint16_t vector = eki_vector_of(protocol, service);
    struct eki_inbound_server *s = find(inbound, server, protocol, vector);
    if (s) return s;
    s = room_for_server(inbound);
    if (!s) return NULL;
    *s = (struct eki_inbound_server){.server = server,
                                     .hash = hash_of(inbound, server, protocol, vector),
                                     .first = EKI_INBOUND_END,
                                     .last = EKI_INBOUND_END,
                                     .vector = vector,
                                     .protocol = protocol};
    eki_index_add(&inbound->index, s->hash, (uint32_t)(s - inbound->servers));
    return s;
}

/* The next place of the ring: grown, free, or the oldest touch that is not kept. EKI_INBOUND_END without
 * memory. */
static uint32_t room_for_touch(struct eki_inbound *inbound)
{
    if (inbound->touch_count < EKI_INBOUND_TOUCHES) {
        struct eki_touch *touches = eki_array_reserve(inbound->touches, inbound->touch_count,
                                                      &inbound->touch_capacity, sizeof *touches);
        if (!touches) return EKI_INBOUND_END;
        inbound->touches = touches;
        if (eki_index_full(&inbound->touch_index) && eki_index_grow(&inbound->touch_index))
            return EKI_INBOUND_END;
        return inbound->touch_count++;
    }
    bool keep_frozen = inbound->frozen_touches < EKI_INBOUND_TOUCHES / 2;
    for (;;) {
        uint32_t position = inbound->touch_hand;
        inbound->touch_hand = (position + 1) % EKI_INBOUND_TOUCHES;
        uint32_t server = inbound->touches[position].server;
        if (server == EKI_INBOUND_END) return position;
        struct eki_inbound_server *s = &inbound->servers[server];
        if (s->frozen && keep_frozen) continue;
        if (s->frozen) inbound->frozen_touches--;
        inbound->lost++;
        if (s->first == position) { /* always, unless frozen touches were stepped over before */
            pop(inbound, s);
            return position;
        }
        pop(inbound, s);
    }
}

static enum eki_error append(struct eki_inbound *inbound, struct eki_inbound_server *s,
                             const struct eki_touch *touch)
{
    uint32_t most = s->protocol == EKI_PROTOCOL_UDP ? EKI_INBOUND_DATAGRAMS : EKI_INBOUND_A_SERVER;
    if (s->count >= most) {
        pop(inbound, s);
        inbound->lost++;
    }
    uint32_t position = room_for_touch(inbound);
    if (position == EKI_INBOUND_END) return EKI_ERROR_MEMORY;
    struct eki_touch *t = &inbound->touches[position];
    *t = *touch;
    t->next = EKI_INBOUND_END;
    t->server = (uint32_t)(s - inbound->servers);
    eki_index_add(&inbound->touch_index, touch->hash, position);
    if (s->count)
        inbound->touches[s->last].next = position;
    else
        s->first = position;
    s->last = position;
    s->count++;
    return EKI_OK;
}

static bool can_carry(const struct eki_contact *c)
{
    if (c->flags & EKI_CONTACT_UNASKED) return false;
    if (c->protocol == EKI_PROTOCOL_TCP) return c->outcome >= EKI_OUTCOME_ESTABLISHED;
    return c->protocol == EKI_PROTOCOL_UDP && c->outcome != EKI_OUTCOME_REFUSED;
}

static uint64_t touch_hash(const struct eki_inbound *inbound, struct eki_address client,
                           struct eki_address server, const uint16_t ports[2])
{
    return eki_hash_pair(client, server, (uint64_t)ports[0] << 16 | ports[1], inbound->seed);
}

/* The touch that is this conversation: `ports` are the client's and the server's. */
static struct eki_touch *find_touch(const struct eki_inbound *inbound, uint64_t hash,
                                    struct eki_address client, const uint16_t ports[2])
{
    struct eki_index_probe probe = eki_index_find(&inbound->touch_index, hash);
    while (eki_index_next(&inbound->touch_index, &probe)) {
        struct eki_touch *t = &inbound->touches[probe.position];
        if (t->hash == hash && t->client_port == ports[0] && t->service == ports[1] &&
            eki_address_equal(t->client, client))
            return t;
    }
    return NULL;
}

enum eki_error eki_inbound_contact(struct eki_inbound *inbound, const struct eki_contact *c)
{
    if (!can_carry(c)) return EKI_OK;
    struct eki_inbound_server *s = server_for(inbound, c->server, c->protocol, c->service);
    if (!s) return EKI_ERROR_MEMORY;
    if (s->frozen) return EKI_OK;
    const uint16_t ports[2] = {c->client_port, c->service};
    struct eki_touch touch = {.client = c->client,
                              .start = c->time,
                              .answered = c->answered,
                              .end = c->answered != EKI_TIME_NONE ? c->answered : c->time,
                              .packet_first = c->packet,
                              .packet_last = c->packet,
                              .hash = touch_hash(inbound, c->client, c->server, ports),
                              .client_port = c->client_port,
                              .service = c->service,
                              .input = c->input,
                              .outcome = c->outcome,
                              .inferred = c->flags & EKI_CONTACT_INFERRED};
    struct eki_touch *known = find_touch(inbound, touch.hash, c->client, ports);
    if (!known || known->answered != EKI_TIME_NONE || known->start > touch.end + EKI_CONTACT_HOLD)
        return append(inbound, s, &touch);
    known->start = touch.start < known->start ? touch.start : known->start;
    known->answered = touch.answered;
    known->packet_first = touch.packet_first < known->packet_first ? touch.packet_first : known->packet_first;
    known->inferred = touch.inferred;
    if (touch.outcome > known->outcome) known->outcome = touch.outcome;
    return EKI_OK;
}

/* In four rounds, each of which looks only at what the one before has fetched. */
void eki_inbound_fetch(const struct eki_inbound *inbound, const struct eki_contact *contacts, size_t count)
{
    const struct eki_inbound_server *servers[EKI_INBOUND_FETCHED];
    uint64_t hashes[EKI_INBOUND_FETCHED];
    size_t used = 0, found = 0;
    for (size_t i = 0; i < count && used < EKI_INBOUND_FETCHED; i++) {
        const struct eki_contact *c = &contacts[i];
        if (!can_carry(c)) continue;
        const uint16_t ports[2] = {c->client_port, c->service};
        hashes[used] = hash_of(inbound, c->server, c->protocol, eki_vector_of(c->protocol, c->service));
        eki_index_prefetch(&inbound->index, hashes[used++]);
        eki_index_prefetch(&inbound->touch_index, touch_hash(inbound, c->client, c->server, ports));
    }
    for (size_t i = 0; i < used; i++) {
        struct eki_index_probe probe = eki_index_find(&inbound->index, hashes[i]);
        if (!eki_index_next(&inbound->index, &probe)) continue;
        servers[found++] = &inbound->servers[probe.position];
        __builtin_prefetch(servers[found - 1], 1);
    }
    for (size_t i = 0; i < found; i++) {
        if (!servers[i]->count) continue;
        __builtin_prefetch(&inbound->touches[servers[i]->last], 1);
        __builtin_prefetch(&inbound->touches[servers[i]->first], 1);
    }
    for (size_t i = 0; i < found; i++) /* the oldest will make room */
        if (servers[i]->count >= EKI_INBOUND_A_SERVER)
            eki_index_prefetch(&inbound->touch_index, inbound->touches[servers[i]->first].hash);
}

static uint32_t saturate(uint64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

enum eki_error eki_inbound_flow(struct eki_inbound *inbound, const struct eki_flow *flow)
{
    const uint16_t ports[2] = {flow->client_port, flow->service};
    struct eki_touch fresh = {.client = flow->client,
                              .start = flow->first,
                              .answered = EKI_TIME_NONE,
                              .packet_first = flow->packet_first,
                              .hash = touch_hash(inbound, flow->client, flow->server, ports),
                              .client_port = flow->client_port,
                              .service = flow->service,
                              .input = flow->input,
                              .outcome = flow->client_bytes && flow->server_bytes ? EKI_OUTCOME_DATA
                                                                                  : EKI_OUTCOME_ESTABLISHED,
                              .inferred = flow->inferred};
    struct eki_touch *known = find_touch(inbound, fresh.hash, flow->client, ports);
    struct eki_touch *touch = known ? known : &fresh;
    touch->end = flow->last;
    touch->packet_last = flow->packet_last;
    touch->client_bytes = saturate(flow->client_bytes);
    touch->server_bytes = saturate(flow->server_bytes);
    if (known) return EKI_OK;
    struct eki_inbound_server *s = server_for(inbound, flow->server, flow->protocol, flow->service);
    if (!s) return EKI_ERROR_MEMORY;
    return s->frozen ? EKI_OK : append(inbound, s, &fresh);
}
