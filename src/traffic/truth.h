/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_TRUTH_H
#define EKI_TRAFFIC_TRUTH_H
/*
 * The truth: what really happened in the world, beside the capture (schema "ekigaku.truth/1"). "visible" says
 * whether the host sent any packet that is in the capture; "met" whether a packet of the parent to the host,
 * not later than the infection, is.
 */
#include <stdbool.h>

#include "traffic/world.h"

/* Writes the truth of a worm's outbreak to the path the options name; nothing when the capture goes to
 * standard output. False when the file cannot be written. */
bool eki_truth_write(const struct world *world);

/* What one scanner or look-alike did, for modes without an outbreak. */
struct truth_scan {
    uint32_t host;
    uint8_t protocol;
    uint16_t port;
    const char *kind;
    const char *expected; /* verdict: "scanner", or anything else for a look-alike */
    const char *connected, *elsewhere;
    eki_time since; /* when it began */
};

/* As eki_truth_write, for one scanner. */
bool eki_truth_write_scan(const struct world *world, const struct truth_scan *scan);

#endif
