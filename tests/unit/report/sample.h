/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SAMPLE_H
#define SAMPLE_H
/* Results built by hand, for the tests of the reports. All memory is in the arena of the sample. */
#include "base/arena.h"
#include "ekigaku/analysis.h"

struct sample {
    struct eki_arena arena;
    struct eki_result result;
};

/* Nothing was read at all. */
struct sample sample_nothing(void);

/* One host in 192.168.20.0/24 searches its own network in order and elsewhere at random; nobody is infected.
 * `origin` is t = 0. */
struct sample sample_scanning(eki_time origin);

/* An outbreak of `infected` hosts, searching included: 192.168.20.162 first, one more every 42 s. Infection i
 * has parent (i - 1) / 3. */
struct sample sample_outbreak(eki_time origin, size_t infected);

/* As sample_outbreak with 3 hosts, with hostile bytes in every text that comes from the input. */
struct sample sample_hostile(void);

void sample_done(struct sample *sample);

#endif
