/* SPDX-License-Identifier: Apache-2.0 */
/* The label of an indicator outlives its row: what was taken out and comes again bears it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_receive.h"

static const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "ada"};
static struct eki_fault fault;

static int64_t make_case(struct desk *desk, struct eki_store_work **ret_work)
{
    struct eki_store_case row;
    int64_t id = desk_case(desk, NULL, 0);
    *ret_work = desk_write(desk);
    assert_int_equal(eki_store_get(*ret_work, &row, id), EKI_OK);
    row.tlp = "GREEN";
    assert_int_equal(eki_store_change(*ret_work, &row), EKI_OK);
    return id;
}

static void paste(struct eki_store_work *work, int64_t of_case)
{
    struct eki_indicator_list *list;
    struct eki_case_sightings found;
    assert_int_equal(eki_indicator_list_read("evil.example", 12, &list, &fault), EKI_OK);
    assert_int_equal(eki_case_indicators(work, &act, &(struct eki_case_paste){of_case, list}, &found, &fault),
                     EKI_OK);
    eki_indicator_list_free(list);
}

/* The domain of the case, which must be there. */
static struct eki_store_indicator domain_of(struct eki_store_work *work, int64_t of_case)
{
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "kind", .text = "domain"}},
        .limit = 2};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0];
}

static void assert_label(struct eki_store_work *work, int64_t of_case, const char *label)
{
    assert_string_equal(domain_of(work, of_case).tlp, label);
}

static void change(struct eki_store_work *work, int64_t id, const char *kind, const char *tlp)
{
    const struct eki_indicator_change wanted = {.kind = kind, .tlp = tlp, .detect = -1};
    assert_int_equal(eki_indicator_change(work, &act, id, &wanted, &fault), EKI_OK);
}

static void enter(struct eki_store_work *work, int64_t of_case, const char *label)
{
    paste(work, of_case);
    change(work, domain_of(work, of_case).id, NULL, label);
}

static void take_out(struct eki_store_work *work, int64_t of_case)
{
    assert_int_equal(eki_indicator_remove(work, &act, domain_of(work, of_case).id), EKI_OK);
}

static void assert_kept(struct eki_store_work *work, uint64_t wanted)
{
    uint64_t count;
    const struct eki_store_query all = {0};
    assert_int_equal(eki_store_count(work, EKI_STORE_INDICATOR_LABEL, &all, &count), EKI_OK);
    assert_int_equal(count, wanted);
}

static void taken_out_and_pasted(void **state)
{
    struct eki_store_work *work;
    int64_t of_case = make_case(*state, &work);
    enter(work, of_case, "RED");
    for (int i = 0; i < 2; i++) {
        take_out(work, of_case);
        assert_kept(work, 1);
        paste(work, of_case);
        assert_label(work, of_case, "RED");
        assert_kept(work, 0);
    }
    change(work, domain_of(work, of_case).id, NULL, ""); /* which is for coordinators */
    take_out(work, of_case);
    paste(work, of_case);
    assert_label(work, of_case, "");
    eki_store_end(work);
}

static void taken_out_and_received(void **state)
{
    struct eki_store_work *work;
    struct eki_indicator sign = {.kind = EKI_INDICATOR_DOMAIN, .value = "evil.example", .detect = true};
    struct eki_incident_host host = {.name = "10.0.0.1", .role = EKI_ROLE_INFECTED};
    struct eki_incident incident = {.id = "worm-1",
                                    .title = "Worm",
                                    .tlp = EKI_TLP_GREEN,
                                    .marked = true,
                                    .hosts = &host,
                                    .host_count = 1,
                                    .indicators = &sign,
                                    .indicator_count = 1,
                                    .modified = DESK_NOW - EKI_SECOND};
    const struct eki_receive_origin origin = {.way = "file", .form = "incident", .sender = "account ada"};
    struct eki_reception told;
    make_case(*state, &work);
    assert_int_equal(eki_case_receive(work, &act, &incident, &origin, &told), EKI_OK);
    assert_int_equal(told.answer, EKI_RECEIVE_OPENED);
    change(work, domain_of(work, told.of_case).id, NULL, "RED");
    take_out(work, told.of_case);
    incident.modified += EKI_SECOND / 2;
    assert_int_equal(eki_case_receive(work, &act, &incident, &origin, &told), EKI_OK);
    assert_int_equal(told.answer, EKI_RECEIVE_UPDATED);
    assert_label(work, told.of_case, "RED");
    eki_store_end(work);
}

static void taken_for_another_kind(void **state)
{
    struct eki_store_work *work;
    int64_t of_case = make_case(*state, &work);
    enter(work, of_case, "RED");
    int64_t id = domain_of(work, of_case).id;
    change(work, id, "file", NULL);
    paste(work, of_case);
    assert_label(work, of_case, "RED");
    take_out(work, of_case);
    change(work, id, "domain", NULL);
    assert_label(work, of_case, "RED");
    assert_kept(work, 1); /* of the kind "file" */
    eki_store_end(work);
}

/* Taken out of either case before they are merged, or of both; there in the other, or pasted afterwards. */
static void taken_out_and_merged(void **state)
{
    for (int which = 0; which < 8; which++) {
        struct eki_store_work *work;
        int64_t from = make_case(*state, &work);
        desk_commit(work);
        int64_t into = make_case(*state, &work), strict = which & 1 ? from : into,
                other = which & 1 ? into : from;
        enter(work, strict, which & 4 ? "AMBER" : "RED");
        take_out(work, strict);
        if (which & 2) paste(work, other);
        if (which & 4) {
            if (!(which & 2)) enter(work, other, "RED");
            if (!(which & 2)) take_out(work, other);
        }
        assert_int_equal(eki_case_merge(work, &act, from, into, &fault), EKI_OK);
        assert_kept(work, which & 2 ? 0 : 1);
        paste(work, into);
        assert_label(work, into, (which & 6) == 6 ? "AMBER" : "RED");
        assert_kept(work, 0);
        eki_store_end(work);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(taken_out_and_pasted), DESK_TEST(taken_out_and_received),
                                       DESK_TEST(taken_for_another_kind), DESK_TEST(taken_out_and_merged)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
