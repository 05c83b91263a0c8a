/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WannaCry (2017). In parallel: the own /24 in order with ten probes in flight, and random Internet addresses
 * at about 27 a second, with the /24 of an address that answers. Calibrated on the lecture's laboratory
 * outbreaks: a dead or already infected address holds a slot for 1.18 s (30 s per /24), a weak one for about
 * 135 s, of which half succeed, and a victim searches 30 s after it fell.
 */
#include "traffic/populate.h"
#include "traffic/smb.h"
#include "traffic/worms.h"

enum { SLOTS = 10, UPLOAD_STEPS = 60, SPRAY = 6, ATTEMPTS = 3 };

#define HOLD_DEAD        1.18
#define SERVICE          135.0
#define SUCCESS          0.5
#define LATENCY          30.0
#define LAUNCH_GAP       0.05
#define INTERNET_RATE    26.7
#define INTERNET_ANSWERS (1 / 4000.0)
#define INTERNET_RETRY   3.0

struct walk {
    uint32_t next;
    unsigned busy;
    bool waiting; /* a launch is planned */
};

static schedule_call launch;

static struct walk *walk_of(struct world *world, uint32_t host)
{
    return (struct walk *)world->state + host;
}

static void plan_launch(struct world *world, uint32_t host)
{
    struct walk *walk = walk_of(world, host);
    if (walk->waiting || walk->busy >= (unsigned)option_or(world->options->slots, SLOTS)) return;
    walk->waiting = true;
    eki_world_call(world, LAUNCH_GAP, launch, host, 0);
}

static void release(struct world *world, uint32_t host, uint64_t data)
{
    (void)data;
    walk_of(world, host)->busy--;
    plan_launch(world, host);
}

static struct talk enter(struct world *world, uint32_t host, uint32_t target)
{
    struct talk talk = eki_talk_between(world, host, target, eki_worm_wannacry.port);
    eki_talk_open(&talk);
    eki_smb1_enter(&talk);
    return talk;
}

/* Weak? Already implanted? Returns the seconds it took. */
static void look(struct world *world, uint32_t host, uint32_t victim)
{
    uint32_t flags = world->hosts[victim].flags;
    struct talk talk = enter(world, host, world->hosts[victim].address);
    eki_smb1_check(&talk, flags & HOST_VULNERABLE);
    if (flags & HOST_VULNERABLE) eki_smb1_ping(&talk, flags & HOST_INFECTED);
    eki_talk_close(&talk);
}

static void try_once(struct world *world, uint32_t host, uint64_t victim)
{
    uint32_t target = world->hosts[victim].address;
    struct talk talk = enter(world, host, target);
    eki_smb1_attempt(&talk);
    for (int i = 0; i < SPRAY; i++) { /* connections that only hold memory of the target */
        struct talk spray = eki_talk_between(world, host, target, eki_worm_wannacry.port);
        spray.at = talk.at - 1 + i * 0.0005;
        eki_talk_open(&spray);
        eki_talk_say(&spray, TALK_CLIENT, eki_talk_length(132));
        spray.at = talk.at + 5 + i * 0.0003;
        eki_talk_close(&spray);
    }
    eki_talk_pause(&talk, 6);
    eki_talk_reset(&talk);
}

static void fall(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, eki_worm_wannacry.vector);
}

/* The end of the service time: the implant is there, by us or by somebody else, or it is not. */
static void conclude(struct world *world, uint32_t host, uint64_t victim)
{
    bool infected = world->hosts[victim].flags & HOST_INFECTED;
    bool implanted =
        eki_random_unit(&world->random) < option_or(world->options->success, SUCCESS) || infected;
    struct talk talk = enter(world, host, world->hosts[victim].address);
    eki_smb1_ping(&talk, implanted);
    if (implanted) {
        eki_smb1_upload(&talk, UPLOAD_STEPS);
        eki_world_call(world, talk.at, fall, (uint32_t)victim, host);
    }
    eki_talk_close(&talk);
    eki_world_call(world, talk.at, release, host, 0);
}

static void attack(struct world *world, uint32_t host, uint32_t victim)
{
    look(world, host, victim);
    double service = option_or(world->options->service_s, SERVICE) * eki_world_between(world, 0.85, 1.15);
    for (int i = 0; i < ATTEMPTS; i++)
        eki_world_call(world, service * (0.08 + 0.3 * i + 0.05 * eki_random_unit(&world->random)), try_once,
                       host, victim);
    eki_world_call(world, service, conclude, host, victim);
}

