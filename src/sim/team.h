/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_TEAM_H
#define EKI_SIM_TEAM_H
/*
 * Those who restore: one host after the other, the longest infected first, each as long as a day holds of
 * them (a queue with one server and constant service). The engine silences a host when work on it begins and
 * calls what is below whenever a host falls or is given back.
 */
#include <math.h>
#include <stdbool.h>

#include "sim/agenda.h"
#include "sim/simulator.h"

struct eki_sim_team {
    const struct eki_sim_measure *measure; /* NULL: nobody restores */
    uint32_t next;                         /* infections before it are done or under way */
    bool busy, waiting;                    /* at work; called for later */
};

/* What an engine does next for the team. */
enum eki_sim_team_step { EKI_SIM_TEAM_REST, EKI_SIM_TEAM_CALL, EKI_SIM_TEAM_WORK };

/* What the team, if free, does now: rest, be called at *ret_at (kept in `waiting`), or work until *ret_at on
 * the infection at *ret_position. */
static inline enum eki_sim_team_step eki_sim_team_ask(struct eki_sim_team *team,
                                                      const struct eki_simulator *s, double *ret_at,
                                                      uint32_t *ret_position)
{
    if (!team->measure || team->busy || team->waiting) return EKI_SIM_TEAM_REST;
    while (team->next < s->count && s->position[s->infections[team->next].host] != team->next) team->next++;
    if (team->next == s->count) return EKI_SIM_TEAM_REST;
    *ret_position = team->next;
    *ret_at = s->infections[team->next].t + team->measure->after_s;
    team->waiting = *ret_at > s->now;
    if (team->waiting) return EKI_SIM_TEAM_CALL;
    team->busy = true;
    team->next++;
    *ret_at = s->now + 86400 / team->measure->per_day;
    return EKI_SIM_TEAM_WORK;
}

#endif
