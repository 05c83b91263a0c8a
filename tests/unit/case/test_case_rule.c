/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of cases by itself: a further result brings hosts and notices to the case it belongs to, and
 * to no other; an outbreak becomes a case by the rule only. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "desk.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_rule.h"
#include "ekigaku/desk_directory.h"
#include "outcome.h"

enum { FEW = 5, MORE = 8 };

static struct eki_fault fault;
static const struct eki_store_act act = {.at = 50, .who = "worker"};

/* What an analysis is made of. */
struct making {
    size_t hosts;
    int64_t again;    /* the analysis it replaces */
    eki_time later;   /* than the first */
    uint16_t service; /* 0: 445 */
    const char *family;
    unsigned offset; /* of the first address */
    const char *tlp; /* that its facts bear */
};

static int64_t keep(struct eki_store_work *work, const struct making *m)
{
    struct outcome o;
    struct eki_store_analysis analysis;
    const struct eki_store_keeping keeping = {
        .title = "x", .facts_path = "x", .again = m->again, .tlp = m->tlp};
    outcome_make(&o, m->hosts);
    if (m->service) o.outbreak.service = m->service;
    if (m->family) o.outbreak.family.name = m->family;
    if (m->offset) o.outbreak.has_patient_zero = false;
    for (size_t i = 0; i < m->hosts; i++) {
        o.infections[i].host.lo += m->offset;
        o.infections[i].parent.lo += m->offset;
        o.infections[i].time += m->later;
    }
    o.result.origin += m->later;
    o.result.end += m->later;
    assert_int_equal(eki_store_keep_result(work, &keeping, &o.result, &analysis), EKI_OK);
    outcome_done(&o);
    return analysis.id;
}

/* Applies the rule; how many cases it touched, and the first of them. */
static size_t apply(struct eki_store_work *work, int64_t analysis, struct eki_case_applied *ret_first)
{
    struct eki_case_rule_outcome outcome;
    const struct eki_case_applying applying = {.analysis = analysis};
    assert_int_equal(eki_case_rule_apply(work, &act, &applying, &outcome), EKI_OK);
    size_t count = outcome.count;
    *ret_first = count ? outcome.items[0] : (struct eki_case_applied){0};
    if (outcome.unsure) ret_first->of_case = -(int64_t)outcome.unsure;
    eki_case_rule_done(&outcome);
    return count;
}

static int64_t outbreak_of(struct eki_store_work *work, int64_t analysis)
{
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    const struct eki_store_query of = {.where = {{"analysis", .number = analysis}}};
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0].id;
}

static int64_t open_case(struct eki_store_work *work, int64_t analysis)
{
    int64_t id;
    const struct eki_case_opening opening = {.outbreak = outbreak_of(work, analysis)};
    assert_int_equal(eki_case_open(work, &act, &opening, &id, &fault), EKI_OK);
    return id;
}

/* The watch looks again, and another capture is read: both bring the new hosts, once. */
static void an_open_case_takes_what_is_new(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    int64_t analysis = keep(work, &(struct making){.hosts = FEW});
    assert_int_equal(apply(work, analysis, &first), 0); /* no case, and no rule that opens one */
    int64_t id = open_case(work, analysis);
    assert_int_equal(apply(work, analysis, &first), 0);
    assert_int_equal(keep(work, &(struct making){.hosts = FEW + 1, .again = analysis}), analysis);
    assert_int_equal(apply(work, analysis, &first), 1);
    assert_int_equal(first.of_case, id);
    assert_int_equal(first.hosts, 1);
    assert_false(first.opened);
    int64_t other = keep(work, &(struct making){.hosts = MORE, .later = 3600 * EKI_SECOND});
    assert_int_equal(apply(work, other, &first), 1);
    assert_int_equal(first.of_case, id);
    assert_int_equal(first.hosts, MORE - FEW - 1);
    assert_int_equal(first.notices, 0); /* nobody was told yet */
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, id), MORE);
    assert_int_equal(apply(work, other, &first), 0);
    eki_store_end(work);
    eki_store_close(store);
}

