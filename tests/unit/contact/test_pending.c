/* SPDX-License-Identifier: Apache-2.0 */
/* Steps in, contacts with their outcome out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "contact/pending.h"

struct heard {
    struct eki_contact contacts[16];
    size_t count;
    eki_time last;
    bool unordered;
};

static void hear(void *user, const struct eki_contact *contacts, size_t count)
{
    struct heard *heard = user;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(eki_contact_validate(&contacts[i]), EKI_OK);
        if (heard->count && contacts[i].time < heard->last) heard->unordered = true;
        heard->last = contacts[i].time;
        if (heard->count < 16) heard->contacts[heard->count] = contacts[i];
        heard->count++;
    }
}

static struct eki_packet packet_to(uint32_t target, double seconds, uint8_t flags)
{
    return (struct eki_packet){.time = (eki_time)(seconds * 1e9),
                               .number = (uint64_t)(seconds * 1000) + 1,
                               .source = eki_address_v4(0x0a000001),
                               .target = eki_address_v4(target),
                               .source_port = 40000,
                               .target_port = 23,
                               .kind = EKI_PACKET_TCP,
                               .protocol = EKI_PROTOCOL_TCP,
                               .tcp_flags = flags};
}

static void step(struct eki_pending *pending, const struct eki_packet *packet, uint8_t kind, bool from_client)
{
    struct eki_step s = {.packet = packet, .kind = kind, .from_client = from_client};
    eki_pending_batch(pending, &s, 1);
}

/* The packet seen from the other side. */
static struct eki_packet back(struct eki_packet p, double seconds)
{
    struct eki_address source = p.source;
    uint16_t port = p.source_port;
    p.source = p.target;
    p.target = source;
    p.source_port = p.target_port;
    p.target_port = port;
    p.time = (eki_time)(seconds * 1e9);
    return p;
}

static struct eki_pending *new_pending(struct heard *heard)
{
    struct eki_pending *pending;
    *heard = (struct heard){.count = 0};
    assert_int_equal(eki_pending_new(1, hear, heard, &pending), EKI_OK);
    return pending;
}

static void outcomes(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    static const struct {
        uint8_t steps[4], outcome;
    } cases[] = {{{0}, EKI_OUTCOME_NONE},
                 {{EKI_STEP_REFUSAL}, EKI_OUTCOME_REFUSED},
                 {{EKI_STEP_ANSWER}, EKI_OUTCOME_ANSWERED},
                 {{EKI_STEP_ANSWER, EKI_STEP_ESTABLISHED}, EKI_OUTCOME_ESTABLISHED},
                 {{EKI_STEP_ANSWER, EKI_STEP_CLIENT_DATA}, EKI_OUTCOME_ESTABLISHED},
                 {{EKI_STEP_ANSWER, EKI_STEP_CLIENT_DATA, EKI_STEP_SERVER_DATA}, EKI_OUTCOME_DATA}};
    for (uint32_t i = 0; i < 6; i++) {
        struct eki_packet ask = packet_to(0x0a000100 + i, 1 + i * .01, EKI_TCP_SYN),
                          answer = back(ask, 1 + i * .01 + .005);
        step(pending, &ask, EKI_STEP_ATTEMPT, true);
        for (int k = 0; k < 4 && cases[i].steps[k]; k++) {
            bool by_client =
                cases[i].steps[k] == EKI_STEP_ESTABLISHED || cases[i].steps[k] == EKI_STEP_CLIENT_DATA;
            step(pending, by_client ? &ask : &answer, cases[i].steps[k], by_client);
        }
    }
    assert_int_equal(heard.count, 0); /* still held */
    eki_pending_finish(pending);
    assert_int_equal(heard.count, 6);
    assert_false(heard.unordered);
    for (int i = 0; i < 6; i++) assert_int_equal(heard.contacts[i].outcome, cases[i].outcome);
    eki_pending_free(pending);
}

static void held_then_released(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    struct eki_packet first = packet_to(0x0a000101, 1, EKI_TCP_SYN),
                      again = packet_to(0x0a000101, 2, EKI_TCP_SYN);
    struct eki_packet later = packet_to(0x0a000102, 4.5, EKI_TCP_SYN);
    step(pending, &first, EKI_STEP_ATTEMPT, true);
    step(pending, &again, EKI_STEP_ATTEMPT, true);
    assert_int_equal(heard.count, 0);
    step(pending, &later, EKI_STEP_ATTEMPT, true);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.contacts[0].attempts, 2);
    assert_true(heard.contacts[0].time == first.time);
    eki_pending_free(pending);
}

