/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blaster (2003): in order from A.B.C.0 upward, twenty connects to port 135 at a time; starts in its own /16
 * (C up to 19 lower) with probability 0.4, anywhere else otherwise (Symantec 2003). A weak host opens a shell
 * on 4444 for the attacker and fetches the program by TFTP from it; only that fetch proves success. Transfers
 * often fail (Duebendorfer and others 2005).
 */
#include <string.h>

#include "traffic/populate.h"
#include "traffic/talk.h"
#include "traffic/worms.h"

enum { BATCH = 20, TFTP_BLOCKS = 12, TFTP_BLOCK = 512, TFTP_LAST = 176 };

#define ROUND      1.8
#define SUCCESS    0.6
#define START_NEAR 0.4

struct place {
    uint32_t next;
};

static void fall(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, eki_worm_blaster.vector);
}

/* The victim reads the program from the attacker. Returns when it has it. */
static double fetch(struct world *world, uint32_t victim, uint32_t host, double at)
{
    static const char ask[] = "\0\001msblast.exe\0octet";
    struct talk talk = eki_talk_between(world, victim, world->hosts[host].address, 69);
    talk.at = at;
    eki_talk_datagram(&talk, TALK_CLIENT, (struct payload){ask, sizeof ask, sizeof ask});
    for (uint16_t block = 1; block <= TFTP_BLOCKS + 1; block++) {
        uint8_t head[4] = {0, 3, 0, (uint8_t)block};
        uint16_t bytes = (uint16_t)(sizeof head + (block > TFTP_BLOCKS ? TFTP_LAST : TFTP_BLOCK));
        eki_talk_datagram(&talk, TALK_SERVER, (struct payload){head, sizeof head, bytes});
        head[1] = 4;
        eki_talk_datagram(&talk, TALK_CLIENT, (struct payload){head, sizeof head, sizeof head});
        eki_talk_pause(&talk, 0.05);
    }
    return talk.at;
}

/* The shell on the victim: the attacker tells it to fetch, then to start. */
static void use_shell(struct world *world, uint32_t host, uint32_t victim, double at)
{
    struct talk shell = eki_talk_between(world, host, world->hosts[victim].address, 4444);
    shell.at = at;
    eki_talk_open(&shell);
    eki_talk_say(&shell, TALK_SERVER, eki_talk_length(90));
    eki_talk_say(&shell, TALK_CLIENT, eki_talk_length(44));
    eki_talk_pause(&shell, 0.2);
    shell.at = fetch(world, victim, host, shell.at) + 0.5;
    eki_talk_say(&shell, TALK_CLIENT, eki_talk_length(18));
    eki_talk_pause(&shell, 0.3);
    eki_world_call(world, shell.at, fall, victim, host);
    eki_talk_pause(&shell, 2);
    eki_talk_close(&shell);
}

static void attack(struct world *world, uint32_t host, uint64_t victim)
{
    static const uint8_t bind[16] = {5, 0, 11, 3, 16, 0, 0, 0, 72, 0, 0, 0, 127, 0, 0, 0};
    static const uint8_t call[16] = {5, 0, 0, 3, 16, 0, 0, 0, 168, 6, 0, 0, 229, 0, 0, 0};
    struct host *target = &world->hosts[victim];
    bool weak = (target->flags & (HOST_VULNERABLE | HOST_INFECTED)) == HOST_VULNERABLE;
    struct talk talk = eki_talk_between(world, host, target->address, 135);
    eki_world_note_attack(world, host, (uint32_t)victim);
    eki_talk_open(&talk);
    eki_talk_say(&talk, TALK_CLIENT, (struct payload){bind, sizeof bind, 72});
    eki_talk_say(&talk, TALK_SERVER, (struct payload){bind, sizeof bind, 60});
    eki_talk_say(&talk, TALK_CLIENT, (struct payload){call, sizeof call, 1704});
    if (weak && eki_random_unit(&world->random) < SUCCESS)
        use_shell(world, host, (uint32_t)victim, talk.at + 0.4);
    else if (!weak)
        eki_talk_say(&talk, TALK_SERVER, eki_talk_length(32));
    eki_talk_pause(&talk, 0.4);
    eki_talk_close(&talk);
    if (weak) return;
    struct talk shell = eki_talk_between(world, host, target->address, 4444);
    struct path path = {shell.address[0], shell.address[1], shell.port[0], 4444, 0};
    struct path back = {path.target, path.source, 4444, path.source_port, 0};
    struct tcp_fields tcp = {.sequence = shell.sequence[0], .flags = TCP_SYN};
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, eki_talk_length(0));
    eki_world_send(world, talk.at + 0.1, &frame);
    tcp = (struct tcp_fields){.acknowledgement = tcp.sequence + 1, .flags = TCP_RST | TCP_ACK};
    eki_frame_tcp(&frame, &back, &tcp, eki_talk_length(0));
    eki_world_send(world, talk.at + 0.1 + shell.rtt, &frame);
}

static void knock(struct world *world, uint32_t host, uint64_t address)
{
    static const double never[3] = {0};
    uint32_t target = (uint32_t)address, victim = eki_world_find_host(world, target);
    if (victim == host || eki_address_is_special(eki_address_v4(target))) return;
    if (victim == NOBODY)
        eki_talk_knock_in_vain(world, host, target, 135, never);
    else if (world->hosts[victim].flags & HOST_SERVICE)
        attack(world, host, victim);
    else
        eki_talk_refused(world, host, target, 135, 3);
}

static void search(struct world *world, uint32_t host, uint64_t data)
{
    struct place *place = (struct place *)world->state + host;
    for (uint32_t i = 0; i < BATCH; i++)
        eki_world_call(world, i * 0.002 + 1e-4, knock, host, place->next + i);
    place->next += BATCH;
    eki_world_call(world, ROUND * eki_world_between(world, 0.97, 1.08), search, host, data);
}

static void begin(struct world *world, uint32_t host)
{
    struct host *self = &world->hosts[host];
    struct place *place = (struct place *)world->state + host;
    uint32_t third = self->address >> 8 & 255;
    bool near = host == world->patient_zero || eki_random_unit(&world->random) < START_NEAR;
    if (near) {
        if (third > 20) third -= (uint32_t)eki_random_below(&world->random, 20);
        place->next = (self->address & 0xffff0000u) | third << 8;
    } else {
        place->next = eki_world_far_address(world) & 0xffffff00u;
    }
    self->connected = self->elsewhere = "sequential";
    search(world, host, 0);
}

static void populate(struct world *world)
{
    world->latency = 1.5;
    uint32_t patient = eki_populate_block(world, (unsigned)option_or(world->options->hosts, 20),
                                          (unsigned)option_or(world->options->size, 23));
    size_t none = 0;
    if (!eki_schedule_grow(&world->schedule, &world->state, world->host_count, &none, sizeof(struct place)))
        return;
    eki_worm_plan_start(world, patient, 20);
}

const struct worm eki_worm_blaster = {"blaster", "rpc-dcom", 6, 135, populate, begin};
