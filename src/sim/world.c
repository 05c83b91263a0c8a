/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Internet with all that needs more than rates: a hit list, a walk through a permutation, hosts that fall
 * more or less easily, hosts that are restored and fall again. Four kinds of things happen, and the earliest
 * is played:
 *
 *     a hit at random    exponential, from the weights of local.c; where hosts fall less easily it is
 * accepted with their factor, which is exact thinning (Lewis and Shedler 1979) a walker's next    walk.c:
 * counted in probes, turned into seconds at the pace of now the agenda         a host wakes or falls silent,
 * one is restored a change of rates  a measure, the hour, the end
 *
 * After each the exponential is drawn again, which is exact because it has no memory.
 */
#include "sim/world.h"

#include <math.h>

#include "base/hash.h"
#include "base/memory.h"
#include "sim/local.h"

enum { STOP_CHECK = 1 << 12 };

enum eki_error eki_sim_world_new(const struct eki_simulator *s, struct eki_sim_world **ret_world)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_world *w = eki_allocate(1, sizeof *w);
    if (!w) return EKI_ERROR_MEMORY;
    w->guests = eki_allocate(scenario->hosts, sizeof *w->guests);
    enum eki_error error = w->guests ? eki_sim_walk_init(scenario, s->local, &w->walk) : EKI_ERROR_MEMORY;
    if (!error) error = eki_sim_routes_init(scenario, &w->routes);
    if (error) {
        eki_sim_world_free(w);
        return error;
    }
    *ret_world = w;
    return EKI_OK;
}

void eki_sim_world_free(struct eki_sim_world *w)
{
    if (!w) return;
    eki_sim_walk_done(&w->walk);
    eki_sim_routes_done(&w->routes);
    eki_sim_agenda_done(&w->agenda);
    eki_free(w->guests);
    eki_free(w);
}

static enum eki_error note(struct eki_simulator *s, enum eki_sim_world_kind kind, double at, uint32_t host)
{
    struct eki_sim_entry entry = {.at = at, .host = host, .kind = kind, .position = s->position[host]};
    return isinf(at) ? EKI_OK : eki_sim_agenda_add(&s->world->agenda, entry);
}

/* Which group a host is of: by the first bits of its address, the same in every run. */
static double factor_of(const struct eki_simulator *s, uint32_t host)
{
    const struct eki_scenario *scenario = s->scenario;
    if (!scenario->group_count) return 1;
    uint64_t key = scenario->group_bits ? eki_sim_local_address(s->local, host) >> (32 - scenario->group_bits)
                                        : (uint64_t)host | (uint64_t)1 << 32;
    double at = (double)(eki_hash_two(key, scenario->hash, 3) >> 11) * 0x1p-53;
    size_t i = 0;
    while (i + 1 < scenario->group_count && (at -= scenario->groups[i].share) >= 0) i++;
    return scenario->groups[i].factor;
}

static enum eki_error fall(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    struct eki_sim_world *w = s->world;
    struct eki_sim_guest *guest = &w->guests[host];
    s->again += guest->fell;
    guest->fell = true;
    guest->silent = guest->awake = false;
    w->infected++;
    if (eki_sim_local_is_left(s->local, host)) {
        eki_sim_local_move(s->local, host, EKI_SIM_LEFT, EKI_SIM_OTHER);
        w->left--;
    }
    enum eki_error error = eki_sim_infect_again(s, host, parent);
    if (!error) error = note(s, EKI_SIM_SILENCE, eki_sim_clock_silent_at(&w->clock, s->now), host);
    return error ? error : note(s, EKI_SIM_WAKE, s->now + s->scenario->malware.latency_s, host);
}

/* By a probe, not by the list. */
static enum eki_error fall_to_probe(struct eki_simulator *s, uint32_t host, uint32_t parent)
{
    s->world->walk.walkers[host] = (struct eki_sim_walker){0};
    s->world->guests[host].listed = false;
    return fall(s, host, parent);
}

/* Random probes beside the walk, once the list is done. */
static void probe_at_random(struct eki_simulator *s, uint32_t host)
{
    if (s->scenario->malware.permutation < 1)
        eki_sim_local_move(s->local, host, EKI_SIM_OTHER, EKI_SIM_ACTIVE);
    s->world->guests[host].random = s->scenario->malware.permutation < 1;
}

