/* SPDX-License-Identifier: Apache-2.0 */
/* One box for everything; settings. */
#include "outcome.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

static int64_t keep(struct eki_store *store, const char *title)
{
    struct outcome outcome;
    struct eki_store_analysis analysis;
    outcome_make(&outcome, 30);
    struct eki_store_work *work = place_write(store, 77);
    const struct eki_store_keeping keeping = {.title = title};
    assert_int_equal(eki_store_keep_result(work, &keeping, &outcome.result, &analysis), EKI_OK);
    place_commit(work);
    outcome_done(&outcome);
    return analysis.id;
}

/* How many hits; all of them must be of one of the kinds. */
static size_t hits(struct eki_store *store, const char *text, const char *kinds)
{
    struct eki_store_work *work = place_read(store);
    const struct eki_store_hit *found;
    size_t count = 0;
    assert_int_equal(eki_store_search(work, text, 20, &found, &count), EKI_OK);
    for (size_t i = 0; i < count; i++) {
        if (!strstr(kinds, found[i].kind)) fail_msg("%s: a hit in %s", text, found[i].kind);
        assert_true(found[i].id > 0 && *found[i].title);
        if (!strcmp(found[i].kind, "infection"))
            assert_true(!strncmp(found[i].host, text, strlen(text)));
        else if (strcmp(found[i].kind, "scanner") != 0 && strcmp(found[i].kind, "case_host") != 0)
            assert_string_equal(found[i].host, "");
    }
    eki_store_end(work);
    return count;
}

static void everything_is_found(void **state)
{
    struct eki_store *store = place_open(*state);
    int64_t first = keep(store, "Office 10.0"), second = keep(store, "Plant");
    struct eki_store_work *work = place_write(store, 78);
    struct eki_store_scenario scenario = {.name = "plant drill", .yaml = "wannacry"};
    struct eki_store_input input = {.name = "plant.pcap", .handling_class = 1, .sha256 = "beef"};
    struct eki_store_job job = {.kind = "analyze", .state = "done", .title = "PLANT, Monday"};
    struct eki_store_simulation simulation = {.title = "a plant of 5,000"};
    assert_int_equal(eki_store_add(work, &scenario), EKI_OK);
    assert_int_equal(eki_store_add(work, &input), EKI_OK);
    assert_int_equal(eki_store_add(work, &job), EKI_OK);
    assert_int_equal(eki_store_add(work, &simulation), EKI_OK);
    place_commit(work);
    assert_int_equal(hits(store, "plant", "analysis scenario input job simulation"), 5);
    assert_int_equal(hits(store, "WannaCry", "outbreak"), 2);
    assert_int_equal(hits(store, "10.0.0.30", "infection"), 2);
    assert_int_equal(hits(store, "10.0.0.1", "infection scanner outbreak"),
                     20 + 2 + 2); /* .1, .10, .11, ... */
    assert_int_equal(hits(store, "10.0.0.11", "infection"), 2);
    struct eki_store_work *first_ones = place_read(store);
    const struct eki_store_hit *found;
    size_t count;
    assert_int_equal(eki_store_search(first_ones, "10.0.0.1", 3, &found, &count), EKI_OK);
    assert_true(count == 2 + 3 + 2);                /* outbreaks, hosts, scanners */
    assert_string_equal(found[2].host, "10.0.0.1"); /* itself first, in the newer outbreak */
    assert_true(!strcmp(found[3].host, "10.0.0.1") && found[2].id > found[3].id);
    assert_string_equal(found[4].host, "10.0.0.10");
    eki_store_end(first_ones);
    assert_int_equal(hits(store, "beef", "input"), 1);
    assert_int_equal(hits(store, "no such thing", ""), 0);
    assert_int_equal(hits(store, "", ""), 0);
    assert_int_equal(hits(store, "%", ""), 0);
    assert_int_equal(hits(store, "';--", ""), 0);
    work = place_write(store, 79);
    struct eki_store_analysis analysis;
    assert_int_equal(eki_store_get(work, &analysis, first), EKI_OK);
    analysis.deleted = 79;
    assert_int_equal(eki_store_change(work, &analysis), EKI_OK);
    place_commit(work);
    assert_int_equal(hits(store, "10.0.0.30", "infection"), 1);
    assert_int_equal(hits(store, "wannacry", "outbreak"), 1);
    assert_int_equal(hits(store, "Office", ""), 0);
    assert_true(second > first);
    eki_store_close(store);
}

static void the_desk_is_found(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 78);
    struct eki_store_case of = {.title = "Worm in the harbour", .state = "open", .handling_class = 3};
    assert_int_equal(eki_store_add(work, &of), EKI_OK);
    struct eki_store_case_entry entry = {.of_case = of.id, .kind = "note", .text = "The Harbour was called"};
    struct eki_store_task task = {.of_case = of.id, .title = "Isolate the harbour", .state = "open"};
    struct eki_store_indicator indicator = {.of_case = of.id, .kind = "domain", .value = "harbour.example"};
    struct eki_store_case_host host = {.of_case = of.id, .host = "203.0.113.77", .state = "affected"};
    struct eki_store_enquiry enquiry = {.of_case = of.id, .subject = "About the harbour", .state = "open"};
    assert_int_equal(eki_store_add(work, &entry), EKI_OK);
    assert_int_equal(eki_store_add(work, &task), EKI_OK);
    assert_int_equal(eki_store_add(work, &indicator), EKI_OK);
    assert_int_equal(eki_store_add(work, &host), EKI_OK);
    assert_int_equal(eki_store_add(work, &enquiry), EKI_OK);
    struct eki_store_enquiry_entry message = {
        .enquiry = enquiry.id, .kind = "question", .text = "Which HARBOUR?"};
    assert_int_equal(eki_store_add(work, &message), EKI_OK);
    place_commit(work);
    assert_int_equal(hits(store, "harbour", "case enquiry enquiry_entry task indicator case_entry"), 6);
    assert_int_equal(hits(store, "203.0.113.", "case_host"), 1);
    work = place_read(store);
    const struct eki_store_hit *found;
    size_t count;
    assert_int_equal(eki_store_search(work, "harbour", 20, &found, &count), EKI_OK);
    for (size_t i = 0; i < count; i++) {
        bool is_message = !strcmp(found[i].kind, "enquiry_entry");
        bool alone = !strcmp(found[i].kind, "case") || !strcmp(found[i].kind, "enquiry");
        assert_int_equal(found[i].of, alone ? 0 : is_message ? enquiry.id : of.id);
    }
    eki_store_end(work);
    eki_store_close(store);
}

static void settings(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    const char *value = NULL;
    assert_int_equal(eki_store_chosen(work, "retention_days", "30", &value), EKI_OK);
    assert_string_equal(value, "30");
    assert_int_equal(eki_store_choose(work, "retention_days", "90"), EKI_OK);
    assert_int_equal(eki_store_choose(work, "retention_days", "60"), EKI_OK);
    place_commit(work);
    work = place_read(store);
    assert_int_equal(eki_store_chosen(work, "retention_days", "30", &value), EKI_OK);
    assert_string_equal(value, "60");
    assert_int_equal(eki_store_choose(work, "retention_days", "1"), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(everything_is_found), PLACE_BOTH(the_desk_is_found),
                                       PLACE_BOTH(settings)};
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
