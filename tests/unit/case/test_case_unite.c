/* SPDX-License-Identifier: Apache-2.0 */
/* What two cases both have becomes one: the states of hosts, steps of playbooks, indicators, the case itself;
 * and what a case that is split off takes along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "case/case_move.h"
#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_task.h"

static const struct eki_store_act act = {.at = DESK_NOW / 1000 + 7, .who = "tester"};
static struct eki_fault fault;
static const char *const hosts[] = {"10.0.0.1", "10.0.0.2"};

#define ROWS(work, of, rows, count) assert_int_equal(eki_case_rows(work, of, rows, count), EKI_OK)

/* What a host was in a case. */
struct was {
    const char *state;
    int64_t changed, at;
    const char *parent, *team;
    bool adas; /* ada works on it */
};

static void put_host(struct eki_store_work *work, int64_t of_case, const struct was *was, int64_t ada)
{
    struct eki_store_case_host *rows;
    size_t count;
    ROWS(work, of_case, &rows, &count);
    assert_int_equal(count, 1);
    rows[0].state = was->state;
    rows[0].changed = was->changed;
    rows[0].at = was->at;
    rows[0].parent = was->parent;
    rows[0].team = was->team;
    rows[0].department = was->team; /* they go together */
    rows[0].account = was->adas ? ada : 0;
    assert_int_equal(eki_store_change(work, &rows[0]), EKI_OK);
}

/* What was done counts more than nothing, later more than earlier; the first infection counts. */
static void hosts_unite(void **state)
{
    static const struct {
        struct was from, into, wanted;
    } cases[] = {
        {{"isolated", 5, 9, "p", "a", true},
         {"affected", 8, 7, "q", "", false},
         {"isolated", 5, 7, "q", "a", true}},
        {{"isolated", 5, 6, "p", "a", false},
         {"cleaned", 8, 7, "q", "b", true},
         {"cleaned", 8, 6, "p", "b", true}},
        {{"cleaned", 9, 0, "p", "", true},
         {"isolated", 8, 7, "q", "b", false},
         {"cleaned", 9, 7, "q", "b", true}},
        {{"affected", 9, 7, "p", "", false},
         {"isolated", 8, 7, "q", "", false},
         {"isolated", 8, 7, "q", "", false}},
        {{"affected", 9, 4, "p", "", false},
         {"affected", 8, 0, "q", "", false},
         {"affected", 8, 4, "p", "", false}},
    };
    int64_t ada = desk_account(*state, "ada");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t from = desk_case(*state, hosts, 1), into = desk_case(*state, hosts, 1);
        struct eki_store_work *work = desk_write(*state);
        const struct was *wanted = &cases[i].wanted;
        struct eki_store_case_host *rows;
        size_t count;
        put_host(work, from, &cases[i].from, ada);
        put_host(work, into, &cases[i].into, ada);
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
        ROWS(work, into, &rows, &count);
        assert_int_equal(count, 1);
        assert_string_equal(rows[0].state, wanted->state);
        assert_int_equal(rows[0].changed, wanted->changed);
        assert_int_equal(rows[0].at, wanted->at);
        assert_string_equal(rows[0].parent, wanted->parent);
        assert_string_equal(rows[0].team, wanted->team);
        assert_string_equal(rows[0].department, wanted->team);
        assert_int_equal(rows[0].account, wanted->adas ? ada : 0);
        eki_store_end(work);
    }
}

static int64_t add_task(struct eki_store_work *work, int64_t of_case, const char *playbook, const char *state)
{
    struct eki_store_task row = {.of_case = of_case, .title = "x", .playbook = playbook, .state = state};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
    return row.id;
}

/* Only a step that the other case has as well, and that nobody began, is dropped. */
static void steps_unite(void **state)
{
    static const struct {
        const char *playbook, *state, *wanted;
    } cases[] = {{"a/b", "open", "dropped"},
                 {"a/b", "doing", "doing"},
                 {"a/b", "done", "done"},
                 {"a/c", "open", "open"},
                 {"", "open", "open"}};
    int64_t from = desk_case(*state, NULL, 0), into = desk_case(*state, NULL, 0);
    int64_t ids[sizeof cases / sizeof *cases];
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_task row;
    int64_t kept = add_task(work, into, "a/b", "open");
    add_task(work, into, "", "open");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ids[i] = add_task(work, from, cases[i].playbook, cases[i].state);
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(eki_store_get(work, &row, ids[i]), EKI_OK);
        assert_string_equal(row.state, cases[i].wanted);
        assert_int_equal(row.of_case, into);
        assert_int_equal(row.ended, i ? 0 : act.at);
    }
    assert_int_equal(eki_store_get(work, &row, kept), EKI_OK);
    assert_string_equal(row.state, "open");
    eki_store_end(work);
}

