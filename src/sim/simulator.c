/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/simulator.h"

#include "base/hash.h"
#include "base/memory.h"
#include "sim/lease.h"
#include "sim/local.h"

/* Whether the Internet needs more than the two engines that only follow rates. */
static bool is_world(const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    bool restores = false;
    for (size_t i = 0; i < scenario->measure_count; i++)
        restores |= scenario->measures[i].kind == EKI_SIM_RESTORE;
    return scenario->place == EKI_SIM_INTERNET &&
           (m->permutation > 0 || m->hit_list || scenario->group_count || restores || scenario->nat > 0 ||
            m->mail_addresses || m->usb_sticks);
}

static bool is_local(const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    return scenario->place == EKI_SIM_INTERNET && (m->share_count > 1 || m->shares[0].bits);
}

enum eki_error eki_simulator_new(const struct eki_scenario *scenario, struct eki_simulator **ret_simulator)
{
    struct eki_simulator *s = eki_allocate(1, sizeof *s);
    if (!s) return EKI_ERROR_MEMORY;
    s->scenario = scenario;
    eki_sim_ziggurat_init(&s->ziggurat);
    s->room = scenario->hosts;
    s->infections = eki_allocate(s->room, sizeof *s->infections);
    bool world = is_world(scenario), again = world || scenario->place == EKI_SIM_NETWORK;
    if (again) s->position = eki_allocate(scenario->hosts, sizeof *s->position);
    enum eki_error error = s->infections && (s->position || !again) ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error && (world || is_local(scenario))) error = eki_sim_local_new(scenario, &s->local);
    if (!error && scenario->place == EKI_SIM_NETWORK) error = eki_sim_network_new(scenario, &s->network);
    if (!error && world) error = eki_sim_world_new(s, &s->world);
    if (error) {
        eki_simulator_free(s);
        return error;
    }
    *ret_simulator = s;
    return EKI_OK;
}

enum eki_error eki_simulator_run(struct eki_simulator *s, uint64_t replicate, const volatile int *stop,
                                 struct eki_sim_run *ret_run)
{
    s->count = s->again = s->restored = s->lost = s->by_mail = s->by_usb = 0;
    s->key = eki_hash_two(s->scenario->seed, replicate, 1);
    s->now = s->probes = s->restored_s = 0;
    for (uint32_t i = 0; s->position && i < s->scenario->hosts; i++) s->position[i] = EKI_SIM_SEED;
    s->stop = stop;
    s->random = eki_random_from(eki_hash_two(s->scenario->seed, replicate, 0));
    enum eki_error error = s->network ? eki_sim_play_network(s)
                           : s->world ? eki_sim_play_world(s)
                           : s->local ? eki_sim_play_local(s)
                                      : eki_sim_play_uniform(s);
    if (error) return error;
    *ret_run = (struct eki_sim_run){.infections = s->infections,
                                    .count = s->count,
                                    .again = s->again,
                                    .restored = s->restored,
                                    .lost = s->lost,
                                    .by_mail = s->by_mail,
                                    .by_usb = s->by_usb,
                                    .restored_s = s->restored_s,
                                    .probes = s->probes,
                                    .end_s = s->now};
    return EKI_OK;
}

double eki_sim_draw_for(const struct eki_simulator *s, uint32_t host, uint64_t purpose)
{
    return (double)(eki_hash_two(s->key, host, purpose) >> 11) * 0x1p-53;
}

enum eki_error eki_sim_infect_again(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    if (s->count == EKI_SIM_MOST_HOSTS) return EKI_ERROR_LIMIT;
    if (s->count == s->room) {
        struct eki_sim_infection *more =
            eki_array_reserve(s->infections, s->count, &s->room, sizeof *s->infections);
        if (!more) return EKI_ERROR_MEMORY;
        s->infections = more;
    }
    s->position[host] = s->count;
    eki_sim_infect(s, host, parent);
    return EKI_OK;
}

/* Uniform searching does not care where a host is: any distinct addresses do. A multiplication by an odd
 * number permutes all 2^32. */
static uint32_t scattered(uint32_t host)
{
    return host * 2654435761u + 0x0b000001u;
}

struct eki_address eki_simulator_address(const struct eki_simulator *s, uint32_t host)
{
    uint32_t number = s->network ? eki_sim_network_address(s->scenario, s->network, host)
                      : s->local ? eki_sim_local_address(s->local, host)
                                 : scattered(host);
    return eki_address_v4(number);
}

struct eki_address eki_simulator_seen(const struct eki_simulator *s, uint32_t host, double t)
{
    if (s->network) return eki_address_v4(eki_sim_network_seen(s->scenario, s->network, host, t));
    struct eki_address address = eki_simulator_address(s, host);
    if (s->scenario->lease_s <= 0) return address;
    return eki_address_v4(
        eki_sim_lease_near((uint32_t)address.lo, t, s->scenario->lease_s, s->scenario->hash));
}

void eki_simulator_free(struct eki_simulator *s)
{
    if (!s) return;
    eki_sim_world_free(s->world);
    eki_sim_local_free(s->local);
    eki_sim_network_free(s->network);
    eki_free(s->infections);
    eki_free(s->position);
    eki_free(s);
}
