/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "ekigaku/simulation.h"

struct request {
    const char *path, *out;
    uint64_t runs, seed;
    unsigned threads;
    bool json, quiet, help, seeded;
};

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret_value)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > most) return false;
    *ret_value = value;
    return true;
}

static int parse_value(int option, struct request *request)
{
    uint64_t threads;
    switch (option) {
    case 'o': request->out = optarg; return 0;
    case 'r':
        if (parse_number(optarg, 1, EKI_SIM_MOST_RUNS, &request->runs)) return 0;
        return eki_command_misused(&eki_command_simulate, "--runs is 1 to %d, not \"%s\"", EKI_SIM_MOST_RUNS,
                                   optarg);
    case 's':
        request->seeded = true;
        if (parse_number(optarg, 0, UINT64_MAX, &request->seed)) return 0;
        return eki_command_misused(&eki_command_simulate, "--seed is a whole number, not \"%s\"", optarg);
    default:
        if (parse_number(optarg, 1, 256, &threads)) return request->threads = (unsigned)threads, 0;
        return eki_command_misused(&eki_command_simulate, "--threads is 1 to 256, not \"%s\"", optarg);
    }
}

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {
        {"runs", required_argument, NULL, 'r'},    {"seed", required_argument, NULL, 's'},
        {"threads", required_argument, NULL, 't'}, {"out", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, 'j'},          {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *request = (struct request){.threads = cores > 0 ? (unsigned)cores : 1};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":r:s:t:o:jqh", options, NULL)) != -1;) {
        switch (option) {
        case 'j': request->json = true; break;
        case 'q': request->quiet = true; break;
        case 'h': request->help = true; return 0;
        case ':':
            return eki_command_misused(&eki_command_simulate, "%s needs a value", arguments[optind - 1]);
        case '?':
            return eki_command_misused(&eki_command_simulate, "unknown option %s", arguments[optind - 1]);
        default:
            if (parse_value(option, request)) return EKI_EXIT_USAGE;
        }
    }
    if (optind == count) return eki_command_misused(&eki_command_simulate, "no scenario given");
    if (optind + 1 < count) return eki_command_misused(&eki_command_simulate, "one scenario at a time");
    request->path = arguments[optind];
    return 0;
}

/* A bar of its own: its unit is the run. */
struct bar {
    double started, drawn;
    bool enabled, visible;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show(void *user, uint32_t done, uint32_t runs)
{
    struct bar *bar = user;
    double time = now(), seconds = time - bar->started;
    if (!bar->enabled || seconds < 2 || time - bar->drawn < .2) return;
    bar->drawn = time;
    bar->visible = true;
    int left = (int)(seconds / done * (runs - done) + .5);
    fprintf(stderr, "\r\033[K%u of %u runs, %.1f/s, %d:%02d left", done, runs, done / seconds, left / 60,
            left % 60);
}

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
};

static enum eki_error write_summary(void *what, FILE *out)
{
    struct played *p = what;
    return eki_ensemble_write_json(p->scenario, p->ensemble, out);
}

static enum eki_error write_curve(void *what, FILE *out)
{
    return eki_ensemble_write_curve(((struct played *)what)->ensemble, out);
}

static enum eki_error write_tree(void *what, FILE *out)
{
    struct played *p = what;
    return eki_sim_write_tree(p->simulator, &p->first, 0, out);
}

static enum eki_error write_events(void *what, FILE *out)
{
    struct played *p = what;
    return eki_sim_write_events(p->simulator, &p->first, out);
}

/* All runs as summary and curve; the first of them as tree and events. */
static int write_folder(const char *folder, struct played *p)
{
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
                write_whole(folder, "events.jsonl", write_events, p);
    eki_simulator_free(p->simulator);
    return kept ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}

static int play(const struct request *request, const struct eki_scenario *scenario)
{
    struct bar bar = {.started = now(), .enabled = !request->quiet && isatty(STDERR_FILENO)};
    struct eki_ensemble_options options = {
        .threads = request->threads, .progress = show, .progress_user = &bar, .stop = eki_interrupt_watch()};
    struct eki_ensemble *ensemble = NULL;
    enum eki_error error = eki_ensemble_run(scenario, &options, &ensemble);
    if (bar.visible) fputs("\r\033[K", stderr);
    if (error) fprintf(stderr, "ekigaku: %s: %s\n", request->path, eki_error_text(error));
    if (!ensemble) return EKI_EXIT_FAILED;
    int status = ensemble->runs ? EKI_EXIT_NOTHING : EKI_EXIT_INTERRUPTED;
    struct played played = {.scenario = scenario, .ensemble = ensemble};
    if (!status && request->out) status = write_folder(request->out, &played);
    if (ensemble->runs && request->json)
        error = eki_ensemble_write_json(scenario, ensemble, stdout);
    else if (ensemble->runs && !request->quiet)
        error = eki_ensemble_write_text(scenario, ensemble, stdout);
    else
        error = EKI_OK;
    if (error) {
        fprintf(stderr, "ekigaku: the summary: %s\n", eki_error_text(error));
        status = EKI_EXIT_FAILED;
    }
    eki_ensemble_free(ensemble);
    return status;
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_simulate.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_scenario *scenario;
    struct eki_fault fault = {0};
    enum eki_error error = eki_scenario_read(request.path, &scenario, &fault);
    if (error) {
        eki_inputs_complain(request.path, error, &fault);
        return EKI_EXIT_UNREADABLE;
    }
    if (request.runs) scenario->runs = (uint32_t)request.runs;
    if (request.seeded) scenario->seed = request.seed;
    int status = play(&request, scenario);
    eki_scenario_free(scenario);
    return status;
}

const struct eki_command eki_command_simulate = {
    .name = "simulate",
    .summary = "play an outbreak many times: how fast, how far, who infects whom",
    .help =
        "Usage: ekigaku simulate [OPTION...] SCENARIO\n\n"
        "Plays the outbreak of a scenario file (YAML; examples in scenarios/) and says how many hosts fall and when, with the\n"
        "spread over the runs. Hosts are entries in tables; nothing is sent. The same seed gives the same bytes.\n\n"
        "  -r, --runs N          how often; default: as the scenario says\n"
        "  -s, --seed N          of all randomness; default: as the scenario says\n"
        "  -t, --threads N       default: the number of cores; the result is the same\n"
        "  -o, --out DIR         write summary.json, curve.csv, and tree.json and events.jsonl of the first run there\n"
        "  -j, --json            print the summary as JSON\n"
        "  -q, --quiet           no progress bar and no summary\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 the scenario could not be read or contradicts itself, 4 output could not\n"
        "be written, 130 interrupted before the first run was finished.\n\n"
        "Example:\n"
        "  ekigaku simulate scenarios/slammer.yaml --runs 1000 --out slammer\n",
    .run = run,
};
