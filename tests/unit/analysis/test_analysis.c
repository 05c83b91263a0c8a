/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way as one object: its life, its options, what it says when something is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/analysis.h"

enum { PROBES = 40 };

/* Contact lines: 10.0.0.9 tries the neighbours one by one; returns the path, to be unlinked. */
static const char *write_scan(char path[64], const char *extra)
{
    snprintf(path, 64, "/tmp/ekigaku-analysis-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *out = fdopen(descriptor, "w");
    for (int i = 0; i < PROBES; i++)
        fprintf(
            out,
            "{\"type\":\"contact\",\"t\":\"2017-05-12T07:%02d:01Z\",\"client\":\"10.0.0.9\",\"server\":\"10.0.0.%d\","
            "\"proto\":\"tcp\",\"port\":445,\"outcome\":\"none\",\"packet\":%d}\n",
            i, 20 + i, i + 1);
    fputs(extra, out);
    fclose(out);
    return path;
}

static void a_scan_from_lines(void **state)
{
    (void)state;
    char path[64];
    struct eki_analysis *analysis;
    assert_int_equal(eki_analysis_new(NULL, &analysis), EKI_OK);
    assert_int_equal(eki_analysis_result(analysis)->scanner_count, 0); /* empty before its end */
    assert_int_equal(eki_analysis_contacts(analysis, write_scan(path, ""), NULL), EKI_OK);
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    const struct eki_result *result = eki_analysis_result(analysis);
    assert_int_equal(result->contacts, PROBES);
    assert_int_equal(result->outbreak_count, 0);
    assert_true(result->scanner_count >= 1);
    const struct eki_scanner *scanner = &result->scanners[0];
    assert_int_equal(scanner->verdict, EKI_VERDICT_SCANNER);
    assert_true(eki_address_equal(scanner->host, eki_address_v4(0x0a000009)));
    assert_true(scanner->decided_after <= 10);
    assert_int_equal(scanner->targets, PROBES);
    eki_analysis_free(analysis);
    unlink(path);
}

/* The first bad line is named, the others are read. */
static void a_bad_line_among_good_ones(void **state)
{
    (void)state;
    char path[64];
    struct eki_fault fault = {0};
    struct eki_analysis *analysis;
    assert_int_equal(eki_analysis_new(NULL, &analysis), EKI_OK);
    assert_int_equal(
        eki_analysis_contacts(analysis, write_scan(path, "oops\n{\"type\":\"contact\"}\n"), &fault),
        EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 41"));
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    const struct eki_result *result = eki_analysis_result(analysis);
    assert_int_equal(result->contacts, PROBES);
    assert_int_equal(result->inputs[0].malformed, 2);
    assert_int_equal(result->inputs[0].error, EKI_ERROR_CORRUPT);
    eki_analysis_free(analysis);
    unlink(path);
}

static void what_cannot_be_opened(void **state)
{
    (void)state;
    struct eki_fault fault = {0};
    struct eki_analysis *analysis;
    assert_int_equal(eki_analysis_new(NULL, &analysis), EKI_OK);
    assert_int_equal(eki_analysis_capture(analysis, "/absent/x.pcap", &fault), EKI_ERROR_OPEN);
    assert_int_equal(eki_analysis_capture(analysis, "/tmp", &fault), EKI_ERROR_OPEN);
    assert_int_equal(eki_analysis_contacts(analysis, "/absent/x.jsonl", NULL), EKI_ERROR_OPEN);
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    const struct eki_result *result = eki_analysis_result(analysis);
    assert_int_equal(result->input_count, 3);
    assert_int_equal(result->origin, EKI_TIME_NONE);
    assert_string_equal(result->inputs[0].path, "/absent/x.pcap");
    eki_analysis_free(analysis);
}

static int refuse(void *user, const char *line, size_t length)
{
    (void)line, (void)length;
    return ++*(int *)user == 5;
}

/* A sink that says no ends the reading; a stop flag does too, and the result says so. */
static void stopping(void **state)
{
    (void)state;
    char path[64];
    int lines = 0;
    volatile int stop = 1;
    struct eki_analysis *analysis;
    struct eki_analysis_options options = {.lines = refuse, .lines_user = &lines, .contacts_only = true};
    write_scan(path, "");
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    enum eki_error error = eki_analysis_contacts(analysis, path, NULL);
    enum eki_error end = eki_analysis_finish(analysis);
    assert_true(error || end);
    assert_int_equal(lines, 5);
    eki_analysis_free(analysis);
    options = (struct eki_analysis_options){.stop = &stop};
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    assert_int_equal(eki_analysis_contacts(analysis, path, NULL), EKI_ERROR_STOPPED);
    end = eki_analysis_finish(analysis);
    assert_true(end == EKI_OK || end == EKI_ERROR_STOPPED);
    const struct eki_result *result = eki_analysis_result(analysis);
    bool told = false;
    for (size_t i = 0; i < result->limit_count; i++) told |= !strcmp(result->limits[i].name, "stopped");
    assert_true(told);
    eki_analysis_free(analysis);
    unlink(path);
    eki_analysis_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_scan_from_lines),
                                       cmocka_unit_test(a_bad_line_among_good_ones),
                                       cmocka_unit_test(what_cannot_be_opened), cmocka_unit_test(stopping)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
