/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the report of a case. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case/case_move.h"
#include "case/report_page.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/case_task.h"
#include "ekigaku/case_words.h"
#include "ekigaku/deadline.h"

static int by_owner(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    int order = strcmp(x->team, y->team);
    if (!order) order = strcmp(x->department, y->department);
    if (order) return order;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : strcmp(x->host, y->host);
}

enum eki_error eki_case_part_affected(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Owner"),
                                           EKI_TEXT("Host"),
                                           EKI_TEXT("Infected at"),
                                           EKI_TEXT("By"),
                                           EKI_TEXT("Evidence"),
                                           EKI_TEXT("State"),
                                           NULL};
    qsort(page->hosts, page->host_count, sizeof *page->hosts, by_owner);
    eki_case_heading(page, EKI_TEXT("Who is affected"));
    eki_case_table(page, headings);
    for (size_t i = 0; i < page->host_count; i++) {
        const struct eki_store_case_host *h = &page->hosts[i];
        if (!eki_case_row(page)) continue;
        fputs("<td>", page->out);
        eki_case_put_owner(page, h->team, h->department);
        fputs("</td>", page->out);
        eki_case_cell(page, h->host);
        eki_case_cell_time(page, h->at);
        eki_case_cell(page, h->parent);
        eki_case_cell(page, eki_case_word(page, "evidence", h->evidence));
        eki_case_cell(page, eki_case_word(page, "host", h->state));
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}

static void note(struct eki_case_page *page, const char *english)
{
    fputs("<p class=\"note\">", page->out);
    eki_case_say_text(page, english);
    fputs("</p>\n", page->out);
}

static void say_withheld(struct eki_case_page *page, size_t withheld)
{
    char number[24];
    if (!withheld) return;
    snprintf(number, sizeof number, "%zu", withheld);
    fputs("<p class=\"note\">", page->out);
    eki_case_say_with(page, EKI_TEXT("Withheld, their label is stricter than that of the case: {1}."),
                      (const char *const[3]){number, NULL, NULL});
    fputs("</p>\n", page->out);
}

/* Moves those to the front whose label is none stricter than that of the case, which the report bears. */
static size_t keep_told_notices(const struct eki_store_case *of, struct eki_store_notice *rows, size_t count)
{
    size_t told = 0;
    for (size_t i = 0; i < count; i++)
        if (eki_notice_label(&rows[i]) <= eki_case_label(of)) rows[told++] = rows[i];
    return told;
}

enum eki_error eki_case_part_notices(struct eki_case_page *page)
{
    static const char *const headings[] = {
        EKI_TEXT("Owner"),    EKI_TEXT("Goes to"), EKI_TEXT("Hosts"),    EKI_TEXT("State"),
        EKI_TEXT("Released"), EKI_TEXT("Sent at"), EKI_TEXT("Answered"), NULL};
    struct eki_store_notice *rows;
    size_t all = 0;
    char hosts[24];
    enum eki_error error = eki_case_rows(page->work, page->row.id, &rows, &all);
    if (error) return error;
    const size_t count = keep_told_notices(&page->row, rows, all);
    eki_case_heading(page, EKI_TEXT("Notices"));
    if (!all) note(page, EKI_TEXT("Nobody was told yet."));
    say_withheld(page, all - count);
    if (!count) return EKI_OK;
    eki_case_table(page, headings);
    for (size_t i = 0; i < count; i++) {
        const struct eki_store_notice *n = &rows[i];
        if (!eki_case_row(page)) continue;
        fputs("<td>", page->out);
        eki_case_put_owner(page, n->team, n->department);
        fputs("</td>", page->out);
        snprintf(hosts, sizeof hosts, "%lld", (long long)n->hosts);
        eki_case_cell(page, n->address);
        eki_case_cell(page, hosts);
        eki_case_cell(page, eki_case_word(page, "notice", n->state));
        eki_case_cell_time(page, n->released);
        eki_case_cell_time(page, n->sent);
        eki_case_cell_time(page, n->answered);
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}

static int by_department(const void *a, const void *b)
{
    const struct eki_store_task *x = a, *y = b;
    int order = strcmp(x->department, y->department);
    if (order) return order;
    return x->due != y->due ? (x->due > y->due) - (x->due < y->due) : (x->id > y->id) - (x->id < y->id);
}

enum eki_error eki_case_part_tasks(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Department"), EKI_TEXT("Task"),  EKI_TEXT("State"),
                                           EKI_TEXT("Due"),        EKI_TEXT("Ended"), NULL};
    struct eki_store_task *rows;
    size_t count = 0;
    enum eki_error error = eki_case_rows(page->work, page->row.id, &rows, &count);
    if (error) return error;
    qsort(rows, count, sizeof *rows, by_department);
    eki_case_heading(page, EKI_TEXT("Tasks"));
    if (!count) note(page, EKI_TEXT("None."));
    if (!count) return EKI_OK;
    eki_case_table(page, headings);
    for (size_t i = 0; i < count; i++) {
        const struct eki_store_task *t = &rows[i];
        if (!eki_case_row(page)) continue;
        bool late = t->due && (t->ended ? t->ended : page->report->now) > t->due;
        eki_case_cell(page, eki_case_word(page, "department", t->department));
        eki_case_cell(page, eki_case_task_title(t, page->report->catalogue, page->report->language));
        fputs("<td>", page->out);
        eki_case_put(page, eki_case_word(page, "task", t->state));
        if (late) fputs(" (", page->out);
        if (late) eki_case_say_text(page, EKI_TEXT("late"));
        if (late) fputs(")", page->out);
        fputs("</td>", page->out);
        eki_case_cell_time(page, t->due);
        eki_case_cell_time(page, t->ended);
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}

enum eki_error eki_case_part_deadlines(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Due"), EKI_TEXT("Deadline"), EKI_TEXT("Kept at"),
                                           EKI_TEXT("Where the time comes from"), NULL};
    struct eki_deadline all[EKI_DEADLINES];
    size_t count = 0;
    enum eki_error error = eki_case_deadlines(page->work, page->row.id, all, &count);
    if (error) return error;
    eki_case_heading(page, EKI_TEXT("Deadlines, where these laws apply to you"));
    eki_case_table(page, headings);
    for (size_t i = 0; i < count && eki_case_row(page); i++) {
        eki_case_cell_time(page, all[i].due);
        const char *title = eki_case_word(page, "deadline", all[i].id);
        eki_case_cell(page, title == all[i].id ? all[i].title : title); /* one that is not ours has its own */
        eki_case_cell_time(page, all[i].met);
        eki_case_cell(page, eki_report_text_in(page->report->language, all[i].source));
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}

static int by_time(const void *a, const void *b)
{
    const struct eki_store_case_entry *x = a, *y = b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->id > y->id) - (x->id < y->id);
}

