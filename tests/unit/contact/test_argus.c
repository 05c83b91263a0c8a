/* SPDX-License-Identifier: Apache-2.0 */
/* Argus flows as values: states, ways, ports in either writing. */
#include "support_log.h"

#define HEADER                                                                                               \
    "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n"
#define LINE(proto, sport, way, dport, state, counts)                                                        \
    "2013/10/21 13:22:59.500000,2.5," proto ",10.0.0.1," sport "," way ",10.0.0.2," dport "," state          \
    ",0,0," counts ",x\n"

static void states(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned outcome, flags;
    } cases[] = {
        {HEADER LINE("tcp", "4000", "   ->", "445", "S_", "1,70,70"), EKI_OUTCOME_NONE, 0},
        {HEADER LINE("tcp", "4000", "   ->", "445", "S_RA", "2,134,70"), EKI_OUTCOME_REFUSED, 0},
        {HEADER LINE("tcp", "4000", "   ->", "445", "SR_SA", "3,198,136"), EKI_OUTCOME_ANSWERED, 0},
        {HEADER LINE("tcp", "4000", "   ->", "445", "FSA_FSA", "8,540,270"), EKI_OUTCOME_ESTABLISHED, 0},
        {HEADER LINE("tcp", "4000", "   ->", "0x01bd", "SRPA_FSPA", "30,9000,3000"), EKI_OUTCOME_DATA,
         EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD},
        {HEADER LINE("tcp", "4000", "  <?>", "445", "PA_PA", "30,9000,3000"), EKI_OUTCOME_DATA,
         EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD | EKI_CONTACT_INFERRED},
        {HEADER LINE("tcp", "4000", "   ->", "445", "RST", "3,198,66"), EKI_OUTCOME_REFUSED, 0},
        {HEADER LINE("tcp", "4000", "   ->", "445", "REQ", "3,198,198"), EKI_OUTCOME_NONE, 0},
        {HEADER LINE("udp", "4000", "  <->", "445", "CON", "2,200,100"), EKI_OUTCOME_ANSWERED, 0},
        {HEADER LINE("udp", "4000", "   ->", "445", "INT", "2,200,200"), EKI_OUTCOME_NONE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        assert_int_equal(read.error, EKI_OK);
        assert_string_equal(read.format, "argus-csv");
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_int_equal(c->outcome, cases[i].outcome);
        assert_int_equal(c->flags, cases[i].flags);
        assert_int_equal(c->service, 445);
        assert_true(eki_address_equal(c->client, eki_address_v4(0x0a000001)));
        assert_true(c->time == INT64_C(1382361779500000000));
        log_read_done(&read);
    }
}

/* An arrow to the left, and one in question whose ports tell: the other host asked. */
static void ways(void **state)
{
    (void)state;
    static const char *const texts[] = {HEADER LINE("tcp", "445", "  <-", "4000", "SPA_SPA", "30,9000,3000"),
                                        HEADER LINE("tcp", "22", "  <?>", "56278", "PA_PA", "30,9000,3000")};
    for (size_t i = 0; i < 2; i++) {
        struct log_read read = read_log_text(texts[i]);
        assert_int_equal(read.count, 1);
        assert_true(eki_address_equal(read.entries[0].contact.client, eki_address_v4(0x0a000002)));
        assert_int_equal(read.entries[0].contact.service, i ? 22 : 445);
        assert_true(read.entries[0].flow.client_bytes > read.entries[0].flow.server_bytes);
        log_read_done(&read);
    }
}

#define LLC "1970/01/01 01:00:00.0,0.0,llc,00:00:00:00:00:00,0,   ->,00:00:00:00:00:00,0,INT,,,1,60,60,\n"

static void others(void **state)
{
    (void)state;
    struct log_read read = read_log_text(HEADER LINE("icmp", "0x0008", "   ->", "0x7208", "ECO", "2,144,144")
                                             LINE("icmp", "0x0303", "   ->", "0x12d6", "URP", "1,353,353")
                                                 LINE("arp", "", "  who", "", "INT", "3,126,126")
                                                     LINE("igmp", "", "   ->", "", "INT", "1,60,60") LLC);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.entries[0].contact.protocol, EKI_PROTOCOL_ICMP);
    assert_int_equal(read.entries[0].contact.attempts, 2);
    assert_int_equal(read.entries[1].contact.protocol, EKI_PROTOCOL_ARP);
    assert_int_equal(read.entries[1].contact.outcome, EKI_OUTCOME_NONE);
    log_read_done(&read);
}

static void broken(void **state)
{
    (void)state;
    struct log_read read = read_log_text(
        HEADER "2013/10/21 13:22:59,2.5,tcp,10.0.0.1\n"
               "2013/10/21 13:22:59,2.5,tcp,10.0.0.300,1,   ->,10.0.0.2,445,S_,0,0,1,70,70,x\n"
               "21.10.2013 13:22:59,2.5,tcp,10.0.0.3,1,   ->,10.0.0.2,445,S_,0,0,1,70,70,x\n"
               "2013/10/21 13:22:59,2.5,tcp,10.0.0.3,70000,   ->,10.0.0.2,445,S_,0,0,1,70,70,x\n" LINE(
                   "tcp", "4000", "   ->", "445", "S_", "1,70,70"));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 4);
    assert_int_equal(read.count, 1);
    assert_non_null(strstr(read.input.places[0].what, "record 2: fewer fields"));
    assert_non_null(strstr(read.input.places[1].what, "record 3: no address"));
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states), cmocka_unit_test(ways),
                                       cmocka_unit_test(others), cmocka_unit_test(broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
