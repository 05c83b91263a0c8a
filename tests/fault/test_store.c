/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out at the n-th allocation while a store is used: an error comes back, nothing leaks, what
 * was not kept is not there, and the store goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/store.h"

static enum eki_error write_all(struct eki_store_work *work)
{
    struct eki_infection infections[3] = {{.host = eki_address_v4(1)}, {.host = eki_address_v4(2)}};
    infections[2] =
        (struct eki_infection){.host = eki_address_v4(3), .has_parent = true, .parent = eki_address_v4(1)};
    struct eki_outbreak outbreak = {
        .id = 1, .protocol = 6, .infections = infections, .infection_count = 3, .has_patient_zero = true};
    struct eki_result result = {.outbreaks = &outbreak, .outbreak_count = 1};
    struct eki_store_account account = {.name = "grace", .role = "viewer"};
    struct eki_store_analysis analysis;
    struct eki_store_keeping keeping = {.title = "t"};
    enum eki_error error = eki_store_add(work, &account);
    account.failed = 1;
    if (!error) error = eki_store_change(work, &account);
    if (!error) error = eki_store_choose(work, "a", "b");
    if (!error) error = eki_store_keep_result(work, &keeping, &result, &analysis);
    if (!error) error = eki_store_remove(work, &account);
    return error;
}

static enum eki_error read_all(struct eki_store_work *work)
{
    struct eki_store_infection *rows;
    struct eki_store_page page = {0};
    const struct eki_store_hit *hits;
    size_t count;
    struct eki_store_query query = {.where = {{"outbreak", .number = 1}}, .limit = 2, .sort = "host"};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    query.cursor = page.next;
    if (!error) error = eki_store_list(work, &query, &rows, &page);
    return error ? error : eki_store_search(work, "0.0.0.1", 10, &hits, &count);
}

static enum eki_error use(const char *path)
{
    struct eki_store *store;
    struct eki_store_work *work;
    struct eki_store_examination to = {0};
    const struct eki_store_act act = {.at = 1, .who = "fault"};
    enum eki_error error = eki_store_open(path, NULL, &store, NULL);
    if (error) return error;
    error = eki_store_begin(store, &act, &work, NULL);
    if (!error) {
        error = write_all(work);
        if (!error) error = read_all(work);
        eki_store_end(work); /* nothing is kept */
    }
    if (!error) error = eki_store_check(store, &to, NULL);
    eki_store_close(store);
    return error;
}

static void until_success(void **state)
{
    (void)state;
    char folder[] = "/tmp/ekigaku-fault-XXXXXX", path[100];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.db", folder);
    assert_int_equal(use(path), EKI_OK);
    unsigned long nth = 0;
    enum eki_error error;
    do {
        eki_fault_inject(++nth);
        error = use(path);
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY);
        assert_true(nth < 2000);
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    assert_true(nth > 20); /* the injection was at work */
    assert_int_equal(use(path), EKI_OK);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(until_success)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
