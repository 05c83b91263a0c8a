/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds-checked cursor: what it reads, and that it never reads further. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void reads_both_orders(void **state)
{
    (void)state;
    struct eki_cursor c = eki_cursor_over(bytes, sizeof bytes);
    assert_int_equal(eki_cursor_u8(&c), 1);
    assert_int_equal(eki_cursor_be16(&c), 0x0203);
    assert_int_equal(eki_cursor_le16(&c), 0x0504);
    assert_int_equal(eki_cursor_be32(&c), 0x06070809);
    assert_int_equal(eki_cursor_le32(&c), 0x0d0c0b0a);
    assert_int_equal(c.left, 2);
    assert_false(c.failed);
    c = eki_cursor_over(bytes, sizeof bytes);
    assert_true(eki_cursor_be64(&c) == UINT64_C(0x0102030405060708));
    c = eki_cursor_over(bytes, sizeof bytes);
    assert_true(eki_cursor_le64(&c) == UINT64_C(0x0807060504030201));
}

/* Each length of input, in a block of exactly that length, so that a sanitizer sees a byte too far. */
static void failure_sticks(void **state)
{
    (void)state;
    for (size_t length = 0; length < 8; length++) {
        uint8_t *exact = malloc(length ? length : 1);
        memcpy(exact, bytes, length);
        struct eki_cursor c = eki_cursor_over(exact, length);
        assert_true(eki_cursor_be64(&c) == 0);
        assert_true(c.failed);
        assert_int_equal(c.left, length);
        assert_int_equal(eki_cursor_u8(&c), 0); /* even when a byte is there */
        assert_null(eki_cursor_take(&c, 0));
        free(exact);
    }
}

static void parts_and_limits(void **state)
{
    (void)state;
    struct eki_cursor c = eki_cursor_over(bytes, sizeof bytes);
    struct eki_cursor part = eki_cursor_part(&c, 4);
    assert_int_equal(part.left, 4);
    assert_int_equal(eki_cursor_be32(&part), 0x01020304);
    assert_int_equal(eki_cursor_u8(&part), 0);
    assert_true(part.failed);
    assert_false(c.failed);
    eki_cursor_limit(&c, 3);
    assert_int_equal(c.left, 3);
    eki_cursor_limit(&c, 100);
    assert_int_equal(c.left, 3);
    eki_cursor_skip(&c, 3);
    assert_false(c.failed);
    assert_int_equal(c.left, 0);
    part = eki_cursor_part(&c, 1);
    assert_true(part.failed && c.failed);
    c = eki_cursor_over(NULL, 7);
    assert_int_equal(c.left, 0);
    eki_cursor_skip(&c, SIZE_MAX);
    assert_true(c.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_both_orders), cmocka_unit_test(failure_sticks),
                                       cmocka_unit_test(parts_and_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
