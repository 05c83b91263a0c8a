/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/talk.h"

#include <stdlib.h>

#define LAN_RTT 0.0003
#define FAR_RTT 0.04

struct talk eki_talk_between(struct world *world, uint32_t client, uint32_t server_address, uint16_t port)
{
    uint32_t address = world->hosts[client].address;
    bool far = !eki_address_is_private(eki_address_v4(server_address)) ||
               (world->hosts[client].flags & HOST_OUTSIDE);
    struct talk talk = {
        .world = world, .address = {address, server_address}, .port = {eki_world_port(world, client), port}};
    talk.rtt = (far ? FAR_RTT : LAN_RTT) * eki_world_between(world, 0.7, 1.6);
    talk.sequence[0] = (uint32_t)eki_random_next(&world->random);
    talk.sequence[1] = (uint32_t)eki_random_next(&world->random);
    talk.ttl[0] = talk.ttl[1] = far ? 52 : 128;
    return talk;
}

static struct path path_from(const struct talk *talk, enum talk_side side)
{
    return (struct path){talk->address[side], talk->address[!side], talk->port[side], talk->port[!side],
                         talk->ttl[side]};
}

static void segment(struct talk *talk, enum talk_side side, uint8_t flags, struct payload payload)
{
    struct path path = path_from(talk, side);
    struct tcp_fields tcp = {talk->sequence[side], (flags & TCP_ACK) ? talk->sequence[!side] : 0, 0, flags,
                             false};
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, payload);
    eki_world_send(talk->world, talk->at, &frame);
    talk->sequence[side] += payload.wire + ((flags & (TCP_SYN | TCP_FIN)) ? 1u : 0u);
}

static void pass(struct talk *talk, double least)
{
    talk->at += least + talk->rtt / 2 * eki_world_between(talk->world, 0.9, 1.2);
}

void eki_talk_open(struct talk *talk)
{
    segment(talk, TALK_CLIENT, TCP_SYN, eki_talk_length(0));
    pass(talk, 0);
    segment(talk, TALK_SERVER, TCP_SYN | TCP_ACK, eki_talk_length(0));
    pass(talk, 0);
    segment(talk, TALK_CLIENT, TCP_ACK, eki_talk_length(0));
    pass(talk, 1e-5);
}

void eki_talk_say(struct talk *talk, enum talk_side side, struct payload payload)
{
    uint32_t left = payload.wire;
    do {
        uint16_t part = left > FRAME_MTU_PAYLOAD ? FRAME_MTU_PAYLOAD : (uint16_t)left;
        uint16_t captured = payload.captured < part ? payload.captured : part;
        segment(talk, side, left > part ? TCP_ACK : TCP_ACK | TCP_PSH,
                (struct payload){payload.bytes, captured, part});
        payload.captured = 0;
        left -= part;
        talk->at += 12e-6;
        if (++talk->unacknowledged % 2 == 0 && left) segment(talk, !side, TCP_ACK, eki_talk_length(0));
    } while (left);
    pass(talk, 1e-4);
}

void eki_talk_close(struct talk *talk)
{
    segment(talk, TALK_CLIENT, TCP_FIN | TCP_ACK, eki_talk_length(0));
    pass(talk, 0);
    segment(talk, TALK_SERVER, TCP_FIN | TCP_ACK, eki_talk_length(0));
    pass(talk, 0);
    segment(talk, TALK_CLIENT, TCP_ACK, eki_talk_length(0));
    pass(talk, 0);
}

void eki_talk_reset(struct talk *talk)
{
    segment(talk, TALK_CLIENT, TCP_RST | TCP_ACK, eki_talk_length(0));
    pass(talk, 0);
}

void eki_talk_pause(struct talk *talk, double seconds)
{
    talk->at += seconds;
}

void eki_talk_datagram(struct talk *talk, enum talk_side side, struct payload payload)
{
    struct path path = path_from(talk, side);
    struct frame frame;
    eki_frame_udp(&frame, &path, payload);
    eki_world_send(talk->world, talk->at, &frame);
    pass(talk, 2e-4);
}

void eki_talk_knock_in_vain(struct world *world, uint32_t client, uint32_t target, uint16_t port,
                            const double again[3])
{
    struct talk talk = eki_talk_between(world, client, target, port);
    struct path path = path_from(&talk, TALK_CLIENT);
    struct tcp_fields tcp = {.sequence = talk.sequence[0], .flags = TCP_SYN};
    struct frame frame;
    if (world->options->arp && eki_world_is_near(world, target))
        eki_frame_arp(&frame, &path, false);
    else
        eki_frame_tcp(&frame, &path, &tcp, eki_talk_length(0));
    eki_world_send(world, 0, &frame);
    for (int i = 0; i < 3 && again[i] > 0; i++) eki_world_send(world, again[i], &frame);
}

void eki_talk_refused(struct world *world, uint32_t client, uint32_t target, uint16_t port, unsigned tries)
{
    struct talk talk = eki_talk_between(world, client, target, port);
    for (unsigned i = 0; i < tries; i++) {
        uint32_t sequence = talk.sequence[0];
        segment(&talk, TALK_CLIENT, TCP_SYN, eki_talk_length(0));
        pass(&talk, 0);
        talk.sequence[1] = 0;
        segment(&talk, TALK_SERVER, TCP_RST | TCP_ACK, eki_talk_length(0));
        talk.sequence[0] = sequence;
        eki_talk_pause(&talk, 0.5);
    }
}
