/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/populate.h"

enum { SERVER_FIRST = 10, SERVER_LAST = 23, ROUTER = 1 };

void eki_populate_servers(struct world *world)
{
    for (uint32_t i = SERVER_FIRST; i <= SERVER_LAST; i++) {
        if (i > 12 && i < 20) continue;
        eki_world_add_host(world, world->servers | i, HOST_SERVER | HOST_SERVICE);
    }
}

static uint32_t add_somewhere(struct world *world, uint32_t flags)
{
    uint32_t free_bits = ~world->mask;
    for (;;) {
        uint32_t address =
            world->network | (uint32_t)eki_random_below(&world->random, (uint64_t)free_bits + 1);
        uint32_t last = address & 255;
        if (last < 2 || last > 253 || (address & ~255u) == world->servers) continue;
        if (eki_world_find_host(world, address) != NOBODY || eki_address_is_special(eki_address_v4(address)))
            continue;
        return eki_world_add_host(world, address, flags);
    }
}

static uint32_t add_clients(struct world *world, unsigned hosts)
{
    uint32_t patient = add_somewhere(world, HOST_SERVICE | HOST_VULNERABLE);
    for (unsigned i = 0; i < hosts; i++) {
        uint32_t flags = HOST_SERVICE | HOST_VULNERABLE;
        if (eki_random_below(&world->random, 3)) flags |= HOST_CREDENTIAL;
        add_somewhere(world, flags);
    }
    for (unsigned i = 0; i < hosts / 4 + 2 && i < 40; i++) add_somewhere(world, HOST_SERVICE);
    for (unsigned i = 0; i < hosts / 5 + 2 && i < 30; i++) add_somewhere(world, 0);
    world->infectable = hosts + 1;
    return patient;
}

/* A world that was filled by somebody else is taken as it is. */
static bool is_filled(struct world *world, uint32_t *ret_patient)
{
    *ret_patient = world->patient_zero;
    world->patient_zero = NOBODY;
    return *ret_patient != NOBODY;
}

uint32_t eki_populate_office(struct world *world, unsigned hosts)
{
    uint32_t patient;
    if (is_filled(world, &patient)) return patient;
    if (hosts > POPULATE_LAN_MOST) hosts = POPULATE_LAN_MOST;
    uint32_t third = (uint32_t)eki_random_below(&world->random, 250),
             kind = (uint32_t)eki_random_below(&world->random, 3);
    uint32_t wide = kind == 0 ? 0xc0a80000u : kind == 1 ? 0xac100000u : 0x0a000000u;
    if (kind == 1) wide |= (uint32_t)eki_random_below(&world->random, 16) << 16;
    if (kind == 2) wide |= (uint32_t)eki_random_below(&world->random, 256) << 16;
    world->mask = 0xffffff00u;
    world->network = wide | third << 8;
    world->servers = wide | (third + 1 + (uint32_t)eki_random_below(&world->random, 4)) << 8;
    world->router = world->network | ROUTER;
    eki_populate_servers(world);
    eki_world_add_host(world, world->router, HOST_SERVER);
    return add_clients(world, hosts);
}

uint32_t eki_populate_block(struct world *world, unsigned hosts, unsigned bits)
{
    uint32_t patient;
    if (is_filled(world, &patient)) return patient;
    world->mask = bits ? UINT32_MAX << (32 - bits) : 0;
    /* A quarter of the network at most, so that a free address is found soon. */
    unsigned most = (~world->mask >> 2) < POPULATE_BLOCK_MOST ? ~world->mask >> 2 : POPULATE_BLOCK_MOST;
    if (hosts > most) hosts = most;
    world->network = (0x0a000000u | (uint32_t)eki_random_below(&world->random, 1 << 24)) & world->mask;
    world->servers = 0xc0a80a00u;
    world->router = world->network | ROUTER;
    eki_populate_servers(world);
    return add_clients(world, hosts);
}
