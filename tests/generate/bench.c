/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "traffic/frame.h"
#include "traffic/writer.h"

enum { SWEEPERS = 200, CLIENTS = 2000, SERVERS = 50, OPEN = 16384, CALM_OPEN = 2048, LONGEST = 1514 };

#define BENCH_START (INT64_C(1500000000) * EKI_SECOND)

struct bench {
    struct writer writer;
    struct eki_random random;
    uint64_t packets;
    eki_time time, step; /* mean nanoseconds between packets */
    uint8_t full[LONGEST];
    struct connection *open;
};

/* A connection between a client and a server, told one packet at a time. */
struct connection {
    struct path path;
    uint32_t sequence[2];
    uint8_t stage, rounds;
};

static bool bench_open(struct bench *bench, const struct options *options, double seconds)
{
    *bench = (struct bench){.random = eki_random_from(options->seed), .time = BENCH_START};
    bench->packets = (uint64_t)option_or(options->packets, 5e6);
    if (!bench->packets) bench->packets = 1;
    bench->step = (eki_time)(option_or(options->duration, seconds) * 1e9 / (double)bench->packets);
    bench->open = calloc(OPEN, sizeof *bench->open);
    if (bench->open && eki_writer_open(&bench->writer, options->out, options->loss, options->seed))
        return true;
    free(bench->open);
    return false;
}

static bool bench_close(struct bench *bench)
{
    free(bench->open);
    return eki_writer_close(&bench->writer);
}

static void tick(struct bench *bench)
{
    bench->time += bench->step / 2 + (eki_time)eki_random_below(&bench->random, (uint64_t)bench->step + 1);
}

/* A frame whose payload is all there: filler behind the headers. */
static void put(struct bench *bench, const struct frame *frame)
{
    struct capture_bytes bytes = {frame->bytes, frame->captured, frame->wire};
    if (frame->wire > frame->captured) {
        memcpy(bench->full, frame->bytes, frame->captured);
        bytes = (struct capture_bytes){bench->full, frame->wire, frame->wire};
    }
    eki_writer_put(&bench->writer, bench->time, bytes);
    tick(bench);
}

static void put_segment(struct bench *bench, struct connection *c, bool server, struct tcp_fields tcp,
                        uint16_t bytes)
{
    struct path path = c->path;
    if (server)
        path = (struct path){c->path.target, c->path.source, c->path.target_port, c->path.source_port, 64};
    tcp.sequence = c->sequence[server];
    tcp.acknowledgement = (tcp.flags & TCP_ACK) ? c->sequence[!server] : 0;
    c->sequence[server] += bytes + ((tcp.flags & (TCP_SYN | TCP_FIN)) ? 1u : 0u);
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, (struct payload){"", 0, bytes});
    put(bench, &frame);
}

enum stage {
    STAGE_SYN,
    STAGE_SYN_ACK,
    STAGE_ACK,
    STAGE_ASK,
    STAGE_ANSWER,
    STAGE_FIN,
    STAGE_FIN_ACK,
    STAGE_LAST
};

static void start(struct bench *bench, struct connection *c)
{
    static const uint16_t ports[] = {443, 80, 445, 993, 8080, 1433, 443, 443};
    uint64_t random = eki_random_next(&bench->random);
    uint32_t client = (uint32_t)eki_random_below(&bench->random, CLIENTS);
    uint32_t server = (uint32_t)eki_random_below(&bench->random, SERVERS);
    *c = (struct connection){.sequence = {(uint32_t)random, (uint32_t)(random >> 32)}};
    c->path = (struct path){0x0a0a0000u + client / 250 * 256 + client % 250 + 1, 0x0a640001u + server,
                            (uint16_t)(32768 + (random >> 40) % 28000), ports[server % 8], 0};
    c->rounds = (uint8_t)(1 + (random >> 20) % 12);
}

/* The next packet of a connection; a finished one starts anew between other hosts. `mean`: bytes of an
 * answer. */
