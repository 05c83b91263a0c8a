/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_MODULE_H
#define EKI_PROTOCOL_MODULE_H
/*
 * What a sign is made of: one const struct in a folder of its own, with a page that names its literature. The
 * build lists the folders, so adding a sign touches no other file.
 *
 * The engine gives a module what it has a callback for: payloads of the services it wants, SMB messages and
 * RPC calls cut out of them, contacts of the services it wants, the ends of conversations. Each module has
 * one zeroed block of state for each engine. It tells what it saw by filling a struct eki_sign and calling
 * eki_sign_emit; the same id grows the same sign.
 */
#include "ekigaku/sign.h"
#include "protocol/pairs.h"
#include "protocol/rpc/rpc.h"
#include "protocol/smb/smb.h"

struct eki_sign_context; /* the engine, as a module sees it */

struct eki_sign_service { /* ports low to high of a protocol; protocol 0 ends a list */
    uint8_t protocol;
    uint16_t low, high;
};

/* One of a module's tables, so that it can be kept in the saved state (see archive.c). */
struct eki_sign_table {
    size_t place;                        /* of its struct eki_pairs in the state */
    const struct eki_pairs_shape *shape; /* NULL ends a list */
    size_t signs[3];                     /* places of the struct eki_sign in an entry; 0 for none */
};

struct eki_sign_module {
    const char *const *signs;                /* names it may give, NULL at the end */
    const char *const *families;             /* likewise; NULL for none but "" */
    const char *const *techniques;           /* ATT&CK ids, likewise */
    const struct eki_sign_service *segments; /* whose payloads it wants; NULL for none */
    const struct eki_sign_service *contacts; /* whose contacts it wants; NULL for none */
    size_t state_size;                       /* bytes of zeroed state, 0 for none */
    const struct eki_sign_table *tables;     /* all that the state is made of; NULL without a state */
    void (*done)(void *state); /* frees what the state owns; may be NULL; the state itself is the engine's */
    /* Any of these may be NULL. What they are given lives until they return. */
    void (*segment)(struct eki_sign_context *context, const struct eki_segment *segment);
    void (*smb)(struct eki_sign_context *context, const struct eki_smb_message *message);
    void (*rpc)(struct eki_sign_context *context, const struct eki_rpc_call *call);
    void (*contact)(struct eki_sign_context *context, const struct eki_contact *contact);
    void (*flow_end)(struct eki_sign_context *context, uint64_t conversation);
};

/* Written by tools/list-signs at build time; NULL at the end. */
extern const struct eki_sign_module *const eki_sign_modules[];

/* The module's own state, of its state_size. */
void *eki_sign_state(struct eki_sign_context *context);

/* The module's entry for a key in one of its own tables; NULL when memory ran out, which the engine then
 * reports. */
void *eki_sign_recall(struct eki_sign_context *context, struct eki_pairs *pairs, struct eki_pairs_shape shape,
                      const struct eki_pair_key *key);

/*
 * One packet more for a sign. The first time (id 0) it is begun: name, family, technique, grade, vector and
 * automated are taken from `like`; id, first, packet_first and input are set. Each time last, packet_last and
 * count grow; a packet of another input than the first moves the times only. Does not emit.
 */
void eki_sign_witness(struct eki_sign_context *context, struct eki_sign *sign, const struct eki_sign *like,
                      const struct eki_packet *packet);

/* The same, with source, target and service of an SMB message or of a segment (the client is the source). */
void eki_sign_witness_smb(struct eki_sign_context *context, struct eki_sign *sign,
                          const struct eki_sign *like, const struct eki_smb_message *message);
void eki_sign_witness_segment(struct eki_sign_context *context, struct eki_sign *sign,
                              const struct eki_sign *like, const struct eki_segment *segment);

/* Hands a sign on; the same id replaces what was given before. */
void eki_sign_emit(struct eki_sign_context *context, const struct eki_sign *sign);

#endif