static enum eki_error wake(struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_world *w = s->world;
    struct eki_sim_guest *guest = &w->guests[host];
    const struct eki_sim_walker *walker = &w->walk.walkers[host];
    if (guest->silent || w->clock.stopped) return EKI_OK;
    guest->awake = true;
    w->active++;
    if (walker->from == walker->to) probe_at_random(s, host);
    enum eki_error error = eki_sim_routes_mail(s, &w->agenda, EKI_SIM_MAIL, host);
    return error ? error : eki_sim_walk_begin(&w->walk, s, host, guest->listed);
}

/* Sends nothing any more; a walker's entry is void from here on. */
static void rest(struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_guest *guest = &s->world->guests[host];
    if (guest->random) eki_sim_local_move(s->local, host, EKI_SIM_ACTIVE, EKI_SIM_OTHER);
    s->world->active -= guest->awake;
    guest->awake = guest->random = false;
}

static void silence(struct eki_simulator *s, uint32_t host)
{
    rest(s, host);
    s->world->guests[host].silent = true; /* and does not answer either */
}

static enum eki_error call_team(struct eki_simulator *s)
{
    struct eki_sim_world *w = s->world;
    double at;
    uint32_t position;
    enum eki_sim_team_step step = eki_sim_team_ask(&w->team, s, &at, &position);
    if (step == EKI_SIM_TEAM_REST) return EKI_OK;
    uint32_t host = s->infections[position].host;
    if (step == EKI_SIM_TEAM_WORK) silence(s, host);
    return note(s, step == EKI_SIM_TEAM_WORK ? EKI_SIM_RESTORED : EKI_SIM_CALL, at, host);
}

static void restore(struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_world *w = s->world;
    w->team.busy = false;
    w->infected--;
    s->position[host] = EKI_SIM_SEED;
    s->restored++;
    s->restored_s = s->now;
    bool patched = eki_random_unit(&s->random) < w->team.measure->share;
    if (patched || w->guests[host].hidden) return; /* stays among the others */
    eki_sim_local_move(s->local, host, EKI_SIM_OTHER, EKI_SIM_ACTIVE);
    eki_sim_local_move(s->local, host, EKI_SIM_ACTIVE, EKI_SIM_LEFT);
    w->left++;
}

static enum eki_error open_mail(struct eki_simulator *s, const struct eki_sim_entry *entry)
{
    if (s->position[entry->target] != EKI_SIM_SEED) return EKI_OK;
    s->by_mail++;
    return fall_to_probe(s, (uint32_t)entry->target, entry->position);
}

static enum eki_error carry_stick(struct eki_simulator *s)
{
    uint32_t host, parent;
    struct eki_sim_world *w = s->world;
    bool falls = eki_sim_routes_visit(s, &w->routes, &host, &parent);
    enum eki_error error = falls ? fall_to_probe(s, host, parent) : EKI_OK;
    return error ? error : eki_sim_routes_carry(s, &w->agenda, EKI_SIM_VISIT);
}

static enum eki_error play_entry(struct eki_simulator *s)
{
    struct eki_sim_world *w = s->world;
    struct eki_sim_entry entry = eki_sim_agenda_take(&w->agenda);
    s->now = fmax(s->now, entry.at);
    if (entry.kind == EKI_SIM_MAIL) return open_mail(s, &entry);
    if (entry.kind == EKI_SIM_VISIT) return carry_stick(s);
    if (entry.kind == EKI_SIM_CALL) w->team.waiting = false;
    if (entry.position != s->position[entry.host]) return EKI_OK; /* restored since then */
    switch ((enum eki_sim_world_kind)entry.kind) {
    case EKI_SIM_WAKE: return wake(s, entry.host);
    case EKI_SIM_SILENCE: silence(s, entry.host); break;
    case EKI_SIM_RESTORED: restore(s, entry.host); break;
    case EKI_SIM_CALL:
    case EKI_SIM_MAIL:
    case EKI_SIM_VISIT: break;
    }
    return EKI_OK;
}

/* Whether a probe that reaches a host makes it fall. */
static bool succeeds(struct eki_simulator *s, uint32_t host)
{
    const struct eki_sim_world *w = s->world;
    if (!eki_sim_local_is_left(s->local, host)) return false;
    double chance = s->scenario->malware.success * w->guests[host].factor * (1 - w->clock.dropped);
    return eki_random_unit(&s->random) < chance;
}

