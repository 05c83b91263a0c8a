/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_POPULATE_H
#define EKI_TRAFFIC_POPULATE_H
/*
 * Who lives in the world: vulnerable, patched and unrelated hosts at random addresses, servers, a router.
 */
#include "traffic/world.h"

enum populate_limit {
    POPULATE_LAN_MOST = 180,
    POPULATE_BLOCK_MOST = 100000 /* the largest outbreak the pages draw */
};

/* An office: one /24 of clients, one /24 of servers. `hosts` can fall, about half as many others live there
 * too. Patient zero is one more vulnerable host; its number is returned. */
uint32_t eki_populate_office(struct world *world, unsigned hosts);

/* A network with a prefix of `bits`, hosts scattered over it. Returns patient zero. */
uint32_t eki_populate_block(struct world *world, unsigned hosts, unsigned bits);

/* The servers of either; at fixed places of world->servers. */
void eki_populate_servers(struct world *world);

#endif
