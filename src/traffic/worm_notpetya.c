/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NotPetya (2017-06) and Bad Rabbit (2017-10): slow and close by. First the hosts it is already connected to
 * (read again every three minutes), then its own /24 in order, one address every 3.54 s (a /24 in 15 minutes,
 * as the lecture measured). NotPetya enters by MS17-010 or by stolen credentials (admin share and a
 * service), so patched hosts fall too; Bad Rabbit guesses logins, then does the same.
 */
#include "traffic/background.h"
#include "traffic/populate.h"
#include "traffic/smb.h"
#include "traffic/worms.h"

#define PACE            3.54
#define PEER_GAP        2.0
#define PEER_READ       180.0
#define LATENCY         45.0
#define EXPLOIT_SUCCESS 0.6
#define GUESS_SUCCESS   0.7

enum { PEERS = 4, UPLOAD_STEPS = 50, SPRAY_MOST = 12 };

static bool is_rabbit(const struct world *world)
{
    return world->worm == &eki_worm_badrabbit;
}

static void fall_to_exploit(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, "ms17-010");
}
static void fall_to_share(struct world *world, uint32_t victim, uint64_t parent)
{
    eki_world_infect(world, victim, (uint32_t)parent, is_rabbit(world) ? "dictionary" : "admin-share");
}

static void exploit(struct world *world, uint32_t host, uint32_t victim)
{
    bool infected = world->hosts[victim].flags & HOST_INFECTED;
    bool implanted =
        infected || eki_random_unit(&world->random) < option_or(world->options->success, EXPLOIT_SUCCESS);
    struct talk talk = eki_talk_between(world, host, world->hosts[victim].address, 445);
    eki_talk_open(&talk);
    eki_smb1_enter(&talk);
    eki_smb1_check(&talk, true);
    eki_smb1_ping(&talk, infected);
    if (!infected) eki_smb1_attempt(&talk);
    eki_talk_pause(&talk, eki_world_between(world, 2, 8));
    eki_smb1_ping(&talk, implanted);
    if (implanted && !infected) {
        eki_smb1_upload(&talk, UPLOAD_STEPS);
        eki_world_call(world, talk.at, fall_to_exploit, victim, host);
    }
    eki_talk_close(&talk);
}

/* Logs in, by a stolen credential or after guesses. False when every login was refused. */
static bool enter(struct world *world, struct smb2 *smb, bool possible)
{
    if (!is_rabbit(world)) {
        eki_smb2_log_on(smb, possible);
        return possible;
    }
    unsigned guesses = 3 + (unsigned)eki_random_below(&world->random, SPRAY_MOST - 2);
    for (unsigned i = 0; i < guesses; i++) {
        eki_smb2_log_on(smb, false);
        eki_talk_pause(smb->talk, 0.05);
    }
    bool accepted =
        possible && eki_random_unit(&world->random) < option_or(world->options->success, GUESS_SUCCESS);
    if (accepted) eki_smb2_log_on(smb, true);
    return accepted;
}

static void use_admin_share(struct world *world, uint32_t host, uint32_t victim)
{
    uint32_t flags = world->hosts[victim].flags;
    struct talk talk = eki_talk_between(world, host, world->hosts[victim].address, 445);
    eki_talk_open(&talk);
    struct smb2 smb = eki_smb2_enter(&talk);
    if (enter(world, &smb, flags & HOST_CREDENTIAL)) {
        eki_smb2_share(&smb, "ADMIN$", 0);
        eki_smb2_look_for(&smb, is_rabbit(world) ? "cscc.dat" : "perfc", flags & HOST_INFECTED);
        if (!(flags & HOST_INFECTED)) {
            eki_smb2_file(&smb, is_rabbit(world) ? "infpub.dat" : "perfc.dat", true, 200000);
            eki_smb2_share(&smb, "IPC$", 0);
            eki_smb2_service(&smb);
            eki_world_call(world, talk.at, fall_to_share, victim, host);
        }
    } else if (!is_rabbit(world) && eki_random_below(&world->random, 2)) {
        eki_smb2_log_on(&smb, true); /* an ordinary account: no administrator there */
        eki_smb2_share(&smb, "ADMIN$", SMB_STATUS_ACCESS_DENIED);
    }
    eki_talk_close(&talk);
}

static void attack(struct world *world, uint32_t host, uint32_t victim)
{
    eki_world_note_attack(world, host, victim);
    uint32_t flags = world->hosts[victim].flags;
    bool can_exploit = !is_rabbit(world) && (flags & HOST_VULNERABLE);
    if (can_exploit && (!(flags & HOST_CREDENTIAL) || eki_random_below(&world->random, 2)))
        exploit(world, host, victim);
    else
        use_admin_share(world, host, victim);
}

static void search_one(struct world *world, uint32_t host, uint64_t address)
{
    static const double again[3] = {3, 0, 0};
    uint32_t target = (uint32_t)address, victim = eki_world_find_host(world, target);
    if (victim == host) return;
    if (victim == NOBODY) {
        eki_talk_knock_in_vain(world, host, target, 445, again);
        eki_talk_knock_in_vain(world, host, target, 139, again);
    } else if (world->hosts[victim].flags & HOST_SERVICE) {
        attack(world, host, victim);
    } else {
        eki_talk_refused(world, host, target, 445, 3);
    }
}

static void read_peers(struct world *world, uint32_t host, uint64_t data)
{
    for (unsigned i = 0; i < PEERS; i++) {
        uint32_t peer = i == PEERS - 1 ? world->servers | 10 : eki_background_peer(world, host, i);
        eki_world_call(world, 0.5 + PEER_GAP * i * eki_world_between(world, 0.8, 1.2), search_one, host,
                       peer);
    }
    eki_world_call(world, PEER_READ, read_peers, host, data);
}

/* The own /24 in order, once. */
static void walk(struct world *world, uint32_t host, uint64_t last)
{
    search_one(world, host, (world->hosts[host].address & 0xffffff00u) | last);
    if (last < 254)
        eki_world_call(world, option_or(world->options->dead_s, PACE) * eki_world_between(world, 0.9, 1.1),
                       walk, host, last + 1);
}

static void begin(struct world *world, uint32_t host)
{
    world->hosts[host].connected = "sequential";
    world->hosts[host].elsewhere = "known_peers";
    read_peers(world, host, 0);
    eki_world_call(world, PEERS * PEER_GAP + 3, walk, host, 1);
}

/* Credentials open some patched clients and servers as well. */
static void share_credentials(struct world *world)
{
    for (uint32_t i = 0; i < world->host_count; i++) {
        struct host *host = &world->hosts[i];
        if (!(host->flags & HOST_SERVICE)) continue;
        if (is_rabbit(world) && (host->flags & HOST_VULNERABLE)) host->flags |= HOST_CREDENTIAL;
        if ((host->flags & (HOST_VULNERABLE | HOST_CREDENTIAL)) || eki_random_below(&world->random, 2))
            continue;
        host->flags |= HOST_CREDENTIAL;
        world->infectable++;
    }
}

static void populate(struct world *world)
{
    world->latency = option_or(world->options->latency_s, LATENCY);
    if (world->options->duration < 0) world->end = world->start + 3600 * EKI_SECOND;
    uint32_t patient = eki_populate_office(world, (unsigned)option_or(world->options->hosts, 20));
    share_credentials(world);
    eki_worm_plan_start(world, patient, 60);
}

const struct worm eki_worm_notpetya = {"notpetya", "ms17-010", 6, 445, populate, begin};
const struct worm eki_worm_badrabbit = {"badrabbit", "dictionary", 6, 445, populate, begin};
