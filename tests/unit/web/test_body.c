/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies against a table of fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "web/body.h"

static const char *const colours[] = {"red", "green", NULL};
static const struct eki_field fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 5},
    {.name = "text", .kind = EKI_FIELD_TEXT, .most = 10, .nullable = true},
    {.name = "colour", .kind = EKI_FIELD_LINE, .most = 10, .choices = colours},
    {.name = "count", .kind = EKI_FIELD_INTEGER, .least = 1, .most = 10},
    {.name = "on", .kind = EKI_FIELD_BOOL},
    {.name = "ids", .kind = EKI_FIELD_IDS, .least = 1, .most = 3},
    {.name = "words", .kind = EKI_FIELD_LINES, .most = 2},
    {.name = NULL}};

/* What becomes of a body: 0, 400 or 422. */
static unsigned status_of(const char *text)
{
    struct eki_body_fault fault;
    json_t *body = eki_body_read(text, strlen(text), fields, &fault);
    assert_true(!body == (fault.status != 0));
    assert_true(!body == (fault.detail[0] != 0));
    json_decref(body);
    return fault.status;
}

static void what_fits_is_taken(void **state)
{
    (void)state;
    assert_int_equal(status_of("{\"name\":\"a\"}"), 0);
    assert_int_equal(status_of("{\"name\":\"疫学疫学疫\",\"text\":null,\"count\":10,\"on\":false}"), 0);
    assert_int_equal(status_of("{\"name\":\"a\",\"text\":\"a\\nb\",\"colour\":\"red\",\"ids\":[1,2,3]}"), 0);
    assert_int_equal(status_of(" {\"name\":\"[[[[{\",\"words\":[\"a\",\"\"]} "), 0);
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "{",
                                      "{\"name\":\"a\"}x",
                                      "{\"name\":\"a\",\"name\":\"b\"}",
                                      "{\"name\":\"\xff\"}",
                                      "{'name':1}",
                                      "{\"name\":01}",
                                      "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                                      "{\"name\":\"a\",\"count\":99999999999999999999}"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (status_of(bad[i]) != 400) fail_msg("%s was taken for JSON", bad[i]);
}

static void what_does_not_fit_is_refused(void **state)
{
    static const char *const bad[] = {"[]",
                                      "{}",
                                      "{\"name\":null}",
                                      "{\"name\":1}",
                                      "{\"name\":\"\"}",
                                      "{\"name\":\"abcdef\"}",
                                      "{\"name\":\"a\\nb\"}",
                                      "{\"name\":\"a\\u007f\"}",
                                      "{\"name\":\"a\",\"other\":1}",
                                      "{\"name\":\"a\",\"colour\":\"blue\"}",
                                      "{\"name\":\"a\",\"count\":0}",
                                      "{\"name\":\"a\",\"count\":1.0}",
                                      "{\"name\":\"a\",\"count\":true}",
                                      "{\"name\":\"a\",\"on\":0}",
                                      "{\"name\":\"a\",\"ids\":[]}",
                                      "{\"name\":\"a\",\"ids\":[0]}",
                                      "{\"name\":\"a\",\"ids\":[1,1]}",
                                      "{\"name\":\"a\",\"ids\":[1,2,3,4]}",
                                      "{\"name\":\"a\",\"ids\":{\"1\":1}}",
                                      "{\"name\":\"a\",\"words\":[1]}",
                                      "{\"name\":\"a\",\"words\":[\"\\n\"]}"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (status_of(bad[i]) != 422) fail_msg("%s was taken", bad[i]);
}

static void values_are_given_or_their_default(void **state)
{
    static const char text[] = "{\"name\":\"a\",\"text\":null,\"count\":7}";
    struct eki_body_fault fault;
    (void)state;
    json_t *body = eki_body_read(text, sizeof text - 1, fields, &fault);
    assert_non_null(body);
    assert_string_equal(eki_body_text(body, "name", "x"), "a");
    assert_string_equal(eki_body_text(body, "text", "x"), "x");
    assert_string_equal(eki_body_text(body, "colour", "x"), "x");
    assert_int_equal(eki_body_integer(body, "count", 3), 7);
    assert_int_equal(eki_body_integer(body, "none", 3), 3);
    json_decref(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_taken),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(values_are_given_or_their_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
