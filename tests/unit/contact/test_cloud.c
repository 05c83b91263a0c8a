/* SPDX-License-Identifier: Apache-2.0 */
/* Flow logs of clouds and the Windows firewall's log: directions joined, decisions, broken lines. */
#include "support_log.h"

static const struct eki_contact *contact_from(const struct log_read *read, uint32_t client)
{
    for (size_t i = 0; i < read->count; i++)
        if (eki_address_equal(read->entries[i].contact.client, eki_address_v4(client)))
            return &read->entries[i].contact;
    return NULL;
}

#define AWS(from, to, ports, counts, action)                                                                 \
    "2 123456789010 eni-1235b8ca123456789 " from " " to " " ports " 6 " counts                               \
    " 1418530010 1418530070 " action "\n"

static void aws_pairs(void **state)
{
    (void)state;
    struct log_read read =
        read_log_text(AWS("10.0.0.1", "10.0.0.2", "40000 445", "20 4249", "ACCEPT OK")
                          AWS("10.0.0.3", "10.0.0.4", "40000 445", "3 152", "ACCEPT OK")
                              AWS("10.0.0.5", "10.0.0.4", "40000 445", "1 40", "REJECT OK")
                                  AWS("10.0.0.2", "10.0.0.1", "445 40000", "20 8249", "ACCEPT OK")
                                      AWS("10.0.0.6", "10.0.0.7", "40000 445", "1 60", "ACCEPT OK")
                                          AWS("10.0.0.7", "10.0.0.6", "445 40000", "1 40", "ACCEPT OK")
                                              AWS("-", "-", "- -", "- -", "- NODATA"));
    assert_int_equal(read.error, EKI_OK);
    assert_string_equal(read.format, "vpc-aws");
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.count, 4);
    const struct eki_contact *c = contact_from(&read, 0x0a000001);
    assert_non_null(c);
    assert_int_equal(c->outcome, EKI_OUTCOME_DATA);
    assert_int_equal(c->service, 445);
    assert_int_equal(c->flags, EKI_CONTACT_INFERRED | EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD);
    assert_true(c->time == INT64_C(1418530010000000000));
    assert_int_equal(contact_from(&read, 0x0a000003)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000003)->attempts, 3);
    assert_int_equal(contact_from(&read, 0x0a000005)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000006)->outcome, EKI_OUTCOME_REFUSED);
    log_read_done(&read);
}

/* Where only questions are let through, what is rejected can be an answer. */
static void aws_rejected_answer(void **state)
{
    (void)state;
    struct log_read read = read_log_text(AWS("10.0.0.2", "10.0.0.1", "445 50000", "1 52", "REJECT OK"));
    assert_int_equal(read.count, 1);
    assert_true(eki_address_equal(read.entries[0].contact.client, eki_address_v4(0x0a000001)));
    assert_true(read.entries[0].contact.flags & EKI_CONTACT_UNASKED);
    log_read_done(&read);
}

/* Flags tell who asked, against the ports; a date before each line is CloudWatch's. */
static void aws_header(void **state)
{
    (void)state;
    struct log_read read = read_log_text(
        "version srcaddr dstaddr srcport dstport protocol start end packets bytes tcp-flags "
        "pkt-srcaddr pkt-dstaddr action log-status\n"
        "3 10.0.0.9 10.0.0.2 443 50000 6 1418530010 1418530070 9 900 2 10.0.0.1 10.0.0.2 ACCEPT OK\n"
        "3 10.0.0.2 10.0.0.9 50000 443 6 1418530010 1418530070 9 900 18 10.0.0.2 10.0.0.1 ACCEPT OK\n"
        "3 10.0.0.2 10.0.0.9 50000\n"
        "3 10.0.0.2 10.0.0.9 50000 443 6 x 1418530070 9 900 18 10.0.0.2 10.0.0.1 ACCEPT OK\n");
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 2);
    assert_int_equal(read.count, 1);
    assert_true(eki_address_equal(read.entries[0].contact.client, eki_address_v4(0x0a000001)));
    assert_int_equal(read.entries[0].contact.service, 50000);
    assert_int_equal(read.entries[0].contact.flags & EKI_CONTACT_INFERRED, 0);
    log_read_done(&read);
    read = read_log_text(
        "2018-08-08T00:00:01.000Z " AWS("10.0.0.1", "10.0.0.2", "40000 445", "1 40", "REJECT OK"));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 1);
    log_read_done(&read);
}

#define AZURE(tuples)                                                                                        \
    "{\"records\":[{\"time\":\"2018-11-13T12:00:35.3899262Z\",\"properties\":{\"Version\":2,\"flows\":["     \
    "{\"rule\":\"x\",\"flows\":[{\"mac\":\"000D3AF87856\",\"flowTuples\":[" tuples "]}]}]}}]}"

