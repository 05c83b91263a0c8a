/* SPDX-License-Identifier: Apache-2.0 */
/* Rows one by one: what is written is read back, changed, removed; what is wrong is refused. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

static void written_and_read(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account account = {.name = "ada",
                                        .display = "Ada \"L\" 愛",
                                        .password_hash = "$argon2id$x",
                                        .role = "administrator",
                                        .disabled = true,
                                        .created = INT64_C(1700000000123456),
                                        .locked_until = INT64_MAX};
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    assert_int_equal(account.id, 1);
    struct eki_store_job job = {
        .kind = "analyze", .state = "queued", .progress = 0.1, .account = 1, .parameters = "{}"};
    assert_int_equal(eki_store_add(work, &job), EKI_OK);
    place_commit(work);

    work = place_read(store);
    struct eki_store_account back;
    assert_int_equal(eki_store_get(work, &back, 1), EKI_OK);
    assert_string_equal(back.display, account.display);
    assert_string_equal(back.password_hash, account.password_hash);
    assert_string_equal(back.language, "");
    assert_true(back.disabled);
    assert_int_equal(back.created, account.created);
    assert_int_equal(back.locked_until, INT64_MAX);
    struct eki_store_job job_back;
    assert_int_equal(eki_store_get(work, &job_back, job.id), EKI_OK);
    assert_true(job_back.progress == 0.1);
    assert_int_equal(job_back.account, 1);
    assert_int_equal(eki_store_find(work, &back, "name", "ada"), EKI_OK);
    assert_int_equal(back.id, 1);
    assert_int_equal(eki_store_find(work, &back, "name", "Ada"), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_get(work, &back, 2), EKI_ERROR_MISSING);
    assert_int_equal(back.id, 1); /* untouched on failure */
    eki_store_end(work);
    eki_store_close(store);
}

static void changed_and_removed(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account account = place_account("ada");
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    struct eki_store_token token = {.account = account.id, .name = "sensor", .token_hash = "aa"};
    assert_int_equal(eki_store_add(work, &token), EKI_OK);
    struct eki_store_input input = {.name = "a.pcap", .handling_class = 2, .account = account.id};
    assert_int_equal(eki_store_add(work, &input), EKI_OK);
    account.failed = 3;
    account.display = "Ada";
    assert_int_equal(eki_store_change(work, &account), EKI_OK);
    place_commit(work);

    work = place_write(store, 11);
    struct eki_store_account back;
    assert_int_equal(eki_store_get(work, &back, account.id), EKI_OK);
    assert_int_equal(back.failed, 3);
    assert_string_equal(back.display, "Ada");
    assert_int_equal(eki_store_remove(work, &back), EKI_OK);
    assert_int_equal(eki_store_remove(work, &back), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_change(work, &back), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_get(work, &token, token.id), EKI_ERROR_MISSING); /* goes with its account */
    assert_int_equal(eki_store_get(work, &input, input.id), EKI_OK);            /* stays */
    assert_int_equal(input.account, 0);
    struct eki_store_account next = place_account("grace");
    assert_int_equal(eki_store_add(work, &next), EKI_OK);
    assert_true(next.id > account.id); /* no id is given twice */
    place_commit(work);
    eki_store_close(store);
}

static void taken_back(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account account = place_account("ada");
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    eki_store_end(work);
    work = place_read(store);
    assert_int_equal(eki_store_find(work, &account, "name", "ada"), EKI_ERROR_MISSING);
    uint64_t entries;
    assert_int_equal(eki_store_count(work, EKI_STORE_AUDIT, NULL, &entries), EKI_OK);
    assert_int_equal(entries, 0);
    eki_store_end(work);
    eki_store_close(store);
}

/* One addition that must be refused, and what it leaves behind: nothing. */
static void refused(struct eki_store *store, struct eki_store_account account, enum eki_error wanted)
{
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account other = place_account("before");
    assert_int_equal(eki_store_add(work, &other), EKI_OK);
    assert_int_equal(eki_store_add(work, &account), wanted);
    assert_true(strlen(eki_store_why(work)->what) > 5);
    assert_int_equal(eki_store_get(work, &other, other.id), wanted); /* the work is over */
    assert_int_equal(eki_store_commit(work), wanted);
    eki_store_end(work);
    work = place_read(store);
    assert_int_equal(eki_store_find(work, &other, "name", "before"), EKI_ERROR_MISSING);
    eki_store_end(work);
}

