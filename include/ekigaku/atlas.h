/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ATLAS_H
#define EKIGAKU_ATLAS_H
/*
 * The atlas: what was published about real outbreaks, or is known exactly, beside what the simulation gives
 * for it.
 *
 * Journey: each row of a fixed table plays its own scenarios and becomes a struct eki_atlas_row; rows whose
 * model is not built say so and count as such, never as passed.
 *
 *     eki_atlas_run(seed, stop, sink, user);
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

enum eki_atlas_verdict { EKI_ATLAS_INSIDE = 0, EKI_ATLAS_OUTSIDE, EKI_ATLAS_NOT_BUILT };

struct eki_atlas_row {
    const char *id, *what, *unit, *source; /* static; source says where the published value comes from */
    double published, low, high; /* the value and the band in which ours has to lie; published may be NaN */
    double ours, error;          /* error: standard error of ours, 0 when exact */
    enum eki_atlas_verdict verdict;
    const char *note; /* static: a contradiction between sources, or why it is not built; "" without */
};

/* Called for each row, in order, as soon as it is known. Non-zero ends the run. */
typedef int eki_atlas_sink(void *user, const struct eki_atlas_row *row);

/* Plays all rows: some seconds. `stop` may be NULL. EKI_ERROR_STOPPED, EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_atlas_run(uint64_t seed, const volatile int *stop, eki_atlas_sink *sink,
                                          void *user);

/* "inside", "outside", "not built"; "?" outside the list. Static. */
const char *eki_atlas_verdict_name(enum eki_atlas_verdict verdict);

#pragma GCC visibility pop

#endif
