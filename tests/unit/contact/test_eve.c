/* SPDX-License-Identifier: Apache-2.0 */
/* Suricata's EVE: events as lines and as an array, and what each becomes. */
#include "support_log.h"

#define ENDS                                                                                                 \
    "\"src_ip\":\"10.0.0.1\",\"src_port\":40000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":445,\"proto\":\"TCP\""
#define EVENT(type, more)                                                                                    \
    "{\"timestamp\":\"2018-03-23T13:59:41.5+0100\",\"flow_id\":7,\"event_type\":\"" type "\"," ENDS more "}"
#define FLOW(packets, state, tcp)                                                                            \
    EVENT("flow", ",\"flow\":{" packets                                                                      \
                  ",\"start\":\"2018-03-23T13:59:40.0+0100\",\"end\":\"2018-03-23T13:59:41.0+0100\","        \
                  "\"state\":\"" state "\",\"reason\":\"timeout\",\"alerted\":false}" tcp)
#define COUNTS(asked, answer, up, down)                                                                      \
    "\"pkts_toserver\":" asked ",\"pkts_toclient\":" answer ",\"bytes_toserver\":" up                        \
    ",\"bytes_toclient\":" down
#define TCP(asked, answer)                                                                                   \
    ",\"tcp\":{\"tcp_flags\":\"1f\",\"tcp_flags_ts\":\"" asked "\",\"tcp_flags_tc\":\"" answer               \
    "\",\"syn\":true}"
#define ALERT(signature, category)                                                                           \
    EVENT("alert", ",\"alert\":{\"signature\":\"" signature "\",\"category\":\"" category                    \
                   "\"},\"flow\":{\"pkts_toserver\":1}")

static void outcomes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned outcome, flags;
    } cases[] = {
        {FLOW(COUNTS("2", "0", "148", "0"), "new", TCP("02", "00")), EKI_OUTCOME_NONE, 0},
        {FLOW(COUNTS("1", "1", "74", "60"), "closed", TCP("02", "14")), EKI_OUTCOME_REFUSED, 0},
        {FLOW(COUNTS("2", "1", "134", "74"), "closed", TCP("06", "12")), EKI_OUTCOME_ANSWERED, 0},
        {FLOW(COUNTS("3", "2", "206", "140"), "closed", TCP("13", "13")), EKI_OUTCOME_ESTABLISHED, 0},
        {FLOW(COUNTS("9", "9", "2000", "3000"), "closed", TCP("1b", "1b")), EKI_OUTCOME_DATA,
         EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD},
        {FLOW(COUNTS("9", "9", "2000", "3000"), "established", TCP("18", "18")), EKI_OUTCOME_DATA,
         EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD | EKI_CONTACT_INFERRED},
        {FLOW(COUNTS("1", "0", "60", "0"), "new", TCP("29", "00")), EKI_OUTCOME_NONE, 0},
        {FLOW(COUNTS("1", "0", "60", "0"), "new", TCP("01", "00")), EKI_OUTCOME_NONE,
         EKI_CONTACT_ODD | EKI_CONTACT_INFERRED},
        {FLOW(COUNTS("2", "2", "140", "140"), "new", ""), EKI_OUTCOME_ANSWERED, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        assert_int_equal(read.error, EKI_OK);
        assert_string_equal(read.format, "suricata-eve");
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_int_equal(c->outcome, cases[i].outcome);
        if (i != 6) assert_int_equal(c->flags, cases[i].flags);
        assert_true(eki_address_equal(c->client, eki_address_v4(0x0a000001)));
        assert_int_equal(c->service, 445);
        assert_true(c->time == INT64_C(1521809980000000000));
        log_read_done(&read);
    }
}

