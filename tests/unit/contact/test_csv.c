/* SPDX-License-Identifier: Apache-2.0 */
/* Any table: usual names, a mapping, separators, times in several writings; mistakes name file and line. */
#include "support_log.h"

#include <unistd.h>

#include "support_file.h"

static struct log_read read_mapped(const char *text, const char *mapping, char ret_path[FILE_PATH])
{
    text_file(mapping, ret_path);
    struct eki_log_options options = {.format = "csv", .mapping = ret_path};
    struct log_read read = read_log_bytes(text, strlen(text), &options);
    unlink(ret_path);
    return read;
}

static void usual_names(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Timestamp,Source IP,Source Port,Destination IP,Destination Port,Protocol,Bytes Sent,Bytes Received\n"
        "2020-09-20T16:16:09.5Z,10.0.0.1,50000,10.0.0.2,445,TCP,100,200\n",
        "dest_port;dest_ip;src_ip;src_port;proto;bytes_toserver;bytes_toclient;time\n"
        "\"445\";10.0.0.2;10.0.0.1;50000;6;100;200;1600618569.5\r\n",
        "\xef\xbb\xbfts\tsrc\tspt\tdst\tdpt\tproto\tsrc_bytes\tdst_bytes\n"
        "1600618569500\t10.0.0.1\t50000\t10.0.0.2\t445\ttcp\t100\t200\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct log_read read = read_log_text(texts[i]);
        assert_int_equal(read.error, EKI_OK);
        assert_string_equal(read.format, "csv");
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_true(eki_address_equal(c->client, eki_address_v4(0x0a000001)));
        assert_int_equal(c->client_port, 50000);
        assert_int_equal(c->service, 445);
        assert_int_equal(c->outcome, EKI_OUTCOME_DATA);
        assert_true(c->time == INT64_C(1600618569500000000));
        log_read_done(&read);
    }
}

static void outcomes(void **state)
{
    (void)state;
    struct log_read read = read_log_text("time,src_ip,dst_ip,dst_port,action,duration\n"
                                         "5,10.0.0.1,10.0.0.2,445,allow,1\n5,10.0.0.1,10.0.0.2,445,Deny,1\n"
                                         "5,10.0.0.1,10.0.0.2,445,reset,-\n5,10.0.0.1,10.0.0.2,445,,1\n");
    static const unsigned outcomes[] = {EKI_OUTCOME_ANSWERED, EKI_OUTCOME_NONE, EKI_OUTCOME_REFUSED,
                                        EKI_OUTCOME_ANSWERED};
    assert_int_equal(read.count, 4);
    for (size_t i = 0; i < 4; i++) assert_int_equal(read.entries[i].contact.outcome, outcomes[i]);
    log_read_done(&read);
}

static void mapped(void **state)
{
    (void)state;
    static const char text[] = "when,from,to,what,port\n5,10.0.0.1,10.0.0.2,445,9\n";
    char path[FILE_PATH];
    struct log_read read = read_log_text(text);
    assert_int_equal(read.error, EKI_ERROR_FORMAT);
    read = read_mapped(text, "time = when\nclient = from\nserver = to\nport = what\n", path);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.entries[0].contact.service, 445);
    log_read_done(&read);
    read = read_mapped(text, "time = when\nclient = from\nserver = three\n", path);
    assert_int_equal(read.error, EKI_ERROR_ARGUMENT);
    assert_non_null(strstr(read.fault.what, path));
    assert_non_null(strstr(read.fault.what, ":3: the header has no column \"three\""));
    log_read_done(&read);
    read = read_mapped(text, "tme = when\n", path);
    assert_int_equal(read.error, EKI_ERROR_ARGUMENT);
    assert_non_null(strstr(read.fault.what, ":1: no field is named \"tme\""));
    log_read_done(&read);
    read = read_mapped(text, "time = when\n", path);
    assert_int_equal(read.error, EKI_ERROR_FORMAT);
    assert_non_null(strstr(read.fault.what, "no columns for time, client and server"));
    log_read_done(&read);
}

static void broken(void **state)
{
    (void)state;
    struct log_read read = read_log_text("time,src,dst,port\n5,10.0.0.1\n5,10.0.0.1,10.0.0.2,445,1,2\n"
                                         "x,10.0.0.1,10.0.0.2,445\n5,10.0.0.1,host,445\n"
                                         "5,10.0.0.1,10.0.0.2,70000\n5,10.0.0.1,10.0.0.2,445\n");
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 5);
    assert_int_equal(read.count, 1);
    assert_non_null(strstr(read.input.places[0].what, "record 2: fewer fields"));
    log_read_done(&read);
}

/* What is no table of conversations is not taken for one. */
static void not_taken(void **state)
{
    (void)state;
    static const char *const texts[] = {"a,b,c\n1,2,3\n", "time,source\n1,2\n", "time,src,dst,port",
                                        "The time, the src and the dst\n",
                                        "{\"time\":1,\"src\":2,\"dst\":3}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_null(eki_log_detect(texts[i], strlen(texts[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(usual_names), cmocka_unit_test(outcomes),
                                       cmocka_unit_test(mapped), cmocka_unit_test(broken),
                                       cmocka_unit_test(not_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
