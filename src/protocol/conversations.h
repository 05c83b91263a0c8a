/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_CONVERSATIONS_H
#define EKI_PROTOCOL_CONVERSATIONS_H
/*
 * What is kept of conversations that carry SMB or RPC: where the next message begins, what is open, what is
 * bound. When there are too many, the one that was silent longest is forgotten.
 */
#include "base/index.h"
#include "ekigaku/error.h"
#include "protocol/rpc/rpc.h"
#include "protocol/smb/session.h"

/* About 60 bytes each while they only talk, 3 KiB once a share is open: 24 MiB at worst. */
enum { EKI_CONVERSATIONS = 1 << 13 };

struct eki_conversation {
    uint64_t number;
    struct eki_smb_direction directions[2]; /* by who is the sender: [from_client] */
    struct eki_smb_session *session;        /* NULL until something is opened */
    struct eki_rpc_bindings *bindings;      /* NULL until something is bound */
    uint32_t newer, older;                  /* the order of use */
};

struct eki_conversations {
    struct eki_index index;
    struct eki_conversation *all;
    uint32_t count, capacity, newest, oldest;
    uint64_t dropped;
};

/* The state of a conversation, or NULL. */
struct eki_conversation *eki_conversations_find(struct eki_conversations *c, uint64_t number);

/* The same, made when it is not there; NULL when there is no memory. Makes it the one used last. */
struct eki_conversation *eki_conversations_get(struct eki_conversations *c, uint64_t number);

/* Frees what a conversation holds beyond its fixed part: it has ended. */
void eki_conversations_end(struct eki_conversations *c, uint64_t number);

/* Frees everything. A zeroed struct eki_conversations is an empty table. */
void eki_conversations_done(struct eki_conversations *c);

#endif
