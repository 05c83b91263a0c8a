/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th allocation, for each n until the whole analysis succeeds (after SQLite's
 * fault.c). Each time the call must come back with an error, nothing may leak (the sanitizer looks), and what
 * was built until then can be freed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/ekigaku.h"
#include "ekigaku/log.h"

static enum eki_error report(const struct eki_result *result)
{
    FILE *nowhere = fopen("/dev/null", "w");
    struct eki_text_options options = {.width = 80, .height = 24};
    enum eki_error error = eki_report_json(result, nowhere);
    if (!error) error = eki_report_text(result, &options, nowhere);
    if (!error) error = eki_report_html(result, EKI_JAPANESE, nowhere);
    fclose(nowhere);
    return error;
}

/* The whole way: new, read, finish, report, free. */
static enum eki_error analyse(const char *path, unsigned threads)
{
    struct eki_analysis_options options = {.threads = threads};
    struct eki_analysis *analysis = NULL;
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) {
        assert_null(analysis);
        return error;
    }
    enum eki_error reading = eki_analysis_capture(analysis, path, NULL);
    error = eki_analysis_finish(analysis);
    if (!error) error = report(eki_analysis_result(analysis));
    eki_analysis_free(analysis);
    return reading ? reading : error;
}

static void until_success(const char *path, unsigned threads)
{
    unsigned long nth = 0;
    enum eki_error error;
    do {
        eki_fault_inject(++nth);
        error = analyse(path, threads);
        /* Threads are refused as "out of memory" too; nothing else may go wrong. */
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY);
        if (error == EKI_OK && eki_fault_count() >= nth) continue; /* an allocation it could do without */
        /* every one of the first allocations, then ever fewer of those that repeat */
        if (nth > 200) nth += nth / 50;
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    assert_true(nth > 20); /* the injection was at work */
    print_message("# %lu allocations until success\n", nth);
}

static const char *capture(void)
{
    static char path[4096];
    const char *folder = getenv("EKIGAKU_CAPTURES");
    snprintf(path, sizeof path, "%s/worm/tklab-tud_ID2T__Win7_eternalblue_exploit.pcap",
             folder ? folder : "../shared/captures");
    return access(path, R_OK) ? NULL : path;
}

static void one_thread(void **state)
{
    (void)state;
    if (!capture()) skip();
    until_success(capture(), 1);
}

static void contact_lines(void **state)
{
    (void)state;
    static const char lines[] =
        "{\"type\":\"contact\",\"t\":\"2017-05-12T07:44:01Z\",\"client\":\"10.0.0.1\","
        "\"server\":\"10.0.0.2\",\"proto\":\"tcp\",\"port\":445,\"outcome\":\"data\"}\n";
    char path[] = "/tmp/ekigaku-fault-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0 && write(descriptor, lines, sizeof lines - 1) == (ssize_t)sizeof lines - 1);
    close(descriptor);
    unsigned long nth = 0;
    enum eki_error error;
    do {
        struct eki_analysis *analysis = NULL;
        eki_fault_inject(++nth);
        error = eki_analysis_new(NULL, &analysis);
        if (!error) error = eki_analysis_contacts(analysis, path, NULL);
        if (!error) error = eki_analysis_finish(analysis);
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY);
        eki_analysis_free(analysis);
    } while (error);
    eki_fault_inject(0);
    unlink(path);
    assert_true(nth > 10);
}

static enum eki_error read_log(const uint8_t *bytes, size_t length)
{
    struct eki_log *log;
    struct eki_log_batch batch = {.count = 0};
    enum eki_error error = eki_log_open_memory(bytes, length, NULL, &log, NULL);
    if (error) return error;
    do error = eki_log_read(log, &batch);
    while (!error && batch.count);
    eki_log_close(log);
    return error;
}

static unsigned long log_until_success(const uint8_t *bytes, size_t length)
{
    unsigned long nth = 0;
    enum eki_error error;
    do {
        eki_fault_inject(++nth);
        error = read_log(bytes, length);
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY || error == EKI_ERROR_CORRUPT);
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    return nth;
}

/* NetFlow v9: a record that waits for its template, the template, options. And an nfcapd file, packed by LZ4.
 */
static void exports(void **state)
{
    (void)state;
    static const uint8_t v9[] = {
        0, 9,  0, 3,  0,  0,  0, 9, 89, 104, 47, 0, 0,  0,  0, 1,  0, 0, 0, 1,
        1, 4,  0, 16, 10, 0,  0, 1, 10, 0,   0,  2, 17, 0,  0, 0,              /* data */
        0, 0,  0, 20, 1,  4,  0, 3, 0,  8,   0,  4, 0,  12, 0, 4,  0, 4, 0, 1, /* template */
        0, 1,  0, 18, 1,  14, 0, 4, 0,  4,   0,  1, 0,  4,  0, 50, 0, 4,       /* options */
        1, 14, 0, 12, 0,  0,  0, 1, 0,  0,   0,  9};
    static const uint8_t packed[] = {0x0c, 0xa5, 2, 0, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0, 0, 0, 3, 0, 0, 0, 0,
                                     0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0, 0, 1, 0, 0, 0, 1, 0,
                                     0,    0,    9, 0, 0, 0, 3, 0, 0, 0, 0x80, 7, 0, 8, 0, 0, 0, 0, 0};
    assert_true(log_until_success(v9, sizeof v9) > 8);
    assert_true(log_until_success(packed, sizeof packed) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_thread), cmocka_unit_test(contact_lines),
                                       cmocka_unit_test(exports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
