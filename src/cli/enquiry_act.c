/* SPDX-License-Identifier: Apache-2.0 */
/* What `ekigaku enquiry` does: opened, judged, handed over, answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/enquiry_command.h"

static int64_t number_of(const char *text)
{
    return text ? eki_desk_number(text) : 0;
}

static int open_one(struct eki_enquiry_request *r)
{
    struct eki_fault fault = {0};
    int64_t id = 0;
    if (r->call.count != 1 || !r->asker)
        return eki_desk_misused(&r->call, "%s", "open: --asker WHO and the question");
    char *text = eki_desk_text(&r->call, r->call.words[0], EKI_ENQUIRY_TEXT);
    struct eki_store_work *work = text ? eki_desk_begin(&r->call) : NULL;
    int status = EKI_EXIT_UNREADABLE;
    if (work) {
        const struct eki_enquiry_opening opening = {.of_case = number_of(r->of_case),
                                                    .notice = number_of(r->notice),
                                                    .subject = r->subject,
                                                    .asker = r->asker,
                                                    .text = text};
        enum eki_error error = eki_enquiry_open(work, &r->call.act, &opening, &id, &fault);
        if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "its case or notice");
        status = eki_desk_end(&r->call, work, error, &fault);
    }
    free(text);
    return status ? status : eki_enquiry_show_one(&r->call, id);
}

/* The account of a name; EKI_ERROR_ARGUMENT with the reason when there is none. */
static enum eki_error find_taker(struct eki_store_work *work, const char *name, int64_t *ret_account,
                                 struct eki_fault *fault)
{
    struct eki_store_account row;
    *ret_account = 0;
    if (!name) return EKI_OK;
    enum eki_error error = eki_store_find(work, &row, "name", name);
    if (error == EKI_ERROR_MISSING)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "there is no account \"%.100s\"", name);
    if (!error) *ret_account = row.id;
    return error;
}

/* A change of one enquiry, and the enquiry as it is then. */
static int change(struct eki_enquiry_request *r, enum eki_enquiry_kind kind, int64_t id, const char *text)
{
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error;
    if (kind == EKI_ENQUIRY_HANDOVER) {
        struct eki_enquiry_taker taker = {.department = r->department, .why = text};
        error = find_taker(work, r->to, &taker.account, &fault);
        if (!error) error = eki_enquiry_hand(work, &r->call.act, id, &taker, &fault);
    } else {
        error = eki_enquiry_say(work, &r->call.act, id, &(struct eki_enquiry_words){kind, text}, &fault);
    }
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "enquiry %lld", (long long)id);
    int status = eki_desk_end(&r->call, work, error, &fault);
    return status ? status : eki_enquiry_show_one(&r->call, id);
}

static int act_on(struct eki_enquiry_request *r, enum eki_enquiry_kind kind)
{
    int64_t id = r->call.count ? eki_desk_number(r->call.words[0]) : 0;
    bool needs = kind != EKI_ENQUIRY_CLOSING && kind != EKI_ENQUIRY_HANDOVER;
    if (!id) return eki_desk_misused(&r->call, "%s", "which enquiry? ekigaku enquiry list shows them");
    if (r->call.count > 2 || (needs && r->call.count < 2))
        return eki_desk_misused(&r->call, "%s",
                                needs ? "one text, or - for standard input" : "at most one text");
    char *text = eki_desk_text(&r->call, r->call.count > 1 ? r->call.words[1] : "", EKI_ENQUIRY_TEXT);
    if (!text) return EKI_EXIT_UNREADABLE;
    int status = change(r, kind, id, text);
    free(text);
    return status;
}

static int show_one(struct eki_enquiry_request *r)
{
    int64_t id = r->call.count == 1 ? eki_desk_number(r->call.words[0]) : 0;
    if (!id) return eki_desk_misused(&r->call, "%s", "which enquiry? ekigaku enquiry list shows them");
    return eki_enquiry_show_one(&r->call, id);
}

/* The verbs that change one; EKI_ENQUIRY_KINDS for others. */
static enum eki_enquiry_kind kind_of(const char *verb)
{
    static const char *const verbs[EKI_ENQUIRY_KINDS] = {
        [EKI_ENQUIRY_QUESTION] = "question", [EKI_ENQUIRY_REQUEST] = "request",
        [EKI_ENQUIRY_JUDGEMENT] = "judge",   [EKI_ENQUIRY_ANSWER] = "answer",
        [EKI_ENQUIRY_CLOSING] = "close",     [EKI_ENQUIRY_HANDOVER] = "handover"};
    int i = 0;
    while (i < EKI_ENQUIRY_KINDS && strcmp(verb, verbs[i]) != 0) i++;
    return (enum eki_enquiry_kind)i;
}

static int check_values(const struct eki_enquiry_request *r)
{
    static const char *const states[] = {"open", "waiting", "answered", "closed"};
    bool known = !r->state;
    for (size_t i = 0; r->state && i < sizeof states / sizeof *states; i++)
        known |= !strcmp(r->state, states[i]);
    if (!known)
        return eki_desk_misused(&r->call, "--state is open, waiting, answered or closed, not \"%s\"",
                                r->state);
    if (r->days && !number_of(r->days))
        return eki_desk_misused(&r->call, "--days is a number above 0, not \"%s\"", r->days);
    return 0;
}

int eki_enquiry_act(struct eki_enquiry_request *r)
{
    const char *verb = r->call.count ? r->call.words[0] : "";
    bool reads = !strcmp(verb, "list") || !strcmp(verb, "show") || !strcmp(verb, "stats");
    enum eki_enquiry_kind kind = kind_of(verb);
    if (!reads && kind == EKI_ENQUIRY_KINDS && strcmp(verb, "open") != 0)
        return eki_desk_misused(
            &r->call, "%s",
            "what? open, list, show, judge, handover, request, question, answer, close or stats");
    int status = check_values(r);
    if (status) return status;
    status = eki_desk_open(&r->call, reads ? EKI_RANK_VIEWER : EKI_RANK_ANALYST);
    if (status) return status;
    r->call.words++;
    r->call.count--;
    if (!strcmp(verb, "open")) return open_one(r);
    if (!strcmp(verb, "list"))
        return eki_enquiry_list_all(&r->call, &(struct eki_enquiry_asked){r->state, number_of(r->of_case)});
    if (!strcmp(verb, "show")) return show_one(r);
    if (!strcmp(verb, "stats")) return eki_enquiry_show_stats(&r->call, number_of(r->days));
    return act_on(r, kind);
}
