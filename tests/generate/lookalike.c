/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Look-alikes: programs that reach many addresses for good reasons, and floods. An analysis that calls one of
 * them a worm has raised a false alarm. The expected verdict "benign" also allows "undecided" and silence.
 */
#include "scan_kind.h"
#include "traffic/talk.h"

uint32_t lookalike_partner(const struct world *world, uint32_t n)
{
    uint32_t address = (uint32_t)(eki_world_mix(n, 11, world->options->seed) >> 17);
    return (address & 0x3fffffffu) | 0x40000000u; /* 64/2: neither special nor private */
}

/* Sometimes a datagram and its answer, sometimes a TCP talk, every partner on a port of its own. */
static void step_p2p(struct world *world, const struct scan *scan, uint32_t i)
{
    uint32_t target = lookalike_partner(world, i % 120);
    uint16_t port = (uint16_t)(20000 + eki_world_mix(target, 1, 0) % 40000);
    if (i % 4 == 0) {
        scan_attempt(world, scan, target, port);
        return;
    }
    struct talk talk = eki_talk_between(world, scan->host, target, port);
    talk.port[0] = 41170;
    eki_talk_datagram(&talk, TALK_CLIENT, eki_talk_length(96));
    if (eki_random_unit(&world->random) < scan->answer_share)
        eki_talk_datagram(&talk, TALK_SERVER, eki_talk_length(240));
}

/* Asks the same servers again and again on the services it watches. */
static void step_monitor(struct world *world, const struct scan *scan, uint32_t i)
{
    static const uint16_t ports[] = {22, 80, 161, 443};
    uint32_t target = world->servers | (20 + i % 4);
    uint16_t port = ports[i / 4 % 4];
    if (port != 161) {
        scan_attempt(world, scan, target, port);
        return;
    }
    struct talk talk = eki_talk_between(world, scan->host, target, port);
    eki_talk_datagram(&talk, TALK_CLIENT, eki_talk_length(43));
    eki_talk_datagram(&talk, TALK_SERVER, eki_talk_length(51));
}

/* A Windows client that looks for the printers it once had: nobody answers. */
static void step_printers(struct world *world, const struct scan *scan, uint32_t i)
{
    uint32_t target = world->servers | (100 + eki_world_mix(i % 13, 5, world->options->seed) % 120);
    struct talk talk = eki_talk_between(world, scan->host, target, i / 13 % 2 ? 137 : 161);
    eki_talk_datagram(&talk, TALK_CLIENT, eki_talk_length(i / 13 % 2 ? 50 : 78));
}

static void step_crawler(struct world *world, const struct scan *scan, uint32_t i)
{
    scan_attempt(world, scan, lookalike_partner(world, i), i % 5 ? 443 : 80);
}

static void step_mail(struct world *world, const struct scan *scan, uint32_t i)
{
    struct talk look_up = eki_talk_between(world, scan->host, world->servers | 10, 53);
    eki_talk_datagram(&look_up, TALK_CLIENT, eki_talk_length(34));
    eki_talk_datagram(&look_up, TALK_SERVER, eki_talk_length(90));
    scan_attempt(world, scan, lookalike_partner(world, i), 25);
}

static void step_resolver(struct world *world, const struct scan *scan, uint32_t i)
{
    struct talk talk = eki_talk_between(world, scan->host, lookalike_partner(world, i), 53);
    eki_talk_datagram(&talk, TALK_CLIENT, eki_talk_length(40));
    if (eki_random_unit(&world->random) < scan->answer_share)
        eki_talk_datagram(&talk, TALK_SERVER, eki_talk_length(120));
}

/* Somebody far away is flooded in the name of our addresses; its answers arrive here. */
static void step_backscatter(struct world *world, const struct scan *scan, uint32_t i)
{
    (void)scan;
    uint32_t victim = lookalike_partner(world, 1),
             named = world->network | (uint32_t)eki_random_below(&world->random, 256);
    struct path path = {victim, named, 80, (uint16_t)(1024 + eki_random_below(&world->random, 60000)), 50};
    struct tcp_fields tcp = {.sequence = (uint32_t)eki_random_next(&world->random),
                             .acknowledgement = i,
                             .flags = i % 3 ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK};
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, eki_talk_length(0));
    eki_world_send(world, 0, &frame);
}