/* The next of the list: gone through whether it falls or not. */
static enum eki_error try_list(struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_walk *walk = &s->world->walk;
    struct eki_sim_walker *walker = &walk->walkers[host];
    uint32_t target = walk->list[walker->from++];
    enum eki_error error = EKI_OK;
    if (succeeds(s, target)) {
        eki_sim_walk_halve(walk, host, target);
        s->world->guests[target].listed = true;
        error = fall(s, target, s->position[host]);
    }
    if (error) return error;
    if (walker->from == walker->to) probe_at_random(s, host);
    return eki_sim_walk_begin(walk, s, host, true);
}

static enum eki_error try_walk(struct eki_simulator *s, uint32_t host)
{
    struct eki_sim_world *w = s->world;
    struct eki_sim_walker *walker = &w->walk.walkers[host];
    uint32_t target = w->walk.order[walker->next];
    bool answers =
        !s->scenario->malware.ascending && s->position[target] != EKI_SIM_SEED && !w->guests[target].silent;
    if (answers && eki_random_unit(&s->random) >= w->clock.dropped) {
        walker->met++;
        bool halts = s->scenario->malware.halt_after && walker->met >= s->scenario->malware.halt_after;
        if (halts && !w->guests[host].random) rest(s, host);
        return halts ? EKI_OK : eki_sim_walk_begin(&w->walk, s, host, false);
    }
    enum eki_error error = EKI_OK;
    if (succeeds(s, target)) {
        walker->met = 0;
        error = fall_to_probe(s, target, s->position[host]);
    }
    return error ? error : eki_sim_walk_on(&w->walk, s, host);
}

static enum eki_error play_walker(struct eki_simulator *s)
{
    struct eki_sim_world *w = s->world;
    struct eki_sim_entry entry = eki_sim_agenda_take(&w->walk.agenda);
    const struct eki_sim_walker *walker = &w->walk.walkers[entry.host];
    w->walk.probes = fmax(w->walk.probes, entry.at);
    if (entry.position != s->position[entry.host] || !w->guests[entry.host].awake) return EKI_OK;
    return walker->from < walker->to ? try_list(s, entry.host) : try_walk(s, entry.host);
}

static enum eki_error hit(struct eki_simulator *s)
{
    uint32_t victim, source;
    eki_sim_local_draw(s, &victim, &source);
    if (eki_random_unit(&s->random) * s->world->highest >= s->world->guests[victim].factor) return EKI_OK;
    if (eki_sim_clock_skips(&s->world->clock, s, source)) return EKI_OK;
    return fall_to_probe(s, victim, s->position[source]);
}

static void patch(struct eki_simulator *s)
{
    struct eki_sim_world *w = s->world;
    for (uint32_t i = 0; i < s->scenario->hosts && w->clock.patch > 0; i++) {
        if (!eki_sim_local_is_left(s->local, i) || eki_random_unit(&s->random) >= w->clock.patch) continue;
        eki_sim_local_move(s->local, i, EKI_SIM_LEFT, EKI_SIM_OTHER);
        w->left--;
    }
    w->clock.patch = 0;
}

/* Brings measures up to now: hosts are patched, isolated, stopped, the team begins. */
static enum eki_error change(struct eki_simulator *s)
{
    struct eki_sim_world *w = s->world;
    double from = w->clock.isolate_from, after = w->clock.isolate_after;
    bool stopped = w->clock.stopped;
    eki_sim_clock_advance(&w->clock, s);
    patch(s);
    w->team.measure = w->clock.restore;
    bool isolates = from != w->clock.isolate_from || after != w->clock.isolate_after;
    if (!isolates && stopped == w->clock.stopped) return EKI_OK;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t host = s->infections[i].host;
        if (s->position[host] != i) continue;
        if (w->clock.stopped) rest(s, host);
        double at = eki_sim_clock_silent_at(&w->clock, s->infections[i].t);
        enum eki_error error = isolates ? note(s, EKI_SIM_SILENCE, fmax(at, s->now), host) : EKI_OK;
        if (error) return error;
    }
    return EKI_OK;
}

