/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/indicator_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ekigaku/case.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/case_words.h"

static void show_row(const struct eki_indicator_request *r, const struct eki_store_indicator *i,
                     enum eki_tlp label)
{
    if (r->call.json) {
        eki_desk_put_json(json_pack(
            "{s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:I,s:b,s:o,s:o}", "type", "indicator", "id", (json_int_t)i->id,
            "case", (json_int_t)i->of_case, "kind", i->kind, "value", i->value, "comment", i->comment, "tlp",
            i->tlp, "label", eki_tlp_text(label), "sightings", (json_int_t)i->sightings, "detect", i->detect,
            "first", eki_desk_time(i->first), "last", eki_desk_time(i->last)));
        return;
    }
    printf("%5lld  ", (long long)i->id);
    eki_say_column(eki_case_word_in(r->call.language, "indicator", i->kind), 15);
    printf("%4lld x  ", (long long)i->sightings);
    if (!i->detect) eki_desk_say(&r->call, EKI_TEXT("seen beside  "), EKI_NO_VALUES);
    printf("%s  ", eki_tlp_text(label));
    eki_desk_put_line(i->value);
    printf("  ");
    eki_desk_put_line(eki_say_fault(eki_case_word_in(r->call.language, "role", i->comment)).text);
    putchar('\n');
}

/* Why a row is not shown: its own label and the audience that was asked for. */
static struct eki_tlp_decision decide(const struct eki_indicator_request *r, enum eki_tlp label)
{
    const struct eki_tlp_request asked = {.label = label, .audience = r->audience, .carries = EKI_TLP_ALL};
    return eki_tlp_leave(EKI_TLP_EXIT_INDICATOR_LIST, &asked);
}

/* A page of the indicators; counts those that are not for the audience. */
static enum eki_error show_page(const struct eki_indicator_request *r, struct eki_store_work *work,
                                const struct eki_store_case *of, struct eki_store_query *query,
                                size_t ret_counts[2])
{
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, query, &rows, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count; i++) {
        enum eki_tlp label = eki_indicator_label(&rows[i], eki_case_label(of));
        bool told = decide(r, label).allowed;
        if (told) show_row(r, &rows[i], label);
        ret_counts[!told]++;
    }
    query->cursor = page.next;
    return EKI_OK;
}

static int list_all(const struct eki_indicator_request *r, int64_t of_case)
{
    struct eki_store_case of;
    int status;
    size_t counts[2] = {0};
    struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                    .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_work *work = eki_desk_begin_case(&r->call, of_case, &of, &status);
    if (!work) return status;
    struct eki_tlp_decision decision = decide(r, eki_case_label(&of));
    if (!decision.allowed) {
        eki_desk_warn(&r->call, EKI_TEXT("case {1} is {2}: {3}"),
                      EKI_VALUES(eki_say_number(of_case).text, eki_tlp_text(eki_case_label(&of)),
                                 eki_report_text_in(r->call.language, eki_tlp_reason_text(decision.reason))));
        eki_store_end(work);
        return EKI_EXIT_REFUSED;
    }
    enum eki_error error;
    do error = show_page(r, work, &of, &query, counts);
    while (!error && query.cursor);
    if (counts[1])
        eki_desk_warn(
            &r->call, EKI_TEXT("withheld, their label is not for {1}: {2}"),
            EKI_VALUES(eki_tlp_audience_name(r->audience), eki_say_number((int64_t)counts[1]).text));
    if (!error && !counts[0] && !counts[1] && !r->call.json)
        eki_desk_say_line(&r->call, EKI_TEXT("No indicator."), EKI_NO_VALUES);
    return eki_desk_end(&r->call, work, error, NULL);
}

static int enter(struct eki_indicator_request *r, int64_t of_case, const struct eki_indicator_list *list)
{
    struct eki_case_sightings found;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error =
        eki_case_indicators(work, &r->call.act, &(struct eki_case_paste){of_case, list}, &found, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)of_case);
    int status = eki_desk_end(&r->call, work, error, &fault);
    if (status) return status;
    if (r->call.json)
        eki_desk_put_json(json_pack("{s:s,s:I,s:I,s:I,s:I}", "type", "paste", "case", (json_int_t)of_case,
                                    "added", (json_int_t)found.added, "again", (json_int_t)found.again,
                                    "passed", (json_int_t)list->passed));
    else
        eki_desk_say_line(&r->call, EKI_TEXT("Indicators: {1} new, {2} known already; other words: {3}"),
                          EKI_VALUES(eki_say_number((int64_t)found.added).text,
                                     eki_say_number((int64_t)found.again).text,
                                     eki_say_number((int64_t)list->passed).text));
    return EKI_EXIT_NOTHING;
}