/* Another service, another family, other hosts, another time: not this case's. */
static void what_does_not_fit_is_left_alone(void **state)
{
    const eki_time week = 7 * 86400 * EKI_SECOND;
    const struct making others[] = {{.hosts = MORE, .service = 3389},
                                    {.hosts = MORE, .family = "notpetya"},
                                    {.hosts = MORE, .offset = 1000},
                                    {.hosts = MORE, .later = week + 60 * EKI_SECOND},
                                    {.hosts = MORE, .later = -week - 60 * EKI_SECOND}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    int64_t id = open_case(work, keep(work, &(struct making){.hosts = FEW}));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(apply(work, keep(work, &others[i]), &first), 0);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, id), FEW);
    assert_int_equal(
        apply(work, keep(work, &(struct making){.hosts = FEW + 1, .later = week - 60 * EKI_SECOND}), &first),
        1);
    assert_int_equal(eki_case_close(work, &act, id, "learnt", &fault), EKI_OK);
    assert_int_equal(apply(work, keep(work, &(struct making){.hosts = MORE}), &first), 0);
    eki_store_end(work);
    eki_store_close(store);
}

static void two_that_fit_are_for_a_person(void **state)
{
    static const char *const last[] = {"10.0.0.5"};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    int64_t made, a = open_case(work, keep(work, &(struct making){.hosts = FEW}));
    const struct eki_case_splitting splitting = {.of_case = a, .hosts = last, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_OK);
    int64_t more = keep(work, &(struct making){.hosts = FEW + 1});
    assert_int_equal(apply(work, more, &first), 1); /* the one that was split off takes none by itself */
    assert_int_equal(first.of_case, a);
    assert_int_equal(first.hosts, 1); /* nor does the case take back what it gave away */
    (void)open_case(work, more);
    assert_int_equal(apply(work, keep(work, &(struct making){.hosts = MORE}), &first), 0);
    assert_int_equal(first.of_case, -1);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, a), FEW);
    eki_store_end(work);
    eki_store_close(store);
}

static void the_rule_opens_from_so_many_on(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    struct eki_store_case row;
    struct eki_case_rule rule;
    assert_int_equal(eki_case_rule_read(work, &rule), EKI_OK);
    assert_true(rule.follows && rule.open_from == 0);
    rule.open_from = -1;
    assert_int_equal(eki_case_rule_choose(work, &rule, &fault), EKI_ERROR_ARGUMENT);
    rule.open_from = (int64_t)EKI_CASE_RULE_MOST + 1;
    assert_int_equal(eki_case_rule_choose(work, &rule, &fault), EKI_ERROR_ARGUMENT);
    rule = (struct eki_case_rule){.follows = false, .open_from = FEW + 1};
    assert_int_equal(eki_case_rule_choose(work, &rule, &fault), EKI_OK);
    int64_t analysis = keep(work, &(struct making){.hosts = FEW});
    assert_int_equal(apply(work, analysis, &first), 0);
    (void)keep(work, &(struct making){.hosts = FEW + 1, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 1);
    assert_true(first.opened && first.hosts == FEW + 1);
    (void)keep(work, &(struct making){.hosts = MORE, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 0); /* it does not follow */
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, first.of_case), 0);
    assert_int_equal(eki_store_get(work, &row, 1), EKI_OK);
    assert_int_equal(eki_case_close(work, &act, row.id, "learnt", &fault), EKI_OK);
    assert_int_equal(apply(work, analysis, &first), 0); /* nor is it opened again */
    eki_store_end(work);
    eki_store_close(store);
}

