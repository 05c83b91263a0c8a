/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_HALVES_JUDGE_H
#define EKI_CONTACT_HALVES_JUDGE_H
/* What two directions of one conversation say together. For halves.c. */
#include "contact/halves.h"

/* All records of one direction. */
struct eki_halves_side {
    uint64_t packets, bytes;
    uint64_t seen_packets; /* before sampling was undone */
    eki_time first, last;
    uint8_t flags;
    bool seen;
};

/* Side 0 went from end 0 to end 1. */
struct eki_halves_pair {
    struct eki_address ends[2];
    uint16_t ports[2];
    uint8_t protocol;
    bool flags_told;
    struct eki_halves_side sides[2];
};

/* The conversation, oriented and judged. O(1). */
struct eki_log_conversation eki_halves_judge(const struct eki_halves_pair *pair);

#endif