static enum eki_error begin(struct eki_simulator *s)
{
    const struct eki_scenario *scenario = s->scenario;
    struct eki_sim_world *w = s->world;
    w->clock = eki_sim_clock_start(scenario);
    w->team = (struct eki_sim_team){0};
    w->left = scenario->hosts;
    w->infected = w->active = 0;
    w->highest = 0;
    eki_sim_agenda_clear(&w->agenda);
    eki_sim_local_reset(s->local);
    eki_sim_walk_reset(&w->walk, scenario);
    for (uint32_t i = 0; i < scenario->hosts; i++) {
        w->guests[i] = (struct eki_sim_guest){.factor = (float)factor_of(s, i)};
        w->highest = fmax(w->highest, w->guests[i].factor);
        w->guests[i].hidden = w->guests[i].factor <= 0 || eki_sim_draw_for(s, i, 4) < scenario->nat;
        if (!w->guests[i].hidden) continue;
        eki_sim_local_move(s->local, i, EKI_SIM_LEFT, EKI_SIM_OTHER); /* never falls to a probe */
        w->left--;
    }
    eki_sim_routes_reset(&w->routes, scenario);
    enum eki_error error = eki_sim_routes_carry(s, &w->agenda, EKI_SIM_VISIT);
    w->restores = false;
    for (size_t i = 0; i < scenario->measure_count; i++)
        w->restores |= scenario->measures[i].kind == EKI_SIM_RESTORE;
    for (uint32_t i = 0; i < scenario->seeds && !error;) {
        uint32_t host = (uint32_t)eki_random_below(&s->random, scenario->hosts);
        if (s->position[host] != EKI_SIM_SEED) continue;
        uint64_t list = scenario->malware.hit_list;
        w->walk.walkers[host].from = (uint32_t)(list * i / scenario->seeds);
        w->walk.walkers[host].to = (uint32_t)(list * (i + 1) / scenario->seeds);
        w->guests[host].listed = true; /* "behind its own point" holds of the first hosts too */
        error = fall(s, host, EKI_SIM_SEED);
        i++;
    }
    return error;
}

/* Nothing can change any more. */
static bool is_over(const struct eki_simulator *s)
{
    const struct eki_sim_world *w = s->world;
    if (s->now >= s->scenario->stop_s) return true;
    bool routes = s->scenario->malware.mail_addresses || s->scenario->malware.usb_sticks;
    if (w->restores) return !w->infected && !routes;
    if (routes) return w->infected == s->scenario->hosts || w->clock.stopped || !w->agenda.count;
    return !w->left || w->clock.stopped || (!w->active && !w->agenda.count);
}

/* The earliest of all that can happen. */
static enum eki_error play_next(struct eki_simulator *s)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    struct eki_sim_world *w = s->world;
    double rate = w->clock.stopped ? 0 : eki_sim_clock_rate_of(&w->clock, s->scenario, w->active);
    double pace = w->active ? rate / w->active : 0;
    double hits = eki_sim_local_weight(s->local) * pace * (1 - m->permutation) * (1 - w->clock.dropped) *
                  m->success * w->highest;
    double at_random = hits > 0 ? s->now + eki_sim_wait(s, hits) : INFINITY;
    double noted = eki_sim_agenda_next(&w->agenda), steps = eki_sim_agenda_next(&w->walk.agenda);
    double walked = pace > 0 ? s->now + fmax(0, steps - w->walk.probes) / pace : INFINITY;
    double next =
        fmin(fmin(at_random, walked), fmin(noted, eki_sim_clock_next_change(&w->clock, s->scenario)));
    s->probes += rate * (next - s->now) * eki_sim_clock_sent(&w->clock);
    w->walk.probes += pace * (next - s->now);
    s->now = next;
    if (next == noted) return play_entry(s);
    if (next == walked) return play_walker(s);
    return next == at_random ? hit(s) : EKI_OK;
}

enum eki_error eki_sim_play_world(struct eki_simulator *s)
{
    enum eki_error error = begin(s);
    for (uint32_t turn = 1; !error && !is_over(s); turn++) {
        if (!(turn % STOP_CHECK) && s->stop && *s->stop) return EKI_ERROR_STOPPED;
        error = change(s);
        if (!error) error = call_team(s);
        if (!error) error = play_next(s);
    }
    return error;
}