/* Facts that were kept under a label go into no wider case by themselves, and open one under it. */
static void a_label_is_no_wider_for_the_rule(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    struct eki_store_analysis kept;
    struct eki_store_case row;
    const struct eki_case_rule rule = {.follows = true, .open_from = FEW};
    int64_t id = open_case(work, keep(work, &(struct making){.hosts = FEW}));
    int64_t red = keep(work, &(struct making){.hosts = MORE, .later = 3600 * EKI_SECOND, .tlp = "RED"});
    assert_int_equal(apply(work, red, &first), 0);
    assert_int_equal(first.of_case, -1); /* for a person */
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, id), FEW);
    assert_int_equal(keep(work, &(struct making){.hosts = MORE, .later = 3600 * EKI_SECOND, .again = red}),
                     red);
    assert_int_equal(eki_store_get(work, &kept, red), EKI_OK);
    assert_string_equal(kept.tlp, "RED"); /* as it was earlier */
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    row.tlp = "RED";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    assert_int_equal(apply(work, red, &first), 1);
    assert_int_equal(first.hosts, MORE - FEW);
    assert_int_equal(eki_case_rule_choose(work, &rule, &fault), EKI_OK);
    static const char *const labels[][2] = {
        {"RED", "RED"}, {"GREEN", "AMBER+STRICT"}, {NULL, "AMBER+STRICT"}};
    for (unsigned i = 0; i < sizeof labels / sizeof *labels; i++) {
        int64_t other =
            keep(work, &(struct making){.hosts = FEW, .offset = (i + 1) << 16, .tlp = labels[i][0]});
        assert_int_equal(apply(work, other, &first), 1);
        assert_true(first.opened);
        assert_int_equal(eki_store_get(work, &row, first.of_case), EKI_OK);
        assert_string_equal(row.tlp, labels[i][1]);
    }
    eki_store_end(work);
    eki_store_close(store);
}

/* Kawa has 10.0.0.0/29, Yama 10.0.0.8/29; the store has them too. */
static struct eki_directory *two_owners(struct eki_store_work *work)
{
    struct eki_desk_kept kept;
    struct eki_directory *directory = desk_directory(
        "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\"}\n"
        "{\"kind\":\"contact\",\"id\":\"c-kawa\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"poc@kawa.example\"}\n"
        "{\"kind\":\"team\",\"id\":\"yama\",\"name\":\"Yama\"}\n"
        "{\"kind\":\"contact\",\"id\":\"c-yama\",\"team\":\"yama\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"poc@yama.example\"}\n"
        "{\"kind\":\"network\",\"prefix\":\"10.0.0.0/29\",\"team\":\"kawa\"}\n"
        "{\"kind\":\"network\",\"prefix\":\"10.0.0.8/29\",\"team\":\"yama\"}\n");
    assert_int_equal(eki_desk_keep(work, &act, directory, &kept, &fault), EKI_OK);
    return directory;
}

/* Where owners are being told, those of new hosts hear of these, and of these only; drafts wait for people.
 */
static void notices_for_those_concerned(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    struct eki_notice_summary summary;
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_directory *directory = two_owners(work);
    int64_t analysis = keep(work, &(struct making){.hosts = FEW}), id = open_case(work, analysis);
    assert_int_equal(eki_notice_draft(work, id, directory, NULL, &summary), EKI_OK);
    assert_int_equal(summary.notices, 1);
    (void)keep(work, &(struct making){.hosts = MORE, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 1);
    assert_int_equal(first.hosts, MORE - FEW);
    assert_int_equal(first.notices, 2); /* 10.0.0.6 and .7 are Kawa's, .8 is Yama's */
    const struct eki_store_query of = {.where = {{.column = "of_case", .number = id}}};
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 3);
    for (size_t i = 0; i < page.count; i++) assert_string_equal(rows[i].state, "draft");
    const struct eki_store_query named = {.where = {{.column = "notice", .number = rows[2].id}}};
    uint64_t hosts;
    assert_int_equal(eki_store_count(work, EKI_STORE_NOTICE_HOST, &named, &hosts), EKI_OK);
    assert_int_equal(hosts, strcmp(rows[2].team, "yama") ? 2 : 1);
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
}

