/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_MODULE_H
#define EKI_PROTOCOL_MODULE_H
/*
 * What a sign is made of: one const struct in a folder of its own, with a page that names its literature. The build lists the folders, so adding
 * a sign touches no other file.
 *
 * The engine gives a module what it has a callback for: payloads of the services it wants, SMB messages and RPC calls cut out of them,
 * contacts, the ends of conversations. Each module has one zeroed block of state for each engine. It tells what it saw by
 * filling a struct eki_sign and calling eki_sign_emit; the sign's id comes from eki_sign_id, so that the same pair grows the same sign.
 */
#include "ekigaku/sign.h"
#include "protocol/rpc/rpc.h"
#include "protocol/smb/smb.h"

struct eki_sign_context; /* the engine, as a module sees it */

struct eki_sign_service { /* ports low to high of a protocol; protocol 0 ends a list */
    uint8_t protocol;
    uint16_t low, high;
};

struct eki_sign_module {
    const char *name;
    const char *const *signs;    /* names it may give, NULL at the end */
    const char *const *families; /* likewise; may be NULL */
    const struct eki_sign_service *services;         /* whose payloads it wants */
    const struct eki_sign_service *contact_services; /* whose contacts it wants */
    size_t state_size;           /* bytes of zeroed state, 0 for none */
    void (*end)(void *state);    /* frees what the state owns; may be NULL; the state itself is the engine's */
    /* Any of these may be NULL. */
    void (*segment)(struct eki_sign_context *context, const struct eki_segment *segment);
    void (*smb)(struct eki_sign_context *context, const struct eki_smb_message *message);
    void (*rpc)(struct eki_sign_context *context, const struct eki_rpc_call *call);
    void (*contact)(struct eki_sign_context *context, const struct eki_contact *contact);
};

/* Written by tools/list-signs at build time; NULL at the end. */
extern const struct eki_sign_module *const eki_sign_modules[];

/* The module's own state. */
void *eki_sign_state(struct eki_sign_context *context);

/* Hands a sign on; the same id replaces what was given before. */
void eki_sign_emit(struct eki_sign_context *context, const struct eki_sign *sign);

/* A running number for a new sign; never 0. Never reused. */
uint64_t eki_sign_id(struct eki_sign_context *context);

/* Tells the engine that memory ran out; it reports EKI_ERROR_MEMORY. */
void eki_sign_out_of_memory(struct eki_sign_context *context);

#endif
