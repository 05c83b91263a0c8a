/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes rows; jobs and sessions go through their states. */
#include "outcome.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

static struct eki_store_analysis keep(struct eki_store *store, size_t infected)
{
    struct outcome outcome;
    struct eki_store_analysis analysis;
    outcome_make(&outcome, infected);
    struct eki_store_work *work = place_write(store, 77);
    const struct eki_store_keeping keeping = {.title = "Office, Friday", .facts_path = "1.json.zst"};
    assert_int_equal(eki_store_keep_result(work, &keeping, &outcome.result, &analysis), EKI_OK);
    place_commit(work);
    outcome_done(&outcome);
    return analysis;
}

/* What its signs show, each once, however many hosts showed it, from the first of them to the last. */
static void has_what_it_shows(struct eki_store_work *work, int64_t outbreak, bool by_smb)
{
    struct eki_store_outbreak_indicator *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{"outbreak", .number = outbreak}}, .sort = "id"};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, by_smb ? 2 : 1); /* the file came by another service */
    if (by_smb) assert_string_equal(rows[1].kind, "file");
    if (by_smb) assert_string_equal(rows[1].value, OUTCOME_DROPPED);
    assert_string_equal(rows[0].kind, "domain");
    assert_string_equal(rows[0].value, OUTCOME_KILL_SWITCH);
    assert_int_equal(rows[0].first, INT64_C(1494574800000000));
    assert_int_equal(rows[0].last, INT64_C(1494574802000000));
}

