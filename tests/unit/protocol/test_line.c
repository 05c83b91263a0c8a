/* SPDX-License-Identifier: Apache-2.0 */
/* The sign as a line, and back. */
#include "support_trace.h"

#include <stdio.h>
#include <string.h>

static struct eki_sign sample(void)
{
    struct eki_sign s = {.id = UINT64_MAX,
                         .name = "mirai-login",
                         .family = "mirai",
                         .technique = "T1110.001",
                         .source = eki_address_v4(0xc0000201),
                         .target = {0x20010db800000000u, 1},
                         .first = 1494575041000123456,
                         .last = 1494575042000000001,
                         .packet_first = 17,
                         .packet_last = 99,
                         .count = 4,
                         .service = 2323,
                         .input = 3,
                         .protocol = EKI_PROTOCOL_TCP,
                         .grade = EKI_GRADE_ACCESS,
                         .vector = true,
                         .automated = true};
    snprintf(s.detail, sizeof s.detail, "%s", "says \"quotes\", \\ and a tab\t");
    return s;
}

static void a_sign_reads_as_it_was_written(void **state)
{
    (void)state;
    struct eki_sign s = sample(), again;
    char line[EKI_SIGN_LINE], second[EKI_SIGN_LINE];
    size_t length = eki_sign_write(&s, line);
    assert_int_equal(line[length - 1], '\n');
    assert_int_equal(strlen(line), length);
    assert_int_equal(eki_sign_read(line, length, &again, NULL), EKI_OK);
    assert_int_equal(eki_sign_write(&again, second), length);
    assert_string_equal(line, second);
    assert_true(again.id == s.id && again.first == s.first && again.last == s.last && again.grade == s.grade);
    assert_string_equal(again.detail, s.detail);
}

static void the_longest_sign_fits(void **state)
{
    (void)state;
    struct eki_sign s = sample(), again;
    char line[EKI_SIGN_LINE];
    s.source = s.target = (struct eki_address){UINT64_MAX, UINT64_MAX - 1};
    s.packet_first = s.packet_last = UINT64_MAX;
    s.count = UINT32_MAX;
    s.first = s.last = 9000000000123456789; /* 2255 */
    memset(s.detail, 'x', sizeof s.detail - 1);
    size_t length = eki_sign_write(&s, line);
    assert_true(length < EKI_SIGN_LINE);
    assert_int_equal(eki_sign_read(line, length, &again, NULL), EKI_OK);
}

static void expect_refusal(const char *from, const char *to)
{
    struct eki_sign s = sample(), kept = s;
    char line[EKI_SIGN_LINE], changed[2 * EKI_SIGN_LINE];
    eki_sign_write(&s, line);
    char *at = strstr(line, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
    struct eki_fault fault = {0};
    assert_int_equal(eki_sign_read(changed, strlen(changed), &s, &fault), EKI_ERROR_CORRUPT);
    assert_true(fault.what[0] != 0);
    assert_memory_equal(&s, &kept, sizeof s);
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    expect_refusal("mirai-login", "unknown");
    expect_refusal("\"family\":\"mirai\"", "\"family\":\"slammer\""); /* known, but not with this name */
    expect_refusal("T1110.001", "T9999");
    expect_refusal("\"access\"", "\"owned\"");
    expect_refusal("\"id\":18446744073709551615", "\"id\":0");
    expect_refusal("\"count\":4", "\"count\":-1");
    expect_refusal("\"port\":2323", "\"port\":65536");
    expect_refusal("\"tcp\"", "\"carrier pigeon\"");
    expect_refusal("192.0.2.1", "192.0.2.256");
    expect_refusal("\"packet\":17", "\"packet\":0");
    expect_refusal("07:44:02", "07:44:00"); /* last before first */
    expect_refusal("\"vector\":true", "\"vector\":1");
    expect_refusal("}", "");
}

static void validation_finds_contradictions(void **state)
{
    (void)state;
    struct eki_sign s = sample();
    assert_int_equal(eki_sign_validate(&s), EKI_OK);
    s.last = s.first - 1;
    assert_int_equal(eki_sign_validate(&s), EKI_ERROR_ARGUMENT);
    s = sample();
    memset(s.detail, 'x', sizeof s.detail);
    assert_int_equal(eki_sign_validate(&s), EKI_ERROR_ARGUMENT);
    s = sample();
    s.name = NULL;
    assert_int_equal(eki_sign_validate(&s), EKI_ERROR_ARGUMENT);
    s = sample();
    s.grade = EKI_GRADE_IMPLANT + 1;
    assert_int_equal(eki_sign_validate(&s), EKI_ERROR_ARGUMENT);
}

static void grades_have_names(void **state)
{
    (void)state;
    assert_string_equal(eki_grade_name(EKI_GRADE_NOTE), "note");
    assert_string_equal(eki_grade_name(EKI_GRADE_IMPLANT), "implant");
    assert_string_equal(eki_grade_name((enum eki_grade)99), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sign_reads_as_it_was_written),
        cmocka_unit_test(the_longest_sign_fits),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(validation_finds_contradictions),
        cmocka_unit_test(grades_have_names),
    };
    return cmocka_run_group_tests_name("sign lines", tests, NULL, NULL);
}
