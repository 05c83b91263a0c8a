/* SPDX-License-Identifier: Apache-2.0 */
/* Every exit with every form of exchange, label, audience and switch, against the rules of
 * docs/formats/exits.md, which are written down here a second time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "ekigaku/exchange.h"
#include "ekigaku/tlp_exit.h"

/* Rule 1: how far each label reaches. */
static const enum eki_tlp_audience reaches[EKI_TLP_COUNT] = {EKI_AUDIENCE_WORLD, EKI_AUDIENCE_COMMUNITY,
                                                             EKI_AUDIENCE_CLIENTS, EKI_AUDIENCE_ORGANISATION,
                                                             EKI_AUDIENCE_NAMED};

/* Rule 2: the words of each form, from CLEAR to RED. */
static const struct {
    const char *form;
    bool has[EKI_TLP_COUNT];
} words[] = {
    {"stix", {true, true, true, true, true}},      {"misp", {true, true, true, true, true}},
    {"csv", {true, true, true, true, true}},       {"incident", {true, true, true, true, true}},
    {"csaf21", {true, true, true, true, true}},    {"csaf", {true, true, true, false, true}},
    {"iodef", {true, true, true, false, true}},    {"intelmq", {true, true, true, false, true}},
    {"xarf", {false, false, false, false, false}},
};
enum { FORMS = sizeof words / sizeof *words };

/* Rule 3: to whom an exit leads when nobody is asked. */
static const struct {
    const char *name;
    enum eki_tlp_way way;
    int audience; /* -1: asked */
} exits[] = {
    {"export", EKI_TLP_EXPORT, -1},
    {"import", EKI_TLP_SCREEN, EKI_AUDIENCE_NAMED},
    {"bundle", EKI_TLP_EXPORT, -1},
    {"bundle-read", EKI_TLP_SCREEN, EKI_AUDIENCE_NAMED},
    {"facts", EKI_TLP_EXPORT, EKI_AUDIENCE_NAMED},
    {"report", EKI_TLP_PRINT, EKI_AUDIENCE_NAMED},
    {"lookup", EKI_TLP_SCREEN, -1},
    {"directory-export", EKI_TLP_EXPORT, -1},
    {"card", EKI_TLP_PRINT, -1},
    {"case-show", EKI_TLP_SCREEN, EKI_AUDIENCE_NAMED},
    {"case-report", EKI_TLP_PRINT, -1},
    {"indicator-list", EKI_TLP_SCREEN, -1},
    {"notice-mail", EKI_TLP_MAIL, -1},
    {"notice-preview", EKI_TLP_EXPORT, -1},
    {"answer-page", EKI_TLP_SCREEN, EKI_AUDIENCE_NAMED},
    {"page", EKI_TLP_PRINT, EKI_AUDIENCE_NAMED},
    {"api", EKI_TLP_API, EKI_AUDIENCE_ORGANISATION},
    {"outbreak-export", EKI_TLP_EXPORT, -1},
    {"directory-export-api", EKI_TLP_EXPORT, -1},
    {"taxii", EKI_TLP_API, -1},
};
enum { EXITS = sizeof exits / sizeof *exits };

struct tried {
    unsigned exit, form;
    const struct eki_tlp_request *request;
};

/* The label that the rules let it leave under; EKI_TLP_COUNT: none. */
static unsigned written_as(const struct tried *t)
{
    unsigned label = t->request->label;
    if (words[t->form].has[label]) return label;
    for (unsigned stricter = label; t->request->tighten && stricter < EKI_TLP_COUNT; stricter++)
        if (words[t->form].has[stricter]) return stricter;
    if (t->request->labelled_outside || label == EKI_TLP_CLEAR) return label;
    return EKI_TLP_COUNT;
}

static bool expected(const struct tried *t, unsigned *ret_label)
{
    int fixed = exits[t->exit].audience;
    unsigned audience = fixed < 0 ? t->request->audience : (unsigned)fixed;
    *ret_label = written_as(t);
    if (*ret_label == EKI_TLP_COUNT || audience > reaches[*ret_label]) return false;
    bool red_mail = *ret_label == EKI_TLP_RED && exits[t->exit].way == EKI_TLP_MAIL;
    return !red_mail || (t->request->releases >= 2 && t->request->encrypted);
}

