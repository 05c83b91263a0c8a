/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_TALK_H
#define EKI_TRAFFIC_TALK_H
/*
 * A talk: one conversation between two addresses, told message by message. Each call plans the packets of one
 * step and moves `at` (seconds after world->now) on to the moment after it, so a script reads like the
 * conversation.
 *
 *     struct talk talk = eki_talk_between(world, client, server, 80);
 *     eki_talk_open(&talk);
 *     eki_talk_say(&talk, TALK_CLIENT, (struct payload){request, sizeof request, 400});
 *     eki_talk_close(&talk);
 */
#include <stdbool.h>

#include "traffic/world.h"

enum talk_side { TALK_CLIENT = 0, TALK_SERVER = 1 };

struct talk {
    struct world *world;
    double at;  /* seconds from now */
    double rtt; /* seconds */
    uint32_t address[2];
    uint16_t port[2];
    uint32_t sequence[2];
    uint8_t ttl[2];
    unsigned unacknowledged;
};

/* A talk of `client` (a host number) with an address; the port is the client's next. */
struct talk eki_talk_between(struct world *world, uint32_t client, uint32_t server_address, uint16_t port);

/* TCP: the three packets of the handshake. */
void eki_talk_open(struct talk *talk);
/* TCP: one message, cut into segments; the bytes given are those of the first segment's beginning. */
void eki_talk_say(struct talk *talk, enum talk_side side, struct payload payload);
/* TCP: FIN both ways, or one RST by the client. */
void eki_talk_close(struct talk *talk);
void eki_talk_reset(struct talk *talk);
/* Waits. */
void eki_talk_pause(struct talk *talk, double seconds);

/* UDP: one datagram. */
void eki_talk_datagram(struct talk *talk, enum talk_side side, struct payload payload);

/* `count` filler bytes that are not captured: a payload of which only the length is seen. */
static inline struct payload eki_talk_length(uint16_t count)
{
    return (struct payload){"", 0, count};
}

/* A TCP probe that nobody answers: SYN, again after `again[i]` seconds until a 0 ends the list (at most 3).
 * When the address is near and the world shows ARP, who-has requests stand for the SYNs. */
void eki_talk_knock_in_vain(struct world *world, uint32_t client, uint32_t target, uint16_t port,
                            const double again[3]);

/* A TCP probe that is refused by a live host, tried `tries` times half a second apart as Windows does. */
void eki_talk_refused(struct world *world, uint32_t client, uint32_t target, uint16_t port, unsigned tries);

#endif
