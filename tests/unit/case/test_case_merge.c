/* SPDX-License-Identifier: Apache-2.0 */
/* Cases are merged and split at random: no host is lost, and who was told is not told again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/case_kin.h"
#include "case/case_move.h"
#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_history.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_task.h"
#include "ekigaku/deadline.h"
#include "ekigaku/enquiry.h"
#include "ekigaku/evidence.h"

enum { ROUNDS = 40, STEPS = 12, CASES = 4, HOSTS = 24 };

static const struct eki_store_act act = {.at = DESK_NOW / 1000 + 7, .who = "tester"};
static struct eki_fault fault;

/* A notice to somebody for a host of a case; state as given. */
static int64_t tell(struct eki_store_work *work, int64_t of_case, const char *state, const int64_t *hosts,
                    size_t count)
{
    struct eki_store_notice notice = {.of_case = of_case,
                                      .team = "t",
                                      .address = "a@example.jp",
                                      .language = "en",
                                      .format = "text",
                                      .tlp = "AMBER",
                                      .state = state,
                                      .hosts = (int64_t)count,
                                      .sent = strcmp(state, "draft") ? 5 : 0};
    assert_int_equal(eki_store_add(work, &notice), EKI_OK);
    for (size_t i = 0; i < count; i++) {
        struct eki_store_notice_host name = {.notice = notice.id, .case_host = hosts[i]};
        assert_int_equal(eki_store_add(work, &name), EKI_OK);
    }
    return notice.id;
}

static int64_t host_id(struct eki_store_work *work, int64_t of_case, const char *host)
{
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "host", .text = host}}};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    return page.count ? rows[0].id : 0;
}

/* By host: is it in a case, was it sent to, how many drafts name it. */
struct view {
    bool there[HOSTS], sent[HOSTS];
    unsigned drafts[HOSTS];
};

/* Reads all, and checks that a notice names hosts of its own case only, as many as it says. */
static void look(struct eki_store_work *work, struct view *ret_view)
{
    struct eki_store_case_host *hosts;
    struct eki_store_notice *notices;
    struct eki_store_page page, all;
    const struct eki_store_query every = {.limit = 10000};
    memset(ret_view, 0, sizeof *ret_view);
    assert_int_equal(eki_store_list(work, &every, &hosts, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++) ret_view->there[atoi(strrchr(hosts[i].host, '.') + 1)] = true;
    assert_int_equal(eki_store_list(work, &every, &notices, &all), EKI_OK);
    for (size_t i = 0; i < all.count; i++) {
        struct eki_store_notice_host *names;
        size_t count;
        assert_int_equal(eki_notice_names(work, notices[i].id, &names, &count), EKI_OK);
        assert_int_equal(count, notices[i].hosts);
        for (size_t k = 0; k < count; k++) {
            struct eki_store_case_host host;
            assert_int_equal(eki_store_get(work, &host, names[k].case_host), EKI_OK);
            assert_int_equal(host.of_case, notices[i].of_case);
            int which = atoi(strrchr(host.host, '.') + 1);
            ret_view->sent[which] = ret_view->sent[which] || !strcmp(notices[i].state, "sent");
            ret_view->drafts[which] += !strcmp(notices[i].state, "draft");
        }
    }
}

/* Cases with random hosts, some of them told or about to be. */
static void draw_cases(struct eki_store_work *work, struct eki_random *random, int64_t cases[CASES])
{
    for (int c = 0; c < CASES; c++) {
        struct eki_store_case row = {.title = "x",
                                     .state = "open",
                                     .class = "I",
                                     .handling_class = 1 + (int64_t)eki_random_below(random, 4),
                                     .known = "known",
                                     .route = "airborne",
                                     .tlp = eki_random_below(random, 2) ? "RED" : "GREEN",
                                     .created = 1,
                                     .aware = 1 + (int64_t)eki_random_below(random, 9)};
        assert_int_equal(eki_store_add(work, &row), EKI_OK);
        cases[c] = row.id;
        for (int h = 0; h < HOSTS; h++) {
            char host[32];
            if (eki_random_below(random, 3)) continue;
            snprintf(host, sizeof host, "10.0.0.%d", h);
            desk_host(work, row.id, host);
            int64_t id = host_id(work, row.id, host);
            unsigned fate = (unsigned)eki_random_below(random, 4);
            if (fate < 2) tell(work, row.id, fate ? "sent" : "draft", &id, 1);
        }
    }
}

static void split_some(struct eki_store_work *work, struct eki_random *random, int64_t of_case)
{
    struct eki_store_case_host *hosts;
    const char *names[HOSTS];
    size_t count, wanted = 0;
    int64_t made;
    assert_int_equal(eki_case_rows(work, of_case, &hosts, &count), EKI_OK);
    for (size_t i = 0; i < count; i++)
        if (eki_random_below(random, 2)) names[wanted++] = hosts[i].host;
    const struct eki_case_splitting splitting = {.of_case = of_case, .hosts = names, .count = wanted};
    enum eki_error error = eki_case_split(work, &act, &splitting, &made, &fault);
    if (!wanted || wanted == count)
        assert_int_not_equal(error, EKI_OK);
    else if (!error)
        assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, made), wanted);
}

