/* SPDX-License-Identifier: Apache-2.0 */
/* What strangers send: bombs, circles, lies about types, masses. Refused with the place named, or contained.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support_incident.h"

static enum eki_error error_for(const char *text, struct eki_fault *fault)
{
    return error_of(NULL, text, strlen(text), fault);
}

static void xml_bombs(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n"
         "<IODEF-Document>&b;</IODEF-Document>"),
        "<?xml version=\"1.0\"?>\n<!DOCTYPE IODEF-Document SYSTEM \"http://192.0.2.1/x.dtd\">\n<IODEF-Document/>",
        "<!DOCTYPE IODEF-Document [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<IODEF-Document>&x;</IODEF-Document>",
        "<!DOCTYPE VULDEF-Document>\n<VULDEF-Document/>"};
    struct eki_fault fault;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(error_for(texts[i], &fault), EKI_ERROR_UNSUPPORTED);
        assert_non_null(strstr(fault.what, "line "));
        assert_non_null(strstr(fault.what, "DTD"));
    }
    /* An entity nobody declared, and text that is cut: with the place. */
    assert_int_equal(error_for("<IODEF-Document>\n  &x;</IODEF-Document>", &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 2"));
    assert_int_equal(error_for("<IODEF-Document><Incident>", &fault), EKI_ERROR_CORRUPT);
    assert_int_equal(error_for("<IODEF-Document/>", &fault), EKI_ERROR_FORMAT);
}

static char *nested(const char *head, const char *open, size_t times, const char *tail)
{
    size_t length = strlen(open), size = strlen(head) + times * length + strlen(tail) + 1;
    char *text = malloc(size), *at = stpcpy(text, head);
    for (size_t i = 0; i < times; i++) at = stpcpy(at, open);
    strcpy(at, tail);
    return text;
}

static void deep(void **state)
{
    (void)state;
    struct eki_fault fault;
    char *text = nested("<IODEF-Document>", "<EventData>", 100000, "");
    assert_int_equal(error_for(text, &fault), EKI_ERROR_LIMIT);
    assert_non_null(strstr(fault.what, "deep"));
    free(text);
    text = nested("{\"type\":\"bundle\",\"objects\":", "[", 100000, "");
    assert_int_equal(error_for(text, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 1"));
    free(text);
}

/* As many values as brackets cost a byte each: the tree would be a hundred times the file. */
static void many_values(void **state)
{
    (void)state;
    struct eki_fault fault;
    char *text = nested("[[]", ",[]", EKI_EXCHANGE_VALUES / 2, "]");
    assert_int_equal(error_for(text, &fault), EKI_ERROR_LIMIT);
    assert_non_null(strstr(fault.what, "values"));
    free(text);
}

/* A hundred thousand objects: each infrastructure speaks to the next, the last to the first. */
static void masses_in_a_circle(void **state)
{
    (void)state;
    enum { HOSTS = 50000 };
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fputs("{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[", out);
    for (int i = 0; i < HOSTS; i++)
        fprintf(
            out,
            "%s{\"type\":\"infrastructure\",\"id\":\"infrastructure--%d\",\"name\":\"10.%d.%d.%d\",\"labels\":[\"infected\"]},"
            "{\"type\":\"relationship\",\"id\":\"relationship--%d\",\"relationship_type\":\"communicates-with\","
            "\"source_ref\":\"infrastructure--%d\",\"target_ref\":\"infrastructure--%d\"}",
            i ? "," : "", i, i >> 16, i >> 8 & 255, i & 255, i, i, (i + 1) % HOSTS);
    fputs("]}", out);
    fclose(out);
    struct eki_incident *incident = incident_as(NULL, text, length);
    free(text);
    assert_int_equal(incident->host_count, HOSTS);
    assert_int_equal(incident->edge_count, HOSTS);
    assert_int_equal(eki_incident_validate(incident, NULL), EKI_OK);
    /* And out again, in every form. */
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    assert_int_equal(eki_incident_report_by(incident, "x", "a@example.org", "example.org"), EKI_OK);
    assert_int_equal(eki_incident_complete(incident, 0), EKI_OK);
    struct eki_tlp_decision all = {true, false, EKI_TLP_RED, EKI_TLP_ALLOWED};
    for (size_t f = 0; formats[f]; f++) {
        if (!eki_exchange_is_written(formats[f])) continue;
        char *written = written_as(formats[f], incident, &all, &length);
        assert_non_null(written);
        free(written);
    }
    eki_incident_free(incident);
}

/* References that lead to themselves, nowhere, or to things of other types. */
static void odd_references(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":["
        "{\"type\":\"infrastructure\",\"id\":\"i--1\",\"name\":\"a\",\"created_by_ref\":\"i--1\"},"
        "{\"type\":\"relationship\",\"id\":\"r--1\",\"relationship_type\":\"communicates-with\",\"source_ref\":\"i--1\",\"target_ref\":\"i--1\"},"
        "{\"type\":\"relationship\",\"id\":\"r--2\",\"relationship_type\":\"communicates-with\",\"source_ref\":\"r--2\",\"target_ref\":\"i--1\"},"
        "{\"type\":\"relationship\",\"id\":\"r--3\",\"relationship_type\":\"consists-of\",\"source_ref\":\"i--1\",\"target_ref\":\"r--3\"},"
        "{\"type\":\"observed-data\",\"id\":\"o--1\",\"object_refs\":[\"o--1\",7,null]},"
        "{\"type\":\"url\",\"id\":\"u--1\",\"value\":\"u\",\"object_marking_refs\":[\"u--1\"]},"
        "{\"type\":\"url\",\"id\":\"u--1\",\"value\":{}},null,[],7,\"x\"]}");
    assert_int_equal(i->host_count, 1);
    assert_int_equal(i->edge_count, 0);
    assert_int_equal(i->tlp, EKI_TLP_RED); /* a marking that is none */
    eki_incident_free(i);
}

/* Every member of every form with a value of every wrong type: never a crash, never a wrong number. */
static void wrong_types(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        "{\"schema\":\"ekigaku.analysis/1\",\"origin\":%s,\"outbreaks\":[{\"infections\":[{\"host\":%s,\"at\":%s,\"packets\":%s}]}]}",
        "{\"schema\":\"ekigaku.incident/1\",\"hosts\":[{\"host\":%s,\"role\":%s,\"first\":%s,\"confidence\":%s}]}",
        "{\"type\":\"bundle\",\"objects\":[{\"type\":%s,\"id\":%s,\"labels\":%s,\"pattern\":%s}]}",
        "{\"Event\":{\"info\":\"x\",\"Tag\":%s,\"Attribute\":[{\"type\":%s,\"value\":%s,\"first_seen\":%s}]}}",
        "{\"xarf_version\":\"4.2.0\",\"source_identifier\":%s,\"type\":%s,\"first_seen\":%s,\"tags\":%s}",
        "{\"document\":{\"csaf_version\":\"2.0\",\"title\":%s,\"notes\":%s,\"tracking\":%s},\"vulnerabilities\":%s}",
        "{\"classification.type\":%s,\"source.ip\":%s,\"time.source\":%s,\"extra.confidence\":%s}",
        "{\"catalogVersion\":%s,\"vulnerabilities\":[{\"cveID\":%s,\"dueDate\":%s,\"knownRansomwareCampaignUse\":%s}]}"};
    static const char *const values[] = {"null",
                                         "true",
                                         "-1e308",
                                         "\"\"",
                                         "[]",
                                         "{}",
                                         "[[]]",
                                         "\"9999999-99-99\"",
                                         "[{}]",
                                         "{\"a\":{}}",
                                         "\"\\u0001\\u2028<>\"",
                                         "1e400"};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            char text[1024];
            struct eki_incident *incident = NULL;
            const char *x = values[v];
            snprintf(text, sizeof text, shapes[s], x, x, x, x);
            if (eki_exchange_read(text, strlen(text), NULL, &incident, NULL)) continue;
            assert_int_equal(eki_incident_validate(incident, NULL), EKI_OK);
            eki_incident_free(incident);
        }
}