static void what_is_wrong_is_refused(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_account account = place_account("ada");
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    place_commit(work);
    refused(store, place_account("ada"), EKI_ERROR_CONFLICT);
    refused(store, place_account(""), EKI_ERROR_ARGUMENT);
    refused(store, place_account("\xff"), EKI_ERROR_ARGUMENT);
    account = place_account("x");
    account.role = "king";
    refused(store, account, EKI_ERROR_ARGUMENT);
    char longest[300];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    refused(store, place_account(longest), EKI_ERROR_LIMIT);
    longest[200] = '\0';
    work = place_write(store, 10);
    account = place_account(longest);
    assert_int_equal(eki_store_add(work, &account), EKI_OK); /* as long as it may be */
    struct eki_store_job job = {.kind = "analyze", .state = "queued", .progress = NAN};
    assert_int_equal(eki_store_add(work, &job), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    work = place_write(store, 10);
    struct eki_store_token token = {.account = 77, .token_hash = "aa"};
    assert_int_equal(eki_store_add(work, &token), EKI_ERROR_CONFLICT); /* there is no account 77 */
    eki_store_end(work);
    eki_store_close(store);
}

static void works_have_rules(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_read(store);
    struct eki_store_account account = place_account("ada");
    assert_int_equal(eki_store_add(work, &account), EKI_ERROR_ARGUMENT); /* it reads only */
    eki_store_end(work);
    work = place_write(store, 10);
    struct eki_store_audit entry = {.what = "lie"};
    assert_int_equal(eki_store_add(work, &entry), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    work = place_write(store, 10);
    struct eki_store_infection infection = {.host = "192.0.2.1"};
    assert_int_equal(eki_store_add(work, &infection), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    work = place_write(store, 10);
    assert_int_equal(eki_store_commit(work), EKI_OK);
    assert_int_equal(eki_store_add(work, &account), EKI_ERROR_ARGUMENT); /* it is over */
    eki_store_end(work);
    eki_store_end(NULL);
    eki_store_close(store);
    eki_store_close(NULL);
}

static void any_text_comes_back(void **state)
{
    static const char *const texts[] = {"'; DROP TABLE account; --",
                                        "<script>alert(1)</script>",
                                        "\x01\x1f\x7f",
                                        "\\x41\\",
                                        "NULL",
                                        "\"quoted\" ? $1 ?",
                                        "𐍈 日本語",
                                        "a\nb\tc\r"};
    struct eki_store *store = place_open(*state);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct eki_store_work *work = place_write(store, 10);
        struct eki_store_account account = place_account(texts[i]), back;
        account.display = texts[i];
        assert_int_equal(eki_store_add(work, &account), EKI_OK);
        place_commit(work);
        work = place_read(store);
        assert_int_equal(eki_store_find(work, &back, "name", texts[i]), EKI_OK);
        assert_string_equal(back.display, texts[i]);
        eki_store_end(work);
    }
    eki_store_close(store);
}

/* What the program calls columns is what the database calls them, in every table, kind by kind. */
static void every_table_is_there(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_read(store);
    for (int table = 0; table < EKI_STORE_TABLES; table++) {
        void *rows;
        struct eki_store_page page;
        uint64_t count = 1;
        if (eki_store_list_rows(work, (enum eki_store_table)table, NULL, &rows, &page))
            fail_msg("%s: %s", eki_store_table_name((enum eki_store_table)table), eki_store_why(work)->what);
        assert_int_equal(eki_store_count(work, (enum eki_store_table)table, NULL, &count), EKI_OK);
        assert_int_equal(count, 0);
    }
    assert_string_equal(eki_store_table_name(EKI_STORE_TABLES), "?");
    eki_store_end(work);
    eki_store_close(store);
}

/* The desk, from a case to the host that a notice names; what belongs to a case goes with it. */
static void a_case_and_its_parts(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 10);
    struct eki_store_case c = {
        .title = "Friday", .state = "open", .handling_class = 3, .tlp = "AMBER+STRICT"};
    assert_int_equal(eki_store_add(work, &c), EKI_OK);
    struct eki_store_case_host host = {
        .of_case = c.id, .host = "192.0.2.1", .state = "affected", .team = "t1"};
    struct eki_store_notice notice = {.of_case = c.id, .team = "t1", .state = "draft", .token_hash = "ab"};
    struct eki_store_enquiry enquiry = {.of_case = c.id, .state = "open"};
    assert_int_equal(eki_store_add(work, &host), EKI_OK);
    assert_int_equal(eki_store_add(work, &notice), EKI_OK);
    assert_int_equal(eki_store_add(work, &enquiry), EKI_OK);
    struct eki_store_notice_host named = {.notice = notice.id, .case_host = host.id};
    assert_int_equal(eki_store_add(work, &named), EKI_OK);
    struct eki_store_directory_record record = {.kind = "team", .name = "t1", .line = "{}"};
    assert_int_equal(eki_store_add(work, &record), EKI_OK);
    struct eki_store_proposal proposal = {.record = record.id, .state = "open", .notice = notice.id};
    assert_int_equal(eki_store_add(work, &proposal), EKI_OK);
    place_commit(work);
    work = place_write(store, 11);
    assert_int_equal(eki_store_find(work, &notice, "token_hash", "ab"), EKI_OK);
    assert_int_equal(eki_store_remove(work, &c), EKI_OK);
    assert_int_equal(eki_store_get(work, &named, named.id), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_get(work, &notice, notice.id), EKI_ERROR_MISSING);
    assert_int_equal(eki_store_get(work, &enquiry, enquiry.id), EKI_OK);
    assert_int_equal(enquiry.of_case, 0);
    assert_int_equal(eki_store_get(work, &proposal, proposal.id), EKI_OK);
    place_commit(work);
    work = place_write(store, 12);
    c.tlp = "PURPLE";
    assert_int_equal(eki_store_add(work, &c), EKI_ERROR_ARGUMENT);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(written_and_read),     PLACE_BOTH(changed_and_removed),
        PLACE_BOTH(taken_back),           PLACE_BOTH(what_is_wrong_is_refused),
        PLACE_BOTH(works_have_rules),     PLACE_BOTH(any_text_comes_back),
        PLACE_BOTH(every_table_is_there), PLACE_BOTH(a_case_and_its_parts),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
