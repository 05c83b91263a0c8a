/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code Red (2001-07) and Code Red II (2001-08): one HTTP request to port 80. The first searches uniformly at
 * random with 100 threads that wait for each connect (about 6 probes a second; Moore and others 2002); here
 * ten times as fast over a small world. The second prefers its neighbourhood: half in the own /8, three
 * eighths in the own /16, one eighth anywhere, and skips silent hosts quickly (Levy 2001).
 */
#include "traffic/populate.h"
#include "traffic/talk.h"
#include "traffic/worms.h"

#define RATE_FIRST  60.0
#define RATE_SECOND 100.0

static bool is_second(const struct world *world)
{
    return world->worm == &eki_worm_codered2;
}

static void fall(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, world->worm->vector);
}

static void request(struct world *world, uint32_t host, uint32_t victim)
{
    static const char answer[] = "HTTP/1.1 404 Object Not Found\r\n";
    char line[64] = "GET /default.ida?";
    for (size_t i = 17; i < sizeof line; i++) line[i] = is_second(world) ? 'X' : 'N';
    eki_world_note_attack(world, host, victim);
    struct talk talk = eki_talk_between(world, host, world->hosts[victim].address, 80);
    eki_talk_open(&talk);
    eki_talk_say(&talk, TALK_CLIENT, (struct payload){line, sizeof line, is_second(world) ? 3818 : 4039});
    if (world->hosts[victim].flags & HOST_VULNERABLE) {
        eki_talk_pause(&talk, eki_world_between(world, 0.05, 0.5));
        eki_world_call(world, talk.at, fall, victim, host);
    } else {
        eki_talk_say(&talk, TALK_SERVER, (struct payload){answer, sizeof answer - 1, 600});
    }
    eki_talk_close(&talk);
}

static uint32_t choose(struct world *world, uint32_t own)
{
    uint32_t random = (uint32_t)eki_random_next(&world->random);
    if (!is_second(world)) return world->network | (random & ~world->mask);
    uint64_t eighth = eki_random_below(&world->random, 8);
    if (eighth < 4) return (own & 0xff000000u) | (random & 0xffffffu);
    return eighth < 7 ? (own & 0xffff0000u) | (random & 0xffffu) : random;
}

static void probe(struct world *world, uint32_t host, uint64_t data)
{
    static const double patient[3] = {3, 9, 0}, hasty[3] = {0};
    struct host *self = &world->hosts[host];
    eki_world_call(world, eki_random_exponential(&world->random, 1 / self->rate), probe, host, data);
    uint32_t target = choose(world, self->address);
    if (target == self->address || eki_address_is_special(eki_address_v4(target))) return;
    uint32_t victim = eki_world_find_host(world, target);
    if (victim == NOBODY)
        eki_talk_knock_in_vain(world, host, target, 80, is_second(world) ? hasty : patient);
    else if (world->hosts[victim].flags & HOST_SERVICE)
        request(world, host, victim);
    else
        eki_talk_refused(world, host, target, 80, 3);
}

static void populate(struct world *world)
{
    unsigned hosts = (unsigned)option_or(world->options->hosts, 20),
             bits = (unsigned)option_or(world->options->size, 16);
    world->latency = 1;
    world->tail = 10;
    eki_worm_plan_start(world, eki_populate_block(world, hosts, is_second(world) ? 16 : bits), 15);
}

static void begin(struct world *world, uint32_t host)
{
    struct host *self = &world->hosts[host];
    double rate = option_or(world->options->rate, is_second(world) ? RATE_SECOND : RATE_FIRST);
    self->rate = rate * eki_world_between(world, 0.6, 1.4);
    self->connected = self->elsewhere = is_second(world) ? "local" : "random";
    probe(world, host, 0);
}

const struct worm eki_worm_codered1 = {"codered1", "http-request", 6, 80, populate, begin};
const struct worm eki_worm_codered2 = {"codered2", "http-request", 6, 80, populate, begin};
