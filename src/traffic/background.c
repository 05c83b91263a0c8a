/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/background.h"

#include "traffic/smb.h"

enum { FILE_SERVERS = 3, SITES = 40, DNS_SERVER = 10, PROXY = 11, FIRST_FILE_SERVER = 20 };

/* A number that belongs to (host, choice) for the whole run. */
static uint64_t habit(const struct world *world, uint32_t host, unsigned choice)
{
    return eki_world_mix(world->hosts[host].address, choice, world->options->seed) >> 20;
}

uint32_t eki_background_peer(const struct world *world, uint32_t host, unsigned choice)
{
    if (choice == 0)
        return world->servers | (uint32_t)(FIRST_FILE_SERVER + habit(world, host, 0) % FILE_SERVERS);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t other = (uint32_t)(habit(world, host, choice + 16 * (i + 1)) % world->host_count);
        const struct host *colleague = &world->hosts[other];
        if (other == host || !(colleague->flags & HOST_SERVICE) || (colleague->flags & HOST_OUTSIDE))
            continue;
        return colleague->address;
    }
    return world->servers | FIRST_FILE_SERVER;
}

static void look_up(struct world *world, uint32_t host)
{
    static const uint8_t question[] = {0x12, 0x34, 1,   0,   0,   1,   0,   0,   0,   0,   0,
                                       0,    3,    'w', 'w', 'w', 7,   'e', 'x', 'a', 'm', 'p',
                                       'l',  'e',  3,   'o', 'r', 'g', 0,   0,   1,   0,   1};
    uint8_t answer[sizeof question];
    for (size_t i = 0; i < sizeof question; i++) answer[i] = question[i];
    answer[2] = 0x81;
    answer[3] = 0x80;
    answer[7] = 1;
    struct talk talk = eki_talk_between(world, host, world->servers | DNS_SERVER, 53);
    eki_talk_datagram(&talk, TALK_CLIENT, (struct payload){question, sizeof question, sizeof question});
    eki_talk_pause(&talk, eki_world_between(world, 0, 0.02));
    eki_talk_datagram(&talk, TALK_SERVER, (struct payload){answer, sizeof answer, sizeof answer + 16});
}

static void read_web(struct world *world, uint32_t host, bool plain)
{
    uint64_t site = habit(world, host, 100 + (unsigned)eki_random_below(&world->random, 6)) % SITES;
    uint32_t address =
        plain ? world->servers | PROXY : 0x5db80000u + (uint32_t)eki_world_mix(site, 7, 0) % 60000;
    static const char request[] = "GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n",
                      answer[] = "HTTP/1.1 200 OK\r\n";
    static const uint8_t hello[] = {0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3};
    struct talk talk = eki_talk_between(world, host, address, plain ? 8080 : 443);
    eki_talk_open(&talk);
    unsigned rounds = 1 + (unsigned)eki_random_below(&world->random, 4);
    for (unsigned i = 0; i < rounds; i++) {
        struct payload ask = {hello, sizeof hello, 517},
                       reply = {hello, 5, (uint16_t)eki_world_between(world, 200, 9000)};
        if (plain) ask = (struct payload){request, sizeof request - 1, sizeof request - 1};
        if (plain)
            reply =
                (struct payload){answer, sizeof answer - 1, (uint16_t)eki_world_between(world, 300, 15000)};
        eki_talk_say(&talk, TALK_CLIENT, ask);
        eki_talk_say(&talk, TALK_SERVER, reply);
        eki_talk_pause(&talk, eki_random_exponential(&world->random, 0.6));
    }
    eki_talk_close(&talk);
}

static void use_share(struct world *world, uint32_t host, uint32_t server)
{
    struct talk talk = eki_talk_between(world, host, server, 445);
    eki_talk_open(&talk);
    struct smb2 smb = eki_smb2_enter(&talk);
    eki_smb2_log_on(&smb, true);
    eki_smb2_share(&smb, "data", 0);
    unsigned files = 1 + (unsigned)eki_random_below(&world->random, 3);
    for (unsigned i = 0; i < files; i++) {
        bool write = eki_random_below(&world->random, 4) == 0;
        eki_smb2_file(&smb, write ? "report.txt" : "plan.txt", write,
                      (uint32_t)eki_world_between(world, 100, 40000));
        eki_talk_pause(&talk, eki_random_exponential(&world->random, 1.5));
    }
    eki_talk_close(&talk);
}

/* One conversation, and the next one is planned. `data`: mean seconds between them, in milliseconds. */
static void converse(struct world *world, uint32_t host, uint64_t data)
{
    double choice = eki_random_unit(&world->random);
    if (choice < 0.35)
        look_up(world, host);
    else if (choice < 0.65)
        read_web(world, host, false);
    else if (choice < 0.75)
        read_web(world, host, true);
    else if (choice < 0.94)
        use_share(world, host, eki_background_peer(world, host, 0));
    else
        use_share(world, host,
                  eki_background_peer(world, host, 1 + (unsigned)eki_random_below(&world->random, 2)));
    eki_world_call(world, eki_random_exponential(&world->random, (double)data / 1000), converse, host, data);
}

void eki_background_start(struct world *world, double per_minute)
{
    if (per_minute <= 0) return;
    double mean = 60 / per_minute;
    for (uint32_t i = 0; i < world->host_count; i++) {
        if (world->hosts[i].flags & (HOST_SERVER | HOST_OUTSIDE)) continue;
        eki_world_call(world, eki_random_exponential(&world->random, mean), converse, i,
                       (uint64_t)(mean * 1000));
    }
}
