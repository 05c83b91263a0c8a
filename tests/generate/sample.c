/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "traffic/background.h"
#include "traffic/populate.h"
#include "traffic/truth.h"
#include "traffic/worms.h"

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
    eki_populate_servers(world);
    eki_world_add_host(world, world->router, HOST_SERVER);
    world->patient_zero = eki_world_add_host(world, world->network | 161, HOST_SERVICE | HOST_VULNERABLE);
    for (size_t i = 0; i < sizeof weak; i++)
        eki_world_add_host(world, world->network | weak[i], HOST_SERVICE | HOST_VULNERABLE);
    for (size_t i = 0; i < sizeof patched; i++)
        eki_world_add_host(world, world->network | patched[i], HOST_SERVICE);
    for (size_t i = 0; i < sizeof bare; i++) eki_world_add_host(world, world->network | bare[i], 0);
    world->infectable = sizeof weak + 1;
}

static void play(struct world *world)
{
    world->worm = &eki_worm_wannacry;
    add_laboratory(world);
    world->worm->populate(world);
    world->tail = 10;
    eki_background_start(world, 2);
    eki_world_run(world);
}

bool sample_run(const struct options *options)
{
    struct options fixed = options_none();
    fixed.out = options->out;
    fixed.truth = options->truth;
    fixed.seed = SAMPLE_SEED;
    struct world world;
    if (!eki_world_open(&world, &fixed, SAMPLE_START)) return false;
    play(&world);
    bool told = !world.schedule.failed && eki_truth_write(&world);
    return eki_world_close(&world) && told;
}
