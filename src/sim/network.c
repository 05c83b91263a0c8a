/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts of an organisation that walk their own subnet in order, some attempts in flight, after the hosts they
 * know.
 *
 * An attempt holds its slot `dead_s` when nobody can fall there (no host, infected already, patched, cut off)
 * and `service_s` when a victim is worked on; a victim falls at the end of that with probability `success`.
 * This is what makes the lecture's two experiments agree (see docs/methods.md): everybody walks the same
 * order, so growth is nearly linear. With one slot, runs of addresses without a host are jumped over, which
 * is exact because each takes the same time.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/agenda.h"
#include "sim/simulator.h"

enum { STOP_CHECK = 1 << 12, NOBODY = -1 };

struct host {
    uint32_t subnet, number; /* its place in the subnet, from 0 */
    uint32_t position;       /* in the list of infections; EKI_SIM_SEED while not infected */
    bool patched, silent;
};

/* An infected host at work. */
struct actor {
    uint32_t cursor;    /* next address of the subnet */
    uint32_t peers_due; /* known hosts still to be tried */
    double peers_at;    /* when they are looked up again */
};

struct eki_sim_network {
    uint32_t host_count;
    struct host *hosts;
    struct actor *actors;
    int32_t **at;                 /* of each subnet: host number by place, or NOBODY */
    uint32_t *peers;              /* malware.peers for each host */
    uint8_t *reaches;             /* subnet x subnet */
    struct eki_sim_agenda agenda; /* ends of attempts; target: the host tried, or NOBODY */
    /* Measures in force. */
    size_t next_measure;
    double slow, isolate_from, isolate_after;
    bool blocked, reset, stopped;
    uint32_t fallible; /* hosts that have fallen or still can: when all have, nothing happens any more */
};

static uint32_t places(const struct eki_sim_subnet *subnet)
{
    return 1u << (32 - subnet->bits);
}

/* Puts one host on a free place: the one that is listed, or a drawn one; never the network's own or broadcast
 * address. */
static enum eki_error place_host(struct eki_sim_network *n, const struct eki_sim_subnet *subnet,
                                 uint32_t which, uint32_t in_subnet, struct eki_random *random)
{
    uint32_t room = places(subnet), base = (uint32_t)subnet->base.lo, number = 0;
    if (subnet->listed) {
        number = subnet->listed[in_subnet] - base;
    } else {
        do number = 1 + (uint32_t)eki_random_below(random, room - 2);
        while (n->at[which][number] != NOBODY);
    }
    if (number >= room || n->at[which][number] != NOBODY) return EKI_ERROR_ARGUMENT;
    n->at[which][number] = (int32_t)n->host_count;
    n->hosts[n->host_count++] = (struct host){.subnet = which, .number = number};
    return EKI_OK;
}

static enum eki_error place_all(const struct eki_scenario *scenario, struct eki_sim_network *n)
{
    struct eki_random random = eki_random_from(scenario->hash);
    for (uint32_t i = 0; i < scenario->subnet_count; i++) {
        const struct eki_sim_subnet *subnet = &scenario->subnets[i];
        n->at[i] = eki_allocate(places(subnet), sizeof **n->at);
        if (!n->at[i]) return EKI_ERROR_MEMORY;
        for (uint32_t k = 0; k < places(subnet); k++) n->at[i][k] = NOBODY;
        for (uint32_t k = 0; k < subnet->hosts; k++) {
            enum eki_error error = place_host(n, subnet, i, k, &random);
            if (error) return error;
        }
    }
    for (size_t i = 0; i < (size_t)n->host_count * scenario->malware.peers; i++)
        n->peers[i] = (uint32_t)eki_random_below(&random, n->host_count);
    for (size_t i = 0; i < scenario->subnet_count; i++) n->reaches[i * scenario->subnet_count + i] = 1;
    for (size_t i = 0; i < scenario->reach_count; i++)
        n->reaches[scenario->reach[i].from * scenario->subnet_count + scenario->reach[i].to] = 1;
    return EKI_OK;
}

