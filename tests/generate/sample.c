/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "background.h"
#include "populate.h"
#include "truth.h"
#include "worms.h"

#define SAMPLE_START (INT64_C(1494575040) * EKI_SECOND) /* 2017-05-12T07:44:00Z */
#define SAMPLE_SEED  37                                 /* six victims of three parents within 304 s */

static void add_laboratory(struct world *world)
{
    static const uint8_t weak[] = {30, 90, 120, 162, 190, 230}, patched[] = {55, 101, 140, 203},
                         bare[] = {12, 77, 180};
    world->network = 0xc0a81400u;
    world->mask = 0xffffff00u;
    world->servers = 0xc0a81e00u;
    world->router = world->network | 1;
    populate_servers(world);
    world_add_host(world, world->router, HOST_SERVER);
    world->patient_zero = world_add_host(world, world->network | 161, HOST_SERVICE | HOST_VULNERABLE);
    for (size_t i = 0; i < sizeof weak; i++)
        world_add_host(world, world->network | weak[i], HOST_SERVICE | HOST_VULNERABLE);
    for (size_t i = 0; i < sizeof patched; i++)
        world_add_host(world, world->network | patched[i], HOST_SERVICE);
    for (size_t i = 0; i < sizeof bare; i++) world_add_host(world, world->network | bare[i], 0);
    world->infectable = sizeof weak + 1;
}

bool sample_run(const struct options *options)
{
    struct options fixed = options_none();
    fixed.out = options->out;
    fixed.truth = options->truth;
    fixed.seed = SAMPLE_SEED;
    struct world world;
    if (!world_open(&world, &fixed, SAMPLE_START)) return false;
    world.worm = &worm_wannacry;
    add_laboratory(&world);
    world.worm->populate(&world);
    world.tail = 10;
    background_start(&world, 2);
    world_run(&world);
    bool told = truth_write(&world);
    return world_close(&world) && told;
}
