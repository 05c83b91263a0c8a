/* SPDX-License-Identifier: Apache-2.0 */
/* What was simulated as a page with the charts of an analysis: the spread over the runs, then the first run's
 * tree, times and curve, which are the truth and no inference. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/version.h"
#include "report/chart.h"
#include "report/page_parts.h"
#include "report/style.h"

/* A page of more infections than that would take a browser's memory; the curve over the runs has them all. */
enum { MOST_INFECTIONS = 400000, BAND_HEIGHT = 320, LABEL_ROOM = 80, CURVE_POINTS = 1500, TEXT = 24 };

struct story {
    const struct eki_simulation *simulation;
    struct eki_infection *infections;
    struct eki_curve_point *curve;
    struct eki_result result;
    struct eki_outbreak outbreak;
    uint32_t *generations;
};

static eki_time at(double seconds)
{
    return (eki_time)llround(fmin(seconds, 4e9) * 1e9);
}

static int by_time(const void *a, const void *b)
{
    const struct eki_infection *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* A host that fell again after it was restored stands in the tree as often as it fell. */
static enum eki_error tell_tree(struct story *s)
{
    const struct eki_sim_run *run = &s->simulation->first;
    const struct eki_simulator *simulator = s->simulation->simulator;
    size_t count = run->count < MOST_INFECTIONS ? run->count : MOST_INFECTIONS;
    s->infections = eki_allocate(count + 1, sizeof *s->infections);
    s->generations = eki_allocate(count + 1, sizeof *s->generations);
    if (!s->infections || !s->generations) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct eki_sim_infection *from = &run->infections[i];
        struct eki_infection *to = &s->infections[i];
        bool seeded = from->parent == EKI_SIM_SEED;
        *to = (struct eki_infection){.host = eki_simulator_address(simulator, from->host),
                                     .time = at(from->t),
                                     .parent_posterior = 1,
                                     .evidence = EKI_EVIDENCE_IMPLANT,
                                     .has_parent = !seeded,
                                     .scan_start = EKI_TIME_NONE};
        if (seeded) continue;
        to->parent = eki_simulator_address(simulator, run->infections[from->parent].host);
        to->generation = s->generations[i] = s->generations[from->parent] + 1;
    }
    qsort(s->infections, count, sizeof *s->infections, by_time);
    s->outbreak.infections = s->infections;
    s->outbreak.infection_count = count;
    s->outbreak.has_patient_zero = count > 0;
    if (count) s->outbreak.patient_zero = s->infections[0].host;
    s->outbreak.patient_zero_posterior = 1;
    return EKI_OK;
}

static enum eki_error tell_curve(struct story *s)
{
    const struct eki_sim_run *run = &s->simulation->first;
    size_t stride = run->count / CURVE_POINTS + 1, count = 0;
    s->curve = eki_allocate(run->count / stride + 2, sizeof *s->curve);
    if (!s->curve) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < run->count; i += (uint32_t)stride)
        s->curve[count++] = (struct eki_curve_point){run->infections[i].t, i + 1};
    if (run->count && s->curve[count - 1].infected != run->count)
        s->curve[count++] = (struct eki_curve_point){run->infections[run->count - 1].t, run->count};
    s->outbreak.curve = s->curve;
    s->outbreak.curve_count = count;
    return EKI_OK;
}

/* From the start to when nine tenths of the runs have reached what they reach. */
static void set_axis(struct eki_page *page, const struct story *s)
{
    const struct eki_ensemble *e = s->simulation->ensemble;
    double end = s->outbreak.infection_count
                     ? eki_time_since(s->infections[s->outbreak.infection_count - 1].time, 0)
                     : 1;
    for (unsigned level = 1; level < EKI_SIM_LEVELS - 1; level++) {
        double t = eki_ensemble_quantile(e, level, .95);
        if (isfinite(t) && t > end) end = t;
    }
    page->start = at(-.01 * end);
    page->finish = at(1.02 * end + 1e-3);
}

