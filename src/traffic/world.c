/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/world.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/hash.h"

enum { FIRST_PORT = 49152, PORTS = 16000 };

static bool open_indexes(struct world *world)
{
    if (eki_index_init(&world->by_address, 10)) return false;
    if (eki_index_init(&world->by_attack, 10)) return false;
    return eki_index_init(&world->by_meeting, 10) == EKI_OK;
}

bool eki_world_open(struct world *ret_world, const struct options *options, eki_time start)
{
    struct world world = {
        .options = options, .random = eki_random_from(options->seed), .patient_zero = NOBODY};
    world.now = world.start = start;
    world.end = start + (eki_time)(option_or(options->duration, 1800) * 1e9);
    world.packet_limit = (uint64_t)option_or(options->packets, 4e6);
    world.tail = 30;
    bool room =
        eki_schedule_grow(&world.schedule, &world.hosts, 1, &world.host_capacity, sizeof *world.hosts);
    if (!room || !open_indexes(&world) ||
        !eki_writer_open(&world.writer, options->out, options->loss, options->seed)) {
        eki_index_done(&world.by_address);
        eki_index_done(&world.by_attack);
        eki_index_done(&world.by_meeting);
        eki_free(world.hosts);
        return false;
    }
    *ret_world = world;
    return true;
}

bool eki_world_close(struct world *world)
{
    bool done = eki_writer_close(&world->writer);
    eki_schedule_done(&world->schedule);
    eki_index_done(&world->by_address);
    eki_index_done(&world->by_attack);
    eki_index_done(&world->by_meeting);
    eki_free(world->hosts);
    eki_free(world->attacks);
    eki_free(world->meetings);
    eki_free(world->state);
    *world = (struct world){0};
    return done;
}

static void add_to(struct world *world, struct eki_index *index, uint64_t hash, size_t position)
{
    if (eki_index_full(index) && eki_index_grow(index)) {
        world->schedule.failed = true;
        return;
    }
    eki_index_add(index, hash, (uint32_t)position);
}

uint32_t eki_world_find_host(const struct world *world, uint32_t address)
{
    uint64_t hash = eki_hash_two(address, 0, 0);
    for (struct eki_index_probe p = eki_index_find(&world->by_address, hash);
         eki_index_next(&world->by_address, &p);)
        if (world->hosts[p.position].address == address) return p.position;
    return NOBODY;
}

uint32_t eki_world_add_host(struct world *world, uint32_t address, uint32_t flags)
{
    uint32_t known = eki_world_find_host(world, address);
    if (known != NOBODY) return known;
    if (!eki_schedule_grow(&world->schedule, &world->hosts, world->host_count + 1, &world->host_capacity,
                           sizeof *world->hosts))
        return 0; /* the play has failed; no more is asked of it than not to crash */
    struct host *host = &world->hosts[world->host_count];
    *host = (struct host){
        .address = address, .flags = flags, .parent = NOBODY, .loader = NOBODY, .infected = EKI_TIME_NONE};
    host->next_port = (uint16_t)(FIRST_PORT + eki_random_below(&world->random, PORTS));
    add_to(world, &world->by_address, eki_hash_two(address, 0, 0), world->host_count);
    return (uint32_t)world->host_count++;
}

void eki_world_call(struct world *world, double delay, schedule_call *call, uint32_t host, uint64_t data)
{
    eki_schedule_put_call(&world->schedule, world->now + (eki_time)(delay * 1e9), call, host, data);
}

/* The pairs of hosts that met in the capture: who can be told from it at all. */
static void note_meeting(struct world *world, uint32_t source, uint32_t target)
{
    uint64_t hash = eki_hash_two(source, target, 1);
    for (struct eki_index_probe p = eki_index_find(&world->by_meeting, hash);
         eki_index_next(&world->by_meeting, &p);) {
        struct meeting *known = &world->meetings[p.position];
        if (known->source == source && known->target == target) return;
    }
    if (!eki_schedule_grow(&world->schedule, &world->meetings, world->meeting_count + 1,
                           &world->meeting_capacity, sizeof *world->meetings))
        return;
    world->meetings[world->meeting_count] = (struct meeting){source, target, world->now};
    add_to(world, &world->by_meeting, hash, world->meeting_count++);
}

