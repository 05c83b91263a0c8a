/* SPDX-License-Identifier: Apache-2.0 */
/* What was simulated, for people and programs. Seed, hash of the scenario and version stand in every output.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/memory.h"
#include "ekigaku/version.h"
#include "sim/simulator.h"

static const double quantiles[] = {.05, .25, .5, .75, .95};
enum { QUANTILES = 5, MEDIAN = 2 };

static enum eki_error end_of(FILE *out)
{
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

static const char *duration(double s, char text[32])
{
    if (isinf(s) || isnan(s))
        snprintf(text, 32, "-");
    else if (s < 120)
        snprintf(text, 32, "%.3g s", s);
    else if (s < 7200)
        snprintf(text, 32, "%.3g min", s / 60);
    else if (s < 172800)
        snprintf(text, 32, "%.3g h", s / 3600);
    else
        snprintf(text, 32, "%.3g d", s / 86400);
    return text;
}

/* Mean and quantiles of the final size, and of the peak. */
struct size_figures {
    double mean, low, middle, high, peak, peak_at, probes, again, restored, restored_s, lost, mail, usb;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum eki_error size_of(const struct eki_ensemble *e, struct size_figures *ret_figures)
{
    struct size_figures f = {0};
    double *sizes = eki_allocate(e->runs, sizeof *sizes);
    if (!sizes) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < e->runs; i++) {
        sizes[i] = e->outcomes[i].infected;
        f.mean += sizes[i] / e->runs;
        f.peak += e->outcomes[i].peak_per_s / e->runs;
        f.peak_at += e->outcomes[i].peak_at_s / e->runs;
        f.probes += e->outcomes[i].probes / e->runs;
        f.again += (double)e->outcomes[i].again / e->runs;
        f.restored += (double)e->outcomes[i].restored / e->runs;
        f.lost += (double)e->outcomes[i].lost / e->runs;
        f.mail += (double)e->outcomes[i].by_mail / e->runs;
        f.usb += (double)e->outcomes[i].by_usb / e->runs;
        f.restored_s += e->outcomes[i].restored_s / e->runs;
    }
    qsort(sizes, e->runs, sizeof *sizes, by_size);
    if (e->runs) {
        f.low = sizes[(uint32_t)(.05 * (e->runs - 1) + .5)];
        f.middle = sizes[e->runs / 2];
        f.high = sizes[(uint32_t)(.95 * (e->runs - 1) + .5)];
    }
    eki_free(sizes);
    *ret_figures = f;
    return EKI_OK;
}

enum eki_error eki_ensemble_write_text(const struct eki_scenario *scenario, const struct eki_ensemble *e,
                                       FILE *out)
{
    struct size_figures f;
    enum eki_error error = size_of(e, &f);
    if (error) return error;
    char a[32], b[32], c[32];
    fprintf(out, "%s\n", scenario->title);
    fprintf(out,
            "%" PRIu32 " runs of %" PRIu32 ", seed %" PRIu64 ", scenario %016" PRIx64 ", ekigaku " EKI_VERSION
            "\n\n",
            e->runs, e->asked, scenario->seed, scenario->hash);
    if (!e->runs) return end_of(out);
    fprintf(out, "Infected at the end: %.0f of %" PRIu32 " (90 %% of the runs: %.0f to %.0f)\n", f.middle,
            scenario->hosts, f.low, f.high);
    fprintf(out, "Fastest: %.3g new infections a second after %s; %.3g probes in all\n\n", f.peak,
            duration(f.peak_at, a), f.probes);
    if (f.restored > 0)
        fprintf(out, "Restored: %.0f, the last after %s; infected again: %.0f; without backup: %.0f\n\n",
                f.restored, duration(f.restored_s, a), f.again, f.lost);
    if (f.mail + f.usb > 0) fprintf(out, "By mail: %.0f; by sticks: %.0f\n\n", f.mail, f.usb);
    fprintf(out, "  %-10s %12s   %s\n", "infected", "median", "90 % of the runs");
    static const unsigned levels[] = {0, 1, 10, 25, 50, 75, 90, 100};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        char name[16] = "the first";
        if (levels[i]) snprintf(name, sizeof name, "%u %%", levels[i]);
        fprintf(out, "  %-10s %12s   %s to %s\n", name, duration(eki_ensemble_quantile(e, levels[i], .5), a),
                duration(eki_ensemble_quantile(e, levels[i], .05), b),
                duration(eki_ensemble_quantile(e, levels[i], .95), c));
    }
    return end_of(out);
}

static void write_header(struct eki_json *j, const struct eki_scenario *scenario, const char *schema)
{
    char hash[24];
    snprintf(hash, sizeof hash, "%016" PRIx64, scenario->hash);
    eki_json_object(j);
    eki_json_key(j, "schema"), eki_json_text(j, schema);
    eki_json_key(j, "version"), eki_json_text(j, EKI_VERSION);
    eki_json_key(j, "scenario"), eki_json_text(j, scenario->name);
    eki_json_key(j, "scenario_hash"), eki_json_text(j, hash);
    eki_json_key(j, "seed"), eki_json_unsigned(j, scenario->seed);
}

static void write_levels(struct eki_json *j, const struct eki_ensemble *e)
{
    eki_json_key(j, "reached");
    eki_json_array(j);
    for (unsigned level = 0; level < EKI_SIM_LEVELS; level++) {
        eki_json_object(j);
        eki_json_key(j, "percent"), eki_json_unsigned(j, level);
        eki_json_key(j, "t"), eki_json_number(j, eki_ensemble_quantile(e, level, .5));
        eki_json_key(j, "low"), eki_json_number(j, eki_ensemble_quantile(e, level, .05));
        eki_json_key(j, "high"), eki_json_number(j, eki_ensemble_quantile(e, level, .95));
        eki_json_end(j);
    }
    eki_json_end(j);
}

