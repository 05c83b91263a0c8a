/* SPDX-License-Identifier: Apache-2.0 */
/* From captures and logs to a case: they are analysed, what was found is kept, and each outbreak in it
 * becomes a case or new hosts of one. */
#include <stdio.h>
#include <string.h>

#include "cli/case_desk.h"
#include "cli/case_facts.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

/* What one run did. */
struct taking {
    const struct eki_case_desk *desk;
    struct eki_store_work *work;
    struct eki_fault fault;
    int64_t cases[64]; /* to be shown */
    size_t count, outbreaks;
    const char *label; /* that the facts bear; NULL: none */
    const char *path;  /* of what is taken in */
    int64_t hosts;     /* that came to the case which is brought up to date */
};

/* The same traffic taken in twice makes two cases, whose owners would be told twice: the first one is named.
 */
static enum eki_error tell_twin(struct taking *t, const struct eki_store_outbreak *twin, int64_t made)
{
    struct eki_store_case *cases;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "outbreak", .number = twin->id}}, .limit = 1};
    enum eki_error error = eki_store_list(t->work, &query, &cases, &page);
    if (!error && page.count)
        eki_warn("case",
                 EKI_TEXT("case {1} is about an outbreak that is the same to the second: look before its "
                          "owners are told twice (ekigaku case merge {2} {1})"),
                 EKI_VALUES(eki_say_number(cases[0].id).text, eki_say_number(made).text));
    return error;
}

static enum eki_error look_for_twins(struct taking *t, int64_t outbreak, int64_t made)
{
    struct eki_store_outbreak own, *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_get(t->work, &own, outbreak);
    if (error) return error;
    const struct eki_store_query query = {.where = {{.column = "started", .number = own.started}},
                                          .limit = EKI_STORE_MOST_ROWS};
    error = eki_store_list(t->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        const struct eki_store_outbreak *o = &rows[i];
        bool same = o->id != own.id && o->port == own.port && !strcmp(o->proto, own.proto) &&
                    o->ended == own.ended && o->infected == own.infected &&
                    !strcmp(o->patient_zero, own.patient_zero);
        if (same) error = tell_twin(t, o, made);
    }
    return error;
}

static enum eki_error take_outbreak(struct taking *t, int64_t outbreak)
{
    const struct eki_case_request *request = t->desk->request;
    struct eki_case_news news = {0};
    struct eki_case_opening opening = {.outbreak = outbreak,
                                       .directory = t->desk->directory,
                                       .title = request->title,
                                       .tlp = request->tlp ? request->tlp : t->label,
                                       .catalogue = t->desk->catalogue};
    int64_t id = request->of_case;
    enum eki_error error = id ? eki_case_update(t->work, &t->desk->act, id, &opening, &news)
                              : eki_case_open(t->work, &t->desk->act, &opening, &id, &t->fault);
    if (error == EKI_ERROR_CONFLICT && news.why) eki_fault_set(&t->fault, error, 0, "%s", news.why);
    if (error == EKI_ERROR_MISSING && !*t->fault.what)
        eki_fault_set(&t->fault, error, 0, id ? "case %lld" : "outbreak %lld",
                      (long long)(id ? id : outbreak));
    if (error) return error;
    if (!request->of_case) error = look_for_twins(t, outbreak, id);
    if (error) return error;
    t->hosts += (int64_t)news.hosts;
    t->outbreaks++;
    bool known = request->of_case && t->count;
    if (!known && t->count < sizeof t->cases / sizeof *t->cases) t->cases[t->count++] = id;
    return EKI_OK;
}