static void azure(void **state)
{
    (void)state;
    struct log_read read =
        read_log_text(AZURE("\"1542110377,10.0.0.1,13.67.143.118,44931,443,T,O,A,B,,,,\","
                            "\"1542110378,10.0.0.1,13.67.143.118,44931,443,T,O,A,E,9,2140,8,1600\","
                            "\"1542110379,10.0.0.2,13.67.143.118,44932,445,T,O,D,B,,,,\","
                            "\"1542110380,10.0.0.3,13.67.143.118,44932,445,T,O,A,E,3,180,0,0\","
                            "\"1542110381,10.0.0.4,13.67.143.118,44932,53,U,O,A\","
                            "\"1663146003599,10.0.0.5,52.239.184.180,23956,443,6,O,E,NX,3,767,2,1580\","
                            "\"1542110381,10.0.0.4,13.67.143.118\",\"x,y,z,1,2,T,O,A\""));
    assert_int_equal(read.error, EKI_OK);
    assert_string_equal(read.format, "vpc-azure");
    assert_int_equal(read.input.malformed, 2);
    assert_int_equal(read.count, 5);
    assert_int_equal(contact_from(&read, 0x0a000001)->outcome, EKI_OUTCOME_DATA);
    assert_int_equal(contact_from(&read, 0x0a000001)->flags & EKI_CONTACT_INFERRED, 0);
    assert_true(contact_from(&read, 0x0a000001)->time == INT64_C(1542110377000000000)); /* when it began */
    assert_int_equal(contact_from(&read, 0x0a000002)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000003)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000004)->outcome, EKI_OUTCOME_ANSWERED);
    assert_true(contact_from(&read, 0x0a000005)->time == INT64_C(1663146003599000000));
    log_read_done(&read);
    static const char cut[] = AZURE("\"1542110379,10.0.0.2,13.67.143.118,44932,445,T,O,D,B,,,,\",\"15421");
    read = read_log_bytes(cut, strlen(cut) - strlen("]}]}]}}]}"), NULL);
    assert_int_equal(read.error, EKI_ERROR_TRUNCATED);
    assert_int_equal(read.count, 1);
    log_read_done(&read);
}

#define GOOGLE(from, sport, to, dport, more)                                                                 \
    "{\"insertId\":\"a\",\"jsonPayload\":{\"connection\":{\"src_ip\":\"" from "\",\"src_port\":" sport       \
    ",\"dest_ip\":\"" to "\",\"dest_port\":" dport ",\"protocol\":6}," more "},"                             \
    "\"timestamp\":\"2020-01-02T03:04:09Z\"}\n"
#define SENT(packets, bytes)                                                                                 \
    "\"bytes_sent\":\"" bytes "\",\"packets_sent\":\"" packets "\",\"reporter\":\"SRC\","                    \
    "\"start_time\":\"2020-01-02T03:04:05.5Z\",\"end_time\":\"2020-01-02T03:04:06.5Z\""

static void google(void **state)
{
    (void)state;
    struct log_read read = read_log_text(
        GOOGLE("10.0.0.1", "40000", "10.0.0.2", "445", SENT("9", "2000")) GOOGLE(
            "10.0.0.3", "40000", "10.0.0.2", "445", SENT("2", "120")) GOOGLE("10.0.0.2", "445", "10.0.0.1",
                                                                             "40000", SENT("9", "2000"))
            GOOGLE("10.0.0.4", "40000", "10.0.0.2", "445", "\"disposition\":\"DENIED\"") GOOGLE(
                "10.0.0.5", "40000", "10.0.0.2", "445",
                "\"disposition\":\"ALLOWED\"") "{\"textPayload\":\"other\"}\n" GOOGLE("10.0.0.5", "400000",
                                                                                      "10.0.0.2", "445",
                                                                                      "\"x\":1"));
    assert_int_equal(read.error, EKI_OK);
    assert_string_equal(read.format, "vpc-google");
    assert_int_equal(read.input.malformed, 1);
    assert_int_equal(read.count, 4);
    assert_int_equal(contact_from(&read, 0x0a000001)->outcome, EKI_OUTCOME_DATA);
    assert_int_equal(contact_from(&read, 0x0a000003)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000004)->outcome, EKI_OUTCOME_NONE);
    assert_int_equal(contact_from(&read, 0x0a000005)->outcome, EKI_OUTCOME_ANSWERED);
    log_read_done(&read);
}

#define FIREWALL                                                                                             \
    "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n"                      \
    "#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin " \
    "icmptype icmpcode info path\r\n\r\n"

static void firewall(void **state)
{
    (void)state;
    struct log_read read = read_log_text(
        FIREWALL "2015-07-16 11:35:26 DROP TCP 10.0.0.1 10.0.0.9 49200 445 52 S 1 0 8192 - - - RECEIVE\r\n"
                 "2015-07-16 11:35:27 DROP TCP 10.0.0.2 10.0.0.9 443 49200 52 A 1 0 8192 - - - RECEIVE\r\n"
                 "2015-07-16 11:35:28 ALLOW UDP 10.0.0.3 10.0.0.9 62285 53 0 - - - - - - - SEND\r\n"
                 "2015-07-16 11:35:29 DROP ICMP 10.0.0.4 10.0.0.9 - - 60 - - - - 8 0 - RECEIVE\r\n"
                 "2015-07-16 11:35:30 INFO-EVENTS-LOST - - - - - - - - - - - - 12 -\r\n"
                 "2015-07-16 11:35:31 DROP TCP 10.0.0.300 10.0.0.9 49200 445 52 S 1 0 8192 - - - RECEIVE\r\n"
                 "2015-07-16 11:77:31 DROP TCP 10.0.0.3 10.0.0.9 49200 445 52 S 1 0 8192 - - - RECEIVE\r\n"
                 "2015-07-16\r\n");
    assert_int_equal(read.error, EKI_OK);
    assert_string_equal(read.format, "windows-firewall");
    assert_int_equal(read.input.malformed, 3);
    assert_int_equal(read.count, 3);
    assert_int_equal(contact_from(&read, 0x0a000001)->outcome, EKI_OUTCOME_NONE);
    assert_true(contact_from(&read, 0x0a000001)->time == INT64_C(1437046526000000000));
    assert_int_equal(contact_from(&read, 0x0a000003)->outcome, EKI_OUTCOME_ANSWERED);
    assert_int_equal(contact_from(&read, 0x0a000004)->protocol, EKI_PROTOCOL_ICMP);
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aws_pairs), cmocka_unit_test(aws_header), cmocka_unit_test(aws_rejected_answer),
        cmocka_unit_test(azure),     cmocka_unit_test(google),     cmocka_unit_test(firewall)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