/* A file's name reads as that of a program: who names a file that is there means what is in it. */
static bool names_file(const struct eki_indicator_request *r, const char *word)
{
    struct stat status;
    if (!strcmp(word, "-") || stat(word, &status)) return false;
    eki_desk_warn(
        &r->call,
        EKI_TEXT(
            "{1} is a file: --from {1} reads what is in it. Nothing was stored; where its name itself is "
            "the indicator, give it by standard input"),
        EKI_VALUES(word));
    return true;
}

static int add(struct eki_indicator_request *r, int64_t of_case)
{
    struct eki_indicator_list *list;
    struct eki_fault fault = {0};
    const char *word = r->call.count ? r->call.words[0] : "-";
    if (r->call.count > 1 || (r->from && r->call.count))
        return eki_desk_misused(&r->call, "%s", "add: a case, and one text, or -, or --from a file");
    if (!r->from && names_file(r, word)) return EKI_EXIT_USAGE;
    char *text = r->from ? eki_desk_file_text(&r->call, r->from, EKI_INDICATOR_LIST_BYTES)
                         : eki_desk_text(&r->call, word, EKI_INDICATOR_LIST_BYTES);
    if (!text) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_indicator_list_read(text, strlen(text), &list, &fault);
    free(text);
    if (error) {
        eki_desk_warn(&r->call, "{1}: {2}",
                      EKI_VALUES(eki_report_text_in(r->call.language, eki_error_text(error)), fault.what));
        return error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_USAGE;
    }
    if (!list->count)
        eki_desk_warn(
            &r->call,
            EKI_TEXT("no address, domain, page, hash or name of a program in it: nothing was stored"),
            EKI_NO_VALUES);
    int status = list->count ? enter(r, of_case, list) : EKI_EXIT_USAGE;
    eki_indicator_list_free(list);
    return status;
}

/* To let more people know is for coordinators, as it is for cases. */
static enum eki_error check_rank(const struct eki_indicator_request *r, struct eki_store_work *work,
                                 int64_t id, const struct eki_indicator_change *wanted,
                                 struct eki_fault *fault)
{
    bool widens;
    enum eki_error error = eki_indicator_widens(work, id, wanted, &widens);
    if (error || !widens || r->call.rank >= EKI_RANK_COORDINATOR) return error;
    return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "to widen a label is for coordinators");
}

static int change(struct eki_indicator_request *r, int64_t id, bool removes)
{
    struct eki_fault fault = {0};
    struct eki_store_indicator row;
    const struct eki_indicator_change wanted = {r->comment, r->kind, r->tlp,
                                                !r->detect ? -1 : !strcmp(r->detect, "yes")};
    if (r->call.count) return eki_desk_misused(&r->call, "%s", "one number of an indicator");
    if (r->detect && strcmp(r->detect, "yes") && strcmp(r->detect, "no"))
        return eki_desk_misused(&r->call, "--detect is yes or no, not \"%s\"", r->detect);
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, id);
    int64_t of_case = error ? 0 : row.of_case;
    if (!error && !removes) error = check_rank(r, work, id, &wanted, &fault);
    if (!error)
        error = removes ? eki_indicator_remove(work, &r->call.act, id)
                        : eki_indicator_change(work, &r->call.act, id, &wanted, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "indicator %lld", (long long)id);
    int status = eki_desk_end(&r->call, work, error, &fault);
    return status ? status : list_all(r, of_case);
}

int eki_indicator_act(struct eki_indicator_request *r)
{
    enum { ADD, LIST, CHANGE, REMOVE };
    static const struct eki_desk_verb verbs[] = {[ADD] = {"add", EKI_RANK_ANALYST, true},
                                                 [LIST] = {"list", EKI_RANK_VIEWER, true},
                                                 [CHANGE] = {"change", EKI_RANK_ANALYST, true},
                                                 [REMOVE] = {"remove", EKI_RANK_ANALYST, true},
                                                 {NULL, EKI_RANK_VIEWER, false}};
    struct eki_desk_chosen chosen;
    int status = eki_desk_choose(&r->call, verbs, &chosen);
    if (status) return status;
    switch (chosen.verb) {
    case ADD: return add(r, chosen.number);
    case LIST: return list_all(r, chosen.number);
    default: return change(r, chosen.number, chosen.verb == REMOVE);
    }
}
