/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers which servers speak SSH on another port. */
#include "analysis/moved.h"

#include "base/hash.h"

/* Never 0, which is an empty place. */
static uint64_t tag(struct eki_address server, uint16_t service)
{
    return eki_hash_address(server, service, 0) | 1;
}

static unsigned place(uint64_t tag)
{
    return (unsigned)(tag >> 32) % EKI_MOVED_SERVERS;
}

void eki_moved_add(struct eki_moved *moved, struct eki_address server, uint16_t service)
{
    uint64_t it = tag(server, service);
    moved->servers[place(it)] = it;
}

bool eki_moved_has(const struct eki_moved *moved, struct eki_address server, uint16_t service)
{
    uint64_t it = tag(server, service);
    return moved->servers[place(it)] == it;
}
