/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mirai (2016): stateless SYN packets whose sequence number is the destination address, port 23 nine times in
 * ten, else 2323, about 200 a second (Antonakakis and others 2017); a bot that logs in reports the address,
 * and a loader outside logs in again and delivers the program. The parent of a victim is the bot that found
 * it; the loader is named beside it. Text of logins is filler.
 */
#include <stdlib.h>

#include "traffic/populate.h"
#include "traffic/talk.h"
#include "traffic/worms.h"

#define RATE          100.0
#define LOGIN_SUCCESS 0.3

enum { TRIES = 4, REPORT_PORT = 48101 };

struct crime_servers {
    uint32_t loader, report, control; /* host numbers */
};

static struct payload text(const char *words, uint16_t length)
{
    return (struct payload){words, length, length};
}

/* A Telnet login with filler for the name and the secret. */
static void log_in(struct talk *talk, bool accepted)
{
    eki_talk_open(talk);
    eki_talk_say(talk, TALK_SERVER, text("\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27", 12));
    eki_talk_say(talk, TALK_SERVER, text("login: ", 7));
    eki_talk_say(talk, TALK_CLIENT, text("xxxxxx\r\n", 8));
    eki_talk_say(talk, TALK_SERVER, text("Password: ", 10));
    eki_talk_say(talk, TALK_CLIENT, text("xxxxxxxx\r\n", 10));
    eki_talk_pause(talk, accepted ? 0.1 : 1.0);
    eki_talk_say(talk, TALK_SERVER, accepted ? text("\r\n$ ", 4) : text("Login incorrect\r\n", 17));
    if (!accepted) return;
    eki_talk_say(talk, TALK_CLIENT, text("/bin/busybox XXXXX\r\n", 20));
    eki_talk_say(talk, TALK_SERVER, text("XXXXX: applet not found\r\n", 25));
}

static void fall(struct world *world, uint32_t victim, uint64_t parent)
{
    const struct crime_servers *servers = world->state;
    if (!(world->hosts[victim].flags & HOST_INFECTED)) world->hosts[victim].loader = servers->loader;
    eki_world_infect(world, victim, (uint32_t)parent, eki_worm_mirai.vector);
}

/* The loader logs in and has the program fetched from itself. */
static void load(struct world *world, uint32_t victim, uint64_t finder)
{
    const struct crime_servers *servers = world->state;
    if (world->hosts[victim].flags & HOST_INFECTED) return;
    struct talk talk = eki_talk_between(world, servers->loader, world->hosts[victim].address, 23);
    log_in(&talk, true);
    eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(120));
    struct talk fetch = eki_talk_between(world, victim, world->hosts[servers->loader].address, 80);
    fetch.at = talk.at + 0.2;
    eki_talk_open(&fetch);
    eki_talk_say(&fetch, TALK_CLIENT, text("GET /bins/arm HTTP/1.0\r\n\r\n", 26));
    eki_talk_say(&fetch, TALK_SERVER, (struct payload){"HTTP/1.1 200 OK\r\n", 17, 52000});
    eki_talk_close(&fetch);
    talk.at = fetch.at + 0.1;
    eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(30));
    eki_world_call(world, talk.at, fall, victim, finder);
    eki_talk_close(&talk);
}

static void report(struct world *world, uint32_t host, uint64_t victim)
{
    const struct crime_servers *servers = world->state;
    struct talk talk = eki_talk_between(world, host, world->hosts[servers->report].address, REPORT_PORT);
    eki_talk_open(&talk);
    eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(25));
    eki_talk_close(&talk);
    eki_world_call(world, eki_world_between(world, 0.5, 6), load, (uint32_t)victim, host);
}

/* `data`: the target's number, and how many tries are left above bit 32. */
static void guess(struct world *world, uint32_t host, uint64_t data)
{
    uint32_t victim = (uint32_t)data;
    uint64_t left = data >> 32;
    bool accepted =
        (world->hosts[victim].flags & HOST_VULNERABLE) && eki_random_unit(&world->random) < LOGIN_SUCCESS;
    struct talk talk = eki_talk_between(world, host, world->hosts[victim].address, 23);
    log_in(&talk, accepted);
    eki_talk_close(&talk);
    if (accepted)
        eki_world_call(world, talk.at, report, host, victim);
    else if (left > 1)
        eki_world_call(world, talk.at + 0.5, guess, host, (left - 1) << 32 | victim);
}

