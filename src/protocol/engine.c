/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives modules what they ask for. Per conversation it keeps where both directions stand and what is bound; the table is bounded, the
 * conversation unused for longest goes first.
 */
#include <string.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"
#include "protocol/module.h"

/* 8,192 conversations of about 90 bytes. */
enum { CONVERSATIONS = 1 << 13, MODULES = 64, PORTS = 65536 };

struct conversation {
    uint64_t number;
    struct eki_smb_direction direction[2];
    struct eki_rpc_bindings bindings;
    bool used, recent;
};

struct eki_sign_context {
    struct eki_sign_engine *engine;
    void *state;
};

struct eki_sign_engine {
    struct eki_sign_context contexts[MODULES]; /* of eki_sign_modules, in order */
    uint8_t *wanted[2];    /* a bit for each port: payloads of TCP, UDP */
    uint8_t *contacts[2];  /* likewise for contacts */
    struct conversation *conversations;
    uint32_t used, hand;
    struct eki_index index;
    eki_sign_sink *sink;
    void *user;
    uint64_t ids, dropped;
    bool out_of_memory;
};

static unsigned side_of(uint8_t protocol)
{
    return protocol == EKI_PROTOCOL_UDP;
}

static void want(uint8_t *const ports[2], const struct eki_sign_service *services)
{
    for (; services && services->protocol; services++)
        for (uint32_t port = services->low; port <= services->high; port++)
            ports[side_of(services->protocol)][port / 8] |= (uint8_t)(1u << port % 8);
}

static bool is_listed(const struct eki_sign_service *services, uint8_t protocol, uint16_t service)
{
    for (const struct eki_sign_service *s = services; s && s->protocol; s++)
        if (s->protocol == protocol && service >= s->low && service <= s->high) return true;
    return false;
}

enum eki_error eki_sign_engine_new(eki_sign_sink *sink, void *user, struct eki_sign_engine **ret_engine)
{
    struct eki_sign_engine *engine = eki_allocate(1, sizeof *engine);
    if (!engine) return EKI_ERROR_MEMORY;
    engine->sink = sink;
    engine->user = user;
    engine->conversations = eki_allocate(CONVERSATIONS, sizeof *engine->conversations);
    bool ok = engine->conversations && !eki_index_init(&engine->index, 14);
    for (int i = 0; i < 2 && ok; i++) {
        engine->wanted[i] = eki_allocate(PORTS / 8, 1);
        engine->contacts[i] = eki_allocate(PORTS / 8, 1);
        ok = engine->wanted[i] && engine->contacts[i];
    }
    for (int i = 0; i < MODULES && eki_sign_modules[i] && ok; i++) {
        const struct eki_sign_module *module = eki_sign_modules[i];
        engine->contexts[i].engine = engine;
        if (module->state_size) ok = (engine->contexts[i].state = eki_allocate(1, module->state_size)) != NULL;
        want(engine->wanted, module->services);
        want(engine->contacts, module->contact_services);
    }
    if (!ok) {
        eki_sign_engine_free(engine);
        return EKI_ERROR_MEMORY;
    }
    *ret_engine = engine;
    return EKI_OK;
}

void eki_sign_engine_free(struct eki_sign_engine *engine)
{
    if (!engine) return;
    for (int i = 0; i < MODULES && eki_sign_modules[i]; i++) {
        if (engine->contexts[i].state && eki_sign_modules[i]->end) eki_sign_modules[i]->end(engine->contexts[i].state);
        eki_free(engine->contexts[i].state);
    }
    for (int i = 0; i < 2; i++) {
        eki_free(engine->wanted[i]);
        eki_free(engine->contacts[i]);
    }
    eki_free(engine->conversations);
    eki_index_done(&engine->index);
    eki_free(engine);
}

bool eki_sign_engine_wants(const struct eki_sign_engine *engine, uint8_t protocol, uint16_t service)
{
    if (protocol != EKI_PROTOCOL_TCP && protocol != EKI_PROTOCOL_UDP) return false;
    return engine->wanted[side_of(protocol)][service / 8] >> service % 8 & 1;
}

uint64_t eki_sign_engine_dropped(const struct eki_sign_engine *engine)
{
    return engine->dropped;
}

void *eki_sign_state(struct eki_sign_context *context)
{
    return context->state;
}

void eki_sign_emit(struct eki_sign_context *context, const struct eki_sign *sign)
{
    context->engine->sink(context->engine->user, sign);
}

uint64_t eki_sign_id(struct eki_sign_context *context)
{
    return ++context->engine->ids;
}

void eki_sign_out_of_memory(struct eki_sign_context *context)
{
    context->engine->out_of_memory = true;
}

static enum eki_error result(struct eki_sign_engine *engine)
{
    bool failed = engine->out_of_memory;
    engine->out_of_memory = false;
    return failed ? EKI_ERROR_MEMORY : EKI_OK;
}

static uint64_t hash_of(uint64_t number)
{
    return eki_hash_two(number, 0, 0x51ed270b7f4a7c15u);
}

static struct conversation *find(struct eki_sign_engine *engine, uint64_t number)
{
    struct eki_index_probe probe = eki_index_find(&engine->index, hash_of(number));
    while (eki_index_next(&engine->index, &probe))
        if (engine->conversations[probe.position].number == number) return &engine->conversations[probe.position];
    return NULL;
}

