/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/analyze_request.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "ekigaku/tlp_exit.h"

/* Returns EKI_EXIT_USAGE for a filter that does not compile, EKI_EXIT_UNREADABLE or 0. */
static int read_inputs(struct eki_analysis *analysis, const struct eki_inputs *inputs,
                       struct eki_progress_bar *bar)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_analysis_inputs(analysis, inputs->sources, inputs->count, &fault);
    eki_progress_end(bar);
    if (error == EKI_ERROR_ARGUMENT) {
        eki_inputs_complain_of(inputs->sources[0].path, error, &fault);
        return EKI_EXIT_USAGE;
    }
    return eki_inputs_complain(inputs, eki_analysis_result(analysis));
}

static bool read_screens(struct eki_analysis *analysis, const char *path)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_analysis_screens(analysis, path, &fault);
    if (error) eki_inputs_complain_of(path, error, &fault);
    return !error;
}

/* Writes a report with its label on it. Those who work here are named persons, so it may always be made; what
 * they hand on bears what it is. */
static enum eki_error write_labelled(const struct eki_result *result,
                                     const struct eki_analyze_request *request, enum eki_report_form form,
                                     FILE *out)
{
    char *text = NULL;
    size_t length = 0;
    bool page = form == EKI_REPORT_PAGE;
    const struct eki_tlp_request asked = {.label = request->labelled ? request->label : EKI_TLP_UNMARKED,
                                          .carries = EKI_TLP_ALL};
    struct eki_tlp_decision decision = eki_tlp_leave(page ? EKI_TLP_EXIT_REPORT : EKI_TLP_EXIT_FACTS, &asked);
    FILE *plain = decision.allowed ? open_memstream(&text, &length) : NULL;
    if (!plain) return EKI_ERROR_MEMORY;
    enum eki_error error =
        page ? eki_report_html(result, request->language, plain) : eki_report_json(result, plain);
    if (fclose(plain) && !error) error = EKI_ERROR_MEMORY;
    if (!error) error = eki_report_label(form, text, length, decision.label, out);
    free(text);
    return error;
}

static int write_reports(const struct eki_result *result, const struct eki_analyze_request *request)
{
    enum eki_error error = EKI_OK;
    if (request->html) {
        struct eki_output output;
        if (!eki_output_open(request->html, &output)) return EKI_EXIT_FAILED;
        error = write_labelled(result, request, EKI_REPORT_PAGE, output.file);
        if (!eki_output_close(&output, !error)) {
            if (error) fprintf(stderr, "ekigaku: %s: %s\n", request->html, eki_error_text(error));
            return EKI_EXIT_FAILED;
        }
    }
    if (request->json) {
        error = request->labelled ? write_labelled(result, request, EKI_REPORT_OBJECT, stdout)
                                  : eki_report_json(result, stdout);
    } else if (!request->quiet) {
        struct eki_text_options options = eki_output_terminal(request->language, request->no_colour);
        error = eki_report_text(result, &options, stdout);
    }
    if (!error && !fflush(stdout)) return 0;
    fprintf(stderr, "ekigaku: the report: %s\n", eki_error_text(error ? error : EKI_ERROR_WRITE));
    return EKI_EXIT_FAILED;
}

static int run(int count, char **arguments)
{
    struct eki_analyze_request request;
    if (eki_analyze_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_analyze.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    struct eki_progress_bar bar = eki_progress_start(request.quiet, eki_inputs_bytes(&request.inputs));
    struct eki_analysis_options options = {.filter = request.filter,
                                           .mapping = request.mapping,
                                           .threads = request.threads,
                                           .memory = request.memory,
                                           .progress = eki_progress_show,
                                           .progress_user = &bar,
                                           .stop = eki_interrupt_watch()};
    struct eki_analysis *analysis;
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) {
        fprintf(stderr, "ekigaku: %s\n", eki_error_text(error));
        eki_inputs_done(&request.inputs);
        return EKI_EXIT_FAILED;
    }
    int status = read_inputs(analysis, &request.inputs, &bar);
    if (request.screen && !read_screens(analysis, request.screen) && !status) status = EKI_EXIT_UNREADABLE;
    if (status != EKI_EXIT_USAGE) {
        error = eki_analysis_finish(analysis);
        if (error && error != EKI_ERROR_STOPPED)
            fprintf(stderr, "ekigaku: the result is incomplete: %s\n", eki_error_text(error));
        int written = write_reports(eki_analysis_result(analysis), &request);
        if (written || (error && error != EKI_ERROR_STOPPED)) status = EKI_EXIT_FAILED;
        if (!status && eki_report_is_silent(eki_analysis_result(analysis))) status = EKI_EXIT_UNREADABLE;
        if (!status) status = eki_report_exit_status(eki_analysis_result(analysis));
    }
    eki_analysis_free(analysis);
    eki_inputs_done(&request.inputs);
    return status;
}

const struct eki_command eki_command_analyze = {
    .name = "analyze",
    .summary = "say what is spreading in captures, who infected whom and when",
    .help =
        "Usage: ekigaku analyze [OPTION...] FILE|FOLDER...\n\n"
        "Reads captures and logs (\"ekigaku formats\" lists them; gzip, zstd or xz; \"-\" for standard input) and\n"
        "says whether malware is spreading by itself, how each source searches for victims, who was infected by whom\n"
        "and when. No setting is needed. Of a folder all files are read.\n\n"
        "  -j, --json            print the facts as one JSON object instead of the summary\n"
        "  -o, --html FILE       also write a report that any browser shows, without a network\n"
        "      --format FORMAT   of all inputs: \"auto\" (default) tells it from the content, \"contacts\" is what\n"
        "                        \"ekigaku contacts\" writes; \"ekigaku formats\" lists the forms of logs\n"
        "      --sensor NAME=FILE\n"
        "                        who saw it: what two sensors saw counts once, and their clocks are compared\n"
        "      --clock-offset NAME=SECONDS\n"
        "                        added to that sensor's times, instead of what is estimated\n"
        "      --screen FILE     what was seen on screens: CSV of host,time,kind (onset or dialog), or JSON lines\n"
        "      --mapping FILE    for tables (csv): which column is what; for Windows events: which host has which address\n"
        "      --tlp LABEL       the label of report and facts: red, amber+strict (default), amber, green or clear\n"
        "  -f, --filter EXPR     look only at packets that fit this libpcap expression\n"
        "  -l, --language LANG   \"en\" or \"ja\"; default: that of the environment\n"
        "      --memory SIZE     how much memory may be used, such as 512M or 4G: what shows least is forgotten\n"
        "  -t, --threads N       1, 2 to read ahead and judge beside the rest, 3 to do each in a thread; default: as many as there\n"
        "                        are cores; the result is the same\n"
        "      --no-colour       no colours on the terminal (also: NO_COLOR in the environment)\n"
        "  -q, --quiet           no progress bar and no summary\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 nothing is spreading, 10 somebody searches, 20 an outbreak, 2 unusable arguments, 3 an input could not\n"
        "be read to its end (what was read is still reported) or nothing was there to judge or able to tell, 4 the report could not\n"
        "be written.\n\n"
        "Examples:\n"
        "  ekigaku analyze office.pcap --html report.html\n"
        "  ekigaku analyze --json --filter 'tcp port 445' monday.pcap.gz tuesday.pcap.gz | jq '.outbreaks[].infections'\n",
    .run = run,
};
