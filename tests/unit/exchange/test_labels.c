/* SPDX-License-Identifier: Apache-2.0 */
/* Every label x every form that is written x every audience, through the one function that decides and the
 * writer of the form: what is read back is never wider than what went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support_incident.h"

static unsigned written, refused;

/* Reads what was written; the label in it. */
static void check_written(const struct eki_exchange_format *format, const struct eki_tlp_request *r,
                          const struct eki_tlp_decision *d, const struct eki_incident *incident)
{
    size_t length;
    char *text = written_as(format, incident, d, &length);
    assert_non_null(text);
    written++;
    struct eki_incident *back = incident_as(eki_exchange_name(format), text, length);
    if (d->written) assert_true(back->marked && back->tlp == d->label);
    /* Also where the label stands only beside it: nothing in it may say that it is wider. */
    if (back->marked) assert_true(back->tlp >= r->label);
    eki_incident_free(back);
    free(text);
}

static void check(const struct eki_exchange_format *format, const struct eki_tlp_request *r,
                  const struct eki_incident *incident)
{
    struct eki_tlp_decision d = eki_tlp_decide(r);
    if (d.allowed) {
        check_written(format, r, &d, incident);
        return;
    }
    refused++;
    size_t length;
    assert_null(written_as(format, incident, &d, &length));
    /* Nor under a decision that was made for a wider label. */
    struct eki_tlp_decision forged = {true, true, (enum eki_tlp)(r->label - 1), EKI_TLP_ALLOWED};
    if (r->label > EKI_TLP_CLEAR) assert_null(written_as(format, incident, &forged, &length));
}

static void every_label_form_audience(void **state)
{
    (void)state;
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    unsigned forms = 0;
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++) {
        struct eki_incident *incident = sample_incident((enum eki_tlp)label);
        for (size_t f = 0; formats[f]; f++) {
            if (!eki_exchange_is_written(formats[f])) continue;
            forms += !label;
            for (unsigned audience = 0; audience < EKI_AUDIENCE_COUNT; audience++)
                for (unsigned switches = 0; switches < 4; switches++)
                    check(formats[f],
                          &(struct eki_tlp_request){.label = (enum eki_tlp)label,
                                                    .way = EKI_TLP_EXPORT,
                                                    .audience = (enum eki_tlp_audience)audience,
                                                    .carries = eki_exchange_labels(formats[f]),
                                                    .tighten = switches & 1,
                                                    .labelled_outside = switches & 2},
                          incident);
        }
        eki_incident_free(incident);
    }
    assert_int_equal(forms, 9); /* stix misp xarf csaf csaf21 iodef intelmq csv incident */
    assert_int_equal(written + refused, EKI_TLP_COUNT * forms * EKI_AUDIENCE_COUNT * 4);
    assert_true(written > 200 && refused > 200);
}

/* Labels are never translated, and never written as another word than the form's own. */
static void words(void **state)
{
    (void)state;
    static const struct {
        const char *form, *word;
        enum eki_tlp label;
    } rows[] = {{"stix", "\"amber+strict\"", EKI_TLP_AMBER_STRICT},
                {"stix", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", EKI_TLP_AMBER_STRICT},
                {"stix", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", EKI_TLP_CLEAR},
                {"misp", "\"tlp:amber+strict\"", EKI_TLP_AMBER_STRICT},
                {"csaf", "\"WHITE\"", EKI_TLP_CLEAR},
                {"csaf", "\"AMBER\"", EKI_TLP_AMBER},
                {"csaf21", "\"AMBER+STRICT\"", EKI_TLP_AMBER_STRICT},
                {"csaf21", "\"CLEAR\"", EKI_TLP_CLEAR},
                {"iodef", "restriction=\"white\"", EKI_TLP_CLEAR},
                {"iodef", "restriction=\"red\"", EKI_TLP_RED},
                {"intelmq", "\"tlp\":\"GREEN\"", EKI_TLP_GREEN},
                {"csv", ",TLP:AMBER+STRICT\n", EKI_TLP_AMBER_STRICT},
                {"incident", "\"TLP:RED\"", EKI_TLP_RED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct eki_exchange_format *format = eki_exchange_find(rows[i].form);
        struct eki_incident *incident = sample_incident(rows[i].label);
        struct eki_tlp_request request = {
            .label = rows[i].label, .way = EKI_TLP_EXPORT, .carries = eki_exchange_labels(format)};
        struct eki_tlp_decision decision = eki_tlp_decide(&request);
        size_t length;
        char *text = written_as(format, incident, &decision, &length);
        assert_non_null(text);
        if (!strstr(text, rows[i].word)) fail_msg("%s does not say %s", rows[i].form, rows[i].word);
        free(text);
        eki_incident_free(incident);
    }
}

#define EVENT(rest) "{\"Event\":{\"info\":\"x\"," rest "}}"
#define BUNDLE(id, rest)                                                                                     \
    "{\"type\":\"bundle\",\"objects\":[{\"type\":\"url\",\"id\":\"url--1\",\"value\":\"u\","                 \
    "\"object_marking_refs\":[\"marking-definition--" id "\"]}" rest "]}"
#define SCANNER(label)                                                                                       \
    "{\"classification.type\":\"scanner\",\"source.ip\":\"192.0.2.1\",\"tlp\":\"" label "\"}"

/* Labels of strangers: the strictest counts, what is none is RED. */
static void read_labels(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum eki_tlp label;
        bool marked;
    } rows[] = {
        {EVENT("\"Tag\":[{\"name\":\"tlp:green\"},{\"name\":\"tlp:red\"}]"), EKI_TLP_RED, true},
        {EVENT("\"Tag\":[{\"name\":\"tlp:white\"}]"), EKI_TLP_CLEAR, true},
        {EVENT("\"Tag\":[{\"name\":\"tlp:ex:chr\"}]"), EKI_TLP_RED, true},
        {EVENT("\"Attribute\":[{\"type\":\"url\",\"value\":\"u\",\"Tag\":[{\"name\":\"tlp:amber\"}]}]"),
         EKI_TLP_AMBER, true},
        {EVENT("\"date\":\"2020-01-01\""), EKI_TLP_AMBER_STRICT, false},
        {BUNDLE("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", ""), EKI_TLP_RED, true},
        {BUNDLE("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", ""), EKI_TLP_GREEN, true},
        {BUNDLE("939a9414-0000-0000-0000-000000000000", ""), EKI_TLP_RED, true},
        {BUNDLE("9", ",{\"type\":\"marking-definition\",\"id\":\"marking-definition--9\","
                     "\"definition_type\":\"statement\"}"),
         EKI_TLP_AMBER_STRICT, false},
        {"<IODEF-Document><Incident restriction=\"green\"><EventData restriction=\"amber\"/></Incident>"
         "</IODEF-Document>",
         EKI_TLP_AMBER, true},
        {"<IODEF-Document><Incident restriction=\"need-to-know\"/></IODEF-Document>", EKI_TLP_RED, true},
        {SCANNER("AMBER") "\n" SCANNER("GREEN"), EKI_TLP_AMBER, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eki_incident *incident = incident_of(rows[i].text);
        if (incident->tlp != rows[i].label || incident->marked != rows[i].marked)
            fail_msg("%zu: %s", i, eki_tlp_text(incident->tlp));
        eki_incident_free(incident);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_label_form_audience), cmocka_unit_test(words),
                                       cmocka_unit_test(read_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
