/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* qsort_r */
#include "flow/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/archive.h"
#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"
#include "flow/service.h"
#include "flow/view.h"

/* A conversation is over when it was silent for so long; a closed one stays a while, so that late packets of
 * it open nothing. */
#define IDLE_TCP   (120 * EKI_SECOND)
#define IDLE_OTHER (60 * EKI_SECOND)
#define LINGER     (10 * EKI_SECOND)

/* How many entries are looked at for idleness with each packet that needs the table. */
enum { SWEEP_STEP = 1 };

/* Nearly all networks need few; the index has two slots for each. */
enum { FIRST_ENTRIES = 1 << 12 };

enum entry_flag {
    CLIENT_IS_LOW = 1,
    INFERRED = 2,
    ESTABLISHED = 4,
    CLIENT_SPOKE = 8, /* payload */
    SERVER_SPOKE = 16,
    CLIENT_FIN = 32,
    SERVER_FIN = 64,
    ENDED = 128 /* handed out; kept only to swallow late packets */
};

struct entry {
    struct eki_flow flow;
    uint64_t hash;
    uint64_t conversation;
    uint8_t flags;
    bool used;
    bool recent; /* touched since the clock hand last passed */
};

struct eki_flow_table {
    struct eki_asked_set *asked;
    struct entry *entries; /* `capacity` of them, doubled when they are not enough */
    struct eki_index index;
    uint32_t capacity;
    uint32_t fresh;   /* entries never used so far */
    uint32_t *vacant; /* positions given back; as many as entries */
    uint32_t vacant_count;
    uint32_t hand; /* clock hand over entries */
    uint64_t conversations, pushed_out, seen;
    uint64_t seed;
    eki_time now;
    size_t at; /* which packet of the batch it is at */
    eki_flow_sink *sink;
    void *user;
};

enum eki_error eki_flow_table_new(uint64_t seed, eki_flow_sink *sink, void *user,
                                  struct eki_flow_table **ret_table)
{
    struct eki_flow_table *table = eki_allocate(1, sizeof *table);
    if (!table) return EKI_ERROR_MEMORY;
    table->seed = seed;
    table->sink = sink;
    table->user = user;
    table->now = EKI_TIME_NONE;
    table->asked = eki_allocate(EKI_FLOW_ASKED_SETS, sizeof *table->asked);
    table->entries = eki_allocate(FIRST_ENTRIES, sizeof *table->entries);
    table->vacant = eki_allocate(FIRST_ENTRIES, sizeof *table->vacant);
    table->capacity = FIRST_ENTRIES;
    if (!table->asked || !table->entries || !table->vacant || eki_index_init(&table->index, 13)) {
        eki_flow_table_free(table);
        return EKI_ERROR_MEMORY;
    }
    *ret_table = table;
    return EKI_OK;
}

void eki_flow_table_free(struct eki_flow_table *table)
{
    if (!table) return;
    eki_free(table->asked);
    eki_free(table->entries);
    eki_free(table->vacant);
    eki_index_done(&table->index);
    eki_free(table);
}

uint64_t eki_flow_table_pushed_out(const struct eki_flow_table *table)
{
    return table->pushed_out;
}

uint64_t eki_flow_table_seen(const struct eki_flow_table *table)
{
    return table->seen;
}

size_t eki_flow_table_at(const struct eki_flow_table *table)
{
    return table->at;
}

static bool same_conversation(const struct entry *e, const struct eki_packet *p)
{
    const struct eki_flow *f = &e->flow;
    if (f->protocol != p->protocol) return false;
    bool forward = f->client_port == p->source_port && f->service == p->target_port &&
                   eki_address_equal(f->client, p->source) && eki_address_equal(f->server, p->target);
    bool backward = f->client_port == p->target_port && f->service == p->source_port &&
                    eki_address_equal(f->client, p->target) && eki_address_equal(f->server, p->source);
    return forward || backward;
}

static struct entry *find(struct eki_flow_table *table, const struct eki_flow_view *v)
{
    struct eki_index_probe probe = eki_index_find(&table->index, v->hash);
    while (eki_index_next(&table->index, &probe)) {
        struct entry *e = &table->entries[probe.position];
        if (same_conversation(e, v->packet)) return e;
    }
    return NULL;
}

