/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* getline */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/directory_file.h"
#include "cli/directory_permit.h"
#include "cli/directory_store.h"
#include "cli/output.h"
#include "ekigaku/directory_report.h"

enum form { FORM_TEXT = 0, FORM_JSON, FORM_TABLE };

struct request {
    const char *file, *store, *now;
    enum form form;
    enum eki_language language;
    enum eki_tlp_audience audience;
    bool help;
};

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_lookup, what, which);
}

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"directory", required_argument, NULL, 'd'},
                                            {"store", required_argument, NULL, 'u'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"table", no_argument, NULL, 't'},
                                            {"lang", required_argument, NULL, 'l'},
                                            {"now", required_argument, NULL, 'n'},
                                            {"audience", required_argument, NULL, 'a'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){.language = eki_output_language(), .audience = EKI_AUDIENCE_NAMED};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":d:jtl:n:h", options, NULL)) != -1;) {
        switch (option) {
        case 'd': request->file = optarg; break;
        case 'u': request->store = optarg; break;
        case 'j': request->form = FORM_JSON; break;
        case 't': request->form = FORM_TABLE; break;
        case 'n': request->now = optarg; break;
        case 'a':
            if (!eki_tlp_audience_parse(optarg, &request->audience)) break;
            return misused("--audience is named, organisation, clients, community or world, not \"%s\"",
                           optarg);
        case 'h': request->help = true; return 0;
        case 'l':
            if (strcmp(optarg, "en") && strcmp(optarg, "ja"))
                return misused("--lang is en or ja, not \"%s\"", optarg);
            request->language = strcmp(optarg, "ja") ? EKI_ENGLISH : EKI_JAPANESE;
            break;
        case ':': return misused("%s needs a value", arguments[optind - 1]);
        default: return misused("unknown option %s", arguments[optind - 1]);
        }
    }
    return 0;
}

static enum eki_error tell_row(const struct eki_directory *d, const struct eki_answer *a,
                               const char *question)
{
    size_t count;
    const struct eki_team *teams = eki_directory_teams(d, &count);
    const struct eki_contact_point *contacts = eki_directory_contacts(d, &count);
    printf("%s\t%s\t%s\t%s\t%s\n", question, a->team == EKI_NOWHERE ? "-" : teams[a->team].id,
           a->contact == EKI_NOWHERE ? "-" : contacts[a->contact].id,
           a->contact == EKI_NOWHERE ? "-" : contacts[a->contact].address,
           eki_tlp_text(eki_answer_label(d, a)));
    return ferror(stdout) ? EKI_ERROR_WRITE : EKI_OK;
}

/* One question; false when the output is gone. */
static bool answer(const struct eki_directory *d, const struct request *request, const char *question,
                   int *status)
{
    struct eki_question_text q;
    struct eki_fault fault = {0};
    struct eki_answer a;
    enum eki_error error = eki_question_parse(question, &q, &fault);
    if (!error) error = eki_directory_ask(d, &q.question, &a);
    if (error) {
        fprintf(stderr, "ekigaku lookup: %s\n", fault.what[0] ? fault.what : eki_error_text(error));
        *status = EKI_EXIT_USAGE;
        return true;
    }
    if (a.team == EKI_NOWHERE && *status == EKI_EXIT_NOTHING) *status = EKI_EXIT_BELOW;
    if (request->form == FORM_JSON)
        error = eki_answer_write_json(d, &a, question, stdout);
    else if (request->form == FORM_TABLE)
        error = tell_row(d, &a, question);
    else
        error = eki_report_answer(d, &a, question, request->language, stdout);
    return !error;
}

/* The questions of standard input, one a line. */
static bool answer_lines(const struct eki_directory *d, const struct request *request, int *status)
{
    char *line = NULL;
    size_t capacity = 0;
    bool whole = true;
    for (ssize_t length; whole && (length = getline(&line, &capacity, stdin)) >= 0;) {
        while (length && strchr("\r\n", line[length - 1])) line[--length] = '\0';
        if (strlen(line) != (size_t)length) {
            fputs("ekigaku lookup: a line with a NUL is passed over\n", stderr);
            *status = EKI_EXIT_USAGE;
        } else if (length) {
            whole = answer(d, request, line, status);
        }
    }
    free(line);
    return whole;
}

static int run(int count, char **arguments)
{
    struct request request;
    struct eki_directory *directory;
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_lookup.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    const char *path = eki_directory_file(request.file);
    eki_time now = eki_directory_moment(request.now);
    if (request.file && request.store) return misused("%s", "--directory or --store, not both");
    if (!path && !request.store)
        return misused("%s", "which directory? --directory FILE, --store URL, or EKIGAKU_DIRECTORY");
    if (now == EKI_TIME_NONE) return misused("--now is no moment: \"%s\"", request.now ? request.now : "");
    int status = request.store ? eki_directory_load_store(request.store, now, &directory)
                               : eki_directory_load(path, now, &directory);
    const struct eki_directory_permit permit = {
        .asked = {EKI_TLP_EXIT_LOOKUP, {.audience = request.audience, .carries = EKI_TLP_ALL}},
        .store = request.store,
        .now = now};
    if (!status) status = eki_directory_permit(&permit, &directory);
    if (status) return status;
    bool whole = true;
    if (optind == count) whole = answer_lines(directory, &request, &status);
    for (int i = optind; i < count && whole; i++)
        whole = strcmp(arguments[i], "-") ? answer(directory, &request, arguments[i], &status)
                                          : answer_lines(directory, &request, &status);
    eki_directory_free(directory);
    if (whole && !fflush(stdout)) return status;
    fputs("ekigaku lookup: the output cannot be written\n", stderr);
    return EKI_EXIT_FAILED;
}

const struct eki_command eki_command_lookup = {
    .name = "lookup",
    .summary = "whom to call about an address, and why",
    .help =
        "Usage: ekigaku lookup [OPTION...] [ADDRESS...]\n\n"
        "Says who answers for an address, a domain name or an AS number (AS64500), whom to call there, and why. What else is\n"
        "known about the host goes into the same argument: \"192.0.2.9 www.example.jp AS64500 JP port=445\". Without an argument,\n"
        "or for \"-\", questions are read from standard input, one a line.\n\n"
        "  -d, --directory FILE  the directory; else what EKIGAKU_DIRECTORY names\n"
        "      --store URL       the directory of a desk instead: its store, a file or postgresql://...\n"
        "  -j, --json            one JSON object a question, with every record that was weighed\n"
        "  -t, --table           one row a question: question, team, contact, address, label, with tabs between\n"
        "      --audience WHO    who is told: named (default), organisation, clients, community or world; records whose label\n"
        "                        does not permit that are left out; one without a label counts as TLP:AMBER+STRICT\n"
        "  -l, --lang LANG       en or ja; else as the environment says\n"
        "  -n, --now TIME        judge ages and health as of this moment, not of today\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 somebody was found for each, 1 not for all, 2 unusable arguments or questions, 3 the directory cannot be\n"
        "read (the message names line and key), 4 the output could not be written, 5 no label permits it.\n\n"
        "Examples:\n"
        "  ekigaku lookup -d directory.jsonl 192.0.2.9\n"
        "  ekigaku analyze --json office.pcap | jq -r '.outbreaks[].infections[].host' | ekigaku lookup -d directory.jsonl --table\n",
    .run = run,
};
