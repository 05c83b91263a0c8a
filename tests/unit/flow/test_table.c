/* SPDX-License-Identifier: Apache-2.0 */
/* Packets in, steps and flows out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "flow/table.h"

struct heard {
    struct eki_flow flows[16];
    size_t count;
};

static void hear(void *user, const struct eki_flow *flow, uint64_t conversation)
{
    struct heard *heard = user;
    assert_true(conversation > 0);
    if (heard->count < 16) heard->flows[heard->count++] = *flow;
}

static const struct eki_address client = {0, EKI_V4_MAPPED | 0x0a000001},
                                server = {0, EKI_V4_MAPPED | 0x0a000002};

static struct eki_packet tcp(bool from_client, uint8_t flags, uint32_t payload, double seconds)
{
    static const uint16_t ephemeral = 50123, service = 445;
    return (struct eki_packet){.time = (eki_time)(seconds * 1e9),
                               .number = 1 + (uint64_t)(seconds * 1000),
                               .source = from_client ? client : server,
                               .target = from_client ? server : client,
                               .source_port = from_client ? ephemeral : service,
                               .target_port = from_client ? service : ephemeral,
                               .kind = EKI_PACKET_TCP,
                               .protocol = EKI_PROTOCOL_TCP,
                               .tcp_flags = flags,
                               .payload_wire = payload,
                               .wire_bytes = 54 + payload};
}

static struct eki_flow_table *new_table(struct heard *heard)
{
    struct eki_flow_table *table;
    *heard = (struct heard){.count = 0};
    assert_int_equal(eki_flow_table_new(1, hear, heard, &table), EKI_OK);
    return table;
}

static struct eki_step feed(struct eki_flow_table *table, struct eki_packet *packet)
{
    struct eki_step step;
    eki_flow_table_batch(table, packet, 1, &step);
    return step;
}

static void whole_connection(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    struct eki_packet packets[] = {tcp(true, EKI_TCP_SYN, 0, 1),
                                   tcp(false, EKI_TCP_SYN | EKI_TCP_ACK, 0, 1.1),
                                   tcp(true, EKI_TCP_ACK, 0, 1.2),
                                   tcp(true, EKI_TCP_ACK | EKI_TCP_PSH, 100, 1.3),
                                   tcp(false, EKI_TCP_ACK | EKI_TCP_PSH, 200, 1.4),
                                   tcp(true, EKI_TCP_ACK | EKI_TCP_FIN, 0, 1.5),
                                   tcp(false, EKI_TCP_ACK | EKI_TCP_FIN, 0, 1.6)};
    static const uint8_t kinds[] = {EKI_STEP_ATTEMPT,     EKI_STEP_ANSWER,      EKI_STEP_ESTABLISHED,
                                    EKI_STEP_CLIENT_DATA, EKI_STEP_SERVER_DATA, EKI_STEP_NONE,
                                    EKI_STEP_NONE};
    for (size_t i = 0; i < 7; i++) {
        struct eki_step step = feed(table, &packets[i]);
        assert_int_equal(step.kind, kinds[i]);
        assert_true(eki_address_equal(eki_step_client(&step), client));
        assert_int_equal(eki_step_service(&step), 445);
    }
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.flows[0].client_bytes, 100);
    assert_int_equal(heard.flows[0].server_bytes, 200);
    assert_false(heard.flows[0].inferred);
    eki_flow_table_finish(table);
    assert_int_equal(heard.count, 1); /* handed out once */
    eki_flow_table_free(table);
}

static void middle_of_connection(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    struct eki_packet from_server = tcp(false, EKI_TCP_ACK | EKI_TCP_PSH, 90, 5),
                      from_client = tcp(true, EKI_TCP_ACK, 10, 6);
    struct eki_step step = feed(table, &from_server);
    assert_int_equal(step.kind, EKI_STEP_SERVER_DATA);
    assert_true(step.inferred);
    assert_true(step.opens);
    assert_true(eki_address_equal(eki_step_client(&step), client));
    step = feed(table, &from_client);
    assert_int_equal(step.kind, EKI_STEP_CLIENT_DATA);
    assert_false(step.opens);
    eki_flow_table_finish(table);
    assert_int_equal(heard.count, 1);
    assert_true(heard.flows[0].inferred);
    eki_flow_table_free(table);
}

static void refusals_and_backscatter(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    struct eki_packet stray = tcp(false, EKI_TCP_SYN | EKI_TCP_ACK, 0, 1),
                      reset = tcp(false, EKI_TCP_RST | EKI_TCP_ACK, 0, 3);
    assert_int_equal(feed(table, &stray).kind, EKI_STEP_UNASKED);
    struct eki_packet syn = tcp(true, EKI_TCP_SYN, 0, 2);
    assert_int_equal(feed(table, &syn).kind, EKI_STEP_ATTEMPT);
    assert_int_equal(feed(table, &reset).kind, EKI_STEP_REFUSAL);
    struct eki_packet unreachable = reset;
    unreachable.kind = EKI_PACKET_REFUSAL;
    unreachable.tcp_flags = 0;
    assert_int_equal(feed(table, &unreachable).kind, EKI_STEP_REFUSAL);
    eki_flow_table_finish(table);
    assert_int_equal(heard.count, 0); /* no data moved */
    eki_flow_table_free(table);
}

static void odd_probes(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    static const uint8_t flags[] = {EKI_TCP_FIN, 0, EKI_TCP_FIN | EKI_TCP_PSH | EKI_TCP_URG};
    for (size_t i = 0; i < 3; i++) {
        struct eki_packet probe = tcp(true, flags[i], 0, 1 + (double)i);
        probe.target_port = (uint16_t)(100 + i);
        struct eki_step step = feed(table, &probe);
        assert_int_equal(step.kind, EKI_STEP_ATTEMPT);
        assert_true(step.odd);
    }
    eki_flow_table_free(table);
}

/* A million lone SYNs open nothing. */
static void sweep_leaves_nothing(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    for (uint32_t i = 0; i < 1000000; i++) {
        struct eki_packet syn = tcp(true, EKI_TCP_SYN, 0, 1);
        syn.target = eki_address_v4(0x0b000000 + i);
        assert_int_equal(feed(table, &syn).kind, EKI_STEP_ATTEMPT);
    }
    assert_int_equal(eki_flow_table_seen(table), 0);
    assert_int_equal(eki_flow_table_pushed_out(table), 0);
    eki_flow_table_free(table);
}

/* More open conversations than there is room for: the oldest end early and are counted, all are handed out
 * once. */
static void full_table(void **state)
{
    (void)state;
    struct heard heard;
    struct eki_flow_table *table = new_table(&heard);
    for (uint32_t i = 0; i < EKI_FLOW_ENTRIES + 1000; i++) {
        struct eki_packet data = tcp(true, EKI_TCP_ACK, 10, 1);
        data.source = eki_address_v4(0x0b000000 + i);
        assert_int_equal(feed(table, &data).kind, EKI_STEP_CLIENT_DATA);
    }
    assert_int_equal(eki_flow_table_pushed_out(table), 1000);
    eki_flow_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_connection),         cmocka_unit_test(middle_of_connection),
        cmocka_unit_test(refusals_and_backscatter), cmocka_unit_test(odd_probes),
        cmocka_unit_test(sweep_leaves_nothing),     cmocka_unit_test(full_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
