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

#include "base/hash.h"
#include "base/memory.h"
#include "sim/agenda.h"
#include "sim/lease.h"
#include "sim/routes.h"
#include "sim/simulator.h"
#include "sim/team.h"

enum { STOP_CHECK = 1 << 12, NOBODY = -1 };

enum kind { ATTEMPT, SEND, MAIL, VISIT, RESTORED, CALL, LEASE };

struct host {
    uint32_t subnet, number; /* its place in the subnet, from 0 */
    uint32_t home;           /* that at the start; leases may move it */
    uint32_t administrator;
    bool known, born_patched;         /* an inventory says whether it is patched at the start */
    bool patched, fell, silent, lost; /* fell: at some time; silent: being restored; lost: with its data */
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
    bool blocked, reset, stopped, restores;
    struct eki_sim_team team;
    struct eki_sim_routes routes;
    uint32_t infected; /* now */
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
    n->hosts[n->host_count++] = (struct host){
        .subnet = which,
        .number = number,
        .home = number,
        .administrator = subnet->administrators ? subnet->administrators[in_subnet] : subnet->administrator,
        .known = subnet->patches != NULL,
        .born_patched = subnet->patches && subnet->patches[in_subnet]};
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
        n->reaches[scenario->reach[i].from * scenario->subnet_count + scenario->reach[i].to] |=
            scenario->reach[i].from == scenario->reach[i].to || !scenario->subnets[scenario->reach[i].to].nat;
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
    if (!error) error = eki_sim_routes_init(scenario, &n->routes);
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
    eki_sim_routes_done(&n->routes);
    eki_free(n);
}

static uint32_t address_of(const struct eki_scenario *scenario, const struct host *host)
{
    return (uint32_t)scenario->subnets[host->subnet].base.lo + host->home;
}

uint32_t eki_sim_network_address(const struct eki_scenario *scenario, const struct eki_sim_network *n,
                                 uint32_t host)
{
    return address_of(scenario, &n->hosts[host]);
}

static uint32_t place_in(const struct eki_scenario *scenario, const struct host *host, uint64_t lease)
{
    const struct eki_sim_subnet *subnet = &scenario->subnets[host->subnet];
    if (subnet->listed) return host->home;
    return eki_sim_lease_place(host->home, places(subnet), lease,
                               eki_hash_two(scenario->hash, host->subnet, 8));
}

uint32_t eki_sim_network_seen(const struct eki_scenario *scenario, const struct eki_sim_network *n,
                              uint32_t host, double t)
{
    const struct host *h = &n->hosts[host];
    const struct eki_sim_subnet *subnet = &scenario->subnets[h->subnet];
    if (subnet->nat) return (uint32_t)subnet->base.lo + 1;
    uint64_t lease = scenario->lease_s > 0 ? (uint64_t)floor(t / scenario->lease_s) : 0;
    return (uint32_t)subnet->base.lo + place_in(scenario, h, lease);
}

/* All hosts move to their places of this lease; who walks the subnet meets them there. */
static enum eki_error move_hosts(struct eki_simulator *s, uint64_t lease)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_network *n = s->network;
    if (scenario->lease_s <= 0) return EKI_OK;
    for (uint32_t i = 0; i < n->host_count; i++) n->at[n->hosts[i].subnet][n->hosts[i].number] = NOBODY;
    for (uint32_t i = 0; i < n->host_count; i++) {
        struct host *host = &n->hosts[i];
        host->number = place_in(scenario, host, lease);
        n->at[host->subnet][host->number] = (int32_t)i;
    }
    struct eki_sim_entry next = {
        .at = (double)(lease + 1) * scenario->lease_s, .kind = LEASE, .target = (int64_t)lease + 1};
    return eki_sim_agenda_add(&n->agenda, next);
}

/* Whether an infected host has been silenced: by isolation, by itself, by those who restore. */
static bool is_silent(const struct eki_simulator *s, uint32_t number)
{
    const struct eki_sim_network *n = s->network;
    double t = s->infections[s->position[number]].t, active = s->scenario->malware.active_s;
    double isolated = fmax(n->isolate_from, t + n->isolate_after);
    return n->hosts[number].silent || isolated <= s->now || (active > 0 && t + active <= s->now);
}

