/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_BACKGROUND_H
#define EKI_TRAFFIC_BACKGROUND_H
/*
 * Ordinary traffic: clients that look names up, read the web, work on file servers and sometimes on a share
 * of a colleague. So victims have earlier contacts on the very service a worm uses, and every client has a
 * few steady peers.
 */
#include "traffic/world.h"

/* Lets every host that is no server talk `per_minute` times a minute on average, from now until the end. */
void eki_background_start(struct world *world, double per_minute);

/* The address of a steady peer of a host: a file server or a colleague; `choice` picks one of a few. Always
 * the same for the same world, host and choice. */
uint32_t eki_background_peer(const struct world *world, uint32_t host, unsigned choice);

#endif