enum eki_error eki_sim_network_new(const struct eki_scenario *scenario, struct eki_sim_network **ret_network)
{
    struct eki_sim_network *n = eki_allocate(1, sizeof *n);
    if (!n) return EKI_ERROR_MEMORY;
    n->hosts = eki_allocate(scenario->hosts, sizeof *n->hosts);
    n->actors = eki_allocate(scenario->hosts, sizeof *n->actors);
    n->at = eki_allocate(scenario->subnet_count + 1, sizeof *n->at);
    n->peers = eki_allocate((size_t)scenario->hosts * scenario->malware.peers, sizeof *n->peers);
    n->reaches = eki_allocate(scenario->subnet_count * scenario->subnet_count, 1);
    bool whole = n->hosts && n->actors && n->at && n->peers && n->reaches;
    enum eki_error error = whole ? place_all(scenario, n) : EKI_ERROR_MEMORY;
    if (error) {
        eki_sim_network_free(n);
        return error;
    }
    *ret_network = n;
    return EKI_OK;
}

void eki_sim_network_free(struct eki_sim_network *n)
{
    if (!n) return;
    for (size_t i = 0; n->at && n->at[i]; i++) eki_free(n->at[i]);
    eki_free(n->at);
    eki_free(n->hosts);
    eki_free(n->actors);
    eki_free(n->peers);
    eki_free(n->reaches);
    eki_sim_agenda_done(&n->agenda);
    eki_free(n);
}

static uint32_t address_of(const struct eki_scenario *scenario, const struct host *host)
{
    return (uint32_t)scenario->subnets[host->subnet].base.lo + host->number;
}

uint32_t eki_sim_network_address(const struct eki_scenario *scenario, const struct eki_sim_network *n,
                                 uint32_t host)
{
    return address_of(scenario, &n->hosts[host]);
}

/* When a host falls silent by isolation. */
static double silent_at(const struct eki_simulator *s, const struct host *host)
{
    const struct eki_sim_network *n = s->network;
    return fmax(n->isolate_from, s->infections[host->position].t + n->isolate_after);
}

/* Whether an attempt can make the target fall now: reach, then a weakness or a shared password. */
static bool can_fall(const struct eki_simulator *s, const struct host *from, const struct host *target)
{
    const struct eki_scenario *scenario = s->scenario;
    const struct eki_sim_network *n = s->network;
    bool near = from->subnet == target->subnet;
    if (target->position != EKI_SIM_SEED || (!near && n->blocked)) return false;
    if (!n->reaches[from->subnet * scenario->subnet_count + target->subnet]) return false;
    if (scenario->malware.exploit && !target->patched) return true;
    uint32_t password = scenario->subnets[from->subnet].administrator;
    return scenario->malware.credentials && !n->reset && password &&
           password == scenario->subnets[target->subnet].administrator;
}

/* The next address: known hosts first, then the subnet in order. Gives how long it takes to come to it. */
static int64_t next_target(struct eki_simulator *s, uint32_t number, double *ret_before)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    const struct host *host = &n->hosts[number];
    struct actor *actor = &n->actors[number];
    const int32_t *at = n->at[host->subnet];
    uint32_t room = places(&s->scenario->subnets[host->subnet]);
    *ret_before = 0;
    if (m->peers && s->now >= actor->peers_at) {
        actor->peers_due = m->peers;
        actor->peers_at = m->peers_every_s > 0 ? s->now + m->peers_every_s : INFINITY;
    }
    if (actor->peers_due) return n->peers[(size_t)number * m->peers + --actor->peers_due];
    /* With one slot: over those addresses where nobody is, until the known hosts are looked up again. */
    do {
        if (actor->cursor >= room - 1) {
            actor->cursor = 1;
            *ret_before += m->pass_pause_s;
        } else if (m->slots == 1 && at[actor->cursor - 1] == NOBODY && actor->cursor > 1) {
            *ret_before += m->dead_s * n->slow;
            s->probes++;
        }
        actor->cursor++;
    } while (m->slots == 1 && at[actor->cursor - 1] == NOBODY && s->now + *ret_before < actor->peers_at &&
             s->now + *ret_before < s->scenario->stop_s);
    return at[actor->cursor - 1];
}

/* Begins the next attempt of a slot. */
static enum eki_error attempt(struct eki_simulator *s, uint32_t number)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    double before;
    int64_t target = next_target(s, number, &before);
    bool victim = target != NOBODY && target != number && can_fall(s, &n->hosts[number], &n->hosts[target]);
    double takes = before + (victim ? m->service_s : m->dead_s) * n->slow;
    s->probes++;
    return eki_sim_agenda_add(&n->agenda, (struct eki_sim_entry){.at = s->now + fmax(takes, 1e-6),
                                                                 .host = number,
                                                                 .target = victim ? target : NOBODY});
}

