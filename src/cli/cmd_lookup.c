/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* getline */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/directory_file.h"
#include "cli/directory_permit.h"
#include "cli/directory_store.h"
#include "cli/lookup_request.h"

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
static bool answer(const struct eki_directory *d, const struct eki_lookup_request *request,
                   const char *question, int *status)
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
    if (request->form == EKI_LOOKUP_JSON)
        error = eki_answer_write_json(d, &a, question, stdout);
    else if (request->form == EKI_LOOKUP_TABLE)
        error = tell_row(d, &a, question);
    else
        error = eki_report_answer(d, &a, question, request->language, stdout);
    return !error;
}

/* The questions of standard input, one a line. */
static bool answer_lines(const struct eki_directory *d, const struct eki_lookup_request *request, int *status)
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
    struct eki_lookup_request request;
    struct eki_directory *directory;
    if (eki_lookup_request_parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_lookup.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    int status = request.store ? eki_directory_load_store(request.store, request.now, &directory)
                               : eki_directory_load(request.file, request.now, &directory);
    const struct eki_directory_permit permit = {
        .asked = {EKI_TLP_EXIT_LOOKUP, {.audience = request.audience, .carries = EKI_TLP_ALL}},
        .store = request.store,
        .now = request.now};
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
        "  -l, --language LANG   en or ja; else as the environment says\n"
        "  -n, --now TIME        judge ages and health as of this moment, not of today\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 somebody was found for each, 1 not for all, 2 unusable arguments or questions, 3 the directory cannot be\n"
        "read (the message names line and key), 4 the output could not be written, 5 no label permits it.\n\n"
        "Examples:\n"
        "  ekigaku lookup -d directory.jsonl 192.0.2.9\n"
        "  ekigaku analyze --json office.pcap | jq -r '.outbreaks[].infections[].host' | ekigaku lookup -d directory.jsonl --table\n",
    .run = run,
};