static void advance(struct bench *bench, struct connection *c, uint16_t mean)
{
    uint16_t size = (uint16_t)(mean / 2 + eki_random_below(&bench->random, mean));
    if (size > FRAME_MTU_PAYLOAD) size = FRAME_MTU_PAYLOAD;
    switch ((enum stage)c->stage) {
    case STAGE_SYN:
        start(bench, c);
        put_segment(bench, c, false, (struct tcp_fields){.flags = TCP_SYN}, 0);
        break;
    case STAGE_SYN_ACK:
        put_segment(bench, c, true, (struct tcp_fields){.flags = TCP_SYN | TCP_ACK}, 0);
        break;
    case STAGE_ACK: put_segment(bench, c, false, (struct tcp_fields){.flags = TCP_ACK}, 0); break;
    case STAGE_ASK:
        put_segment(bench, c, false, (struct tcp_fields){.flags = TCP_ACK | TCP_PSH}, size / 2);
        break;
    case STAGE_ANSWER:
        put_segment(bench, c, true, (struct tcp_fields){.flags = TCP_ACK | TCP_PSH}, size);
        break;
    case STAGE_FIN: put_segment(bench, c, false, (struct tcp_fields){.flags = TCP_FIN | TCP_ACK}, 0); break;
    case STAGE_FIN_ACK:
        put_segment(bench, c, true, (struct tcp_fields){.flags = TCP_FIN | TCP_ACK}, 0);
        break;
    case STAGE_LAST: put_segment(bench, c, false, (struct tcp_fields){.flags = TCP_ACK}, 0); break;
    }
    if (c->stage == STAGE_ANSWER && --c->rounds)
        c->stage = STAGE_ASK;
    else
        c->stage = c->stage == STAGE_LAST ? STAGE_SYN : (uint8_t)(c->stage + 1);
}

static uint32_t far_address(struct eki_random *random)
{
    uint32_t address = (uint32_t)eki_random_next(random);
    uint32_t first = address >> 24;
    return first == 0 || first == 10 || first == 127 || first >= 224 ? address ^ 0x21000000u : address;
}

static void knock(struct bench *bench, uint32_t source, uint32_t target, uint16_t port)
{
    uint64_t random = eki_random_next(&bench->random);
    struct path path = {source, target, (uint16_t)(49152 + random % 16000), port, 0};
    struct tcp_fields tcp = {.sequence = (uint32_t)(random >> 32), .flags = TCP_SYN};
    struct frame frame;
    eki_frame_tcp(&frame, &path, &tcp, (struct payload){"", 0, 0});
    put(bench, &frame);
}

static struct connection *any_connection(struct bench *bench, size_t among)
{
    return &bench->open[eki_random_below(&bench->random, among)];
}

bool bench_sweep(const struct options *options)
{
    struct bench bench;
    if (!bench_open(&bench, options, 90)) return false;
    for (uint64_t i = 0; i < bench.packets; i++) {
        if (eki_random_below(&bench.random, 5) == 0) {
            advance(&bench, any_connection(&bench, 2048), 365);
            continue;
        }
        uint32_t source = 0x0ac80001u + (uint32_t)eki_random_below(&bench.random, SWEEPERS);
        knock(&bench, source, far_address(&bench.random), 445);
    }
    return bench_close(&bench);
}

bool bench_calm(const struct options *options)
{
    struct bench bench;
    if (!bench_open(&bench, options, 300)) return false;
    /* Each of these answers within a second, as servers do: more would make ordinary clients wait and give
     * up. */
    for (uint64_t i = 0; i < bench.packets; i++) advance(&bench, any_connection(&bench, CALM_OPEN), 384);
    return bench_close(&bench);
}

bool bench_many_sources(const struct options *options)
{
    struct options read = *options;
    double sources = option_or(options->sources, 1e5);
    read.packets = option_or(options->packets, sources * 8);
    struct bench bench;
    if (!bench_open(&bench, &read, 120)) return false;
    for (uint64_t i = 0; i < bench.packets; i++) {
        uint32_t source = (uint32_t)eki_random_below(&bench.random, (uint64_t)sources);
        knock(&bench, 0x2d000000u + source * 7,
              0x0a000000u | (uint32_t)eki_random_below(&bench.random, 1 << 16), 23);
    }
    return bench_close(&bench);
}
