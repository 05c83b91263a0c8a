/* SPDX-License-Identifier: Apache-2.0 */
/* Windows events in their writings: who came from where, guesses, shares, services; what is refused. */
#include "support_log.h"

#include <unistd.h>

#include "support_file.h"

#define HOSTS "# hosts\n\nWORKSTATION5 = 10.0.1.5\r\nworkstation6.corp.example=10.0.1.6\n"

#define BEAT(id, data)                                                                                       \
    "{\"@timestamp\":\"2020-09-20T16:16:09.5Z\",\"winlog\":{\"event_id\":" id                                \
    ",\"computer_name\":\"WORKSTATION5.corp.example\",\"event_data\":{" data "}}}\n"
#define DUMPED(id, data)                                                                                     \
    "{\"Event\":{\"System\":{\"EventID\":{\"#text\":" id "},\"Computer\":\"WORKSTATION5\",\"TimeCreated\":"  \
    "{\"#attributes\":{\"SystemTime\":\"2020-09-20T16:16:09.500000Z\"}}},\"EventData\":{" data "}}}\n"
#define FLAT(id, data)                                                                                       \
    "{\"EventID\":" id ",\"Hostname\":\"workstation5\",\"EventTime\":\"2020-09-20 16:16:09.5\"," data "}\n"
#define LOGON "\"LogonType\":\"3\",\"IpAddress\":\"10.0.0.1\",\"IpPort\":\"50000\""

#define XML(id, data)                                                                                        \
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>" id              \
    "</EventID><TimeCreated SystemTime='2020-09-20T16:16:09.500000000Z'/><Computer>WORKSTATION5</Computer>"  \
    "</System><EventData>" data "</EventData></Event>"
#define XML_LOGON                                                                                            \
    "<Data Name='LogonType'>3</Data><Data Name='IpAddress'>10.0.0.1</Data><Data Name='IpPort'>50000</Data>"

static struct log_read read_mapped(const char *text)
{
    char path[FILE_PATH];
    text_file(HOSTS, path);
    struct eki_log_options options = {.mapping = path};
    struct log_read read = read_log_bytes(text, strlen(text), &options);
    unlink(path);
    return read;
}

static void writings(void **state)
{
    (void)state;
    static const char *const texts[] = {BEAT("4624", LOGON),
                                        DUMPED("4624", LOGON),
                                        FLAT("4624", LOGON),
                                        XML("4624", XML_LOGON),
                                        "<Events>\n" XML("4624", XML_LOGON) "</Events>\n",
                                        "\xef\xbb\xbf" XML("4624", XML_LOGON)};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct log_read read = read_mapped(texts[i]);
        assert_int_equal(read.error, EKI_OK);
        assert_string_equal(read.format, i < 3 ? "windows-json" : "windows-xml");
        assert_int_equal(read.input.malformed, 0);
        assert_int_equal(read.count, 2);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_true(eki_address_equal(c->client, eki_address_v4(0x0a000001)));
        assert_true(eki_address_equal(c->server, eki_address_v4(0x0a000105)));
        assert_int_equal(c->service, 445);
        assert_int_equal(c->client_port, 50000);
        assert_true(c->time == INT64_C(1600618569500000000));
        assert_string_equal(read.signs[0].name, "logon");
        assert_int_equal(read.signs[0].grade, EKI_GRADE_NOTE);
        log_read_done(&read);
    }
}

/* Five refused are an attempt; accepted after them is access. */
static void guesses(void **state)
{
    (void)state;
    struct log_read read = read_mapped(BEAT("4625", LOGON) BEAT("4625", LOGON) BEAT("4625", LOGON) BEAT(
        "4625", LOGON) BEAT("4625", LOGON) BEAT("4625", LOGON) BEAT("4624", LOGON) BEAT("4624", LOGON));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.sign_count, 2);
    assert_string_equal(read.signs[0].name, "logon-guess");
    assert_int_equal(read.signs[0].grade, EKI_GRADE_ATTEMPT);
    assert_int_equal(read.signs[0].count, 5);
    assert_int_equal(read.signs[1].grade, EKI_GRADE_ACCESS);
    for (size_t i = 0; i < 2; i++) {
        char line[EKI_SIGN_LINE];
        struct eki_sign back;
        size_t length = eki_sign_write(&read.signs[i], line);
        assert_int_equal(eki_sign_read(line, length, &back, NULL), EKI_OK);
    }
    log_read_done(&read);
}

#define SHARE(more)                                                                                          \
    "\"IpAddress\":\"10.0.0.1\",\"IpPort\":\"50000\",\"ShareName\":\"\\\\\\\\*\\\\ADMIN$\"" more
#define FILE_(mask) ",\"RelativeTargetName\":\"PSEXESVC.exe\",\"AccessMask\":\"" mask "\""

