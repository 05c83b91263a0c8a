/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_MOVED_H
#define EKI_ANALYSIS_MOVED_H
/*
 * Services that were moved to another port. Administrators move SSH to quiet its log, so the signs of SSH by
 * port 22 alone would miss it. A server that greets as SSH does (RFC 4253, 4.2: "SSH-") is remembered with
 * its port, and what it says from then on is given to the signs of port 22.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/packet.h"

enum { EKI_MOVED_PORT = 22, EKI_MOVED_SERVERS = 1024 };

/* Servers by hash, newer ones in place of older: 8 KiB; one forgotten greets again at the next connection.
 * All zero is empty. */
struct eki_moved {
    uint64_t servers[EKI_MOVED_SERVERS];
};

/* Does the payload begin as a greeting of SSH? False without captured bytes. */
static inline bool eki_moved_greets(const struct eki_packet *packet)
{
    return packet->payload && packet->payload_captured >= 4 && packet->protocol == EKI_PROTOCOL_TCP &&
           packet->payload[0] == 'S' && packet->payload[1] == 'S' && packet->payload[2] == 'H' &&
           packet->payload[3] == '-';
}

/* Remembers the server, or asks whether it is remembered. O(1). */
void eki_moved_add(struct eki_moved *moved, struct eki_address server, uint16_t service);
bool eki_moved_has(const struct eki_moved *moved, struct eki_address server, uint16_t service);

#endif
