/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_OUTBREAK_TRIAL_H
#define TEST_OUTBREAK_TRIAL_H
/* What tests of the tracer begin with: contacts, signs and scanners of hosts in 192.168.20.0/24, by number
 * and seconds; what was found. All calls assert that all went well. */
#include "outbreak/tracer.h"

enum { HOSTS = 16 };

struct trial {
    struct eki_tracer *tracer;
    struct eki_arena arena;
    struct eki_scanner scanners[HOSTS];
    size_t scanner_count;
    const struct eki_outbreak *outbreaks;
    size_t outbreak_count;
    uint64_t id, packet;
};

struct eki_address trial_host(unsigned n);
eki_time trial_at(double seconds);

/* An empty one; pair with trial_done. */
struct trial trial_new(void);
void trial_done(struct trial *t);

/* A conversation on tcp/445; a datagram to TFTP, as of a victim that fetches a program. */
void trial_touch(struct trial *t, unsigned from, unsigned to, double seconds);
void trial_call(struct trial *t, unsigned from, unsigned to, double seconds);
/* A sign on tcp/445, by a program. */
void trial_sign(struct trial *t, unsigned from, unsigned to, double first, double last, enum eki_grade grade);
/* A host searches on tcp/445 from then on. */
void trial_searches(struct trial *t, unsigned n, double since);

/* The first outbreak, or NULL; all are in the trial. */
const struct eki_outbreak *trial_conclude(struct trial *t);
const struct eki_infection *trial_infection(const struct eki_outbreak *outbreak, unsigned n);
void trial_assert_parent(const struct eki_outbreak *outbreak, unsigned child, unsigned parent);
bool trial_is_runner_up(const struct eki_infection *i, unsigned n);

#endif