/* A side of the band: x by time, y by level; levels that so many runs never reached are left out. */
static void draw_side(struct eki_chart *chart, const struct eki_simulation *s, double quantile, bool back,
                      bool first)
{
    for (int i = 1; i < EKI_SIM_LEVELS; i++) {
        unsigned level = (unsigned)(back ? EKI_SIM_LEVELS - i : i);
        double t = eki_ensemble_quantile(s->ensemble, level, quantile);
        if (!isfinite(t)) continue;
        fprintf(chart->page->out, "%s%s %s", first ? "M" : " L",
                eki_chart_number(eki_chart_x(chart, at(t))).text,
                eki_chart_number(eki_chart_y(chart, level * .01 * s->scenario->hosts)).text);
        first = false;
    }
}

static void write_band(struct eki_page *page, const struct eki_simulation *s)
{
    struct eki_sentence description;
    eki_report_fill(&description, page->language,
                    EKI_TEXT("Line: median of {1} runs. Area: nine tenths of the runs."),
                    EKI_VALUES(eki_report_grouped(s->ensemble->runs).text));
    struct eki_chart chart =
        eki_chart_open(page, eki_report_say(page->language, EKI_TEXT("Infected hosts over time, all runs")),
                       description.text, BAND_HEIGHT, LABEL_ROOM);
    eki_chart_values(&chart, s->scenario->hosts);
    eki_chart_times(&chart);
    eki_page_raw(page, "<path class=\"under\" d=\"");
    draw_side(&chart, s, .05, false, true);
    draw_side(&chart, s, .95, true, false);
    eki_page_raw(page, "\"/>\n<path class=\"step\" d=\"");
    draw_side(&chart, s, .5, false, true);
    eki_page_raw(page, "\"/>\n");
    eki_chart_close(&chart);
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_text(page, description.text);
    eki_page_raw(page, "</p>\n");
}

static const char *moment(struct eki_page *page, double t, struct eki_figure *figure)
{
    *figure = isfinite(t) ? eki_report_duration(page->language, t) : (struct eki_figure){"-"};
    return figure->text;
}

static void write_band_table(struct eki_page *page, const struct eki_simulation *s)
{
    static const char *const headings[] = {EKI_TEXT("#Share infected"), EKI_TEXT("#5 % of the runs by"),
                                           EKI_TEXT("#Half of the runs by"), EKI_TEXT("#95 % of the runs by"),
                                           NULL};
    struct eki_figure figure;
    size_t rows = 0;
    eki_page_table(page, EKI_TEXT("The runs as a table"), headings, false);
    for (unsigned level = 0; level < EKI_SIM_LEVELS; level += level < 10 ? 1 : 5, rows++) {
        char share[TEXT];
        snprintf(share, sizeof share, "%u %%", level);
        eki_page_row(page);
        eki_page_figure(page, share);
        eki_page_figure(page, moment(page, eki_ensemble_quantile(s->ensemble, level, .05), &figure));
        eki_page_figure(page, moment(page, eki_ensemble_quantile(s->ensemble, level, .5), &figure));
        eki_page_figure(page, moment(page, eki_ensemble_quantile(s->ensemble, level, .95), &figure));
    }
    eki_page_table_end(page, rows, rows);
}

static void term(struct eki_page *page, const char *name, const char *text)
{
    eki_page_raw(page, "<div>");
    eki_page_element(page, "dt", NULL, eki_report_say(page->language, name));
    eki_page_element(page, "dd", NULL, text);
    eki_page_raw(page, "</div>\n");
}

static void write_origin(struct eki_page *page, const struct eki_scenario *scenario)
{
    char hash[TEXT], seed[TEXT];
    snprintf(hash, sizeof hash, "%016" PRIx64, scenario->hash);
    snprintf(seed, sizeof seed, "%" PRIu64, scenario->seed);
    term(page, EKI_TEXT("Scenario"), scenario->name);
    term(page, EKI_TEXT("Hash of the scenario"), hash);
    term(page, EKI_TEXT("Seed"), seed);
    term(page, EKI_TEXT("Version"), "ekigaku " EKI_VERSION);
}