/* Hands the conversation out, unless that has been done or no data moved. */
static void end_flow(struct eki_flow_table *table, struct entry *e)
{
    if (e->flags & ENDED) return;
    e->flags |= ENDED;
    if (!(e->flags & (CLIENT_SPOKE | SERVER_SPOKE))) return;
    e->flow.inferred = e->flags & INFERRED;
    table->sink(table->user, &e->flow, e->conversation);
}

static void drop(struct eki_flow_table *table, uint32_t position)
{
    struct entry *e = &table->entries[position];
    end_flow(table, e);
    eki_index_remove(&table->index, e->hash, position);
    e->used = false;
    table->vacant[table->vacant_count++] = position;
}

static bool is_idle(const struct eki_flow_table *table, const struct entry *e)
{
    eki_time limit = e->flags & ENDED ? LINGER : e->flow.protocol == EKI_PROTOCOL_TCP ? IDLE_TCP : IDLE_OTHER;
    return table->now - e->flow.last > limit;
}

/* Moves the clock hand on by one entry, ending it when it has been idle. */
static void sweep(struct eki_flow_table *table)
{
    if (!table->fresh) return;
    table->hand = table->hand + 1 < table->fresh ? table->hand + 1 : 0;
    struct entry *e = &table->entries[table->hand];
    if (e->used && is_idle(table, e)) drop(table, table->hand);
}

/* Twice as many entries; false at the limit or without memory, when those that are there must do. */
static bool grow(struct eki_flow_table *table)
{
    if (table->capacity >= EKI_FLOW_ENTRIES) return false;
    struct entry *entries = eki_allocate((size_t)table->capacity * 2, sizeof *entries);
    uint32_t *vacant = eki_allocate((size_t)table->capacity * 2, sizeof *vacant);
    if (!entries || !vacant || eki_index_grow(&table->index)) {
        eki_free(entries);
        eki_free(vacant);
        return false;
    }
    memcpy(entries, table->entries, table->capacity * sizeof *entries);
    memcpy(vacant, table->vacant, table->vacant_count * sizeof *vacant);
    eki_free(table->entries);
    eki_free(table->vacant);
    table->entries = entries;
    table->vacant = vacant;
    table->capacity *= 2;
    return true;
}

/* A free position; when there is none, the clock's choice (second chance, Corbato 1968) is ended early. */
static uint32_t make_room(struct eki_flow_table *table)
{
    if (table->vacant_count) return table->vacant[--table->vacant_count];
    if (table->fresh < table->capacity || grow(table)) return table->fresh++;
    for (;;) {
        table->hand = table->hand + 1 < table->capacity ? table->hand + 1 : 0;
        struct entry *e = &table->entries[table->hand];
        if (e->recent) {
            e->recent = false;
            continue;
        }
        table->pushed_out += !(e->flags & ENDED);
        drop(table, table->hand);
        return table->vacant[--table->vacant_count];
    }
}

static struct entry *create(struct eki_flow_table *table, const struct eki_flow_view *v, bool from_client,
                            bool inferred)
{
    const struct eki_packet *p = v->packet;
    uint32_t position = make_room(table);
    struct entry *e = &table->entries[position];
    *e = (struct entry){
        .flow = {.client = from_client ? p->source : p->target,
                 .server = from_client ? p->target : p->source,
                 .client_port = from_client ? p->source_port : p->target_port,
                 .service = from_client ? p->target_port : p->source_port,
                 .first = p->time,
                 .last = p->time,
                 .packet_first = p->number,
                 .packet_last = p->number,
                 .protocol = p->protocol,
                 .input = p->input},
        .hash = v->hash,
        .conversation = ++table->conversations,
        .flags = (uint8_t)(inferred ? INFERRED : 0),
        .used = true,
    };
    eki_index_add(&table->index, v->hash, position);
    table->seen++;
    return e;
}

/* Steps are written in place, field by field: copies of a struct just written in parts stall the processor.
 */
