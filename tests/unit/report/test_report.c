/* SPDX-License-Identifier: Apache-2.0 */
/* The three reports from results built by hand: what fits, what is named, and what hostile bytes cannot do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/log.h"
#include "ekigaku/report.h"
#include "sample.h"

#define ORIGIN (INT64_C(1494575041) * EKI_SECOND)

static char *text_of(const struct eki_result *result, struct eki_text_options options)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_report_text(result, &options, out), EKI_OK);
    fclose(out);
    return text;
}

static char *page_of(const struct eki_result *result, enum eki_language language)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_report_html(result, language, out), EKI_OK);
    fclose(out);
    return text;
}

static json_t *facts_of(const struct eki_result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_report_json(result, out), EKI_OK);
    fclose(out);
    json_error_t why;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (!root) fail_msg("line %d: %s", why.line, why.text);
    free(text);
    return root;
}

/* Columns and rows of a text without colours; each of our characters beyond ASCII is one column here. */
static void measure(const char *text, size_t *ret_columns, size_t *ret_rows)
{
    size_t columns = 0;
    *ret_columns = *ret_rows = 0;
    for (; *text; text++) {
        if (*text == '\n') {
            ++*ret_rows;
            columns = 0;
        } else if (((unsigned char)*text & 0xc0) != 0x80 && ++columns > *ret_columns) {
            *ret_columns = columns;
        }
    }
}

/* Whatever the outbreak, the summary stays on the screen and its first line is the verdict. */
static void summary_fits(void **state)
{
    (void)state;
    static const size_t infected[] = {1, 3, 60, 400};
    static const unsigned sizes[][2] = {{80, 24}, {60, 18}, {132, 50}};
    for (size_t i = 0; i < sizeof infected / sizeof *infected; i++) {
        struct sample sample = sample_outbreak(ORIGIN, infected[i]);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct eki_text_options options = {.unicode = true, .width = sizes[s][0], .height = sizes[s][1]};
            char *text = text_of(&sample.result, options);
            size_t columns, rows;
            measure(text, &columns, &rows);
            if (columns > sizes[s][0] || rows >= sizes[s][1])
                fail_msg("%zu infected: %zux%zu on %ux%u", infected[i], columns, rows, sizes[s][0],
                         sizes[s][1]);
            assert_int_equal(strncmp(text, "Spreading.", 10), 0);
            if (!strstr(text, "192.168.20.162"))
                fail_msg("%zu infected, %u columns: %s", infected[i], sizes[s][0], text);
            free(text);
        }
        sample_done(&sample);
    }
}

static void verdicts_and_status(void **state)
{
    (void)state;
    struct eki_text_options options = {.width = 80, .height = 24};
    struct sample nothing = sample_nothing(), scanning = sample_scanning(ORIGIN),
                  outbreak = sample_outbreak(ORIGIN, 6);
    struct {
        struct sample *sample;
        int status;
        const char *says;
    } const cases[] = {{&nothing, 0, "Nothing to judge"},
                       {&scanning, 10, "searches for victims"},
                       {&outbreak, 20, "Spreading"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(eki_report_exit_status(&cases[i].sample->result), cases[i].status);
        char *text = text_of(&cases[i].sample->result, options);
        assert_non_null(strstr(text, cases[i].says));
        for (const char *c = text; *c; c++) assert_true((unsigned char)*c < 0x80 && *c != '\033');
        free(text);
        options.language = EKI_JAPANESE;
        text = text_of(&cases[i].sample->result, options);
        assert_null(strstr(text, cases[i].says));
        options.language = EKI_ENGLISH;
        free(text);
        sample_done(cases[i].sample);
    }
}

static void require(const json_t *object, const char *names)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", names);
    for (char *rest = copy, *name; (name = strsep(&rest, " "));)
        if (!json_object_get(object, name)) fail_msg("\"%s\" is missing", name);
}