/* Infects a host; its slots begin after the latency, which is spread evenly between half and one and a half.
 */
static enum eki_error fall(struct eki_simulator *s, uint32_t number, uint32_t parent)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    n->hosts[number].position = s->count;
    n->actors[number] = (struct actor){.cursor = 1};
    eki_sim_infect(s, number, parent);
    double begin = s->now + m->latency_s * (.5 + eki_random_unit(&s->random));
    for (uint32_t i = 0; i < m->slots; i++) {
        struct eki_sim_entry entry = {.at = begin, .host = number, .target = NOBODY};
        enum eki_error error = eki_sim_agenda_add(&n->agenda, entry);
        if (error) return error;
    }
    return EKI_OK;
}

static void count_fallible(const struct eki_simulator *s)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    n->fallible = 0;
    for (uint32_t i = 0; i < n->host_count; i++) {
        const struct host *host = &n->hosts[i];
        bool weak = m->exploit && !host->patched;
        bool open = m->credentials && !n->reset && s->scenario->subnets[host->subnet].administrator;
        n->fallible += host->position != EKI_SIM_SEED || weak || open;
    }
}

static void patch(struct eki_simulator *s, double share)
{
    struct eki_sim_network *n = s->network;
    for (uint32_t i = 0; i < n->host_count; i++) n->hosts[i].patched |= eki_random_unit(&s->random) < share;
}

static void measures_until(struct eki_simulator *s, double t)
{
    struct eki_sim_network *n = s->network;
    for (; n->next_measure < s->scenario->measure_count; n->next_measure++) {
        const struct eki_sim_measure *m = &s->scenario->measures[n->next_measure];
        if (m->at_s > t) return;
        switch (m->kind) {
        case EKI_SIM_PATCH: patch(s, m->share); break;
        case EKI_SIM_ISOLATE:
            n->isolate_from = fmin(n->isolate_from, m->at_s);
            n->isolate_after = fmin(n->isolate_after, m->after_s);
            break;
        case EKI_SIM_THROTTLE: n->slow = m->share > 0 ? 1 / m->share : INFINITY; break;
        case EKI_SIM_BLOCK: n->blocked = true; break;
        case EKI_SIM_RESET: n->reset = true; break;
        case EKI_SIM_STOP: n->stopped = true; break;
        case EKI_SIM_RESTORE: break;
        }
        count_fallible(s);
    }
}

static enum eki_error begin(struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_network *n = s->network;
    eki_sim_agenda_clear(&n->agenda);
    n->next_measure = 0;
    n->slow = 1;
    n->isolate_from = n->isolate_after = INFINITY;
    n->blocked = n->reset = n->stopped = false;
    for (uint32_t i = 0; i < n->host_count; i++) {
        struct host *host = &n->hosts[i];
        host->position = EKI_SIM_SEED;
        host->patched = eki_random_unit(&s->random) < scenario->subnets[host->subnet].patched;
    }
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0, k = 0; i < n->host_count && k < scenario->seeds && !error; i++) {
        bool chosen = !scenario->seed_hosts;
        for (uint32_t j = 0; j < scenario->seeds && !chosen; j++)
            chosen = address_of(scenario, &n->hosts[i]) == scenario->seed_hosts[j];
        if (chosen) error = fall(s, i, EKI_SIM_SEED), k++;
    }
    count_fallible(s);
    return error;
}

enum eki_error eki_sim_play_network(struct eki_simulator *s)
{
    struct eki_sim_network *n = s->network;
    enum eki_error error = begin(s);
    for (uint32_t turn = 1; !error && n->agenda.count && s->count < n->fallible; turn++) {
        if (!(turn % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        struct eki_sim_entry event = eki_sim_agenda_take(&n->agenda);
        if (event.at > s->scenario->stop_s) break;
        measures_until(s, event.at);
        s->now = event.at;
        struct host *host = &n->hosts[event.host];
        if (n->stopped) break;
        if (silent_at(s, host) <= s->now) continue; /* this slot is no more */
        bool victim = event.target != NOBODY && can_fall(s, host, &n->hosts[event.target]);
        if (victim && eki_random_unit(&s->random) < s->scenario->malware.success)
            error = fall(s, (uint32_t)event.target, host->position);
        if (!error) error = attempt(s, event.host);
    }
    return error;
}