/* Whether an attempt can make the target fall now: reach, then a weakness or a shared password. */
static bool can_fall(const struct eki_simulator *s, uint32_t number, int64_t wanted)
{
    const struct eki_scenario *scenario = s->scenario;
    const struct eki_sim_network *n = s->network;
    if (wanted == NOBODY || s->position[wanted] != EKI_SIM_SEED) return false;
    const struct host *from = &n->hosts[number], *target = &n->hosts[wanted];
    if (from->subnet != target->subnet && n->blocked) return false;
    if (!n->reaches[from->subnet * scenario->subnet_count + target->subnet]) return false;
    if (scenario->malware.exploit && !target->patched) return true;
    return scenario->malware.credentials && !n->reset && from->administrator &&
           from->administrator == target->administrator;
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
    bool victim = can_fall(s, number, target);
    double takes = before + (victim ? m->service_s : m->dead_s) * n->slow;
    s->probes++;
    return eki_sim_agenda_add(&n->agenda, (struct eki_sim_entry){.at = s->now + fmax(takes, 1e-6),
                                                                 .host = number,
                                                                 .position = s->position[number],
                                                                 .target = victim ? target : NOBODY});
}

/* Infects a host; its slots begin after the latency, which is spread evenly between half and one and a half.
 */
static enum eki_error fall(struct eki_simulator *s, uint32_t number, uint32_t parent)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    struct host *host = &n->hosts[number];
    s->again += host->fell;
    host->fell = true;
    host->silent = false;
    n->infected++;
    n->actors[number] = (struct actor){.cursor = 1};
    enum eki_error error = eki_sim_infect_again(s, number, parent);
    double begin = s->now + m->latency_s * (.5 + eki_random_unit(&s->random));
    struct eki_sim_entry send = {.at = begin, .host = number, .position = s->position[number], .kind = SEND};
    if (!error && m->mail_addresses) error = eki_sim_agenda_add(&n->agenda, send);
    for (uint32_t i = 0; i < m->slots && !error; i++) {
        struct eki_sim_entry entry = {
            .at = begin, .host = number, .position = s->position[number], .target = NOBODY};
        error = eki_sim_agenda_add(&n->agenda, entry);
    }
    return error;
}

static void count_fallible(const struct eki_simulator *s)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_network *n = s->network;
    n->fallible = 0;
    for (uint32_t i = 0; i < n->host_count; i++) {
        const struct host *host = &n->hosts[i];
        bool weak = m->exploit && !host->patched;
        bool open = m->credentials && !n->reset && host->administrator;
        bool opens = m->mail_addresses || m->usb_sticks; /* its user does */
        n->fallible += s->position[i] != EKI_SIM_SEED || weak || open || opens;
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
        case EKI_SIM_RESTORE: n->team.measure = m; break;
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
    n->blocked = n->reset = n->stopped = n->restores = false;
    n->infected = 0;
    n->team = (struct eki_sim_team){0};
    eki_sim_routes_reset(&n->routes, scenario);
    for (size_t i = 0; i < scenario->measure_count; i++)
        n->restores |= scenario->measures[i].kind == EKI_SIM_RESTORE;
    for (uint32_t i = 0; i < n->host_count; i++) {
        struct host *host = &n->hosts[i];
        host->fell = host->silent = host->lost = false;
        host->patched = host->known ? host->born_patched
                                    : eki_random_unit(&s->random) < scenario->subnets[host->subnet].patched;
    }
    enum eki_error error = eki_sim_routes_carry(s, &n->agenda, VISIT);
    if (!error) error = move_hosts(s, 0);
    for (size_t i = 0; i < scenario->measure_count && !error; i++) {
        struct eki_sim_entry call = {.at = scenario->measures[i].at_s, .kind = CALL};
        if (scenario->measures[i].kind == EKI_SIM_RESTORE) error = eki_sim_agenda_add(&n->agenda, call);
    }
    for (uint32_t i = 0, k = 0; i < n->host_count && k < scenario->seeds && !error; i++) {
        bool chosen = !scenario->seed_hosts;
        for (uint32_t j = 0; j < scenario->seeds && !chosen; j++)
            chosen = address_of(scenario, &n->hosts[i]) == scenario->seed_hosts[j];
        if (chosen) error = fall(s, i, EKI_SIM_SEED), k++;
    }
    count_fallible(s);
    return error;
}

