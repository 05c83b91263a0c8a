/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_SIMULATOR_H
#define EKI_SIM_SIMULATOR_H
/*
 * What the engines share: the list of infections, the randomness of the run, the clock of measures. An engine
 * infects hosts and never looks back; misses are not generated unless they take time that matters.
 *
 *     uniform.c   every probe goes to a uniform address: a pure birth process, O(1) an infection
 *     local.c     a share of the probes stays near: weights by prefix, O(log) an infection
 *     network.c   hosts walk their subnet slot by slot: a heap of attempts
 */
#include "base/random.h"
#include "ekigaku/simulation.h"
#include "sim/exponential.h"

struct eki_sim_local;
struct eki_sim_network;

struct eki_simulator {
    const struct eki_scenario *scenario;
    struct eki_sim_infection *infections; /* room for all hosts */
    uint32_t count;
    double now, probes;
    struct eki_random random;
    struct eki_sim_ziggurat ziggurat;
    const volatile int *stop;
    struct eki_sim_local *local;     /* NULL unless used */
    struct eki_sim_network *network; /* likewise */
};

/* Adds an infection at simulator->now. There is always room: a host falls once. */
static inline void eki_sim_infect(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    s->infections[s->count++] = (struct eki_sim_infection){s->now, host, parent};
}

/* An exponential time with this rate. */
static inline double eki_sim_wait(struct eki_simulator *s, double rate)
{
    return eki_sim_exponential(&s->ziggurat, &s->random) / rate;
}

/* The engines. Each plays until nothing can happen any more, or stop_s. */
EKI_MUST_USE enum eki_error eki_sim_play_uniform(struct eki_simulator *simulator);
EKI_MUST_USE enum eki_error eki_sim_play_local(struct eki_simulator *simulator);
EKI_MUST_USE enum eki_error eki_sim_play_network(struct eki_simulator *simulator);

/* The hosts of an Internet scenario with local preference, by the scenario's hash: the same in every run.
 * EKI_ERROR_MEMORY, or EKI_ERROR_LIMIT when the networks cannot hold so many. */
EKI_MUST_USE enum eki_error eki_sim_local_new(const struct eki_scenario *scenario,
                                              struct eki_sim_local **ret_local);
/* NULL is allowed. */
void eki_sim_local_free(struct eki_sim_local *local);
/* The IPv4 address of a host. */
uint32_t eki_sim_local_address(const struct eki_sim_local *local, uint32_t host);

/* The hosts of a network scenario, their known hosts and what reaches what. EKI_ERROR_MEMORY, or
 * EKI_ERROR_ARGUMENT when an address is listed twice. */
EKI_MUST_USE enum eki_error eki_sim_network_new(const struct eki_scenario *scenario,
                                                struct eki_sim_network **ret_network);
/* NULL is allowed. */
void eki_sim_network_free(struct eki_sim_network *network);
/* The IPv4 address of a host. */
uint32_t eki_sim_network_address(const struct eki_scenario *scenario, const struct eki_sim_network *network,
                                 uint32_t host);

#endif