static void nothing_much(void **state)
{
    (void)state;
    struct eki_fault fault;
    assert_int_equal(error_for("", &fault), EKI_ERROR_EMPTY);
    assert_int_equal(error_for(" \r\n\t", &fault), EKI_ERROR_EMPTY);
    assert_int_equal(error_for("hello", &fault), EKI_ERROR_FORMAT);
    assert_int_equal(error_for("{}", &fault), EKI_ERROR_FORMAT);
    assert_int_equal(error_for("{\"type\":\"bundle\",\n\"objects\":[}", &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 2"));
    assert_int_equal(error_for("{\"type\":\"bundle\",\"objects\":7}", &fault), EKI_ERROR_FORMAT);
    assert_int_equal(error_for("{\"a\":1,\"a\":2}", &fault), EKI_ERROR_CORRUPT);
    assert_int_equal(error_of("csaf", "[]", 2, &fault), EKI_ERROR_FORMAT);
    assert_int_equal(error_of("iodef", "{}", 2, &fault), EKI_ERROR_CORRUPT);
    assert_int_equal(error_of("rfc2350", "x", 1, &fault), EKI_ERROR_FORMAT);
    assert_int_equal(error_of("securitytxt", "x", 1, &fault), EKI_ERROR_FORMAT);
}

/* A text with formulas, tags, control characters and broken UTF-8 stays text in every form. */
static void odd_letters(void **state)
{
    (void)state;
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    struct eki_incident *incident = sample_incident(EKI_TLP_CLEAR);
    static const char odd[] = "=cmd|'/c calc'!A1\x01\x7f \xff\xfe</Description><x> \xc3(";
    assert_int_equal(eki_incident_entitle(incident, odd), EKI_OK);
    for (size_t f = 0; formats[f]; f++) {
        if (!eki_exchange_is_written(formats[f])) continue;
        struct eki_tlp_decision all = {true, eki_exchange_labels(formats[f]) & 1, EKI_TLP_CLEAR,
                                       EKI_TLP_ALLOWED};
        size_t length;
        char *text = written_as(formats[f], incident, &all, &length);
        assert_non_null(text);
        for (size_t i = 0; i < length; i++) assert_true((unsigned char)text[i] >= 0x20 || text[i] == '\n');
        if (!strcmp(eki_exchange_name(formats[f]), "csv")) assert_non_null(strstr(text, "\"'=cmd"));
        if (!strcmp(eki_exchange_name(formats[f]), "iodef")) assert_null(strstr(text, "<x>"));
        struct eki_incident *back = incident_as(eki_exchange_name(formats[f]), text, length);
        assert_int_equal(back->host_count, strncmp(eki_exchange_name(formats[f]), "csaf", 4) ? 2 : 0);
        eki_incident_free(back);
        free(text);
    }
    eki_incident_free(incident);
}

/* A long text is cut, not in the middle of a letter. */
static void long_text(void **state)
{
    (void)state;
    char *text = nested("{\"schema\":\"ekigaku.incident/1\",\"title\":\"x", "\xe6\x84\x9f", 20000, "\"}");
    struct eki_incident *incident = incident_of(text);
    size_t length = strlen(incident->title);
    assert_true(length <= EKI_EXCHANGE_TEXT && length > EKI_EXCHANGE_TEXT - 3 && (length - 1) % 3 == 0);
    eki_incident_free(incident);
    free(text);
}

/* Circles among edges, ends that are not there, shares beyond one: validate() says which. */
static void validated(void **state)
{
    (void)state;
    struct eki_fault fault = {0};
    struct eki_incident *incident = sample_incident(EKI_TLP_CLEAR);
    incident->edges[0].to = 99;
    assert_int_equal(eki_incident_validate(incident, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "edge 0"));
    incident->edges[0].to = 1;
    incident->hosts[1].confidence = 1.5;
    assert_int_equal(eki_incident_validate(incident, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "host 1"));
    incident->hosts[1].confidence = NAN;
    incident->hosts[0].last = incident->hosts[0].first - 1;
    assert_int_equal(eki_incident_validate(incident, &fault), EKI_ERROR_CORRUPT);
    eki_incident_free(incident);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(xml_bombs),      cmocka_unit_test(deep),
                                       cmocka_unit_test(many_values),    cmocka_unit_test(masses_in_a_circle),
                                       cmocka_unit_test(odd_references), cmocka_unit_test(wrong_types),
                                       cmocka_unit_test(nothing_much),   cmocka_unit_test(odd_letters),
                                       cmocka_unit_test(long_text),      cmocka_unit_test(validated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
