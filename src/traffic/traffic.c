/* SPDX-License-Identifier: Apache-2.0 */
/* A scenario becomes a world, and the world a capture. */
#include "ekigaku/traffic.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "traffic/background.h"
#include "traffic/populate.h"
#include "traffic/truth.h"
#include "traffic/worms.h"

#define START         (INT64_C(1494575040) * EKI_SECOND) /* 2017-05-12T07:44:00Z, the morning of WannaCry */
#define CONVERSATIONS 2.0 /* of each client with servers, a minute: what people do meanwhile */
#define MOST_PACKETS  2e7

enum { MOST_HOSTS = 20000 };

/* What the engine plays and the traffic would leave out. */
static bool does_more(const struct eki_scenario *s)
{
    bool more = s->malware.mail_addresses || s->malware.usb_sticks || s->malware.active_s > 0 ||
                s->subnets[0].nat || s->lease_s > 0;
    for (size_t i = 0; i < s->measure_count; i++) more |= s->measures[i].kind == EKI_SIM_RESTORE;
    return more;
}

bool eki_traffic_is_possible(const struct eki_scenario *s, const char **ret_why)
{
    const char *why = NULL;
    if (s->place != EKI_SIM_NETWORK || s->subnet_count != 1)
        why = "traffic is made of one subnet only";
    else if (s->seeds != 1)
        why = "traffic is made of outbreaks with one first host only";
    else if (s->hosts > MOST_HOSTS)
        why = "too many hosts for a capture";
    else if (does_more(s))
        why = "traffic knows no mail, sticks, NAT, leases, reboots and restoring";
    else if (!eki_worm_named(s->malware.name))
        why =
            "no behaviour is known of malware of this name (known: wannacry, notpetya, badrabbit, blaster, slammer, codered1, "
            "codered2, mirai)";
    *ret_why = why;
    return !why;
}

/* Zero means "not told" in a scenario. */
static double told(double value)
{
    return value > 0 ? value : OPTION_UNSET;
}

static struct options options_of(const struct eki_scenario *s, const struct eki_traffic_options *o)
{
    const struct eki_sim_malware *m = &s->malware;
    struct options options = options_none();
    options.out = o->capture;
    options.truth = o->truth;
    options.seed = s->seed;
    options.scenario_hash = s->hash;
    options.loss = o->loss;
    options.sensors = o->sensors ? o->sensors : 1;
    options.no_implant = o->headers_only;
    options.packets = MOST_PACKETS;
    options.rate = told(m->elsewhere_per_s > 0 ? m->elsewhere_per_s : m->rate_per_s);
    options.slots = told(m->slots);
    options.dead_s = told(m->dead_s);
    options.service_s = told(m->service_s);
    options.success = told(m->success);
    options.latency_s = told(m->latency_s);
    return options;
}

/* The hosts of the scenario, servers beside them, and the patient. */
static enum eki_error fill(struct world *world, const struct eki_scenario *s)
{
    const struct eki_sim_subnet *subnet = &s->subnets[0];
    struct eki_simulator *simulator;
    enum eki_error error = eki_simulator_new(s, &simulator);
    if (error) return error;
    world->mask = ~0u << (32 - subnet->bits);
    world->network = (uint32_t)subnet->base.lo;
    world->servers = (world->network ^ 0x00001000u) & 0xffffff00u; /* a /24 beside it */
    world->router = world->network | 1;
    eki_populate_servers(world);
    for (uint32_t i = 0; i < s->hosts; i++) {
        uint32_t address = (uint32_t)eki_simulator_address(simulator, i).lo;
        uint32_t password = subnet->administrators ? subnet->administrators[i] : subnet->administrator;
        uint32_t flags = HOST_SERVICE | (password ? HOST_CREDENTIAL : 0);
        bool weak =
            subnet->patches ? !subnet->patches[i] : eki_random_unit(&world->random) >= subnet->patched;
        bool first = s->seed_hosts ? address == s->seed_hosts[0] : i == 0;
        if (weak || first) flags |= HOST_VULNERABLE;
        uint32_t host = eki_world_add_host(world, address, flags);
        world->infectable +=
            (flags & (HOST_VULNERABLE | (s->malware.credentials ? HOST_CREDENTIAL : 0))) != 0;
        if (first) world->patient_zero = host;
    }
    eki_world_add_host(world, world->router, HOST_SERVER);
    eki_simulator_free(simulator);
    return EKI_OK;
}

static void play(struct world *world)
{
    world->filling = fill(world, world->scenario);
    if (world->filling) return;
    world->worm->populate(world);
    eki_background_start(world, CONVERSATIONS);
    eki_world_run(world);
}

enum eki_error eki_traffic_write(const struct eki_scenario *scenario, const struct eki_traffic_options *o,
                                 struct eki_fault *ret_fault)
{
    const char *why;
    if (!eki_traffic_is_possible(scenario, &why))
        return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 0, "%.150s", why);
    struct options options = options_of(scenario, o);
    struct world *world = eki_allocate(1, sizeof *world);
    if (!world) return EKI_ERROR_MEMORY;
    if (!eki_world_open(world, &options, START)) {
        eki_free(world);
        return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%.100s: %s", o->capture, strerror(errno));
    }
    world->worm = eki_worm_named(scenario->malware.name);
    world->scenario = scenario;
    world->end = START + (eki_time)(scenario->stop_s * 1e9);
    play(world);
    enum eki_error error = world->schedule.failed ? EKI_ERROR_MEMORY : world->filling;
    if (!error && !eki_truth_write(world))
        error = eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%.100s", o->truth);
    if (!eki_world_close(world) && !error)
        error = eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "%.100s", o->capture);
    eki_free(world);
    return error;
}