static void check(const struct tried *t, unsigned *allowed)
{
    unsigned label;
    struct eki_tlp_decision decision = eki_tlp_leave((enum eki_tlp_exit)t->exit, t->request);
    bool may = expected(t, &label);
    if (decision.allowed != may || (may && decision.label != label))
        fail_msg("%s as %s, %s to %s: %s", exits[t->exit].name, words[t->form].form,
                 eki_tlp_text(t->request->label), eki_tlp_audience_name(t->request->audience),
                 eki_tlp_reason_text(decision.reason));
    assert_true(decision.label >= t->request->label);
    *allowed += may;
}

static unsigned labels_of(const char *form)
{
    const struct eki_exchange_format *format = eki_exchange_find(form);
    assert_non_null(format);
    return eki_exchange_labels(format);
}

/* Every label, audience and switch of one exit and form. */
static unsigned try_all(unsigned exit, unsigned form, unsigned *allowed)
{
    unsigned tried = 0;
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++)
        for (unsigned audience = 0; audience < EKI_AUDIENCE_COUNT; audience++)
            for (unsigned switches = 0; switches < 24; switches++, tried++) {
                const struct eki_tlp_request request = {.label = (enum eki_tlp)label,
                                                        .audience = (enum eki_tlp_audience)audience,
                                                        .carries = labels_of(words[form].form),
                                                        .tighten = switches & 1,
                                                        .labelled_outside = switches & 2,
                                                        .releases = (switches >> 2) % 3,
                                                        .encrypted = switches >= 12};
                check(&(struct tried){exit, form, &request}, allowed);
            }
    return tried;
}

static void every_exit(void **state)
{
    (void)state;
    unsigned tried = 0, allowed = 0;
    assert_int_equal(EXITS, EKI_TLP_EXIT_COUNT);
    for (unsigned exit = 0; exit < EXITS; exit++) {
        const struct eki_tlp_exit_row *row = eki_tlp_exit_row((enum eki_tlp_exit)exit);
        assert_string_equal(row->name, exits[exit].name);
        assert_int_equal(row->way, exits[exit].way);
        assert_true(row->form && *row->form);
        for (unsigned form = 0; form < FORMS; form++) tried += try_all(exit, form, &allowed);
    }
    assert_int_equal(tried, EXITS * FORMS * EKI_TLP_COUNT * EKI_AUDIENCE_COUNT * 24);
    assert_true(allowed > tried / 10 && allowed < tried * 9 / 10);
}

/* A form that is written and that the rules above do not name would be tried by nobody. */
static void every_form(void **state)
{
    (void)state;
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    for (size_t f = 0; formats[f]; f++) {
        bool named = !eki_exchange_is_written(formats[f]);
        for (unsigned i = 0; i < FORMS; i++) named |= !strcmp(words[i].form, eki_exchange_name(formats[f]));
        if (!named) fail_msg("%s is in no rule", eki_exchange_name(formats[f]));
    }
}

/* Beside the list: the strictest, and the exit of programs. */
static void beside(void **state)
{
    (void)state;
    const struct eki_tlp_request clear = {.label = EKI_TLP_CLEAR, .carries = EKI_TLP_ALL},
                                 odd = {.label = (enum eki_tlp)17, .carries = EKI_TLP_ALL};
    assert_string_equal(eki_tlp_exit_row(EKI_TLP_EXIT_COUNT)->name, "api");
    assert_true(eki_tlp_leave(EKI_TLP_EXIT_COUNT, &clear).allowed);
    assert_false(eki_tlp_leave(EKI_TLP_EXIT_COUNT, &odd).allowed);
    assert_false(eki_tlp_leave(EKI_TLP_EXIT_API, &odd).allowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_exit), cmocka_unit_test(every_form),
                                       cmocka_unit_test(beside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
