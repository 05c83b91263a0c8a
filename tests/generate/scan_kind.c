/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_kind.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/background.h"
#include "traffic/populate.h"
#include "traffic/talk.h"
#include "traffic/truth.h"

#define SCAN_START (INT64_C(1500000000) * EKI_SECOND)
#define CALM       30.0 /* seconds of ordinary traffic first */

enum { NEAR_MOST = 254, STRIDE = 4 };

/* The same address answers or not whoever asks. */
static bool answers(const struct world *world, const struct scan *scan, uint32_t target)
{
    if (eki_world_find_host(world, target) != NOBODY)
        return world->hosts[eki_world_find_host(world, target)].flags & HOST_SERVICE;
    return (double)(eki_world_mix(target, 3, world->options->seed) >> 11) * 0x1p-53 < scan->answer_share;
}

void scan_attempt(struct world *world, const struct scan *scan, uint32_t target, uint16_t port)
{
    static const double again[3] = {1, 3, 0};
    uint32_t live = eki_world_find_host(world, target);
    if (live == scan->host) return;
    if (!answers(world, scan, target)) {
        if (live != NOBODY)
            eki_talk_refused(world, scan->host, target, port, 1);
        else
            eki_talk_knock_in_vain(world, scan->host, target, port, again);
        return;
    }
    if (live != NOBODY) eki_world_note_attack(world, scan->host, live);
    struct talk talk = eki_talk_between(world, scan->host, target, port);
    eki_talk_open(&talk);
    eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(60));
    eki_talk_say(&talk, TALK_SERVER, eki_talk_length(120));
    eki_talk_close(&talk);
}

static void step_up(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, scan->base + i, scan->kind->port);
}
static void step_down(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, scan->base + scan->count - 1 - i, scan->kind->port);
}
static void step_stride(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, scan->base + i * STRIDE, scan->kind->port);
}
static void step_reversed(struct world *world, const struct scan *scan, uint32_t i)
{
    uint32_t target = __builtin_bswap32(scan->base + i);
    if (!eki_address_is_special(eki_address_v4(target))) scan_attempt(world, scan, target, scan->kind->port);
}
static void step_random(struct world *world, const struct scan *scan, uint32_t i)
{
    (void)i;
    scan_attempt(world, scan, eki_world_far_address(world), scan->kind->port);
}
static void step_permuted(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, scan->base + scan->order[i], scan->kind->port);
}
static void step_peers(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, scan->order[i], scan->kind->port);
}

/* Half in the own /8, three eighths in the own /16, one eighth anywhere: Code Red II's shares. */
static void step_local(struct world *world, const struct scan *scan, uint32_t i)
{
    (void)i;
    uint32_t own = world->hosts[scan->host].address, random = (uint32_t)eki_random_next(&world->random);
    uint64_t eighth = eki_random_below(&world->random, 8);
    uint32_t target =
        eighth < 4 ? (own & 0xff000000u) | (random & 0xffffffu) : (own & 0xffff0000u) | (random & 0xffffu);
    scan_attempt(world, scan, eighth == 7 ? eki_world_far_address(world) : target, scan->kind->port);
}

static void step_ports(struct world *world, const struct scan *scan, uint32_t i)
{
    uint16_t port = (uint16_t)(scan->order[i] + 1);
    uint32_t target = world->servers | 20;
    if (port == 445 || port == 139)
        scan_attempt(world, scan, target, port);
    else
        eki_talk_refused(world, scan->host, target, port, 1);
}

static void step_arp(struct world *world, const struct scan *scan, uint32_t i)
{
    struct path path = {world->hosts[scan->host].address, scan->base + i, 0, 0, 0};
    struct path back = {path.target, path.source, 0, 0, 0};
    struct frame frame;
    eki_frame_arp(&frame, &path, false);
    eki_world_send(world, 0, &frame);
    if (eki_world_find_host(world, path.target) == NOBODY) return;
    eki_frame_arp(&frame, &back, true);
    eki_world_send(world, 0.0002, &frame);
}

static void step_ping(struct world *world, const struct scan *scan, uint32_t i)
{
    struct path path = {world->hosts[scan->host].address, scan->base + i, 512, 0, 0};
    struct path back = {path.target, path.source, 512, 0, 0};
    struct frame frame;
    eki_frame_icmp(&frame, &path, 8, NULL);
    eki_world_send(world, 0, &frame);
    if (eki_world_find_host(world, path.target) == NOBODY) return;
    eki_frame_icmp(&frame, &back, 0, NULL);
    eki_world_send(world, 0.0004, &frame);
}

static const struct scan_kind scan_kinds[] = {
    {"sequential", step_up, "scanner", "sequential", "sequential", 10, 0.05, 254, 445, 6, false,
     SUBJECT_SCANNER},
    {"descending", step_down, "scanner", "sequential", "sequential", 10, 0.05, 254, 445, 6, false,
     SUBJECT_SCANNER},
    {"stride", step_stride, "scanner", NULL, "sequential", 10, 0.05, 300, 445, 6, true, SUBJECT_SCANNER},
    {"octet-reversed", step_reversed, "scanner", NULL, "sequential", 50, 0.01, 500, 445, 6, true,
     SUBJECT_SCANNER},
    {"random", step_random, "scanner", NULL, "random", 50, 0.01, 1000, 445, 6, true, SUBJECT_SCANNER},
    {"local", step_local, "scanner", NULL, "local", 50, 0.01, 1000, 80, 6, true, SUBJECT_SCANNER},
    {"permuted", step_permuted, "scanner", "permuted", "permuted", 10, 0.05, 254, 445, 6, false,
     SUBJECT_SCANNER},
    {"known_peers", step_peers, "scanner", "known_peers", "known_peers", 1, 0.5, 90, 3389, 6, false,
     SUBJECT_SCANNER},
    {"vertical", step_ports, "scanner", NULL, NULL, 100, 0, 1000, 0, 6, false, SUBJECT_SCANNER},
    {"arp", step_arp, "scanner", "sequential", NULL, 20, 0, 254, 0, 255, false, SUBJECT_SCANNER},
    {"ping", step_ping, "scanner", "sequential", NULL, 20, 0, 254, 0, 1, false, SUBJECT_SCANNER},
};

