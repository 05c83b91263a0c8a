/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_ROUTES_H
#define EKI_SIM_ROUTES_H
/*
 * Ways from host to host beside contact over the network: by droplets (a stick that is carried from host to
 * host) and through the air (mail that somebody opens). Both need a person, not a weakness: patches,
 * firewalls and NAT do not stop them. Engines keep what is under way on their own agenda.
 *
 *     sticks   each visits hosts at the times of a Poisson process; it is infected by the last infected host
 * it visited, isolated or not, and infects others from then on mail     an infected host that wakes sends to
 * so many addresses, each opened with some probability after an exponential delay
 */
#include "sim/agenda.h"
#include "sim/simulator.h"

struct eki_sim_routes {
    uint32_t *carried; /* by each stick: position of an infection, EKI_SIM_SEED while clean */
};

/* EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_routes_init(const struct eki_scenario *scenario,
                                                struct eki_sim_routes *ret_routes);
/* Frees it; all zero is allowed. */
void eki_sim_routes_done(struct eki_sim_routes *routes);

/* All sticks are clean. */
void eki_sim_routes_reset(struct eki_sim_routes *routes, const struct eki_scenario *scenario);

/* What an infected host mails, as entries of this kind: target opens it then, position is the infection of
 * the sender. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_routes_mail(struct eki_simulator *simulator,
                                                struct eki_sim_agenda *agenda, uint32_t kind, uint32_t host);

/* Puts the next visit of any stick on the agenda, as an entry of this kind. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_sim_routes_carry(struct eki_simulator *simulator,
                                                 struct eki_sim_agenda *agenda, uint32_t kind);

/* A stick visits a host. True when that host falls: *ret_host, to the infection at *ret_parent. */
bool eki_sim_routes_visit(struct eki_simulator *simulator, struct eki_sim_routes *routes, uint32_t *ret_host,
                          uint32_t *ret_parent);

#endif
