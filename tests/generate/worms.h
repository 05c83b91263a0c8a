/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_WORMS_H
#define GENERATE_WORMS_H
/*
 * The worms, one file each. Parameters come from what defenders published; the source stands beside each
 * number.
 */
#include "world.h"

extern const struct worm worm_slammer, worm_codered1, worm_codered2, worm_blaster, worm_mirai, worm_wannacry,
    worm_notpetya, worm_badrabbit;

/* The worm of a name, or NULL. */
const struct worm *worm_named(const char *name);

/* Makes the outbreak: population, background, patient zero falls after some calm. `patient` starts at `calm`
 * seconds. */
void worm_plan_start(struct world *world, uint32_t patient, double calm);

#endif