/* Together they may not have more tasks than one case may have. */
static void tasks_have_a_bound(void **state)
{
    int64_t from = desk_case(*state, NULL, 0), into = desk_case(*state, NULL, 0);
    for (int most = 0; most < 2; most++) {
        struct eki_store_work *work = desk_write(*state);
        for (int i = most; i < EKI_CASE_TASKS; i++) add_task(work, into, "", "open");
        add_task(work, from, "", "open");
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), most ? EKI_OK : EKI_ERROR_LIMIT);
        eki_store_end(work);
    }
}

/* What both saw was seen from the first time to the last. */
static void indicators_unite(void **state)
{
    for (int way = 0; way < 2; way++) {
        int64_t cases[2] = {desk_case(*state, NULL, 0), desk_case(*state, NULL, 0)};
        struct eki_store_work *work = desk_write(*state);
        struct eki_store_indicator *rows,
            wide = {.kind = "domain",
                    .value = "a.example",
                    .comment = "first stage",
                    .first = 3,
                    .last = 9,
                    .sightings = 2,
                    .detect = true},
            narrow = {
                .kind = "domain", .value = "a.example", .comment = "", .first = 5, .last = 7, .sightings = 3};
        size_t count;
        wide.of_case = cases[way];
        narrow.of_case = cases[1 - way];
        assert_int_equal(eki_store_add(work, &wide), EKI_OK);
        assert_int_equal(eki_store_add(work, &narrow), EKI_OK);
        assert_int_equal(eki_case_merge(work, &act, cases[0], cases[1], &fault), EKI_OK);
        ROWS(work, cases[1], &rows, &count);
        assert_int_equal(count, 1);
        assert_true(rows[0].first == 3 && rows[0].last == 9 && rows[0].sightings == 5 && rows[0].detect);
        assert_string_equal(rows[0].comment, "first stage");
        eki_store_end(work);
    }
}

/* The stricter class and the earlier moment of both; 0 is no moment. The other one is over. */
static void cases_unite(void **state)
{
    static const struct {
        int64_t from_class, into_class, class, from_aware, into_aware, aware, closed;
    } cases[] = {{2, 3, 2, 5, 9, 5, 0}, {4, 3, 3, 9, 5, 5, 0}, {3, 3, 3, 0, 5, 5, 0}, {3, 3, 3, 5, 0, 5, 77}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t from = desk_case(*state, hosts, 2), into = desk_case(*state, hosts + 1, 1);
        struct eki_store_work *work = desk_write(*state);
        struct eki_store_case row = desk_row(work, from);
        row.handling_class = cases[i].from_class;
        row.aware = cases[i].from_aware;
        row.closed = cases[i].closed;
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
        row = desk_row(work, into);
        row.handling_class = cases[i].into_class;
        row.aware = cases[i].into_aware;
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
        struct eki_store_received came = {.of_case = from, .way = "file", .answer = "opened"};
        assert_int_equal(eki_store_add(work, &came), EKI_OK);
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
        row = desk_row(work, into);
        assert_int_equal(row.handling_class, cases[i].class);
        assert_int_equal(row.aware, cases[i].aware);
        assert_int_equal(desk_row(work, from).closed, cases[i].closed ? cases[i].closed : act.at);
        assert_int_equal(eki_store_get(work, &came, came.id), EKI_OK);
        assert_int_equal(came.of_case, into);
        struct eki_store_case_entry *entries;
        size_t count;
        ROWS(work, into, &entries, &count);
        assert_int_equal(count, 1);
        assert_non_null(strstr(entries[0].said, "\x1f"
                                                "1")); /* one host came that was not there */
        eki_store_end(work);
    }
}

static int64_t tell(struct eki_store_work *work, int64_t of_case, const char *state)
{
    struct eki_store_case_host *rows;
    size_t count;
    ROWS(work, of_case, &rows, &count);
    struct eki_store_notice notice = {.of_case = of_case,
                                      .team = "t",
                                      .address = "a@example.jp",
                                      .language = "en",
                                      .format = "text",
                                      .tlp = "AMBER",
                                      .state = state,
                                      .hosts = 1,
                                      .due = 5};
    assert_int_equal(eki_store_add(work, &notice), EKI_OK);
    struct eki_store_notice_host name = {.notice = notice.id, .case_host = rows[0].id};
    assert_int_equal(eki_store_add(work, &name), EKI_OK);
    return notice.id;
}

