/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/rpc/rpc.h"

#include <string.h>
#include <strings.h>

enum { UNIT_REQUEST = 0, UNIT_BIND = 11, UNIT_ALTER = 14, FIRST_FRAGMENT = 1, HEADER = 16, UUID = 16 };

/* UUIDs as they stand on a little-endian wire. */
static const struct {
    uint8_t uuid[UUID];
    uint8_t interface;
} interfaces[] = {
    {{0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03},
     EKI_RPC_SVCCTL},
    {{0x82, 0x06, 0xf7, 0x1f, 0x51, 0x0a, 0xe8, 0x30, 0x07, 0x6d, 0x74, 0x0b, 0xe8, 0xce, 0xe9, 0x8b},
     EKI_RPC_ATSVC},
    {{0x49, 0x59, 0xd3, 0x86, 0xc9, 0x83, 0x44, 0x40, 0xb4, 0x24, 0xdb, 0x36, 0x32, 0x31, 0xfd, 0x0c},
     EKI_RPC_SCHEDULER},
    {{0x99, 0xdc, 0x56, 0x95, 0x8c, 0x82, 0xcf, 0x11, 0xa3, 0x7e, 0x00, 0xaa, 0x00, 0x32, 0x40, 0xc7},
     EKI_RPC_WMI},
    {{0xa0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46},
     EKI_RPC_ACTIVATOR},
};

bool eki_rpc_begins(const uint8_t *p, size_t length)
{
    if (length < HEADER || p[0] != 5 || p[1] > 1 || (p[4] & 0xef) || p[5] > 3 || p[6] || p[7]) return false;
    return p[2] == UNIT_REQUEST || p[2] == UNIT_BIND || p[2] == UNIT_ALTER;
}

static uint16_t read16(struct eki_cursor *c, bool little)
{
    return little ? eki_cursor_le16(c) : eki_cursor_be16(c);
}

static uint8_t interface_of(const uint8_t *uuid)
{
    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
        if (!memcmp(uuid, interfaces[i].uuid, UUID)) return interfaces[i].interface;
    return EKI_RPC_OTHER;
}

static void bind(struct eki_rpc_bindings *b, uint64_t file, uint16_t context, uint8_t interface)
{
    int slot = -1;
    for (int i = 0; i < EKI_RPC_BINDINGS; i++)
        if (b->known[i].used && b->known[i].file == file && b->known[i].context == context) slot = i;
    if (slot < 0) slot = b->next++ % EKI_RPC_BINDINGS;
    b->known[slot].file = file;
    b->known[slot].context = context;
    b->known[slot].interface = interface;
    b->known[slot].used = true;
}

static void read_bind(struct eki_rpc_bindings *b, uint64_t file, struct eki_cursor c, bool little)
{
    eki_cursor_skip(&c, 2 + 2 + 4);
    unsigned contexts = eki_cursor_u8(&c);
    eki_cursor_skip(&c, 3);
    for (unsigned i = 0; i < contexts && !c.failed; i++) {
        uint16_t context = read16(&c, little);
        unsigned transfers = eki_cursor_u8(&c);
        eki_cursor_skip(&c, 1);
        const uint8_t *uuid = eki_cursor_take(&c, UUID);
        eki_cursor_skip(&c, 4 + (size_t)transfers * 20);
        if (uuid) bind(b, file, context, interface_of(uuid));
    }
}

static uint8_t bound(const struct eki_rpc_bindings *b, struct eki_rpc_source source, uint16_t context)
{
    for (int i = 0; i < EKI_RPC_BINDINGS; i++)
        if (b->known[i].used && b->known[i].file == source.file && b->known[i].context == context)
            return b->known[i].interface;
    return source.interface;
}

bool eki_rpc_read(struct eki_rpc_bindings *b, struct eki_rpc_source source, struct eki_cursor *c,
                  struct eki_rpc_found *ret_found)
{
    struct eki_cursor unit = *c;
    if (c->failed || !eki_rpc_begins(c->at, c->left)) {
        c->failed = true;
        return false;
    }
    const uint8_t *header = eki_cursor_take(&unit, HEADER);
    bool little = header[4] & 0x10;
    uint16_t length = little ? eki_load_le16(header, 8) : eki_load_be16(header, 8);
    eki_cursor_skip(c, length < HEADER ? c->left + 1 : length);
    eki_cursor_limit(&unit, length < HEADER ? 0 : length - HEADER);
    if (header[2] != UNIT_REQUEST) {
        read_bind(b, source.file, unit, little);
        return false;
    }
    eki_cursor_skip(&unit, 4);
    uint16_t context = read16(&unit, little), operation = read16(&unit, little);
    if (unit.failed || !(header[3] & FIRST_FRAGMENT)) return false;
    *ret_found = (struct eki_rpc_found){operation, bound(b, source, context)};
    return true;
}

enum eki_rpc_interface eki_rpc_pipe(const char *name)
{
    if (name[0] == '\\') name++;
    if (!strcasecmp(name, "svcctl")) return EKI_RPC_SVCCTL;
    /* The task scheduler serves both of its interfaces on this pipe; the older has operation 0 for what the
     * newer calls 1. */
    if (!strcasecmp(name, "atsvc")) return EKI_RPC_SCHEDULER;
    return EKI_RPC_OTHER;
}
