/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_LEASE_H
#define EKI_SIM_LEASE_H
/*
 * Addresses that change when their lease ends (DHCP). All hosts of a network change at the same time, by a
 * keyed permutation of its places, so that no two ever have the same one. Before the first end all have their
 * own.
 */
#include <stdint.h>

/* The address at time t of a host with this one at the start: another of the same /24. Leases of /24s end at
 * different times of the same length. */
uint32_t eki_sim_lease_near(uint32_t address, double t, double lease_s, uint64_t key);

/* The place, 1..room-2, in lease number `lease` of a host with this place at the start. */
uint32_t eki_sim_lease_place(uint32_t place, uint32_t room, uint64_t lease, uint64_t key);

#endif