/* Sixty-four a second: each goes on at most a tenth of a second after its hold, and with it all that are due.
 */
static void released_in_groups(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    for (uint32_t i = 0; i < 500; i++) {
        struct eki_packet ask = packet_to(0x0b000000 + i, 1 + i / 64.0, EKI_TCP_SYN);
        size_t before = heard.count, due = i > 192 ? i - 192 : 0;
        step(pending, &ask, EKI_STEP_ATTEMPT, true);
        assert_true(heard.count <= due);
        assert_true(heard.count + 7 >= due);
        assert_true(heard.count == before || heard.count == due);
    }
    eki_pending_finish(pending);
    assert_int_equal(heard.count, 500);
    assert_false(heard.unordered);
    eki_pending_free(pending);
}

static void a_clock_that_is_set_back_is_followed(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    struct eki_packet ask = packet_to(0x0b000000, 4000, EKI_TCP_SYN),
                      old = packet_to(0x0b000001, 3998, EKI_TCP_SYN);
    step(pending, &ask, EKI_STEP_ATTEMPT, true);
    step(pending, &old, EKI_STEP_ATTEMPT, true);
    assert_int_equal(eki_pending_late(pending), 0); /* two sensors' cards may differ by so much */
    for (uint32_t i = 0; i < 63; i++) {
        struct eki_packet back_then = packet_to(0x0b000100 + i, 400 + i / 64.0, EKI_TCP_SYN);
        step(pending, &back_then, EKI_STEP_ATTEMPT, true);
    }
    assert_int_equal(eki_pending_late(pending), 63);
    assert_int_equal(heard.count, 0);
    struct eki_packet last = packet_to(0x0b000200, 401, EKI_TCP_SYN),
                      next = packet_to(0x0b000201, 405, EKI_TCP_SYN);
    step(pending, &last, EKI_STEP_ATTEMPT, true);
    assert_int_equal(heard.count, 66); /* nothing waits for a time that may never come again */
    step(pending, &next, EKI_STEP_ATTEMPT, true);
    assert_int_equal(eki_pending_late(pending), 64);
    eki_pending_free(pending);
}

static void special_marks(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    struct eki_packet mirai = packet_to(0x0a000103, 1, EKI_TCP_SYN),
                      stray = back(packet_to(0x0a000104, 1, EKI_TCP_ACK), 1.1);
    mirai.sequence = 0x0a000103;
    step(pending, &mirai, EKI_STEP_ATTEMPT, true);
    step(pending, &stray, EKI_STEP_UNASKED, false);
    struct eki_packet group = packet_to(0xe00000fb, 1.2, EKI_TCP_SYN);
    step(pending, &group, EKI_STEP_ATTEMPT, true);
    eki_pending_finish(pending);
    assert_int_equal(heard.count, 2); /* a group is no host */
    assert_int_equal(heard.contacts[0].flags, EKI_CONTACT_SEQ_IS_TARGET);
    assert_int_equal(heard.contacts[1].flags, EKI_CONTACT_UNASKED);
    eki_pending_free(pending);
}

static void too_many_at_once(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_pending *pending = new_pending(&heard);
    for (uint32_t i = 0; i < EKI_PENDING_CONTACTS + 7; i++) {
        struct eki_packet ask = packet_to(0x0b000000 + i, 1, EKI_TCP_SYN);
        step(pending, &ask, EKI_STEP_ATTEMPT, true);
    }
    assert_int_equal(heard.count, EKI_PENDING_GROUP);
    assert_true(eki_pending_forced(pending) >= 7);
    assert_true(heard.contacts[0].flags & EKI_CONTACT_FORCED);
    eki_pending_finish(pending);
    assert_int_equal(heard.count, EKI_PENDING_CONTACTS + 7);
    eki_pending_free(pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(outcomes),
                                       cmocka_unit_test(held_then_released),
                                       cmocka_unit_test(released_in_groups),
                                       cmocka_unit_test(special_marks),
                                       cmocka_unit_test(a_clock_that_is_set_back_is_followed),
                                       cmocka_unit_test(too_many_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
