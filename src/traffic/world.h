/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_WORLD_H
#define EKI_TRAFFIC_WORLD_H
/*
 * The world: hosts, the clock, the network that carries their packets, and who infected whom.
 *
 * Journey: a worm's file plans calls on the schedule; the loop takes the earliest, sets the clock, and the
 * call sends packets (now or later) or infects a host; frames go through the sensor to the writer; at the end
 * the truth is written from the hosts. Everything random comes from world->random, so the same options give
 * the same bytes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/index.h"
#include "ekigaku/address.h"
#include "base/random.h"
#include "ekigaku/simulation.h"
#include "traffic/frame.h"
#include "traffic/options.h"
#include "traffic/schedule.h"
#include "traffic/writer.h"

#define NOBODY UINT32_MAX /* no host */

enum host_flag {
    HOST_SERVICE = 1,    /* listens on the worm's port */
    HOST_VULNERABLE = 2, /* can fall to the exploit */
    HOST_CREDENTIAL = 4, /* accepts a credential the worm has */
    HOST_SERVER = 8,
    HOST_INFECTED = 16,
    HOST_OUTSIDE = 32 /* beyond the router */
};

struct host {
    uint32_t address;
    uint32_t flags;
    uint32_t parent;    /* host that infected it, or NOBODY */
    uint32_t loader;    /* host that delivered the program for the parent, or NOBODY */
    uint16_t next_port; /* of its own connections */
    eki_time infected;
    const char *vector;
    const char *connected, *elsewhere; /* how it searches; NULL: not at all */
    uint64_t seen;                     /* packets of it in the capture */
    double rate;                       /* probes per second */
};

/* How one malware behaves. */
struct worm {
    const char *name;
    const char *vector;
    uint8_t protocol;
    uint16_t port;
    void (*populate)(struct world *world);             /* makes the hosts */
    void (*begin)(struct world *world, uint32_t host); /* an infected host starts to search */
};

struct attack { /* a source that reached a live target */
    uint32_t source, target;
    uint32_t attempts;
};

struct meeting { /* first packet between two hosts that is in the capture */
    uint32_t source, target;
    eki_time first;
};

struct world {
    const struct options *options;
    const struct worm *worm;             /* NULL in scans */
    const struct eki_scenario *scenario; /* NULL in the test generator */
    enum eki_error filling;              /* what came of filling the world from it */
    struct eki_random random;
    struct schedule schedule;
    struct writer writer;
    struct host *hosts;
    size_t host_count, host_capacity;
    struct eki_index by_address;
    struct attack *attacks;
    size_t attack_count, attack_capacity;
    struct eki_index by_attack;
    struct meeting *meetings;
    size_t meeting_count, meeting_capacity;
    struct eki_index by_meeting;
    uint32_t network, mask; /* the client network */
    uint32_t servers;       /* the server network, a /24 */
    uint32_t router;
    uint32_t patient_zero;
    eki_time now, start, end;
    uint64_t packet_limit;
    size_t infected, infectable;
    double latency; /* seconds from infection until the host searches, mean */
    double tail;    /* seconds of capture after the last host fell */
    void *state;    /* the worm's own, freed with free() */
};

/* Opens the capture and starts the clock. False when the file cannot be written. */
bool eki_world_open(struct world *ret_world, const struct options *options, eki_time start);

/* Runs the schedule until it is empty, the time is over or the packets are. */
void eki_world_run(struct world *world);

/* Writes what is left and frees everything. False when the capture could not be written. */
bool eki_world_close(struct world *world);

/* Adds a host and returns its number. An address is used once: the number of the older host comes back
 * otherwise. */
uint32_t eki_world_add_host(struct world *world, uint32_t address, uint32_t flags);

/* The host of an address, NOBODY when no host lives there. */
uint32_t eki_world_find_host(const struct world *world, uint32_t address);

/* Is the address in the client network? */
static inline bool eki_world_is_near(const struct world *world, uint32_t address)
{
    return (address & world->mask) == world->network;
}

/* Sends a frame `delay` seconds from now (at once when 0). */
void eki_world_send(struct world *world, double delay, const struct frame *frame);

/* Plans a call `delay` seconds from now. */
void eki_world_call(struct world *world, double delay, schedule_call *call, uint32_t host, uint64_t data);

/* `victim` carries the worm from now on, unless it does already, and starts to search after the latency. */
void eki_world_infect(struct world *world, uint32_t victim, uint32_t parent, const char *vector);

/* Notes that `source` reached `target`, a live host, and tried to get in. */
void eki_world_note_attack(struct world *world, uint32_t source, uint32_t target);

/* A number that belongs to two others and a seed for ever: habits are made of it, and a capture does not
 * change when the hash tables do. */
uint64_t eki_world_mix(uint64_t a, uint64_t b, uint64_t seed);

/* The next port of a host's own connections. */
uint16_t eki_world_port(struct world *world, uint32_t host);

/* Uniform in [low, high). */
double eki_world_between(struct world *world, double low, double high);

/* A public address that is nobody's here. */
uint32_t eki_world_far_address(struct world *world);

#endif
