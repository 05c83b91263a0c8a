/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_CONTACTS_H
#define TESTS_SUPPORT_CONTACTS_H
/* Contacts and what a bank makes of them, for the tests of this folder. */
#include "base/random.h"
#include "scan/bank.h"

struct trial {
    struct eki_bank *bank;
    struct eki_arena arena;
    const struct eki_scanner *scanners;
    size_t count;
    uint64_t packet;
};

struct trial trial_new(void);
void trial_done(struct trial *trial);

/* One TCP contact of 10.0.0.1 (or `client`) with `server` (IPv4, host order). */
void trial_tcp(struct trial *trial, uint32_t client, uint32_t server, uint16_t port, double seconds,
               enum eki_outcome outcome);

/* Ends the trial and returns the scanner of `client` and port (0: any port); NULL when there is none. */
const struct eki_scanner *trial_scanner(struct trial *trial, uint32_t client, uint16_t port);

#endif
