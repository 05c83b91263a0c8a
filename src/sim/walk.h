/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_WALK_H
#define EKI_SIM_WALK_H
/*
 * Searching in an order (Staniford, Paxson, Weaver 2002, section 3): a list of addresses known before the
 * start, which each host halves with the host it infects, then a walk through a permutation of all addresses
 * that is common to all hosts. A walker that meets an infected host goes on from a random point; who fell to
 * the list starts just behind its own point.
 *
 * A walker jumps to the next host in the order, which is exact because each probe takes the same time. Time
 * is counted in probes of one host (`pace` of them a second), so that a change of the rate changes no entry.
 */
#include "sim/agenda.h"
#include "sim/simulator.h"

struct eki_sim_walker {
    uint32_t from, to; /* of the list: still to be tried */
    uint32_t next;     /* host, by place in the order, that it comes to */
    uint32_t met;      /* infected hosts in a row */
};

struct eki_sim_walk {
    uint32_t *order;                /* hosts in the order of the permutation */
    uint32_t *point;                /* where each stands in 0..2^32-1; ascending */
    uint32_t *place;                /* of each host in order */
    uint32_t *list;                 /* hosts on the hit list */
    struct eki_sim_walker *walkers; /* one a host */
    struct eki_sim_agenda agenda;   /* in probes of one host */
    double probes;                  /* that one host which never slept has sent by now */
};

/* Room and order for the hosts of a scenario. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_walk_init(const struct eki_scenario *scenario,
                                              const struct eki_sim_local *local,
                                              struct eki_sim_walk *ret_walk);
/* Frees it; all zero is allowed. */
void eki_sim_walk_done(struct eki_sim_walk *walk);

/* At the start of a run: the list is divided among the seeds. */
void eki_sim_walk_reset(struct eki_sim_walk *walk, const struct eki_scenario *scenario);

/* A host that has part of the list left gives half of it to its child. */
void eki_sim_walk_halve(struct eki_sim_walk *walk, uint32_t host, uint32_t child);

/* Puts the next attempt of a host on the agenda: on the list while it has some, else (with a permutation) on
 * the next host from a random point, or from just behind its own when `behind`. */
EKI_MUST_USE enum eki_error eki_sim_walk_begin(struct eki_sim_walk *walk, struct eki_simulator *simulator,
                                               uint32_t host, bool behind);
/* The walker goes on from where it is. */
EKI_MUST_USE enum eki_error eki_sim_walk_on(struct eki_sim_walk *walk, struct eki_simulator *simulator,
                                            uint32_t host);

#endif
