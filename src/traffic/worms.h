/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_WORMS_H
#define EKI_TRAFFIC_WORMS_H
/*
 * The worms, one file each. Parameters come from what defenders published; the source stands beside each
 * number.
 */
#include "traffic/world.h"

extern const struct worm eki_worm_slammer, eki_worm_codered1, eki_worm_codered2, eki_worm_blaster,
    eki_worm_mirai, eki_worm_wannacry, eki_worm_notpetya, eki_worm_badrabbit;

/* The worm of a name, or NULL. */
const struct worm *eki_worm_named(const char *name);

/* Makes the outbreak: population, background, patient zero falls after some calm. `patient` starts at `calm`
 * seconds. */
void eki_worm_plan_start(struct world *world, uint32_t patient, double calm);

#endif