/* What the sensor sees: with several sensors, ours has every n-th host behind it. */
static bool sensor_sees(const struct world *world, uint32_t source, uint32_t target)
{
    unsigned sensors = (unsigned)world->options->sensors;
    if (sensors < 2) return true;
    return (source != NOBODY && source % sensors == 0) || (target != NOBODY && target % sensors == 0);
}

static void put_on_wire(struct world *world, const struct frame *frame)
{
    uint32_t source = eki_world_find_host(world, frame->source),
             target = eki_world_find_host(world, frame->target);
    if (!sensor_sees(world, source, target)) return;
    struct capture_bytes bytes = {frame->bytes, frame->captured, frame->wire};
    if (world->options->no_implant) bytes.captured = frame->headers;
    if (!eki_writer_put(&world->writer, world->now, bytes)) return;
    if (source == NOBODY) return;
    world->hosts[source].seen++;
    if (target != NOBODY) note_meeting(world, source, target);
}

void eki_world_send(struct world *world, double delay, const struct frame *frame)
{
    if (delay > 0)
        eki_schedule_put_frame(&world->schedule, world->now + (eki_time)(delay * 1e9), frame);
    else
        put_on_wire(world, frame);
}

void eki_world_run(struct world *world)
{
    struct schedule_entry entry;
    struct frame frame;
    while (!world->schedule.failed && world->writer.written < world->packet_limit &&
           eki_schedule_take(&world->schedule, &entry, &frame)) {
        if (entry.time > world->end) return;
        world->now = entry.time;
        if (entry.call)
            entry.call(world, entry.host, entry.data);
        else
            put_on_wire(world, &frame);
    }
}

static void start_searching(struct world *world, uint32_t host, uint64_t data)
{
    (void)data;
    world->worm->begin(world, host);
}

void eki_world_infect(struct world *world, uint32_t victim, uint32_t parent, const char *vector)
{
    struct host *host = &world->hosts[victim];
    if (host->flags & HOST_INFECTED) return;
    host->flags |= HOST_INFECTED;
    host->infected = world->now;
    host->parent = parent;
    host->vector = vector;
    world->infected++;
    if (world->patient_zero == NOBODY) world->patient_zero = victim;
    double latency = parent == NOBODY ? 0 : world->latency * eki_world_between(world, 0.6, 1.4);
    eki_world_call(world, latency, start_searching, victim, 0);
    eki_time close = world->now + (eki_time)((latency + world->tail) * 1e9);
    bool all = world->infectable > 1 && world->infected == world->infectable && world->options->duration < 0;
    if (all && close < world->end) world->end = close;
}

void eki_world_note_attack(struct world *world, uint32_t source, uint32_t target)
{
    uint64_t hash = eki_hash_two(source, target, 2);
    for (struct eki_index_probe p = eki_index_find(&world->by_attack, hash);
         eki_index_next(&world->by_attack, &p);) {
        struct attack *known = &world->attacks[p.position];
        if (known->source != source || known->target != target) continue;
        known->attempts++;
        return;
    }
    if (!eki_schedule_grow(&world->schedule, &world->attacks, world->attack_count + 1,
                           &world->attack_capacity, sizeof *world->attacks))
        return;
    world->attacks[world->attack_count] = (struct attack){source, target, 1};
    add_to(world, &world->by_attack, hash, world->attack_count++);
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    eki_wide product = (eki_wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t eki_world_mix(uint64_t a, uint64_t b, uint64_t seed)
{
    uint64_t first = fold(a ^ 0xa0761d6478bd642fu ^ seed, b ^ 0xe7037ed1a0b428dbu);
    return fold(first ^ 0x8ebc6af09c88c6e3u, seed ^ 0x589965cc75374cc3u);
}

uint16_t eki_world_port(struct world *world, uint32_t host)
{
    uint16_t port = world->hosts[host].next_port;
    world->hosts[host].next_port = (uint16_t)(port + 1 < FIRST_PORT + PORTS ? port + 1 : FIRST_PORT);
    return port;
}

double eki_world_between(struct world *world, double low, double high)
{
    return low + (high - low) * eki_random_unit(&world->random);
}

uint32_t eki_world_far_address(struct world *world)
{
    for (;;) {
        uint32_t address = (uint32_t)eki_random_next(&world->random);
        struct eki_address full = eki_address_v4(address);
        if (!eki_address_is_special(full) && !eki_address_is_private(full)) return address;
    }
}
