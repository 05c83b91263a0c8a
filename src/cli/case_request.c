/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_request.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/output.h"
#include "cli/store_place.h"

enum {
    OUTBREAK = 256,
    TLP,
    TITLE,
    NOW,
    AS,
    NO_LESSON,
    LANGUAGE,
    DEPARTMENT,
    ASSIGNEE,
    DUE,
    OPEN_FROM,
    FOLLOW,
    REASON
};

static const struct option options[] = {{"store", required_argument, NULL, 's'},
                                        {"directory", required_argument, NULL, 'd'},
                                        {"output", required_argument, NULL, 'o'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {"outbreak", required_argument, NULL, OUTBREAK},
                                        {"tlp", required_argument, NULL, TLP},
                                        {"title", required_argument, NULL, TITLE},
                                        {"now", required_argument, NULL, NOW},
                                        {"as", required_argument, NULL, AS},
                                        {"no-lesson", no_argument, NULL, NO_LESSON},
                                        {"language", required_argument, NULL, LANGUAGE},
                                        {"department", required_argument, NULL, DEPARTMENT},
                                        {"assignee", required_argument, NULL, ASSIGNEE},
                                        {"due", required_argument, NULL, DUE},
                                        {"open-from", required_argument, NULL, OPEN_FROM},
                                        {"follow", required_argument, NULL, FOLLOW},
                                        {"reason", required_argument, NULL, REASON},
                                        {NULL, 0, NULL, 0}};

static const char *const actions[EKI_CASE_ACTIONS] = {"open",  "list",    "show",   "update", "note",
                                                      "close", "reopen",  "task",   "mark",   "merge",
                                                      "split", "history", "report", "rule"};

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_case, what, which);
}

/* A number above 0; 0 when it is none. */
static int64_t number(const char *text)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    return *text && !*end && value > 0 ? value : 0;
}

