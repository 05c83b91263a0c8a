/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_SIMULATOR_H
#define EKI_SIM_SIMULATOR_H
/*
 * What the engines share: the list of infections, the randomness of the run, the clock of measures. An engine
 * infects hosts and never looks back; misses are not generated unless they take time that matters.
 *
 *     uniform.c   every probe goes to a uniform address: a pure birth process, O(1) an infection
 *     local.c     a share of the probes stays near: weights by prefix, O(log) an infection
 *     world.c     hit lists, walks through a permutation, restoring: an agenda beside the weights of local.c
 *     network.c   hosts walk their subnet slot by slot: a heap of attempts
 */
#include "base/random.h"
#include "ekigaku/simulation.h"
#include "sim/exponential.h"

struct eki_sim_local;
struct eki_sim_network;
struct eki_sim_world;

struct eki_simulator {
    const struct eki_scenario *scenario;
    struct eki_sim_infection *infections; /* room for all hosts at least */
    size_t room;                          /* for so many infections */
    uint32_t count, again, restored, lost, by_mail, by_usb;
    uint64_t key;       /* of this run, for draws that belong to a host and not to the order of events */
    uint32_t *position; /* of a host's infection in the list, EKI_SIM_SEED while it has none; NULL where hosts
                           fall once and no engine asks */
    double restored_s;
    double now, probes;
    struct eki_random random;
    struct eki_sim_ziggurat ziggurat;
    const volatile int *stop;
    struct eki_sim_local *local;     /* NULL unless used */
    struct eki_sim_network *network; /* likewise */
    struct eki_sim_world *world;     /* likewise */
};

/* Adds an infection at simulator->now. There is always room: a host falls once. */
static inline void eki_sim_infect(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    s->infections[s->count++] = (struct eki_sim_infection){s->now, host, parent};
}

/* Likewise where hosts can fall again; keeps `position`. EKI_ERROR_MEMORY, or EKI_ERROR_LIMIT when there are
 * more infections than EKI_SIM_MOST_HOSTS. */
EKI_MUST_USE enum eki_error eki_sim_infect_again(struct eki_simulator *simulator, uint32_t host,
                                                 uint32_t parent);

/* Uniform in [0, 1), always the same for this host, purpose and run. */
double eki_sim_draw_for(const struct eki_simulator *simulator, uint32_t host, uint64_t purpose);

/* An exponential time with this rate. */
static inline double eki_sim_wait(struct eki_simulator *s, double rate)
{
    return eki_sim_exponential(&s->ziggurat, &s->random) / rate;
}

/* The engines. Each plays until nothing can happen any more, or stop_s. */
EKI_MUST_USE enum eki_error eki_sim_play_uniform(struct eki_simulator *simulator);
EKI_MUST_USE enum eki_error eki_sim_play_local(struct eki_simulator *simulator);
EKI_MUST_USE enum eki_error eki_sim_play_world(struct eki_simulator *simulator);
EKI_MUST_USE enum eki_error eki_sim_play_network(struct eki_simulator *simulator);

/* What world.c needs beside the weights. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_world_new(const struct eki_simulator *simulator,
                                              struct eki_sim_world **ret_world);
/* NULL is allowed. */
void eki_sim_world_free(struct eki_sim_world *world);

/* The hosts of a network scenario, their known hosts and what reaches what. EKI_ERROR_MEMORY, or
 * EKI_ERROR_ARGUMENT when an address is listed twice. */
EKI_MUST_USE enum eki_error eki_sim_network_new(const struct eki_scenario *scenario,
                                                struct eki_sim_network **ret_network);
/* NULL is allowed. */
void eki_sim_network_free(struct eki_sim_network *network);
/* The IPv4 address of a host. */
uint32_t eki_sim_network_address(const struct eki_scenario *scenario, const struct eki_sim_network *network,
                                 uint32_t host);
/* The same as sensors outside its subnet see it at time t: leases, NAT. */
uint32_t eki_sim_network_seen(const struct eki_scenario *scenario, const struct eki_sim_network *network,
                              uint32_t host, double t);

#endif
