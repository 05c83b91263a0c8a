/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts and flows as lines and back; what is wrong with a line is told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "ekigaku/contact.h"
#include "ekigaku/flow.h"

static void contact_round_trip(void **state)
{
    (void)state;
    static const uint8_t protocols[] = {EKI_PROTOCOL_TCP,   EKI_PROTOCOL_UDP, EKI_PROTOCOL_ICMP,
                                        EKI_PROTOCOL_ICMP6, EKI_PROTOCOL_ARP, 132};
    for (int i = 0; i < 6; i++) {
        struct eki_contact contact = {.client = {0x20010db800000000, 7},
                                      .server = eki_address_v4(0xc0000201),
                                      .time = INT64_C(1494575041000123456),
                                      .answered = i & 1 ? INT64_C(1494575041000124000) : EKI_TIME_NONE,
                                      .packet = 1041,
                                      .attempts = 3,
                                      .payload = 376,
                                      .client_port = 40000,
                                      .service = 1434,
                                      .input = 2,
                                      .protocol = protocols[i],
                                      .outcome = (uint8_t)(i % 5),
                                      .flags = (uint8_t)(1u << i)};
        struct eki_contact again;
        char line[EKI_CONTACT_LINE];
        size_t length = eki_contact_write(&contact, line);
        json_t *tree = json_loads(line, 0, NULL); /* the differential reader */
        assert_non_null(tree);
        assert_int_equal(json_integer_value(json_object_get(tree, "port")), 1434);
        json_decref(tree);
        assert_int_equal(eki_contact_read(line, length, &again, NULL), EKI_OK);
        assert_memory_equal(&contact, &again,
                            offsetof(struct eki_contact, flags) + 1); /* what follows is padding */
    }
}

static void flow_round_trip(void **state)
{
    (void)state;
    struct eki_flow flow = {.client = eki_address_v4(0x0a000001),
                            .server = eki_address_v4(0x0a000002),
                            .first = 1000000001,
                            .last = 2000000000,
                            .packet_first = 5,
                            .packet_last = 99,
                            .client_bytes = UINT64_MAX,
                            .server_bytes = 0,
                            .client_packets = 3,
                            .server_packets = 4,
                            .client_port = 50000,
                            .service = 445,
                            .input = 1,
                            .protocol = EKI_PROTOCOL_TCP,
                            .inferred = true};
    struct eki_flow again;
    char line[EKI_FLOW_LINE];
    size_t length = eki_flow_write(&flow, line);
    assert_int_equal(eki_flow_read(line, length, &again, NULL), EKI_OK);
    assert_memory_equal(&flow, &again, offsetof(struct eki_flow, refused) + 1);
}

#define LINE(t, client, rest) "{\"t\":\"" t "\",\"client\":\"" client "\",\"server\":\"10.0.0.2\"," rest "}"

static void bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *what;
    } cases[] = {
        {"", "object"},
        {"[]", "object"},
        {"{\"t\":\"2017-05-12T07:44:01Z\"", "end of the object"},
        {LINE("2017-05-12T07:44:01Z", "10.0.0.1", "\"proto\":\"tcp\",\"port\":70000,\"outcome\":\"none\""),
         "port"},
        {LINE("2017-05-12T07:44:01Z", "10.0.0.256", "\"proto\":\"tcp\",\"port\":7,\"outcome\":\"none\""),
         "client"},
        {LINE("yesterday", "10.0.0.1", "\"proto\":\"tcp\",\"port\":7,\"outcome\":\"none\""), "t:"},
        {LINE("2017-05-12T07:44:01Z", "10.0.0.1", "\"proto\":\"ipx\",\"port\":7,\"outcome\":\"none\""),
         "proto"},
        {LINE("2017-05-12T07:44:01Z", "10.0.0.1", "\"proto\":\"tcp\",\"port\":7,\"outcome\":\"maybe\""),
         "outcome"},
        {LINE("2017-05-12T07:44:01Z", "10.0.0.1",
              "\"proto\":\"tcp\",\"port\":7,\"outcome\":\"none\",\"attempts\":0"),
         "contradict"},
        {"{\"t\":\"2017-05-12T07:44:01Z\"} x", "after the end"},
        {"{\"proto\":\"\\u12\"}", "escape"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eki_contact contact = {.packet = 77};
        struct eki_fault fault = {0};
        assert_int_equal(eki_contact_read(cases[i].line, strlen(cases[i].line), &contact, &fault),
                         EKI_ERROR_CORRUPT);
        assert_int_equal(contact.packet, 77); /* untouched */
        bool told = strstr(fault.what, cases[i].what) != NULL;
        if (!told) fail_msg("%s: said \"%s\"", cases[i].line, fault.what);
    }
}

static void tolerant_of_more(void **state)
{
    (void)state;
    static const char line[] =
        " { \"note\" : {\"a\":[1,{\"b\":\"]}\"}]}, \"t\":\"1970-01-01T00:00:00Z\", \"client\":\"::1\", \"server\":\"\\u0031\\u0030.0.0.2\","
        "\"proto\":\"udp\",\"port\":53,\"outcome\":\"answered\",\"later\":null } \r\n";
    struct eki_contact contact;
    assert_int_equal(eki_contact_read(line, sizeof line - 1, &contact, NULL), EKI_OK);
    assert_true(eki_address_equal(contact.server, eki_address_v4(0x0a000002)));
    assert_int_equal(contact.attempts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(contact_round_trip),
                                       cmocka_unit_test(flow_round_trip), cmocka_unit_test(bad_lines),
                                       cmocka_unit_test(tolerant_of_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
