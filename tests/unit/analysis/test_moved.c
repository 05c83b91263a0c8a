/* SPDX-License-Identifier: Apache-2.0 */
/* A service on another port is known by its greeting, and only at the server that greeted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "analysis/moved.h"

static void greeting(void **state)
{
    (void)state;
    const uint8_t bytes[] = {'S', 'S', 'H', '-', '2', '.', '0'};
    struct eki_packet packet = {.protocol = EKI_PROTOCOL_TCP, .payload = bytes, .payload_captured = 7};
    assert_true(eki_moved_greets(&packet));
    packet.payload_captured = 3;
    assert_false(eki_moved_greets(&packet));
    packet.payload_captured = 7;
    packet.protocol = EKI_PROTOCOL_UDP;
    assert_false(eki_moved_greets(&packet));
    packet.protocol = EKI_PROTOCOL_TCP;
    packet.payload = NULL;
    assert_false(eki_moved_greets(&packet));
}

static void one_server_one_port(void **state)
{
    (void)state;
    static struct eki_moved moved;
    struct eki_address server = eki_address_v4(0xc0a81401), other = eki_address_v4(0xc0a81402);
    assert_false(eki_moved_has(&moved, server, 902));
    eki_moved_add(&moved, server, 902);
    assert_true(eki_moved_has(&moved, server, 902));
    assert_false(eki_moved_has(&moved, server, 443));
    assert_false(eki_moved_has(&moved, other, 902));
}

/* More servers than there are places: newer ones are known, nothing else breaks. */
static void many_servers(void **state)
{
    (void)state;
    static struct eki_moved moved;
    for (uint32_t i = 0; i < 10 * EKI_MOVED_SERVERS; i++) {
        eki_moved_add(&moved, eki_address_v4(0x0a000000 + i), 2200);
        assert_true(eki_moved_has(&moved, eki_address_v4(0x0a000000 + i), 2200));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(greeting), cmocka_unit_test(one_server_one_port),
                                       cmocka_unit_test(many_servers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