static inline void set(struct eki_step *step, enum eki_step_kind kind, bool from_client)
{
    step->kind = (uint8_t)kind;
    step->from_client = from_client;
}

/* Counts the packet into its conversation and says what it newly shows. */
static enum eki_step_kind advance(struct entry *e, const struct eki_packet *p, bool from_client)
{
    struct eki_flow *f = &e->flow;
    e->recent = true;
    if (p->time > f->last) f->last = p->time;
    if (p->time < f->first) f->first = p->time;
    f->packet_last = p->number;
    if (from_client) {
        f->client_packets++;
        f->client_bytes += p->payload_wire;
    } else {
        f->server_packets++;
        f->server_bytes += p->payload_wire;
    }
    uint8_t before = e->flags;
    if (p->payload_wire) e->flags |= from_client ? CLIENT_SPOKE : SERVER_SPOKE;
    if (from_client) e->flags |= ESTABLISHED;
    uint8_t news = e->flags & (uint8_t)~before;
    if (news & CLIENT_SPOKE) return EKI_STEP_CLIENT_DATA;
    if (news & SERVER_SPOKE) return EKI_STEP_SERVER_DATA;
    return news & ESTABLISHED ? EKI_STEP_ESTABLISHED : EKI_STEP_NONE;
}

static void continue_flow(struct eki_flow_table *table, struct entry *e, const struct eki_packet *p,
                          struct eki_step *step)
{
    bool from_client = eki_address_equal(e->flow.client, p->source) && e->flow.client_port == p->source_port;
    set(step, EKI_STEP_NONE, from_client);
    step->conversation = e->conversation;
    step->inferred = e->flags & INFERRED;
    if (e->flags & ENDED) {
        e->recent = true;
        return;
    }
    step->kind = (uint8_t)advance(e, p, from_client);
    if (p->protocol != EKI_PROTOCOL_TCP) return;
    if (p->tcp_flags & EKI_TCP_FIN) e->flags |= from_client ? CLIENT_FIN : SERVER_FIN;
    if (p->tcp_flags & EKI_TCP_RST) {
        e->flow.refused = true;
        if (!from_client && !(e->flags & SERVER_SPOKE)) step->kind = EKI_STEP_REFUSAL;
    }
    if (e->flow.refused || (e->flags & (CLIENT_FIN | SERVER_FIN)) == (CLIENT_FIN | SERVER_FIN))
        end_flow(table, e);
}

/* Does the side that sent `v` count as the client? From who asked when that is remembered, else from port
 * numbers. */
static bool source_is_client(const struct eki_flow_view *v, bool *ret_inferred)
{
    enum eki_asked asked = eki_asked_find(v->asked, v->hash);
    *ret_inferred = asked == EKI_ASKED_UNKNOWN;
    if (asked == EKI_ASKED_UNKNOWN)
        return eki_flow_service_is_target(v->packet->source_port, v->packet->target_port);
    return (asked == EKI_ASKED_LOW) == v->source_is_low;
}

static void remember_asker(const struct eki_flow_view *v, bool source_asked)
{
    eki_asked_add(v->asked, v->hash, source_asked == v->source_is_low ? EKI_ASKED_LOW : EKI_ASKED_HIGH);
}

/* SYN: an attempt, and nothing is kept but who asked. */
static void open_by_syn(const struct eki_flow_view *v, struct eki_step *step)
{
    remember_asker(v, true);
    set(step, EKI_STEP_ATTEMPT, true);
}

/* SYN-ACK: the answer to an attempt, or to nothing that was seen. A conversation of the same ports may have
 * gone before. */
static void answer_by_syn_ack(struct eki_flow_table *table, const struct eki_flow_view *v,
                              struct eki_step *step)
{
    enum eki_asked asked = eki_asked_find(v->asked, v->hash);
    bool target_asked = asked != EKI_ASKED_UNKNOWN && (asked == EKI_ASKED_LOW) != v->source_is_low;
    set(step, target_asked ? EKI_STEP_ANSWER : EKI_STEP_UNASKED, false);
    if (!target_asked) return;
    struct entry *e = find(table, v);
    if (e && (e->flags & ENDED)) {
        drop(table, (uint32_t)(e - table->entries));
        e = NULL;
    }
    if (!e) e = create(table, v, false, false);
    e->flow.server_packets++;
    e->recent = true;
    step->conversation = e->conversation;
}