static void flood(struct world *world, uint32_t source)
{
    struct path path = {source, world->servers | 20,
                        (uint16_t)(1024 + eki_random_below(&world->random, 60000)), 80, 60};
    struct path back = {path.target, source, 80, path.source_port, 64};
    struct tcp_fields tcp = {
        .sequence = (uint32_t)eki_random_next(&world->random), .flags = TCP_SYN, .bare = true};
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, eki_talk_length(0));
    eki_world_send(world, 0, &frame);
    if (eki_random_below(&world->random, 4)) return; /* the server is drowned */
    tcp = (struct tcp_fields){.acknowledgement = tcp.sequence + 1, .flags = TCP_SYN | TCP_ACK};
    eki_frame_tcp(&frame, &back, &tcp, eki_talk_length(0));
    eki_world_send(world, 0.0005, &frame);
}

static void step_flood_spoofed(struct world *world, const struct scan *scan, uint32_t i)
{
    (void)scan, (void)i;
    flood(world, eki_world_far_address(world));
}
static void step_flood_single(struct world *world, const struct scan *scan, uint32_t i)
{
    (void)i;
    flood(world, world->hosts[scan->host].address);
}

/* One client that asks a server which is gone, for ever. */
static void step_misconfigured(struct world *world, const struct scan *scan, uint32_t i)
{
    static const double again[3] = {1, 3, 0};
    (void)i;
    eki_talk_knock_in_vain(world, scan->host, world->servers | 77, scan->kind->port, again);
}

/* The update server calls on every client that it knows. */
static void step_update(struct world *world, const struct scan *scan, uint32_t i)
{
    uint32_t number = i % (uint32_t)world->host_count;
    if (number != scan->host && eki_world_is_near(world, world->hosts[number].address))
        scan_attempt(world, scan, world->hosts[number].address, scan->kind->port);
}

const struct scan_kind lookalike_kinds[] = {
    {"p2p", step_p2p, "benign", NULL, NULL, 5, 0.6, 1500, 0, 17, true, SUBJECT_SCANNER},
    {"monitor", step_monitor, "benign", NULL, NULL, 1, 1, 400, 0, 6, false, SUBJECT_SCANNER},
    {"printer-discovery", step_printers, "benign", NULL, NULL, 1, 0, 200, 161, 17, false, SUBJECT_SCANNER},
    {"crawler", step_crawler, "benign", NULL, NULL, 5, 0.95, 1000, 443, 6, true, SUBJECT_SCANNER},
    {"mailserver", step_mail, "benign", NULL, NULL, 2, 0.85, 400, 25, 6, true, SUBJECT_SCANNER},
    {"dns-resolver", step_resolver, "benign", NULL, NULL, 20, 0.97, 3000, 53, 17, true, SUBJECT_SCANNER},
    {"backscatter", step_backscatter, "backscatter", NULL, NULL, 50, 0, 3000, 80, 6, true, SUBJECT_PARTNER},
    {"flood-spoofed", step_flood_spoofed, "flood", NULL, NULL, 500, 0, 20000, 80, 6, true, SUBJECT_SERVER},
    {"flood-single", step_flood_single, "flood", NULL, NULL, 500, 0, 20000, 80, 6, true, SUBJECT_SCANNER},
    {"misconfigured", step_misconfigured, "benign", NULL, NULL, 0.2, 0, 100, 1433, 6, false, SUBJECT_SCANNER},
    {"av-update", step_update, "benign", NULL, NULL, 2, 0.95, 200, 8014, 6, false, SUBJECT_SCANNER},
};

const size_t lookalike_kind_count = sizeof lookalike_kinds / sizeof lookalike_kinds[0];
