/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/case_told.h"
#include "cli/command.h"
#include "ekigaku/case_merge.h"

/* To let more people know is a coordinator's to decide, as the service has it. */
static enum eki_error mark(const struct eki_case_desk *desk, struct eki_store_work *work,
                           struct eki_fault *fault)
{
    struct eki_store_case row;
    const struct eki_case_marking marking = {desk->request->of_case, desk->request->label,
                                             desk->request->text};
    enum eki_error error = eki_store_get(work, &row, marking.of_case);
    if (!error && !desk->coordinates && eki_case_widens(&row, marking.label))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "to widen a label is for coordinators");
    return error ? error : eki_case_mark(work, &desk->act, &marking, fault);
}

/* A change of one case: a line about it, or, for machines, the case as it is then. */
static int change(const struct eki_case_desk *desk)
{
    const struct eki_case_request *request = desk->request;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_case_begin(desk);
    enum eki_error error = EKI_OK;
    if (!work) return EKI_EXIT_UNREADABLE;
    int64_t shown = request->of_case;
    if (request->action == EKI_CASE_MERGE) {
        error = eki_case_merge(work, &desk->act, request->of_case, request->into, &fault);
        shown = request->into;
    } else if (request->action == EKI_CASE_SPLIT) {
        const struct eki_case_splitting splitting = {.of_case = request->of_case,
                                                     .hosts = (const char *const *)request->hosts,
                                                     .count = request->host_count,
                                                     .title = request->title,
                                                     .catalogue = desk->catalogue};
        error = eki_case_split(work, &desk->act, &splitting, &shown, &fault);
    } else if (request->action == EKI_CASE_NOTE)
        error = eki_case_note(work, &desk->act,
                              &(struct eki_case_noting){.of_case = request->of_case, .text = request->text},
                              &fault);
    else if (request->action == EKI_CASE_MARK)
        error = mark(desk, work, &fault);
    else
        error = eki_case_reopen(work, &desk->act, request->of_case, &fault);
    if (error == EKI_ERROR_MISSING && !*fault.what)
        eki_fault_set(&fault, error, 0, request->into ? "case %lld or %lld" : "case %lld",
                      (long long)request->of_case, (long long)request->into);
    if (!error && !request->json) error = eki_case_told_act(desk, work, shown);
    int status = eki_case_end(desk, work, error, &fault);
    return status || !request->json ? status : eki_case_show_one(desk, shown);
}

static int act(const struct eki_case_desk *desk)
{
    switch (desk->request->action) {
    case EKI_CASE_OPEN:
    case EKI_CASE_UPDATE: return eki_case_take_in(desk);
    case EKI_CASE_REPORT: return eki_case_write_report(desk);
    case EKI_CASE_HISTORY: return eki_case_print_history(desk);
    case EKI_CASE_TASK: return eki_case_tasks(desk);
    case EKI_CASE_CLOSE: return eki_case_close_one(desk);
    case EKI_CASE_RULE: return eki_case_rule_say(desk);
    case EKI_CASE_LIST: return eki_case_list_all(desk);
    case EKI_CASE_SHOW: return eki_case_show_one(desk, desk->request->of_case);
    default: return change(desk);
    }
}

static int run(int count, char **arguments)
{
    struct eki_case_request request;
    struct eki_case_desk desk = {0};
    int status = eki_case_request_parse(count, arguments, &request);
    if (!status && request.help) {
        fputs(eki_command_case.help, stdout);
    } else if (!status) {
        status = eki_case_desk_open(&request, &desk);
        if (!status) status = act(&desk);
        eki_case_desk_close(&desk);
    }
    eki_inputs_done(&request.inputs);
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku case: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status;
}

const struct eki_command eki_command_case = {
    .name = "case",
    .summary = "make a case of an outbreak: affected hosts, their owners, what was done",
    .help =
        "Usage: ekigaku case [OPTION...] open FILE|FOLDER...\n"
        "       ekigaku case [OPTION...] list\n"
        "       ekigaku case [OPTION...] show CASE\n"
        "       ekigaku case [OPTION...] update CASE FILE|FOLDER...\n"
        "       ekigaku case [OPTION...] note CASE TEXT\n"
        "       ekigaku case [OPTION...] close CASE LESSON\n"
        "       ekigaku case [OPTION...] reopen CASE\n"
        "       ekigaku case [OPTION...] task CASE [list | add TITLE | start|done|drop|again|set NUMBER]\n"
        "       ekigaku case [OPTION...] mark CASE LABEL [REASON]\n"
        "       ekigaku case [OPTION...] merge CASE INTO\n"
        "       ekigaku case [OPTION...] split CASE HOST...\n"
        "       ekigaku case [OPTION...] history CASE\n"
        "       ekigaku case [OPTION...] report CASE\n"
        "       ekigaku case [OPTION...] rule\n\n"
        "\"open\" takes the facts of \"ekigaku analyze --json\" (a file, or - for standard input), or analyses captures and logs,\n"
        "keeps what was found in the store, and opens a case for each outbreak in it: its infected hosts are the affected ones,\n"
        "each with the team that answers for it. \"update\" adds to a case the hosts that a further capture shows; those it has\n"
        "stay as they are. \"close\" wants the lesson that was learnt, and a reason when something is open. \"task\" shows what is to be done, by department, and\n"
        "changes it. \"mark\" labels a case: a label that reaches further than the one before wants a reason. \"merge\" makes a\n"
        "case a part of another, \"split\" makes a new case of some hosts, \"history\" prints each change of it, \"report\" writes\n"
        "it all down, in the language of --language. \"rule\" says what happens by itself when the service keeps a result, and\n"
        "changes it. Then \"ekigaku notify\" tells each owner of its hosts.\n\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "  -d, --directory FILE    owners out of this file instead of the store\n"
        "  -o, --output FILE       of the report: HTML that prints well; default: standard output\n"
        "      --outbreak NUMBER   instead of inputs: an outbreak that is kept already\n"
        "      --title TEXT        of the case; default: that of the outbreak\n"
        "      --tlp LABEL         RED, AMBER+STRICT, AMBER, GREEN or CLEAR; default: not marked; owners are then told as AMBER+STRICT\n"
        "      --no-lesson         close: there was nothing to learn, and the timeline says so\n"
        "      --reason TEXT       close: why, although tasks, notices, deadlines or enquiries are open\n"
        "      --department NAME   of a task: who does it; desk, network, systems, ... or a name of yours\n"
        "      --assignee NAME     of a task: the account that does it, or none\n"
        "      --due TIME          of a task: until when, or none\n"
        "      --follow on|off     rule: open cases take the new hosts of their outbreak; default: on\n"
        "      --open-from NUMBER  rule: from how many infected hosts on an outbreak becomes a case; off (default): none does\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "      --language en|ja    of what is shown to people\n"
        "  -j, --json              one JSON object a case, host and entry\n"
        "  -q, --quiet             no progress bar\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 1 nothing is spreading in what was read, or something is open and the case is not closed, 2 unusable arguments or not possible in this state, 3 an\n"
        "input, the store or the directory could not be read (what could be is kept), 4 something could not be written.\n\n"
        "Examples:\n"
        "  ekigaku case open --tlp AMBER -d directory.jsonl monday.pcap.gz\n"
        "  ekigaku notify --dry-run out -d directory.jsonl 1\n",
    .run = run,
};