enum eki_error eki_ensemble_write_json(const struct eki_scenario *scenario, const struct eki_ensemble *e,
                                       FILE *out)
{
    struct size_figures f;
    enum eki_error error = size_of(e, &f);
    if (error) return error;
    struct eki_json j = eki_json_to_file(out, true);
    write_header(&j, scenario, "ekigaku.simulation/1");
    eki_json_key(&j, "title"), eki_json_text(&j, scenario->title);
    eki_json_key(&j, "source"), eki_json_text(&j, scenario->source);
    eki_json_key(&j, "hosts"), eki_json_unsigned(&j, scenario->hosts);
    eki_json_key(&j, "runs"), eki_json_unsigned(&j, e->runs);
    eki_json_key(&j, "runs_asked"), eki_json_unsigned(&j, e->asked);
    eki_json_key(&j, "infected"), eki_json_object(&j);
    eki_json_key(&j, "mean"), eki_json_number(&j, f.mean);
    eki_json_key(&j, "median"), eki_json_number(&j, f.middle);
    eki_json_key(&j, "low"), eki_json_number(&j, f.low);
    eki_json_key(&j, "high"), eki_json_number(&j, f.high);
    eki_json_end(&j);
    eki_json_key(&j, "peak_per_s"), eki_json_number(&j, f.peak);
    eki_json_key(&j, "peak_t"), eki_json_number(&j, f.peak_at);
    eki_json_key(&j, "probes"), eki_json_number(&j, f.probes);
    if (f.restored > 0) {
        eki_json_key(&j, "restored"), eki_json_object(&j);
        eki_json_key(&j, "mean"), eki_json_number(&j, f.restored);
        eki_json_key(&j, "last_t"), eki_json_number(&j, f.restored_s);
        eki_json_key(&j, "infected_again"), eki_json_number(&j, f.again);
        eki_json_key(&j, "without_backup"), eki_json_number(&j, f.lost);
        eki_json_end(&j);
    }
    if (f.mail + f.usb > 0) {
        eki_json_key(&j, "ways"), eki_json_object(&j);
        eki_json_key(&j, "mail"), eki_json_number(&j, f.mail);
        eki_json_key(&j, "usb"), eki_json_number(&j, f.usb);
        eki_json_end(&j);
    }
    write_levels(&j, e);
    eki_json_end(&j);
    fputc('\n', out);
    return j.failed ? EKI_ERROR_WRITE : end_of(out);
}

enum eki_error eki_ensemble_write_curve(const struct eki_scenario *scenario, const struct eki_ensemble *e,
                                        FILE *out)
{
    fprintf(out, "# ekigaku " EKI_VERSION ", scenario %s %016" PRIx64 ", seed %" PRIu64 "\n", scenario->name,
            scenario->hash, scenario->seed);
    fputs("percent,t_5,t_25,t_50,t_75,t_95\n", out);
    for (unsigned level = 1; level < EKI_SIM_LEVELS; level++) {
        fprintf(out, "%u", level);
        for (int q = 0; q < QUANTILES; q++) {
            double t = eki_ensemble_quantile(e, level, quantiles[q]);
            if (isinf(t))
                fputc(',', out);
            else
                fprintf(out, ",%.6f", t);
        }
        fputc('\n', out);
    }
    return end_of(out);
}

/* Whether sensors may know hosts by other addresses than their own. */
static bool is_seen_otherwise(const struct eki_scenario *scenario)
{
    bool otherwise = scenario->lease_s > 0;
    for (size_t i = 0; i < scenario->subnet_count; i++) otherwise |= scenario->subnets[i].nat;
    return otherwise;
}

static void write_infection(struct eki_json *j, const struct eki_simulator *s, const struct eki_sim_run *run,
                            uint32_t i)
{
    const struct eki_sim_infection *infection = &run->infections[i];
    eki_json_object(j);
    eki_json_key(j, "t"), eki_json_fixed(j, infection->t, 6);
    eki_json_key(j, "host"), eki_json_address(j, eki_simulator_address(s, infection->host));
    eki_json_key(j, "parent");
    if (infection->parent == EKI_SIM_SEED)
        eki_json_null(j);
    else
        eki_json_address(j, eki_simulator_address(s, run->infections[infection->parent].host));
    if (is_seen_otherwise(s->scenario))
        eki_json_key(j, "seen"), eki_json_address(j, eki_simulator_seen(s, infection->host, infection->t));
    eki_json_end(j);
}

enum eki_error eki_sim_write_tree(const struct eki_simulator *s, const struct eki_sim_run *run,
                                  uint64_t replicate, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    write_header(&j, s->scenario, "ekigaku.tree/1");
    eki_json_key(&j, "replicate"), eki_json_unsigned(&j, replicate);
    eki_json_key(&j, "infections"), eki_json_array(&j);
    for (uint32_t i = 0; i < run->count; i++) write_infection(&j, s, run, i);
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', out);
    return j.failed ? EKI_ERROR_WRITE : end_of(out);
}

enum eki_error eki_sim_write_events(const struct eki_simulator *s, const struct eki_sim_run *run, FILE *out)
{
    struct eki_json head = eki_json_to_file(out, false);
    write_header(&head, s->scenario, "ekigaku.events/1");
    eki_json_end(&head);
    fputc('\n', out);
    for (uint32_t i = 0; i < run->count; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        write_infection(&j, s, run, i);
        fputc('\n', out);
    }
    return end_of(out);
}