/* A place for one more: a fresh one, or the clock's choice (second chance, Corbato 1968). */
static uint32_t make_room(struct eki_sign_engine *engine)
{
    if (engine->used < CONVERSATIONS) return engine->used++;
    for (;;) {
        engine->hand = (engine->hand + 1) % CONVERSATIONS;
        struct conversation *c = &engine->conversations[engine->hand];
        if (c->used && c->recent) {
            c->recent = false;
            continue;
        }
        if (c->used) {
            eki_index_remove(&engine->index, hash_of(c->number), engine->hand);
            engine->dropped++;
        }
        return engine->hand;
    }
}

static struct conversation *conversation_of(struct eki_sign_engine *engine, uint64_t number)
{
    struct conversation *c = find(engine, number);
    if (!c) {
        uint32_t position = make_room(engine);
        c = &engine->conversations[position];
        *c = (struct conversation){.number = number, .used = true};
        eki_index_add(&engine->index, hash_of(number), position);
    }
    c->recent = true;
    return c;
}

struct delivery {
    struct eki_sign_engine *engine;
    struct conversation *conversation;
};

static void deliver_call(void *user, const struct eki_rpc_call *call)
{
    struct delivery *d = user;
    for (int i = 0; i < MODULES && eki_sign_modules[i]; i++)
        if (eki_sign_modules[i]->rpc) eki_sign_modules[i]->rpc(&d->engine->contexts[i], call);
}

/* RPC travels in writes to a pipe and in pipe transactions; it is looked for where it begins. */
static void look_for_rpc(struct delivery *d, const struct eki_smb_message *m)
{
    static const uint8_t little_endian = 0x10;
    bool carries = m->version == 2 ? m->command == EKI_SMB2_WRITE || m->command == EKI_SMB2_IOCTL
                                   : m->command == EKI_SMB1_TRANSACTION || m->command == EKI_SMB1_WRITE_ANDX;
    if (!carries || m->reply) return;
    struct eki_rpc_call call = {.segment = m->segment, .client = m->client, .server = m->server};
    for (struct eki_cursor c = m->body; c.left >= 16; eki_cursor_skip(&c, 1)) {
        if (c.at[0] != 5 || c.at[1] > 1 || c.at[2] > 19 || c.at[4] != little_endian || c.at[5]) continue;
        eki_rpc_read(&d->conversation->bindings, c, call, deliver_call, d);
        return;
    }
}

static void deliver_message(void *user, const struct eki_smb_message *m)
{
    struct delivery *d = user;
    char name[64];
    if (eki_smb_create_name(m, name, sizeof name)) eki_rpc_pipe(&d->conversation->bindings, name);
    for (int i = 0; i < MODULES && eki_sign_modules[i]; i++)
        if (eki_sign_modules[i]->smb) eki_sign_modules[i]->smb(&d->engine->contexts[i], m);
    look_for_rpc(d, m);
}

static bool is_smb(const struct eki_segment *s)
{
    return s->packet->protocol == EKI_PROTOCOL_TCP && (s->service == 445 || s->service == 139);
}

/* Services where RPC runs on TCP itself: the endpoint mapper and the ports it hands out. */
static bool is_rpc(const struct eki_segment *s)
{
    bool dynamic = s->service >= 49152 || (s->service >= 1024 && s->service <= 1200);
    return s->packet->protocol == EKI_PROTOCOL_TCP && (s->service == 135 || dynamic);
}

enum eki_error eki_sign_engine_segment(struct eki_sign_engine *engine, const struct eki_segment *s)
{
    for (int i = 0; i < MODULES && eki_sign_modules[i]; i++) {
        const struct eki_sign_module *module = eki_sign_modules[i];
        if (module->segment && is_listed(module->services, s->packet->protocol, s->service)) module->segment(&engine->contexts[i], s);
    }
    bool smb = is_smb(s), rpc = is_rpc(s);
    if (!smb && !rpc) return result(engine);
    struct delivery d = {engine, conversation_of(engine, s->conversation)};
    if (smb) {
        /* The side is told by the addresses, so that a wrongly inferred client changes nothing. */
        bool low = eki_address_compare(s->packet->source, s->packet->target) < 0;
        eki_smb_segment(&d.conversation->direction[low], s, deliver_message, &d);
    } else {
        struct eki_rpc_call call = {.segment = s, .client = s->packet->source, .server = s->packet->target};
        eki_rpc_read(&d.conversation->bindings, eki_cursor_over(s->packet->payload, s->packet->payload_captured), call, deliver_call, &d);
    }
    return result(engine);
}

enum eki_error eki_sign_engine_contact(struct eki_sign_engine *engine, const struct eki_contact *c)
{
    bool carried = c->protocol == EKI_PROTOCOL_TCP || c->protocol == EKI_PROTOCOL_UDP;
    if (!carried || !(engine->contacts[side_of(c->protocol)][c->service / 8] >> c->service % 8 & 1)) return EKI_OK;
    for (int i = 0; i < MODULES && eki_sign_modules[i]; i++) {
        const struct eki_sign_module *module = eki_sign_modules[i];
        if (module->contact && is_listed(module->contact_services, c->protocol, c->service)) module->contact(&engine->contexts[i], c);
    }
    return result(engine);
}

enum eki_error eki_sign_engine_flow_end(struct eki_sign_engine *engine, uint64_t number)
{
    struct conversation *c = find(engine, number);
    if (!c) return EKI_OK;
    c->recent = false; /* the first to make room; late packets still find it */
    return EKI_OK;
}

enum eki_error eki_sign_engine_finish(struct eki_sign_engine *engine)
{
    return result(engine);
}
