/* SPDX-License-Identifier: Apache-2.0 */
#include "worms.h"

#include <string.h>

static const struct worm *const all[] = {
    &worm_slammer, &worm_codered1, &worm_codered2, &worm_blaster,
    &worm_mirai,   &worm_wannacry, &worm_notpetya, &worm_badrabbit,
};

const struct worm *worm_named(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!strcmp(all[i]->name, name)) return all[i];
    return NULL;
}

static void strike(struct world *world, uint32_t host, uint64_t data)
{
    (void)data;
    world_infect(world, host, NOBODY, "outside");
}

void worm_plan_start(struct world *world, uint32_t patient, double calm)
{
    world_call(world, calm * world_between(world, 0.8, 1.2), strike, patient, 0);
}