/* The names that 2-architecture fixes. */
static void facts_have_their_names(void **state)
{
    (void)state;
    struct sample sample = sample_outbreak(ORIGIN, 6);
    json_t *facts = facts_of(&sample.result);
    assert_string_equal(json_string_value(json_object_get(facts, "schema")), "ekigaku.analysis/1");
    require(facts, "inputs counts scanners outbreaks limits");
    require(json_array_get(json_object_get(facts, "inputs"), 0),
            "path format packets flows bytes first last malformed truncated");
    require(json_object_get(facts, "counts"), "packets flows contacts hosts");
    const json_t *scanner = json_array_get(json_object_get(facts, "scanners"), 0);
    require(
        scanner,
        "host proto port first last targets answered rate_per_s verdict decided_after decided_t strategies signs");
    require(json_array_get(json_object_get(scanner, "strategies"), 0),
            "scope name posterior pass_seconds probes");
    const json_t *outbreak = json_array_get(json_object_get(facts, "outbreaks"), 0);
    require(
        outbreak,
        "id proto port vectors family route countermeasure_class known patient_zero infections failed_attempts "
        "curve growth");
    require(json_object_get(outbreak, "patient_zero"), "host posterior candidates");
    require(json_array_get(json_object_get(json_object_get(outbreak, "patient_zero"), "candidates"), 0),
            "host posterior");
    require(json_object_get(outbreak, "growth"),
            "rate_per_s rate_interval doubling_s r r_period_s r_interval");
    const json_t *infections = json_object_get(outbreak, "infections");
    assert_int_equal(json_array_size(infections), 6);
    require(json_array_get(infections, 1),
            "host at t error_s parent parent_posterior evidence generation packets");
    assert_true(json_is_null(json_object_get(json_array_get(infections, 0), "parent")));
    require(json_array_get(json_object_get(outbreak, "curve"), 0), "t infected");
    json_decref(facts);
    sample_done(&sample);
}

static void nothing_is_facts_too(void **state)
{
    (void)state;
    struct sample sample = sample_nothing();
    json_t *facts = facts_of(&sample.result);
    assert_int_equal(json_array_size(json_object_get(facts, "outbreaks")), 0);
    assert_true(json_is_null(json_object_get(facts, "origin")));
    json_decref(facts);
    char *page = page_of(&sample.result, EKI_ENGLISH);
    assert_non_null(strstr(page, "</html>"));
    free(page);
    sample_done(&sample);
}

/* Names from the input must not become markup, terminal commands or broken JSON. */
static void hostile_names_stay_names(void **state)
{
    (void)state;
    struct sample sample = sample_hostile();
    for (int language = EKI_ENGLISH; language <= EKI_JAPANESE; language++) {
        struct eki_text_options options = {
            .language = language, .unicode = true, .width = 100, .height = 200};
        char *text = text_of(&sample.result, options);
        for (const char *c = text; *c; c++) assert_true((unsigned char)*c >= 0x20 || *c == '\n');
        assert_null(strstr(text, "\xc2\x9b")); /* CSI in eight bits */
        free(text);
        char *page = page_of(&sample.result, language);
        assert_null(strstr(page, "<script>alert"));
        assert_null(strstr(page, "<img"));
        for (const char *c = page; *c; c++) assert_true((unsigned char)*c >= 0x20 || *c == '\n');
        free(page);
    }
    json_decref(facts_of(&sample.result));
    sample_done(&sample);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct sample sample = sample_outbreak(ORIGIN, 60);
    struct eki_text_options options = {.width = 80, .height = 24};
    FILE *full = fopen("/dev/full", "w");
    if (!full) skip();
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(eki_report_json(&sample.result, full), EKI_ERROR_WRITE);
    assert_int_equal(eki_report_html(&sample.result, EKI_ENGLISH, full), EKI_ERROR_WRITE);
    assert_int_equal(eki_report_text(&sample.result, &options, full), EKI_ERROR_WRITE);
    assert_int_equal(eki_report_picture(&sample.result, &sample.result.outbreaks[0], EKI_ENGLISH, full),
                     EKI_ERROR_WRITE);
    fclose(full);
    sample_done(&sample);
}

