/* SPDX-License-Identifier: Apache-2.0 */
/* Zeek's logs beside conn.log: which lines become signs, and which. */
#include "support_log.h"

#define ENDS(log)                                                                                            \
    "{\"_path\":\"" log "\",\"ts\":1588205199.5,\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":40000,"             \
    "\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":445"
#define AT(log, seconds)                                                                                     \
    "{\"_path\":\"" log "\",\"ts\":" seconds ",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":40000,"              \
    "\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":445"

#define ADMIN(what) ",\"action\":\"SMB::FILE_" what "\",\"path\":\"\\\\\\\\h\\\\ADMIN$\",\"name\":\"a.exe\"}"

static void signs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        unsigned grade;
    } cases[] = {
        {ENDS("dns") ",\"query\":\"iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com\"}", "killswitch-dns",
         EKI_GRADE_NOTE},
        {ENDS("dns") ",\"query\":\"example.org\"}", NULL, 0},
        {ENDS("notice") ",\"note\":\"EternalSafety::EternalBlue\",\"msg\":\"m\"}", "eternalblue",
         EKI_GRADE_ATTEMPT},
        {ENDS("notice") ",\"note\":\"EternalSafety::ViolationCmd\",\"msg\":\"m\"}", "smb-invariant",
         EKI_GRADE_CHECK},
        {ENDS("notice") ",\"note\":\"ATTACK::Execution\",\"msg\":\"m\"}", "remote-exec", EKI_GRADE_ACCESS},
        {ENDS("notice") ",\"note\":\"SSL::Invalid_Server_Cert\",\"msg\":\"m\"}", NULL, 0},
        {"{\"ts\":5.5,\"note\":\"Scan::Port_Scan\",\"msg\":\"m\",\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\","
         "\"actions\":[]}",
         "ids-alert", EKI_GRADE_NOTE},
        {"{\"ts\":5.5,\"note\":\"Scan::Address_Scan\",\"msg\":\"m\",\"src\":\"10.0.0.1\",\"actions\":[]}",
         NULL, 0},
        {ENDS("smb_mapping") ",\"path\":\"\\\\\\\\h\\\\C$\",\"share_type\":\"DISK\"}", "admin-share-open",
         EKI_GRADE_NOTE},
        {ENDS("smb_mapping") ",\"path\":\"\\\\\\\\h\\\\IPC$\",\"share_type\":\"PIPE\"}", NULL, 0},
        {ENDS("smb_files") ADMIN("WRITE"), "admin-share-write", EKI_GRADE_ATTEMPT},
        {ENDS("smb_files") ADMIN("OPEN"), NULL, 0},
        {ENDS("dce_rpc") ",\"endpoint\":\"svcctl\",\"operation\":\"CreateServiceW\"}", "remote-exec",
         EKI_GRADE_ACCESS},
        {ENDS("dce_rpc") ",\"endpoint\":\"samr\",\"operation\":\"SamrConnect5\"}", NULL, 0},
        /* What a line must have and has not. */
        {ENDS("dce_rpc") "}", NULL, 0},
        {ENDS("smb_mapping") "}", NULL, 0},
        {ENDS("smb_files") ",\"action\":\"SMB::FILE_WRITE\"}", NULL, 0},
        {ENDS("smb_files") ",\"action\":\"SMB::FILE_WRITE\",\"path\":\"C$\"}", "admin-share-write",
         EKI_GRADE_NOTE},
        {ENDS("notice") ",\"note\":\"Scan::Port_Scan\"}", "ids-alert", EKI_GRADE_NOTE},
        {ENDS("ssl") ",\"version\":\"TLSv12\"}", NULL, 0},
        {ENDS("ssl") ",\"server_name\":\"example.org\"}", NULL, 0},
        {ENDS("ssl") ",\"server_name\":\"www.iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com\"}",
         "killswitch-dns", EKI_GRADE_NOTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        char line[EKI_SIGN_LINE];
        struct eki_sign back;
        assert_int_equal(read.error, EKI_OK);
        assert_int_equal(read.input.malformed, 0);
        assert_int_equal(read.sign_count, cases[i].name != NULL);
        if (cases[i].name) {
            assert_string_equal(read.signs[0].name, cases[i].name);
            assert_int_equal(read.signs[0].grade, cases[i].grade);
            assert_int_equal(eki_sign_validate(&read.signs[0]), EKI_OK);
            size_t length = eki_sign_write(&read.signs[0], line);
            assert_int_equal(eki_sign_read(line, length, &back, NULL), EKI_OK);
        }
        log_read_done(&read);
    }
}

#define WRITE(seconds)                                                                                       \
    AT("smb_files", seconds) ",\"action\":\"SMB::FILE_WRITE\",\"path\":\"C$\",\"name\":\"w\\\\b.exe\"}\n"
#define START(seconds) AT("dce_rpc", seconds) ",\"operation\":\"StartServiceW\"}\n"

/* A write and a start within ten minutes are one thing, in whichever order the log tells them. */
static void both_steps(void **state)
{
    (void)state;
    static const struct {
        const char *text, *last;
    } cases[] = {{WRITE("100.5") START("103.5"), "admin-share-exec"},
                 {START("103.5") WRITE("100.5"), "admin-share-exec"},
                 {WRITE("100.5") START("900.5"), "remote-exec"},
                 {START("90.5") WRITE("100.5"), "admin-share-write"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_read read = read_log_text(cases[i].text);
        assert_int_equal(read.sign_count, 2);
        const struct eki_sign *s = &read.signs[1];
        assert_string_equal(s->name, cases[i].last);
        bool whole = !strcmp(s->name, "admin-share-exec");
        assert_int_equal(s->grade == EKI_GRADE_IMPLANT, whole);
        if (whole) assert_true(s->first == INT64_C(100500000000) && s->last == INT64_C(103500000000));
        assert_int_equal(s->service, 445);
        log_read_done(&read);
    }
}

/* The same as separated values, where a backslash is doubled. */
static void separated(void **state)
{
    (void)state;
    struct log_read read =
        read_log_text("#separator \\x09\n#path\tsmb_files\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\t"
                      "id.resp_p\taction\tpath\tname\n"
                      "1.5\t10.0.0.1\t4000\t10.0.0.2\t445\tSMB::FILE_WRITE\t\\\\\\\\h\\\\ADMIN$\tx.dll\n"
                      "1.5\t10.0.0.1\t4000\t10.0.0\t445\tSMB::FILE_WRITE\t\\\\\\\\h\\\\ADMIN$\tx.dll\n");
    assert_int_equal(read.sign_count, 1);
    assert_int_equal(read.input.malformed, 1);
    assert_string_equal(read.signs[0].detail, "x.dll written to an administrative share");
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signs), cmocka_unit_test(both_steps),
                                       cmocka_unit_test(separated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
