/* SPDX-License-Identifier: Apache-2.0 */
/* A case gets another label: stricter at once, wider with a reason; its notices follow; RED is mailed only
 * encrypted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "case/notice_row.h"
#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_history.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/enquiry.h"
#include "ekigaku/mail.h"

#define HEAD "{\"schema\":\"ekigaku.directory/1\"}\n"
#define TEAM(id, net)                                                                                        \
    "{\"kind\":\"team\",\"id\":\"" id "\",\"name\":\"" id "\"}\n{\"kind\":\"contact\",\"id\":\"" id          \
    "-poc\",\"team\":\"" id "\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"poc@" id ".example\"}\n" \
    "{\"kind\":\"network\",\"prefix\":\"" net "\",\"team\":\"" id "\"}\n"
#define KEY(id, expires)                                                                                     \
    "{\"kind\":\"key\",\"team\":\"" id "\",\"type\":\"openpgp\",\"expires\":\"" expires                      \
    "\",\"fingerprint\":\"0123456789ABCDEF0123456789ABCDEF01234567\"}\n"

static const char *const hosts[] = {"192.0.2.1", "198.51.100.1", "203.0.113.1"};

struct scene {
    struct desk *desk;
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    int64_t of_case;
};

static struct scene begin(void **state)
{
    struct scene s = {.desk = *state,
                      .directory = desk_directory(
                          HEAD TEAM("kept", "192.0.2.0/24") TEAM("late", "198.51.100.0/24")
                              TEAM("open", "203.0.113.0/24") KEY("kept", "2030") KEY("late", "2020"))};
    struct eki_fault fault = {0};
    struct eki_notice_summary summary;
    assert_int_equal(eki_notice_templates_load(NULL, &s.templates, &fault), EKI_OK);
    s.of_case = desk_case(s.desk, hosts, 3);
    struct eki_store_work *work = desk_write(s.desk);
    struct eki_store_case row;
    assert_int_equal(eki_store_get(work, &row, s.of_case), EKI_OK);
    row.tlp = ""; /* nobody labelled it */
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    assert_int_equal(eki_notice_draft(work, s.of_case, s.directory, NULL, &summary), EKI_OK);
    assert_int_equal(summary.notices, 3);
    desk_commit(work);
    return s;
}

static void end(struct scene *s)
{
    eki_notice_templates_free(s->templates);
    eki_directory_free(s->directory);
}

static enum eki_error mark(const struct scene *s, enum eki_tlp label, const char *reason)
{
    const struct eki_case_marking marking = {s->of_case, label, reason};
    const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "test"};
    struct eki_fault fault = {0};
    struct eki_store_work *work = desk_write(s->desk);
    enum eki_error error = eki_case_mark(work, &act, &marking, &fault);
    if (error)
        eki_store_end(work);
    else
        desk_commit(work);
    if (error == EKI_ERROR_CONFLICT) assert_true(fault.what[0]);
    return error;
}

/* Label of a case, of its n-th notice (0: of the case). */
static const char *label_of(const struct scene *s, int64_t notice)
{
    static char text[16];
    struct eki_store_case row;
    struct eki_store_notice told;
    struct eki_store_work *work = desk_read(s->desk);
    if (notice)
        assert_int_equal(eki_store_get(work, &told, notice), EKI_OK);
    else
        assert_int_equal(eki_store_get(work, &row, s->of_case), EKI_OK);
    snprintf(text, sizeof text, "%s", notice ? told.tlp : row.tlp);
    eki_store_end(work);
    return text;
}

static void set_state(const struct scene *s, int64_t id, const char *now)
{
    struct eki_store_notice told;
    struct eki_store_work *work = desk_write(s->desk);
    assert_int_equal(eki_store_get(work, &told, id), EKI_OK);
    told.state = now;
    assert_int_equal(eki_store_change(work, &told), EKI_OK);
    desk_commit(work);
}

