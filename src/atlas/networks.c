/* SPDX-License-Identifier: Apache-2.0 */
/* Rows on one network: the lecture's measurements, from one set of figures for each worm. */
#include <math.h>

#include "atlas/worlds.h"

static const struct eki_sim_malware wannacry = {.name = "wannacry",
                                                .success = .6,
                                                .latency_s = 20,
                                                .slots = 10,
                                                .dead_s = 1.18,
                                                .service_s = 135,
                                                .exploit = true,
                                                .elsewhere_per_s = 26.7},
                                    notpetya = {.name = "notpetya",
                                                .success = .6,
                                                .latency_s = 45,
                                                .slots = 1,
                                                .dead_s = 3.54,
                                                .service_s = 8,
                                                .peers = 4,
                                                .peers_every_s = 180,
                                                .exploit = true,
                                                .credentials = true};

static struct eki_sim_subnet office(uint32_t hosts)
{
    return (struct eki_sim_subnet){
        .name = "office", .base = eki_address_v4(0xc0a81400), .bits = 24, .hosts = hosts};
}

static struct eki_scenario network(const struct eki_atlas_play *play, struct eki_sim_subnet *subnet,
                                   const struct eki_sim_malware *malware, uint32_t runs)
{
    return (struct eki_scenario){.name = "atlas",
                                 .place = EKI_SIM_NETWORK,
                                 .hosts = subnet->hosts,
                                 .subnets = subnet,
                                 .subnet_count = 1,
                                 .seeds = 1,
                                 .runs = runs,
                                 .stop_s = 36000,
                                 .seed = play->seed,
                                 .hash = 5,
                                 .malware = *malware};
}

struct sums {
    double all_s, infected, probes, end_s;
};

static enum eki_error play_network(const struct eki_atlas_play *play, const struct eki_scenario *s,
                                   struct sums *ret_means)
{
    struct eki_ensemble *e = NULL;
    struct eki_ensemble_options options = {.threads = 2, .stop = play->stop};
    enum eki_error error = eki_ensemble_run(s, &options, &e);
    struct sums sums = {0};
    for (uint32_t i = 0; !error && i < e->runs; i++) {
        const struct eki_sim_outcome *o = &e->outcomes[i];
        sums.all_s += o->reached_s[100] / e->runs;
        sums.infected += (double)o->infected / e->runs;
        sums.probes += o->probes / e->runs;
        sums.end_s += o->end_s / e->runs;
    }
    eki_ensemble_free(e);
    *ret_means = sums;
    return error;
}

/* How long a pass over 254 addresses takes where nobody else can fall. */
static enum eki_error pass(const struct eki_atlas_play *play, const struct eki_sim_malware *malware,
                           struct eki_atlas_value *ret_value)
{
    struct eki_sim_malware alone = *malware;
    struct eki_sim_subnet subnet = office(2);
    struct sums means;
    alone.peers = 0;
    alone.latency_s = 0;
    alone.success = 0;
    struct eki_scenario s = network(play, &subnet, &alone, 1);
    s.malware.service_s = s.malware.dead_s; /* the other one never falls (success 0) */
    s.malware.credentials = false;
    s.stop_s = 20000;
    enum eki_error error = play_network(play, &s, &means);
    ret_value->mean = 254 * means.end_s / means.probes;
    return error;
}

enum eki_error eki_atlas_wannacry_pass(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    return pass(play, &wannacry, ret_value);
}

enum eki_error eki_atlas_notpetya_pass(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    return pass(play, &notpetya, ret_value);
}

enum eki_error eki_atlas_wannacry_far(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    (void)play;
    ret_value->mean = wannacry.elsewhere_per_s * 300;
    return EKI_OK;
}

static enum eki_error all_infected(const struct eki_atlas_play *play, struct eki_sim_subnet *subnet,
                                   uint32_t runs, struct eki_atlas_value *ret_value)
{
    struct eki_scenario s = network(play, subnet, &wannacry, runs);
    uint32_t first = 0xc0a81400 | 161;
    struct sums means;
    if (subnet->listed) s.seed_hosts = &first;
    enum eki_error error = play_network(play, &s, &means);
    ret_value->mean = means.all_s;
    return error;
}

enum eki_error eki_atlas_lan_6(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    uint32_t listed[] = {161, 30, 90, 120, 162, 190, 230};
    struct eki_sim_subnet subnet = office(7);
    for (int i = 0; i < 7; i++) listed[i] |= 0xc0a81400;
    subnet.listed = listed;
    return all_infected(play, &subnet, 400, ret_value);
}

enum eki_error eki_atlas_lan_124(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_sim_subnet subnet = office(124);
    return all_infected(play, &subnet, 20, ret_value);
}

static enum eki_error patched(const struct eki_atlas_play *play, uint32_t administrator, double *ret_infected)
{
    struct eki_sim_subnet subnet = office(100);
    struct sums means;
    subnet.patched = 1;
    subnet.administrator = administrator;
    struct eki_scenario s = network(play, &subnet, &notpetya, 10);
    enum eki_error error = play_network(play, &s, &means);
    *ret_infected = means.infected;
    return error;
}

enum eki_error eki_atlas_password(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    enum eki_error error = patched(play, 1, &ret_value->mean);
    ret_value->mean /= 100;
    return error;
}

enum eki_error eki_atlas_no_password(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    return patched(play, 0, &ret_value->mean);
}

/* A host whose own subnet is empty, and one that it knows in another; half of the attempts fail, so that the
 * time of the infection is some readings of the list after the first. */
enum eki_error eki_atlas_read_again(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value)
{
    struct eki_sim_subnet subnets[] = {office(1), office(1)};
    struct eki_sim_reach reach = {0, 1};
    subnets[1].base = eki_address_v4(0xc0a81500);
    struct eki_scenario s = network(play, subnets, &notpetya, 400);
    s.hosts = s.subnet_count = 2;
    s.reach = &reach;
    s.reach_count = 1;
    s.malware.peers = 1;
    s.hash = 7; /* with which the one that is known is the other host, not the first itself */
    s.malware.success = .5;
    s.malware.latency_s = 0;
    s.malware.dead_s = .01;
    struct eki_ensemble *e = NULL;
    struct eki_ensemble_options options = {.threads = 2, .stop = play->stop};
    double sum = 0, count = 0;
    enum eki_error error = eki_ensemble_run(&s, &options, &e);
    for (uint32_t i = 0; !error && i < e->runs; i++) {
        double t = e->outcomes[i].reached_s[100] - s.malware.service_s, times = round(t / 180);
        if (isinf(t) || times < 1) continue;
        sum += t / times;
        count++;
    }
    eki_ensemble_free(e);
    ret_value->mean = sum / count;
    return error;
}
