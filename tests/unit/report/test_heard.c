/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences that other stages made in English are found again by their fixed parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "ekigaku/report.h"

static void found_again(void **state)
{
    static const struct {
        const char *english, *japanese;
    } cases[] = {
        {"asked 12 times for a.example", "a.exampleを12回照会"},
        {"asked 1 time for a.example", "a.exampleを1回照会"},
        {"asked 3 times for the implant", "インプラントの有無を3回照会"}, /* the longer one of two */
        {"7 failed logins here, 90 on 4 hosts in all; then one was accepted",
         "ここでログイン失敗7回、全体では4台で90回、その後1回成功"},
        {"the target carries the implant (MID 81)", "宛先にインプラントあり (MID 81)"},
        {"case 7", "案件7"},
        {"case 7 was merged into case 9", "案件7は案件9に統合されています"},
        {"\"x\" is no sha256, it reads as url", "「x」はsha256ではなく、urlと読めます"},
        /* What is none of them stays, also where only a part is like one. */
        {"asked times for", "asked times for"},
        {"", ""},
        {"case ", "case "},
        {"a sentence of nobody", "a sentence of nobody"},
    };
    char room[EKI_REPORT_SENTENCE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        eki_report_heard(EKI_JAPANESE, cases[i].english, room, sizeof room);
        assert_string_equal(room, cases[i].japanese);
        eki_report_heard(EKI_ENGLISH, cases[i].english, room, sizeof room);
        assert_string_equal(room, cases[i].english);
    }
}

/* Whatever the room, the text ends within it and between characters. */
static void cut(void **state)
{
    char room[64], whole[64];
    (void)state;
    eki_report_heard(EKI_JAPANESE, "case 7 was merged already", whole, sizeof whole);
    for (size_t size = 1; size <= sizeof room; size++) {
        memset(room, 'x', sizeof room);
        eki_report_heard(EKI_JAPANESE, "case 7 was merged already", room, size);
        size_t length = strlen(room);
        assert_true(length < size);
        assert_memory_equal(room, whole, length);
        assert_true(((unsigned char)whole[length] & 0xc0) != 0x80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_again), cmocka_unit_test(cut)};
    return cmocka_run_group_tests_name("report/heard", tests, NULL, NULL);
}
