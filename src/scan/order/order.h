/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_ORDER_H
#define EKI_SCAN_ORDER_H
/*
 * How each new target follows the ones before it: within one scope of one source on one service. See
 * README.md for the method.
 *
 * eki_order_feed() takes each first contact and keeps counts and four running sums of evidence for "in order"
 * against "not searching"; eki_order_finding() turns the counts into a posterior over strategies. 208 bytes,
 * no allocation.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/scanner.h"

enum { EKI_ORDER_HEADS = 4 };

enum eki_order_kind {
    EKI_ORDER_UP = 0,
    EKI_ORDER_DOWN,
    EKI_ORDER_STRIDE,
    EKI_ORDER_REVERSED,
    EKI_ORDER_KINDS
};

struct eki_order {
    uint64_t
        heads[EKI_ORDER_HEADS]; /* ends of the streams seen last, newest first: parallel threads interleave */
    uint64_t last;
    int64_t delta;      /* last - the one before */
    uint64_t low, high; /* smallest and largest target */
    eki_time first, latest;
    uint32_t probes;                             /* first contacts that were looked at */
    uint64_t passed;                             /* first contacts after those, only counted */
    uint32_t repeats;                            /* targets met again after others had been tried */
    uint32_t matches[EKI_ORDER_KINDS];           /* fits, gaps and parallel disorder included */
    uint32_t exact[EKI_ORDER_KINDS];             /* fits without a gap: they tell up from down */
    uint32_t newest_matches[2], newest_exact[2]; /* up, down: those that follow the stream seen last */
    uint32_t ahead[2],
        ahead_bits[2]; /* up, down: less than a /24 beyond it, no fit; sum of log2 of the jumps, floored */
    uint32_t same_16, same_8;   /* in the source's /16; in its /8 but not its /16 */
    uint32_t known;             /* the source had exchanged data with it before */
    uint32_t clustered;         /* in the /24 of one of the heads, without following it in order */
    float run[EKI_ORDER_KINDS]; /* cumulative sums, never below zero (Page 1954) */
    uint8_t head_count;
};

/* What is known about a target besides its number. */
struct eki_order_target {
    uint64_t number; /* low half of the address */
    eki_time time;
    bool same_16, same_8; /* as the source (same_16 implies same_8) */
    bool known_peer;
    bool busy; /* it answered, and was known to be alive before */
};

/* Counts one first contact. O(1). */
void eki_order_feed(struct eki_order *order, const struct eki_order_target *target);

/* Counts a first contact of a source whose order is known beyond doubt, without looking at it. O(1). */
static inline void eki_order_pass(struct eki_order *order, eki_time time)
{
    if (order->probes == 0) order->first = time;
    order->latest = time;
    order->passed++;
}

/* The strongest evidence for "in order" now: a log likelihood ratio, >= 0. */
double eki_order_evidence(const struct eki_order *order);

/* Posterior over strategies from the counts; a scope without probes gives "unknown" with posterior 1.
 * `connected`: the scope is the source's own subnet, where local preference means nothing. */
struct eki_strategy_finding eki_order_finding(const struct eki_order *order, bool connected);

#endif
