/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searching with local preference, exactly and without misses. A share of each host's probes goes to
 * addresses that have the first 0, 8, 16 or 24 bits of its own. Hosts with the same bits are a group; the
 * rate of infections by a share is share s q / 2^(32-bits) times the sum over its groups of (active hosts) x
 * (hosts left). The sums are kept in Fenwick trees (Fenwick 1994) of integers, so that no rounding ever adds
 * up; an infection draws share, group, parent and victim.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/clock.h"
#include "sim/local.h"

enum { STOP_CHECK = 1 << 14 };

/* The groups of one share. In `order` the hosts of a group stand together: first those left, then the active
 * ones, then all others. */
struct level {
    double weight; /* share / 2^(32-bits) */
    uint32_t groups;
    uint32_t *start;                 /* of each group in order */
    uint32_t *left, *active;         /* how many of each */
    uint32_t *group, *order, *place; /* of each host: its group, where it stands */
    uint64_t *tree;                  /* Fenwick tree over left x active */
    uint64_t sum;
};

struct eki_sim_local {
    uint32_t hosts;
    uint32_t *addresses; /* ascending */
    uint32_t *position;  /* of a host in the list of infections */
    struct level levels[EKI_SIM_SHARES];
    size_t level_count;
};

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts and drops repeats; returns how many are left. */
static uint32_t make_distinct(uint32_t *addresses, uint32_t count)
{
    uint32_t kept = 0;
    qsort(addresses, count, sizeof *addresses, by_number);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || addresses[kept - 1] != addresses[i]) addresses[kept++] = addresses[i];
    return kept;
}

/* In how many hosts of all: the k-th largest network holds 1/k of what the largest holds (Zipf's law, which
 * populations of Internet prefixes follow roughly); a network of 65,536 addresses is full at that. */
static uint32_t draw_address(struct eki_random *random, const uint32_t *networks, const double *until,
                             uint32_t count)
{
    if (!count) return (uint32_t)eki_random_next(random);
    double at = eki_random_unit(random) * until[count - 1];
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (until[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return networks[low] << 16 | (uint32_t)eki_random_below(random, 1 << 16);
}

static enum eki_error place_hosts(const struct eki_scenario *scenario, struct eki_sim_local *local)
{
    struct eki_random random = eki_random_from(scenario->hash); /* the same population in every run */
    uint32_t count = scenario->networks;
    uint32_t *networks = eki_allocate(count + 1, sizeof *networks);
    double *until = eki_allocate(count + 1, sizeof *until), sum = 0;
    enum eki_error error = networks && until ? EKI_OK : EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < count && !error; i++) {
        networks[i] = (uint32_t)eki_random_below(&random, 1 << 16);
        until[i] = sum += 1.0 / (i + 1);
    }
    uint32_t have = 0;
    for (int round = 0; !error && have < local->hosts; round++) {
        if (round == 64) error = EKI_ERROR_LIMIT; /* the networks cannot hold so many */
        while (!error && have < local->hosts)
            local->addresses[have++] = draw_address(&random, networks, until, count);
        have = make_distinct(local->addresses, have);
    }
    eki_free(networks);
    eki_free(until);
    return error;
}

static uint32_t count_groups(const struct eki_sim_local *local, unsigned shift)
{
    uint32_t groups = 1;
    for (uint32_t i = 1; i < local->hosts; i++)
        groups += shift < 32 && local->addresses[i] >> shift != local->addresses[i - 1] >> shift;
    return groups;
}

static enum eki_error make_level(const struct eki_sim_local *local, struct eki_sim_share share,
                                 struct level *level)
{
    unsigned shift = 32 - share.bits;
    uint32_t hosts = local->hosts;
    level->weight = share.share / exp2(shift);
    level->groups = count_groups(local, shift);
    level->start = eki_allocate(level->groups + 1, sizeof *level->start);
    level->left = eki_allocate(level->groups, sizeof *level->left);
    level->active = eki_allocate(level->groups, sizeof *level->active);
    level->tree = eki_allocate(level->groups + 1, sizeof *level->tree);
    level->group = eki_allocate(hosts, sizeof *level->group);
    level->order = eki_allocate(hosts, sizeof *level->order);
    level->place = eki_allocate(hosts, sizeof *level->place);
    bool whole = level->start && level->left && level->active && level->tree && level->group &&
                 level->order && level->place;
    if (!whole) return EKI_ERROR_MEMORY;
    uint32_t group = 0;
    for (uint32_t i = 0; i < hosts; i++) {
        if (i && shift < 32 && local->addresses[i] >> shift != local->addresses[i - 1] >> shift)
            level->start[++group] = i;
        level->group[i] = group;
    }
    level->start[group + 1] = hosts;
    return EKI_OK;
}

enum eki_error eki_sim_local_new(const struct eki_scenario *scenario, struct eki_sim_local **ret_local)
{
    struct eki_sim_local *local = eki_allocate(1, sizeof *local);
    if (!local) return EKI_ERROR_MEMORY;
    local->hosts = scenario->hosts;
    local->addresses = eki_allocate(local->hosts, sizeof *local->addresses);
    local->position = eki_allocate(local->hosts, sizeof *local->position);
    enum eki_error error = local->addresses && local->position ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error) error = place_hosts(scenario, local);
    for (size_t i = 0; i < scenario->malware.share_count && !error; i++)
        error = make_level(local, scenario->malware.shares[i], &local->levels[local->level_count++]);
    if (error) {
        eki_sim_local_free(local);
        return error;
    }
    *ret_local = local;
    return EKI_OK;
}