static void nothing_is_lost_or_told_twice(void **state)
{
    struct desk *desk = *state;
    struct eki_random random = eki_random_from(20261128);
    for (int round = 0; round < ROUNDS; round++) {
        struct view before, after;
        int64_t cases[CASES];
        struct eki_store_case *rows;
        struct eki_store_page page;
        struct eki_store_work *work = desk_write(desk); /* ended without a commit: each round begins empty */
        draw_cases(work, &random, cases);
        look(work, &before);
        for (int step = 0; step < STEPS; step++) {
            const struct eki_store_query every = {.limit = 100};
            assert_int_equal(eki_store_list(work, &every, &rows, &page), EKI_OK);
            int64_t one = rows[eki_random_below(&random, page.count)].id,
                    other = rows[eki_random_below(&random, page.count)].id;
            if (eki_random_below(&random, 2)) {
                enum eki_error error = eki_case_merge(work, &act, one, other, &fault);
                assert_true(error == EKI_OK || error == EKI_ERROR_CONFLICT || error == EKI_ERROR_ARGUMENT);
                if (!error) assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, one), 0);
            } else {
                split_some(work, &random, one);
            }
        }
        look(work, &after);
        for (int h = 0; h < HOSTS; h++) {
            assert_int_equal(before.there[h], after.there[h]);
            assert_int_equal(before.sent[h], after.sent[h]);
            assert_true(after.drafts[h] <= before.drafts[h]);
        }
        eki_store_end(work);
    }
}

