/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sign engine: gives every payload and contact to those modules that asked for its service, and cuts SMB
 * messages and RPC calls out of the payloads for those that want them. Which module wants what is laid down
 * in tables when the engine is made: a byte for each port, so that a sweep of millions of contacts costs one
 * look at a table each.
 */
#include "protocol/engine.h"

#include "base/memory.h"
#include "protocol/archive.h"
#include "protocol/conversations.h"
#include "protocol/module.h"

enum {
    MODULES = 32,  /* bits of a mask */
    CLASSES = 128, /* combinations of modules that share a port; each list of ports adds a few */
    PORTS = 65536,
    /* Packets of a conversation may come after its end (repeated ones): an end waits for this many others. */
    LINGER = 4 * EKI_PACKET_BATCH
};

/* What is done with one class of ports. */
struct class
{
    uint32_t segments, contacts; /* masks of modules */
    bool smb, rpc;
};

struct eki_sign_context {
    eki_sign_sink *sink;
    void *user;
    uint64_t last_id;
    void *states[MODULES];
    unsigned module_count, module; /* module: whose turn it is */
    uint32_t smb_modules, rpc_modules, end_modules;
    struct class classes[CLASSES];
    unsigned class_count;
    uint8_t tcp[PORTS], udp[PORTS]; /* class of a port; class 0 wants nothing */
    struct eki_conversations conversations;
    uint64_t ending[LINGER]; /* conversations that ended lately; 0 free */
    uint64_t endings;
    struct eki_conversation *current; /* while its segment is being read */
    enum eki_error error;
};

struct eki_sign_engine {
    struct eki_sign_context context;
};

static const struct eki_sign_service smb_services[] = {
    {EKI_PROTOCOL_TCP, 139, 139}, {EKI_PROTOCOL_TCP, 445, 445}, {0, 0, 0}};
/*
 * The endpoint mapper, and where Windows puts the services that it starts first: just above 1024 until 2003,
 * 49152 from Vista on, 49664 from Windows 10 on. The whole dynamic range is left out on purpose: it is also
 * where clients' own ports lie, so nearly every payload of a network would have to be looked at.
 */
static const struct eki_sign_service rpc_services[] = {{EKI_PROTOCOL_TCP, 135, 135},
                                                       {EKI_PROTOCOL_TCP, 1025, 1064},
                                                       {EKI_PROTOCOL_TCP, 49152, 49215},
                                                       {EKI_PROTOCOL_TCP, 49664, 49791},
                                                       {0, 0, 0}};

static bool same_class(const struct class *x, const struct class *y)
{
    return x->segments == y->segments && x->contacts == y->contacts && x->smb == y->smb && x->rpc == y->rpc;
}

/* The number of a class, new or known; EKI_ERROR_LIMIT when there are too many. */
static enum eki_error intern(struct eki_sign_context *c, const struct class *wanted, uint8_t *ret_number)
{
    for (unsigned i = 0; i < c->class_count; i++) {
        if (!same_class(&c->classes[i], wanted)) continue;
        *ret_number = (uint8_t)i;
        return EKI_OK;
    }
    if (c->class_count == CLASSES) return EKI_ERROR_LIMIT;
    c->classes[c->class_count] = *wanted;
    *ret_number = (uint8_t)c->class_count++;
    return EKI_OK;
}

/* Adds what `more` wants to every port of a list. */
static enum eki_error subscribe(struct eki_sign_context *c, const struct eki_sign_service *list,
                                const struct class *more)
{
    enum eki_error error = EKI_OK;
    for (; list && list->protocol; list++) {
        uint8_t *ports = list->protocol == EKI_PROTOCOL_UDP ? c->udp : c->tcp;
        for (unsigned port = list->low; port <= list->high && !error; port++) {
            struct class both = c->classes[ports[port]];
            both.segments |= more->segments;
            both.contacts |= more->contacts;
            both.smb |= more->smb;
            both.rpc |= more->rpc;
            error = intern(c, &both, &ports[port]);
        }
    }
    return error;
}