static void stricter_and_wider(void **state)
{
    struct scene s = begin(state);
    struct eki_store_case_entry entry;
    assert_int_equal(mark(&s, EKI_TLP_CLEAR, NULL), EKI_ERROR_CONFLICT); /* of what nobody labelled */
    assert_int_equal(mark(&s, EKI_TLP_GREEN, ""), EKI_ERROR_CONFLICT);
    assert_int_equal(mark(&s, EKI_TLP_AMBER, NULL), EKI_OK); /* the first one */
    assert_string_equal(label_of(&s, 0), "AMBER");
    assert_string_equal(label_of(&s, 1), "AMBER");
    assert_int_equal(mark(&s, EKI_TLP_AMBER, "x"), EKI_ERROR_CONFLICT);
    assert_int_equal(mark(&s, EKI_TLP_GREEN, NULL), EKI_ERROR_CONFLICT);
    assert_int_equal(mark(&s, EKI_TLP_GREEN, ""), EKI_ERROR_CONFLICT);
    assert_string_equal(label_of(&s, 0), "AMBER");
    set_state(&s, 1, "released");
    set_state(&s, 2, "sent");
    assert_int_equal(mark(&s, EKI_TLP_GREEN, "the owners agreed"), EKI_OK);
    assert_string_equal(label_of(&s, 0), "GREEN");
    assert_string_equal(label_of(&s, 1), "AMBER"); /* released under the stricter one */
    assert_string_equal(label_of(&s, 2), "AMBER"); /* gone */
    assert_string_equal(label_of(&s, 3), "GREEN"); /* still a draft */
    assert_int_equal(mark(&s, EKI_TLP_RED, NULL), EKI_OK);
    assert_string_equal(label_of(&s, 1), "RED");
    assert_string_equal(label_of(&s, 2), "AMBER");
    assert_string_equal(label_of(&s, 3), "RED");
    struct eki_store_work *work = desk_read(s.desk);
    assert_int_equal(
        eki_store_find(work, &entry, "text", "Labelled TLP:GREEN; before: AMBER. Reason: the owners agreed"),
        EKI_OK);
    assert_string_equal(entry.kind, "decision");
    eki_store_end(work);
    s.of_case = 99;
    assert_int_equal(mark(&s, EKI_TLP_RED, NULL), EKI_ERROR_MISSING);
    end(&s);
}

/* An enquiry about a notice, and an indicator with a label, in the timeline of a case of the same label. */
static void tell_of_labelled(const struct scene *s, int64_t notice)
{
    const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "test"};
    struct eki_fault fault = {0};
    int64_t id;
    struct eki_store_work *work = desk_write(s->desk);
    const struct eki_enquiry_opening about = {
        .notice = notice, .asker = "noc@kept.example", .text = "secret of the notice"};
    const struct eki_enquiry_opening other = {
        .of_case = s->of_case, .asker = "noc@kept.example", .text = "about the case"};
    assert_int_equal(eki_enquiry_open(work, &act, &about, &id, &fault), EKI_OK);
    assert_int_equal(eki_enquiry_say(work, &act, id,
                                     &(struct eki_enquiry_words){EKI_ENQUIRY_ANSWER, "secret answer"},
                                     &fault),
                     EKI_OK);
    assert_int_equal(eki_enquiry_open(work, &act, &other, &id, &fault), EKI_OK);
    for (int i = 0; i < 3; i++) {
        const char *values[] = {"198.51.100.77", "198.51.100.78", "198.51.100.79"};
        struct eki_store_indicator row = {
            .of_case = s->of_case, .kind = "address", .value = values[i], .tlp = i == 2 ? "" : "RED"};
        assert_int_equal(eki_store_add(work, &row), EKI_OK);
        const struct eki_indicator_change change = {.comment = "seen", .detect = -1};
        assert_int_equal(eki_indicator_change(work, &act, row.id, &change, &fault), EKI_OK);
        if (i == 1) assert_int_equal(eki_indicator_remove(work, &act, row.id), EKI_OK);
    }
    struct eki_store_notice row;
    assert_int_equal(eki_store_get(work, &row, notice), EKI_OK);
    assert_int_equal(eki_notice_log(work, &act, &row, EKI_SAYING_NOTICE_MAIL,
                                    EKI_NOTICE_VALUES("noc@kept.example", "secret mail")),
                     EKI_OK);
    desk_commit(work);
}

