/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_CLOCK_H
#define EKI_ANALYSIS_CLOCK_H
/*
 * How far the clocks of sensors are apart, from what several have seen: for each conversation that a sensor
 * and one already aligned both saw begin (same addresses and ports), the difference of the two times; their
 * median, when enough of them agree. The first sensor named is the one whose clock counts.
 */
#include "ekigaku/analysis.h"

enum {
    EKI_CLOCK_SAMPLES = 1 << 16, /* conversations remembered of each sensor */
    EKI_CLOCK_MATCHES = 8        /* at least as many must have been seen by both */
};
/* Half of the differences must lie this near the median. */
#define EKI_CLOCK_AGREES (EKI_SECOND / 2)

/* Sets `offset` and `offset_given` of those sources whose sensor's offset could be estimated, and makes the
 * analysis drop what two sensors tell. Nothing with fewer than two sensors. `stride` is the distance of two
 * sources in bytes; the sensors' names become the same pointer when they are the same text. EKI_ERROR_MEMORY.
 */
EKI_MUST_USE enum eki_error eki_clock_align(struct eki_analysis *analysis,
                                            struct eki_analysis_source *sources, size_t count, size_t stride);

#endif
