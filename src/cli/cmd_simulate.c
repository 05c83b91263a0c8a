/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/simulate_folder.h"
#include "cli/simulate_request.h"
#include "ekigaku/simulation.h"

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

static int play(const struct eki_simulate_request *request, const struct eki_scenario *scenario)
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
    if (!status && request->out) status = eki_simulate_folder(request, scenario, ensemble);
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
    struct eki_simulate_request request;
    if (eki_simulate_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_simulate.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_scenario *scenario;
    struct eki_fault fault = {0};
    enum eki_error error = eki_scenario_read(request.path, &scenario, &fault);
    if (error) {
        eki_inputs_complain_of(request.path, error, &fault);
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
        "  -o, --out DIR         write summary.json, curve.csv, report.html, and tree.json and events.jsonl of the first run\n"
        "                        there; of outbreaks on one network also traffic.pcap, contacts.jsonl and truth.json,\n"
        "                        played probe by probe (an outbreak of its own: not that of tree.json)\n"
        "      --loss SHARE      of the frames that the sensor misses; default 0\n"
        "      --sensors N       the sensor sees the traffic of every N-th host only; default 1\n"
        "      --headers-only    it captures nothing behind the transport header\n"
        "  -l, --language LANG   of the page: \"en\" or \"ja\"; default: that of the environment\n"
        "  -j, --json            print the summary as JSON\n"
        "  -q, --quiet           no progress bar and no summary\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 the scenario could not be read or contradicts itself, 4 output could not\n"
        "be written, 130 interrupted before the first run was finished.\n\n"
        "Example:\n"
        "  ekigaku simulate scenarios/slammer.yaml --runs 1000 --out slammer\n",
    .run = run,
};
