/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/simulate_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "ekigaku/traffic.h"

typedef enum eki_error write_file(void *what, FILE *out);

static bool write_whole(const char *folder, const char *name, write_file *write, void *what)
{
    char path[4096];
    struct eki_output output;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!eki_output_open(path, &output)) return false;
    enum eki_error error = write(what, output.file);
    return eki_output_close(&output, !error);
}

struct played {
    const struct eki_scenario *scenario;
    const struct eki_ensemble *ensemble;
    struct eki_simulator *simulator;
    struct eki_sim_run first;
    enum eki_language language;
};

static enum eki_error write_summary(void *what, FILE *out)
{
    struct played *p = what;
    return eki_ensemble_write_json(p->scenario, p->ensemble, out);
}

static enum eki_error write_curve(void *what, FILE *out)
{
    struct played *p = what;
    return eki_ensemble_write_curve(p->scenario, p->ensemble, out);
}

static enum eki_error write_tree(void *what, FILE *out)
{
    struct played *p = what;
    return eki_sim_write_tree(p->simulator, &p->first, 0, out);
}

static enum eki_error write_report(void *what, FILE *out)
{
    struct played *p = what;
    struct eki_simulation simulation = {p->scenario, p->ensemble, p->simulator, p->first};
    return eki_report_simulation(&simulation, p->language, out);
}

static enum eki_error write_events(void *what, FILE *out)
{
    struct played *p = what;
    return eki_sim_write_events(p->simulator, &p->first, out);
}

static int print_line(void *user, const char *line, size_t length)
{
    return fwrite(line, 1, length, user) != length;
}

/* What "ekigaku contacts" prints of the traffic. */
static enum eki_error write_contacts(void *what, FILE *out)
{
    struct eki_analysis *analysis;
    struct eki_analysis_options options = {.lines = print_line, .lines_user = out, .contacts_only = true};
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) return error;
    error = eki_analysis_capture(analysis, what, NULL);
    if (!error) error = eki_analysis_finish(analysis);
    eki_analysis_free(analysis);
    return error;
}

/* Traffic and truth appear together and whole, or not at all. */
static bool write_traffic(const char *folder, const struct eki_scenario *scenario,
                          const struct eki_simulate_request *request)
{
    char capture[4096], truth[4096], capture_part[4110], truth_part[4110];
    snprintf(capture, sizeof capture, "%s/traffic.pcap", folder);
    snprintf(truth, sizeof truth, "%s/truth.json", folder);
    snprintf(capture_part, sizeof capture_part, "%s.part", capture);
    snprintf(truth_part, sizeof truth_part, "%s.part", truth);
    struct eki_traffic_options options = {.capture = capture_part,
                                          .truth = truth_part,
                                          .loss = request->loss,
                                          .sensors = request->sensors,
                                          .headers_only = request->headers_only};
    struct eki_fault fault = {0};
    enum eki_error error = eki_traffic_write(scenario, &options, &fault);
    if (!error && !rename(capture_part, capture) && !rename(truth_part, truth))
        return write_whole(folder, "contacts.jsonl", write_contacts, capture);
    eki_inputs_complain_of(capture, error ? error : EKI_ERROR_WRITE, &fault);
    unlink(capture_part);
    unlink(truth_part);
    return false;
}

int eki_simulate_folder(const struct eki_simulate_request *request, const struct eki_scenario *scenario,
                        const struct eki_ensemble *ensemble)
{
    const char *folder = request->out, *why;
    struct played played = {.scenario = scenario, .ensemble = ensemble, .language = request->language},
                  *p = &played;
    if (mkdir(folder, 0777) && errno != EEXIST) {
        fprintf(stderr, "ekigaku: %s: %s\n", folder, strerror(errno));
        return EKI_EXIT_FAILED;
    }
    enum eki_error error = eki_simulator_new(p->scenario, &p->simulator);
    if (!error) error = eki_simulator_run(p->simulator, 0, NULL, &p->first);
    if (error) fprintf(stderr, "ekigaku: %s\n", eki_error_text(error));
    bool kept = !error && write_whole(folder, "summary.json", write_summary, p) &&
                write_whole(folder, "curve.csv", write_curve, p) &&
                write_whole(folder, "tree.json", write_tree, p) &&
                write_whole(folder, "events.jsonl", write_events, p) &&
                write_whole(folder, "report.html", write_report, p);
    eki_simulator_free(p->simulator);
    if (kept && eki_traffic_is_possible(scenario, &why))
        kept = write_traffic(folder, scenario, request);
    else if (kept && !request->quiet)
        fprintf(stderr, "ekigaku: no traffic is written: %s\n", why);
    return kept ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}
