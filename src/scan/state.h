/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_STATE_H
#define EKI_SCAN_STATE_H
/* What the bank holds: shared by bank.c, which fills it, and verdict.c, which reads it out. */
#include "base/index.h"
#include "scan/bank.h"
#include "scan/dark/live.h"
#include "scan/flood/flood.h"
#include "scan/peers/peers.h"
#include "scan/vertical/vertical.h"
#include "scan/watch.h"

enum { EKI_BANK_CHUNK = 1024 };
#define EKI_BANK_NOBODY UINT32_MAX

struct eki_client {
    struct eki_address address;
    struct eki_vertical *vertical; /* once it uses several services */
    uint32_t services;
    uint32_t watches; /* that it has now; the next vacant record when `vacant` */
    bool sweeps;      /* decided to sweep by ARP */
    bool vacant;
};

struct eki_bank {
    struct eki_watch **watch_chunks; /* watches never move, so that growing needs no second copy of them */
    uint32_t watch_count, hand;
    struct eki_index watch_index;
    struct eki_client *clients;
    uint32_t client_count;
    size_t client_capacity;
    struct eki_index client_index;
    uint32_t vacant_client; /* head of a list, EKI_BANK_NOBODY at its end */
    uint32_t idle_clients;  /* without a watch, kept for the ports that they scanned */
    struct eki_live live;
    struct eki_peers peers;
    struct eki_flood flood;
    struct eki_bank_limits limits;
    uint64_t deep_bytes; /* in use */
    uint64_t seed, pushed_out, thinned, unwatched;
};

static inline struct eki_watch *eki_bank_watch(const struct eki_bank *bank, uint32_t position)
{
    return &bank->watch_chunks[position / EKI_BANK_CHUNK][position % EKI_BANK_CHUNK];
}

/* budget.c: gives up what shows least until what is kept of busy sources fits again. */
void eki_bank_give_back(struct eki_bank *bank);
/* Frees what is known of the ports that a client tried, if anything. */
void eki_bank_drop_vertical(struct eki_bank *bank, struct eki_client *client);

/* Puts a client's record on the list of vacant ones; it holds nothing any more. */
void eki_bank_vacate(struct eki_bank *bank, uint32_t position);

/* The record of a client, or NULL. */
struct eki_client *eki_bank_client(struct eki_bank *bank, struct eki_address address);

/* The watch of a source on a service, or NULL. */
struct eki_watch *eki_bank_find(struct eki_bank *bank, struct eki_address client, uint8_t protocol,
                                uint16_t service);

#endif
