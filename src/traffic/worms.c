/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/worms.h"

#include <string.h>

static const struct worm *const all[] = {
    &eki_worm_slammer, &eki_worm_codered1, &eki_worm_codered2, &eki_worm_blaster,
    &eki_worm_mirai,   &eki_worm_wannacry, &eki_worm_notpetya, &eki_worm_badrabbit,
};

const struct worm *eki_worm_named(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!strcmp(all[i]->name, name)) return all[i];
    return NULL;
}

static void strike(struct world *world, uint32_t host, uint64_t data)
{
    (void)data;
    eki_world_infect(world, host, NOBODY, "outside");
}

void eki_worm_plan_start(struct world *world, uint32_t patient, double calm)
{
    eki_world_call(world, calm * eki_world_between(world, 0.8, 1.2), strike, patient, 0);
}
