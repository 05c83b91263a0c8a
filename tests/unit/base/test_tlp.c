/* SPDX-License-Identifier: Apache-2.0 */
/* The lattice of the Traffic Light Protocol, exhaustively: every label, audience, way out, set of words a
 * form may have, and switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "ekigaku/tlp.h"

typedef void each_request(const struct eki_tlp_request *request, const struct eki_tlp_decision *decision);

static unsigned for_each(each_request *check)
{
    unsigned tried = 0;
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++)
        for (unsigned audience = 0; audience < EKI_AUDIENCE_COUNT; audience++)
            for (unsigned way = 0; way < EKI_TLP_WAY_COUNT; way++)
                for (unsigned carries = 0; carries <= EKI_TLP_ALL; carries++)
                    for (unsigned switches = 0; switches < 32; switches++) {
                        struct eki_tlp_request request = {(enum eki_tlp)label,
                                                          (enum eki_tlp_way)way,
                                                          (enum eki_tlp_audience)audience,
                                                          carries,
                                                          switches & 1,
                                                          switches & 2,
                                                          (switches >> 2) & 3,
                                                          switches & 16};
                        struct eki_tlp_decision decision = eki_tlp_decide(&request);
                        check(&request, &decision);
                        tried++;
                    }
    return tried;
}

/* What must never happen, whatever is asked. */
static void check_never_wider(const struct eki_tlp_request *r, const struct eki_tlp_decision *d)
{
    assert_true(d->label >= r->label);
    assert_true(d->allowed == (d->reason == EKI_TLP_ALLOWED || d->reason == EKI_TLP_TIGHTENED));
    if (!d->allowed) return;
    assert_true(r->audience <= eki_tlp_reach(d->label));
    assert_true(r->audience <= eki_tlp_reach(r->label));
    if (d->written) assert_true(r->carries & EKI_TLP_BIT(d->label));
    /* Nothing but CLEAR leaves without a label in it or beside it. */
    if (!d->written && r->label != EKI_TLP_CLEAR) assert_true(r->labelled_outside);
    if (d->label != r->label) assert_true(r->tighten && d->written && !(r->carries & EKI_TLP_BIT(r->label)));
    if (d->label == EKI_TLP_RED && r->way == EKI_TLP_MAIL)
        assert_true(r->releases >= EKI_TLP_RELEASES && r->encrypted);
}

static void never_wider(void **state)
{
    (void)state;
    assert_int_equal(for_each(check_never_wider), 5 * 5 * 5 * 32 * 32);
}

/* Refused stays refused for a stricter label or a wider audience, all else equal, when the form has all
 * words. */
static void check_monotone(const struct eki_tlp_request *r, const struct eki_tlp_decision *d)
{
    if (r->carries != EKI_TLP_ALL || d->allowed) return;
    struct eki_tlp_request other = *r;
    for (unsigned label = r->label; label < EKI_TLP_COUNT; label++)
        for (unsigned audience = r->audience; audience < EKI_AUDIENCE_COUNT; audience++) {
            other.label = (enum eki_tlp)label;
            other.audience = (enum eki_tlp_audience)audience;
            assert_false(eki_tlp_decide(&other).allowed);
        }
}

static void monotone(void **state)
{
    (void)state;
    for_each(check_monotone);
}

