/* SPDX-License-Identifier: Apache-2.0 */
/* Zeek's conn.log, both writings: what a line becomes, and what is done with broken ones. */
#include "support_log.h"

#define HEADER                                                                                               \
    "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"   \
    "duration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\tresp_pkts\n"
#define LINE(state, history, bytes, packets)                                                                 \
    "1517336042.5\tC1\t10.0.0.1\t14291\t10.0.0.2\t445\ttcp\t2.5\t" bytes "\t" state "\t" history             \
    "\t" packets "\n"

static void states(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned outcome, flags;
    } cases[] = {
        {HEADER LINE("S0", "S", "0\t0", "2\t0"), EKI_OUTCOME_NONE, 0},
        {HEADER LINE("REJ", "Sr", "0\t0", "1\t1"), EKI_OUTCOME_REFUSED, 0},
        {HEADER LINE("SF", "ShADadFf", "100\t200", "9\t9"), EKI_OUTCOME_DATA,
         EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD},
        {HEADER LINE("SF", "ShAFf", "0\t0", "4\t3"), EKI_OUTCOME_ESTABLISHED, 0},
        {HEADER LINE("RSTO", "ShR", "0\t0", "2\t1"), EKI_OUTCOME_ANSWERED, 0},
        {HEADER LINE("RSTOS0", "SR", "0\t0", "2\t0"), EKI_OUTCOME_NONE, 0},
        {HEADER LINE("SHR", "^h", "0\t0", "0\t1"), EKI_OUTCOME_ANSWERED, EKI_CONTACT_UNASKED},
        {HEADER LINE("OTH", "DadA", "10\t20", "5\t5"), EKI_OUTCOME_DATA,
         EKI_CONTACT_INFERRED | EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD},
        {HEADER LINE("SH", "SF", "-\t-", "2\t0"), EKI_OUTCOME_NONE, EKI_CONTACT_ODD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        assert_int_equal(read.error, EKI_OK);
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_int_equal(c->outcome, cases[i].outcome);
        assert_int_equal(c->flags, cases[i].flags);
        assert_true(eki_address_equal(c->client, eki_address_v4(0x0a000001)));
        assert_int_equal(c->service, 445);
        assert_int_equal(c->client_port, 14291);
        assert_true(c->time == INT64_C(1517336042500000000));
        bool moved = c->outcome == EKI_OUTCOME_DATA;
        assert_int_equal(read.entries[0].flow.packet_first > 0, moved);
        if (moved) assert_true(read.entries[0].flow.last == c->time + INT64_C(2500000000));
        log_read_done(&read);
    }
}

/* The same connection as values and as JSON, nested, joined or dotted. */
static void writings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEADER LINE("SF", "ShADadFf", "100\t200", "9\t8"),
        "{\"ts\":1517336042.5,\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":14291,\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":445,\"proto\":\"tcp\","
        "\"duration\":2.5,\"orig_bytes\":100,\"resp_bytes\":200,\"conn_state\":\"SF\",\"history\":\"ShADadFf\",\"orig_pkts\":9,\"resp_pkts\":8}",
        "{\"_path\":\"conn\",\"ts\":\"2018-01-30T18:14:02.5Z\",\"id\":{\"orig_h\":\"10.0.0.1\",\"orig_p\":14291,\"resp_h\":\"10.0.0.2\",\"resp_p\":445},"
        "\"proto\":\"tcp\",\"duration\":2.5,\"orig_bytes\":100,\"resp_bytes\":200,\"conn_state\":\"SF\",\"history\":\"ShADadFf\",\"orig_pkts\":9,\"resp_pkts\":8}\n"};
    struct log_read first = read_log_text(texts[0]);
    assert_int_equal(first.count, 1);
    for (int i = 1; i < 3; i++) {
        struct log_read other = read_log_text(texts[i]);
        assert_int_equal(other.count, 1);
        other.entries[0].contact.packet = other.entries[0].flow.packet_first =
            other.entries[0].flow.packet_last = first.entries[0].contact.packet;
        assert_same_entry(&first.entries[0], &other.entries[0]);
        log_read_done(&other);
    }
    log_read_done(&first);
}

static void broken(void **state)
{
    (void)state;
    struct log_read read = read_log_text(
        HEADER
        "1517336042.5\tC1\t10.0.0.1\n"
        "x\tC1\t10.0.0.1\t1\t10.0.0.2\t445\ttcp\t-\t0\t0\tS0\tS\t1\t0\n"
        "1\tC1\t10.0.0.1\t99999\t10.0.0.2\t445\ttcp\t-\t0\t0\tS0\tS\t1\t0\n"
        "1\tC1\t10.0.0.1\t9\t10.0.0.2.7\t445\ttcp\t-\t0\t0\tS0\tS\t1\t0\n" LINE("S0", "S", "0\t0", "1\t0"));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.malformed, 4);
    assert_int_equal(read.input.place_count, 3);
    assert_non_null(strstr(read.input.places[0].what, "record 4: fewer fields"));
    assert_non_null(strstr(read.input.places[1].what, "record 5: no number of seconds"));
    log_read_done(&read);
    /* Nothing usable at all is an error that names the first place. */
    read = read_log_text(HEADER "1517336042.5\tC1\n");
    assert_int_equal(read.error, EKI_ERROR_CORRUPT);
    log_read_done(&read);
}

/* What nobody answers for is counted, but no contact: groups, ICMP that is no question, other protocols. */
static void passed_over(void **state)
{
    (void)state;
    struct log_read read =
        read_log_text(HEADER "1.5\tC\t10.0.0.1\t5353\t224.0.0.251\t5353\tudp\t-\t10\t0\tS0\tD\t1\t0\n"
                             "1.6\tC\t10.0.0.1\t3\t10.0.0.2\t1\ticmp\t-\t10\t0\tOTH\t-\t1\t0\n"
                             "1.7\tC\t10.0.0.1\t8\t10.0.0.2\t0\ticmp\t-\t10\t10\tOTH\t-\t1\t1\n"
                             "1.8\tC\t10.0.0.1\t0\t10.0.0.2\t0\tunknown_transport\t-\t-\t-\tOTH\t-\t1\t1\n");
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.flows, 4);
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.entries[0].contact.protocol, EKI_PROTOCOL_ICMP);
    assert_int_equal(read.entries[0].contact.outcome, EKI_OUTCOME_ANSWERED);
    assert_int_equal(read.entries[0].contact.service, 0);
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states), cmocka_unit_test(writings),
                                       cmocka_unit_test(broken), cmocka_unit_test(passed_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
