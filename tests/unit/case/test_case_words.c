/* SPDX-License-Identifier: Apache-2.0 */
/* What the program writes into the timeline is read in the language of the reader; what people write stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "case/saying.h"
#include "desk.h"
#include "ekigaku/case_words.h"

static const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "tester"};

/* Says it and reads the entry back. */
static struct eki_store_case_entry say(struct eki_store_work *work, int64_t of_case,
                                       struct eki_case_saying saying)
{
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query last = {
        .where = {{.column = "of_case", .number = of_case}}, .descending = true, .limit = 1};
    saying.of_case = of_case;
    saying.kind = "notice";
    assert_int_equal(eki_case_say(work, &act, &saying), EKI_OK);
    assert_int_equal(eki_store_list(work, &last, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0];
}

static void in_two_languages(void **state)
{
    struct desk *desk = *state;
    char room[EKI_CASE_WORDS];
    int64_t of_case = desk_case(desk, NULL, 0);
    struct eki_store_work *work = desk_write(desk);
    struct eki_store_case_entry entry =
        say(work, of_case,
            (struct eki_case_saying){.saying = EKI_SAYING_NOTICE_SAID,
                                     .values = {"7", "a@example.jp", "received", "ada", "ok {1}"}});
    assert_string_equal(entry.text, "Notice 7 to a@example.jp: received, said by ada. ok {1}");
    assert_string_equal(eki_case_entry_words(&entry, EKI_ENGLISH, room), entry.text);
    const char *japanese = eki_case_entry_words(&entry, EKI_JAPANESE, room);
    assert_non_null(strstr(japanese, "通知 7"));
    assert_non_null(strstr(japanese, "ok {1}"));
    assert_null(strstr(japanese, "received")); /* the state is a word, not a value */
    entry =
        say(work, of_case,
            (struct eki_case_saying){.saying = EKI_SAYING_NOTICE_BOUNCED, .values = {"7", "a@example.jp"}});
    assert_string_equal(entry.text, "Notice 7 to a@example.jp came back.");
    eki_store_end(work);
}

/* Every sentence has its Japanese, with all of its values. */
static void every_sentence(void **state)
{
    struct desk *desk = *state;
    char room[EKI_CASE_WORDS], english[EKI_CASE_WORDS];
    int64_t of_case = desk_case(desk, NULL, 0);
    struct eki_store_work *work = desk_write(desk);
    for (int i = 0; i < EKI_SAYINGS; i++) {
        struct eki_store_case_entry entry =
            say(work, of_case,
                (struct eki_case_saying){.saying = (enum eki_saying)i,
                                         .values = {"v-1", "v-2", "v-3", "v-4", "v-5"}});
        strcpy(english, eki_case_entry_words(&entry, EKI_ENGLISH, room));
        eki_case_entry_words(&entry, EKI_JAPANESE, room);
        assert_string_not_equal(english, room);
        for (const char *value = english; (value = strstr(value, "v-")); value++) {
            char one[4] = {value[0], value[1], value[2], 0};
            assert_non_null(strstr(room, one));
        }
        assert_null(strchr(room, '{'));
    }
    eki_store_end(work);
}

static void of_strangers(void **state)
{
    struct desk *desk = *state;
    static char flood[20000];
    char room[EKI_CASE_WORDS];
    int64_t of_case = desk_case(desk, NULL, 0);
    struct eki_store_work *work = desk_write(desk);
    for (size_t i = 0; i + 4 < sizeof flood; i += 3) memcpy(flood + i, "感", 3);
    struct eki_store_case_entry entry = say(work, of_case,
                                            (struct eki_case_saying){.saying = EKI_SAYING_NOTICE_MAIL,
                                                                     .values = {"7", "a",
                                                                                "b\x1f"
                                                                                "c",
                                                                                flood}});
    assert_memory_equal(entry.text, "Notice 7, mail from b c: 感", strlen("Notice 7, mail from b c: 感"));
    eki_case_entry_words(&entry, EKI_JAPANESE, room);
    assert_true(strlen(room) < EKI_CASE_WORDS && strlen(room) > EKI_CASE_WORDS - 40);
    const struct eki_store_case_entry note = {.text = "{1} 100 %", .code = ""},
                                      later = {.text = "Later", .code = "case.of-a-later-version"};
    assert_ptr_equal(eki_case_entry_words(&note, EKI_JAPANESE, room), note.text);
    assert_ptr_equal(eki_case_entry_words(&later, EKI_JAPANESE, room), later.text);
    eki_store_end(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK_TEST(in_two_languages), DESK_TEST(every_sentence),
                                       DESK_TEST(of_strangers)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
