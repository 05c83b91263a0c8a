/* SPDX-License-Identifier: Apache-2.0 */
/* What others can look for, out of the detail of a sign: names are an attacker's choice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/sign.h"

static void a_name_is_shown_as_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *name, *detail, *value;
    } rows[] = {
        {"admin-share-exec",
         "2 files to administrative shares (t\\a), then started by b.exe), then started by NetrJobAdd",
         "a), then started by b.exe"},
        {"admin-share-exec",
         "1 files to administrative shares (1234567890123456789012345.exe), then started by SchRpcRun",
         "1234567890123456789012345.exe"},
        {"admin-share-exec",
         "1 files to administrative shares (123456789012345678901234567.exe), then started by X", NULL},
        {"admin-share-exec", "1 files to administrative shares (), then started by X", NULL},
        {"admin-share-exec", "1 files to administrative shares (x.exe", NULL},
        {"admin-share-write", "1 files to administrative shares (x.exe), then started by X", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eki_sign_shown shown = {0};
        struct eki_sign sign = {.name = rows[i].name, .grade = EKI_GRADE_IMPLANT, .automated = true};
        snprintf(sign.detail, sizeof sign.detail, "%s", rows[i].detail);
        assert_int_equal(eki_sign_shows(&sign, &shown), rows[i].value != NULL);
        if (rows[i].value) assert_string_equal(shown.value, rows[i].value);
        sign.automated = false;
        assert_false(eki_sign_shows(&sign, &shown));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_name_is_shown_as_it_was)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