/* All that belongs to a case goes along; what both have becomes one. */
static void everything_moves(void **state)
{
    struct desk *desk = *state;
    int64_t from = desk_case(desk, (const char *const[]){"10.0.0.1", "10.0.0.2"}, 2);
    int64_t into = desk_case(desk, (const char *const[]){"10.0.0.2", "10.0.0.3"}, 2), task;
    struct eki_store_work *work = desk_write(desk);
    struct eki_indicator_list *list;
    struct eki_case_sightings sightings;
    struct eki_store_case row;
    struct eki_store_indicator *indicators;
    size_t count;
    int64_t shared[] = {host_id(work, from, "10.0.0.2")}, kept[] = {host_id(work, into, "10.0.0.2")};
    assert_int_equal(eki_indicator_list_read("192.0.2.7 192.0.2.7", 19, &list, &fault), EKI_OK);
    const struct eki_case_paste paste[] = {{from, list}, {into, list}};
    assert_int_equal(eki_case_indicators(work, &act, &paste[0], &sightings, &fault), EKI_OK);
    assert_int_equal(eki_case_indicators(work, &act, &paste[1], &sightings, &fault), EKI_OK);
    eki_indicator_list_free(list);
    const struct eki_case_noting noting = {from, "10.0.0.1", "seen"};
    assert_int_equal(eki_case_note(work, &act, &noting, &fault), EKI_OK);
    assert_int_equal(
        eki_case_task_add(work, &act, &(struct eki_case_task){.of_case = from, .title = "x"}, &task, &fault),
        EKI_OK);
    struct eki_store_evidence evidence = {.of_case = from, .name = "disk", .handling_class = 2};
    struct eki_store_enquiry enquiry = {.of_case = from, .subject = "?", .asker = "kawa", .state = "open"};
    assert_int_equal(eki_store_add(work, &evidence), EKI_OK);
    assert_int_equal(eki_store_add(work, &enquiry), EKI_OK);
    tell(work, from, "sent", shared, 1);
    int64_t draft = tell(work, into, "draft", kept, 1);
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, into), 3);
    for (int t = EKI_STORE_CASE_HOST; t <= EKI_STORE_ENQUIRY; t++) {
        bool of_case = t == EKI_STORE_CASE_HOST || t == EKI_STORE_TASK || t == EKI_STORE_EVIDENCE ||
                       t == EKI_STORE_INDICATOR || t == EKI_STORE_NOTICE || t == EKI_STORE_ENQUIRY;
        if (of_case) assert_int_equal(desk_count(work, (enum eki_store_table)t, from), 0);
    }
    assert_int_equal(desk_count(work, EKI_STORE_CASE_ENTRY, from), 1); /* where it went */
    struct eki_store_notice notice;
    assert_int_equal(eki_store_get(work, &notice, draft), EKI_OK);
    assert_string_equal(notice.state, "withdrawn"); /* its only host was told by the other case */
    assert_int_equal(eki_case_rows(work, into, &indicators, &count), EKI_OK);
    assert_true(count == 1 && indicators[0].sightings == 4);
    assert_int_equal(eki_store_get(work, &row, from), EKI_OK);
    assert_string_equal(row.state, "merged");
    assert_int_equal(row.merged_into, into);
    assert_int_equal(eki_case_follow(work, from, &row), EKI_OK);
    assert_int_equal(row.id, into);
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_case_merge(work, &act, into, from, &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_case_merge(work, &act, into, into, &fault), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_case_merge(work, &act, into, 99, &fault), EKI_ERROR_MISSING);
    eki_store_end(work);
}

/* The fault names the case that goes on, over however many steps. */
static void is_refused(enum eki_error error, int64_t goes_on)
{
    char wanted[60];
    snprintf(wanted, sizeof wanted, "merged into case %lld", (long long)goes_on);
    assert_int_equal(error, EKI_ERROR_CONFLICT);
    assert_non_null(strstr(fault.what, wanted));
    fault = (struct eki_fault){0};
}

/* What is written down after the merge would be written where nobody looks. */
static void emptied_case_takes_nothing(void **state)
{
    struct desk *desk = *state;
    int64_t from = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1), id;
    int64_t between = desk_case(desk, (const char *const[]){"10.0.0.2"}, 1);
    int64_t into = desk_case(desk, (const char *const[]){"10.0.0.3"}, 1);
    struct eki_store_work *work = desk_write(desk);
    struct eki_indicator_list *list;
    struct eki_case_sightings sightings;
    assert_int_equal(eki_case_merge(work, &act, from, between, &fault), EKI_OK);
    assert_int_equal(eki_case_merge(work, &act, between, into, &fault), EKI_OK);
    uint64_t told = desk_count(work, EKI_STORE_CASE_ENTRY, from);
    assert_int_equal(eki_indicator_list_read("192.0.2.7", 9, &list, &fault), EKI_OK);
    is_refused(eki_case_note(work, &act, &(struct eki_case_noting){from, NULL, "seen"}, &fault), into);
    is_refused(eki_case_indicators(work, &act, &(struct eki_case_paste){from, list}, &sightings, &fault),
               into);
    eki_indicator_list_free(list);
    is_refused(eki_case_mark(work, &act, &(struct eki_case_marking){from, EKI_TLP_RED, NULL}, &fault), into);
    is_refused(
        eki_case_task_add(work, &act, &(struct eki_case_task){.of_case = from, .title = "x"}, &id, &fault),
        into);
    const struct eki_evidence_adding disk = {.of_case = from, .name = "disk", .handling_class = 3};
    is_refused(eki_evidence_add(work, &act, &disk, &id, &fault), into);
    const struct eki_enquiry_opening asked = {.of_case = from, .asker = "kawa", .text = "which ports?"};
    is_refused(eki_enquiry_open(work, &act, &asked, &id, &fault), into);
    is_refused(eki_case_deadline_met(work, &act, from, "nis2-warning", &fault), into);
    is_refused(eki_deadline_choose(work, &act, from, "nis2", &fault), into);
    is_refused(eki_case_close(work, &act, from, "x", &fault), into);
    is_refused(eki_case_reopen(work, &act, from, &fault), into);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_ENTRY, from), told);
    eki_store_end(work);
}

