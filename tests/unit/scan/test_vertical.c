/* SPDX-License-Identifier: Apache-2.0 */
/* A search through the ports of one host is remembered for its picture, thinned evenly. */
#include "support_contacts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/archive.h"
#include "scan/vertical/vertical.h"

enum { SOURCE = 0x0a000001, VICTIM = 0x0a000102, ANSWERS = 443 };

/* Ports from 1 on, one each 10 ms. */
static const struct eki_scanner *search(struct trial *trial, unsigned ports)
{
    *trial = trial_new();
    for (unsigned port = 1; port <= ports; port++)
        trial_tcp(trial, SOURCE, VICTIM, (uint16_t)port, port * 0.01,
                  port == ANSWERS ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_REFUSED);
    const struct eki_scanner *scanner = trial_scanner(trial, SOURCE, 0);
    assert_non_null(scanner);
    assert_int_equal(scanner->shape, EKI_SHAPE_VERTICAL);
    assert_in_range(scanner->targets, ports - 2, ports); /* a client with one service is no search of ports */
    return scanner;
}

static void a_short_search_is_kept_whole(void **state)
{
    (void)state;
    struct trial trial;
    const struct eki_scanner *scanner = search(&trial, 600);
    assert_int_equal(scanner->probe_count, scanner->targets - EKI_VERTICAL_FIRST_PORTS);
    for (size_t i = 0; i < scanner->probe_count; i++) {
        const struct eki_probe *probe = &scanner->probes[i];
        assert_int_equal(probe->port, 600 - scanner->probe_count + 1 + i);
        assert_int_equal(probe->time, (eki_time)(probe->port * 0.01 * 1e9));
        assert_int_equal(probe->weight, 1);
        assert_int_equal(probe->answered, probe->port == ANSWERS);
        assert_true(eki_address_equal(probe->target, eki_address_v4(VICTIM)));
    }
    trial_done(&trial);
}

static void a_long_one_is_thinned_evenly(void **state)
{
    (void)state;
    struct trial trial;
    const struct eki_scanner *scanner = search(&trial, 60000);
    assert_in_range(scanner->probe_count, EKI_VERTICAL_KEPT / 2, EKI_VERTICAL_KEPT);
    double stands_for = (double)scanner->probe_count * scanner->probes[0].weight;
    assert_true(stands_for > 59000 && stands_for < 61000);
    for (size_t i = 1; i < scanner->probe_count; i++)
        assert_int_equal(scanner->probes[i].port - scanner->probes[i - 1].port, scanner->probes[0].weight);
    trial_done(&trial);
}

static void feed(struct eki_vertical *vertical, unsigned from, unsigned to)
{
    for (unsigned port = from; port < to; port++) {
        const struct eki_contact contact = {.client = eki_address_v4(SOURCE),
                                            .server = eki_address_v4(VICTIM),
                                            .time = (eki_time)port * EKI_SECOND,
                                            .answered = EKI_TIME_NONE,
                                            .attempts = 1,
                                            .service = (uint16_t)port,
                                            .protocol = EKI_PROTOCOL_TCP,
                                            .outcome = EKI_OUTCOME_REFUSED};
        assert_true(eki_vertical_feed(vertical, &contact, 1));
    }
}

static void a_restart_between_changes_nothing(void **state)
{
    (void)state;
    struct eki_vertical whole = {0}, before = {0}, after = {0};
    feed(&whole, 1, 5000);
    feed(&before, 1, 3000);
    struct eki_archive writer = {.writing = true};
    eki_vertical_archive(&before, &writer);
    assert_int_equal(writer.error, EKI_OK);
    struct eki_archive reader = {.cursor = eki_cursor_over(writer.bytes, writer.length)};
    eki_vertical_archive(&after, &reader);
    assert_int_equal(reader.error, EKI_OK);
    feed(&after, 3000, 5000);
    struct eki_scanner found[2][EKI_VERTICAL_TARGETS];
    struct eki_arena arena = {0};
    for (int i = 0; i < 2; i++) {
        const struct eki_vertical *vertical = i ? &after : &whole;
        assert_int_equal(eki_vertical_findings(vertical, eki_address_v4(SOURCE), found[i]), 1);
        assert_int_equal(eki_vertical_probes(vertical, &arena, &found[i][0]), EKI_OK);
    }
    assert_int_equal(found[0][0].probe_count, found[1][0].probe_count);
    for (size_t i = 0; i < found[0][0].probe_count; i++) {
        assert_int_equal(found[0][0].probes[i].port, found[1][0].probes[i].port);
        assert_int_equal(found[0][0].probes[i].time, found[1][0].probes[i].time);
    }
    eki_arena_done(&arena);
    eki_archive_done(&writer);
    eki_vertical_done(&whole);
    eki_vertical_done(&before);
    eki_vertical_done(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_short_search_is_kept_whole),
                                       cmocka_unit_test(a_long_one_is_thinned_evenly),
                                       cmocka_unit_test(a_restart_between_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
