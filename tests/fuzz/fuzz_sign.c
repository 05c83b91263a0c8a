/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as segments and contacts of a few hosts. Each record: one byte of choice (service, direction),
 * one of length, one of how the sequence number goes on, then the payload. What comes out must be valid, and
 * readable as a line.
 */
#include <stdlib.h>
#include <string.h>

#include "ekigaku/sign.h"

static void check(void *user, const struct eki_sign *sign)
{
    struct eki_sign again;
    char line[EKI_SIGN_LINE];
    (void)user;
    if (eki_sign_validate(sign)) abort();
    if (eki_sign_read(line, eki_sign_write(sign, line), &again, NULL)) abort();
}

static const struct {
    uint8_t protocol;
    uint16_t port;
} services[] = {{6, 445}, {6, 445},  {6, 445}, {6, 139}, {6, 135},   {6, 49155}, {6, 23},  {6, 80},
                {6, 22},  {6, 4444}, {17, 53}, {17, 69}, {17, 1434}, {6, 2323},  {6, 445}, {6, 23}};

static void feed(struct eki_sign_engine *engine, const unsigned char *head, struct eki_packet *p,
                 uint32_t next[16][2])
{
    unsigned which = head[0] & 15, from_client = head[0] >> 4 & 1;
    struct eki_address one = eki_address_v4(0xc0000201 + (head[0] >> 6)), two = eki_address_v4(0xc0000207);
    uint16_t port = services[which].port, other = (uint16_t)(40000 + which);
    p->protocol = services[which].protocol;
    p->kind = p->protocol == 6 ? EKI_PACKET_TCP : EKI_PACKET_UDP;
    p->source = from_client ? one : two;
    p->target = from_client ? two : one;
    p->source_port = from_client ? other : port;
    p->target_port = from_client ? port : other;
    p->payload_wire = p->payload_captured + (head[2] & 64 ? 200 : 0);
    p->sequence = next[which][from_client] + (head[2] & 32 ? head[2] & 31 : 0);
    next[which][from_client] = p->sequence + p->payload_wire;
    struct eki_segment s = {.packet = p,
                            .client = one,
                            .server = two,
                            .conversation = 1 + which + (head[0] >> 6) * 16u,
                            .client_port = other,
                            .service = port,
                            .from_client = from_client,
                            .inferred = head[0] >> 5 & 1};
    if (eki_sign_engine_segment(engine, &s)) abort();
    if (head[2] & 128 && eki_sign_engine_flow_end(engine, s.conversation)) abort();
}

static void feed_contact(struct eki_sign_engine *engine, const struct eki_packet *p, uint8_t flags)
{
    struct eki_contact c = {.client = p->source,
                            .server = p->target,
                            .time = p->time,
                            .answered = EKI_TIME_NONE,
                            .packet = p->number,
                            .attempts = 1,
                            .payload = p->payload_wire,
                            .client_port = p->source_port,
                            .service = p->target_port,
                            .protocol = p->protocol,
                            .flags = flags};
    if (eki_sign_engine_contact(engine, &c)) abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct eki_sign_engine *engine;
    uint32_t next[16][2] = {{0}};
    uint64_t number = 0;
    if (eki_sign_engine_new(check, NULL, &engine)) return 0;
    while (length >= 3) {
        size_t captured = bytes[1] < length - 3 ? bytes[1] : length - 3;
        unsigned char *payload =
            malloc(captured ? captured : 1); /* its own block, so that reading beyond it shows */
        if (!payload) break;
        memcpy(payload, bytes + 3, captured);
        number++;
        struct eki_packet p = {.time = (eki_time)number * EKI_SECOND,
                               .number = number,
                               .payload = captured ? payload : NULL,
                               .payload_captured = (uint32_t)captured};
        feed(engine, bytes, &p, next);
        feed_contact(engine, &p, bytes[2] & 127);
        free(payload);
        bytes += 3 + captured;
        length -= 3 + captured;
    }
    if (eki_sign_engine_finish(engine)) abort();
    eki_sign_engine_free(engine);
    return 0;
}