/* The team takes the next host, or asks to be called. A host without a backup takes longer, and its data is
 * gone. */
static enum eki_error call_team(struct eki_simulator *s)
{
    struct eki_sim_network *n = s->network;
    double at;
    uint32_t position;
    enum eki_sim_team_step step = eki_sim_team_ask(&n->team, s, &at, &position);
    if (step == EKI_SIM_TEAM_REST) return EKI_OK;
    uint32_t number = s->infections[position].host;
    struct host *host = &n->hosts[number];
    double rebuild = n->team.measure->rebuild > 0 ? n->team.measure->rebuild : 1;
    bool bare = eki_sim_draw_for(s, number, 5) < s->scenario->subnets[host->subnet].no_backup;
    if (step == EKI_SIM_TEAM_WORK) {
        host->silent = true;
        s->lost += bare && !host->lost;
        host->lost |= bare;
        if (bare) at = s->now + (at - s->now) * rebuild;
    }
    enum kind kind = step == EKI_SIM_TEAM_WORK ? RESTORED : CALL;
    return eki_sim_agenda_add(
        &n->agenda, (struct eki_sim_entry){.at = at, .host = number, .position = position, .kind = kind});
}

static void restore(struct eki_simulator *s, uint32_t number)
{
    struct eki_sim_network *n = s->network;
    n->team.busy = false;
    n->infected--;
    s->position[number] = EKI_SIM_SEED;
    s->restored++;
    s->restored_s = s->now;
    n->hosts[number].patched |= eki_random_unit(&s->random) < n->team.measure->share;
}

static enum eki_error carry_stick(struct eki_simulator *s)
{
    uint32_t number, parent;
    bool falls = eki_sim_routes_visit(s, &s->network->routes, &number, &parent);
    enum eki_error error = falls ? fall(s, number, parent) : EKI_OK;
    return error ? error : eki_sim_routes_carry(s, &s->network->agenda, VISIT);
}

static enum eki_error end_attempt(struct eki_simulator *s, const struct eki_sim_entry *entry)
{
    if (is_silent(s, entry->host)) return EKI_OK; /* this slot is no more */
    enum eki_error error = EKI_OK;
    bool victim = can_fall(s, entry->host, entry->target);
    if (victim && eki_random_unit(&s->random) < s->scenario->malware.success)
        error = fall(s, (uint32_t)entry->target, s->position[entry->host]);
    return error ? error : attempt(s, entry->host);
}

static enum eki_error play_entry(struct eki_simulator *s, const struct eki_sim_entry *entry)
{
    struct eki_sim_network *n = s->network;
    bool present = s->position[entry->host] == entry->position; /* not restored since then */
    switch ((enum kind)entry->kind) {
    case VISIT: return carry_stick(s);
    case MAIL:
        if (s->position[entry->target] != EKI_SIM_SEED) return EKI_OK;
        s->by_mail++;
        return fall(s, (uint32_t)entry->target, entry->position);
    case SEND:
        if (!present || is_silent(s, entry->host)) return EKI_OK;
        return eki_sim_routes_mail(s, &n->agenda, MAIL, entry->host);
    case LEASE: return move_hosts(s, (uint64_t)entry->target);
    case CALL: n->team.waiting = false; break;
    case RESTORED: restore(s, entry->host); break;
    case ATTEMPT: return present ? end_attempt(s, entry) : EKI_OK;
    }
    return EKI_OK;
}

/* Nothing can change any more. */
static bool is_over(const struct eki_simulator *s)
{
    const struct eki_sim_network *n = s->network;
    bool routes = s->scenario->malware.mail_addresses || s->scenario->malware.usb_sticks;
    if (!n->agenda.count) return true;
    return n->restores ? !n->infected && !routes : s->count >= n->fallible;
}

enum eki_error eki_sim_play_network(struct eki_simulator *s)
{
    struct eki_sim_network *n = s->network;
    enum eki_error error = begin(s);
    for (uint32_t turn = 1; !error && !is_over(s); turn++) {
        if (!(turn % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        struct eki_sim_entry entry = eki_sim_agenda_take(&n->agenda);
        if (entry.at > s->scenario->stop_s) break;
        measures_until(s, entry.at);
        if (n->stopped) break;
        s->now = entry.at;
        error = play_entry(s, &entry);
        if (!error && n->restores) error = call_team(s);
    }
    return error;
}
