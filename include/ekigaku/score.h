/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_SCORE_H
#define EKIGAKU_SCORE_H
/*
 * The score: what an analysis found against what is known to have happened.
 *
 * Journey: a truth (schema "ekigaku.truth/1": written beside simulated traffic, or by hand) and facts (schema
 * "ekigaku.analysis/1") are read as JSON trees, compared host by host, and become a struct eki_score.
 *
 *     struct eki_score score;
 *     eki_score_files("truth.json", "facts.json", &score, &failed_path, &fault);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

enum { EKI_SCORE_BINS = 5, EKI_SCORE_PROBES = 64 /* a strategy is judged from here on */ };

/* Edges whose posterior lies in one interval: a calibrated one is right as often as it says. */
struct eki_score_bin {
    double low, high; /* low <= posterior < high; the last includes 1 */
    uint32_t edges, right;
    double mean; /* posterior */
};

struct eki_score {
    uint32_t hosts_true, hosts_given,
        hosts_right; /* infected; only those that sent anything that was captured */
    uint32_t edges_true, edges_given, edges_right; /* parent -> victim; "from outside" is no edge */
    uint32_t edges_seen,
        seen_right; /* those of which parent and victim met in the capture: others nobody can find */
    bool zero_known, zero_right;       /* patient zero of the largest outbreak */
    uint32_t timed;                    /* infected hosts of the truth with a parent that were found */
    double error_median_s, error_95_s; /* of the times of infection */
    uint32_t sources_true, sources_found, false_alarms;
    uint32_t strategies_judged, strategies_right; /* one for each source and scope with enough probes */
    uint32_t vain, vain_called_infected;          /* attacked in vain */
    double brier; /* mean squared difference between posterior and right or wrong (Brier 1950); NaN without
                     edges */
    struct eki_score_bin bins[EKI_SCORE_BINS];
};

/* Reads and compares both. On an error *ret_path is the one of the two that is to blame. EKI_ERROR_OPEN,
 * _CORRUPT (with line and column), _FORMAT (no such schema), _MEMORY. */
EKI_MUST_USE enum eki_error eki_score_files(const char *truth_path, const char *facts_path,
                                            struct eki_score *ret_score, const char **ret_path,
                                            struct eki_fault *ret_fault);

/* part / whole, and 1 when there was nothing to get right. */
static inline double eki_score_share(uint32_t part, uint32_t whole)
{
    return whole ? (double)part / whole : 1;
}

/* For a person, and for programs (schema "ekigaku.score/1"). EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_score_write_text(const struct eki_score *score, FILE *out);
EKI_MUST_USE enum eki_error eki_score_write_json(const struct eki_score *score, FILE *out);

#pragma GCC visibility pop

#endif
