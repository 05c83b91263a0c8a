/* SPDX-License-Identifier: Apache-2.0 */
/* Enquiries for people and for machines: all of them, one with its thread, their figures. */
#include <stdio.h>
#include <string.h>

#include "cli/enquiry_command.h"
#include "ekigaku/case_words.h"

static void show_row(const struct eki_desk_call *call, const struct eki_store_enquiry *e)
{
    if (call->json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:o,s:I,s:o,s:o,s:o}", "type",
                                    "enquiry", "id", (json_int_t)e->id, "case", (json_int_t)e->of_case,
                                    "notice", (json_int_t)e->notice, "subject", e->subject, "asker", e->asker,
                                    "state", e->state, "department", e->department, "account",
                                    (json_int_t)e->account, "held", eki_desk_time(e->held), "handovers",
                                    (json_int_t)e->handovers, "created", eki_desk_time(e->created), "reached",
                                    eki_desk_time(e->reached), "answered", eki_desk_time(e->answered)));
        return;
    }
    printf("%5lld  ", (long long)e->id);
    eki_say_column(eki_case_word_in(call->language, "enquiry", e->state), 14);
    eki_desk_put_time(e->created);
    printf("  ");
    eki_say_column(eki_say_count(call->language, (uint64_t)e->handovers, EKI_TEXT("{1} hand-over"),
                                 EKI_TEXT("{1} hand-overs"))
                       .text,
                   14);
    eki_desk_put_line(e->asker);
    printf("  ");
    eki_desk_put_line(e->subject);
    if (e->of_case) eki_desk_say(call, EKI_TEXT("  (case {1})"), EKI_VALUES(eki_say_number(e->of_case).text));
    putchar('\n');
}

int eki_enquiry_list_all(const struct eki_desk_call *call, const struct eki_enquiry_asked *asked)
{
    struct eki_store_work *work = eki_desk_begin(call);
    struct eki_store_query query = {.descending = true, .limit = 1000};
    enum eki_error error = EKI_OK;
    size_t all = 0, conditions = 0;
    if (!work) return EKI_EXIT_UNREADABLE;
    if (asked->state)
        query.where[conditions++] = (struct eki_store_where){.column = "state", .text = asked->state};
    if (asked->of_case)
        query.where[conditions] = (struct eki_store_where){.column = "of_case", .number = asked->of_case};
    do {
        struct eki_store_enquiry *rows;
        struct eki_store_page page;
        error = eki_store_list(work, &query, &rows, &page);
        for (size_t i = 0; !error && i < page.count; i++, all++)
            if (eki_desk_may_show(call, work, rows[i].of_case)) show_row(call, &rows[i]);
        query.cursor = error ? NULL : page.next;
    } while (query.cursor);
    if (!error && !all && !call->json) eki_desk_say_line(call, EKI_TEXT("No enquiry."), EKI_NO_VALUES);
    return eki_desk_end(call, work, error, NULL);
}

static void show_entry(const struct eki_desk_call *call, const struct eki_store_enquiry_entry *e)
{
    if (call->json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:o,s:s,s:s,s:s}", "type", "entry", "enquiry",
                                    (json_int_t)e->enquiry, "at", eki_desk_time(e->at), "kind", e->kind,
                                    "author", e->author, "text", e->text));
        return;
    }
    printf("  ");
    eki_desk_put_time(e->at);
    printf("  ");
    eki_say_column(eki_case_word_in(call->language, "thread", e->kind), 12);
    eki_desk_put_line(e->author);
    printf(": ");
    eki_desk_put_line(e->text);
    putchar('\n');
}

int eki_enquiry_show_one(const struct eki_desk_call *call, int64_t id)
{
    struct eki_store_enquiry row;
    struct eki_store_enquiry_entry *rows;
    struct eki_store_page page;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(call);
    const struct eki_store_query query = {.where = {{.column = "enquiry", .number = id}},
                                          .limit = EKI_STORE_MOST_ROWS};
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "enquiry %lld", (long long)id);
    if (!error && !eki_desk_may_show(call, work, row.of_case)) {
        eki_store_end(work);
        return EKI_EXIT_REFUSED;
    }
    if (!error) show_row(call, &row);
    if (!error) error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) show_entry(call, &rows[i]);
    return eki_desk_end(call, work, error, &fault);
}

/* {1} hours and {2} minutes. */
static void put_span(const struct eki_desk_call *call, const char *what, int64_t microseconds)
{
    int64_t minutes = microseconds / 60000000;
    eki_desk_say_line(call, what,
                      EKI_VALUES(eki_say_number(minutes / 60).text, eki_say_number(minutes % 60).text));
}

static void show_figures(const struct eki_desk_call *call, const struct eki_enquiry_figures *f)
{
    if (call->json) {
        eki_desk_put_json(json_pack(
            "{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:f,s:f,s:o}", "type", "figures", "all",
            (json_int_t)f->all, "open", (json_int_t)f->open, "waiting", (json_int_t)f->waiting, "answered",
            (json_int_t)f->answered, "closed", (json_int_t)f->closed, "untaken", (json_int_t)f->untaken,
            "reached", (json_int_t)f->reached, "direct", (json_int_t)f->direct, "handovers",
            (json_int_t)f->handovers, "reached_after_s", (double)f->reached_after / 1e6, "reached_most_s",
            (double)f->reached_most / 1e6, "answered_after_s", (double)f->answered_after / 1e6, "oldest",
            eki_desk_time(f->oldest)));
        return;
    }
    enum eki_language language = call->language;
    eki_desk_say_line(
        call, EKI_TEXT("{1}: {2} not answered (taken by nobody: {3}), {4} waiting, {5} answered, {6} closed"),
        EKI_VALUES(eki_say_count(language, f->all, EKI_TEXT("{1} enquiry"), EKI_TEXT("{1} enquiries")).text,
                   eki_say_number((int64_t)f->open).text, eki_say_number((int64_t)f->untaken).text,
                   eki_say_number((int64_t)f->waiting).text, eki_say_number((int64_t)f->answered).text,
                   eki_say_number((int64_t)f->closed).text));
    if (!f->reached) {
        eki_desk_say_line(call, EKI_TEXT("None was answered yet."), EKI_NO_VALUES);
        return;
    }
    eki_desk_say_line(
        call, EKI_TEXT("Answered: {1}, of these through no other hands: {2}; median of hand-overs: {3}"),
        EKI_VALUES(eki_say_number((int64_t)f->reached).text, eki_say_number((int64_t)f->direct).text,
                   eki_say_number((int64_t)f->handovers).text));
    put_span(call, EKI_TEXT("Median until the person who could answer had it: {1} h {2} min"),
             f->reached_after);
    put_span(call, EKI_TEXT("Longest until then: {1} h {2} min"), f->reached_most);
    put_span(call, EKI_TEXT("Median until the first answer: {1} h {2} min"), f->answered_after);
}

int eki_enquiry_show_stats(const struct eki_desk_call *call, int64_t days)
{
    struct eki_enquiry_figures figures;
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    int64_t since = days ? call->act.at - days * INT64_C(86400000000) : 0;
    enum eki_error error = eki_enquiry_stats(work, since, &figures);
    if (!error) show_figures(call, &figures);
    return eki_desk_end(call, work, error, NULL);
}