static void shares(void **state)
{
    (void)state;
    struct log_read read = read_mapped(BEAT("7045", "\"ServiceName\":\"x\"") BEAT("5140", SHARE("")) BEAT(
        "5145", SHARE(FILE_("0x1"))) BEAT("5145", SHARE(FILE_("0x2"))) BEAT("7045", "\"ServiceName\":\"x\""));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.sign_count, 3);
    assert_string_equal(read.signs[0].name, "admin-share-open");
    assert_string_equal(read.signs[1].name, "admin-share-write");
    assert_string_equal(read.signs[2].name, "admin-share-exec");
    assert_int_equal(read.signs[2].grade, EKI_GRADE_IMPLANT);
    assert_true(eki_address_equal(read.signs[2].source, eki_address_v4(0x0a000001)));
    log_read_done(&read);
}

/* Logons on the host itself, of other kinds, and other events say nothing. */
static void passed_over(void **state)
{
    (void)state;
    struct log_read read = read_mapped(BEAT("4624", "\"LogonType\":\"2\",\"IpAddress\":\"10.0.0.1\"")
                                           BEAT("4624", "\"LogonType\":\"3\",\"IpAddress\":\"-\"")
                                               BEAT("4624", "\"LogonType\":\"3\",\"IpAddress\":\"::1\"")
                                                   BEAT("4688", "\"x\":\"y\""));
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 0);
    assert_int_equal(read.input.malformed, 0);
    log_read_done(&read);
}

/* A source that is told by its name only is looked up as well. */
static void named_source(void **state)
{
    (void)state;
    static const char from[] =
        BEAT("4625", "\"LogonType\":\"3\",\"IpAddress\":\"-\",\"WorkstationName\":\"WORKSTATION6\"")
            BEAT("4625", "\"LogonType\":\"3\",\"IpAddress\":\"-\",\"WorkstationName\":\"WORKSTATION5\"");
    struct log_read read = read_mapped(from);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count,
                     0); /* the file names WORKSTATION6 with its domain only, and 5 is the host itself */
    log_read_done(&read);
    read = read_mapped(BEAT("4625", "\"LogonType\":\"3\",\"WorkstationName\":\"workstation6.corp.example\""));
    assert_int_equal(read.count, 1);
    assert_true(eki_address_equal(read.entries[0].contact.client, eki_address_v4(0x0a000106)));
    log_read_done(&read);
}

static void refused(void **state)
{
    (void)state;
    /* Without a mapping nobody knows where the host is: it is said so. */
    struct log_read read = read_log_text(BEAT("4624", LOGON));
    assert_int_equal(read.error, EKI_ERROR_CORRUPT);
    assert_non_null(strstr(read.fault.what, "--mapping"));
    log_read_done(&read);
    /* An entity that would have to be declared, and XML that is none. */
    read = read_mapped(XML("4624", "<Data Name='IpAddress'>&x;</Data>") XML("4624", "<Data>")
                           XML("4624", XML_LOGON));
    assert_int_equal(read.input.malformed, 2);
    assert_int_equal(read.count, 2);
    log_read_done(&read);
    read = read_mapped(
        "<!DOCTYPE Event [<!ENTITY x \"10.0.0.1\">]>" XML("4624", "<Data Name='IpAddress'>&x;</Data>"));
    assert_int_equal(read.count, 0);
    assert_int_not_equal(read.input.malformed, 0);
    log_read_done(&read);
    static const char cut[] = XML("4624", XML_LOGON) "<Event xmlns='";
    read = read_mapped(cut);
    assert_int_equal(read.error, EKI_ERROR_TRUNCATED);
    assert_int_equal(read.count, 2);
    log_read_done(&read);
}

/* A mapping that is none names its file and line. */
static void bad_mappings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {{"A = 1\nB\n", ":2: it is not"},
                 {"A = 1\na = 2\n", ":2: the name came before"},
                 {"A =\n", ":1: it is not"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[FILE_PATH];
        text_file(cases[i].text, path);
        struct eki_log_options options = {.mapping = path};
        struct log_read read = read_log_bytes(BEAT("4624", LOGON), strlen(BEAT("4624", LOGON)), &options);
        unlink(path);
        assert_int_equal(read.error, EKI_ERROR_ARGUMENT);
        assert_non_null(strstr(read.fault.what, cases[i].says));
        assert_non_null(strstr(read.fault.what, path));
    }
    struct eki_log_options options = {.mapping = "/nonexistent/mapping"};
    struct log_read read = read_log_bytes(BEAT("4624", LOGON), strlen(BEAT("4624", LOGON)), &options);
    assert_int_equal(read.error, EKI_ERROR_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writings),    cmocka_unit_test(guesses),
                                       cmocka_unit_test(shares),      cmocka_unit_test(passed_over),
                                       cmocka_unit_test(refused),     cmocka_unit_test(named_source),
                                       cmocka_unit_test(bad_mappings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