static void answer(struct world *world, uint32_t host, uint32_t victim, const struct path *path)
{
    struct path back = {path->target, path->source, path->target_port, path->source_port, 64};
    bool open = (world->hosts[victim].flags & HOST_SERVICE) && path->target_port == 23;
    struct tcp_fields tcp = {.sequence = (uint32_t)eki_random_next(&world->random),
                             .acknowledgement = path->target + 1,
                             .flags = open ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK};
    struct frame frame;
    eki_frame_tcp(&frame, &back, &tcp, eki_talk_length(0));
    eki_world_send(world, 0.0006, &frame);
    if (!open) return;
    /* The kernel of the bot knows nothing of the raw packet and resets. */
    tcp = (struct tcp_fields){.sequence = path->target + 1, .flags = TCP_RST, .window = 1};
    eki_frame_tcp(&frame, path, &tcp, eki_talk_length(0));
    eki_world_send(world, 0.0012, &frame);
    if (world->hosts[victim].flags & HOST_INFECTED) return; /* the bot has closed its port to logins */
    eki_world_note_attack(world, host, victim);
    eki_world_call(world, 0.01, guess, host, (uint64_t)TRIES << 32 | victim);
}

static void probe(struct world *world, uint32_t host, uint64_t data)
{
    struct host *self = &world->hosts[host];
    eki_world_call(world, eki_random_exponential(&world->random, 1 / self->rate), probe, host, data);
    uint32_t target = world->network | ((uint32_t)eki_random_next(&world->random) & ~world->mask);
    if (target == self->address || eki_address_is_special(eki_address_v4(target))) return;
    struct path path = {self->address, target, (uint16_t)(20000 + self->address % 40000), 23, 64};
    if (eki_random_below(&world->random, 10) == 0) path.target_port = 2323;
    struct tcp_fields tcp = {.sequence = target, .flags = TCP_SYN, .bare = true};
    tcp.window = (uint16_t)(1 + eki_random_below(&world->random, 65535));
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, eki_talk_length(0));
    eki_world_send(world, 0, &frame);
    uint32_t victim = eki_world_find_host(world, target);
    if (victim != NOBODY) answer(world, host, victim, &path);
}

static void call_home(struct world *world, uint32_t host)
{
    const struct crime_servers *servers = world->state;
    struct talk talk = eki_talk_between(world, host, world->hosts[servers->control].address, 23);
    eki_talk_open(&talk);
    for (int i = 0; i < 5; i++) {
        eki_talk_say(&talk, TALK_CLIENT, eki_talk_length(2));
        eki_talk_say(&talk, TALK_SERVER, eki_talk_length(2));
        eki_talk_pause(&talk, 60);
    }
}

static void begin(struct world *world, uint32_t host)
{
    struct host *self = &world->hosts[host];
    self->rate = option_or(world->options->rate, RATE) * eki_world_between(world, 0.5, 1.5);
    self->connected = self->elsewhere = "random";
    call_home(world, host);
    probe(world, host, 0);
}

static void populate(struct world *world)
{
    world->latency = 3;
    world->tail = 15;
    uint32_t patient = eki_populate_block(world, (unsigned)option_or(world->options->hosts, 20),
                                          (unsigned)option_or(world->options->size, 16));
    size_t none = 0;
    if (!eki_schedule_grow(&world->schedule, &world->state, 1, &none, sizeof(struct crime_servers))) return;
    struct crime_servers *servers = world->state;
    servers->loader = eki_world_add_host(world, eki_world_far_address(world), HOST_OUTSIDE);
    servers->report = eki_world_add_host(world, eki_world_far_address(world), HOST_OUTSIDE);
    servers->control = eki_world_add_host(world, eki_world_far_address(world), HOST_OUTSIDE);
    eki_worm_plan_start(world, patient, 15);
}

const struct worm eki_worm_mirai = {"mirai", "telnet-login", 6, 23, populate, begin};