/* An alert is a sign and no contact; its words give the grade, and an answer that fires turns it round. */
static void alerts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned grade;
        const char *family, *technique;
    } cases[] = {
        {ALERT("ET EXPLOIT Possible ETERNALBLUE MS17-010 Heap Spray", "x"), EKI_GRADE_ATTEMPT, "", "T1210"},
        {ALERT("ET TROJAN WannaCry SMB", "A Network Trojan was detected"), EKI_GRADE_ATTEMPT, "wannacry", ""},
        {ALERT("ET SCAN Potential SSH Scan", "Attempted Information Leak"), EKI_GRADE_NOTE, "", "T1046"},
        {EVENT("alert", ",\"alert\":{}"), EKI_GRADE_NOTE, "", ""},
        {ALERT("SURICATA TLS invalid record", "Generic"), EKI_GRADE_NOTE, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        assert_int_equal(read.error, EKI_OK);
        assert_int_equal(read.count, 1);
        assert_int_equal(read.sign_count, 1);
        assert_int_equal(read.entries[0].contact.attempts, 0);
        const struct eki_sign *s = &read.signs[0];
        assert_int_equal(eki_sign_validate(s), EKI_OK);
        assert_int_equal(s->grade, cases[i].grade);
        assert_string_equal(s->family, cases[i].family);
        assert_string_equal(s->technique, cases[i].technique);
        char line[EKI_SIGN_LINE];
        struct eki_sign back;
        size_t length = eki_sign_write(s, line);
        assert_int_equal(eki_sign_read(line, length, &back, NULL), EKI_OK);
        log_read_done(&read);
    }
    struct log_read read = read_log_text(
        "{\"timestamp\":\"2018-03-23T13:59:41Z\",\"event_type\":\"alert\",\"src_ip\":\"10.0.0.2\",\"src_port\":445,"
        "\"dest_ip\":\"10.0.0.1\",\"dest_port\":46564,\"proto\":\"TCP\","
        "\"alert\":{\"signature\":\"ET EXPLOIT Possible DOUBLEPULSAR Beacon Response\",\"category\":\"x\"}}\n");
    assert_int_equal(read.sign_count, 1);
    assert_true(eki_address_equal(read.signs[0].source, eki_address_v4(0x0a000001)));
    assert_int_equal(read.signs[0].service, 445);
    log_read_done(&read);
}

/* One object a line, an array on one line, and an array over many lines are the same. */
static void writings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        FLOW(COUNTS("9", "9", "2000", "3000"), "closed", TCP("1b", "1b")) "\n" ALERT("x worm y", "z") "\n",
        "[" FLOW(COUNTS("9", "9", "2000", "3000"), "closed", TCP("1b", "1b")) "," ALERT("x worm y", "z") "]",
        "[\n  " FLOW(COUNTS("9", "9", "2000", "3000"), "closed",
                     "\n" TCP("1b", "1b")) ",\n  " ALERT("x worm y", "z") "\n]\n"};
    struct log_read first = read_log_text(texts[0]);
    assert_int_equal(first.count, 2);
    for (int i = 1; i < 3; i++) {
        struct log_read other = read_log_text(texts[i]);
        assert_int_equal(other.error, EKI_OK);
        assert_int_equal(other.count, 2);
        assert_same_entry(&first.entries[0], &other.entries[0]);
        assert_int_equal(other.signs[0].id, first.signs[0].id);
        log_read_done(&other);
    }
    log_read_done(&first);
}

/* Two one-way records are one conversation; one alone is an attempt. */
static void netflow(void **state)
{
    (void)state;
#define HALF(source, sport, target, tport, packets, bytes, flags)                                            \
    "{\"timestamp\":\"2018-03-23T13:59:45Z\",\"event_type\":\"netflow\",\"src_ip\":\"" source                \
    "\",\"src_port\":" sport ",\"dest_ip\":\"" target "\",\"dest_port\":" tport                              \
    ",\"proto\":\"TCP\",\"netflow\":{\"pkts\":" packets ",\"bytes\":" bytes                                  \
    ",\"start\":\"2018-03-23T13:59:40Z\",\"end\":\"2018-03-23T13:59:41Z\"},\"tcp\":{\"tcp_flags\":\"" flags  \
    "\"}}\n"
    struct log_read read =
        read_log_text(HALF("10.0.0.1", "40000", "10.0.0.2", "445", "9", "2000", "1b")
                          HALF("10.0.0.3", "40001", "10.0.0.2", "445", "2", "148", "02")
                              HALF("10.0.0.2", "445", "10.0.0.1", "40000", "9", "3000", "1b"));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.entries[0].contact.outcome, EKI_OUTCOME_DATA);
    assert_true(eki_address_equal(read.entries[0].contact.client, eki_address_v4(0x0a000001)));
    assert_int_equal(read.entries[1].contact.outcome, EKI_OUTCOME_NONE);
    assert_true(eki_address_equal(read.entries[1].contact.client, eki_address_v4(0x0a000003)));
    log_read_done(&read);
}