/* The definitions of TLP 2.0, section 3, as a table: which audience each label reaches. */
static void definitions(void **state)
{
    (void)state;
    static const struct {
        enum eki_tlp label;
        enum eki_tlp_audience widest;
        const char *text;
    } rows[] = {{EKI_TLP_RED, EKI_AUDIENCE_NAMED, "TLP:RED"},
                {EKI_TLP_AMBER_STRICT, EKI_AUDIENCE_ORGANISATION, "TLP:AMBER+STRICT"},
                {EKI_TLP_AMBER, EKI_AUDIENCE_CLIENTS, "TLP:AMBER"},
                {EKI_TLP_GREEN, EKI_AUDIENCE_COMMUNITY, "TLP:GREEN"},
                {EKI_TLP_CLEAR, EKI_AUDIENCE_WORLD, "TLP:CLEAR"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned audience = 0; audience < EKI_AUDIENCE_COUNT; audience++) {
            struct eki_tlp_request request = {.label = rows[i].label,
                                              .way = EKI_TLP_EXPORT,
                                              .audience = (enum eki_tlp_audience)audience,
                                              .carries = EKI_TLP_ALL};
            assert_int_equal(eki_tlp_decide(&request).allowed, audience <= rows[i].widest);
            assert_string_equal(eki_tlp_text(rows[i].label), rows[i].text);
            assert_null(strchr(rows[i].text, ' '));
        }
}

/* Forms that know TLP 1.0 only (CSAF 2.0, IODEF, IntelMQ): AMBER is wider than AMBER+STRICT, so never that.
 */
static void four_words(void **state)
{
    (void)state;
    struct eki_tlp_request request = {
        .label = EKI_TLP_AMBER_STRICT, .way = EKI_TLP_EXPORT, .carries = EKI_TLP_FOUR};
    assert_int_equal(eki_tlp_decide(&request).reason, EKI_TLP_NO_WORD);
    request.tighten = true;
    struct eki_tlp_decision decision = eki_tlp_decide(&request);
    assert_true(decision.allowed && decision.written && decision.label == EKI_TLP_RED);
    assert_int_equal(decision.reason, EKI_TLP_TIGHTENED);
    request.audience = EKI_AUDIENCE_ORGANISATION; /* right for the label, not for the word that is written */
    assert_int_equal(eki_tlp_decide(&request).reason, EKI_TLP_TOO_WIDE);
}

static void outside_the_lists(void **state)
{
    (void)state;
    struct eki_tlp_request request = {.label = (enum eki_tlp)77,
                                      .way = EKI_TLP_SCREEN,
                                      .carries = EKI_TLP_ALL,
                                      .audience = EKI_AUDIENCE_ORGANISATION};
    assert_false(eki_tlp_decide(&request).allowed);
    request = (struct eki_tlp_request){
        .label = EKI_TLP_GREEN, .carries = EKI_TLP_ALL, .audience = (enum eki_tlp_audience)99};
    assert_false(eki_tlp_decide(&request).allowed);
    assert_string_equal(eki_tlp_text((enum eki_tlp)77), "TLP:RED");
    assert_string_equal(eki_tlp_audience_name((enum eki_tlp_audience)99), "?");
    assert_string_equal(eki_tlp_way_name((enum eki_tlp_way)99), "?");
    assert_string_equal(eki_tlp_reason_text((enum eki_tlp_reason)99), "?");
}

static void texts(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "TLP:",    "AMBER STRICT", "TLP: RED",
                                      "RED ", "TLP:ROT", "赤",           "TLP:TLP:RED"};
    enum eki_tlp label = EKI_TLP_RED;
    for (unsigned i = 0; i < EKI_TLP_COUNT; i++) {
        assert_int_equal(eki_tlp_parse(eki_tlp_text((enum eki_tlp)i), &label), EKI_OK);
        assert_int_equal(label, i);
        assert_int_equal(eki_tlp_parse(eki_tlp_word((enum eki_tlp)i), &label), EKI_OK);
        assert_int_equal(label, i);
    }
    assert_int_equal(eki_tlp_parse("tlp:white", &label), EKI_OK);
    assert_int_equal(label, EKI_TLP_CLEAR);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        label = EKI_TLP_GREEN;
        assert_int_equal(eki_tlp_parse(bad[i], &label), EKI_ERROR_ARGUMENT);
        assert_int_equal(label, EKI_TLP_GREEN);
    }
    enum eki_tlp_audience audience;
    for (unsigned i = 0; i < EKI_AUDIENCE_COUNT; i++) {
        assert_int_equal(eki_tlp_audience_parse(eki_tlp_audience_name((enum eki_tlp_audience)i), &audience),
                         EKI_OK);
        assert_int_equal(audience, i);
    }
    assert_int_equal(eki_tlp_audience_parse("all", &audience), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_tlp_stricter(EKI_TLP_AMBER, EKI_TLP_AMBER_STRICT), EKI_TLP_AMBER_STRICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_wider),       cmocka_unit_test(monotone),
                                       cmocka_unit_test(definitions),       cmocka_unit_test(four_words),
                                       cmocka_unit_test(outside_the_lists), cmocka_unit_test(texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