/* A closed one is over, and still there to be read: what comes to light is noted in it. */
static void closed_case_takes_notes(void **state)
{
    struct desk *desk = *state;
    int64_t of_case = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1);
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_case_close(work, &act, of_case, "learnt", &fault), EKI_OK);
    assert_int_equal(eki_case_note(work, &act, &(struct eki_case_noting){of_case, NULL, "late"}, &fault),
                     EKI_OK);
    assert_int_equal(eki_case_note(work, &act, &(struct eki_case_noting){of_case, NULL, ""}, &fault),
                     EKI_ERROR_ARGUMENT);
    eki_store_end(work);
}

static void label_case(struct eki_store_work *work, int64_t of_case, const char *tlp)
{
    struct eki_store_case row;
    assert_int_equal(eki_store_get(work, &row, of_case), EKI_OK);
    row.tlp = tlp;
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
}

static void add_indicator(struct eki_store_work *work, int64_t of_case, const char *tlp)
{
    struct eki_store_indicator row = {
        .of_case = of_case, .kind = "domain", .value = "a.example", .tlp = tlp, .sightings = 1};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
}

/* An indicator of both is as strict as either was; "" is the label of its case. */
static void labels_of_indicators_unite(void **state)
{
    static const struct {
        const char *from, *from_row, *into, *into_row, *wanted;
    } cases[] = {
        {"GREEN", "RED", "GREEN", "", "RED"},          {"GREEN", "", "GREEN", "RED", "RED"},
        {"RED", "", "GREEN", "AMBER", "RED"},          {"GREEN", "AMBER", "RED", "", "RED"},
        {"GREEN", "AMBER", "GREEN", "RED", "RED"},     {"RED", "", "GREEN", "", ""},
        {"", "", "GREEN", "AMBER", "AMBER+STRICT"}, /* nobody labelled the case: AMBER+STRICT */
        {"CLEAR", "GREEN", "CLEAR", "AMBER", "AMBER"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk *desk = *state;
        struct eki_store_indicator *rows;
        struct eki_store_case row;
        size_t count;
        int64_t from = desk_case(desk, NULL, 0), into = desk_case(desk, NULL, 0);
        struct eki_store_work *work = desk_write(desk);
        label_case(work, from, cases[i].from);
        label_case(work, into, cases[i].into);
        add_indicator(work, from, cases[i].from_row);
        add_indicator(work, into, cases[i].into_row);
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
        assert_int_equal(eki_case_rows(work, into, &rows, &count), EKI_OK);
        assert_int_equal(count, 1);
        assert_string_equal(rows[0].tlp, cases[i].wanted);
        assert_int_equal(eki_store_get(work, &row, into), EKI_OK);
        assert_true(strcmp(cases[i].from, "RED") != 0 || !strcmp(row.tlp, "RED"));
        eki_store_end(work);
    }
}

static void check_notice(struct eki_store_work *work, int64_t id, const char *tlp, const char *now)
{
    struct eki_store_notice row;
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_string_equal(row.tlp, tlp);
    assert_string_equal(row.state, now);
}

/* What waits in either case is mailed under the stricter label; nothing becomes wider. */
static void notices_follow_the_label(void **state)
{
    static const char *const waiting[] = {"draft", "released", "queued", "sent"};
    for (int strict = 0; strict < 2; strict++) {
        struct desk *desk = *state;
        int64_t cases[2], notices[2][4], kept;
        cases[0] = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1);
        cases[1] = desk_case(desk, (const char *const[]){"10.0.0.2"}, 1);
        struct eki_store_work *work = desk_write(desk);
        for (int c = 0; c < 2; c++) {
            int64_t host = host_id(work, cases[c], c ? "10.0.0.2" : "10.0.0.1");
            label_case(work, cases[c], c == strict ? "AMBER+STRICT" : "GREEN");
            for (int i = 0; i < 4; i++) notices[c][i] = tell(work, cases[c], waiting[i], &host, 1);
        }
        int64_t host = host_id(work, cases[0], "10.0.0.1");
        struct eki_store_notice row;
        kept = tell(work, cases[0], "draft", &host, 1);
        assert_int_equal(eki_store_get(work, &row, kept), EKI_OK);
        row.tlp = "RED";
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
        assert_int_equal(eki_case_merge(work, &act, cases[0], cases[1], &fault), EKI_OK);
        for (int c = 0; c < 2; c++)
            for (int i = 0; i < 4; i++)
                check_notice(work, notices[c][i], i < 3 ? "AMBER+STRICT" : "AMBER", waiting[i]);
        check_notice(work, kept, "RED", "draft");
        eki_store_end(work);
    }
}

