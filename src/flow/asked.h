/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_FLOW_ASKED_H
#define EKI_FLOW_ASKED_H
/*
 * Who asked first, remembered in 4 bytes an attempt: sets of four slots, newest first, each a 30-bit tag of
 * the 5-tuple and one bit for the side. Forgets the oldest of a set; a wrong tag match has a chance of 4 in
 * 2^30 a look-up.
 */
#include <stdint.h>

#include "base/quad.h"

enum eki_asked { EKI_ASKED_UNKNOWN = 0, EKI_ASKED_LOW, EKI_ASKED_HIGH };

struct eki_asked_set {
    uint32_t slot[4];
};

static inline struct eki_asked_set *eki_asked_set_of(struct eki_asked_set *sets, uint64_t hash, uint32_t mask)
{
    return &sets[(uint32_t)(hash >> 8) & mask];
}

static inline uint32_t eki_asked_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 34) << 2 | 2;
}

static inline enum eki_asked eki_asked_find(const struct eki_asked_set *set, uint64_t hash)
{
    uint32_t tag = eki_asked_tag(hash);
    for (int i = 0; i < 4; i++)
        if ((set->slot[i] & ~UINT32_C(1)) == tag) return set->slot[i] & 1 ? EKI_ASKED_HIGH : EKI_ASKED_LOW;
    return EKI_ASKED_UNKNOWN;
}

/* Remembers `side` as the one that asked, in front of the set; an older entry of the same tag is forgotten
 * with the oldest. */
static inline void eki_asked_add(struct eki_asked_set *set, uint64_t hash, enum eki_asked side)
{
    uint32_t slot = eki_asked_tag(hash) | (side == EKI_ASKED_HIGH);
    if ((set->slot[0] | 1) == (slot | 1)) {
        set->slot[0] = slot;
        return;
    }
    eki_quad_push(set->slot, slot);
}

#endif
