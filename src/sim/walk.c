/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "sim/local.h"

static const double all_addresses = 4294967296.0;

/* A keyed permutation of the 32-bit numbers: the finaliser of MurmurHash3 (Appleby 2011), each step of which
 * can be undone, between two keys. */
static uint32_t permuted(uint32_t x, uint64_t key)
{
    x ^= (uint32_t)key;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16 ^ (uint32_t)(key >> 32);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static enum eki_error make_order(const struct eki_scenario *scenario, const struct eki_sim_local *local,
                                 struct eki_sim_walk *w)
{
    uint64_t *both = eki_allocate(scenario->hosts, sizeof *both); /* point, host */
    if (!both) return EKI_ERROR_MEMORY;
    uint64_t key = eki_hash_two(scenario->hash, 1, 2);
    for (uint32_t i = 0; i < scenario->hosts; i++) {
        uint32_t address = eki_sim_local_address(local, i);
        both[i] = (uint64_t)(scenario->malware.ascending ? address : permuted(address, key)) << 32 | i;
    }
    qsort(both, scenario->hosts, sizeof *both, by_number);
    for (uint32_t i = 0; i < scenario->hosts; i++) {
        w->point[i] = (uint32_t)(both[i] >> 32);
        w->order[i] = (uint32_t)both[i];
        w->place[w->order[i]] = i;
    }
    eki_free(both);
    return EKI_OK;
}

/* The first so many of a random order of the hosts (Fisher and Yates 1938). */
static enum eki_error make_list(const struct eki_scenario *scenario, struct eki_sim_walk *w)
{
    uint32_t *hosts = eki_allocate(scenario->hosts, sizeof *hosts);
    if (!hosts) return EKI_ERROR_MEMORY;
    struct eki_random random = eki_random_from(eki_hash_two(scenario->hash, 2, 2));
    for (uint32_t i = 0; i < scenario->hosts; i++) hosts[i] = i;
    for (uint32_t i = 0; i < scenario->malware.hit_list; i++) {
        uint32_t k = i + (uint32_t)eki_random_below(&random, scenario->hosts - i);
        w->list[i] = hosts[k];
        hosts[k] = hosts[i];
    }
    eki_free(hosts);
    return EKI_OK;
}

enum eki_error eki_sim_walk_init(const struct eki_scenario *scenario, const struct eki_sim_local *local,
                                 struct eki_sim_walk *w)
{
    uint32_t hosts = scenario->hosts;
    w->order = eki_allocate(hosts, sizeof *w->order);
    w->point = eki_allocate(hosts, sizeof *w->point);
    w->place = eki_allocate(hosts, sizeof *w->place);
    w->list = eki_allocate(scenario->malware.hit_list + 1, sizeof *w->list);
    w->walkers = eki_allocate(hosts, sizeof *w->walkers);
    if (!w->order || !w->point || !w->place || !w->list || !w->walkers) return EKI_ERROR_MEMORY;
    enum eki_error error = make_order(scenario, local, w);
    return error ? error : make_list(scenario, w);
}

void eki_sim_walk_done(struct eki_sim_walk *w)
{
    eki_free(w->order);
    eki_free(w->point);
    eki_free(w->place);
    eki_free(w->list);
    eki_free(w->walkers);
    eki_sim_agenda_done(&w->agenda);
}

void eki_sim_walk_reset(struct eki_sim_walk *w, const struct eki_scenario *scenario)
{
    memset(w->walkers, 0, scenario->hosts * sizeof *w->walkers);
    eki_sim_agenda_clear(&w->agenda);
    w->probes = 0;
}

void eki_sim_walk_halve(struct eki_sim_walk *w, uint32_t host, uint32_t child)
{
    struct eki_sim_walker *mine = &w->walkers[host], *its = &w->walkers[child];
    uint32_t middle = mine->from + (mine->to - mine->from + 1) / 2;
    *its = (struct eki_sim_walker){.from = middle, .to = mine->to};
    mine->to = middle;
}

/* The place of the first host at or behind a point; the order is a ring. */
static uint32_t successor(const struct eki_sim_walk *w, uint32_t hosts, uint32_t point)
{
    uint32_t low = 0, high = hosts;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (w->point[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low == hosts ? 0 : low;
}

/* An attempt that ends after so many probes of this host. */
static enum eki_error add(struct eki_sim_walk *w, const struct eki_simulator *s, uint32_t host, double probes)
{
    struct eki_sim_entry entry = {.at = w->probes + probes, .host = host, .position = s->position[host]};
    return eki_sim_agenda_add(&w->agenda, entry);
}

/* A random point; ascending walks begin at the first address of a /24 (Blaster: near itself with some
 * probability, then up to 19 /24 lower when its third byte is above 20; Symantec 2003). */
static uint32_t start_of(const struct eki_sim_walk *w, struct eki_simulator *s, uint32_t host)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    uint32_t start = (uint32_t)eki_random_next(&s->random);
    if (!m->ascending) return start;
    if (eki_random_unit(&s->random) >= m->start_near) return start & 0xffffff00u;
    uint32_t own = w->point[w->place[host]] & 0xffffff00u;
    return (own >> 8 & 0xff) > 20 ? own - ((uint32_t)eki_random_below(&s->random, 20) << 8) : own;
}

enum eki_error eki_sim_walk_begin(struct eki_sim_walk *w, struct eki_simulator *s, uint32_t host, bool behind)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_walker *walker = &w->walkers[host];
    if (walker->from < walker->to) return add(w, s, host, m->hit_list_s * m->rate_per_s);
    if (m->permutation <= 0) return EKI_OK;
    if (behind && !m->ascending) {
        walker->next = w->place[host];
        return eki_sim_walk_on(w, s, host);
    }
    uint32_t start = start_of(w, s, host);
    walker->next = successor(w, s->scenario->hosts, start);
    double probes = (double)(uint32_t)(w->point[walker->next] - start) + 1;
    return add(w, s, host, probes / m->permutation);
}

enum eki_error eki_sim_walk_on(struct eki_sim_walk *w, struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_walker *walker = &w->walkers[host];
    uint32_t from = w->point[walker->next];
    walker->next = walker->next + 1 == s->scenario->hosts ? 0 : walker->next + 1;
    uint32_t gap = w->point[walker->next] - from;
    return add(w, s, host, (gap ? (double)gap : all_addresses) / s->scenario->malware.permutation);
}
