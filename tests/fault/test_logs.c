/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out at the n-th allocation while a log is read, for each form that keeps something: an
 * error comes back, nothing leaks, and what was begun can be closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/log.h"

static enum eki_error read_all(const char *text, const char *mapping)
{
    struct eki_log_options options = {.mapping = mapping};
    struct eki_log *log;
    struct eki_log_batch batch;
    enum eki_error error = eki_log_open_memory(text, strlen(text), &options, &log, NULL);
    if (error) return error;
    do {
        error = eki_log_read(log, &batch);
    } while (batch.count && !error);
    eki_log_close(log);
    return error;
}

static void until_success(const char *text, const char *mapping)
{
    unsigned long nth = 0;
    enum eki_error error;
    do {
        eki_fault_inject(++nth);
        error = read_all(text, mapping);
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY);
        assert_true(nth < 1000);
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    assert_true(nth > 3); /* the injection was at work */
}

static void forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2 1 eni-1 10.0.0.1 10.0.0.2 40000 445 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
        "2 1 eni-1 10.0.0.2 10.0.0.1 445 40000 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
        "2 1 eni-1 10.0.0.3 10.0.0.1 445 40000 6 20 4249 1418530010 1418530070 ACCEPT OK\n",
        "{\"records\":[{\"flowTuples\":[\"1542110377,10.0.0.1,10.0.0.2,44931,443,T,O,A,B,,,,\"]}]}",
        "{\"_path\":\"smb_files\",\"ts\":5.5,\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":1,\"id.resp_h\":\"10.0.0.2\","
        "\"id.resp_p\":445,\"action\":\"SMB::FILE_WRITE\",\"path\":\"C$\",\"name\":\"a.exe\"}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) until_success(texts[i], NULL);
}

static void mapped(void **state)
{
    (void)state;
    static const char mapping[] = "time = time\nclient = src\nserver = dst\n";
    char path[] = "/tmp/ekigaku-fault-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, mapping, sizeof mapping - 1) == (ssize_t)sizeof mapping - 1);
    close(file);
    until_success("time,src,dst\n5,10.0.0.1,10.0.0.2\n", path);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms), cmocka_unit_test(mapped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