static enum eki_error add_module(struct eki_sign_context *c, const struct eki_sign_module *module)
{
    if (c->module_count == MODULES) return EKI_ERROR_LIMIT;
    uint32_t bit = 1u << c->module_count;
    if (module->state_size) {
        c->states[c->module_count] = eki_allocate(1, module->state_size);
        if (!c->states[c->module_count]) return EKI_ERROR_MEMORY;
    }
    c->module_count++;
    if (module->smb) c->smb_modules |= bit;
    if (module->rpc) c->rpc_modules |= bit;
    if (module->flow_end) c->end_modules |= bit;
    enum eki_error error = subscribe(c, module->segments, &(struct class){.segments = bit});
    if (!error) error = subscribe(c, module->contacts, &(struct class){.contacts = bit});
    return error;
}

enum eki_error eki_sign_engine_new(eki_sign_sink *sink, void *user, struct eki_sign_engine **ret_engine)
{
    struct eki_sign_engine *engine = eki_allocate(1, sizeof *engine);
    if (!engine) return EKI_ERROR_MEMORY;
    struct eki_sign_context *c = &engine->context;
    c->sink = sink;
    c->user = user;
    c->class_count = 1;
    enum eki_error error = subscribe(c, smb_services, &(struct class){.smb = true});
    if (!error) error = subscribe(c, rpc_services, &(struct class){.rpc = true});
    for (size_t i = 0; eki_sign_modules[i] && !error; i++) error = add_module(c, eki_sign_modules[i]);
    if (error) {
        eki_sign_engine_free(engine);
        return error;
    }
    *ret_engine = engine;
    return EKI_OK;
}

void eki_sign_engine_free(struct eki_sign_engine *engine)
{
    if (!engine) return;
    struct eki_sign_context *c = &engine->context;
    for (unsigned i = 0; i < c->module_count; i++) {
        if (eki_sign_modules[i]->done) eki_sign_modules[i]->done(c->states[i]);
        eki_free(c->states[i]);
    }
    eki_conversations_done(&c->conversations);
    eki_free(engine);
}

static const struct class *class_of(const struct eki_sign_context *c, uint8_t protocol, uint16_t service)
{
    if (protocol == EKI_PROTOCOL_TCP) return &c->classes[c->tcp[service]];
    return &c->classes[protocol == EKI_PROTOCOL_UDP ? c->udp[service] : 0];
}

bool eki_sign_engine_wants(const struct eki_sign_engine *engine, uint8_t protocol, uint16_t service)
{
    const struct class *class = class_of(&engine->context, protocol, service);
    return class->segments || class->smb || class->rpc;
}

uint64_t eki_sign_engine_dropped(const struct eki_sign_engine *engine)
{
    return engine->context.conversations.dropped;
}

/* Walks the modules of a mask: c->module is the one whose turn it is. */
static bool next_module(struct eki_sign_context *c, uint32_t *mask)
{
    if (!*mask) return false;
    c->module = (unsigned)__builtin_ctz(*mask);
    *mask &= *mask - 1;
    return true;
}

/* The units of RPC in one stretch of bytes. */
static void read_rpc(struct eki_sign_context *c, struct eki_rpc_source source, struct eki_cursor bytes,
                     struct eki_rpc_call *call)
{
    if (!eki_rpc_begins(bytes.at, bytes.left)) return;
    if (!c->current->bindings) c->current->bindings = eki_allocate(1, sizeof *c->current->bindings);
    if (!c->current->bindings) {
        c->error = EKI_ERROR_MEMORY;
        return;
    }
    while (!bytes.failed && bytes.left) {
        struct eki_rpc_found found;
        if (!eki_rpc_read(c->current->bindings, source, &bytes, &found)) continue;
        call->operation = found.operation;
        call->interface = found.interface;
        for (uint32_t mask = c->rpc_modules; next_module(c, &mask);)
            eki_sign_modules[c->module]->rpc(c, call);
    }
}