void eki_sim_local_free(struct eki_sim_local *local)
{
    if (!local) return;
    for (size_t i = 0; i < local->level_count; i++) {
        struct level *level = &local->levels[i];
        void *blocks[] = {level->start, level->left,  level->active, level->tree,
                          level->group, level->order, level->place};
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) eki_free(blocks[k]);
    }
    eki_free(local->addresses);
    eki_free(local->position);
    eki_free(local);
}

uint32_t eki_sim_local_address(const struct eki_sim_local *local, uint32_t host)
{
    return local->addresses[host];
}

static void reset(struct level *level, uint32_t hosts)
{
    for (uint32_t i = 0; i < hosts; i++) level->order[i] = level->place[i] = i;
    for (uint32_t g = 0; g < level->groups; g++) {
        level->left[g] = level->start[g + 1] - level->start[g];
        level->active[g] = 0;
    }
    memset(level->tree, 0, (level->groups + 1) * sizeof *level->tree);
    level->sum = 0;
}

/* Adds (modulo 2^64, so that less can be added as well) to the weight of a group. */
static void add_weight(struct level *level, uint32_t group, uint64_t change)
{
    level->sum += change;
    for (uint32_t i = group + 1; i <= level->groups; i += i & -i) level->tree[i] += change;
}

/* The group in which the running sum of weights passes `at`. */
static uint32_t find_group(const struct level *level, uint64_t at)
{
    uint32_t position = 0;
    for (uint32_t step = 1u << (31 - __builtin_clz(level->groups)); step; step /= 2)
        if (position + step <= level->groups && level->tree[position + step] <= at) {
            position += step;
            at -= level->tree[position];
        }
    return position;
}

static void swap_places(struct level *level, uint32_t host, uint32_t to)
{
    uint32_t from = level->place[host], other = level->order[to];
    level->order[from] = other, level->place[other] = from;
    level->order[to] = host, level->place[host] = to;
}

void eki_sim_local_reset(struct eki_sim_local *local)
{
    for (size_t i = 0; i < local->level_count; i++) reset(&local->levels[i], local->hosts);
}

bool eki_sim_local_is_left(const struct eki_sim_local *local, uint32_t host)
{
    const struct level *level = &local->levels[0];
    uint32_t g = level->group[host];
    return level->place[host] < level->start[g] + level->left[g];
}

/* From left to other, and back, by way of active. */
void eki_sim_local_move(struct eki_sim_local *local, uint32_t host, enum eki_sim_zone from,
                        enum eki_sim_zone to)
{
    for (size_t i = 0; i < local->level_count; i++) {
        struct level *level = &local->levels[i];
        uint32_t g = level->group[host], *left = &level->left[g], *active = &level->active[g];
        uint64_t before = (uint64_t)*left * *active;
        if (from == EKI_SIM_LEFT) {
            swap_places(level, host, level->start[g] + --*left);
            ++*active;
        }
        if (from == EKI_SIM_OTHER) swap_places(level, host, level->start[g] + *left + (*active)++);
        if (to == EKI_SIM_OTHER) swap_places(level, host, level->start[g] + *left + --*active);
        if (to == EKI_SIM_LEFT) {
            swap_places(level, host, level->start[g] + (*left)++);
            --*active;
        }
        add_weight(level, g, (uint64_t)*left * *active - before);
    }
}