/* A probe with flags that open nothing (FIN, NULL, XMAS), or a bare ACK out of nowhere (an ACK probe, or a
 * start that was missed). */
static void odd_probe(const struct eki_flow_view *v, struct eki_step *step)
{
    bool inferred;
    bool from_client = source_is_client(v, &inferred);
    if (!inferred) {
        set(step, from_client ? EKI_STEP_ESTABLISHED : EKI_STEP_ANSWER, from_client);
        return;
    }
    bool illegal = !(v->packet->tcp_flags & EKI_TCP_ACK);
    if (!illegal && !from_client) {
        set(step, EKI_STEP_NONE, false);
        return;
    }
    remember_asker(v, true);
    set(step, EKI_STEP_ATTEMPT, true);
    step->odd = true;
    step->inferred = !illegal;
}

static void refuse_by_reset(const struct eki_flow_view *v, struct eki_step *step)
{
    enum eki_asked asked = eki_asked_find(v->asked, v->hash);
    bool from_client = asked != EKI_ASKED_UNKNOWN && (asked == EKI_ASKED_LOW) == v->source_is_low;
    enum eki_step_kind kind = asked == EKI_ASKED_UNKNOWN ? EKI_STEP_UNASKED
                              : from_client              ? EKI_STEP_NONE
                                                         : EKI_STEP_REFUSAL;
    set(step, kind, from_client);
}

/* Data of a conversation that has no entry yet: its SYN-ACK was lost, or its whole start. */
static void open_by_data(struct eki_flow_table *table, const struct eki_flow_view *v, struct eki_step *step)
{
    bool inferred;
    bool from_client = source_is_client(v, &inferred);
    struct entry *e = create(table, v, from_client, inferred);
    continue_flow(table, e, v->packet, step);
    step->opens = inferred;
    if (inferred) remember_asker(v, from_client);
}

static void tcp_step(struct eki_flow_table *table, const struct eki_flow_view *v, struct eki_step *step)
{
    const struct eki_packet *p = v->packet;
    uint8_t opening = p->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK | EKI_TCP_RST);
    if (opening == EKI_TCP_SYN) {
        open_by_syn(v, step);
        return;
    }
    if (opening == (EKI_TCP_SYN | EKI_TCP_ACK)) {
        answer_by_syn_ack(table, v, step);
        return;
    }
    struct entry *e = find(table, v);
    sweep(table);
    if (e)
        continue_flow(table, e, p, step);
    else if (p->tcp_flags & EKI_TCP_RST)
        refuse_by_reset(v, step);
    else if (p->payload_wire && (p->tcp_flags & EKI_TCP_ACK))
        open_by_data(table, v, step);
    else
        odd_probe(v, step);
}

/* A datagram without a conversation: the answer that makes one, an answer to nothing, or a question. */
static void new_datagram(struct eki_flow_table *table, const struct eki_flow_view *v, struct eki_step *step)
{
    const struct eki_packet *p = v->packet;
    enum eki_asked asked = eki_asked_find(v->asked, v->hash);
    if (asked != EKI_ASKED_UNKNOWN && (asked == EKI_ASKED_LOW) != v->source_is_low) {
        continue_flow(table, create(table, v, false, false), p, step);
        step->kind = EKI_STEP_ANSWER;
        return;
    }
    if (asked == EKI_ASKED_UNKNOWN && eki_flow_is_reply(p->source_port, p->target_port)) {
        set(step, EKI_STEP_UNASKED, false);
        return;
    }
    remember_asker(v, true);
    set(step, EKI_STEP_ATTEMPT, true);
    step->conversation = ++table->conversations;
}