/* A draft that was withdrawn told nobody; one that was sent and then withdrawn did. */
static void withdrawn_ones_hold_nothing(void **state)
{
    struct desk *desk = *state;
    static const char *const hosts[] = {"10.0.0.1", "10.0.0.2"};
    int64_t of_case = desk_case(desk, hosts, 2), made;
    for (int sent = 0; sent < 2; sent++) {
        struct eki_store_work *work = desk_write(desk);
        int64_t both[] = {host_id(work, of_case, hosts[0]), host_id(work, of_case, hosts[1])};
        struct eki_store_notice row;
        int64_t notice = tell(work, of_case, "draft", both, 2);
        assert_int_equal(eki_store_get(work, &row, notice), EKI_OK);
        row.state = "withdrawn";
        row.sent = sent;
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
        const struct eki_case_splitting splitting = {.of_case = of_case, .hosts = hosts, .count = 1};
        assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault),
                         sent ? EKI_ERROR_CONFLICT : EKI_OK);
        check_notice(work, notice, "AMBER", "withdrawn");
        assert_int_equal(eki_store_get(work, &row, notice), EKI_OK);
        assert_int_equal(row.hosts, 1 + sent);
        assert_int_equal(row.of_case, of_case);
        eki_store_end(work);
    }
}

/* Both were refused for now, so neither was sent: the host is told once. */
static void refused_for_now(void **state)
{
    struct desk *desk = *state;
    static const char *const hosts[] = {"10.0.0.1", "10.0.0.2"};
    int64_t cases[2] = {desk_case(desk, hosts, 1), desk_case(desk, hosts, 2)}, notices[2], made;
    struct eki_store_work *work = desk_write(desk);
    for (int c = 0; c < 2; c++) {
        int64_t both[] = {host_id(work, cases[c], hosts[0]), host_id(work, cases[c], hosts[1])};
        struct eki_store_notice row;
        notices[c] = tell(work, cases[c], "draft", both, c ? 2 : 1);
        assert_int_equal(eki_store_get(work, &row, notices[c]), EKI_OK);
        row.state = "queued";
        row.attempts = 1;
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
    }
    const struct eki_case_splitting splitting = {.of_case = cases[1], .hosts = hosts + 1, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_OK);
    check_notice(work, notices[1], "AMBER", "queued");
    assert_int_equal(eki_case_merge(work, &act, cases[0], cases[1], &fault), EKI_OK);
    check_notice(work, notices[0], "AMBER", "withdrawn");
    check_notice(work, notices[1], "AMBER", "queued");
    eki_store_end(work);
}