/* One address of the own network. */
static void search_near(struct world *world, uint32_t host, uint32_t target)
{
    static const double never[3] = {0};
    uint32_t victim = eki_world_find_host(world, target);
    walk_of(world, host)->busy++;
    if (victim == NOBODY) {
        eki_talk_knock_in_vain(world, host, target, eki_worm_wannacry.port, never);
    } else if (!(world->hosts[victim].flags & HOST_SERVICE)) {
        eki_talk_refused(world, host, target, eki_worm_wannacry.port, 3);
    } else {
        eki_world_note_attack(world, host, victim);
        bool weak = (world->hosts[victim].flags & (HOST_VULNERABLE | HOST_INFECTED)) == HOST_VULNERABLE;
        if (weak) {
            attack(world, host, victim);
            return;
        }
        look(world, host, victim);
    }
    eki_world_call(world, option_or(world->options->dead_s, HOLD_DEAD), release, host, 0);
}

static void launch(struct world *world, uint32_t host, uint64_t data)
{
    (void)data;
    struct walk *walk = walk_of(world, host);
    walk->waiting = false;
    uint32_t target = world->network | (walk->next + 1);
    walk->next = (walk->next + 1) % 254;
    if (target != world->hosts[host].address) search_near(world, host, target);
    plan_launch(world, host);
}

static void search_far(struct world *world, uint32_t host, uint64_t data);

/* Somewhere in the Internet: nearly always silence, now and then a patched host that answers. */
static void knock_far(struct world *world, uint32_t host, uint32_t target, bool follow)
{
    static const double again[3] = {INTERNET_RETRY, 0, 0};
    if (eki_random_unit(&world->random) >= (follow ? INTERNET_ANSWERS : 0.05)) {
        eki_talk_knock_in_vain(world, host, target, eki_worm_wannacry.port, again);
        return;
    }
    struct talk talk = enter(world, host, target);
    eki_smb1_check(&talk, false);
    eki_talk_close(&talk);
    if (follow) eki_world_call(world, 1, search_far, host, (target & 0xffffff00u) | 1);
}

/* `data` is 0 for the next random address, else the next address of a /24 in order. */
static void search_far(struct world *world, uint32_t host, uint64_t data)
{
    double rate = option_or(world->options->rate, INTERNET_RATE);
    if (rate <= 0) return;
    knock_far(world, host, data ? (uint32_t)data : eki_world_far_address(world), !data);
    if (!data)
        eki_world_call(world, eki_random_exponential(&world->random, 1 / rate), search_far, host, 0);
    else if ((data & 255) < 254)
        eki_world_call(world, 0.12, search_far, host, data + 1);
}

/* The look-up of the kill switch: here the name does not exist, so the worm goes on. */
static void ask_kill_switch(struct world *world, uint32_t host)
{
    static const char name[] = "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea";
    uint8_t bytes[12 + 4 + 1 + sizeof name + 5 + 4] = {0};
    put_be16(bytes, (uint16_t)eki_random_next(&world->random));
    bytes[2] = 1;
    bytes[5] = 1;
    size_t at = 12;
    for (const char *label = "\003www"; *label; label++) bytes[at++] = (uint8_t)*label;
    bytes[at++] = sizeof name - 1;
    for (const char *c = name; *c; c++) bytes[at++] = (uint8_t)*c;
    for (const char *label = "\003com"; *label; label++) bytes[at++] = (uint8_t)*label;
    at++;
    bytes[at + 1] = bytes[at + 3] = 1;
    at += 4;
    struct payload message = {bytes, (uint16_t)at, (uint16_t)at};
    struct talk talk = eki_talk_between(world, host, world->servers | 10, 53);
    eki_talk_datagram(&talk, TALK_CLIENT, message);
    eki_talk_pause(&talk, 0.03);
    bytes[2] = 0x81;
    bytes[3] = 0x83; /* no such name */
    eki_talk_datagram(&talk, TALK_SERVER, message);
}

static void begin(struct world *world, uint32_t host)
{
    struct host *self = &world->hosts[host];
    self->connected = "sequential";
    self->elsewhere = option_or(world->options->rate, INTERNET_RATE) > 0 ? "random" : NULL;
    ask_kill_switch(world, host);
    plan_launch(world, host);
    eki_world_call(world, 0.5, search_far, host, 0);
}

static void populate(struct world *world)
{
    world->latency = option_or(world->options->latency_s, LATENCY);
    uint32_t patient = eki_populate_office(world, (unsigned)option_or(world->options->hosts, 20));
    size_t none = 0;
    if (!eki_schedule_grow(&world->schedule, &world->state, world->host_count, &none, sizeof(struct walk)))
        return;
    eki_worm_plan_start(world, patient, 30);
}

const struct worm eki_worm_wannacry = {"wannacry", "ms17-010", 6, 445, populate, begin};
