/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_LOCAL_H
#define EKI_SIM_LOCAL_H
/*
 * Who can hit whom by chance: the hosts of an Internet scenario, grouped by the first bits of their
 * addresses, in three zones: left (can fall), active (probe at random), other. Engines move hosts from zone
 * to zone and draw hits; local.c says how.
 */
#include "sim/simulator.h"

enum eki_sim_zone { EKI_SIM_LEFT, EKI_SIM_ACTIVE, EKI_SIM_OTHER };

/* The hosts, by the scenario's hash: the same in every run. EKI_ERROR_MEMORY, or EKI_ERROR_LIMIT when the
 * networks cannot hold so many. */
EKI_MUST_USE enum eki_error eki_sim_local_new(const struct eki_scenario *scenario,
                                              struct eki_sim_local **ret_local);
/* NULL is allowed. */
void eki_sim_local_free(struct eki_sim_local *local);

/* The IPv4 address of a host; hosts are in order of address. */
uint32_t eki_sim_local_address(const struct eki_sim_local *local, uint32_t host);

/* All hosts are left again. */
void eki_sim_local_reset(struct eki_sim_local *local);

/* Whether a host is in the zone of those that can fall. */
bool eki_sim_local_is_left(const struct eki_sim_local *local, uint32_t host);

/* Moves a host, which must be in zone `from`. O(log groups). */
void eki_sim_local_move(struct eki_sim_local *local, uint32_t host, enum eki_sim_zone from,
                        enum eki_sim_zone to);

/* Hits a second on hosts left, if each active host sends one probe a second. */
double eki_sim_local_weight(const struct eki_sim_local *local);

/* Draws one of these hits: its share, then its group, then who hits whom; the weight must be above 0. */
void eki_sim_local_draw(struct eki_simulator *simulator, uint32_t *ret_victim, uint32_t *ret_source);

#endif