static enum eki_error take_result(struct taking *t, const struct eki_result *result)
{
    struct eki_store_analysis analysis;
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    const char *path = t->path, *slash = strrchr(path, '/');
    const char *title = slash && slash[1] ? slash + 1 : path;
    const struct eki_store_keeping keeping = {.title = title, .facts_path = "", .tlp = t->label};
    enum eki_error error = eki_store_keep_result(t->work, &keeping, result, &analysis);
    if (error) return error;
    const struct eki_store_query query = {.where = {{.column = "analysis", .number = analysis.id}},
                                          .limit = EKI_STORE_MOST_ROWS};
    error = eki_store_list(t->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = take_outbreak(t, rows[i].id);
    return error;
}

static int settle(const struct eki_case_desk *desk, const struct eki_result *result, const char *path,
                  const char *label)
{
    struct taking t = {.desk = desk, .path = path, .label = label, .work = eki_case_begin(desk)};
    const struct eki_case_request *request = desk->request;
    if (!t.work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = result ? take_result(&t, result) : take_outbreak(&t, request->outbreak);
    int status = eki_case_end(desk, t.work, error, &t.fault);
    if (status) return status;
    if (!t.outbreaks) {
        eki_warn(
            "case",
            EKI_TEXT("no outbreak in what could be read: no case was opened. ekigaku analyze tells more"),
            EKI_NO_VALUES);
        return EKI_EXIT_BELOW;
    }
    if (request->of_case && !request->json) {
        eki_say_column(eki_say_count(request->language, (uint64_t)t.hosts, EKI_TEXT("{1} more affected host"),
                                     EKI_TEXT("{1} more affected hosts"))
                           .text,
                       0);
        putchar('\n');
    }
    for (size_t i = 0; i < t.count && !status; i++) status = eki_case_show_one(desk, t.cases[i]);
    return status;
}

/* What could be read makes a case; that some could not is still told by the status. */
static int read_and_settle(const struct eki_case_desk *desk, struct eki_analysis *analysis,
                           struct eki_progress_bar *bar)
{
    const struct eki_inputs *inputs = &desk->request->inputs;
    struct eki_fault fault = {0};
    enum eki_error error = eki_analysis_inputs(analysis, inputs->sources, inputs->count, &fault);
    eki_progress_end(bar);
    int unread = eki_inputs_complain(inputs, eki_analysis_result(analysis));
    error = eki_analysis_finish(analysis);
    if (error) {
        eki_warn("case", EKI_TEXT("{1}: nothing was kept"),
                 EKI_VALUES(eki_report_text_in(desk->request->language, error == EKI_ERROR_STOPPED
                                                                            ? EKI_TEXT("interrupted")
                                                                            : eki_error_text(error))));
        return error == EKI_ERROR_STOPPED ? EKI_EXIT_INTERRUPTED : EKI_EXIT_FAILED;
    }
    /* Where nothing could be read there is nothing to keep, and silence is no all-clear. */
    if (unread && eki_analysis_result(analysis)->origin == EKI_TIME_NONE) return unread;
    int status = settle(desk, eki_analysis_result(analysis), inputs->sources[0].path, NULL);
    return status == EKI_EXIT_NOTHING || (status == EKI_EXIT_BELOW && unread) ? unread : status;
}

/* A label only ever becomes stricter on the way: --tlp may add to what the facts say, not take from it. */
static bool may_label(const struct eki_case_desk *desk, enum eki_tlp bears)
{
    const struct eki_case_request *request = desk->request;
    enum eki_tlp asked;
    if (!request->tlp || eki_tlp_parse(request->tlp, &asked) || eki_tlp_stricter(asked, bears) == asked)
        return true;
    eki_warn("case",
             EKI_TEXT("--tlp {1} reaches further than {2}, which the facts bear: nothing was kept. Leave it "
                      "out; a coordinator may widen the case afterwards, with a reason (ekigaku case mark)"),
             EKI_VALUES(request->tlp, eki_tlp_text(bears)));
    return false;
}

static int settle_facts(const struct eki_case_desk *desk, const struct eki_facts *facts, const char *path)
{
    enum eki_tlp label;
    if (!eki_facts_label(facts, &label)) return settle(desk, eki_facts_result(facts), path, NULL);
    if (!may_label(desk, label)) return EKI_EXIT_USAGE;
    return settle(desk, eki_facts_result(facts), path, eki_tlp_word(label));
}

/* Each file of facts is kept as a result of its own. */
static int take_facts(const struct eki_case_desk *desk)
{
    const struct eki_inputs *inputs = &desk->request->inputs;
    int status = EKI_EXIT_NOTHING;
    for (size_t i = 0; i < inputs->count; i++) {
        struct eki_facts *facts;
        int one = eki_case_facts_read(inputs->sources[i].path, &facts);
        if (!one) {
            one = settle_facts(desk, facts, inputs->sources[i].path);
            eki_facts_free(facts);
        }
        if (one > status) status = one;
    }
    return status;
}

int eki_case_take_in(const struct eki_case_desk *desk)
{
    const struct eki_inputs *inputs = &desk->request->inputs;
    struct eki_progress_bar bar = eki_progress_start(desk->request->quiet, eki_inputs_bytes(inputs));
    struct eki_analysis_options options = {
        .progress = eki_progress_show, .progress_user = &bar, .stop = eki_interrupt_watch()};
    struct eki_analysis *analysis;
    if (!inputs->count) return settle(desk, NULL, NULL, NULL);
    enum eki_case_input kind = eki_case_input_kind(desk->request);
    if (kind == EKI_CASE_INPUT_WRONG) return EKI_EXIT_USAGE;
    if (kind == EKI_CASE_INPUT_FACTS) return take_facts(desk);
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) {
        eki_warn("case", eki_error_text(error), EKI_NO_VALUES);
        return EKI_EXIT_FAILED;
    }
    int status = read_and_settle(desk, analysis, &bar);
    eki_analysis_free(analysis);
    return status;
}