/* A notice that tells nobody, or that was disputed, keeps no other from being sent. */
static void who_counts_as_told(void **state)
{
    static const struct {
        const char *there, *comes, *wanted;
    } cases[] = {{"withdrawn", "draft", "draft"},
                 {"disputed", "draft", "draft"},
                 {"sent", "released", "withdrawn"},
                 {"draft", "queued", "withdrawn"},
                 {"draft", "delivered", "delivered"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t from = desk_case(*state, hosts, 1), into = desk_case(*state, hosts, 1);
        struct eki_store_work *work = desk_write(*state);
        struct eki_store_notice row;
        tell(work, into, cases[i].there);
        int64_t notice = tell(work, from, cases[i].comes);
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
        assert_int_equal(eki_store_get(work, &row, notice), EKI_OK);
        if (strcmp(row.state, cases[i].wanted) != 0) fail_msg("%zu: %s", i, row.state);
        assert_int_equal(row.due, strcmp(row.state, "withdrawn") ? 5 : 0);
        eki_store_end(work);
    }
}

static void refused(void **state)
{
    int64_t from = desk_case(*state, hosts, 2), into = desk_case(*state, hosts, 1), made;
    struct eki_case_splitting splitting = {.of_case = into, .hosts = hosts, .count = 1};
    struct eki_store_work *work = desk_write(*state);
    tell(work, into, "sending");
    assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_ERROR_CONFLICT);
    eki_store_end(work);
    work = desk_write(*state);
    struct eki_store_case row = desk_row(work, from);
    row.state = "closed";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    assert_int_equal(eki_case_merge(work, &act, into, from, &fault), EKI_ERROR_CONFLICT);
    splitting.of_case = from;
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_ERROR_CONFLICT);
    eki_store_end(work);
}

static void note(struct eki_store_work *work, int64_t of_case, const char *host)
{
    assert_int_equal(
        eki_case_note(work, &act, &(struct eki_case_noting){.of_case = of_case, .host = host, .text = "seen"},
                      &fault),
        EKI_OK);
}

/* A case that is split off is a new one: with the hosts that were named, each once, and what is noted of
 * them. */
static void split_takes_along(void **state)
{
    static const char *const twice[] = {"10.0.0.2", "10.0.0.2"};
    int64_t ada = desk_account(*state, "ada"), of_case = desk_case(*state, hosts, 2), made, again;
    const struct eki_store_act hers = {.at = act.at + 5, .account = ada, .who = "ada"};
    struct eki_catalogue *catalogue;
    const char *path;
    assert_int_equal(eki_catalogue_read(NULL, &catalogue, &path, &fault), EKI_OK);
    struct eki_store_work *work = desk_write(*state);
    struct eki_store_case row = desk_row(work, of_case);
    row.summary = "of both";
    row.class = "I";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_host(work, of_case, "10.0.0.3");
    note(work, of_case, "10.0.0.1");
    note(work, of_case, "10.0.0.2");
    note(work, of_case, "");
    struct eki_case_splitting splitting = {
        .of_case = of_case, .hosts = twice, .count = 2, .title = "The plant"};
    assert_int_equal(eki_case_split(work, &hers, &splitting, &made, &fault), EKI_OK);
    row = desk_row(work, made);
    assert_string_equal(row.title, "The plant");
    assert_string_equal(row.summary, "");
    assert_int_equal(row.split_from, of_case);
    assert_int_equal(row.account, ada);
    assert_int_equal(row.created, hers.at);
    struct eki_store_case_entry *entries;
    struct eki_store_task *tasks;
    size_t count;
    ROWS(work, made, &entries, &count);
    assert_int_equal(count, 2); /* what is noted of the host, and where it came from */
    assert_string_equal(entries[0].host, "10.0.0.2");
    ROWS(work, of_case, &entries, &count);
    assert_int_equal(count, 3);
    ROWS(work, made, &tasks, &count);
    assert_int_equal(count, 0);
    desk_host(work, made, "10.0.0.9");
    splitting = (struct eki_case_splitting){
        .of_case = made, .hosts = twice, .count = 1, .title = "", .catalogue = catalogue};
    assert_int_equal(eki_case_split(work, &hers, &splitting, &again, &fault), EKI_OK);
    row = desk_row(work, again);
    assert_string_equal(row.title, "The plant");
    assert_int_equal(row.split_from, of_case); /* the first of the kin */
    ROWS(work, again, &tasks, &count);
    assert_true(count > 0);
    eki_store_end(work);
    eki_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(hosts_unite),        DESK_TEST(steps_unite),
                                       DESK_TEST(tasks_have_a_bound), DESK_TEST(indicators_unite),
                                       DESK_TEST(cases_unite),        DESK_TEST(who_counts_as_told),
                                       DESK_TEST(split_takes_along),  DESK_TEST(refused)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
