/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "traffic/background.h"
#include "arguments.h"
#include "bench.h"
#include "generate.h"
#include "sample.h"
#include "scan_kind.h"
#include "traffic/truth.h"
#include "traffic/worms.h"

#define OUTBREAK_START (INT64_C(1494575040) * EKI_SECOND) /* 2017-05-12T07:44:00Z */

struct mode {
    const char *name;
    bool (*run)(const struct options *options);
};

static const struct mode modes[] = {
    {"sweep", bench_sweep},  {"calm", bench_calm},   {"manysources", bench_many_sources},
    {"scan", scan_kind_run}, {"sample", sample_run},
};

static void play_worm(struct world *world)
{
    world->worm->populate(world);
    eki_background_start(world, option_or(world->options->background, 2));
    eki_world_run(world);
}

static bool run_worm(const struct options *options, const struct worm *worm)
{
    struct world world;
    if (!eki_world_open(&world, options, OUTBREAK_START)) return false;
    world.worm = worm;
    play_worm(&world);
    bool told = !world.schedule.failed && eki_truth_write(&world);
    return eki_world_close(&world) && told;
}

static int run_mode(const char *mode, const struct options *options)
{
    bool done = false;
    const struct worm *worm = eki_worm_named(mode);
    size_t i = 0;
    while (i < sizeof modes / sizeof modes[0] && strcmp(mode, modes[i].name) != 0) i++;
    if (i < sizeof modes / sizeof modes[0]) {
        done = modes[i].run(options);
    } else if (worm) {
        done = run_worm(options, worm);
    } else {
        fprintf(stderr, "eki-generate: %s is neither a worm nor a mode\n", mode);
        return 2;
    }
    if (!done) fprintf(stderr, "eki-generate: %s could not be written\n", options->out);
    return done ? 0 : 1;
}

/* The prefix that was given becomes the two paths; "-" is the capture alone. */
int generate_run(int argc, char **argv)
{
    struct options options;
    const char *mode;
    char capture[4096], truth[4096];
    if (argc < 2 || !strcmp(argv[1], "--help")) {
        options_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (!options_read(argc, argv, &mode, &options)) return 2;
    if (!strcmp(options.out, "-")) {
        options.out = "/dev/stdout";
    } else {
        snprintf(capture, sizeof capture, "%s.pcap", options.out);
        snprintf(truth, sizeof truth, "%s.truth.json", options.out);
        options.out = capture;
        if (!options.truth) options.truth = truth;
    }
    return run_mode(mode, &options);
}