/* How many entries of the case hold a text. */
static size_t entries_with(const struct scene *s, const char *text)
{
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    size_t count = 0;
    struct eki_store_work *work = desk_read(s->desk);
    const struct eki_store_query all = {.where = {{.column = "of_case", .number = s->of_case}},
                                        .limit = 1000};
    assert_int_equal(eki_store_list(work, &all, &rows, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++) {
        bool told = strstr(rows[i].text, text) != NULL, said = strstr(rows[i].said, text) != NULL;
        count += told || said;
    }
    eki_store_end(work);
    return count;
}

struct leak {
    size_t plain, strict;
};

static enum eki_error see(void *user, const struct eki_store_audit *entry, enum eki_tlp label)
{
    struct leak *leak = user;
    if (strcmp(entry->table_name, "case_entry") != 0) return EKI_OK;
    if (!strstr(entry->before, "secret") && !strstr(entry->after, "secret") &&
        !strstr(entry->before, "198.51.100.78") && !strstr(entry->after, "198.51.100.78"))
        return EKI_OK;
    *(label == EKI_TLP_RED ? &leak->strict : &leak->plain) += 1;
    return EKI_OK;
}

/* What was told while the case was as strict is not told any more under the wider label: neither in the
 * timeline, nor in its history. The case's own stays. */
static void a_wider_case_hides_what_stays_strict(void **state)
{
    struct scene s = begin(state);
    struct leak leak = {0};
    struct eki_fault fault = {0};
    assert_int_equal(mark(&s, EKI_TLP_RED, NULL), EKI_OK);
    set_state(&s, 1, "sent");
    tell_of_labelled(&s, 1);
    assert_int_equal(entries_with(&s, "secret"), 3);
    assert_int_equal(entries_with(&s, "198.51.100.77"), 1);
    assert_int_equal(entries_with(&s, "198.51.100.78"), 2);
    assert_int_equal(mark(&s, EKI_TLP_AMBER, "the owners agreed"), EKI_OK);
    assert_int_equal(entries_with(&s, "secret"), 0);
    assert_int_equal(entries_with(&s, "noc@kept.example"), 1); /* who asked about the case */
    assert_int_equal(entries_with(&s, "about the case"), 1);
    assert_int_equal(entries_with(&s, "198.51.100.77"), 0);
    assert_int_equal(entries_with(&s, "198.51.100.78"), 0);
    assert_int_equal(entries_with(&s, "198.51.100.79"), 1);
    assert_int_equal(entries_with(&s, "Enquiry 1 of TLP:RED: TLP:RED"), 1);
    assert_int_equal(eki_case_history(s.desk->store, s.of_case, see, &leak, &fault), EKI_OK);
    assert_true(leak.strict >= 10);
    assert_int_equal(leak.plain, 0);
    end(&s);
}

static struct eki_notice_message *compose(const struct scene *s, int64_t id, const char *pilot, bool preview)
{
    const struct eki_notice_setup setup = {.directory = s->directory,
                                           .templates = s->templates,
                                           .sender = {.mail = "csirt@desk.example"},
                                           .pilot = pilot,
                                           .preview = preview,
                                           .now = DESK_NOW};
    struct eki_notice_book *book;
    struct eki_notice_message *message;
    struct eki_store_notice notice;
    struct eki_fault fault = {0};
    struct eki_store_work *work = desk_read(s->desk);
    assert_int_equal(eki_store_get(work, &notice, id), EKI_OK);
    notice.releaser = 1;
    notice.second_releaser = 2;
    assert_int_equal(eki_notice_open(work, s->of_case, &setup, &book, &fault), EKI_OK);
    assert_int_equal(eki_notice_compose(book, &notice, &message, &fault), EKI_OK);
    eki_notice_close(book);
    eki_store_end(work);
    return message;
}

/* Which of the three notices may be mailed. */
static unsigned mailed(const struct scene *s, const char *pilot, bool preview)
{
    unsigned which = 0;
    for (int64_t id = 1; id <= 3; id++) {
        struct eki_notice_message *message = compose(s, id, pilot, preview);
        if (message->decision.allowed) which |= 1U << (strstr(message->to, "kept") ? 0 : id + 4);
        if (!message->decision.allowed) assert_int_equal(message->decision.reason, EKI_TLP_NOT_ENCRYPTED);
        eki_notice_message_free(message);
    }
    return which;
}

/* To whom a key that holds is known, and only to them; a dry run is no mail. */
static void red_wants_a_key(void **state)
{
    struct scene s = begin(state);
    assert_int_equal(mark(&s, EKI_TLP_AMBER_STRICT, NULL), EKI_OK);
    assert_int_not_equal(mailed(&s, NULL, false), 1);
    assert_int_equal(mark(&s, EKI_TLP_RED, NULL), EKI_OK);
    assert_int_equal(mailed(&s, NULL, false), 1);
    assert_int_equal(mailed(&s, "pilot@desk.example", false), 0);
    assert_int_not_equal(mailed(&s, NULL, true), 1);
    end(&s);
}

/* The key is known, but not at hand, or we have none to sign with: never in clear. */
static void red_is_never_in_clear(void **state)
{
    struct scene s = begin(state);
    const struct eki_notice_sender sender = {.mail = "csirt@desk.example", .name = "Desk"};
    struct eki_notice_envelope envelope = {.sender = &sender, .date = DESK_NOW, .keys = "/nonexistent"};
    struct eki_notice_mailed out;
    struct eki_fault fault = {0};
    assert_int_equal(eki_mail_start(), EKI_OK);
    assert_int_equal(mark(&s, EKI_TLP_RED, NULL), EKI_OK);
    int64_t id = 1;
    struct eki_notice_message *message = compose(&s, id, NULL, false);
    while (!strstr(message->to, "kept")) {
        eki_notice_message_free(message);
        message = compose(&s, ++id, NULL, false);
    }
    assert_true(message->decision.allowed);
    assert_int_equal(eki_notice_mail(message, &envelope, &out, &fault), EKI_ERROR_ARGUMENT);
    assert_non_null(strstr(fault.what, "0123456789ABCDEF0123456789ABCDEF01234567.asc"));
    eki_notice_message_free(message);
    message = compose(&s, id, NULL, true); /* to be looked at: no mail */
    assert_int_equal(eki_notice_mail(message, &envelope, &out, &fault), EKI_OK);
    assert_int_equal(out.protection, EKI_MAIL_PLAIN);
    eki_mail_bytes_free(out.bytes);
    eki_notice_message_free(message);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(stricter_and_wider),
        DESK_TEST(a_wider_case_hides_what_stays_strict),
        DESK_TEST(red_wants_a_key),
        DESK_TEST(red_is_never_in_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