static const struct scan_kind *kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof scan_kinds / sizeof scan_kinds[0]; i++)
        if (!strcmp(scan_kinds[i].name, name)) return &scan_kinds[i];
    for (size_t i = 0; i < lookalike_kind_count; i++)
        if (!strcmp(lookalike_kinds[i].name, name)) return &lookalike_kinds[i];
    return NULL;
}

static void next_step(struct world *world, uint32_t host, uint64_t i)
{
    const struct scan *scan = world->state;
    scan->kind->step(world, scan, (uint32_t)i);
    /* Programs keep their pace with some jitter. */
    double gap = eki_world_between(world, 0.7, 1.3) / scan->rate;
    if (i + 1 < scan->count) eki_world_call(world, gap, next_step, host, i + 1);
}

static void shuffle(struct world *world, struct scan *scan)
{
    for (uint32_t i = 0; i < scan->count; i++) scan->order[i] = i;
    for (uint32_t i = scan->count; i > 1; i--) {
        uint32_t j = (uint32_t)eki_random_below(&world->random, i), kept = scan->order[i - 1];
        scan->order[i - 1] = scan->order[j];
        scan->order[j] = kept;
    }
}

/* Talks with a peer before it is searched, so that it is known. */
static void meet(struct world *world, uint32_t host, uint64_t address)
{
    struct talk talk = eki_talk_between(world, host, (uint32_t)address, 443);
    eki_talk_open(&talk);
    eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(300));
    eki_talk_say(&talk, TALK_SERVER, eki_talk_length(1200));
    eki_talk_close(&talk);
}

static void choose_peers(struct world *world, struct scan *scan)
{
    uint32_t near = 0;
    for (uint32_t i = 0; i < scan->count; i++) {
        bool colleague = i % 3 == 0 && near < world->host_count;
        while (colleague && (near == scan->host || !eki_world_is_near(world, world->hosts[near].address)))
            if (++near >= world->host_count) colleague = false;
        scan->order[i] = colleague ? world->hosts[near++].address : eki_world_far_address(world);
        eki_world_call(world, eki_world_between(world, 0.5, CALM - 1), meet, scan->host, scan->order[i]);
    }
}

static bool plan(struct world *world, const struct options *options, const struct scan_kind *kind)
{
    struct scan *scan = calloc(1, sizeof *scan);
    world->state = scan;
    if (!scan) return false;
    *scan = (struct scan){.kind = kind, .host = eki_populate_office(world, 25)};
    scan->count = (uint32_t)option_or(options->targets, kind->count);
    scan->rate = option_or(options->rate, kind->rate);
    scan->answer_share = option_or(options->answer_share, kind->answer_share);
    bool far = kind->far || scan->count > NEAR_MOST;
    scan->base = far ? (eki_world_far_address(world) & 0xffffff00u) : world->network + 1;
    scan->order = calloc((size_t)scan->count + 1, sizeof *scan->order);
    if (!scan->order || !scan->count || scan->rate <= 0) return false;
    if (kind->step == step_peers)
        choose_peers(world, scan);
    else
        shuffle(world, scan);
    world->hosts[scan->host].flags &= ~(uint32_t)HOST_SERVICE;
    world->end = world->start + (eki_time)((CALM + scan->count / scan->rate * 1.1 + 15) * 1e9);
    if (options->duration >= 0) world->end = world->start + (eki_time)(options->duration * 1e9);
    eki_world_call(world, CALM, next_step, scan->host, 0);
    return true;
}

/* The address the verdict is about. */
static uint32_t subject(const struct world *world, const struct scan *scan)
{
    switch (scan->kind->subject) {
    case SUBJECT_SERVER: return world->servers | 20;
    case SUBJECT_PARTNER: return lookalike_partner(world, 1);
    case SUBJECT_SCANNER: break;
    }
    return world->hosts[scan->host].address;
}

static void play(struct world *world)
{
    world->filling = EKI_ERROR_ARGUMENT;
    if (!plan(world, world->options, kind_named(world->options->kind))) return;
    world->filling = EKI_OK;
    eki_background_start(world, option_or(world->options->background, 2));
    eki_world_run(world);
}

static bool tell(const struct world *world, const struct scan *scan)
{
    const struct scan_kind *kind = scan->kind;
    bool far = kind->far || scan->count > NEAR_MOST;
    struct truth_scan truth = {subject(world, scan), kind->protocol,
                               kind->port,           kind->name,
                               kind->expected,       far ? NULL : kind->connected,
                               kind->elsewhere,      SCAN_START + (eki_time)(CALM * 1e9)};
    return eki_truth_write_scan(world, &truth);
}

bool scan_kind_run(const struct options *options)
{
    struct world world;
    if (!kind_named(options->kind)) {
        fprintf(stderr, "eki-generate: unknown --kind %s\n", options->kind);
        return false;
    }
    if (!eki_world_open(&world, options, SCAN_START)) return false;
    play(&world);
    bool done = !world.schedule.failed && !world.filling && tell(&world, world.state);
    const struct scan *scan = world.state;
    if (scan) free(scan->order);
    return eki_world_close(&world) && done;
}
