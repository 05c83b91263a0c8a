/* SPDX-License-Identifier: Apache-2.0 */
/* Bits of bytes against a loop over the bytes; test_bytes_portable.c is the same without SSE2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/random.h"

static bool is_stop(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* Bytes that matter stand often, and beside those that differ in one bit. */
static char draw(struct eki_random *random)
{
    static const char often[] = {'"', '\\', '\t', ',',  '0',  '9', 'e', 'E',
                                 '.', '-',  '+',  0x1f, 0x20, '/', ':', 0};
    uint64_t drawn = eki_random_next(random);
    return drawn & 1 ? often[drawn >> 8 & 15] : (char)(drawn >> 8);
}

/* In memory of just that size, so that a sanitizer sees a look beyond it. */
static void check(struct eki_random *random, size_t length)
{
    char *bytes = malloc(length ? length : 1);
    for (size_t i = 0; i < length; i++) bytes[i] = draw(random);
    uint64_t equal = 0, stops = 0;
    for (size_t i = 0; i < length && i < EKI_BYTES; i++) {
        equal |= (uint64_t)(bytes[i] == ',') << i;
        stops |= (uint64_t)is_stop(bytes[i]) << i;
    }
    size_t number = 0;
    while (number < length && is_of_number(bytes[number])) number++;
    assert_true(eki_bytes_equal(bytes, length, ',') == equal);
    assert_true(eki_bytes_stops(bytes, length) == stops);
    assert_int_equal(eki_bytes_number(bytes, length), number);
    for (size_t i = 0; i < length; i++) bytes[i] = "0123456789.eE+-"[eki_random_next(random) % 15];
    assert_int_equal(eki_bytes_number(bytes, length), length);
    free(bytes);
}

static void like_a_loop(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(17);
    for (int i = 0; i < 200; i++)
        for (size_t length = 0; length < 140; length++) check(&random, length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(like_a_loop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
