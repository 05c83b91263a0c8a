/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_STATE_H
#define EKI_SCAN_STATE_H
/* What the bank holds: shared by bank.c, which fills it, and verdict.c, which reads it out. */
#include "scan/bank.h"
#include "scan/dark/live.h"
#include "scan/flood/flood.h"
#include "scan/peers/peers.h"
#include "scan/shard.h"

struct eki_bank {
    struct eki_shard shards[EKI_SHARDS];
    struct eki_live live; /* asked and told in the order of contacts, as are the next two */
    struct eki_peers peers;
    struct eki_flood flood;
    struct eki_bank_limits limits;
    uint64_t seed;
    uint64_t settled; /* see eki_bank_settled */
};

/* The record of a client, or NULL. */
struct eki_client *eki_bank_client(struct eki_bank *bank, struct eki_address address);

/* The watch of a source on a service, or NULL. */
struct eki_watch *eki_bank_find(struct eki_bank *bank, struct eki_address client, uint8_t protocol,
                                uint16_t service);

#endif