#define DNS(more) EVENT("dns", ",\"dns\":{" more "}") "\n"
#define SMB(more) EVENT("smb", ",\"smb\":{" more "}") "\n"
#define CREATE(how, file)                                                                                    \
    SMB("\"command\":\"SMB2_COMMAND_CREATE\",\"disposition\":\"" how                                         \
        "\",\"share\":\"\\\\\\\\h\\\\ADMIN$\",\"filename\":\"" file "\"")
#define SVCCTL(number)                                                                                       \
    SMB("\"dcerpc\":{\"request\":\"REQUEST\",\"opnum\":" number                                              \
        ",\"interfaces\":[{\"uuid\":\"367abb81-9844-35f1-ad32-98f038001003\"}]}")
#define SWITCH "\"rrname\":\"www.iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com\""

/* The same between the same hosts is one sign that grows. */
static void again(void **state)
{
    (void)state;
    struct log_read read =
        read_log_text(ALERT("ET SCAN a", "x") "\n" ALERT("ET SCAN b", "x") "\n" ALERT("c", "x"));
    assert_int_equal(read.sign_count, 3);
    assert_int_equal(read.signs[0].id, 1);
    assert_int_equal(read.signs[1].id, 1);
    assert_int_equal(read.signs[1].count, 2);
    assert_int_equal(read.signs[1].packet_first, 1);
    assert_int_equal(read.signs[1].packet_last, 2);
    assert_int_equal(read.signs[2].id, 3);
    log_read_done(&read);
}

static void names_and_shares(void **state)
{
    (void)state;
    static const char text[] = DNS("\"type\":\"query\"," SWITCH) DNS("\"type\":\"answer\"," SWITCH)
        DNS("\"version\":3,\"type\":\"request\",\"queries\":[{" SWITCH "}]") CREATE("FILE_OPEN", "a.exe")
            CREATE("FILE_OVERWRITE_IF", "t\\\\a.exe") SVCCTL("12") SVCCTL("19");
    struct log_read read = read_log_text(text);
    static const char *const names[] = {"killswitch-dns", "killswitch-dns", "admin-share-write",
                                        "remote-exec", "admin-share-exec"};
    static const unsigned grades[] = {EKI_GRADE_NOTE, EKI_GRADE_NOTE, EKI_GRADE_ATTEMPT, EKI_GRADE_ACCESS,
                                      EKI_GRADE_IMPLANT};
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.sign_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(read.signs[i].name, names[i]);
        assert_int_equal(read.signs[i].grade, grades[i]);
        assert_int_equal(eki_sign_validate(&read.signs[i]), EKI_OK);
    }
    log_read_done(&read);
}

/* One that does not end, one with a number that is none, and one that is no object. */
#define BROKEN                                                                                               \
    EVENT("flow", ",\"flow\":{\"pkts_toserver\":1")                                                          \
    "\n" EVENT("flow", ",\"flow\":{\"pkts_toserver\":-1}") "\nnonsense\n"
#define STATS "{\"timestamp\":\"2018-03-23T13:59:45Z\",\"event_type\":\"stats\",\"stats\":{\"uptime\":8}}\n"
#define GOOD  FLOW(COUNTS("1", "0", "60", "0"), "new", TCP("02", "00"))

static void broken(void **state)
{
    (void)state;
    struct log_read read = read_log_text(BROKEN STATS GOOD "\n");
    /* The first line does not end: so the file is taken as objects that follow one another. */
    assert_int_not_equal(read.input.malformed + (read.error != EKI_OK), 0);
    log_read_done(&read);
    read = read_log_text(STATS BROKEN GOOD "\n");
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 3);
    assert_int_equal(read.count, 1);
    assert_non_null(strstr(read.input.places[0].what, "record 2"));
    assert_non_null(strstr(read.input.places[1].what, "record 3: no whole number"));
    log_read_done(&read);
    /* An array that breaks off gives what it holds, and says so. */
    read = read_log_text("[" GOOD ",\n{\"timestamp\":\"2018");
    assert_int_equal(read.error, EKI_ERROR_TRUNCATED);
    assert_int_equal(read.count, 1);
    assert_true(read.input.truncated);
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(outcomes), cmocka_unit_test(alerts),
                                       cmocka_unit_test(writings), cmocka_unit_test(netflow),
                                       cmocka_unit_test(again),    cmocka_unit_test(names_and_shares),
                                       cmocka_unit_test(broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