static void write_lessons(struct eki_case_page *page, const struct eki_store_case_entry *rows, size_t count)
{
    size_t lessons = 0;
    eki_case_heading(page, EKI_TEXT("What was learnt"));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].kind, "lesson") != 0) continue;
        lessons++;
        fputs("<p class=\"text\">", page->out);
        eki_case_put(page, rows[i].text);
        fputs("</p>\n", page->out);
    }
    if (!lessons) note(page, EKI_TEXT("Nothing was written down yet."));
}

enum eki_error eki_case_part_timeline(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Time"), EKI_TEXT("Kind"), EKI_TEXT("Host"),
                                           EKI_TEXT("What happened"), NULL};
    struct eki_store_case_entry *rows;
    size_t count = 0;
    enum eki_error error = eki_case_rows(page->work, page->row.id, &rows, &count);
    if (error) return error;
    qsort(rows, count, sizeof *rows, by_time);
    eki_case_heading(page, EKI_TEXT("Course of the case"));
    eki_case_table(page, headings);
    for (size_t i = 0; i < count; i++) {
        char room[EKI_CASE_WORDS];
        if (!eki_case_row(page)) continue;
        eki_case_cell_time(page, rows[i].at);
        eki_case_cell(page, eki_case_word(page, "entry", rows[i].kind));
        eki_case_cell(page, rows[i].host);
        fputs("<td class=\"text\">", page->out);
        eki_case_put(page, eki_case_entry_words(&rows[i], page->report->language, room));
        fputs("</td>", page->out);
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    write_lessons(page, rows, count);
    return EKI_OK;
}

/* Moves those to the front that bear no stricter label than their case, whose label the report bears. */
static size_t keep_told_indicators(const struct eki_store_case *of, struct eki_store_indicator *rows,
                                   size_t count)
{
    const enum eki_tlp label = eki_case_label(of);
    size_t told = 0;
    for (size_t i = 0; i < count; i++)
        if (eki_indicator_label(&rows[i], label) == label) rows[told++] = rows[i];
    return told;
}

enum eki_error eki_case_part_indicators(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Kind"),  EKI_TEXT("Value"),     EKI_TEXT("Seen"),
                                           EKI_TEXT("First"), EKI_TEXT("Last seen"), NULL};
    struct eki_store_indicator *rows;
    size_t all = 0;
    char seen[24];
    enum eki_error error = eki_case_rows(page->work, page->row.id, &rows, &all);
    if (error) return error;
    const size_t count = keep_told_indicators(&page->row, rows, all);
    eki_case_heading(page, EKI_TEXT("Indicators"));
    if (!all) note(page, EKI_TEXT("None."));
    say_withheld(page, all - count);
    if (!count) return EKI_OK;
    eki_case_table(page, headings);
    for (size_t i = 0; i < count; i++) {
        if (!eki_case_row(page)) continue;
        snprintf(seen, sizeof seen, "%lld", (long long)rows[i].sightings);
        eki_case_cell(page, eki_case_word(page, "indicator", rows[i].kind));
        eki_case_cell(page, rows[i].value);
        eki_case_cell(page, seen);
        eki_case_cell_time(page, rows[i].first);
        eki_case_cell_time(page, rows[i].last);
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}

enum eki_error eki_case_part_evidence(struct eki_case_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Name"),     EKI_TEXT("SHA-256"),
                                           EKI_TEXT("Bytes"),    EKI_TEXT("Handling class"),
                                           EKI_TEXT("Taken at"), NULL};
    struct eki_store_evidence *rows;
    size_t count = 0;
    char size[24], class[8];
    enum eki_error error = eki_case_rows(page->work, page->row.id, &rows, &count);
    if (error) return error;
    eki_case_heading(page, EKI_TEXT("Evidence"));
    if (!count) note(page, EKI_TEXT("None."));
    if (!count) return EKI_OK;
    eki_case_table(page, headings);
    for (size_t i = 0; i < count; i++) {
        if (!eki_case_row(page)) continue;
        snprintf(size, sizeof size, "%lld", (long long)rows[i].size);
        snprintf(class, sizeof class, "%d", (int)rows[i].handling_class);
        eki_case_cell(page, rows[i].name);
        fputs("<td class=\"hash\">", page->out);
        eki_case_put(page, rows[i].sha256);
        fputs("</td>", page->out);
        eki_case_cell(page, size);
        eki_case_cell(page, class);
        eki_case_cell_time(page, rows[i].taken);
        eki_case_row_end(page);
    }
    eki_case_table_end(page);
    return EKI_OK;
}