static void udp_step(struct eki_flow_table *table, const struct eki_flow_view *v, struct eki_step *step)
{
    struct entry *e = find(table, v);
    if (e && !(e->flags & ENDED) && is_idle(table, e)) {
        drop(table, (uint32_t)(e - table->entries));
        e = NULL;
    }
    sweep(table);
    if (e)
        continue_flow(table, e, v->packet, step);
    else
        new_datagram(table, v, step);
}

/* Echo and ARP: question and answer, no conversation. */
static void paired_step(const struct eki_flow_view *v, bool asks, struct eki_step *step)
{
    if (asks) {
        remember_asker(v, true);
        set(step, EKI_STEP_ATTEMPT, true);
        return;
    }
    enum eki_asked asked = eki_asked_find(v->asked, v->hash);
    bool target_asked = asked != EKI_ASKED_UNKNOWN && (asked == EKI_ASKED_LOW) != v->source_is_low;
    set(step, target_asked ? EKI_STEP_ANSWER : EKI_STEP_UNASKED, false);
}

static void write_step(struct eki_flow_table *table, const struct eki_flow_view *v, struct eki_step *step)
{
    step->packet = v->packet;
    step->conversation = 0;
    step->inferred = step->opens = step->odd = false;
    switch (v->packet->kind) {
    case EKI_PACKET_TCP: tcp_step(table, v, step); break;
    case EKI_PACKET_UDP: udp_step(table, v, step); break;
    case EKI_PACKET_PING:
    case EKI_PACKET_ARP_ASK: paired_step(v, true, step); break;
    case EKI_PACKET_PONG:
    case EKI_PACKET_ARP_ANSWER: paired_step(v, false, step); break;
    case EKI_PACKET_REFUSAL: refuse_by_reset(v, step); break;
    default: set(step, EKI_STEP_NONE, true); break;
    }
}

/* An attempt to open a connection, which needs no entry of the table: the packet that a sweep is made of. */
static inline bool opens_plainly(const struct eki_packet *p)
{
    return (p->kind == EKI_PACKET_TCP) &
           ((p->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK | EKI_TCP_RST)) == EKI_TCP_SYN);
}

/* What write_step does with it. */
static inline void write_opening(const struct eki_flow_view *v, struct eki_step *step)
{
    *step = (struct eki_step){.packet = v->packet, .kind = EKI_STEP_ATTEMPT, .from_client = true};
    remember_asker(v, true);
}

/* Hashes the packets and fetches where their askers are remembered; lists those that may have an entry,
 * without a branch for each. Returns how many these are. */
static size_t set_views(const struct eki_flow_table *table, const struct eki_packet *packets, size_t count,
                        struct eki_flow_view *ret_views, uint8_t *ret_others)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        eki_flow_view_set(table->asked, table->seed, &packets[i], &ret_views[i]);
        __builtin_prefetch(ret_views[i].asked, 1);
        ret_others[used] = (uint8_t)i;
        used += !opens_plainly(&packets[i]);
    }
    return used;
}

static void fetch_entries(const struct eki_flow_table *table, const struct eki_flow_view *views,
                          const uint8_t *others, size_t count)
{
    for (size_t i = 0; i < count; i++) eki_index_prefetch(&table->index, views[others[i]].hash);
    for (size_t i = 0; i < count; i++) {
        struct eki_index_probe probe = eki_index_find(&table->index, views[others[i]].hash);
        if (!eki_index_next(&table->index, &probe)) continue;
        __builtin_prefetch(&table->entries[probe.position], 1);
        __builtin_prefetch((const char *)&table->entries[probe.position] + 64, 1);
    }
}

void eki_flow_table_batch(struct eki_flow_table *table, const struct eki_packet *packets, size_t count,
                          struct eki_step *ret_steps)
{
    struct eki_flow_view views[EKI_PACKET_BATCH];
    uint8_t others[EKI_PACKET_BATCH];
    fetch_entries(table, views, others, set_views(table, packets, count, views, others));
    for (size_t i = 0; i < count; i++) {
        if (packets[i].time > table->now) table->now = packets[i].time;
        table->at = i;
        if (opens_plainly(&packets[i]))
            write_opening(&views[i], &ret_steps[i]);
        else
            write_step(table, &views[i], &ret_steps[i]);
    }
}

