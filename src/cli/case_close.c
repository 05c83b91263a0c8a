/* SPDX-License-Identifier: Apache-2.0 */
/* A case is closed: what is still open is told first, and wants a reason. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/case_desk.h"
#include "cli/case_told.h"
#include "cli/desk_call.h"

enum { SHOWN = 5 /* of each kind */ };

struct telling {
    const struct eki_case_desk *desk;
    enum eki_case_end_kind kind; /* that is told now */
    size_t told;                 /* of it */
};

static void tell_json(const struct eki_case_desk *desk, enum eki_case_end_kind kind,
                      const struct eki_case_open_end *end)
{
    static const char *const kinds[EKI_CASE_ENDS] = {"task", "notice", "deadline", "enquiry"};
    eki_desk_put_json(json_pack("{s:s,s:I,s:s,s:o,s:s}", "type", "open", "case",
                                (json_int_t)desk->request->of_case, "kind", kinds[kind], "id",
                                end->clock ? json_string(end->clock) : json_integer((json_int_t)end->id),
                                "name", end->name));
}

/* Of a kind only some are shown. */
static void put_rest(struct telling *t)
{
    if (t->told > SHOWN)
        eki_say_line(stderr, t->desk->request->language, EKI_TEXT("  and more of these: {1}"),
                     EKI_VALUES(eki_say_number((int64_t)(t->told - SHOWN)).text));
    t->told = 0;
}

static void tell_end(void *user, enum eki_case_end_kind kind, const struct eki_case_open_end *end)
{
    static const char *const lines[EKI_CASE_ENDS] = {
        EKI_TEXT("  task {1}: {2}"), EKI_TEXT("  notice {1}, not answered: {2}"),
        EKI_TEXT("  deadline {1}: {2}"), EKI_TEXT("  enquiry {1}, not answered: {2}")};
    struct telling *t = user;
    const struct eki_case_desk *desk = t->desk;
    if (desk->request->json) {
        tell_json(desk, kind, end);
        return;
    }
    if (kind != t->kind) put_rest(t);
    t->kind = kind;
    if (t->told++ >= SHOWN) return;
    enum eki_language language = desk->request->language;
    const char *name = end->task    ? eki_case_task_title(end->task, desk->catalogue, language)
                       : end->clock ? eki_case_called(desk, "deadline", end->clock)
                                    : end->name;
    eki_say_line(stderr, language, lines[kind],
                 EKI_VALUES(end->clock ? end->clock : eki_say_number(end->id).text,
                            name == end->clock ? end->name : name));
}

static int refuse(const struct eki_case_desk *desk, struct eki_store_work *work)
{
    struct telling t = {.desk = desk};
    struct eki_case_ends ends;
    eki_warn(
        "case",
        EKI_TEXT("case {1} is not closed, because something is open. To close it all the same: --reason WHY"),
        EKI_VALUES(eki_say_number(desk->request->of_case).text));
    enum eki_error error = eki_case_ends(work, desk->request->of_case, tell_end, &t, &ends);
    put_rest(&t);
    int status = eki_case_end(desk, work, error, NULL);
    return status ? status : EKI_EXIT_BELOW;
}

int eki_case_close_one(const struct eki_case_desk *desk)
{
    const struct eki_case_request *r = desk->request;
    struct eki_fault fault = {0};
    struct eki_store_case row;
    struct eki_case_ends ends = {0};
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, r->of_case);
    bool open = !error && (!strcmp(row.state, "open") || !strcmp(row.state, "contained"));
    if (open) error = eki_case_ends(work, r->of_case, NULL, NULL, &ends);
    if (!error && ends.all && !r->reason) return refuse(desk, work);
    if (!error && ends.all) error = eki_case_leave_open(work, &desk->act, r->of_case, &ends, r->reason);
    if (!error) error = eki_case_close(work, &desk->act, r->of_case, r->text, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)r->of_case);
    if (!error && !r->json) error = eki_case_told_act(desk, work, r->of_case);
    int status = eki_case_end(desk, work, error, &fault);
    return status || !r->json ? status : eki_case_show_one(desk, r->of_case);
}
