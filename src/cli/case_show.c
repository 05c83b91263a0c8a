/* SPDX-License-Identifier: Apache-2.0 */
/* Cases for people and for machines: all of them, or one with its hosts by owner and its timeline. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/case_desk.h"
#include "cli/command.h"
#include "cli/output.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_words.h"
#include "ekigaku/deadline.h"

static void put_time(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    printf("%.19sZ", eki_time_format(microseconds * 1000, text));
}

static json_t *time_of(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    return microseconds ? json_string(eki_time_format(microseconds * 1000, text)) : json_null();
}

static void print_json(json_t *object)
{
    if (object) json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (object) putchar('\n');
    json_decref(object);
}

static json_t *case_json(const struct eki_store_case *c, uint64_t hosts)
{
    return json_pack("{s:s,s:I,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:I}", "type", "case", "id",
                     (json_int_t)c->id, "title", c->title, "state", c->state, "outbreak",
                     (json_int_t)c->outbreak, "class", c->class, "known", c->known, "route", c->route, "tlp",
                     c->tlp, "created", time_of(c->created), "aware", time_of(c->aware), "closed",
                     time_of(c->closed), "hosts", (json_int_t)hosts);
}

static void print_line(const struct eki_case_desk *desk, const struct eki_store_case *c, uint64_t hosts)
{
    enum eki_language language = desk->request->language;
    char label[40];
    printf("%5lld  ", (long long)c->id);
    eki_say_column(eki_case_called(desk, "desk", c->state), 12);
    put_time(c->created);
    printf("  ");
    eki_say_column(eki_say_count(language, hosts, EKI_TEXT("{1} host"), EKI_TEXT("{1} hosts")).text, 10);
    snprintf(label, sizeof label, "TLP:%s", c->tlp);
    eki_say_column(*c->tlp ? label : eki_report_text_in(language, EKI_TEXT("no label")), 18);
    eki_output_plain(stdout, c->title);
    putchar('\n');
}

/* Who sits at the terminal is a named person: this is so for every label as long as the table of exits says
 * so. */
bool eki_case_may_show(const struct eki_case_desk *desk, const struct eki_store_case *row)
{
    const struct eki_tlp_request asked = {.label = eki_case_label(row), .carries = EKI_TLP_ALL};
    struct eki_tlp_decision decision = eki_tlp_leave(EKI_TLP_EXIT_CASE_SHOW, &asked);
    if (!decision.allowed)
        eki_warn(
            "case", EKI_TEXT("case {1} is {2}: {3}"),
            EKI_VALUES(eki_say_number(row->id).text, eki_tlp_text(asked.label),
                       eki_report_text_in(desk->request->language, eki_tlp_reason_text(decision.reason))));
    return decision.allowed;
}

static enum eki_error count_hosts(struct eki_store_work *work, int64_t of_case, uint64_t *ret_count)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}};
    return eki_store_count(work, EKI_STORE_CASE_HOST, &query, ret_count);
}

int eki_case_list_all(const struct eki_case_desk *desk)
{
    struct eki_store_work *work = eki_case_begin(desk);
    struct eki_store_query query = {.descending = true, .limit = 1000};
    enum eki_error error = EKI_OK;
    size_t all = 0;
    if (!work) return EKI_EXIT_UNREADABLE;
    do {
        struct eki_store_case *rows;
        struct eki_store_page page;
        error = eki_store_list(work, &query, &rows, &page);
        for (size_t i = 0; !error && i < page.count; i++, all++) {
            uint64_t hosts;
            if (!eki_case_may_show(desk, &rows[i])) continue;
            error = count_hosts(work, rows[i].id, &hosts);
            if (error) break;
            if (desk->request->json)
                print_json(case_json(&rows[i], hosts));
            else
                print_line(desk, &rows[i], hosts);
        }
        query.cursor = error ? NULL : page.next;
    } while (query.cursor);
    if (!error && !all && !desk->request->json)
        eki_case_tell_line(
            desk, EKI_TEXT("No case. ekigaku case open CAPTURE... opens one for each outbreak found."),
            EKI_NO_VALUES);
    return eki_case_end(desk, work, error, NULL);
}

static void put_heading(const struct eki_case_desk *desk, const char *english)
{
    putchar('\n');
    eki_case_tell_line(desk, english, EKI_NO_VALUES);
}

/* "10.0.0.7    2026-11-28T08:00:00Z  implant from 10.0.0.1  affected" */
static void print_host(const struct eki_case_desk *desk, const struct eki_store_case_host *h)
{
    const char *evidence = eki_case_called(desk, "evidence", h->evidence);
    char how[160];
    printf("    ");
    eki_say_column(h->host, 41);
    put_time(h->at);
    printf("  ");
    eki_say_into(how, sizeof how, desk->request->language, *h->parent ? EKI_TEXT("{1}, from {2}") : "{1}",
                 EKI_VALUES(evidence, h->parent));
    eki_say_column(how, 40);
    eki_output_plain(stdout, eki_case_called(desk, "host", h->state));
    putchar('\n');
}

