/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ATLAS_WORLDS_H
#define EKI_ATLAS_WORLDS_H
/*
 * The outbreaks behind the rows of the atlas. Ensembles that several rows look at are played once, when the
 * first one asks.
 */
#include "ekigaku/simulation.h"

struct eki_atlas_value {
    double mean, error; /* error: standard error; 0 when there is none */
};

enum eki_atlas_world {
    EKI_ATLAS_SLAMMER,
    EKI_ATLAS_PLAIN,
    EKI_ATLAS_CODERED,
    EKI_ATLAS_MIRAI,
    EKI_ATLAS_QUOTA,
    EKI_ATLAS_WORLDS
};

struct eki_atlas_play {
    uint64_t seed;
    const volatile int *stop;
    struct eki_ensemble **ensembles; /* of each world; NULL until it was played */
};

/* Room for the ensembles; pair with eki_atlas_worlds_free. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_atlas_worlds_new(struct eki_atlas_play *play);
/* Frees what was played. */
void eki_atlas_worlds_free(struct eki_atlas_play *play);

/* Uniform searching from one host, without latency and limits, and with the seed of the atlas. */
struct eki_scenario eki_atlas_internet(const struct eki_atlas_play *play, uint32_t hosts, double rate,
                                       uint32_t runs);

/* A figure of one run. */
typedef double eki_atlas_figure(const struct eki_sim_outcome *outcome);

/* Plays a scenario; mean of a figure over its runs, and standard error. EKI_ERROR_MEMORY, EKI_ERROR_STOPPED.
 */
EKI_MUST_USE enum eki_error eki_atlas_mean(const struct eki_atlas_play *play, const struct eki_scenario *s,
                                           eki_atlas_figure *of, struct eki_atlas_value *ret_value);

/* One for each row, named after it; see atlas.c for what each measures. All: EKI_ERROR_MEMORY,
 * EKI_ERROR_STOPPED. */
typedef enum eki_error eki_atlas_measure(const struct eki_atlas_play *play,
                                         struct eki_atlas_value *ret_value);
eki_atlas_measure eki_atlas_slammer_doubling, eki_atlas_slammer_full, eki_atlas_slammer_90,
    eki_atlas_plain_50, eki_atlas_plain_90, eki_atlas_plain_all, eki_atlas_codered_50, eki_atlas_codered_90,
    eki_atlas_codered_99, eki_atlas_codered_peak, eki_atlas_codered2_near, eki_atlas_codered2_nearest,
    eki_atlas_nimda_nearest, eki_atlas_witty, eki_atlas_mirai_20h, eki_atlas_mirai_doubling,
    eki_atlas_wannacry_pass, eki_atlas_wannacry_far, eki_atlas_lan_6, eki_atlas_lan_124,
    eki_atlas_notpetya_pass, eki_atlas_password, eki_atlas_no_password, eki_atlas_childless, eki_atlas_depth,
    eki_atlas_probes, eki_atlas_contained, eki_atlas_contained_share, eki_atlas_isolated, eki_atlas_reference,
    eki_atlas_read_again, eki_atlas_limited, eki_atlas_scaled, eki_atlas_removed, eki_atlas_mailed,
    eki_atlas_aawp, eki_atlas_restored, eki_atlas_two_factor, eki_atlas_two_factor_most, eki_atlas_recent,
    eki_atlas_cohort, eki_atlas_growth, eki_atlas_nimda_sources;

#endif
