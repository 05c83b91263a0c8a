/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_LIVE_H
#define EKI_SCAN_LIVE_H
/*
 * Who is there: the addresses that were seen sending anything, learned and never configured. All other space
 * is dark. Exact up to EKI_LIVE_EXACT hosts, a sketch beyond (then `is there` may be wrong for the newcomers,
 * which only softens evidence).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/index.h"
#include "ekigaku/address.h"

/* Unless the memory is stated: 131,072 addresses of 16 bytes and their index: 4 MiB. More hosts than most
 * sites have; flooded spoofed sources end here. */
enum { EKI_LIVE_EXACT = 1 << 17, EKI_LIVE_MOST = 1 << 26, EKI_LIVE_REGISTERS = 1 << 12 };

struct eki_live {
    struct eki_address *hosts;
    uint32_t count;
    uint32_t capacity, most;
    struct eki_index index;
    uint8_t *registers; /* HyperLogLog (Flajolet 2007), 2^12 of them */
    bool overflowed;
};

/* An empty set of hosts, exact up to `most` (rounded down to 1,024 times a power of two); pair with the _done
 * below, which takes a zeroed one as well. EKI_ERROR_MEMORY leaves *ret_live untouched. */
EKI_MUST_USE enum eki_error eki_live_init(struct eki_live *ret_live, uint32_t most);
void eki_live_done(struct eki_live *live);

/* Notes that `host` was seen sending. `hash`, here and below: of the host, by one key for all of them. O(1).
 */
void eki_live_add(struct eki_live *live, struct eki_address host, uint64_t hash);

/* Fetches what eki_live_has will look at. */
void eki_live_prefetch(const struct eki_live *live, uint64_t hash);

/* Was this host ever seen sending? May be wrong once the table overflowed: then an old host counts as silent.
 * O(1). */
bool eki_live_has(const struct eki_live *live, struct eki_address host, uint64_t hash);

/* How many distinct hosts; *ret_estimated when it comes from the sketch (standard error 1.6 %). */
uint64_t eki_live_count(const struct eki_live *live, bool *ret_estimated);

#endif
