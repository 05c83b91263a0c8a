/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_SCAN_KIND_H
#define GENERATE_SCAN_KIND_H
/*
 * One scanner with a known strategy, or one look-alike that is none, in ordinary traffic. A kind is a row:
 * how it probes, and what an analysis should say of it.
 */
#include <stdbool.h>

#include "traffic/world.h"

struct scan {
    const struct scan_kind *kind;
    uint32_t host;  /* number of the scanner */
    uint32_t base;  /* first address of the range searched */
    uint32_t count; /* probes to make */
    double rate, answer_share;
    uint32_t *order; /* permuted: the order; known_peers: the addresses; owned */
};

/* About whom the verdict is. */
enum scan_subject {
    SUBJECT_SCANNER = 0,
    SUBJECT_SERVER /* the flooded one */,
    SUBJECT_PARTNER /* lookalike_partner(1) */
};

struct scan_kind {
    const char *name;
    void (*step)(struct world *world, const struct scan *scan, uint32_t i); /* the i-th probe */
    const char *expected;                                                   /* verdict */
    const char *connected, *elsewhere;
    double rate, answer_share;
    uint32_t count;
    uint16_t port;
    uint8_t protocol;
    bool far; /* the range lies outside the own network even when it would fit */
    enum scan_subject subject;
};

/* The kinds of lookalike.c. */
extern const struct scan_kind lookalike_kinds[];
extern const size_t lookalike_kind_count;

/* The n-th of a steady set of far addresses. */
uint32_t lookalike_partner(const struct world *world, uint32_t n);

/* One TCP attempt at an address that answers with the scan's probability (with a few bytes of data) or else
 * is silent or refuses. */
void scan_attempt(struct world *world, const struct scan *scan, uint32_t target, uint16_t port);

/* Writes the capture of --kind and its truth. False when the kind is unknown or a file cannot be written. */
bool scan_kind_run(const struct options *options);

#endif
