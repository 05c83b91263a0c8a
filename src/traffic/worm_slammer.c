/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slammer (2003): one UDP datagram to port 1434, 376 bytes, uniform random addresses, no answer awaited
 * (Moore and others 2003). About 4,000 a second from a host on average, limited by its line; here a tenth of
 * it by default, over a small world, which gives the same curve with fewer packets.
 */
#include "traffic/populate.h"
#include "traffic/talk.h"
#include "traffic/worms.h"

#define RATE 400.0

static void fall(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, eki_worm_slammer.vector);
}

static void refuse(struct world *world, const struct talk *talk, const struct frame *probe)
{
    struct path path = {talk->address[1], talk->address[0], 0, 0, 64};
    struct frame frame;
    eki_frame_icmp(&frame, &path, 3, probe);
    eki_world_send(world, talk->rtt, &frame);
}

static void probe(struct world *world, uint32_t host, uint64_t data)
{
    struct host *self = &world->hosts[host];
    eki_world_call(world, eki_random_exponential(&world->random, 1 / self->rate), probe, host, data);
    uint32_t random = (uint32_t)eki_random_next(&world->random);
    uint32_t target = world->network | (random & ~world->mask);
    if (target == self->address || eki_address_is_special(eki_address_v4(target))) return;
    static const uint8_t begin[8] = {4, 1, 1, 1, 1, 1, 1, 1};
    struct talk talk = eki_talk_between(world, host, target, eki_worm_slammer.port);
    struct path path = {self->address, target, talk.port[0], eki_worm_slammer.port, 0};
    struct frame frame;
    eki_frame_udp(&frame, &path, (struct payload){begin, sizeof begin, 376});
    eki_world_send(world, 0, &frame);
    uint32_t victim = eki_world_find_host(world, target);
    if (victim == NOBODY) return;
    eki_world_note_attack(world, host, victim);
    if (world->hosts[victim].flags & HOST_VULNERABLE)
        eki_world_call(world, talk.rtt / 2, fall, victim, host);
    else if (!(world->hosts[victim].flags & HOST_SERVICE))
        refuse(world, &talk, &frame);
}

static void populate(struct world *world)
{
    world->latency = 0.05;
    world->tail = 5;
    uint32_t patient = eki_populate_block(world, (unsigned)option_or(world->options->hosts, 20),
                                          (unsigned)option_or(world->options->size, 16));
    eki_worm_plan_start(world, patient, 15);
}

static void begin(struct world *world, uint32_t host)
{
    struct host *self = &world->hosts[host];
    /* Lines differ: a factor of about 3 either way. */
    self->rate = option_or(world->options->rate, RATE) * (0.3 + eki_random_exponential(&world->random, 0.7));
    self->connected = self->elsewhere = "random";
    probe(world, host, 0);
}

const struct worm eki_worm_slammer = {"slammer", "udp-1434", 17, 1434, populate, begin};