/* How it searches, as the scenario says. */
static void write_search(struct eki_page *page, const struct eki_scenario *scenario)
{
    const struct eki_sim_malware *m = &scenario->malware;
    struct eki_sentence words;
    char bits[TEXT];
    term(page, EKI_TEXT("Hosts that can fall"), eki_report_grouped(scenario->hosts).text);
    term(page, EKI_TEXT("Success of an attempt"), eki_report_percent(m->success).text);
    if (scenario->place == EKI_SIM_NETWORK) {
        eki_report_fill(&words, page->language, EKI_TEXT("its own subnet in order, {1} attempts at a time"),
                        EKI_VALUES(eki_report_grouped(m->slots).text));
        term(page, EKI_TEXT("Search"), words.text);
        return;
    }
    eki_report_fill(&words, page->language, EKI_TEXT("{1} probes per second"),
                    EKI_VALUES(eki_report_rounded(m->rate_per_s).text));
    term(page, EKI_TEXT("Rate of a host"), words.text);
    words = (struct eki_sentence){{0}};
    for (size_t i = 0; i < m->share_count; i++) {
        struct eki_sentence one;
        snprintf(bits, sizeof bits, "%u", m->shares[i].bits);
        eki_report_fill(&one, page->language,
                        m->shares[i].bits ? EKI_TEXT("{1} within its own /{2}") : EKI_TEXT("{1} anywhere"),
                        EKI_VALUES(eki_report_percent(m->shares[i].share).text, bits));
        eki_report_list(&words, page->language, one.text);
    }
    term(page, EKI_TEXT("Search"), words.text);
}

static void write_head(struct eki_page *page, const struct eki_scenario *scenario)
{
    fprintf(
        page->out,
        "<!DOCTYPE html>\n<html lang=\"%s\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
        page->language == EKI_JAPANESE ? "ja" : "en");
    eki_page_text(page, scenario->title);
    eki_page_raw(page, "</title>\n<style>\n");
    for (size_t i = 0; eki_report_style[i]; i++) eki_page_raw(page, eki_report_style[i]);
    eki_page_raw(page, "</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">");
    eki_page_say(page, EKI_TEXT("ekigaku simulation: nothing here happened, and nothing was sent"));
    eki_page_raw(page, "</p>\n");
    eki_page_element(page, "h1", "scanning", scenario->title);
    eki_page_raw(page, "</header>\n<main>\n<dl>\n");
    write_origin(page, scenario);
    write_search(page, scenario);
    eki_page_raw(page, "</dl>\n");
    if (!scenario->source || !*scenario->source) return;
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_fill(page, EKI_TEXT("Source of the figures: {1}"), EKI_VALUES(scenario->source));
    eki_page_raw(page, "</p>\n");
}

static void write_first_run(struct eki_page *page, struct story *s)
{
    eki_page_raw(page, "<section>\n");
    eki_page_heading(page, 2, EKI_TEXT("The first run"));
    if (s->simulation->first.count > s->outbreak.infection_count) {
        eki_page_raw(page, "<p class=\"note\">");
        eki_page_fill(page, EKI_TEXT("The first {1} of {2} hosts."),
                      EKI_VALUES(eki_report_grouped(s->outbreak.infection_count).text,
                                 eki_report_grouped(s->simulation->first.count).text));
        eki_page_raw(page, "</p>\n");
    }
    eki_page_tree(page, &s->outbreak);
    eki_page_hosts(page, &s->outbreak);
    if (s->outbreak.infection_count > 1) eki_page_curve(page, &s->outbreak);
    eki_page_raw(page, "</section>\n</main>\n<script>\n");
    eki_page_raw(page, eki_report_script);
    eki_page_raw(page, "</script>\n</body>\n</html>\n");
}

enum eki_error eki_report_simulation(const struct eki_simulation *simulation, enum eki_language language,
                                     FILE *out)
{
    struct story s = {.simulation = simulation, .result = {.origin = 0}};
    struct eki_page page = {.out = out, .result = &s.result, .language = language, .relative = true};
    enum eki_error error = tell_tree(&s);
    if (!error) error = tell_curve(&s);
    if (!error) {
        set_axis(&page, &s);
        write_head(&page, simulation->scenario);
        write_band(&page, simulation);
        write_band_table(&page, simulation);
        write_first_run(&page, &s);
        error = page.error;
    }
    eki_free(s.infections);
    eki_free(s.generations);
    eki_free(s.curve);
    if (!error && ferror(out)) error = EKI_ERROR_WRITE;
    return error;
}
