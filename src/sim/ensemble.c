/* SPDX-License-Identifier: Apache-2.0 */
/* Many runs on some threads. A run depends on its number alone, so who plays it does not matter. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ekigaku/simulation.h"

enum { MOST_THREADS = 256, FEWEST = 10 };

struct work {
    const struct eki_scenario *scenario;
    const struct eki_ensemble_options *options;
    struct eki_sim_outcome *outcomes;
    bool *finished;
    atomic_uint next;
    atomic_int error;
    pthread_mutex_t lock; /* of the progress */
    uint32_t done;
};

/* The steepest hundredth of all infections, but of some at least: few make any rate. */
static void find_peak(const struct eki_sim_run *run, struct eki_sim_outcome *ret_outcome)
{
    uint32_t some = run->count / 100 > FEWEST ? run->count / 100 : FEWEST, step = some / FEWEST;
    for (uint32_t i = some; i < run->count; i += step) {
        double span = run->infections[i].t - run->infections[i - some].t;
        if (span <= 0 || some / span <= ret_outcome->peak_per_s) continue;
        ret_outcome->peak_per_s = some / span;
        ret_outcome->peak_at_s = run->infections[i].t;
    }
}

/* Where in the list each host stands first: all of the list when none falls twice, as is usual. */
static enum eki_error first_falls(const struct eki_scenario *scenario, const struct eki_sim_run *run,
                                  uint32_t **ret_firsts)
{
    *ret_firsts = NULL;
    if (!run->again) return EKI_OK;
    uint32_t *firsts = eki_allocate(run->count, sizeof *firsts), count = 0;
    bool *seen = eki_allocate(scenario->hosts, sizeof *seen);
    for (uint32_t i = 0; firsts && seen && i < run->count; i++) {
        bool *host = &seen[run->infections[i].host];
        if (!*host) firsts[count++] = i;
        *host = true;
    }
    eki_free(seen);
    *ret_firsts = firsts;
    return firsts && seen ? EKI_OK : EKI_ERROR_MEMORY;
}

static enum eki_error make_outcome(const struct eki_scenario *scenario, const struct eki_sim_run *run,
                                   struct eki_sim_outcome *ret_outcome)
{
    struct eki_sim_outcome outcome = {.probes = run->probes,
                                      .end_s = run->end_s,
                                      .infected = run->count - run->again,
                                      .again = run->again,
                                      .restored = run->restored,
                                      .lost = run->lost,
                                      .by_mail = run->by_mail,
                                      .by_usb = run->by_usb,
                                      .restored_s = run->restored_s};
    uint32_t *firsts;
    enum eki_error error = first_falls(scenario, run, &firsts);
    for (unsigned i = 0; i < EKI_SIM_LEVELS && !error; i++) {
        uint64_t wanted = ((uint64_t)scenario->hosts * i + EKI_SIM_LEVELS - 2) / (EKI_SIM_LEVELS - 1);
        if (wanted <= scenario->seeds) wanted = i ? wanted : scenario->seeds + 1;
        bool there = wanted && wanted <= outcome.infected;
        uint64_t at = there && firsts ? firsts[wanted - 1] : wanted - 1;
        outcome.reached_s[i] = there ? run->infections[at].t : INFINITY;
    }
    eki_free(firsts);
    find_peak(run, &outcome);
    *ret_outcome = outcome;
    return error;
}

static void tell(struct work *work)
{
    if (!work->options->progress) return;
    pthread_mutex_lock(&work->lock);
    work->options->progress(work->options->progress_user, ++work->done, work->scenario->runs);
    pthread_mutex_unlock(&work->lock);
}

static void *play(void *user)
{
    struct work *work = user;
    struct eki_simulator *simulator = NULL;
    enum eki_error error = eki_simulator_new(work->scenario, &simulator);
    while (!error && !atomic_load(&work->error)) {
        uint32_t run = atomic_fetch_add(&work->next, 1);
        if (run >= work->scenario->runs) break;
        struct eki_sim_run result;
        error = eki_simulator_run(simulator, run, work->options->stop, &result);
        if (!error && work->options->stop && *work->options->stop) error = EKI_ERROR_STOPPED;
        if (error) break;
        error = make_outcome(work->scenario, &result, &work->outcomes[run]);
        if (error) break;
        work->finished[run] = true;
        tell(work);
    }
    eki_simulator_free(simulator);
    if (error) atomic_store(&work->error, (int)error);
    return NULL;
}

/* This thread and `threads` - 1 others; fewer when they cannot be had. */
static void play_on(struct work *work, unsigned threads)
{
    pthread_t others[MOST_THREADS];
    unsigned started = 0;
    while (started + 1 < threads && started < MOST_THREADS &&
           !pthread_create(&others[started], NULL, play, work))
        started++;
    play(work);
    for (unsigned i = 0; i < started; i++) pthread_join(others[i], NULL);
}

enum eki_error eki_ensemble_run(const struct eki_scenario *scenario,
                                const struct eki_ensemble_options *options,
                                struct eki_ensemble **ret_ensemble)
{
    struct eki_ensemble *ensemble = eki_allocate(1, sizeof *ensemble);
    struct work work = {.scenario = scenario, .options = options};
    work.outcomes = eki_allocate(scenario->runs, sizeof *work.outcomes);
    work.finished = eki_allocate(scenario->runs, sizeof *work.finished);
    if (!ensemble || !work.outcomes || !work.finished || pthread_mutex_init(&work.lock, NULL)) {
        eki_free(ensemble);
        eki_free(work.outcomes);
        eki_free(work.finished);
        return EKI_ERROR_MEMORY;
    }
    play_on(&work, options->threads);
    pthread_mutex_destroy(&work.lock);
    ensemble->outcomes = work.outcomes;
    ensemble->asked = scenario->runs;
    while (ensemble->runs < scenario->runs && work.finished[ensemble->runs]) ensemble->runs++;
    eki_free(work.finished);
    enum eki_error error = (enum eki_error)atomic_load(&work.error);
    if (error && error != EKI_ERROR_STOPPED) {
        eki_ensemble_free(ensemble);
        return error;
    }
    *ret_ensemble = ensemble;
    return error;
}

void eki_ensemble_free(struct eki_ensemble *ensemble)
{
    if (!ensemble) return;
    eki_free(ensemble->outcomes);
    eki_free(ensemble);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double eki_ensemble_quantile(const struct eki_ensemble *ensemble, unsigned level, double quantile)
{
    uint32_t n = ensemble->runs;
    double *times = n ? eki_allocate(n, sizeof *times) : NULL;
    if (!times) return NAN;
    for (uint32_t i = 0; i < n; i++) times[i] = ensemble->outcomes[i].reached_s[level];
    qsort(times, n, sizeof *times, by_size);
    double at = quantile * (n - 1);
    uint32_t low = (uint32_t)at, high = low + 1 < n ? low + 1 : low;
    double share = at - low;
    double result = share > 0 ? times[low] + share * (times[high] - times[low]) : times[low];
    eki_free(times);
    return isnan(result) ? INFINITY : result;
}