static void infect(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    s->local->position[host] = s->count;
    eki_sim_infect(s, host, parent);
    eki_sim_local_move(s->local, host, EKI_SIM_LEFT, EKI_SIM_OTHER);
}

static void patch(struct eki_simulator *s, double share)
{
    for (uint32_t h = 0; h < s->local->hosts; h++) {
        if (eki_sim_local_is_left(s->local, h) && eki_random_unit(&s->random) < share)
            eki_sim_local_move(s->local, h, EKI_SIM_LEFT, EKI_SIM_OTHER);
    }
}

static void move_window(struct eki_simulator *s, struct eki_sim_clock *clock)
{
    while (eki_sim_clock_wakes(clock, s))
        eki_sim_local_move(s->local, s->infections[clock->tail++].host, EKI_SIM_OTHER, EKI_SIM_ACTIVE);
    while (eki_sim_clock_silences(clock, s))
        eki_sim_local_move(s->local, s->infections[clock->head++].host, EKI_SIM_ACTIVE, EKI_SIM_OTHER);
}

double eki_sim_local_weight(const struct eki_sim_local *local)
{
    double weight = 0;
    for (size_t i = 0; i < local->level_count; i++)
        weight += local->levels[i].weight * (double)local->levels[i].sum;
    return weight;
}

void eki_sim_local_draw(struct eki_simulator *s, uint32_t *ret_victim, uint32_t *ret_source)
{
    struct eki_sim_local *local = s->local;
    double at = eki_random_unit(&s->random) * eki_sim_local_weight(local);
    size_t i = 0;
    while (i + 1 < local->level_count && (at -= local->levels[i].weight * (double)local->levels[i].sum) >= 0)
        i++;
    while (!local->levels[i].sum) i--; /* rounding took it past the last */
    const struct level *level = &local->levels[i];
    uint32_t g = find_group(level, eki_random_below(&s->random, level->sum));
    uint32_t first = level->start[g], left = level->left[g];
    *ret_victim = level->order[first + (uint32_t)eki_random_below(&s->random, left)];
    *ret_source = level->order[first + left + (uint32_t)eki_random_below(&s->random, level->active[g])];
}

enum eki_error eki_sim_play_local(struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_local *local = s->local;
    struct eki_sim_clock clock = eki_sim_clock_start(scenario);
    eki_sim_local_reset(local);
    while (s->count < scenario->seeds) {
        uint32_t host = (uint32_t)eki_random_below(&s->random, local->hosts);
        if (eki_sim_local_is_left(local, host)) infect(s, host, EKI_SIM_SEED);
    }
    for (uint32_t turn = 1; s->now < scenario->stop_s; turn++) {
        if (!(turn % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        eki_sim_clock_advance(&clock, s);
        if (clock.patch > 0) patch(s, clock.patch), clock.patch = 0;
        move_window(s, &clock);
        double next = eki_sim_clock_next(&clock, s), rate = eki_sim_clock_rate(&clock, scenario);
        double weight = eki_sim_local_weight(local);
        uint32_t active = clock.tail - clock.head;
        double each = active ? rate / active * (1 - clock.dropped) * scenario->malware.success : 0;
        double wait = weight * each > 0 ? eki_sim_wait(s, weight * each) : INFINITY;
        bool infects = s->now + wait < next;
        if (!infects) wait = next - s->now;
        if (isinf(wait)) break;
        s->now += wait;
        s->probes += rate * wait * eki_sim_clock_sent(&clock);
        if (infects) {
            uint32_t victim, parent;
            eki_sim_local_draw(s, &victim, &parent);
            if (!eki_sim_clock_skips(&clock, s, parent)) infect(s, victim, local->position[parent]);
        }
        if (s->count == scenario->hosts) break;
    }
    return EKI_OK;
}
