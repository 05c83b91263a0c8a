/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes in, how often, and for how long without a word; the time is the test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/gate.h"

static const uint64_t second = 1000000000;

static struct eki_visitor *enter(struct eki_gate *gate, uint32_t address, uint64_t ticks)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    struct eki_visitor *visitor = eki_gate_enter(gate, (struct sockaddr *)&from, -1, ticks);
    assert_non_null(visitor);
    return visitor;
}

static int setup(void **state)
{
    struct eki_gate *gate = eki_allocate(1, sizeof *gate);
    *state = gate;
    return !gate || eki_gate_init(gate, 10) != EKI_OK;
}

static int teardown(void **state)
{
    eki_gate_done(*state);
    eki_free(*state);
    return 0;
}

static void requests_are_metered_by_address(void **state)
{
    struct eki_gate *gate = *state;
    struct eki_visitor *a = enter(gate, 1, second), *b = enter(gate, 1, second), *c = enter(gate, 2, second);
    for (int i = 0; i < 15; i++) {
        assert_int_equal(eki_gate_ask(gate, a, second), 0);
        assert_int_equal(eki_gate_ask(gate, b, second), 0);
    }
    assert_int_equal(eki_gate_ask(gate, a, second), 429); /* three seconds' worth is used up */
    assert_int_equal(eki_gate_ask(gate, c, second), 0);
    eki_gate_leave(gate, a);
    a = enter(gate, 1, second); /* coming anew does not help */
    assert_int_equal(eki_gate_ask(gate, a, second), 429);
    for (int i = 0; i < 10; i++) assert_int_equal(eki_gate_ask(gate, a, 2 * second), 0);
    assert_int_equal(eki_gate_ask(gate, a, 2 * second), 429);
    eki_gate_leave(gate, a), eki_gate_leave(gate, b), eki_gate_leave(gate, c);
}

static void guesses_are_metered_apart(void **state)
{
    struct eki_gate *gate = *state;
    struct eki_visitor *a = enter(gate, 1, second);
    for (int i = 0; i < EKI_GATE_GUESSES; i++) assert_int_equal(eki_gate_guess(gate, a, second), 0);
    assert_int_equal(eki_gate_guess(gate, a, second), 429);
    assert_int_equal(eki_gate_ask(gate, a, second), 0);
    assert_int_equal(eki_gate_guess(gate, a, second * (1 + EKI_GATE_GUESS_S)), 0);
    assert_int_equal(eki_gate_guess(gate, a, second * (1 + EKI_GATE_GUESS_S)), 429);
    eki_gate_leave(gate, a);
}

static void crowds_are_told_so(void **state)
{
    struct eki_gate *gate = *state;
    struct eki_visitor *one = NULL;
    for (int i = 0; i < EKI_GATE_OF_ADDRESS; i++) one = enter(gate, 7, second);
    assert_int_equal(eki_gate_ask(gate, one, second), 0);
    struct eki_visitor *more = enter(gate, 7, second);
    assert_int_equal(eki_gate_ask(gate, more, second), 429);
    for (uint32_t i = eki_gate_count(gate); i < EKI_GATE_CONNECTIONS; i++)
        (void)enter(gate, 1000 + i, second);
    struct eki_visitor *last = more;
    more = enter(gate, 9, second);
    assert_int_equal(eki_gate_ask(gate, more, second), 503);
    assert_int_equal(eki_gate_count(gate), EKI_GATE_CONNECTIONS + 1);
    eki_gate_leave(gate, one);
    eki_gate_leave(gate, last);
    assert_int_equal(eki_gate_ask(gate, more, second), 503); /* still no fault of its address */
}

static void silence_ends(void **state)
{
    struct eki_gate *gate = *state;
    int pair[2];
    char byte;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    struct eki_visitor *visitor = eki_gate_enter(gate, NULL, pair[0], second);
    assert_int_equal(eki_gate_expire(gate, second * EKI_GATE_HEAD_S), 0);
    eki_gate_expect(gate, visitor, second, 0); /* an upload may take as long as it moves */
    assert_int_equal(eki_gate_expire(gate, second * 1000), 0);
    eki_gate_expect(gate, visitor, second * 1000, 5);
    assert_int_equal(eki_gate_expire(gate, second * 1004), 0);
    assert_int_equal(eki_gate_expire(gate, second * 1005), 1);
    assert_int_equal(read(pair[1], &byte, 1), 0); /* the other side sees the end */
    eki_gate_leave(gate, visitor);
    close(pair[0]), close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_metered_by_address, setup, teardown),
        cmocka_unit_test_setup_teardown(guesses_are_metered_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(crowds_are_told_so, setup, teardown),
        cmocka_unit_test_setup_teardown(silence_ends, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