/* A person merged the case into one of another service: its outbreak is for a person from then on, and the
 * others of the analysis are not. */
static void a_merge_across_services_stops_no_other(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    int64_t one = keep(work, &(struct making){.hosts = FEW}), a = open_case(work, one);
    int64_t b = open_case(work, keep(work, &(struct making){.hosts = FEW, .service = 3389}));
    assert_int_equal(eki_case_merge(work, &act, a, b, &fault), EKI_OK);
    (void)keep(work, &(struct making){.hosts = MORE, .again = one});
    assert_int_equal(apply(work, one, &first), 0);
    assert_int_equal(first.of_case, -1);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, b), FEW);
    eki_store_end(work);
    eki_store_close(store);
}

/* What a person took out stays out, with new hosts and by an update, until somebody enters it again. */
static void an_indicator_that_was_taken_out_stays_out(void **state)
{
    const struct making few = {.hosts = FEW, .offset = 0x01000000};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    int64_t analysis = keep(work, &few), id = open_case(work, analysis);
    const struct eki_store_query of = {.where = {{.column = "of_case", .number = id}}};
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_in_range(page.count, 2, 20);
    size_t before = page.count;
    for (size_t i = 0; i < before; i++)
        assert_int_equal(eki_indicator_remove(work, &act, rows[i].id), EKI_OK);
    (void)keep(work, &(struct making){.hosts = FEW, .offset = 0x01000000, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 0);
    assert_int_equal(desk_count(work, EKI_STORE_INDICATOR, id), 0);
    (void)keep(work, &(struct making){.hosts = FEW + 1, .offset = 0x01000000, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 1);
    assert_int_equal(desk_count(work, EKI_STORE_INDICATOR, id), 1); /* the new host's */
    assert_int_equal(eki_indicator_remove(work, &act, 999), EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

/* Withdrawn notices are nobody's wish to tell: none is drafted again by itself. */
static void what_was_withdrawn_is_left_alone(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 50);
    struct eki_case_applied first;
    struct eki_notice_summary summary;
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_directory *directory = two_owners(work);
    int64_t analysis = keep(work, &(struct making){.hosts = 1}), id = open_case(work, analysis);
    const struct eki_store_query of = {.where = {{.column = "of_case", .number = id}}};
    assert_int_equal(eki_notice_draft(work, id, directory, NULL, &summary), EKI_OK);
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    rows[0].state = "withdrawn";
    assert_int_equal(eki_store_change(work, &rows[0]), EKI_OK);
    (void)keep(work, &(struct making){.hosts = FEW, .again = analysis});
    assert_int_equal(apply(work, analysis, &first), 1);
    assert_int_equal(first.notices, 0);
    assert_int_equal(eki_notice_draft(work, id, directory, NULL, &summary), EKI_OK); /* by a person */
    assert_int_equal(summary.hosts, FEW);
    assert_int_equal(eki_store_list(work, &of, &rows, &page), EKI_OK);
    rows[1].state = "withdrawn";
    assert_int_equal(eki_store_change(work, &rows[1]), EKI_OK);
    const struct eki_notice_options after = {.after = 1};
    assert_int_equal(eki_notice_draft(work, id, directory, &after, &summary), EKI_OK);
    assert_int_equal(summary.hosts, FEW - 1); /* of the hosts behind that one */
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(an_open_case_takes_what_is_new),
                                       PLACE_BOTH(what_does_not_fit_is_left_alone),
                                       PLACE_BOTH(two_that_fit_are_for_a_person),
                                       PLACE_BOTH(the_rule_opens_from_so_many_on),
                                       PLACE_BOTH(a_label_is_no_wider_for_the_rule),
                                       PLACE_BOTH(notices_for_those_concerned),
                                       PLACE_BOTH(a_merge_across_services_stops_no_other),
                                       PLACE_BOTH(an_indicator_that_was_taken_out_stays_out),
                                       PLACE_BOTH(what_was_withdrawn_is_left_alone)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
