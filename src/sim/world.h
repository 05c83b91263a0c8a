/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_WORLD_H
#define EKI_SIM_WORLD_H
/* What world.c keeps of a run. */
#include "sim/clock.h"
#include "sim/routes.h"
#include "sim/team.h"
#include "sim/walk.h"

/* Of a host, beside its zone in local.c and its walker in walk.c. */
struct eki_sim_guest {
    float factor;               /* of the success of attempts on it */
    bool hidden;                /* no probe makes it fall: behind a router, or factor 0 */
    bool fell;                  /* at some time */
    bool listed;                /* fell to the hit list: its walk begins behind its own point */
    bool awake, random, silent; /* sends; sends at random; was taken off the network */
};

enum eki_sim_world_kind {
    EKI_SIM_WAKE,
    EKI_SIM_SILENCE,
    EKI_SIM_RESTORED,
    EKI_SIM_CALL,
    EKI_SIM_MAIL,
    EKI_SIM_VISIT
};

struct eki_sim_world {
    struct eki_sim_guest *guests;
    struct eki_sim_walk walk;
    struct eki_sim_agenda agenda; /* in seconds */
    struct eki_sim_clock clock;
    struct eki_sim_team team;
    struct eki_sim_routes routes;
    uint32_t left, infected, active; /* can fall to a probe; have fallen and are not restored; send */
    double highest;                  /* factor of any host */
    bool restores;                   /* at some time in the scenario */
};

#endif