static void read_pipe(struct eki_sign_context *c, const struct eki_smb_message *m)
{
    struct eki_smb_write write;
    if (m->reply || !eki_smb_write(m, &write)) return;
    struct eki_rpc_source source = {write.file, EKI_RPC_OTHER};
    if (m->file) source.interface = (uint8_t)eki_rpc_pipe(m->file->name);
    struct eki_rpc_call call = {
        .segment = m->segment, .client = m->client, .server = m->server, .service = m->service};
    read_rpc(c, source, write.data, &call);
}

static void on_smb(void *user, const struct eki_smb_message *message)
{
    struct eki_sign_context *c = user;
    struct eki_smb_message m = *message;
    if (!c->current->session && eki_smb_session_concerns(&m)) {
        c->current->session = eki_allocate(1, sizeof *c->current->session);
        if (!c->current->session) c->error = EKI_ERROR_MEMORY;
    }
    m.gapless = !c->current->directions[0].gaps && !c->current->directions[1].gaps;
    if (c->current->session) eki_smb_session_message(c->current->session, &m);
    for (uint32_t mask = c->smb_modules; next_module(c, &mask);) eki_sign_modules[c->module]->smb(c, &m);
    read_pipe(c, &m);
}

static void read_smb(struct eki_sign_context *c, const struct eki_segment *s)
{
    c->current = eki_conversations_get(&c->conversations, s->conversation);
    if (!c->current) {
        c->error = EKI_ERROR_MEMORY;
        return;
    }
    eki_smb_segment(&c->current->directions[s->from_client], s, on_smb, c);
}

/* A segment that begins with a unit of RPC; those that go on with one are passed over. */
static void read_tcp_rpc(struct eki_sign_context *c, const struct eki_segment *s)
{
    const struct eki_packet *p = s->packet;
    if (!eki_rpc_begins(p->payload, p->payload_captured)) return;
    c->current = eki_conversations_get(&c->conversations, s->conversation);
    if (!c->current) {
        c->error = EKI_ERROR_MEMORY;
        return;
    }
    /* Only clients bind and request, whatever the port numbers say. */
    struct eki_rpc_call call = {
        .segment = s, .client = p->source, .server = p->target, .service = p->target_port};
    read_rpc(c, (struct eki_rpc_source){0, EKI_RPC_OTHER}, eki_cursor_over(p->payload, p->payload_captured),
             &call);
}

static enum eki_error take_error(struct eki_sign_context *c)
{
    enum eki_error error = c->error;
    c->error = EKI_OK;
    c->current = NULL;
    return error;
}

enum eki_error eki_sign_engine_segment(struct eki_sign_engine *engine, const struct eki_segment *segment)
{
    struct eki_sign_context *c = &engine->context;
    const struct class *class =
        class_of(c, segment->packet->protocol, segment->like ? segment->like : segment->service);
    if (!segment->packet->payload_captured && !segment->like) return EKI_OK;
    for (uint32_t mask = class->segments; next_module(c, &mask);)
        if (eki_sign_modules[c->module]->segment) eki_sign_modules[c->module]->segment(c, segment);
    if (class->smb)
        read_smb(c, segment);
    else if (class->rpc)
        read_tcp_rpc(c, segment);
    return take_error(c);
}

enum eki_error eki_sign_engine_contact(struct eki_sign_engine *engine, const struct eki_contact *contact)
{
    struct eki_sign_context *c = &engine->context;
    uint32_t mask = class_of(c, contact->protocol, contact->service)->contacts;
    while (next_module(c, &mask))
        if (eki_sign_modules[c->module]->contact) eki_sign_modules[c->module]->contact(c, contact);
    return take_error(c);
}

enum eki_error eki_sign_engine_contacts(struct eki_sign_engine *engine, const struct eki_contact *contacts,
                                        size_t count)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < count; i++) {
        const struct class *class = class_of(&engine->context, contacts[i].protocol, contacts[i].service);
        if (!class->contacts) continue;
        enum eki_error one = eki_sign_engine_contact(engine, &contacts[i]);
        if (!error) error = one;
    }
    return error;
}

