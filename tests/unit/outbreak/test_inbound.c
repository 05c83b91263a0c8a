/* SPDX-License-Identifier: Apache-2.0 */
/* Who reached whom is remembered for as many victims as the largest outbreak has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "outbreak/inbound.h"
#include "outbreak/vector.h"

enum { VICTIMS = 100000, SERVICE = 445 };

static void each_of_many_victims_keeps_who_reached_it(void **state)
{
    (void)state;
    struct eki_inbound inbound;
    assert_int_equal(eki_inbound_init(&inbound, 7), EKI_OK);
    for (uint32_t i = 0; i < VICTIMS; i++) {
        const struct eki_contact contact = {.client = eki_address_v4(0x0a000000 + i / 2),
                                            .server = eki_address_v4(0x0a000001 + i),
                                            .time = (eki_time)i * EKI_SECOND,
                                            .answered = (eki_time)i * EKI_SECOND + 1,
                                            .attempts = 1,
                                            .client_port = 40000,
                                            .service = SERVICE,
                                            .protocol = EKI_PROTOCOL_TCP,
                                            .outcome = EKI_OUTCOME_DATA};
        assert_int_equal(eki_inbound_contact(&inbound, &contact), EKI_OK);
        eki_inbound_freeze(&inbound, contact.server, EKI_PROTOCOL_TCP, SERVICE);
    }
    assert_true(inbound.lost == 0 && inbound.forgotten == 0);
    for (uint32_t i = 0; i < VICTIMS; i++) {
        const struct eki_inbound_server *victim =
            eki_inbound_find(&inbound, eki_address_v4(0x0a000001 + i), EKI_PROTOCOL_TCP,
                             eki_vector_of(EKI_PROTOCOL_TCP, SERVICE));
        assert_non_null(victim);
        assert_int_equal(victim->count, 1);
        assert_true(
            eki_address_equal(inbound.touches[victim->first].client, eki_address_v4(0x0a000000 + i / 2)));
    }
    eki_inbound_done(&inbound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_of_many_victims_keeps_who_reached_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