/* By owner, then by time; those without an owner come first, because they want looking at. */
static enum eki_error show_hosts(const struct eki_case_desk *desk, struct eki_store_work *work,
                                 int64_t of_case)
{
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    const char *owner = NULL;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}}, .sort = "team", .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        const struct eki_store_case_host *h = &rows[i];
        if (desk->request->json) {
            print_json(json_pack("{s:s,s:I,s:s,s:o,s:s,s:s,s:s,s:s,s:s}", "type", "host", "case",
                                 (json_int_t)of_case, "host", h->host, "at", time_of(h->at), "parent",
                                 h->parent, "evidence", h->evidence, "team", h->team, "department",
                                 h->department, "state", h->state));
            continue;
        }
        if (!owner || strcmp(owner, h->team) != 0) {
            printf("\n  ");
            eki_output_plain(
                stdout,
                *h->team ? h->team : eki_report_text_in(desk->request->language, EKI_TEXT("no owner known")));
            putchar('\n');
        }
        owner = h->team;
        print_host(desk, h);
    }
    return error;
}

static enum eki_error show_timeline(const struct eki_case_desk *desk, struct eki_store_work *work,
                                    int64_t of_case)
{
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && !desk->request->json) put_heading(desk, EKI_TEXT("Timeline"));
    for (size_t i = 0; !error && i < page.count; i++) {
        const struct eki_store_case_entry *e = &rows[i];
        if (desk->request->json) {
            print_json(json_pack("{s:s,s:I,s:o,s:s,s:s,s:s,s:s,s:s}", "type", "entry", "case",
                                 (json_int_t)of_case, "at", time_of(e->at), "kind", e->kind, "host", e->host,
                                 "tags", e->tags, "code", e->code, "text", e->text));
            continue;
        }
        printf("  ");
        put_time(e->at);
        printf("  ");
        eki_say_column(eki_case_called(desk, "entry", e->kind), 10);
        char room[EKI_CASE_WORDS];
        eki_output_plain(stdout, eki_case_entry_words(e, desk->request->language, room));
        putchar('\n');
    }
    return error;
}

static void print_deadline(const struct eki_case_desk *desk, const struct eki_deadline *d)
{
    bool late = (d->met ? d->met : desk->act.at) > d->due;
    const char *state = d->met && late ? EKI_TEXT("kept too late")
                        : d->met       ? EKI_TEXT("kept")
                        : late         ? EKI_TEXT("OVER")
                                       : EKI_TEXT("runs");
    const char *title = eki_case_called(desk, "deadline", d->id);
    printf("  ");
    put_time(d->due);
    printf("  ");
    eki_say_column(eki_report_text_in(desk->request->language, state), 15);
    eki_output_plain(stdout, strcmp(title, d->id) ? title : d->title);
    putchar('\n');
}

static enum eki_error show_deadlines(const struct eki_case_desk *desk, struct eki_store_work *work,
                                     int64_t of_case)
{
    struct eki_deadline all[EKI_DEADLINES];
    size_t count = 0;
    enum eki_error error = eki_case_deadlines(work, of_case, all, &count);
    if (!error && !desk->request->json)
        put_heading(desk, EKI_TEXT("Deadlines, where these laws apply to you"));
    for (size_t i = 0; !error && i < count; i++) {
        const struct eki_deadline *d = &all[i];
        if (desk->request->json) {
            print_json(json_pack("{s:s,s:I,s:s,s:s,s:s,s:o,s:o}", "type", "deadline", "case",
                                 (json_int_t)of_case, "id", d->id, "title", d->title, "source", d->source,
                                 "due", time_of(d->due), "met", time_of(d->met)));
            continue;
        }
        print_deadline(desk, d);
    }
    return error;
}

static void show_class(const struct eki_case_desk *desk, const char *what, const struct eki_class *k)
{
    bool japanese = desk->request->language == EKI_JAPANESE;
    if (!k) return;
    if (desk->request->json) {
        print_json(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "type", "duty", "of", what, "id", k->id, "obliges",
                             k->obliges, "forbids", k->forbids, "source", k->source));
        return;
    }
    printf("\n%s: %s\n  %s %s\n  %s %s\n", eki_report_text_in(desk->request->language, what),
           japanese ? k->japanese : k->name, eki_report_text_in(desk->request->language, "To do:"),
           japanese ? k->obliges_ja : k->obliges, eki_report_text_in(desk->request->language, "Not to do:"),
           japanese ? k->forbids_ja : k->forbids);
}

/* What its classes oblige to and forbid. */
static void show_duties(const struct eki_case_desk *desk, const struct eki_store_case *row)
{
    char handling[8];
    snprintf(handling, sizeof handling, "%d", (int)row->handling_class);
    show_class(desk, "Countermeasure class", eki_catalogue_measure(desk->catalogue, row->class));
    show_class(desk, "Handling class", eki_catalogue_handling(desk->catalogue, handling));
}

int eki_case_show_one(const struct eki_case_desk *desk, int64_t of_case)
{
    uint64_t hosts = 0;
    struct eki_store_case row;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)of_case);
    if (!error && !eki_case_may_show(desk, &row)) {
        eki_store_end(work);
        return EKI_EXIT_REFUSED;
    }
    if (!error) error = count_hosts(work, of_case, &hosts);
    if (!error && desk->request->json) print_json(case_json(&row, hosts));
    if (!error && !desk->request->json) print_line(desk, &row, hosts);
    if (!error) show_duties(desk, &row);
    if (!error) error = show_hosts(desk, work, of_case);
    if (!error) error = eki_case_show_tasks(desk, work, of_case);
    if (!error) error = show_deadlines(desk, work, of_case);
    if (!error) error = show_timeline(desk, work, of_case);
    return eki_case_end(desk, work, error, &fault);
}