static void sent_notices_hold_together(void **state)
{
    struct desk *desk = *state;
    static const char *const hosts[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
    int64_t of_case = desk_case(desk, hosts, 3), made;
    struct eki_store_work *work = desk_write(desk);
    int64_t both[] = {host_id(work, of_case, hosts[0]), host_id(work, of_case, hosts[1])};
    int64_t notice = tell(work, of_case, "sent", both, 2);
    struct eki_case_splitting splitting = {.of_case = of_case, .hosts = hosts, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_CONFLICT);
    assert_non_null(strstr(fault.what, "names hosts of both sides"));
    eki_store_end(work);
    work = desk_write(desk);
    notice = tell(work, of_case, "sent", both, 2);
    splitting.count = 2;
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_OK);
    struct eki_store_notice row;
    assert_int_equal(eki_store_get(work, &row, notice), EKI_OK);
    assert_int_equal(row.of_case, made);
    splitting.hosts = hosts + 2;
    splitting.count = 1;
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_CONFLICT); /* all */
    splitting.hosts = hosts;
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_MISSING);
    splitting.of_case = 99;
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_MISSING);
    eki_store_end(work);
}

static void not_while_it_is_sent(void **state)
{
    struct desk *desk = *state;
    static const char *const hosts[] = {"10.0.0.1", "10.0.0.2"};
    int64_t from = desk_case(desk, hosts, 2), into = desk_case(desk, NULL, 0), made;
    struct eki_store_work *work = desk_write(desk);
    int64_t one[] = {host_id(work, from, hosts[0])};
    tell(work, from, "sending", one, 1);
    const struct eki_case_splitting splitting = {.of_case = from, .hosts = hosts, .count = 1};
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_CONFLICT);
    eki_store_end(work);
}

struct told {
    size_t count;
    char tables[64][20];
};

static enum eki_error take(void *user, const struct eki_store_audit *entry, enum eki_tlp label)
{
    struct told *told = user;
    (void)label;
    if (told->count < 64) snprintf(told->tables[told->count], 20, "%s", entry->table_name);
    told->count++;
    return EKI_OK;
}

/* The history follows rows that come and go. */
static void history_follows(void **state)
{
    struct desk *desk = *state;
    struct told one = {0}, other = {0}, none = {0};
    int64_t from = desk_case(desk, (const char *const[]){"10.0.0.1"}, 1);
    int64_t into = desk_case(desk, (const char *const[]){"10.0.0.2"}, 1);
    struct eki_store_work *work = desk_write(desk);
    int64_t host = host_id(work, from, "10.0.0.1");
    tell(work, from, "draft", &host, 1);
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
    desk_commit(work);
    work = desk_write(desk);
    struct eki_store_case_host row;
    assert_int_equal(eki_store_get(work, &row, host), EKI_OK);
    row.state = "isolated";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
    assert_int_equal(eki_case_history(desk->store, from, take, &one, &fault), EKI_OK);
    assert_int_equal(eki_case_history(desk->store, into, take, &other, &fault), EKI_OK);
    /* from: case, host, notice, its name; host and notice leave; the case is closed; the entry of it */
    assert_int_equal(one.count, 8);
    /* into: case, host; host and notice come; the case changed or not; the entry; the change of the host */
    assert_true(other.count >= 6);
    assert_string_equal(other.tables[other.count - 1], "case_host");
    assert_string_equal(one.tables[one.count - 1], "case_entry");
    assert_int_equal(eki_case_history(desk->store, 99, take, &none, &fault), EKI_ERROR_MISSING);
    assert_int_equal(none.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(nothing_is_lost_or_told_twice),
                                       DESK_TEST(everything_moves),
                                       DESK_TEST(emptied_case_takes_nothing),
                                       DESK_TEST(closed_case_takes_notes),
                                       DESK_TEST(labels_of_indicators_unite),
                                       DESK_TEST(notices_follow_the_label),
                                       DESK_TEST(refused_for_now),
                                       DESK_TEST(withdrawn_ones_hold_nothing),
                                       DESK_TEST(sent_notices_hold_together),
                                       DESK_TEST(not_while_it_is_sent),
                                       DESK_TEST(history_follows)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
