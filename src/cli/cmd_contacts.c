/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

struct request {
    const char *filter;
    bool quiet, help;
};

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"filter", required_argument, NULL, 'f'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){0};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":f:qh", options, NULL)) != -1;) {
        switch (option) {
        case 'f': request->filter = optarg; break;
        case 'q': request->quiet = true; break;
        case 'h': request->help = true; return 0;
        case ':':
            return eki_command_misused(&eki_command_contacts, "%s needs a value", arguments[optind - 1]);
        default:
            return eki_command_misused(&eki_command_contacts, "unknown option %s", arguments[optind - 1]);
        }
    }
    if (optind == count)
        return eki_command_misused(&eki_command_contacts, "no capture given (\"-\" is standard input)");
    return 0;
}

static int print_line(void *user, const char *line, size_t length)
{
    return fwrite(line, 1, length, user) != length;
}

static int read_inputs(struct eki_analysis *analysis, struct eki_progress_bar *bar,
                       const struct eki_inputs *inputs)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_analysis_inputs(analysis, inputs->sources, inputs->count, &fault);
    eki_progress_end(bar);
    if (error != EKI_ERROR_ARGUMENT) return EKI_EXIT_NOTHING;
    eki_inputs_complain_of(inputs->sources[0].path, error, &fault);
    return EKI_EXIT_USAGE;
}

static int run(int count, char **arguments)
{
    struct request request;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_contacts.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_inputs inputs = {0};
    for (int i = optind; i < count; i++)
        if (!eki_inputs_add(&inputs, arguments[i], false)) return EKI_EXIT_FAILED;
    eki_inputs_settle(&inputs);
    struct eki_progress_bar bar = eki_progress_start(request.quiet, eki_inputs_bytes(&inputs));
    struct eki_analysis_options options = {.filter = request.filter,
                                           .threads = 2,
                                           .progress = eki_progress_show,
                                           .progress_user = &bar,
                                           .lines = print_line,
                                           .lines_user = stdout,
                                           .contacts_only = true,
                                           .stop = eki_interrupt_watch()};
    struct eki_analysis *analysis;
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) {
        fprintf(stderr, "ekigaku: %s\n", eki_error_text(error));
        return EKI_EXIT_FAILED;
    }
    int status = read_inputs(analysis, &bar, &inputs);
    error = eki_analysis_finish(analysis);
    if (!status) status = eki_inputs_complain(&inputs, eki_analysis_result(analysis));
    eki_analysis_free(analysis);
    eki_inputs_done(&inputs);
    if (fflush(stdout) || ferror(stdout)) error = EKI_ERROR_WRITE;
    if (!error || error == EKI_ERROR_STOPPED) return status;
    fprintf(stderr, "ekigaku: the contacts: %s\n", eki_error_text(error));
    return EKI_EXIT_FAILED;
}

const struct eki_command eki_command_contacts = {
    .name = "contacts",
    .summary = "print who tried to reach whom, with what outcome, as JSON lines",
    .help =
        "Usage: ekigaku contacts [OPTION...] FILE...\n\n"
        "Reads captures (\"-\" for standard input) and prints contacts, flows and signs, one JSON object a line. \"ekigaku analyze\n"
        "--format contacts\" reads them back with the same result.\n\n"
        "  -f, --filter EXPR     look only at packets that fit this libpcap expression\n"
        "  -q, --quiet           no progress bar\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 an input could not be read to its end, 4 the output could not be written.\n\n"
        "Example:\n"
        "  ekigaku contacts office.pcap | jq -r 'select(.port == 445) | [.client, .server, .outcome] | @tsv'\n",
    .run = run,
};
