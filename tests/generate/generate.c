/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "background.h"
#include "bench.h"
#include "generate.h"
#include "sample.h"
#include "scan_kind.h"
#include "truth.h"
#include "worms.h"

#define OUTBREAK_START (INT64_C(1494575040) * EKI_SECOND) /* 2017-05-12T07:44:00Z */

struct mode {
    const char *name;
    bool (*run)(const struct options *options);
};

static const struct mode modes[] = {
    {"sweep", bench_sweep},  {"calm", bench_calm},   {"manysources", bench_many_sources},
    {"scan", scan_kind_run}, {"sample", sample_run},
};

static bool run_worm(const struct options *options, const struct worm *worm)
{
    struct world world;
    if (!world_open(&world, options, OUTBREAK_START)) return false;
    world.worm = worm;
    worm->populate(&world);
    background_start(&world, option_or(options->background, 2));
    world_run(&world);
    bool told = truth_write(&world);
    return world_close(&world) && told;
}

int generate_run(int argc, char **argv)
{
    struct options options;
    if (argc < 2 || !strcmp(argv[1], "--help")) {
        options_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (!options_read(argc, argv, &options)) return 2;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (!strcmp(options.mode, modes[i].name)) return modes[i].run(&options) ? 0 : 1;
    const struct worm *worm = worm_named(options.mode);
    if (worm) return run_worm(&options, worm) ? 0 : 1;
    fprintf(stderr, "eki-generate: %s is neither a worm nor a mode\n", options.mode);
    return 2;
}