static void a_result_is_kept(void **state)
{
    struct eki_store *store = place_open(*state);
    int64_t id = keep(store, 1000).id;
    struct eki_store_work *work = place_read(store);
    struct eki_store_analysis analysis;
    struct eki_store_outbreak outbreak, *outbreaks;
    struct eki_store_infection *infections;
    struct eki_store_scanner *scanners;
    struct eki_store_page page;
    assert_int_equal(eki_store_get(work, &analysis, id), EKI_OK);
    assert_string_equal(analysis.title, "Office, Friday");
    assert_string_equal(analysis.verdict, "spreading");
    assert_int_equal(analysis.origin, INT64_C(1494574800000000));
    assert_int_equal(analysis.created, 77);
    const struct eki_store_query of = {.where = {{"analysis", .number = id}}};
    assert_int_equal(eki_store_list(work, &of, &outbreaks, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    outbreak = outbreaks[0];
    assert_string_equal(outbreak.title, "wannacry tcp/445");
    assert_string_equal(outbreak.class, "I");
    assert_string_equal(outbreak.patient_zero, "10.0.0.1");
    assert_int_equal(outbreak.infected, 1000);
    assert_int_equal(outbreak.ended, INT64_C(1494575799000000));
    assert_true(strstr(analysis.text_en, "1,000") && strstr(outbreak.text_en, "10.0.0.1"));
    assert_true(strstr(outbreak.text_ja, "10.0.0.1") && strcmp(outbreak.text_ja, outbreak.text_en) != 0);
    const struct eki_store_query all = {.where = {{"outbreak", .number = outbreak.id}}, .limit = 100000};
    assert_int_equal(eki_store_list(work, &all, &infections, &page), EKI_OK);
    assert_int_equal(page.count, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(infections[i].number, i);
        assert_true(fabs(infections[i].t - i) < 1e-9);
        assert_int_equal(infections[i].parent_number, i ? i / 2 : -1);
        if (i) assert_string_equal(infections[i].parent, infections[i / 2].host);
    }
    assert_string_equal(infections[0].parent, "");
    assert_string_equal(infections[999].evidence, "exploit");
    const struct eki_store_query one = {
        .where = {{"outbreak", .number = outbreak.id}, {"host", .text = "10.0.0.8"}}};
    assert_int_equal(eki_store_list(work, &one, &infections, &page), EKI_OK);
    assert_true(page.count == 1 && infections[0].number == 7);
    assert_int_equal(eki_store_list(work, &of, &scanners, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    assert_string_equal(scanners[0].strategy_connected, "sequential");
    assert_string_equal(scanners[0].strategy_elsewhere, "");
    assert_true(scanners[1].rate_per_s == 0); /* it was no number */
    has_what_it_shows(work, outbreak.id, true);
    eki_store_end(work);
    eki_store_close(store);
}

/* What a watch found so far is kept again when it has found more. */
static void a_result_is_kept_again(void **state)
{
    struct eki_store *store = place_open(*state);
    int64_t id = keep(store, 10).id;
    struct outcome outcome;
    struct eki_store_analysis analysis;
    struct eki_store_outbreak *outbreaks;
    struct eki_store_infection *infections;
    struct eki_store_scanner *scanners;
    struct eki_store_page page;
    const struct eki_store_query of = {.where = {{"analysis", .number = id}}};
    outcome_make(&outcome, 25);
    /* Another outbreak began before the one that is known, and took its number. */
    struct eki_outbreak both[2] = {outcome.outbreak, outcome.outbreak};
    both[0].service = 23;
    both[0].infection_count = 3;
    both[1].id = 2;
    outcome.result.outbreaks = both;
    for (size_t round = 0; round < 3; round++) {
        outcome.result.outbreak_count = round == 2 ? 1 : 2; /* at last only the new one holds */
        struct eki_store_work *work = place_write(store, 99);
        const struct eki_store_keeping keeping = {.title = "eth0", .facts_path = "2.json.zst", .again = id};
        assert_int_equal(eki_store_keep_result(work, &keeping, &outcome.result, &analysis), EKI_OK);
        place_commit(work);
        work = place_read(store);
        assert_true(analysis.id == id && analysis.created == 77);
        assert_int_equal(eki_store_list(work, &of, &outbreaks, &page), EKI_OK);
        assert_int_equal(page.count, round == 2 ? 1 : 2);
        for (size_t i = 0; i < page.count; i++) {
            bool old = outbreaks[i].port == 445;
            assert_int_equal(outbreaks[i].id, old ? 1 : 2);
            assert_int_equal(outbreaks[i].number, old ? 2 : 1);
            assert_int_equal(outbreaks[i].infected, old ? 25 : 3);
            assert_true(strstr(outbreaks[i].text_en, old ? "25 " : "3 ") != NULL);
            const struct eki_store_query all = {.where = {{"outbreak", .number = outbreaks[i].id}}};
            assert_int_equal(eki_store_list(work, &all, &infections, &(struct eki_store_page){0}), EKI_OK);
            has_what_it_shows(work, outbreaks[i].id, old);
        }
        assert_int_equal(eki_store_list(work, &of, &scanners, &page), EKI_OK);
        assert_int_equal(page.count, 2);
        eki_store_end(work);
    }
    struct eki_store_work *work = place_write(store, 100);
    const struct eki_store_keeping none = {.title = "x", .facts_path = "x", .again = 4711};
    assert_int_equal(eki_store_keep_result(work, &none, &outcome.result, &analysis), EKI_ERROR_MISSING);
    eki_store_end(work);
    struct eki_store_examination examination = {0};
    assert_int_equal(eki_store_check(store, &examination, NULL), EKI_OK);
    assert_int_equal(examination.complaints, 0);
    outcome_done(&outcome);
    eki_store_close(store);
}

static void pages_of_infections(void **state)
{
    struct eki_store *store = place_open(*state);
    keep(store, 1000);
    keep(store, 300); /* another outbreak, the same hosts and numbers */
    static const char *const sorts[] = {NULL, "host", "posterior", "generation"};
    for (size_t s = 0; s < 4; s++) {
        struct eki_store_work *work = place_read(store);
        struct eki_store_query query = {.where = {{"outbreak", .number = 2}}, .limit = 7, .sort = sorts[s]};
        struct eki_store_infection *rows;
        struct eki_store_page page;
        bool seen[300] = {false};
        size_t count = 0;
        do {
            assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
            for (size_t i = 0; i < page.count; i++, count++) {
                assert_true(rows[i].outbreak == 2 && !seen[rows[i].number]);
                seen[rows[i].number] = true;
            }
            query.cursor = page.next;
        } while (page.next);
        assert_int_equal(count, 300);
        eki_store_end(work);
    }
    eki_store_close(store);
}

static void removed_with_its_parts(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_analysis analysis = keep(store, 100);
    struct eki_store_work *work = place_write(store, 80);
    assert_int_equal(eki_store_remove(work, &analysis), EKI_OK);
    place_commit(work);
    work = place_read(store);
    static const enum eki_store_table tables[] = {EKI_STORE_ANALYSIS, EKI_STORE_OUTBREAK, EKI_STORE_INFECTION,
                                                  EKI_STORE_SCANNER};
    for (size_t i = 0; i < 4; i++) {
        uint64_t left = 1;
        assert_int_equal(eki_store_count(work, tables[i], NULL, &left), EKI_OK);
        assert_int_equal(left, 0);
    }
    struct eki_store_audit *entries;
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, NULL, &entries, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    assert_non_null(strstr(entries[0].after, "\"infections\":100"));
    assert_string_equal(entries[1].what, "remove");
    eki_store_end(work);
    eki_store_close(store);
}

static void nothing_found_is_calm(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 77);
    struct eki_result result = {.origin = EKI_TIME_NONE, .end = EKI_TIME_NONE};
    struct eki_store_analysis analysis;
    assert_int_equal(eki_store_keep_result(work, &(struct eki_store_keeping){0}, &result, &analysis), EKI_OK);
    assert_string_equal(analysis.verdict, "calm");
    assert_int_equal(analysis.origin, 0);
    place_commit(work);
    eki_store_close(store);
}

static int64_t queue(struct eki_store *store, const char *title)
{
    struct eki_store_work *work = place_write(store, 5);
    struct eki_store_job job = {.kind = "analyze", .title = title, .state = "queued", .parameters = "{}"};
    assert_int_equal(eki_store_add(work, &job), EKI_OK);
    place_commit(work);
    return job.id;
}

static void jobs_are_done_in_order(void **state)
{
    struct eki_store *store = place_open(*state);
    int64_t first = queue(store, "first"), second = queue(store, "second");
    struct eki_store_work *work = place_write(store, 6);
    struct eki_store_job job, other;
    assert_int_equal(eki_store_claim_job(work, &job), EKI_OK);
    assert_true(job.id == first && job.attempts == 1 && job.started == 6);
    assert_int_equal(eki_store_claim_job(work, &other), EKI_OK);
    assert_int_equal(other.id, second);
    assert_int_equal(eki_store_claim_job(work, &other), EKI_ERROR_MISSING);
    job.progress = 0.5;
    job.done_bytes = 512;
    assert_int_equal(eki_store_tell_job(work, &job), EKI_OK);
    assert_int_equal(eki_store_get(work, &job, first), EKI_OK);
    assert_true(job.progress == 0.5 && job.done_bytes == 512);
    job.state = "cancelled";
    assert_int_equal(eki_store_change(work, &job), EKI_OK);
    assert_int_equal(eki_store_tell_job(work, &job), EKI_ERROR_MISSING);
    place_commit(work);
    eki_store_close(store);
}

static void jobs_survive_a_restart(void **state)
{
    struct eki_store *store = place_open(*state);
    int64_t id = queue(store, "unlucky");
    for (unsigned attempt = 1; attempt <= 3; attempt++) {
        struct eki_store_work *work = place_write(store, 10 + attempt);
        struct eki_store_job job;
        uint64_t queued, failed;
        assert_int_equal(eki_store_claim_job(work, &job), EKI_OK);
        assert_int_equal(job.attempts, attempt);
        place_commit(work);
        eki_store_close(store); /* the program ends while it runs */
        store = place_open(*state);
        work = place_write(store, 20 + attempt);
        assert_int_equal(eki_store_recover_jobs(work, 3, &queued, &failed), EKI_OK);
        assert_int_equal(queued, attempt < 3);
        assert_int_equal(failed, attempt == 3);
        place_commit(work);
    }
    struct eki_store_work *work = place_read(store);
    struct eki_store_job job;
    assert_int_equal(eki_store_get(work, &job, id), EKI_OK);
    assert_string_equal(job.state, "failed");
    assert_true(strlen(job.message) > 10 && job.ended == 23);
    eki_store_end(work);
    eki_store_close(store);
}

static void sessions_end(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 100);
    struct eki_store_account account = place_account("ada");
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    struct eki_store_session short_one = {.token_hash = "a", .account = account.id, .expires = 150};
    struct eki_store_session long_one = {.token_hash = "b", .account = account.id, .expires = 151};
    struct eki_store_token token = {.token_hash = "c", .account = account.id};
    assert_int_equal(eki_store_add(work, &short_one), EKI_OK);
    assert_int_equal(eki_store_add(work, &long_one), EKI_OK);
    assert_int_equal(eki_store_add(work, &token), EKI_OK);
    assert_int_equal(eki_store_touch_session(work, long_one.id, 140), EKI_OK);
    assert_int_equal(eki_store_touch_token(work, token.id, 141), EKI_OK);
    place_commit(work);
    work = place_write(store, 150);
    uint64_t removed;
    assert_int_equal(eki_store_sweep(work, &removed), EKI_OK);
    assert_int_equal(removed, 1);
    assert_int_equal(eki_store_touch_session(work, short_one.id, 150), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_get(work, &long_one, long_one.id), EKI_OK);
    assert_int_equal(long_one.seen, 140);
    assert_int_equal(eki_store_get(work, &token, token.id), EKI_OK);
    assert_int_equal(token.used, 141);
    place_commit(work);
    eki_store_close(store);
}

static void sessions_of_an_account_end(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 100);
    struct eki_store_account ada = place_account("ada"), bob = place_account("bob");
    assert_int_equal(eki_store_add(work, &ada), EKI_OK);
    assert_int_equal(eki_store_add(work, &bob), EKI_OK);
    struct eki_store_session sessions[] = {{.token_hash = "a", .account = ada.id, .expires = 900},
                                           {.token_hash = "b", .account = ada.id, .expires = 900},
                                           {.token_hash = "c", .account = ada.id, .expires = 900},
                                           {.token_hash = "d", .account = bob.id, .expires = 900}};
    for (size_t i = 0; i < 4; i++) assert_int_equal(eki_store_add(work, &sessions[i]), EKI_OK);
    place_commit(work);
    work = place_write(store, 150);
    uint64_t ended = 99, entries, later;
    assert_int_equal(eki_store_end_sessions(work, ada.id, sessions[1].id, &ended), EKI_OK);
    assert_int_equal(ended, 2);
    assert_int_equal(eki_store_touch_session(work, sessions[0].id, 150), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_touch_session(work, sessions[1].id, 150), EKI_OK);
    assert_int_equal(eki_store_touch_session(work, sessions[2].id, 150), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_touch_session(work, sessions[3].id, 150), EKI_OK);
    assert_int_equal(eki_store_end_sessions(work, ada.id, 0, &ended), EKI_OK);
    assert_int_equal(ended, 1);
    assert_int_equal(eki_store_count(work, EKI_STORE_AUDIT, NULL, &entries), EKI_OK);
    assert_int_equal(eki_store_end_sessions(work, ada.id, 0, &ended), EKI_OK);
    assert_int_equal(ended, 0);
    assert_int_equal(eki_store_count(work, EKI_STORE_AUDIT, NULL, &later), EKI_OK);
    assert_int_equal(later, entries); /* nothing ended: nothing is noted */
    place_commit(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(a_result_is_kept),           PLACE_BOTH(a_result_is_kept_again),
        PLACE_BOTH(pages_of_infections),        PLACE_BOTH(removed_with_its_parts),
        PLACE_BOTH(nothing_found_is_calm),      PLACE_BOTH(jobs_are_done_in_order),
        PLACE_BOTH(jobs_survive_a_restart),     PLACE_BOTH(sessions_end),
        PLACE_BOTH(sessions_of_an_account_end),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
