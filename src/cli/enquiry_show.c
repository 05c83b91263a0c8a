/* SPDX-License-Identifier: Apache-2.0 */
/* Enquiries for people and for machines: all of them, one with its thread, their figures. */
#include <stdio.h>
#include <string.h>

#include "cli/enquiry_command.h"

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
    printf("%5lld  %-8s  ", (long long)e->id, e->state);
    eki_desk_put_time(e->created);
    printf("  %lld handed over  ", (long long)e->handovers);
    eki_desk_put_line(e->asker);
    printf("  ");
    eki_desk_put_line(e->subject);
    if (e->of_case) printf("  (case %lld)", (long long)e->of_case);
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
    if (!error && !all && !call->json) puts("No enquiry.");
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
    printf("  %-9s  ", e->kind);
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

static void put_span(const char *what, int64_t microseconds)
{
    int64_t minutes = microseconds / 60000000;
    printf("%s%lld h %02lld min\n", what, (long long)(minutes / 60), (long long)(minutes % 60));
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
    printf("%llu enquiries: %llu open (%llu taken by nobody), %llu waiting, %llu answered, %llu closed\n",
           (unsigned long long)f->all, (unsigned long long)f->open, (unsigned long long)f->untaken,
           (unsigned long long)f->waiting, (unsigned long long)f->answered, (unsigned long long)f->closed);
    if (!f->reached) {
        puts("None was answered yet.");
        return;
    }
    printf("Of %llu that were answered, %llu went through no other hands; median of hand-overs: %lld\n",
           (unsigned long long)f->reached, (unsigned long long)f->direct, (long long)f->handovers);
    put_span("Median until the person who could answer had it: ", f->reached_after);
    put_span("Longest until then: ", f->reached_most);
    put_span("Median until the first answer: ", f->answered_after);
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