void eki_flow_archive(struct eki_flow *f, struct eki_archive *a)
{
    eki_archive_address(a, &f->client);
    eki_archive_address(a, &f->server);
    eki_archive_time(a, &f->first);
    eki_archive_time(a, &f->last);
    eki_archive_u64(a, &f->packet_first);
    eki_archive_u64(a, &f->packet_last);
    eki_archive_u64(a, &f->client_bytes);
    eki_archive_u64(a, &f->server_bytes);
    eki_archive_u32(a, &f->client_packets);
    eki_archive_u32(a, &f->server_packets);
    eki_archive_u16(a, &f->client_port);
    eki_archive_u16(a, &f->service);
    eki_archive_u16(a, &f->input);
    eki_archive_u8(a, &f->protocol);
    eki_archive_bool(a, &f->inferred);
    eki_archive_bool(a, &f->refused);
}

static void archive_entry(struct eki_archive *a, struct entry *e)
{
    eki_archive_bool(a, &e->used);
    if (!e->used || a->error) return;
    eki_flow_archive(&e->flow, a);
    eki_archive_u64(a, &e->hash);
    eki_archive_u64(a, &e->conversation);
    eki_archive_u8(a, &e->flags);
    eki_archive_bool(a, &e->recent);
    if (e->flow.first == EKI_TIME_NONE || e->flow.last == EKI_TIME_NONE) eki_archive_refuse(a);
}

/* The places that are vacant: each once, each really so. */
static void archive_vacant(struct eki_archive *a, struct eki_flow_table *table)
{
    uint32_t in_use = 0;
    eki_archive_count(a, &table->vacant_count, table->fresh, sizeof *table->vacant);
    for (uint32_t i = 0; i < table->vacant_count; i++) {
        eki_archive_u32_up_to(a, &table->vacant[i], table->fresh - 1);
        if (table->entries[table->vacant[i]].used) eki_archive_refuse(a);
    }
    for (uint32_t i = 0; i < table->fresh; i++) in_use += table->entries[i].used;
    if (in_use + table->vacant_count != table->fresh) eki_archive_refuse(a);
}

void eki_flow_table_archive(struct eki_flow_table *table, struct eki_archive *a)
{
    eki_archive_sparse(a, table->asked, EKI_FLOW_ASKED_SETS * sizeof *table->asked);
    eki_archive_count(a, &table->fresh, EKI_FLOW_ENTRIES, 1);
    while (!a->error && table->capacity < table->fresh)
        if (!grow(table)) a->error = EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < table->fresh && !a->error; i++) archive_entry(a, &table->entries[i]);
    archive_vacant(a, table);
    eki_archive_index(a, &table->index, table->fresh);
    while (!a->error && table->index.mask + 1 < (size_t)table->capacity * 2)
        if (eki_index_grow(&table->index)) a->error = EKI_ERROR_MEMORY;
    eki_archive_u32_up_to(a, &table->hand, EKI_FLOW_ENTRIES - 1);
    eki_archive_u64(a, &table->conversations);
    eki_archive_u64(a, &table->pushed_out);
    eki_archive_u64(a, &table->seen);
    eki_archive_time(a, &table->now);
}

static int by_conversation(const void *a, const void *b, void *user)
{
    const struct entry *entries = user;
    uint64_t x = entries[*(const uint32_t *)a].conversation, y = entries[*(const uint32_t *)b].conversation;
    return (x > y) - (x < y);
}

void eki_flow_table_finish(struct eki_flow_table *table)
{
    /* Positions are reused, so the order of begin is that of the conversation numbers. `vacant` serves as the
     * list. */
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->fresh; i++)
        if (table->entries[i].used && !(table->entries[i].flags & ENDED)) table->vacant[count++] = i;
    qsort_r(table->vacant, count, sizeof *table->vacant, by_conversation, table->entries);
    for (uint32_t i = 0; i < count; i++) end_flow(table, &table->entries[table->vacant[i]]);
    table->vacant_count = 0;
    table->fresh = 0;
    eki_index_clear(&table->index);
}