static void end_conversation(struct eki_sign_context *c, uint64_t conversation)
{
    for (uint32_t mask = c->end_modules; next_module(c, &mask);)
        eki_sign_modules[c->module]->flow_end(c, conversation);
    eki_conversations_end(&c->conversations, conversation);
}

enum eki_error eki_sign_engine_flow_end(struct eki_sign_engine *engine, uint64_t conversation)
{
    struct eki_sign_context *c = &engine->context;
    uint64_t *slot = &c->ending[c->endings++ % LINGER];
    if (*slot) end_conversation(c, *slot);
    *slot = conversation;
    return take_error(c);
}

enum eki_error eki_sign_engine_finish(struct eki_sign_engine *engine)
{
    struct eki_sign_context *c = &engine->context;
    for (int i = 0; i < LINGER; i++) {
        uint64_t *slot = &c->ending[c->endings++ % LINGER];
        if (*slot) end_conversation(c, *slot);
        *slot = 0;
    }
    return take_error(c);
}

/* Everything a module keeps stands in its tables. */
static void archive_module(struct eki_archive *a, const struct eki_sign_module *module, void *state)
{
    const struct eki_sign_table *table = module->tables;
    for (; table && table->shape && !a->error; table++)
        eki_pairs_archive((struct eki_pairs *)((uint8_t *)state + table->place), table, a);
}

void eki_sign_engine_archive(struct eki_sign_engine *engine, struct eki_archive *a)
{
    struct eki_sign_context *c = &engine->context;
    eki_archive_u64(a, &c->last_id);
    for (unsigned i = 0; i < c->module_count; i++) archive_module(a, eki_sign_modules[i], c->states[i]);
    eki_conversations_archive(&c->conversations, a);
    for (int i = 0; i < LINGER; i++) eki_archive_u64(a, &c->ending[i]);
    eki_archive_u64(a, &c->endings);
}

void *eki_sign_state(struct eki_sign_context *context)
{
    return context->states[context->module];
}

void *eki_sign_recall(struct eki_sign_context *context, struct eki_pairs *pairs, struct eki_pairs_shape shape,
                      const struct eki_pair_key *key)
{
    void *entry = eki_pairs_get(pairs, shape, key);
    if (!entry) context->error = EKI_ERROR_MEMORY;
    return entry;
}

void eki_sign_witness(struct eki_sign_context *context, struct eki_sign *sign, const struct eki_sign *like,
                      const struct eki_packet *packet)
{
    if (!sign->id) {
        *sign = *like;
        sign->id = ++context->last_id;
        sign->first = packet->time;
        sign->last = packet->time;
        sign->packet_first = packet->number;
        sign->packet_last = packet->number;
        sign->input = packet->input;
        sign->protocol = packet->protocol;
    }
    if (packet->time < sign->first) sign->first = packet->time;
    if (packet->time > sign->last) sign->last = packet->time;
    if (packet->input == sign->input && packet->number > sign->packet_last)
        sign->packet_last = packet->number;
    sign->count++;
}

void eki_sign_witness_smb(struct eki_sign_context *context, struct eki_sign *sign,
                          const struct eki_sign *like, const struct eki_smb_message *m)
{
    eki_sign_witness(context, sign, like, m->segment->packet);
    sign->source = m->client;
    sign->target = m->server;
    sign->service = m->service;
}

void eki_sign_witness_segment(struct eki_sign_context *context, struct eki_sign *sign,
                              const struct eki_sign *like, const struct eki_segment *s)
{
    eki_sign_witness(context, sign, like, s->packet);
    sign->source = s->client;
    sign->target = s->server;
    sign->service = s->service;
}

void eki_sign_emit(struct eki_sign_context *context, const struct eki_sign *sign)
{
    context->sink(context->user, sign);
}
