/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_RPC_H
#define EKI_PROTOCOL_RPC_H
/*
 * Remote procedure calls as DCE 1.1 (C706, chapter 12) and [MS-RPCE] put them on the wire: a bind names an
 * interface by UUID under a context number; requests carry that number and an operation number. Both are in
 * the clear even when the arguments are encrypted. Calls travel over TCP, or in SMB pipes, where the pipe's
 * name stands for the interface when the bind was missed or cut away.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ekigaku/sign.h"

/* Interfaces that start something on the other host, or prepare it. */
enum eki_rpc_interface {
    EKI_RPC_OTHER = 0,
    EKI_RPC_SVCCTL,    /* [MS-SCMR] */
    EKI_RPC_ATSVC,     /* [MS-TSCH] 3.2.5.2 */
    EKI_RPC_SCHEDULER, /* ITaskSchedulerService, [MS-TSCH] 3.2.5.4 */
    EKI_RPC_WMI,       /* IWbemServices, [MS-WMI] */
    EKI_RPC_ACTIVATOR  /* ISystemActivator / IRemoteSCMActivator, [MS-DCOM] */
};

struct eki_rpc_call {
    const struct eki_segment *segment;
    struct eki_address client, server;
    uint16_t service; /* port on the server */
    uint16_t operation;
    uint8_t interface; /* enum eki_rpc_interface */
};

enum { EKI_RPC_BINDINGS = 16 }; /* DCOM keeps a handful of interfaces on one connection */

struct eki_rpc_bindings {
    struct {
        uint64_t file; /* the SMB pipe's handle; 0 over TCP */
        uint16_t context;
        uint8_t interface;
        bool used;
    } known[EKI_RPC_BINDINGS];
    uint8_t next;
};

/* Where the bytes of a call come from. */
struct eki_rpc_source {
    uint64_t file;
    uint8_t interface; /* the pipe's, by name; EKI_RPC_OTHER when unknown */
};

struct eki_rpc_found {
    uint16_t operation;
    uint8_t interface;
};

/* True when the bytes begin with a bind, alter context or request. */
bool eki_rpc_begins(const uint8_t *bytes, size_t length);

/* Reads one unit: learns from a bind, and returns true for a first fragment of a request, with what it calls.
 * Moves the cursor to the next unit, or to a failed end. */
bool eki_rpc_read(struct eki_rpc_bindings *bindings, struct eki_rpc_source source, struct eki_cursor *c,
                  struct eki_rpc_found *ret_found);

/* The interface behind a well-known pipe name ("svcctl"); case does not matter. */
enum eki_rpc_interface eki_rpc_pipe(const char *name);

#endif