/* Every chart stands beside a table, and has a title for those who cannot see it. */
static void charts_have_tables(void **state)
{
    (void)state;
    struct sample sample = sample_outbreak(ORIGIN, 12);
    char *page = page_of(&sample.result, EKI_ENGLISH);
    size_t charts = 0, titles = 0, tables = 0;
    for (const char *at = page; (at = strstr(at, "<svg")); at++) charts++;
    for (const char *at = page; (at = strstr(at, "<title id=")); at++) titles++;
    for (const char *at = page; (at = strstr(at, "<table")); at++) tables++;
    assert_true(charts >= 5);
    assert_int_equal(titles, charts);
    assert_true(tables >= 5);
    free(page);
    sample_done(&sample);
}

static char *picture_of(const struct sample *sample, enum eki_language language)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_report_picture(&sample->result, &sample->result.outbreaks[0], language, out),
                     EKI_OK);
    fclose(out);
    return text;
}

static size_t times_in(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++) count++;
    return count;
}

/* A picture stands alone: every chart in it is titled and closed, and it asks for nothing from elsewhere. */
static void a_picture_stands_alone(void **state)
{
    (void)state;
    struct sample sample = sample_outbreak(ORIGIN, 12);
    char *picture = picture_of(&sample, EKI_ENGLISH), *japanese = picture_of(&sample, EKI_JAPANESE);
    assert_int_equal(times_in(picture, "<svg"), 4); /* around the tree, the curve, the bars */
    assert_int_equal(times_in(picture, "</svg>"), 4);
    assert_int_equal(times_in(picture, "<title id="), 4);
    assert_int_equal(times_in(picture, "<desc id="), 4);
    assert_int_equal(times_in(picture, "<circle class=\"infected"), 12);
    assert_int_equal(times_in(picture, "<path class=\"edge\""), 11);
    assert_int_equal(times_in(picture, "<path class=\"step\""), 1);
    assert_non_null(strstr(picture, "192.168.20.162"));
    assert_int_equal(times_in(picture, "http"), 1); /* the name space */
    assert_int_equal(times_in(picture, "var("), 0);
    assert_int_equal(times_in(picture, "<figure") + times_in(picture, "<p ") + times_in(picture, "<table"),
                     0);
    assert_non_null(strstr(japanese, "xml:lang=\"ja\""));
    assert_non_null(strstr(japanese, "\xe6\x84\x9f\xe6\x9f\x93"));
    free(picture);
    free(japanese);
    sample_done(&sample);
}

/* What each form of log cannot tell is said in Japanese: no clause is left in English. */
static void limits_of_forms_in_japanese(void **state)
{
    (void)state;
    const struct eki_log_kind *kind;
    size_t clauses = 0;
    for (size_t i = 0; (kind = eki_log_kind_at(i)); i++) {
        char copy[512], *rest = copy;
        assert_true(strlen(kind->lacks) < sizeof copy);
        strcpy(copy, kind->lacks);
        for (char *clause; *rest && (clause = rest); clauses++) {
            char *end = strstr(clause, "; ");
            rest = end ? end + 2 : clause + strlen(clause);
            if (end) *end = '\0';
            assert_string_not_equal(eki_report_text_in(EKI_JAPANESE, clause), clause);
        }
    }
    assert_true(clauses > 20);
    struct sample sample = sample_scanning(ORIGIN);
    assert_int_equal(sample.result.input_count, 1);
    struct eki_input input = sample.result.inputs[0];
    input.lacks = "payload sizes: estimated from bytes of IP; the time zone: UTC is taken";
    sample.result.inputs = &input;
    char *text = text_of(&sample.result, (struct eki_text_options){.language = EKI_JAPANESE});
    sample_done(&sample);
    assert_non_null(strstr(text, "\xe3\x83\x9a\xe3\x82\xa4\xe3\x83\xad\xe3\x83\xbc\xe3\x83\x89"));
    assert_null(strstr(text, "payload sizes"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary_fits),
        cmocka_unit_test(verdicts_and_status),
        cmocka_unit_test(facts_have_their_names),
        cmocka_unit_test(nothing_is_facts_too),
        cmocka_unit_test(hostile_names_stay_names),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(charts_have_tables),
        cmocka_unit_test(a_picture_stands_alone),
        cmocka_unit_test(limits_of_forms_in_japanese),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
