/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and Message-IDs: ours are known again, everything else is not. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const uint8_t secret[EKI_ANSWER_SECRET] = {1, 2, 3}, other[EKI_ANSWER_SECRET] = {1, 2, 4};
enum { SECONDS = 1000000 };

static void tokens(void **state)
{
    char token[EKI_ANSWER_TOKEN], forged[EKI_ANSWER_TOKEN];
    int64_t notice = 0;
    (void)state;
    eki_notice_token(secret, 77, 100 * (int64_t)SECONDS, token);
    assert_int_equal(strlen(token), EKI_ANSWER_TOKEN - 1);
    assert_int_equal(eki_notice_token_check(secret, token, 99 * (int64_t)SECONDS, &notice), EKI_OK);
    assert_int_equal(notice, 77);
    notice = 0;
    assert_int_equal(eki_notice_token_check(secret, token, 100 * (int64_t)SECONDS, &notice),
                     EKI_ERROR_STOPPED);
    assert_int_equal(notice, 77); /* an expired link can say so */
    notice = 0;
    assert_int_equal(eki_notice_token_check(other, token, 0, &notice), EKI_ERROR_CORRUPT);
    for (size_t i = 0; i + 1 < EKI_ANSWER_TOKEN; i++) { /* any one letter changed */
        memcpy(forged, token, sizeof forged);
        forged[i] = token[i] == 'A' ? 'B' : 'A';
        assert_int_equal(eki_notice_token_check(secret, forged, 0, &notice), EKI_ERROR_CORRUPT);
    }
    assert_int_equal(eki_notice_token_check(secret, "", 0, &notice), EKI_ERROR_CORRUPT);
    assert_int_equal(
        eki_notice_token_check(secret, "../../../etc/passwd........................", 0, &notice),
        EKI_ERROR_CORRUPT);
    assert_int_equal(notice, 0);
}

static void message_ids(void **state)
{
    char id[EKI_NOTICE_MESSAGE_ID], changed[EKI_NOTICE_MESSAGE_ID + 2];
    struct eki_store_notice notice = {.id = 12, .step = 1, .attempts = 3};
    (void)state;
    eki_notice_message_id(secret, &notice, "desk.example", id);
    assert_int_equal(eki_notice_of_message(secret, id), 12);
    assert_int_equal(eki_notice_of_message(other, id), 0);
    snprintf(changed, sizeof changed, "<%s>", id);
    assert_int_equal(eki_notice_of_message(secret, changed), 12);
    for (size_t i = 0; id[i] != '@'; i++) {
        memcpy(changed, id, sizeof id);
        changed[i] = id[i] == '1' ? '2' : '1';
        assert_int_equal(eki_notice_of_message(secret, changed), 0);
    }
    static const char *const none[] = {"",
                                       "<>",
                                       "n",
                                       "n1",
                                       "n1.2",
                                       "n1.2.",
                                       "n1.2.00@x",
                                       "hello@example.jp",
                                       "n99999999999999999999.1.00112233445566778899aabbccddeeff@x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(eki_notice_of_message(secret, none[i]), 0);
}

static void secrets(void **state)
{
    struct desk *desk = *state;
    uint8_t got[EKI_ANSWER_SECRET], again[EKI_ANSWER_SECRET];
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_notice_secret(work, NULL, got), EKI_ERROR_MISSING);
    assert_int_equal(eki_notice_secret(work, secret, got), EKI_OK);
    assert_memory_equal(got, secret, EKI_ANSWER_SECRET);
    desk_commit(work);
    work = desk_read(desk);
    assert_int_equal(eki_notice_secret(work, other, again), EKI_OK); /* the first one stays */
    assert_memory_equal(again, secret, EKI_ANSWER_SECRET);
    struct eki_store_audit *entries;
    struct eki_store_page page;
    struct eki_store_query query = {.limit = 100};
    assert_int_equal(eki_store_list(work, &query, &entries, &page), EKI_OK);
    assert_true(page.count > 0);
    for (size_t i = 0; i < page.count; i++) /* the log does not tell it */
        assert_null(strstr(entries[i].after, "010203"));
    assert_non_null(strstr(entries[page.count - 1].after, "(secret)"));
    eki_store_end(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),
        cmocka_unit_test(message_ids),
        DESK_TEST(secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