static int take_label(struct eki_case_request *r)
{
    static const char *const labels[] = {"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(optarg, labels[i])) r->tlp = labels[i];
    return r->tlp ? 0 : misused("--tlp is RED, AMBER+STRICT, AMBER, GREEN or CLEAR, not \"%s\"", optarg);
}

static int take(struct eki_case_request *r, int option, const char *word)
{
    switch (option) {
    case 's': r->store = optarg; return 0;
    case 'd': r->directory = optarg; return 0;
    case 'o': r->output = optarg; return 0;
    case 'j': r->json = true; return 0;
    case 'q': r->quiet = true; return 0;
    case 'h': r->help = true; return 0;
    case TITLE:
        for (const char *c = r->title = optarg; *c; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                return misused("--title is one line without control characters%s", "");
        return 0;
    case AS: r->as = optarg; return 0;
    case REASON: r->reason = optarg; return *optarg ? 0 : misused("%s", "--reason: why?");
    case DEPARTMENT: r->department = optarg; return 0;
    case ASSIGNEE: r->assignee = optarg; return 0;
    case DUE:
        r->dated = true;
        r->due = strcmp(optarg, "none") ? eki_directory_moment(optarg) : EKI_TIME_NONE;
        return r->due == EKI_TIME_NONE && strcmp(optarg, "none") != 0
                   ? misused("--due is a moment or none, not \"%s\"", optarg)
                   : 0;
    case OPEN_FROM:
        r->open_from = strcmp(optarg, "off") ? number(optarg) : 0;
        return r->open_from || !strcmp(optarg, "off")
                   ? 0
                   : misused("--open-from is a number of infected hosts or off, not \"%s\"", optarg);
    case FOLLOW:
        r->follow = optarg;
        return strcmp(optarg, "on") != 0 && strcmp(optarg, "off") != 0
                   ? misused("--follow is on or off, not \"%s\"", optarg)
                   : 0;
    case NO_LESSON: r->no_lesson = true; return 0;
    case LANGUAGE:
        return eki_say_language(optarg, &r->language) ? 0
                                                      : misused("--language is en or ja, not \"%s\"", optarg);
    case TLP: return take_label(r);
    case OUTBREAK:
        r->outbreak = number(optarg);
        return r->outbreak ? 0 : misused("--outbreak is the number of a kept outbreak, not \"%s\"", optarg);
    case NOW:
        r->now = eki_directory_moment(optarg);
        return r->now == EKI_TIME_NONE ? misused("--now is no moment: \"%s\"", optarg) : 0;
    case ':': return misused("%s needs a value", word);
    default: return misused("unknown option %s", word);
    }
}

static int take_case(struct eki_case_request *r, int count, char **arguments)
{
    if (optind == count) return misused("%s", "which case? ekigaku case list shows them");
    r->of_case = number(arguments[optind]);
    if (!r->of_case) return misused("\"%s\" is no number of a case", arguments[optind]);
    optind++;
    return 0;
}

static int take_inputs(struct eki_case_request *r, int count, char **arguments)
{
    if (optind == count && !r->outbreak)
        return misused("%s", "which facts, captures or logs, or which --outbreak that is kept?");
    if (optind < count && r->outbreak) return misused("%s", "either inputs or --outbreak");
    for (; optind < count; optind++)
        if (!eki_inputs_add(&r->inputs, arguments[optind], false)) return EKI_EXIT_FAILED;
    eki_inputs_settle(&r->inputs);
    return 0;
}

static int take_text(struct eki_case_request *r, int count, char **arguments)
{
    if (optind < count) r->text = arguments[optind++];
    if (r->action == EKI_CASE_NOTE && (!r->text || !*r->text)) return misused("%s", "note: what?");
    if (r->action == EKI_CASE_CLOSE && (r->text && *r->text) == r->no_lesson)
        return misused("%s", "close: what was learnt? A lesson, or --no-lesson when there is none");
    return 0;
}

/* list | add TITLE | start, done, drop, again or set NUMBER */
static int take_task(struct eki_case_request *r, int count, char **arguments)
{
    static const char *const verbs[] = {"list", "add", "start", "done", "drop", "again", "set", NULL};
    size_t i = 0;
    r->verb = optind < count ? arguments[optind++] : verbs[0];
    while (verbs[i] && strcmp(verbs[i], r->verb) != 0) i++;
    if (!verbs[i]) return misused("task: list, add, start, done, drop, again or set, not \"%s\"", r->verb);
    if (i == 0) return 0;
    if (optind == count) return misused("task %s: which?", r->verb);
    if (i == 1) {
        r->text = arguments[optind++];
        return *r->text ? 0 : misused("%s", "task add: what?");
    }
    r->task = number(arguments[optind]);
    if (!r->task) return misused("\"%s\" is no number of a task", arguments[optind]);
    optind++;
    return strcmp(r->verb, "set") != 0 || r->department || r->assignee || r->dated
               ? 0
               : misused("%s", "task set: --department, --assignee or --due?");
}

/* The label, then why. */
static int take_mark(struct eki_case_request *r, int count, char **arguments)
{
    if (optind == count || eki_tlp_parse(arguments[optind], &r->label))
        return misused("mark: which label? red, amber+strict, amber, green or clear, not \"%s\"",
                       optind == count ? "" : arguments[optind]);
    optind++;
    if (optind < count) r->text = arguments[optind++];
    return 0;
}

/* merge CASE INTO; split CASE HOST... */
static int take_parts(struct eki_case_request *r, int count, char **arguments)
{
    if (r->action == EKI_CASE_SPLIT) {
        if (optind == count) return misused("%s", "split: which hosts?");
        r->hosts = arguments + optind;
        r->host_count = (size_t)(count - optind);
        optind = count;
        return 0;
    }
    if (optind == count) return misused("%s", "merge: into which case?");
    r->into = number(arguments[optind]);
    if (!r->into) return misused("\"%s\" is no number of a case", arguments[optind]);
    optind++;
    return 0;
}

static int take_action(struct eki_case_request *r, int count, char **arguments)
{
    if (optind == count)
        return misused(
            "%s",
            "what? open, list, show, update, note, close, reopen, task, mark, merge, split, history, report or rule");
    int i = 0;
    while (i < EKI_CASE_ACTIONS && strcmp(arguments[optind], actions[i]) != 0) i++;
    if (i == EKI_CASE_ACTIONS) return misused("there is no action \"%s\"", arguments[optind]);
    r->action = (enum eki_case_action)i;
    optind++;
    return 0;
}

int eki_case_request_parse(int count, char **arguments, struct eki_case_request *ret_request)
{
    struct eki_case_request *r = ret_request;
    *r = (struct eki_case_request){.store = eki_store_place(),
                                   .now = eki_directory_moment(NULL),
                                   .language = eki_output_language(),
                                   .open_from = -1};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":s:d:o:jqh", options, NULL)) != -1;) {
        int status = take(r, option, arguments[optind - 1]);
        if (status || r->help) return status;
    }
    int status = take_action(r, count, arguments);
    if (!status && r->action != EKI_CASE_OPEN && r->action != EKI_CASE_LIST && r->action != EKI_CASE_RULE)
        status = take_case(r, count, arguments);
    if (!status && (r->action == EKI_CASE_OPEN || r->action == EKI_CASE_UPDATE))
        status = take_inputs(r, count, arguments);
    if (!status && (r->action == EKI_CASE_NOTE || r->action == EKI_CASE_CLOSE))
        status = take_text(r, count, arguments);
    if (!status && (r->action == EKI_CASE_MERGE || r->action == EKI_CASE_SPLIT))
        status = take_parts(r, count, arguments);
    if (!status && r->action == EKI_CASE_TASK) status = take_task(r, count, arguments);
    if (!status && r->action == EKI_CASE_MARK) status = take_mark(r, count, arguments);
    if (!status && optind < count) status = misused("unexpected argument \"%s\"", arguments[optind]);
    return status;
}
