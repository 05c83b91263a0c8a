/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_RPC_H
#define EKI_PROTOCOL_RPC_H
/*
 * DCE/RPC calls (C706, [MS-RPCE]), over SMB named pipes and over TCP: which interface was bound under which context, and which operation of
 * it is then called. Operation numbers stand in plain text also when the call itself is encrypted.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ekigaku/sign.h"

enum eki_rpc_interface {
    EKI_RPC_UNKNOWN = 0,
    EKI_RPC_SVCCTL,         /* service control manager */
    EKI_RPC_ATSVC,          /* at jobs */
    EKI_RPC_TASK_SCHEDULER, /* ITaskSchedulerService */
    EKI_RPC_WBEM_SERVICES,  /* IWbemServices */
    EKI_RPC_SRVSVC,
    EKI_RPC_SAMR,
    EKI_RPC_REMOTE_ACTIVATION /* IRemoteActivation, the interface of MS03-026 */
};

struct eki_rpc_call {
    const struct eki_segment *segment;
    struct eki_address client, server;
    enum eki_rpc_interface interface;
    uint16_t operation;
    uint32_t length; /* of the fragment, as announced */
};

/* The bindings of one conversation; the oldest is forgotten. Zeroed is empty. */
enum { EKI_RPC_BINDINGS = 8 };
struct eki_rpc_bindings {
    struct {
        uint16_t context;
        uint8_t interface;
        bool used;
    } binding[EKI_RPC_BINDINGS];
    uint8_t next, hint; /* hint: the interface that goes with the pipe opened last */
};

typedef void eki_rpc_sink(void *user, const struct eki_rpc_call *call);

/* Reads all fragments that stand whole or in part in the cursor: binds are remembered, calls go to the sink. `call` carries what is known of
 * the conversation (segment, client, server). Stops at the first byte that is no RPC. O(bytes). */
void eki_rpc_read(struct eki_rpc_bindings *bindings, struct eki_cursor bytes, struct eki_rpc_call call, eki_rpc_sink *sink, void *user);

/* A named pipe was opened: calls without a bind that was seen belong to its interface. */
void eki_rpc_pipe(struct eki_rpc_bindings *bindings, const char *name);

#endif
