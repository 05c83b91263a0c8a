/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/rpc/rpc.h"

#include <string.h>
#include <strings.h>

enum { REQUEST = 0, BIND = 11, ALTER_CONTEXT = 14, SHORTEST = 16 };

static const struct {
    uint8_t uuid[16]; /* as on the wire, little-endian */
    uint8_t interface;
} known[] = {
    {{0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03}, EKI_RPC_SVCCTL},
    {{0x82, 0x06, 0xf7, 0x1f, 0x51, 0x0a, 0xe8, 0x30, 0x07, 0x6d, 0x74, 0x0b, 0xe8, 0xce, 0xe9, 0x8b}, EKI_RPC_ATSVC},
    {{0x49, 0x59, 0xd3, 0x86, 0xc9, 0x83, 0x44, 0x40, 0xb4, 0x24, 0xdb, 0x36, 0x32, 0x31, 0xfd, 0x0c}, EKI_RPC_TASK_SCHEDULER},
    {{0x99, 0xdc, 0x56, 0x95, 0x8c, 0x82, 0xcf, 0x11, 0xa3, 0x7e, 0x00, 0xaa, 0x00, 0x32, 0x40, 0xc7}, EKI_RPC_WBEM_SERVICES},
    {{0xc8, 0x4f, 0x32, 0x4b, 0x70, 0x16, 0xd3, 0x01, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88}, EKI_RPC_SRVSVC},
    {{0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xac}, EKI_RPC_SAMR},
    {{0xb8, 0x4a, 0x9f, 0x4d, 0x1c, 0x7d, 0xcf, 0x11, 0x86, 0x1e, 0x00, 0x20, 0xaf, 0x6e, 0x7c, 0x57}, EKI_RPC_REMOTE_ACTIVATION},
};

static uint8_t interface_of(const uint8_t *uuid)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!memcmp(known[i].uuid, uuid, 16)) return known[i].interface;
    return EKI_RPC_UNKNOWN;
}

static void remember(struct eki_rpc_bindings *b, uint16_t context, uint8_t interface)
{
    b->binding[b->next].context = context;
    b->binding[b->next].interface = interface;
    b->binding[b->next].used = true;
    b->next = (uint8_t)((b->next + 1) % EKI_RPC_BINDINGS);
}

/* The newest binding of a context wins: pipes of one connection number theirs alike. */
static uint8_t bound(const struct eki_rpc_bindings *b, uint16_t context)
{
    for (int i = 1; i <= EKI_RPC_BINDINGS; i++) {
        int slot = (b->next + EKI_RPC_BINDINGS - i) % EKI_RPC_BINDINGS;
        if (b->binding[slot].used && b->binding[slot].context == context) return b->binding[slot].interface;
    }
    return b->hint;
}

/* Bind and alter context: a list of contexts, each an interface and its transfer syntaxes. */
static void read_bind(struct eki_rpc_bindings *b, struct eki_cursor c)
{
    eki_cursor_skip(&c, 8); /* fragment sizes, association group */
    uint8_t contexts = eki_cursor_u8(&c);
    eki_cursor_skip(&c, 3);
    for (uint8_t i = 0; i < contexts; i++) {
        uint16_t context = eki_cursor_le16(&c);
        uint8_t syntaxes = eki_cursor_u8(&c);
        eki_cursor_skip(&c, 1);
        const uint8_t *uuid = eki_cursor_take(&c, 20);
        if (!uuid) return;
        uint8_t interface = interface_of(uuid);
        /* A later context that only negotiates features repeats the interface: remembering it twice does no harm. */
        remember(b, context, interface);
        eki_cursor_skip(&c, (size_t)syntaxes * 20);
    }
}

static void read_request(struct eki_rpc_bindings *b, struct eki_cursor c, struct eki_rpc_call *call, eki_rpc_sink *sink, void *user)
{
    eki_cursor_skip(&c, 4); /* allocation hint */
    uint16_t context = eki_cursor_le16(&c);
    call->operation = eki_cursor_le16(&c);
    if (c.failed) return;
    call->interface = (enum eki_rpc_interface)bound(b, context);
    if (call->interface) sink(user, call);
}

void eki_rpc_read(struct eki_rpc_bindings *bindings, struct eki_cursor bytes, struct eki_rpc_call call, eki_rpc_sink *sink, void *user)
{
    for (;;) {
        struct eki_cursor c = bytes;
        const uint8_t *h = eki_cursor_take(&c, SHORTEST);
        if (!h || h[0] != 5 || h[1] > 1 || !(h[4] & 0x10)) return; /* version 5, little-endian numbers */
        uint16_t length = eki_load_le16(h, 8);
        if (length < SHORTEST) return;
        call.length = length;
        bool first = h[3] & 1;
        if (h[2] == BIND || h[2] == ALTER_CONTEXT) read_bind(bindings, c);
        if (h[2] == REQUEST && first) read_request(bindings, c, &call, sink, user);
        eki_cursor_skip(&bytes, length);
        if (bytes.failed || !bytes.left) return;
    }
}

void eki_rpc_pipe(struct eki_rpc_bindings *bindings, const char *name)
{
    static const struct {
        const char *name;
        uint8_t interface;
    } pipes[] = {{"svcctl", EKI_RPC_SVCCTL}, {"atsvc", EKI_RPC_ATSVC}, {"srvsvc", EKI_RPC_SRVSVC}, {"samr", EKI_RPC_SAMR}};
    while (*name == '\\') name++;
    for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++)
        if (!strcasecmp(pipes[i].name, name)) bindings->hint = pipes[i].interface;
}
